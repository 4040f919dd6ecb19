"""One case as it stands in memory: its records, and the values of the rooms read back from them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from privity.casework.lifecycle import Status
from privity.casework.record import NumberedRecord, Record, canonical, read_day, read_moment
from privity.casework.records import (
    AllowanceRecord,
    AssessmentRecord,
    ChallengeRecord,
    DestructionRecord,
    DeterminationRecord,
    HistoryRecord,
    HoldRecord,
    IncidentRecord,
    LetterRecord,
    OfferRecord,
    OpeningRecord,
    OutboxRecord,
    PackRecord,
    QuestionRecord,
    RepeatRecord,
    RequestRecord,
    ReviewRecord,
    ScreenRecord,
    SightingRecord,
    StateRecord,
    SubmissionRecord,
    TraceRecord,
)
from privity.definitions.day import civil_day
from privity.definitions.item import DataItem
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.definitions.person import Gender, NhsNumber, Particulars, PersonId
from privity.definitions.reference import AgreementFamily, CaseReference, Slug
from privity.errors import Impossible
from privity.judgement.determination import Determination, Stage
from privity.judgement.two_officers import Consultation, consult, may_determine
from privity.ledger.entry_kind import EntryKind
from privity.request.due import Pause
from privity.request.tracing_request import Countersignature, TracingRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEvidence:
    """What one field says for or against one candidate, in words and bits, as two people see it."""

    field: str
    level: str
    words: str
    weight_bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCandidate:
    """One record put to two people: its NHS number and the evidence, nothing else of theirs."""

    person: PersonId
    probability: float
    weight_bits: float
    evidence: tuple[ShownEvidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """All records of one case, in order. Holding one means holding personal data: it is never logged.

    `asked` is None until what was sent has been read, and where it could not be.
    """

    opening: OpeningRecord
    state: StateRecord
    asked: RequestRecord | None = None
    submission: SubmissionRecord | None = None
    repeat: RepeatRecord | None = None
    assessments: tuple[AssessmentRecord, ...] = ()
    determinations: tuple[DeterminationRecord, ...] = ()
    traces: tuple[TraceRecord, ...] = ()
    questions: tuple[QuestionRecord, ...] = ()
    pack: PackRecord | None = None
    outbox: OutboxRecord | None = None
    destruction: DestructionRecord | None = None
    holds: tuple[HoldRecord, ...] = ()
    allowances: tuple[AllowanceRecord, ...] = ()
    incidents: tuple[IncidentRecord, ...] = ()
    challenges: tuple[ChallengeRecord, ...] = ()
    sightings: tuple[SightingRecord, ...] = ()
    screens: tuple[ScreenRecord, ...] = ()
    letters: tuple[LetterRecord, ...] = ()
    offers: tuple[OfferRecord, ...] = ()
    reviews: tuple[ReviewRecord, ...] = ()
    history: tuple[HistoryRecord, ...] = ()

    def __repr__(self) -> str:
        return f"CaseFile({self.opening.reference}, {self.state.status})"

    @property
    def reference(self) -> CaseReference:
        """Return the case's reference."""
        return CaseReference(self.opening.reference)

    @property
    def status(self) -> Status:
        """Return where the case stands."""
        return Status(self.state.status)

    @property
    def request(self) -> RequestRecord:
        """Return what was asked.

        Raises: Impossible: it has not been read.
        """
        if self.asked is None:
            raise Impossible(
                f"case `{self.reference}` was not read",
                why="what was sent has not been read, or could not be",
                next_step="report this: nothing has left",
            )
        return self.asked

    @property
    def stated(self) -> Mapping[str, str]:
        """Return the fields that were sent, word for word, as long as they are not read; else nothing."""
        if self.submission is None or not self.submission.sent:
            return {}
        fields: dict[str, str] = json.loads(self.submission.sent)
        return fields

    @property
    def officer_name(self) -> str:
        """Return who asks at the requester, as they wrote it."""
        return self.asked.officer_name if self.asked else self.stated.get("officer", "")

    @property
    def purpose(self) -> str:
        """Return what it is asked for: a word of the agreement once it is read, as it was written before."""
        return self.asked.purpose if self.asked else self.stated.get("purpose", "")

    @property
    def organisation(self) -> OrganisationId:
        """Return the requester."""
        return OrganisationId(self.opening.organisation)

    @property
    def family(self) -> AgreementFamily:
        """Return the agreement it was made under."""
        return AgreementFamily(self.opening.family)

    @property
    def received_on(self) -> date:
        """Return day zero of the clock."""
        return date.fromisoformat(self.opening.received_on)

    @property
    def assessment(self) -> AssessmentRecord:
        """Return the newest assessment.

        Raises: Impossible: the case has not been assessed.
        """
        if not self.assessments:
            raise Impossible(
                f"case `{self.reference}` was not read",
                why="it has no assessment",
                next_step="report this: nothing has left",
            )
        return self.assessments[-1]

    @property
    def open_question(self) -> QuestionRecord | None:
        """Return the question that is with the requester, or None."""
        return next((question for question in self.questions if not question.answered_at), None)

    def pauses(self) -> tuple[Pause, ...]:
        """Return the stretches in which the clock stood still."""
        return tuple(
            Pause(
                asked=civil_day(read_moment(question.asked_at)),
                answered=civil_day(read_moment(question.answered_at)) if question.answered_at else None,
            )
            for question in self.questions
        )

    def views(self, stage: Stage, question: str, version: str) -> tuple[Determination, ...]:
        """Return the determinations on one question of one stage, made under one version."""
        return tuple(read_determination(record) for record in self.given(stage, question) if record.version == version)

    def given(self, stage: Stage, question: str) -> tuple[DeterminationRecord, ...]:
        """Return the views on one question that count: on the identity those given on what the newest trace found.

        What somebody said of the candidates of one trace is no word on those of the next.
        """
        ours = [record for record in self.determinations if record.stage == stage.value]
        if stage is Stage.IDENTITY:
            # Each was recorded by an act of a person, so as many are about what earlier traces found.
            ours = ours[self.before_trace(EntryKind.IDENTITY_DETERMINED, EntryKind.IDENTITY_DECIDED) :]
        return tuple(record for record in ours if record.question == question)

    @property
    def since_trace(self) -> tuple[HistoryRecord, ...]:
        """Return the history from the newest trace on; all of it where nobody has been traced."""
        traced = [line.number for line in self.history if line.kind == EntryKind.TRACE_FINISHED.value]
        return tuple(line for line in self.history if not traced or line.number >= traced[-1])

    def before_trace(self, *kinds: EntryKind) -> int:
        """Return how many such acts of people are older than the newest trace, so about what an earlier one found."""
        older = self.history[: len(self.history) - len(self.since_trace)]
        return sum(line.kind in kinds and line.role != Role.SYSTEM.value for line in older)

    @property
    def draft(self) -> LetterRecord | None:
        """Return the letter to whom the newest trace found, where one was drafted; one to somebody else is none."""
        drafted = any(line.kind == EntryKind.LETTER_DRAFTED.value for line in self.since_trace)
        return self.letters[-1] if self.letters and drafted else None

    def is_guardians(self, question: str) -> bool:
        """Return whether the agreement reserves a question on the purpose to the guardian."""
        for assessment in reversed(self.assessments):
            for found in json.loads(assessment.questions):
                if found["name"] == question:
                    # Assessments made before the roles were kept leave a question to officers, as they did.
                    return bool(found.get("by") == [Role.GUARDIAN.value])
        return False

    def consulted(self, stage: Stage, question: str, version: str) -> Consultation:
        """Return how far the views on one question have come."""
        return consult(self.views(stage, question, version), guardians=self.is_guardians(question))

    def may_judge(self, stage: Stage, question: str, by: Officer) -> bool:
        """Return whether this person may add a view on a question under the version the case stands on."""
        views = self.views(stage, question, self.state.version)
        return may_determine(views, by.staff_id, by.role, guardians=self.is_guardians(question))

    def candidates(self) -> tuple[ShownCandidate, ...]:
        """Return what the newest trace put up for judgement, likeliest first."""
        if not self.traces:
            return ()
        return tuple(
            ShownCandidate(
                person=PersonId(found["person"]),
                probability=float(found["probability"]),
                weight_bits=float(found["weight_bits"]),
                evidence=tuple(
                    ShownEvidence(
                        field=line["field"],
                        level=line["level"],
                        words=line["words"],
                        weight_bits=float(line["weight_bits"]),
                    )
                    for line in found["evidence"]
                ),
            )
            for found in json.loads(self.traces[-1].candidates)
        )

    def tracing_request(self) -> TracingRequest:
        """Return the request as its room knows it."""
        return read_request(self.opening, self.request)

    def following(self, records: Sequence[Record]) -> "CaseFile":
        """Return the case with these records written: added, or in place of the one with the same number."""
        # The table below says which field takes which kind, which a type checker cannot follow.
        changes: dict[str, Any] = {}
        for record in records:
            place = _PLACE_OF.get(type(record))
            if place is None:
                raise Impossible(
                    "a record was not written",
                    why=f"`{record.table}` is not one that follows in a case",
                    next_step="report this: nothing has left",
                )
            kept = changes.get(place, getattr(self, place))
            changes[place] = _placed(kept, record) if isinstance(record, NumberedRecord) else record
        return replace(self, **changes)


