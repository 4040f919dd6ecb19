"""The records of who may take part: officers as two people enrolled them, and what waits for a second person."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from privity.casework.record import Record


class Standing(StrEnum):
    """Whether an officer may sign in."""

    OPEN = "open"
    """May sign in."""
    WITHOUT_ROLE = "without-role"
    """The role was taken away: may not sign in until two people grant one again."""
    CLOSED = "closed"
    """The account was closed: may not sign in until two people open it again."""


class Change(StrEnum):
    """What one person can put forward and another has to confirm: whatever widens what somebody may do."""

    ENROL = "enrol"
    """A new officer with a role."""
    ROLE = "role"
    """Another role, or the same again, for somebody who is enrolled."""
    RESET = "reset"
    """New credentials for somebody who lost theirs: password and second factor are made anew."""
    SIGN_ON = "sign-on"
    """That somebody of the organisation's own sign-on is this officer."""
    PROGRAM = "program"
    """A requester's system that may use the interface."""
    PUBLICATION = "publication"
    """A version, suspension or withdrawal of an agreement."""
    RESUMPTION = "resumption"
    """The end of a suspension: requests are taken up again."""

    @property
    def is_about_terms(self) -> bool:
        """Return whether the change is of what may leave: an administrator proposes it, the guardian confirms it."""
        return self in (Change.PUBLICATION, Change.RESUMPTION)

    @property
    def is_about_a_person(self) -> bool:
        """Return whether the change is about one officer, who then can neither propose nor confirm it."""
        return self in (Change.ENROL, Change.ROLE, Change.RESET, Change.SIGN_ON)


class Outcome(StrEnum):
    """What became of a proposal."""

    WAITING = ""
    """Nobody has decided it."""
    CONFIRMED = "confirmed"
    """A second person confirmed it, and it holds."""
    WITHDRAWN = "withdrawn"
    """It was taken back, or a second person said no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerRecord(Record):
    """An officer as enrolled. `reference` is the staff identifier. Nobody signs in whose account says otherwise.

    `sessions` counts how often every session was ended, `factors` how often the credentials were made anew.
    `issuer` and `subject` are who the person is at their organisation's own sign-on, or empty.
    """

    table: ClassVar[str] = "officer"
    begins: ClassVar[bool] = True
    name: str
    organisation: str
    role: str
    rank: str
    standing: str
    sessions: int
    factors: int
    issuer: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRecord(Record):
    """What one person put forward and another has to confirm. `reference` is 32 random hexadecimal digits.

    `about` is whom or what it changes, `content` the change in canonical JSON, exactly as the second person sees it.
    """

    table: ClassVar[str] = "proposal"
    begins: ClassVar[bool] = True
    change: str
    about: str
    content: str
    proposed_by: str
    proposed_at: str
    ended_by: str
    ended_at: str
    outcome: str
