"""What the acts need from the world. The edge supplies it; `edge.wiring` joins the two."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from privity.agreement.in_force import Governing
from privity.agreement.version import Ladder
from privity.casework.case_file import CaseFile
from privity.casework.instance_records import CertificateRecord, OrganisationRecord
from privity.casework.record import Record
from privity.definitions.day import Calendar
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.person import Demographics, Particulars, PersonId
from privity.definitions.reference import AgreementFamily, CaseReference
from privity.disclosure.pack import Pack
from privity.errors import Unavailable
from privity.judgement.decision import Approved, ApprovedPurpose
from privity.ledger.entry_kind import EntryKind
from privity.protection.household import Household
from privity.protection.signs import Signs
from privity.request.form import RequestForm
from privity.trace.certificate import Certificate
from privity.trace.outcome import TraceResult
from privity.trace.standing import TracerInUse

Held = TypeVar("Held", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Everything one act writes: its records, its ledger entry, and the sealed bytes if there are any.

    `key` is whose commitments the entry carries: a case, or the instance-wide thing the act is about.
    """

    kind: EntryKind
    at: datetime
    by: Officer
    key: str
    records: tuple[Record, ...] = ()
    organisation: OrganisationId | None = None
    agreement: str = ""
    clauses: tuple[str, ...] = ()
    outcome: str = ""
    facts: Mapping[str, str | int | bool] | None = None
    sealed: bytes = b""

    def __repr__(self) -> str:
        return f"Act({self.kind.value})"


class UnitOfWork(Protocol):
    """One transaction: what is read in it stays true until it ends, and all of it is written or none."""

    def new_reference(self) -> CaseReference:
        """Return a fresh case reference from the operating system's random source."""

    def case(self, reference: CaseReference) -> CaseFile:
        """Return a case as this transaction sees it, what it has itself written included.

        Raises: Mistaken: there is no such case.
        """

    def load(self, references: Iterable[CaseReference]) -> None:
        """Read many cases at once, so that `case` finds them without asking the database one by one."""

    def open_case(self, file: CaseFile) -> None:
        """Make a new case known; the act that opens it is written with `write`."""

    def batch_rows(self, batch: str) -> frozenset[int]:
        """Return the rows of a batch file that have been taken already."""

    def opened_since(self, name: OrganisationId, day: date) -> Sequence[CaseReference]:
        """Return the cases of an organisation received on a day or later, this transaction's left out."""

    def organisation(self, name: OrganisationId) -> OrganisationRecord:
        """Return an organisation.

        Raises: Mistaken: it is not known here.
        """

    def certificates(self, name: OrganisationId) -> Sequence[CertificateRecord]:
        """Return an organisation's certificates, oldest first."""

    def overdue_destructions(self, name: OrganisationId, today: date) -> int:
        """Return how many packs an organisation should have destroyed by now and has not confirmed."""

    def held(self, kind: type[Held], reference: str) -> Sequence[Held]:
        """Return the records of one kind with one reference, oldest first, and let nobody else change them meanwhile.

        What this transaction has written itself is among them.
        """

    def blinded(self, text: str) -> str:
        """Return a digest that only this instance can make, for what must be remembered and not be known."""

    def recall(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return what is remembered under these names; what is not, or no more, is left out."""

    def remember(self, name: str, text: str, *, until: datetime) -> None:
        """Remember a text under a name until a moment. It is kept only where this transaction writes an act."""

    def write(self, act: Act) -> None:
        """Add an act; nothing is durable until the transaction ends."""


class Agreements(Protocol):
    """The agreements this gateway has published."""

    def governing(self, family: AgreementFamily, at: datetime) -> Governing:
        """Return what governs a family at a moment."""

    def form(self, family: AgreementFamily) -> RequestForm:
        """Return the request form of a family.

        Raises: Mistaken: no such family is published.
        """

    def calendar(self, name: str) -> Calendar:
        """Return a calendar by its name.

        Raises: Unavailable: no such list is loaded.
        """

    def calendar_of(self, family: AgreementFamily, version: str) -> Calendar:
        """Return the calendar that a version (`family@name`) counts its days by.

        Raises: Mistaken: no such version is published.
        """

    def ladder_of(self, family: AgreementFamily, version: str) -> Ladder:
        """Return what follows an answer under a version (`family@name`), or under none where nothing governed.

        Raises: Mistaken: no such version is published.
        """


class Register(Protocol):
    """The register of people. Its doors need a permit, so that a request not approved reads nothing."""

    def tracer_in_use(self) -> TracerInUse:
        """Return the model and the register in use. Reads nobody's record.

        Raises: Unavailable: no register has been imported.
        """

    def trace(self, permit: ApprovedPurpose, particulars: Particulars, *, under: Certificate | None) -> TraceResult:
        """Return what the tracer finds for an approved purpose.

        Args: under: the certificate in force, which says from where to propose; without one nobody is proposed.
        """

    def candidate(self, permit: ApprovedPurpose, person: PersonId) -> Demographics:
        """Return one candidate's record, for the people who judge the identity."""

    def record(self, permit: Approved) -> Demographics:
        """Return the one record two people identified."""

    def household(self, permit: Approved, record: Demographics) -> Household | None:
        """Return who else is registered at that record's home, as counts, or None where nobody can say."""

    def signs(self, permit: Approved, record: Demographics) -> Signs:
        """Return what practices registered for that record's person, as it stands today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPack:
    """A pack as it leaves: bytes that no retry changes, and whom they are for."""

    sealed: bytes
    sha256: str
    recipient_sha256: str


class Sealer(Protocol):
    """Seals a pack to a requester's certificates."""

    def seal(self, pack: Pack, certificates: Sequence[CertificateRecord], at: datetime) -> SealedPack:
        """Return the sealed pack.

        Raises: Unavailable: no certificate is fit for use; the release parks.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A sealed pack on its way, with the proof that its entry is under a signed checkpoint.

    `address` is where two people agreed that it goes; `sealed_at` dates the message, the same at every repeat.
    """

    case: CaseReference
    organisation: OrganisationId
    sha256: str
    sealed: bytes
    proof: str
    address: str = ""
    sealed_at: datetime | None = None


class NotTaken(Unavailable):
    """The peer is there and does not take this one pack; others may go."""


class Transport(Protocol):
    """Carries sealed packs; repeats are byte-identical and do no harm."""

    def send(self, message: Outgoing) -> str | None:
        """Hand over one pack and return what the peer calls it, where it calls it anything.

        Raises: NotTaken: the peer refuses this one. Unavailable: the peer did not answer. It stays in the outbox.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """What acts on cases are given besides the transaction: agreements, register and seal."""

    agreements: Agreements
    register: Register
    sealer: Sealer