_PLACE_OF: Mapping[type[Record], str] = {
    RequestRecord: "asked",
    SubmissionRecord: "submission",
    RepeatRecord: "repeat",
    StateRecord: "state",
    AssessmentRecord: "assessments",
    DeterminationRecord: "determinations",
    TraceRecord: "traces",
    QuestionRecord: "questions",
    PackRecord: "pack",
    OutboxRecord: "outbox",
    DestructionRecord: "destruction",
    HoldRecord: "holds",
    AllowanceRecord: "allowances",
    IncidentRecord: "incidents",
    ChallengeRecord: "challenges",
    SightingRecord: "sightings",
    ScreenRecord: "screens",
    LetterRecord: "letters",
    OfferRecord: "offers",
    ReviewRecord: "reviews",
    HistoryRecord: "history",
}
"""Where in a case each kind of record stands; numbered ones are kept in order."""
Numbered = TypeVar("Numbered", bound=NumberedRecord)


def _placed(records: tuple[Numbered, ...], record: Numbered) -> tuple[Numbered, ...]:
    return (*records[: record.number - 1], record, *records[record.number :])


def request_record(reference: CaseReference, request: TracingRequest) -> RequestRecord:
    """Return a request as the row it is kept in."""
    particulars = request.particulars
    countersigned = request.countersignature
    return RequestRecord(
        reference=reference,
        officer_name=request.officer_name,
        purpose=request.purpose,
        statement=request.statement,
        urgency=request.urgency,
        countersigned_by=countersigned.name if countersigned else "",
        countersigned_rank=countersigned.rank if countersigned else "",
        items=canonical(sorted(request.items)),
        declarations=canonical(sorted(request.declarations)),
        facts=canonical(dict(request.facts)),
        family_name=particulars.family_name,
        given_name=particulars.given_name,
        other_given_names=particulars.other_given_names,
        date_of_birth=particulars.date_of_birth.isoformat() if particulars.date_of_birth else "",
        gender=particulars.gender.value,
        nhs_number=particulars.nhs_number.digits if particulars.nhs_number else "",
        postcode=particulars.postcode,
        address_lines=canonical(list(particulars.address_lines)),
    )


