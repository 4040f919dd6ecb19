"""Cases for the fake desk: one or more in every status, and forty more that are due."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import CLOSED, Status
from privity.casework.record import canonical, moment
from privity.casework.records import (
    AssessmentRecord,
    DestructionRecord,
    DeterminationRecord,
    HistoryRecord,
    OpeningRecord,
    OutboxRecord,
    PackRecord,
    QuestionRecord,
    RequestRecord,
    StateRecord,
    TraceRecord,
)
from privity.definitions.item import DataItem
from privity.definitions.party import Role
from privity.definitions.person import Address, Demographics, Gender, NhsNumber, PersonId, check_digit
from privity.definitions.reference import CaseReference, case_reference
from privity.judgement.determination import Stage
from privity.ledger.entry_kind import EntryKind

ORGANISATIONS = {"police": "Police", "court": "Court", "coroner": "Coroner"}
VERSION = "police@2017-01"
PURPOSE_QUESTION = ("public_interest", "Is disclosure in the public interest?")
RULING_QUESTION = ("offence-is-covered", "Is the offence named one that the agreement covers?")
FIRST_OFFICER, SECOND_OFFICER, GUARDIAN = "okafor", "rahman", "lindqvist"
FIRST_REASONS = "Zinnia reasons of the first officer, which nobody else may read yet."
SECOND_REASONS = "Quartz reasons of the second officer, which differ from the first."
SPOOFED = '<script>alert("x")</script>'
"""What a requester may put into a free field; a page must show it as letters."""


def reference_of(name: str) -> CaseReference:
    """Return the reference of the case called `name`."""
    return case_reference(sha256(name.encode()).digest()[:16])


def every_case(today: date) -> Iterator[CaseFile]:
    """Yield one case in every status, the special ones, and forty that are due or late."""
    for place, status in enumerate(Status):
        yield a_case(status.value, status, today, age=4 + place)
    for place, name in enumerate(
        ("to-approve", "to-divide", "to-ask", "to-take", "stale", "gone", "twice", "without-script", "short")
    ):
        yield a_case(name, Status.JUDGING_PURPOSE, today, age=12 + place)
    for name in ("half-judged", "half-judged-blind"):
        yield _with_first_view(a_case(name, Status.JUDGING_PURPOSE, today, age=9))
    for name in ("identity-none", "identity-one", "identity-tampered", "identity-gone", "to-set-aside"):
        yield a_case(name, Status.JUDGING_IDENTITY, today, age=11)
    yield a_case("to-trace", Status.APPROVED, today, age=6)
    yield a_case("to-release", Status.IDENTIFIED, today, age=6)
    yield a_case("to-guard", Status.PROTECTED, today, age=6)
    for number in range(40):
        person = ("", FIRST_OFFICER, SECOND_OFFICER)[number % 3]
        status = (Status.JUDGING_PURPOSE, Status.JUDGING_IDENTITY, Status.IDENTIFIED)[number % 3]
        yield a_case(f"due-{number}", status, today, age=number + 3, assigned_to=person, urgent=number % 9 == 0)


def a_case(
    name: str, status: Status, today: date, *, age: int, assigned_to: str = "", urgent: bool = False
) -> CaseFile:
    """Return a case in a status, received `age` days ago, with the records it would have by then."""
    reference = reference_of(name)
    received = today - timedelta(days=age)
    at = datetime.combine(received, time(11, 2), tzinfo=UTC)
    file = CaseFile(
        opening=OpeningRecord(
            reference=reference,
            organisation=("police", "court", "coroner")[age % 3],
            family="police",
            requester_reference=f"OP/{age}/{name}"[:30],
            batch="",
            row_number=0,
            received_at=moment(at),
            received_on=received.isoformat(),
        ),
        asked=_request(reference),
        state=_state(reference, status, today, received, assigned_to, urgent),
        assessments=() if status is Status.RECEIVED else (_assessment(reference, at),),
        history=_history(reference, status, at),
    )
    if status is Status.WITH_REQUESTER:
        file = replace(file, questions=(_question(reference, at),))
    if status in (Status.JUDGING_IDENTITY, Status.IDENTITY_DIVIDED):
        file = replace(file, traces=(_trace(reference, at),))
    if status in (Status.PURPOSE_DIVIDED, Status.IDENTITY_DIVIDED):
        file = _divided(file, Stage.PURPOSE if status is Status.PURPOSE_DIVIDED else Stage.IDENTITY, at)
    if status in (Status.SEALED, Status.SENT, Status.COLLECTED, Status.DESTROYED, Status.UNTRACED):
        file = _answered(file, status, at, today)
    return file


def _state(reference: str, status: Status, today: date, received: date, assigned_to: str, urgent: bool) -> StateRecord:
    waiting = status in (Status.WITH_REQUESTER, Status.RECEIVED)
    return StateRecord(
        reference=reference,
        status=status.value,
        version="" if status is Status.RECEIVED else VERSION,
        urgent=urgent,
        working_days=0 if status is Status.RECEIVED else 20,
        due="" if waiting else (received + timedelta(days=28)).isoformat(),
        assigned_to=assigned_to,
        closed_on=today.isoformat() if status in CLOSED else "",
        revision=7,
    )


def _request(reference: str) -> RequestRecord:
    return RequestRecord(
        reference=reference,
        officer_name="DC R. Patel",
        purpose="serious-crime",
        statement=f"The suspect left the address we hold. {SPOOFED}",
        urgency="",
        countersigned_by="Insp. M. Brodie",
        countersigned_rank="inspector",
        items=canonical(sorted([DataItem.LAST_KNOWN_ADDRESS, DataItem.DATE_OF_BIRTH, DataItem.NEXT_APPOINTMENT])),
        declarations=canonical(["in_public_interest", "usual_sources"]),
        facts=canonical({"lost_contact": True, "offence": "robbery", "expected_sentence_months": 36}),
        family_name="Goldenquist",
        given_name="Aurelia",
        other_given_names="Thuý Ngọc",
        date_of_birth="1984-01-01",
        gender="female",
        nhs_number=nhs_number(943476591).digits,
        postcode="LS1 4AP",
        address_lines=canonical(["1 Gilded Row", "Leeds"]),
    )


def nhs_number(nine: int) -> NhsNumber:
    """Return the first well-formed NHS number from nine digits on."""
    while check_digit(str(nine)) == 10:
        nine += 1
    return NhsNumber(f"{nine}{check_digit(str(nine))}")


def candidate_record(person: PersonId, place: int) -> Demographics:
    """Return the register's record of a candidate: the second is a sister, the third is protected."""
    return Demographics(
        person=person,
        nhs_number=nhs_number(943476591 + place),
        family_name="Goldenquist",
        given_name=("Aurelia", "Aurora", "Aurélie")[place % 3],
        other_given_names="Thuý Ngọc" if place == 0 else "",
        previous_family_names=("Silverstrand",) if place == 0 else (),
        date_of_birth=date(1984, 1 + place, 1),
        gender=Gender.FEMALE,
        residence=Address(lines=(f"{place + 1} Gilded Row", "Leeds"), postcode="LS1 4AP"),
        correspondence=None,
        gp_practice_code="B86001",
        registered_on=date(1999, 5, 3),
        deceased_on=None,
        sensitive=place == 2,
    )


