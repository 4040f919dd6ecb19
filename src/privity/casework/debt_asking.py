"""Asking the agreement in force about a debt: whether it may be reported, and whether its report may be taken back.

Steps: 1 find what governs the moment, 2 compute the facts from days and sums, 3 ask the version, 4 move the debt.
A suspension holds a debt; no agreement keeps it from being reported; an engine error ends the transaction.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from privity.agreement.assessment import Asked, Assessment, Standing
from privity.agreement.evaluation import assess_asked
from privity.agreement.in_force import Held, InForce, NoAgreement
from privity.agreement.version import Version
from privity.casework.debt_case import DebtCase
from privity.casework.debt_lifecycle import DebtStanding, moved_debt
from privity.casework.debt_records import DebtAssessmentRecord
from privity.casework.debt_writing import write_debt
from privity.casework.kept_out import own_words
from privity.casework.ports import Agreements, UnitOfWork
from privity.casework.record import canonical, moment
from privity.definitions.day import civil_day
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.reference import AgreementFamily, Slug
from privity.judgement.two_officers import Agreed, Divided, Waiting, consult
from privity.ledger.entry_kind import EntryKind
from privity.request.debt_report import (
    REPORT_DEBT,
    REPORT_SETTLEMENT,
    SETTLEMENT_ITEMS,
    DebtReport,
    facts_of,
    is_unresolved,
    items_of,
    kept_out,
)
from privity.request.tracing_request import FactValue

TWO_MONTHS = "unpaid_two_months"
STANDINGS: Mapping[Standing, DebtStanding] = {
    Standing.PERMITTED: DebtStanding.READY,
    Standing.ORDERED: DebtStanding.READY,
    Standing.NEEDS_JUDGEMENT: DebtStanding.CHECKING,
    Standing.NEEDS_RULING: DebtStanding.CHECKING,
    Standing.INCOMPLETE: DebtStanding.RETURNED,
    Standing.REFUSED: DebtStanding.NOT_REPORTED,
}
"""Where a debt goes on what the agreement says of reporting it."""
_SETTLED: Mapping[Standing, DebtStanding] = {
    Standing.PERMITTED: DebtStanding.TO_RETRACT,
    Standing.ORDERED: DebtStanding.TO_RETRACT,
    Standing.NEEDS_JUDGEMENT: DebtStanding.CHECKING_SETTLEMENT,
    Standing.NEEDS_RULING: DebtStanding.CHECKING_SETTLEMENT,
}


def ask(case: DebtCase, version: Version, purpose: Slug, today: date) -> Assessment:
    """Return what a version says of reporting a debt, or of taking its report back, with every settled question.

    Declared is what was declared when the debt was stated: its settlement is of the same patient.

    Raises: EvaluationFailed: the engine could not answer; then there is no decision.
    """
    report = case.report()
    items = items_of(report) if purpose == REPORT_DEBT else SETTLEMENT_ITEMS
    facts = facts_of(report, today) if purpose == REPORT_DEBT else {"reported_before": case.state.reported_on != ""}
    return _asked(
        case.recipient,
        case.family,
        version,
        purpose,
        items,
        facts,
        report.declarations,
        _answered(case, version, purpose),
    )


def precheck(report: DebtReport, recipient: OrganisationId, version: Version, today: date) -> Assessment:
    """Return what a version would say of a debt that nobody has taken in yet."""
    facts = facts_of(report, today)
    return _asked(recipient, version.family, version, REPORT_DEBT, items_of(report), facts, report.declarations, {})


def _asked(
    recipient: OrganisationId,
    family: AgreementFamily,
    version: Version,
    purpose: Slug,
    items: frozenset[DataItem],
    facts: Mapping[str, FactValue],
    declared: frozenset[Slug],
    judged: Mapping[Slug, bool],
) -> Assessment:
    return assess_asked(
        version,
        Asked(
            requester=recipient,
            family=family,
            purpose=purpose,
            items=items,
            facts=frozenset((name, value.__class__, value) for name, value in facts.items()),
            declarations=declared,
            judged=frozenset(judged.items()),
        ),
    )


def _answered(case: DebtCase, version: Version, purpose: Slug) -> dict[Slug, bool]:
    answers: dict[Slug, bool] = {}
    for question in version.vocabulary.questions:
        match consult(case.views_on(question.name, version.reference, purpose)):
            case Agreed(answer=answer):
                answers[question.name] = answer
            case Waiting() | Divided():
                continue
            case other:
                assert_never(other)
    return answers


def assess_debt(unit: UnitOfWork, agreements: Agreements, case: DebtCase, *, at: datetime) -> DebtCase:
    """Ask the agreement in force whether a debt may be reported, and move it accordingly."""
    today = civil_day(at)
    match agreements.governing(case.family, at):
        case NoAgreement():
            state = moved_debt(case.state, DebtStanding.NOT_REPORTED, version="")
            write_debt(unit, case, EntryKind.DEBT_ASSESSED, (state,), at=at, outcome="refused-no-agreement")
            return replace(case, state=state)
        case Held() as held:
            state = moved_debt(case.state, DebtStanding.HELD, version=held.version.reference)
            write_debt(unit, case, EntryKind.DEBT_ASSESSED, (state,), at=at)
            return replace(case, state=state)
        case InForce() as governing:
            if kept_out(case.report(), own_words(unit)):
                state = moved_debt(case.state, DebtStanding.RETURNED, version=governing.version.reference)
                write_debt(unit, case, EntryKind.DEBT_ASSESSED, (state,), at=at)
                return replace(case, state=state)
            found = ask(case, governing.version, REPORT_DEBT, today)
            to = STANDINGS[found.standing]
            if to is DebtStanding.NOT_REPORTED and _only_waits(case, governing.version, found, today):
                to = DebtStanding.WAITING
            return _assessed(unit, case, REPORT_DEBT, found, to, at)
        case other:
            assert_never(other)


def _only_waits(case: DebtCase, version: Version, found: Assessment, today: date) -> bool:
    """Return whether nothing stands against a debt but the two months: every clause cited reads them and no other."""
    if is_unresolved(case.report().billed_on, today):
        return False
    by_name = {clause.cited: clause for clause in version.clauses}
    return all(by_name[cited].facts == frozenset({TWO_MONTHS}) for cited in found.cited)


def assess_settlement(unit: UnitOfWork, agreements: Agreements, case: DebtCase, *, at: datetime) -> DebtCase:
    """Ask the agreement in force whether the report of a settled debt may be taken back, and move it accordingly.

    A suspension or the end of an agreement keeps nothing wrong in circulation by our doing: the debt stays where it is,
    and is asked about again at the next run.
    """
    governing = agreements.governing(case.family, at)
    if not isinstance(governing, InForce):
        return case
    found = ask(case, governing.version, REPORT_SETTLEMENT, civil_day(at))
    to = _SETTLED.get(found.standing, DebtStanding.REPORTED)
    return _assessed(unit, case, REPORT_SETTLEMENT, found, to, at)


def _assessed(
    unit: UnitOfWork, case: DebtCase, purpose: Slug, found: Assessment, to: DebtStanding, at: datetime
) -> DebtCase:
    version = f"{found.family}@{found.version}"
    state = moved_debt(case.state, to, version=version)
    record = _assessment_record(case, purpose, found, at)
    judged = any(view.about == case.about(purpose) and view.version == version for view in case.views)
    outcome = {
        DebtStanding.NOT_REPORTED: "refused-judgement" if judged else "refused-terms",
        DebtStanding.READY: "approved",
        DebtStanding.TO_RETRACT: "approved",
    }.get(to, "")
    write_debt(unit, case, EntryKind.DEBT_ASSESSED, (record, state), at=at, cited=found.cited, outcome=outcome)
    return replace(case, state=state, assessments=(*case.assessments, record))


def _assessment_record(case: DebtCase, purpose: Slug, found: Assessment, at: datetime) -> DebtAssessmentRecord:
    return DebtAssessmentRecord(
        reference=case.reference,
        number=len(case.assessments) + 1,
        at=moment(at),
        purpose=purpose,
        version=f"{found.family}@{found.version}",
        policy_sha256=found.policy_sha256,
        engine=found.engine,
        standing=found.standing.value,
        items=canonical([{"item": one.item.value, "outcome": one.outcome.value} for one in found.items]),
        findings=canonical(
            [
                {
                    "clause": one.clause.ref.clause,
                    "says": one.clause.says,
                    "answer": one.answer.value,
                    "cure": one.cure,
                }
                for one in found.findings
            ]
        ),
        question=found.open_questions[0].name if found.open_questions else "",
        cited=canonical([{"clause": cited.ref.clause, "says": cited.says} for cited in found.cited]),
    )