def read_request(opening: OpeningRecord, record: RequestRecord) -> TracingRequest:
    """Return the request kept in a row."""
    countersigned = (
        Countersignature(name=record.countersigned_by, rank=Slug(record.countersigned_rank))
        if record.countersigned_by
        else None
    )
    return TracingRequest(
        requester=OrganisationId(opening.organisation),
        family=AgreementFamily(opening.family),
        requester_reference=opening.requester_reference,
        officer_name=record.officer_name,
        purpose=Slug(record.purpose),
        items=frozenset(DataItem(item) for item in json.loads(record.items)),
        particulars=read_particulars(record),
        facts=json.loads(record.facts),
        declarations=frozenset(Slug(word) for word in json.loads(record.declarations)),
        countersignature=countersigned,
        urgency=record.urgency,
        statement=record.statement,
    )


def read_particulars(record: RequestRecord) -> Particulars:
    """Return what the requester knows of the person."""
    return Particulars(
        family_name=record.family_name,
        given_name=record.given_name,
        other_given_names=record.other_given_names,
        date_of_birth=read_day(record.date_of_birth),
        gender=Gender(record.gender),
        nhs_number=NhsNumber(record.nhs_number) if record.nhs_number else None,
        postcode=record.postcode,
        address_lines=tuple(json.loads(record.address_lines)),
    )


def read_determination(record: DeterminationRecord) -> Determination:
    """Return the determination kept in a row."""
    return Determination(
        stage=Stage(record.stage),
        question=Slug(record.question),
        staff_id=StaffId(record.staff_id),
        role=Role(record.role),
        answer=record.answer,
        reasons=record.reasons,
        at=read_moment(record.at),
        version=record.version,
        factors=tuple(Slug(factor) for factor in json.loads(record.factors)),
        choice=PersonId(record.choice) if record.choice is not None else None,
    )