def _assessment(reference: str, at: datetime) -> AssessmentRecord:
    return AssessmentRecord(
        reference=reference,
        number=1,
        at=moment(at),
        version=VERSION,
        policy_sha256="ab" * 32,
        engine="cedar",
        standing="needs-judgement",
        urgency_accepted=False,
        items=canonical([]),
        findings=canonical([]),
        questions=canonical([]),
        cited=canonical([]),
    )


def _history(reference: str, status: Status, at: datetime) -> tuple[HistoryRecord, ...]:
    told = (
        (EntryKind.CASE_OPENED, "The request was taken in."),
        (EntryKind.CASE_ASSESSED, "Conditions of the agreement that are met: 1. The rest is for people to judge."),
    )
    return tuple(
        HistoryRecord(
            reference=reference,
            number=number,
            at=moment(at + timedelta(minutes=number)),
            kind=kind.value,
            staff_id="gateway",
            role=Role.SYSTEM.value,
            status=status.value,
            words=words,
        )
        for number, (kind, words) in enumerate(told, start=1)
    )


def _question(reference: str, at: datetime) -> QuestionRecord:
    return QuestionRecord(
        reference=reference,
        number=1,
        asked_by=FIRST_OFFICER,
        asked_at=moment(at + timedelta(days=1)),
        words="Which sources did you use before you asked us?",
        answered_at="",
        answer="",
    )


