"""The administrator's desk as the pages and commands know it: people, programs, certificates, agreements.

It shows no case and no person sought, and nothing here lets anything leave: what widens waits for a second person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from privity.casework.account_records import Change, OfficerRecord, ProposalRecord
from privity.casework.instance_records import CertificateRecord
from privity.casework.officers import Reason
from privity.definitions.party import Officer, OrganisationId, Role
from privity.ledger.entry_kind import EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One officer in the list of people."""

    record: OfficerRecord
    organisation: str
    has_factor: bool
    signed_in_at: datetime | None
    waiting: bool
    """Whether a change of this person waits for a second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesUnder:
    """What ending an agreement's suspension now would set going, told before anybody confirms it.

    `held` cases are asked about again by themselves; `late` of them are past the day their answer was due. `untouched`
    ones were open and nobody touched them meanwhile: they can be worked on again where they stand.
    """

    held: int
    late: int
    untouched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A proposal with its words, and whether this person may confirm it."""

    record: ProposalRecord
    change: Change
    about: str
    content: Mapping[str, str]
    proposed_by: str
    proposed_at: datetime
    may_confirm: bool
    too_old: bool
    sets_going: CasesUnder | None = None
    """For the end of a suspension."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One ledger entry about somebody."""

    index: int
    at: datetime
    kind: EntryKind
    role: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """One officer, with what waits and what happened."""

    line: PersonLine
    waiting: Sequence[Waiting]
    happened: Sequence[Happened]


MOVED_AT_ONCE = 200
"""Held cases that go on while the guardian who ends a suspension waits; `privity watch` moves the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneOn:
    """What became of the cases a suspension held: how many went on, and how many wait for `privity watch`."""

    moved: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What one of the two people is shown once, to hand to whom it is for; kept nowhere.

    `half` is half of a set-up code: the proposer hands over one half, the confirmer the other, so that neither of them
    can make the credentials alone. `program` and `secret` are a requester's system's, shown to the confirmer.
    `gone_on` is there where a suspension was ended.
    """

    about: str
    change: Change
    reference: str
    half: str = ""
    is_first: bool = False
    program: str = ""
    secret: str = ""
    gone_on: GoneOn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationLine:
    """One organisation, with how many people and good certificates it has."""

    name: str
    words: str
    kind: str
    family: str
    people: int
    certificates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    """One enrolled certificate and how it stands."""

    record: CertificateRecord
    organisation: str
    subject: str
    not_after: date
    days_left: int
    standing: str
    """waiting, good, soon, ended, revoked."""
    may_approve: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramLine:
    """One requester's system."""

    identifier: str
    organisation: str
    added_at: datetime
    added_by: str
    seconded_by: str
    is_active: bool
    certificate_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfLine:
    """One version or instrument on the shelf: published, or not yet.

    `ended` is what a version relies on that has ended since, each with the day: whoever puts it forward or confirms it
    sees that first.
    """

    family: str
    words: str
    """What its requesters are called, as the name of a row."""
    kind: str
    name: str
    title: str
    effective_from: date
    published_at: datetime | None
    waits: bool
    ended: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendedLine:
    """A suspension that binds now: whose, what it says, since when, and whether its end waits for the guardian."""

    family: str
    requester: str
    name: str
    title: str
    says: str
    since: datetime
    waits: bool
    sets_going: CasesUnder


