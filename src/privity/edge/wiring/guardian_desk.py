"""The guardian's desk beside the cases, joined to the store, the ledger and the agreements."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.agreement.in_force import Held, InForce
from privity.casework.alike import cases_alike
from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.calling import heading
from privity.casework.case_file import CaseFile
from privity.casework.guardian_desk import GuardedLine, Override, SampledCase, SampleView, Suspendable
from privity.casework.instance_records import SampleRecord
from privity.casework.lifecycle import OWNERS, Owner, Status
from privity.casework.record import read_day, read_moment
from privity.casework.records import DeterminationRecord, ScreenRecord
from privity.casework.sampling import Finding, Root, draw_sample, review_case, sample_size
from privity.definitions.party import Officer, Role
from privity.definitions.reference import AgreementFamily, CaseReference
from privity.edge.store.account import Account
from privity.edge.store.case_rows import Determination, Opening, State
from privity.edge.store.custody_rows import Sample
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.log import Log
from privity.edge.store.safety_rows import Screen
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store, read_cases
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.situation import requester_words
from privity.edge.wiring.suspending import suspend_agreement
from privity.errors import Mistaken
from privity.judgement.determination import Stage

GUARDIANS = tuple(status.value for status, owner in OWNERS.items() if owner is Owner.GUARDIAN)
_STANDING: dict[type[object], str] = {InForce: "in-force", Held: "suspended"}
NEWEST = 200
"""Cases looked at for overrides, those with the guardian's newest words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceGuardianDesk:
    """Everything these pages show and do. Nothing is decided here: acts decide, the store keeps."""

    store: Store
    log: Log
    agreements: PublishedAgreements

    def waiting(self, *, by: Officer) -> Sequence[GuardedLine]:
        """Return the cases that wait for the guardian, the one due first at the top."""
        must_be_allowed(Operation.GUARD, by)
        states = {row.reference: row for row in State.objects.filter(status__in=GUARDIANS)}
        words: dict[str, str] = dict(Organisation.objects.values_list("reference", "words"))
        lines = [
            GuardedLine(
                reference=CaseReference(opening.reference),
                organisation=words.get(opening.organisation, opening.organisation),
                why=Status(states[opening.reference].status).words,
                received_on=datetime.fromisoformat(opening.received_on).date(),
                due=read_day(states[opening.reference].due),
            )
            for opening in Opening.objects.filter(reference__in=states)
        ]
        return sorted(lines, key=lambda line: (line.due is None, line.due or line.received_on, line.reference))

    def overrides(self, *, by: Officer) -> Sequence[Override]:
        """Return where the guardian's word stood against an officer's, newest first."""
        must_be_allowed(Operation.GUARD, by)
        judged = Determination.objects.filter(role=Role.GUARDIAN.value).order_by("-id")
        screened = Screen.objects.filter(role=Role.GUARDIAN.value).order_by("-id")
        spoken = [*judged.values_list("reference", flat=True)[:NEWEST]]
        spoken += [*screened.values_list("reference", flat=True)[:NEWEST]]
        references = [CaseReference(one) for one in dict.fromkeys(spoken)]
        names: dict[str, str] = dict(Account.objects.values_list("staff_id", "name"))
        found = [one for file in read_cases(references, self.store.alias).values() for one in _overrides(file, names)]
        return sorted(found, key=lambda one: one.at, reverse=True)

    def samples(self, *, by: Officer) -> Sequence[SampleView]:
        """Return every sample, newest first."""
        must_be_allowed(Operation.GUARD, by)
        periods = list(Sample.objects.order_by("-reference").values_list("reference", flat=True))
        return [self._sample(period) for period in periods]

    def sample(self, period: str, *, by: Officer) -> SampleView:
        """Return the sample of a month."""
        must_be_allowed(Operation.GUARD, by)
        return self._sample(period)

    def draw(self, period: str, *, by: Officer, at: datetime) -> None:
        """Draw the sample of a month from the ledger as it stands."""
        must_be_allowed(Operation.GUARD, by)
        root = Root(size=self.log.size(), sha256=self.log.root().hex())
        closed = list(State.objects.filter(closed_on__startswith=f"{period[:7]}-").values_list("reference", flat=True))
        views = read_rows(DeterminationRecord, closed, self.store.alias)
        alike = cases_alike(view for view in views if isinstance(view, DeterminationRecord))
        with self.store.unit() as unit:
            draw_sample(unit, period, closed, root, alike=alike, by=by, at=at)

    def review(
        self, period: str, reference: CaseReference, *, finding: Finding, words: str, by: Officer, at: datetime
    ) -> None:
        """Record what was found in a drawn case."""
        with self.store.unit() as unit:
            must_be_allowed(Operation.REVIEW, by, unit.case(reference))
            review_case(unit, period, reference, finding, words=words, by=by, at=at)

    def standing(self, *, by: Officer, at: datetime) -> Sequence[Suspendable]:
        """Return every agreement with how it stands."""
        must_be_allowed(Operation.GUARD, by)
        lines = []
        for name in sorted(self.agreements.families()):
            governing = self.agreements.governing(AgreementFamily(name), at)
            requester = requester_words(self.agreements, name)
            theirs = Opening.objects.filter(family=name).values("reference")
            lines.append(
                Suspendable(
                    family=name,
                    title=governing.version.title if isinstance(governing, InForce | Held) else heading(requester),
                    standing=_STANDING.get(type(governing), "none"),
                    open_cases=State.objects.filter(closed_on="", reference__in=theirs).count(),
                )
            )
        return lines

    def suspend(self, family: str, *, reasons: str, by: Officer, at: datetime) -> None:
        """Suspend an agreement at once."""
        must_be_allowed(Operation.GUARD, by)
        suspend_agreement(self.store, self.agreements, family, reasons=reasons, by=by, at=at)

    def _sample(self, period: str) -> SampleView:
        kept = read_rows(SampleRecord, [period], self.store.alias)
        record = next((row for row in kept if isinstance(row, SampleRecord)), None)
        if record is None:
            raise Mistaken("the sample was not found", why="none was drawn for that month", next_step="draw it first")
        references = [CaseReference(one) for one in json.loads(record.drawn)]
        files = read_cases(references, self.store.alias)
        return SampleView(
            period=period,
            at=read_moment(record.at),
            drawn_by=Account.objects.filter(staff_id=record.drawn_by).values_list("name", flat=True).first()
            or record.drawn_by,
            population=record.population,
            ledger_size=record.ledger_size,
            root=record.root,
            cases=tuple(
                _sampled(one, files.get(one), period, by_lot=place < sample_size(record.population))
                for place, one in enumerate(references)
            ),
        )