def _trace(reference: str, at: datetime) -> TraceRecord:
    themselves = [
        ("given_name", "exact", "the same given name, a rare one", 9.41),
        ("family_name", "close", "family name spelt almost the same", 6.2),
        ("name_order", "straight", "names in their places", 0.1),
        ("date_of_birth", "new_year", "the same, and it is a 1st of January", 4.0),
        ("gender", "exact", "the same gender", 0.0),
        ("place", "door", "the same postcode and first address line", 12.25),
    ]
    a_sister = [
        ("given_name", "different", "another given name", -6.5),
        ("family_name", "exact", "the same family name", 8.1),
        ("date_of_birth", "year", "only the year is the same", -1.5),
        ("gender", "exact", "the same gender", 0.0),
        ("place", "door", "the same postcode and first address line", 12.25),
    ]
    found = [
        {
            "person": 7001 + place,
            "probability": f"{probability:.6f}",
            "weight_bits": f"{sum(bits for *_, bits in evidence):.2f}",
            "evidence": [
                {"field": field, "level": level, "words": words, "weight_bits": f"{bits:.2f}"}
                for field, level, words, bits in evidence
            ],
        }
        for place, (probability, evidence) in enumerate(
            ((0.9021, themselves), (0.0143, a_sister), (0.0004, a_sister[:3]))
        )
    ]
    return TraceRecord(
        reference=reference,
        number=1,
        at=moment(at),
        model="base@0123456789ab",
        outcome="review",
        ambiguous=True,
        protected=False,
        touched=312,
        probability_absent="0.083000",
        candidates=canonical(found),
    )


def _view(file: CaseFile, stage: Stage, number: int, answer: bool, at: datetime) -> DeterminationRecord:
    question = PURPOSE_QUESTION[0] if stage is Stage.PURPOSE else "which-record"
    return DeterminationRecord(
        reference=file.reference,
        number=number,
        at=moment(at),
        stage=stage.value,
        question=question,
        staff_id=(FIRST_OFFICER, SECOND_OFFICER)[number - 1],
        role=Role.DISCLOSURE_OFFICER.value,
        answer=answer,
        choice=7001 if answer and stage is Stage.IDENTITY else None,
        reasons=(FIRST_REASONS, SECOND_REASONS)[number - 1],
        factors=canonical(["serious-harm"] if stage is Stage.PURPOSE else []),
        version=VERSION,
    )


def _with_first_view(file: CaseFile) -> CaseFile:
    at = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    return replace(file, determinations=(_view(file, Stage.PURPOSE, 1, True, at),))


def _divided(file: CaseFile, stage: Stage, at: datetime) -> CaseFile:
    return replace(file, determinations=(_view(file, stage, 1, True, at), _view(file, stage, 2, False, at)))


def _answered(file: CaseFile, status: Status, at: datetime, today: date) -> CaseFile:
    pack = PackRecord(
        reference=file.reference,
        sealed_at=moment(at),
        answer="no-trace" if status is Status.UNTRACED else "disclosed",
        items=canonical([]),
        version=VERSION,
        sha256="0123456789abcdef" * 4,
        size=16384,
        recipient_sha256="fedcba9876543210" * 4,
        destroy_by=(today + timedelta(days=170)).isoformat(),
    )
    outbox = OutboxRecord(
        reference=file.reference,
        organisation=file.organisation,
        sha256=pack.sha256,
        state="sent" if status is Status.SENT else "sealed",
        attempts=0,
        sent_at="",
        collected_at="",
    )
    gone = DestructionRecord(
        reference=file.reference,
        due=pack.destroy_by,
        confirmed_on=today.isoformat() if status is Status.DESTROYED else "",
        method="",
        stated_by="",
        statement_sha256="",
    )
    return replace(file, pack=pack, outbox=outbox, destruction=gone)