class Keeper(Protocol):
    """What an administrator sees and does."""

    def people(self, *, by: Officer, organisation: str = "", role: str = "") -> Sequence[PersonLine]:
        """Return the officers, by organisation and name.

        Raises: Mistaken: not for this person.
        """

    def person(self, staff_id: str, *, by: Officer, at: datetime) -> PersonView:
        """Return one officer.

        Raises: Mistaken: not for this person, or nobody of that identifier.
        """

    def waiting(self, *, by: Officer, at: datetime) -> Sequence[Waiting]:
        """Return what waits for a second person, oldest first.

        Raises: Mistaken: not for this person.
        """

    def propose(self, change: Change, about: str, content: Mapping[str, str], *, by: Officer, at: datetime) -> Handed:
        """Put a change forward.

        Raises: Mistaken: not for this person, or the change cannot be.
        """

    def confirm(self, reference: str, *, by: Officer, at: datetime) -> Handed:
        """Confirm what somebody else put forward, and do it.

        Raises: Mistaken: not for this person, or it cannot be done any more.
        """

    def withdraw(self, reference: str, *, by: Officer, at: datetime) -> None:
        """Take a proposal back, or say no to it.

        Raises: Mistaken: not for this person, or it is decided.
        """

    def close(self, staff_id: str, reason: Reason, *, by: Officer, at: datetime) -> None:
        """Close an account at once.

        Raises: Mistaken: not for this person, or it is closed.
        """

    def revoke(self, staff_id: str, reason: Reason, *, by: Officer, at: datetime) -> None:
        """Take a role away at once.

        Raises: Mistaken: not for this person, or it is taken away.
        """

    def end_sessions(self, staff_id: str, *, by: Officer, at: datetime) -> None:
        """End every session of somebody at once.

        Raises: Mistaken: not for this person, or nobody of that identifier.
        """

    def roles(self) -> Sequence[Role]:
        """Return the roles somebody can be trusted with."""

    def ranks(self, *, by: Officer, organisation: str = "") -> Sequence[tuple[str, str]]:
        """Return the ranks somebody of an organisation can countersign in, or of any, by our name and in words."""


class Registrar(Protocol):
    """What an administrator sees and does about organisations, their certificates and systems, and agreements."""

    def organisations(self, *, by: Officer) -> Sequence[OrganisationLine]:
        """Return the organisations.

        Raises: Mistaken: not for this person.
        """

    def enrol_organisation(self, name: str, words: str, kind: str, family: str, *, by: Officer, at: datetime) -> None:
        """Make an organisation known.

        Raises: Mistaken: not for this person, known already, or a name that is none.
        """

    def families(self) -> Sequence[tuple[str, str]]:
        """Return the families of agreements that are published, as name and words."""

    def certificates(self, *, by: Officer, at: datetime) -> Sequence[CertificateLine]:
        """Return the enrolled certificates, those that end soonest first.

        Raises: Mistaken: not for this person.
        """

    def put_certificate_forward(
        self, organisation: OrganisationId, pem: str, profile: str, deliver_to: str, *, by: Officer, at: datetime
    ) -> CertificateRecord:
        """Put a certificate forward.

        Raises: Mistaken: not for this person, or the certificate is not fit.
        """

    def approve_certificate(
        self, organisation: OrganisationId, digest: str, *, by: Officer, at: datetime
    ) -> CertificateRecord:
        """Approve a certificate that somebody else put forward.

        Raises: Mistaken: not for this person.
        """

    def revoke_certificate(
        self, organisation: OrganisationId, digest: str, reason: str, *, by: Officer, at: datetime
    ) -> CertificateRecord:
        """Take a certificate away at once.

        Raises: Mistaken: not for this person.
        """

    def programs(self, *, by: Officer) -> Sequence[ProgramLine]:
        """Return the requesters' systems.

        Raises: Mistaken: not for this person.
        """

    def revoke_program(self, identifier: str, *, by: Officer, at: datetime) -> None:
        """Revoke a system at once.

        Raises: Mistaken: not for this person, or no such system.
        """

    def publication(self, family: str, name: str, *, by: Officer) -> Mapping[str, str]:
        """Return what a proposal to publish one version or instrument says.

        Raises: Mistaken: not for this person, or there is no such one.
        """

    def suspensions(self, *, by: Officer, at: datetime) -> Sequence[SuspendedLine]:
        """Return every suspension that binds now.

        Raises: Mistaken: not for this person.
        """

    def lifting(self, family: str, reasons: str, *, by: Officer, at: datetime) -> Mapping[str, str]:
        """Return what a proposal to lift an agreement's suspension says.

        Raises: Mistaken: not for this person, or it is not suspended.
        """

    def shelf(self, *, by: Officer, at: datetime) -> Sequence[ShelfLine]:
        """Return what lies on the shelf of agreements, what is published first.

        Raises: Mistaken: not for this person.
        """
