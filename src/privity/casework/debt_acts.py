"""The acts on one debt: taken in, asked about, checked by two people, dropped, settled, and receipted.

Rules of the acts:
- The agreement in force decides, every time anew: when a debt is taken, when people have answered, and once more in the
  transaction that seals it (casework.collate). Its clauses stand in every entry.
- What people check, they check twice over and blind to each other; where they differ, the guardian.
- A debt that was reported is never dropped: it is settled, and its report taken back.
"""

from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256

from privity.casework.debt_asking import assess_debt, assess_settlement
from privity.casework.debt_case import DebtCase, statement_of
from privity.casework.debt_lifecycle import ASKED_ABOUT_REPORTING, TO_CHECK, DebtStanding, moved_debt, taken
from privity.casework.debt_records import DebtStateRecord, DebtViewRecord
from privity.casework.debt_writing import write_debt
from privity.casework.ports import Agreements, UnitOfWork
from privity.casework.record import moment
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import AgreementFamily, BatchReference
from privity.errors import Mistaken
from privity.judgement.determination import Determination, Stage
from privity.judgement.two_officers import Agreed, Divided, consult, may_determine
from privity.ledger.entry_kind import EntryKind
from privity.request.debt_report import DebtReport, Settlement

FAMILY = AgreementFamily("debt-reporting")
NO_ROW = 0
NO_FILE = BatchReference("")


def take_debt(
    unit: UnitOfWork,
    agreements: Agreements,
    report: DebtReport,
    *,
    recipient: OrganisationId,
    before: DebtCase | None,
    by: Officer,
    at: datetime,
    batch: BatchReference = NO_FILE,
    row: int = NO_ROW,
) -> DebtCase:
    """Take a debt in, or a correction of one that is not out, and ask the agreement about it.

    Args:   before: the debt of the same finance reference, where there is one.
    Raises: Mistaken: that debt is reported; it must be settled, and its report taken back, before it changes.
    """
    if before is not None and before.standing.is_out:
        raise Mistaken(
            "the debt was not taken",
            why=f"it is on record as `{before.standing.value}`, and a report that is out is not changed",
            next_step="settle it as `wrong-sum` or `not-owed`; once taken back it can be stated anew",
        )
    reference = before.reference if before else unit.new_reference()
    statement = statement_of(
        report,
        reference=reference,
        number=len(before.statements) + 1 if before else 1,
        recipient=recipient,
        family=FAMILY,
        batch=batch,
        row=row,
        at=at,
    )
    state = _anew(before.state) if before else taken(reference)
    case = DebtCase(
        statements=(*(before.statements if before else ()), statement),
        state=state,
        assessments=before.assessments if before else (),
        views=before.views if before else (),
    )
    facts: dict[str, str | int | bool] = {"received": civil_day(at).isoformat(), "correction": before is not None}
    if batch:
        facts["file_digest"] = batch
    write_debt(unit, case, EntryKind.DEBT_TAKEN, (statement, state), by=by, at=at, facts=facts)
    return assess_debt(unit, agreements, case, at=at)


def _anew(state: DebtStateRecord) -> DebtStateRecord:
    """Return the state of a debt that is stated anew: what was taken back before stays on record in its entries."""
    return replace(
        taken(state.reference), stands=state.stands, settlements=state.settlements, revision=state.revision + 1
    )


def judge_debt(
    unit: UnitOfWork,
    agreements: Agreements,
    case: DebtCase,
    *,
    answer: bool,
    reasons: str,
    by: Officer,
    at: datetime,
) -> DebtCase:
    """Record one person's answer to the question open on a debt, and move the debt if that settles it.

    Raises: Mistaken: nothing is open, this person may not answer now, or the reasons are too short.
    """
    given, view = _view_of(case, answer=answer, reasons=reasons, by=by, at=at)
    record = DebtViewRecord(
        reference=case.reference,
        number=len(case.views) + 1,
        at=moment(at),
        about=case.about(case.purpose),
        question=view.question,
        staff_id=by.staff_id,
        role=by.role.value,
        answer=answer,
        reasons=view.reasons.strip(),
        version=view.version,
    )
    settled = consult((*given, view))
    settling = case.standing in (DebtStanding.CHECKING_SETTLEMENT, DebtStanding.SETTLEMENT_DIVIDED)
    state = case.state
    if isinstance(settled, Divided):
        state = moved_debt(state, DebtStanding.SETTLEMENT_DIVIDED if settling else DebtStanding.DIVIDED)
    write_debt(
        unit, case, EntryKind.DEBT_JUDGED, (record, state), by=by, at=at, facts={"seat": len(given) + 1, "round": 1}
    )
    case = replace(case, state=state, views=(*case.views, record))
    if not isinstance(settled, Agreed):
        return case
    return (assess_settlement if settling else assess_debt)(unit, agreements, case, at=at)


