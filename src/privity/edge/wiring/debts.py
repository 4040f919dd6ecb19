"""The desk of debts, joined to the store. Loaded after Django is up. Acts decide; nothing is decided here."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil

from django.db.models import Min

from privity.casework.authorisation import Operation, Permission, Relation, must_be_allowed
from privity.casework.authorisation import permission as permission_of
from privity.casework.collate import GOING_OUT, Run, ask_again, collate, intend_collation, mark_collation_sent, month_of
from privity.casework.collate_again import SealedAnew, seal_anew
from privity.casework.debt_acts import FAMILY, give_receipt, judge_debt, settle_debt
from privity.casework.debt_case import DebtCase, read_debt
from privity.casework.debt_desk import DebtDesk, DebtEvent, DebtLine, DebtList, DebtView, FileFound
from privity.casework.debt_lifecycle import ASKED_ABOUT_REPORTING, TO_CHECK, DebtStanding
from privity.casework.debt_records import CollationRecord, DebtViewRecord
from privity.casework.dispatch import TO_SEND
from privity.casework.requester_desk import Draft, DraftKind, DraftState
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, OrganisationId, Role
from privity.disclosure.debt_receipt import DebtReceipt, receipt_text
from privity.edge.store.case_rows import CaseKey
from privity.edge.store.debt_rows import CollationPart, Debt, DebtState
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.unit_of_work import Unit
from privity.edge.wiring.collations import (
    acknowledge_part,
    collation_records,
    debts_in,
    proof_of,
    sealed_bytes,
    to_seal_anew,
    waiting_collations,
)
from privity.edge.wiring.debt_files import DebtFiles, newest_statements
from privity.edge.wiring.drafts import DraftBook
from privity.edge.wiring.instance import Instance
from privity.edge.wiring.kept_words import KeptWords
from privity.edge.wiring.own_case import routes
from privity.edge.wiring.taking_back import collation_must_be_fit
from privity.errors import Mistaken
from privity.judgement.two_officers import may_determine
from privity.request.debt_file import debt_columns
from privity.request.debt_report import Settlement, kept_out, months_after

PAGE = 50
_RECEIPTED = (DebtStanding.RETRACTED, DebtStanding.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceDebtDesk:
    """Everything about debts that people and commands of one instance see and do."""

    instance: Instance
    files: DebtFiles
    drafts: DraftBook = field(default_factory=DraftBook)

    def columns(self) -> Sequence[str]:
        """Return the columns a file of debts may have."""
        return debt_columns(self.instance.agreements.form(FAMILY))

    def collates(self, organisation: OrganisationId) -> bool:
        """Return whether an organisation is the one that collates."""
        return Organisation.objects.filter(reference=organisation, family=FAMILY).exists()

    def look(self, content: bytes, *, by: Officer, at: datetime) -> FileFound:
        """Return what a file would do, before anything is taken."""
        must_be_allowed(Operation.TAKE_DEBTS, by)
        return self.files.look(content, _recipient(), at)

    def keep(self, content: bytes, *, by: Officer, at: datetime) -> str:
        """Keep a file that could be read until it is confirmed."""
        must_be_allowed(Operation.TAKE_DEBTS, by)
        return self.drafts.begin(DraftKind.FILE, content.decode("utf-8-sig"), by, at).name

    def kept(self, name: str, *, by: Officer) -> Draft:
        """Return a file that waits to be confirmed."""
        must_be_allowed(Operation.TAKE_DEBTS, by)
        return self.drafts.read(name, by)

    def confirm(self, name: str, *, revision: int, by: Officer, at: datetime) -> int:
        """Take in a file that was kept, as it was read."""
        draft = self.kept(name, by=by)
        if draft.state is DraftState.SENT:
            raise Mistaken(
                "nothing was taken in",
                why="the file was confirmed before",
                next_step="look at the list of debts; send a corrected file where something is missing",
            )
        changed = self.take(draft.content.encode(), by=by, at=at)
        self.drafts.mark_sent(name, revision, "")
        return changed

    def discard(self, name: str, *, by: Officer) -> None:
        """Throw a kept file away."""
        must_be_allowed(Operation.TAKE_DEBTS, by)
        self.drafts.discard(name, by)

    def take(self, content: bytes, *, by: Officer, at: datetime) -> int:
        """Take in a file of debts or settlements; the same file again changes nothing."""
        must_be_allowed(Operation.TAKE_DEBTS, by)
        return self.files.take(content, _recipient(), by, at)

    def debts(self, *, standing: DebtStanding | None, page: int, by: Officer) -> DebtList:
        """Return debts, those whose bill is oldest first."""
        must_be_allowed(Operation.LIST_DEBTS, by)
        counts = Counter(DebtStanding(one) for one in DebtState.objects.values_list("stands", flat=True))
        wanted = DebtState.objects.filter(stands=standing.value) if standing else DebtState.objects.all()
        stands = dict(wanted.values_list("reference", "stands"))
        oldest = (
            Debt.objects.filter(reference__in=wanted.values("reference"))
            .values("reference")
            .annotate(since=Min("billed_on"))
            .order_by("since", "reference")
        )
        first = (max(page, 1) - 1) * PAGE
        names = [row["reference"] for row in oldest[first : first + PAGE]]
        newest = newest_statements(names)
        return DebtList(
            lines=tuple(
                DebtLine(
                    reference=name,
                    finance_reference=newest[name].finance_reference,
                    standing=DebtStanding(stands[name]),
                    owed_pence=newest[name].billed_pence - newest[name].paid_pence,
                    billed_on=date.fromisoformat(newest[name].billed_on),
                )
                for name in names
            ),
            total=len(stands),
            page=max(page, 1),
            pages=max(ceil(len(stands) / PAGE), 1),
            counts=counts,
        )

    def debt(self, reference: str, *, by: Officer) -> DebtView:
        """Return one debt as one person may see it."""
        must_be_allowed(Operation.LIST_DEBTS, by)
        with self.instance.store.unit() as unit:
            case = read_debt(unit, reference)
        question = case.question
        given = case.views_on(question, case.state.version, case.purpose) if question else ()
        asked = case.standing in TO_CHECK and question is not None
        return DebtView(
            case=case,
            views=_readable(case, by),
            events=self._events(reference),
            ask=self._ask(case),
            may_judge=asked and _may(Operation.CHECK_DEBT, by) and may_determine(given, by.staff_id, by.role),
            may_settle=_may(Operation.SETTLE_DEBTS, by)
            and (case.standing is DebtStanding.REPORTED or case.standing in ASKED_ABOUT_REPORTING),
            may_receipt=_may(Operation.RECEIPT_FOR_DEBT, by) and case.standing in _RECEIPTED,
            findings=_findings(case),
            kept_out=kept_out(case.report(), KeptWords(store=self.instance.store).in_force()),
        )

    def judge(self, reference: str, *, answer: bool, reasons: str, revision: int, by: Officer, at: datetime) -> None:
        """Give a view on a debt or a settlement."""
        must_be_allowed(Operation.CHECK_DEBT, by)
        with self.instance.store.unit() as unit:
            case = _unchanged(unit, reference, revision)
            judge_debt(unit, self.instance.agreements, case, answer=answer, reasons=reasons, by=by, at=at)

    def settle(
        self, reference: str, *, how: Settlement, settled_on: date, revision: int, by: Officer, at: datetime
    ) -> None:
        """Say that a debt is settled or should not have been reported."""
        must_be_allowed(Operation.SETTLE_DEBTS, by)
        with self.instance.store.unit() as unit:
            case = _unchanged(unit, reference, revision)
            settle_debt(unit, self.instance.agreements, case, how=how, settled_on=settled_on, by=by, at=at)

    def receipt(self, reference: str, *, by: Officer, at: datetime) -> DebtReceipt:
        """Give the patient a receipt, on record, and return it."""
        must_be_allowed(Operation.RECEIPT_FOR_DEBT, by)
        with self.instance.store.unit() as unit:
            case = read_debt(unit, reference)
            made = self._receipt(case, civil_day(at))
            give_receipt(unit, case, receipt_text(made), by=by, at=at)
        return made

    def months_due(self, at: datetime) -> Sequence[str]:
        """Return the months that are over and were not run, from the first in which a debt was taken in."""
        first = Debt.objects.aggregate(first=Min("taken_at"))["first"]
        if first is None:
            return ()
        run, month, now = set(_months_run()), date.fromisoformat(f"{first[:7]}-01"), month_of(civil_day(at))
        due = []
        while month_of(month) < now:
            if month_of(month) not in run:
                due.append(month_of(month))
            month = months_after(month, 1)
        return due

    def run(self, month: str, *, by: Officer, at: datetime) -> Run:
        """Run a month: ask again, seal what is ready, take back what is settled."""
        must_be_allowed(Operation.COLLATE_DEBTS, by)
        store, agreements = self.instance.store, self.instance.agreements
        with store.unit() as unit:
            intend_collation(unit, agreements, FAMILY, month=month, already=month in _months_run(), by=by, at=at)
            ask_again(unit, agreements, _cases(unit, _ASKED_AGAIN), at=at)
        with store.unit() as unit:
            return collate(
                unit,
                agreements,
                self.instance.sealer,
                _cases(unit, GOING_OUT),
                recipient=_recipient(),
                family=FAMILY,
                month=month,
                by=by,
                at=at,
            )

    def to_seal_anew(self, at: datetime) -> int:
        """Return how many parts have not left and never can as they are sealed."""
        return len(to_seal_anew(self.instance.outbox.looking(at), waiting_collations()))

    def seal_anew(self, *, by: Officer, at: datetime) -> Sequence[SealedAnew]:
        """Seal every part anew that has not left and never can as it is sealed."""
        must_be_allowed(Operation.COLLATE_DEBTS, by)
        store, done = self.instance.store, []
        for part in to_seal_anew(self.instance.outbox.looking(at), waiting_collations()):
            with store.unit() as unit:
                cases = debts_in(unit, part.reference)
                done.append(seal_anew(unit, self.instance.agreements, self.instance.sealer, part, cases, by=by, at=at))
        return done

    def collations(self, *, by: Officer) -> Sequence[CollationRecord]:
        """Return the sealed parts of every run, newest first."""
        rows = CollationPart.objects.order_by("-month", "part")
        if by.role is Role.REQUESTING_OFFICER:
            must_be_allowed(Operation.COLLECT_COLLATION, by)
            rows = rows.filter(organisation=by.organisation)
        else:
            must_be_allowed(Operation.LIST_COLLATIONS, by)
        names = list(rows.values_list("reference", flat=True))
        found = {record.reference: record for record in collation_records(names)}
        return [found[name] for name in names]

    def sealed(self, reference: str, *, by: Officer, at: datetime) -> tuple[bytes, bytes]:
        """Return a sealed part and its proof; where no other route is agreed, fetching it is how it leaves.

        Raises: Mistaken: it leaves by another route, or its seal no longer holds. Unavailable: nobody can say.
        """
        record = self._theirs(reference, by)
        collation_must_be_fit(self.instance.outbox.looking(at), record)
        if record.state in TO_SEND:
            if routes(by.organisation):
                raise Mistaken(
                    "the collation was not fetched",
                    why="it leaves by the route agreed with your organisation",
                    next_step="look there, or come back when it has left",
                )
            with self.instance.store.unit() as unit:
                mark_collation_sent(unit, record, at=at)
        return sealed_bytes(reference), proof_of(self.instance.store, reference)

    def acknowledge(self, reference: str, *, by: Officer, at: datetime) -> None:
        """Record that the organisation that collates has a part, and what was taken back in it."""
        acknowledge_part(self.instance.store, self._theirs(reference, by), by=by, at=at)

    def _theirs(self, reference: str, by: Officer) -> CollationRecord:
        must_be_allowed(Operation.COLLECT_COLLATION, by)
        found = [one for one in collation_records([reference]) if one.organisation == by.organisation]
        if not found:
            raise Mistaken(
                "the collation was not found",
                why="none has that reference, or it is not yours",
                next_step="choose one from the list",
            )
        return found[0]

    def _ask(self, case: DebtCase) -> str:
        if case.question is None:
            return ""
        version = self.instance.agreements.version(FAMILY, case.state.version.partition("@")[2])
        return version.vocabulary.question(case.question).ask

    def _events(self, reference: str) -> tuple[DebtEvent, ...]:
        kid = CaseKey.objects.get(reference=reference).kid
        return tuple(
            DebtEvent(
                kind=one.entry.kind.value,
                at=one.entry.at,
                role=one.entry.role.value if one.entry.role else "",
                stands=str(one.entry.facts.get("status", "")),
                clauses=one.entry.clauses,
                index=one.index,
            )
            for one in self.instance.log.case_entries(kid)
        )

    def _receipt(self, case: DebtCase, today: date) -> DebtReceipt:
        state, statement = case.state, case.statement
        if case.standing not in _RECEIPTED:
            raise Mistaken(
                "no receipt was given",
                why=f"the debt stands at `{case.standing.value}`, and its report is not taken back",
                next_step="wait for the next monthly run",
            )
        return DebtReceipt(
            reference=case.reference,
            finance_reference=statement.finance_reference,
            name=f"{statement.given_name} {statement.family_name}".strip(),
            recipient=Organisation.objects.get(reference=case.recipient).words,
            reported_on=date.fromisoformat(state.reported_on),
            settled_on=date.fromisoformat(state.settled_on),
            never_right=Settlement(state.settled_how).never_right,
            retracted_on=date.fromisoformat(state.retracted_on),
            acknowledged_on=date.fromisoformat(state.acknowledged_on) if state.acknowledged_on else None,
            given_on=today,
            origin=self.instance.origin,
        )


_ASKED_AGAIN = (DebtStanding.WAITING, DebtStanding.HELD, DebtStanding.CHECKING_SETTLEMENT)


def debt_desk(instance: Instance) -> DebtDesk:
    """Return the desk of debts of an instance."""
    files = DebtFiles(store=instance.store, agreements=instance.agreements)
    return InstanceDebtDesk(instance=instance, files=files)


def _recipient() -> OrganisationId:
    """Return the organisation that collates.

    Raises: Mistaken: none is enrolled, or more than one: then nobody can say where a debt goes.
    """
    names = list(Organisation.objects.filter(family=FAMILY).values_list("reference", flat=True)[:2])
    if len(names) != 1:
        raise Mistaken(
            "debts are not taken in here",
            why=f"{'no' if not names else 'more than one'} organisation that collates is enrolled",
            next_step="enrol the one the agreement names, with its certificate",
        )
    return OrganisationId(names[0])


def _months_run() -> list[str]:
    return list(CollationPart.objects.values_list("month", flat=True).distinct())


def _cases(unit: Unit, standings: Sequence[DebtStanding]) -> list[DebtCase]:
    wanted = DebtState.objects.filter(stands__in=[standing.value for standing in standings]).order_by("reference")
    return [read_debt(unit, name) for name in wanted.values_list("reference", flat=True)]


def _unchanged(unit: Unit, reference: str, revision: int) -> DebtCase:
    case = read_debt(unit, reference)
    if case.state.revision != revision:
        raise Mistaken(
            "nothing was recorded",
            why="somebody changed the debt since you opened it",
            next_step="open it again and look at what stands there now",
        )
    return case


def _may(operation: Operation, by: Officer) -> bool:
    return permission_of(operation, by.role, Relation.NONE, None) is Permission.ALLOWED


def _readable(case: DebtCase, by: Officer) -> tuple[DebtViewRecord, ...]:
    """Return the views a person may read: all once settled, and the guardian's to settle; their own until then."""
    divided = case.standing in (DebtStanding.DIVIDED, DebtStanding.SETTLEMENT_DIVIDED)
    if case.standing not in TO_CHECK or (divided and by.role is Role.GUARDIAN):
        return case.views
    current = (case.question or "", case.state.version, case.about(case.purpose))
    return tuple(
        view
        for view in case.views
        if view.staff_id == by.staff_id or (view.question, view.version, view.about) != current
    )


def _findings(case: DebtCase) -> tuple[tuple[str, str, str, str], ...]:
    if not case.assessments:
        return ()
    found = json.loads(case.assessments[-1].findings)
    return tuple((one["clause"], one["says"], one["answer"], one["cure"]) for one in found)
