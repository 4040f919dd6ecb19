"""A corridor to walk requests through: any unit of work, the shipped agreements, a counting register, a clock."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from privity.casework import correspond, dispatch, judge
from privity.casework.assess import assess_case
from privity.casework.case_file import CaseFile
from privity.casework.confirm_destruction import confirm_destruction
from privity.casework.enrol import approve_certificate, enrol_certificate, enrol_organisation
from privity.casework.forward_letter import draft_letter, forward_letter
from privity.casework.instance_records import CertificateRecord, OrganisationRecord
from privity.casework.permits import open_questions
from privity.casework.ports import Gateway, UnitOfWork
from privity.casework.read_sent import read_sent
from privity.casework.receive import acknowledge, receive
from privity.casework.release import intend, release
from privity.casework.screen import Parked, screen
from privity.casework.trace import trace_subject
from privity.definitions.item import DataItem
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.definitions.person import PersonId
from privity.definitions.reference import AgreementFamily, CaseReference, Slug
from privity.disclosure.safety import Course, SafetyAnswer, SafetyQuestion
from privity.ledger.entry import Entry
from privity.request.tracing_request import Countersignature, TracingRequest
from tests.fakes import golden
from tests.fakes.agreements import GOLDEN_NAME, overstay_request
from tests.fakes.guarded_register import CountingRegister
from tests.fakes.sealer import KeepingSealer
from tests.fakes.shelf import ShelfAgreements

START = datetime(2017, 3, 1, 9, 0, tzinfo=UTC)
Result = TypeVar("Result")


def officer(staff_id: str, role: Role, organisation: str = "custodian") -> Officer:
    name = f"{golden.OTHER} {staff_id}"  # officers are people too: no message may name one
    return Officer(staff_id=StaffId(staff_id), name=name, organisation=OrganisationId(organisation), role=role)


FIRST, SECOND, THIRD = (officer(name, Role.DISCLOSURE_OFFICER) for name in ("first", "second", "third"))
GUARDIAN = officer("guardian", Role.GUARDIAN)
ADMINISTRATORS = (officer("m.ford", Role.ADMINISTRATOR), officer("n.shah", Role.ADMINISTRATOR))
LETTER = "Somebody would like to hear from you. You need not answer."
KENT, HOME_OFFICE, COURT = "kent-police", "home-office", "family-court"
ORGANISATIONS = ((KENT, "police"), (HOME_OFFICE, "home-office"), (COURT, "court-order"))


def asker(organisation: str) -> Officer:
    return officer(f"desk@{organisation}", Role.REQUESTING_OFFICER, organisation)


def reasons_of(who: Officer, answer: object) -> str:
    return f"The words of {who.staff_id} and of nobody else, on what weighs here: {answer}."


def police_request(
    *,
    offence: str = "murder",
    countersigned: str = "inspector",
    reference: str = "KP/1",
    items: frozenset[DataItem] = frozenset({DataItem.NAME, DataItem.LAST_KNOWN_ADDRESS}),
) -> TracingRequest:
    """Return worked case 30: a murder inquiry about the golden person, countersigned."""
    return TracingRequest(
        requester=OrganisationId(KENT),
        family=AgreementFamily("police"),
        requester_reference=reference,
        officer_name=f"DC {golden.EARLIER}",
        purpose=Slug("criminal-investigation"),
        items=items,
        particulars=golden.particulars(),
        facts={"offence": Slug(offence), "person_is": Slug("suspect")} if offence else {"person_is": Slug("suspect")},
        declarations=frozenset({Slug("aids_investigation"), Slug("this_person")}),
        countersignature=Countersignature(name=golden.EARLIER, rank=Slug(countersigned)) if countersigned else None,
        statement=f"{golden.GIVEN} was seen near the house.",
    )


SENT = {
    "your_reference": "KP/1",
    "officer": f"DC {golden.EARLIER}",
    "purpose": "criminal-investigation",
    "items": "name;last_known_address",
    "family_name": GOLDEN_NAME,
    "given_name": golden.GIVEN,
    "date_of_birth": "1963-11-29",
    "countersigned_by": golden.EARLIER,
    "countersigned_rank": "inspector",
    "offence": "murder",
    "person_is": "suspect",
    "aids_investigation": "yes",
    "this_person": "yes",
}
"""Worked case 30 as a form or a program sends it."""


def home_office_request() -> TracingRequest:
    """Return worked case 1 about the golden person."""
    return replace(overstay_request(), particulars=golden.particulars())


@dataclass(slots=True)
class Corridor:
    """One gateway and its simulated clock. Every act is a unit of work of its own."""

    name: str
    open_unit: Callable[[], AbstractContextManager[UnitOfWork]]
    read: Callable[[CaseReference], CaseFile]
    entries: Callable[[], Sequence[Entry]]
    sealed_bytes: Callable[[CaseReference], bytes]
    key_of: Callable[[CaseReference], str]
    agreements: ShelfAgreements = field(default_factory=ShelfAgreements)
    register: CountingRegister = field(default_factory=CountingRegister)
    sealer: KeepingSealer = field(default_factory=KeepingSealer)
    now: datetime = START

    @property
    def gateway(self) -> Gateway:
        return Gateway(agreements=self.agreements, register=self.register, sealer=self.sealer)

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def do(self, act: Callable[[UnitOfWork, datetime], Result]) -> Result:
        """Do one act as one transaction."""
        with self.open_unit() as unit:
            return act(unit, self.tick())

    def enrol(self) -> "Corridor":
        """Make the organisations known, each with an approved certificate."""
        with self.open_unit() as unit:
            for name, family in ORGANISATIONS:
                known = OrganisationRecord(reference=name, words=name.title(), kind="body", family=family)
                enrol_organisation(unit, known, by=ADMINISTRATORS[0], at=self.now)
                certificate = a_certificate(name)
                enrol_certificate(unit, certificate, by=ADMINISTRATORS[0], at=self.now)
                approve_certificate(unit, certificate, by=ADMINISTRATORS[1], at=self.now)
        return self

    def receive(self, request: TracingRequest | None = None) -> CaseReference:
        wanted = request or police_request()
        return self.do(lambda unit, at: receive(unit, wanted, at=at, by=asker(wanted.requester)))

    def acknowledge(self, organisation: str = KENT, **changed: str) -> CaseReference:
        """Acknowledge what was sent, unread."""
        family = AgreementFamily(dict(ORGANISATIONS)[organisation])
        sent = {**SENT, **changed}
        return self.do(lambda unit, at: acknowledge(unit, sent, family=family, due=None, by=asker(organisation), at=at))

    def read_in(self, reference: CaseReference) -> CaseFile:
        """Read what was acknowledged."""
        return self.do(lambda unit, at: read_sent(unit, self.agreements, reference, at=at))

    def assess(self, reference: CaseReference) -> CaseFile:
        return self.do(lambda unit, at: assess_case(unit, self.agreements, reference, at=at))

    def received(self, request: TracingRequest | None = None) -> CaseReference:
        """Receive and assess a request."""
        reference = self.receive(request)
        self.assess(reference)
        return reference

    def view(self, reference: CaseReference, who: Officer, answer: bool, question: str = "") -> CaseFile:
        """Let one person answer a question on the purpose: the named one, or the first that is open."""
        asked = Slug(question) if question else min(open_questions(self.read(reference)))
        return self.do(
            lambda unit, at: judge.determine_purpose(
                unit,
                self.agreements,
                reference,
                question=asked,
                answer=answer,
                reasons=reasons_of(who, answer),
                factors=(Slug("serious-crime"),),
                by=who,
                at=at,
            )
        )

    def approved(self, request: TracingRequest | None = None) -> CaseReference:
        """Receive a request and let two people approve its purpose."""
        reference = self.received(request)
        self.view(reference, FIRST, True)
        self.view(reference, SECOND, True)
        return reference

    def trace(self, reference: CaseReference) -> CaseFile:
        traced = self.do(lambda unit, at: trace_subject(unit, self.gateway, reference, by=FIRST, at=at))
        assert isinstance(traced, CaseFile), "the agreement still stands"
        return traced

    def name_record(self, reference: CaseReference, who: Officer, choice: int | None) -> CaseFile:
        chosen = None if choice is None else PersonId(choice)
        return self.do(
            lambda unit, at: judge.determine_identity(
                unit, self.agreements, reference, choice=chosen, reasons=reasons_of(who, choice), by=who, at=at
            )
        )

    def identified(self, request: TracingRequest | None = None) -> CaseReference:
        """Walk a request until two people have identified the record."""
        reference = self.approved(request)
        self.trace(reference)
        self.name_record(reference, FIRST, 1)
        self.name_record(reference, SECOND, 1)
        return reference

    def screen(
        self,
        reference: CaseReference,
        course: Course = Course.GO_ON,
        *,
        by: Officer = FIRST,
        answer: SafetyAnswer = SafetyAnswer.NO,
        seen: str = "",
    ) -> CaseFile | Parked:
        """Take the safety screen, answering every question alike."""
        return self.do(
            lambda unit, at: screen(
                unit,
                self.gateway,
                reference,
                course=course,
                answers=dict.fromkeys(SafetyQuestion, answer),
                reasons=reasons_of(by, course),
                by=by,
                at=at,
                seen=seen,
            )
        )

    def forwarded(self, request: TracingRequest | None = None) -> CaseReference:
        """Walk a request until a letter has been forwarded instead of an address."""
        reference = self.identified(request)
        self.screen(reference, Course.LETTER)
        self.do(lambda unit, at: draft_letter(unit, reference, words=LETTER, by=FIRST, at=at))
        self.do(lambda unit, at: forward_letter(unit, self.gateway, reference, by=SECOND, at=at))
        return reference

    def ready(self, request: TracingRequest | None = None) -> CaseReference:
        """Walk a request until two people have identified the record and its safety screen stands."""
        reference = self.identified(request)
        self.screen(reference)
        return reference

    def intend(self, reference: CaseReference) -> CaseFile | Parked:
        return self.do(lambda unit, at: intend(unit, self.agreements, reference, by=FIRST, at=at))

    def release(self, reference: CaseReference) -> CaseFile | Parked:
        return self.do(lambda unit, at: release(unit, self.gateway, reference, by=FIRST, at=at))

    def sealed(self, request: TracingRequest | None = None) -> CaseReference:
        """Walk a request until its answer is sealed."""
        reference = self.ready(request)
        self.intend(reference)
        self.release(reference)
        return reference

    def send(self, reference: CaseReference) -> CaseFile:
        return self.do(lambda unit, at: dispatch.mark_sent(unit, reference, at=at))

    def collect(self, reference: CaseReference, organisation: str = KENT) -> CaseFile:
        return self.do(lambda unit, at: dispatch.mark_collected(unit, reference, by=asker(organisation), at=at))

    def destroyed(
        self, reference: CaseReference, *, on: date, method: str = "shredded", organisation: str = KENT
    ) -> CaseFile:
        return self.do(
            lambda unit, at: confirm_destruction(
                unit, reference, destroyed_on=on, method=method, by=asker(organisation), at=at
            )
        )

    def ask(self, reference: CaseReference, words: str = "Which house was it?") -> CaseFile:
        return self.do(lambda unit, at: correspond.ask(unit, reference, words=words, by=FIRST, at=at))

    def answer(
        self, reference: CaseReference, words: str = "The one by the pond.", organisation: str = KENT
    ) -> CaseFile:
        return self.do(
            lambda unit, at: correspond.answer(
                unit, self.agreements, reference, words=words, by=asker(organisation), at=at
            )
        )

    def withdraw(self, reference: CaseReference, organisation: str = KENT) -> CaseFile:
        return self.do(lambda unit, at: correspond.withdraw(unit, reference, by=asker(organisation), at=at))

    def entries_of(self, reference: CaseReference) -> list[Entry]:
        """Return what the ledger tells of a case, in order, by the key its entries share."""
        kid = self.key_of(reference)
        return [entry for entry in self.entries() if entry.case == kid]

    def kinds(self, reference: CaseReference) -> list[str]:
        """Return what happened to a case, as the ledger calls it."""
        return [entry.kind.value for entry in self.entries_of(reference)]


def a_certificate(organisation: str, number: int = 1) -> CertificateRecord:
    return CertificateRecord(
        reference=organisation,
        number=number,
        sha256=f"{number:064x}",
        pem="a certificate of its own kind",
        not_after="2030-01-01T00:00:00Z",
        enrolled_by=ADMINISTRATORS[0].staff_id,
        approved_by="",
        revoked_at="",
    )