def _view_of(
    case: DebtCase, *, answer: bool, reasons: str, by: Officer, at: datetime
) -> tuple[tuple[Determination, ...], Determination]:
    """Return what people answered before to the question open on a debt, and this person's answer to it.

    Raises: Mistaken: nothing is open, this person may not answer now, or the reasons are too short.
    """
    question, version = case.question, case.state.version
    if case.standing not in TO_CHECK or question is None:
        raise Mistaken(
            "the view was not recorded",
            why=f"the debt stands at `{case.standing.value}`, and nobody is asked about it",
            next_step="choose one from the list of debts to check",
        )
    given = case.views_on(question, version, case.purpose)
    if not may_determine(given, by.staff_id, by.role):
        raise Mistaken(
            "the view was not recorded",
            why="two different officers answer, each once, and the guardian where they differ",
            next_step="leave it to the person whose turn it is",
        )
    view = Determination(
        stage=Stage.PURPOSE,
        question=question,
        staff_id=by.staff_id,
        role=by.role,
        answer=answer,
        reasons=reasons,
        at=at,
        version=version,
    )
    return given, view


def drop_debt(unit: UnitOfWork, case: DebtCase, how: Settlement, *, by: Officer, at: datetime) -> DebtCase:
    """Drop a debt that was never reported: it was settled, or should not have been charged.

    Raises: Mistaken: it is reported; then it is settled, and its report taken back.
    """
    if case.standing not in ASKED_ABOUT_REPORTING:
        raise Mistaken(
            "the debt was not dropped",
            why=f"it stands at `{case.standing.value}`",
            next_step="settle it: its report is then taken back with the next monthly run",
        )
    state = moved_debt(case.state, DebtStanding.CANCELLED, settled_on=civil_day(at).isoformat(), settled_how=how.value)
    write_debt(unit, case, EntryKind.DEBT_CANCELLED, (state,), by=by, at=at, facts={"reason": how.value})
    return replace(case, state=state)


def settle_debt(
    unit: UnitOfWork,
    agreements: Agreements,
    case: DebtCase,
    *,
    how: Settlement,
    settled_on: date,
    by: Officer,
    at: datetime,
) -> DebtCase:
    """Record that a reported debt is settled or was never right; its report goes on its way to be taken back.

    A debt that was not reported yet is dropped instead: nothing is out that would have to be taken back.
    Raises: Mistaken: it was settled already, or the day lies in the future or before the bill.
    """
    if case.standing in ASKED_ABOUT_REPORTING:
        return drop_debt(unit, case, how, by=by, at=at)
    billed_on = date.fromisoformat(case.statement.billed_on)
    if case.standing is not DebtStanding.REPORTED or not billed_on <= settled_on <= civil_day(at):
        raise Mistaken(
            "the settlement was not recorded",
            why="the debt is settled already, or the day lies in the future or before the bill",
            next_step="open the debt and look where it stands",
        )
    state = moved_debt(
        case.state,
        DebtStanding.CHECKING_SETTLEMENT,
        settled_on=settled_on.isoformat(),
        settled_how=how.value,
        settled_by=by.staff_id,
        settlements=case.state.settlements + 1,
    )
    write_debt(unit, case, EntryKind.DEBT_SETTLED, (state,), by=by, at=at, facts={"reason": how.value})
    return assess_settlement(unit, agreements, replace(case, state=state), at=at)


def give_receipt(unit: UnitOfWork, case: DebtCase, receipt: bytes, *, by: Officer, at: datetime) -> DebtCase:
    """Record that the patient was given a receipt; the ledger keeps its digest, so that it can be shown to be real.

    Raises: Mistaken: the report has not been taken back.
    """
    if case.standing not in (DebtStanding.RETRACTED, DebtStanding.ACKNOWLEDGED):
        raise Mistaken(
            "no receipt was given",
            why=f"the debt stands at `{case.standing.value}`, and its report is not taken back",
            next_step="wait for the next monthly run",
        )
    digest = sha256(receipt).hexdigest()
    state = moved_debt(case.state, case.standing, receipt_on=civil_day(at).isoformat(), receipt_sha256=digest)
    write_debt(unit, case, EntryKind.DEBT_RECEIPT_GIVEN, (state,), by=by, at=at, facts={"receipt_digest": digest})
    return replace(case, state=state)
