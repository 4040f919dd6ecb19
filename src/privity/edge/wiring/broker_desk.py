"""The department's desk, joined to the store. It reads counts, dates and threads, and no particulars of anybody."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from privity.casework import challenge
from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.broker_desk import ChallengeLine, ChallengeView, Contribution, Oversight, Volume
from privity.casework.case_file import CaseFile, read_particulars
from privity.casework.challenge import Outcome
from privity.casework.lifecycle import Status
from privity.casework.record import read_day, read_moment
from privity.casework.records import ChallengeRecord
from privity.casework.refusal import RefusedBy, is_against_public_interest, refused_by
from privity.casework.sampling import Finding
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.reference import CaseReference, Slug
from privity.edge.store.case_rows import Challenge, Destruction, Opening, State
from privity.edge.store.custody_rows import Review
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import HELD_BY_REQUESTER, Store
from privity.edge.wiring.acting import organisation_words
from privity.edge.wiring.incident_lines import incident_lines
from privity.edge.wiring.published import PublishedAgreements
from privity.errors import Mistaken

A_YEAR = timedelta(days=365)
SIDES = {Role.REQUESTING_OFFICER.value: "requester", Role.DEPARTMENT.value: "department"}


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceBrokerDesk:
    """Everything these pages show and do. Nothing is decided here: acts decide, the store keeps."""

    store: Store
    agreements: PublishedAgreements

    def oversight(self, *, by: Officer, at: datetime) -> Oversight:
        """Return counts and clocks."""
        must_be_allowed(Operation.OVERSEE, by)
        today = civil_day(at)
        held = State.objects.filter(status__in=HELD_BY_REQUESTER).values("reference")
        overdue = Destruction.objects.filter(reference__in=held, confirmed_on="", due__lt=today.isoformat())
        return Oversight(
            on=today,
            volumes=_volumes(today),
            incidents=tuple(incident_lines(at)),
            destructions_overdue=overdue.count(),
            challenges_open=sum(line.outcome is Outcome.GOES_ON for line in _lines()),
            sampled=Review.objects.count(),
            sampled_wrong=Review.objects.filter(finding=Finding.WRONG.value).count(),
        )

    def challenges(self, *, by: Officer) -> Sequence[ChallengeLine]:
        """Return every challenge, open ones first, the one that waited longest at the top."""
        must_be_allowed(Operation.LIST_CHALLENGES, by)
        return sorted(_lines(), key=lambda line: (line.outcome is not Outcome.GOES_ON, line.last_at))

    def challenge(self, reference: CaseReference, *, by: Officer) -> ChallengeView:
        """Return one challenge.

        Raises: Mistaken: there is none for them.
        """
        file = self.store.case(reference)
        must_be_allowed(Operation.READ_CHALLENGE, by, file)
        if not file.challenges:
            raise Mistaken(
                "the challenge was not found",
                why="nobody has challenged this decision",
                next_step="choose one from the list",
            )
        return self._view(file, by)

    def reply(
        self, reference: CaseReference, *, words: str, outcome: Outcome, after: int, by: Officer, at: datetime
    ) -> None:
        """Write into the thread, unless somebody wrote since the person read it."""
        with self.store.unit() as unit:
            file = unit.case(reference)
            must_be_allowed(Operation.READ_CHALLENGE, by, file)
            must_be_allowed(Operation.REPLY, by, file)
            if len(file.challenges) != after:
                raise Mistaken(
                    "nothing was recorded",
                    why="somebody wrote in this thread since you opened it",
                    next_step="read what they wrote, then send yours; what you typed is kept",
                )
            challenge.reply(unit, reference, words=words, outcome=outcome, by=by, at=at)

    def _view(self, file: CaseFile, by: Officer) -> ChallengeView:
        sought = read_particulars(file.request)
        purposes = dict(self.agreements.form(file.family).purposes)
        found = refused_by(file)
        cited = json.loads(file.assessment.cited) if file.assessments and found is not RefusedBy.NO_AGREEMENT else []
        numbers = self.agreements.numbers(file.assessment.version) if file.assessments else {}
        return ChallengeView(
            reference=file.reference,
            organisation=organisation_words(file.organisation),
            purpose_words=purposes.get(Slug(file.request.purpose), file.request.purpose),
            refused_on=read_day(file.state.closed_on),
            clauses=tuple((numbers.get(one["clause"], ""), one["says"]) for one in cited),
            refused_by=found,
            in_public_interest=found is not None and is_against_public_interest(file, file.state.version),
            thread=tuple(
                Contribution(
                    at=read_moment(said.at),
                    side=SIDES.get(said.role, "custodian"),
                    words=said.words if by.role is Role.GUARDIAN else challenge.masked(said.words, sought),
                )
                for said in file.challenges
            ),
            outcome=challenge.outcome_of(file),
            may_end=by.role is Role.GUARDIAN,
            entries=len(file.challenges),
        )


def _lines() -> list[ChallengeLine]:
    references = list(Challenge.objects.values_list("reference", flat=True).distinct())
    by_case: dict[str, list[ChallengeRecord]] = {}
    for row in read_rows(ChallengeRecord, references, "default"):
        if isinstance(row, ChallengeRecord):
            by_case.setdefault(row.reference, []).append(row)
    asked: dict[str, str] = dict(
        Opening.objects.filter(reference__in=references).values_list("reference", "organisation")
    )
    words: dict[str, str] = dict(Organisation.objects.values_list("reference", "words"))
    return [
        ChallengeLine(
            reference=CaseReference(reference),
            organisation=words.get(asked[reference], asked[reference]),
            raised_at=read_moment(said[0].at),
            last_at=read_moment(said[-1].at),
            last_side=SIDES.get(said[-1].role, "custodian"),
            outcome=Outcome(said[-1].outcome),
        )
        for reference, said in by_case.items()
    ]


def _volumes(today: date) -> tuple[Volume, ...]:
    """Return how many cases of each requester are open, late, waiting or held, and how the last year's came."""
    day, since = today.isoformat(), (today - A_YEAR).isoformat()
    words: dict[str, str] = dict(Organisation.objects.values_list("reference", "words"))
    asked: dict[str, str] = dict(Opening.objects.values_list("reference", "organisation"))
    counted: dict[str, dict[str, int]] = {}
    rows = State.objects.filter(Q(closed_on="") | Q(closed_on__gte=since))
    for reference, status, due, closed_on in rows.values_list("reference", "status", "due", "closed_on"):
        row = counted.setdefault(asked[reference], dict.fromkeys(_COLUMNS, 0))
        if closed_on:
            # What was taken back was answered neither in time nor late.
            if status != Status.WITHDRAWN.value:
                row["late" if due and closed_on > due else "in_time"] += 1
            continue
        row["open"] += 1
        row["overdue"] += bool(due) and due < day
        row["waiting"] += status == Status.WITH_REQUESTER.value
        row["held"] += status == Status.HELD.value
    return tuple(Volume(requester=words.get(name, name), **counted[name]) for name in sorted(counted))


_COLUMNS = ("open", "overdue", "waiting", "held", "in_time", "late")
