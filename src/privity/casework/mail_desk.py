"""Which mails wait, went, or were refused, as an administrator sees them, and as an officer sees those of one case.

Rules of the module:
- A line says whom, of how many things of which kind, and how it went. It holds no address and no reference of a person;
  an administrator, who reads no case, is not told of which cases either.
- Trying again hands over the same letters under the same name: a relay that took them after all drops the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from privity.casework.instance_records import ContactRecord
from privity.casework.languages import PEOPLE
from privity.casework.notifications import CUSTODIAN, DEPARTMENT
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference

OURS: dict[str, str] = {
    CUSTODIAN: "the custodian’s desk",
    DEPARTMENT: "the department",
    PEOPLE: "people who asked about themselves",
}
"""Who is told besides the organisations that are enrolled."""
TOLD_HERE = tuple(OURS.values())
PAGE = 50
"""Mails on a page."""


class MailState(StrEnum):
    """How it stands with one mail."""

    REFUSED = "refused"
    """Refused so often that nobody tries any more: somebody has to look at the mailbox."""
    AGAIN = "again"
    """Refused, and tried again by itself."""
    WAITING = "waiting"
    """Made, and not handed over yet."""
    SENT = "sent"
    """The relay has taken it."""

    @property
    def words(self) -> str:
        """Return the state as a page shows it."""
        return _WORDS[self]


_WORDS = {
    MailState.REFUSED: "Given up: refused too often",
    MailState.AGAIN: "Refused, and tried again by itself",
    MailState.WAITING: "Waiting to go",
    MailState.SENT: "Sent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """One mail. `tells` are the headings of what it tells, each with how often; `why` is what the relay answered."""

    name: str
    organisation: str
    state: MailState
    tells: tuple[tuple[str, int], ...]
    made_at: datetime
    sent_at: datetime | None
    attempts: int
    again_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMail:
    """One thing one organisation was told about one case, and how its mail stands."""

    mail: MailLine
    says: str
    day: date
    day_is: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    """A page of mails, those first that need somebody, then the newest; with how many there are of each state."""

    lines: tuple[MailLine, ...]
    counts: dict[MailState, int]
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How one organisation is reached: its mailbox, if any, and the language it is written to in."""

    organisation: str
    words: str
    contact: ContactRecord | None
    language: str
    untranslated: int


class MailDesk(Protocol):
    """Where the pages about mails get them from."""

    def mails(self, *, state: str, page: int, by: Officer, at: datetime) -> MailPage:
        """Return a page of mails; `state` narrows to one, or does not."""

    def of_case(self, reference: CaseReference, *, by: Officer, at: datetime) -> Sequence[CaseMail]:
        """Return what was told about a case, oldest first.

        Raises: Mistaken: there is no such case for this person.
        """

    def try_again(self, name: str, *, by: Officer, at: datetime) -> None:
        """Have a refused mail go with the next pass.

        Raises: Mistaken: there is none of that name, or it was sent.
        """

    def try_case_again(self, reference: CaseReference, name: str, *, by: Officer, at: datetime) -> None:
        """Have a refused mail about a case go with the next pass.

        Raises: Mistaken: there is no such case for this person, none of that name about it, or it was sent.
        """

    def reached(self, *, by: Officer) -> Sequence[Reached]:
        """Return how every organisation is reached."""

    def languages(self) -> Sequence[tuple[str, str]]:
        """Return the languages there are, by code and own name."""

    def set_mailbox(self, organisation: str, address: str, *, by: Officer, at: datetime) -> None:
        """Set an organisation's mailbox; an empty address ends it.

        Raises: Mistaken: it is no mail address, or the organisation is not known.
        """

    def choose_language(self, organisation: str, code: str, *, by: Officer, at: datetime) -> None:
        """Choose the language an organisation is written to in.

        Raises: Mistaken: there is no such translation, or it cannot be used. Unavailable: it cannot be read.
        """