def _sampled(reference: CaseReference, file: CaseFile | None, period: str, *, by_lot: bool) -> SampledCase:
    """Return a drawn case; one that was destroyed here meanwhile is still in the list."""
    review = next((one for one in file.reviews if one.sample == period), None) if file else None
    return SampledCase(
        reference=reference,
        finding=Finding(review.finding) if review else None,
        words=review.words if review else "",
        by_lot=by_lot,
    )


def _overrides(file: CaseFile, names: dict[str, str]) -> list[Override]:
    found = [_of_view(file, view, names) for view in file.determinations if view.role == Role.GUARDIAN.value]
    found += [_of_screen(file, one, names) for one in file.screens if one.role == Role.GUARDIAN.value]
    return [one for one in found if one.overruled]


def _of_view(file: CaseFile, last: DeterminationRecord, names: dict[str, str]) -> Override:
    purpose = last.stage == Stage.PURPOSE.value
    numbers = {int(found.person): number for number, found in enumerate(file.candidates(), 1)}

    def said(view: DeterminationRecord) -> str:
        if purpose or not view.answer:
            return "yes" if view.answer else "no" if purpose else "none of these"
        # As the page of the candidates counts them: an NHS number is not for everybody who reads this.
        number = numbers.get(view.choice or 0)
        return f"candidate {number}" if number else "a candidate of an earlier trace"

    others = [
        view
        for view in file.determinations
        if (view.stage, view.question, view.version) == (last.stage, last.question, last.version)
        and view.role != Role.GUARDIAN.value
        and (view.answer, view.choice) != (last.answer, last.choice)
    ]
    return Override(
        reference=file.reference,
        at=read_moment(last.at),
        what=last.question,
        guardian=names.get(last.staff_id, last.staff_id),
        answer=said(last),
        overruled=tuple((names.get(view.staff_id, view.staff_id), said(view)) for view in others),
        reasons=last.reasons,
    )


def _of_screen(file: CaseFile, last: ScreenRecord, names: dict[str, str]) -> Override:
    before = [one for one in file.screens if one.number < last.number and one.role != Role.GUARDIAN.value]
    overruled = before[-1:] if before and before[-1].course != last.course else []
    return Override(
        reference=file.reference,
        at=read_moment(last.at),
        what="safety-screen",
        guardian=names.get(last.staff_id, last.staff_id),
        answer=last.course,
        overruled=tuple((names.get(one.staff_id, one.staff_id), one.course) for one in overruled),
        reasons=last.reasons,
    )
