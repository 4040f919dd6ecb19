"""Words of this custodian's own that nothing about a debt may hold, beside the list that ships with the program.

Rules of the module:
- The shipped list is ours and English. No list that is openly licensed, kept up and free of surnames was at hand, so a
  custodian adds the words of its own clinics, projects and languages, and they bind at once.
- Adding a word narrows, and one administrator does it. Taking one back widens what may leave: that is the guardian's.
- A word in force stops a file when it is taken in, and a debt that was taken in before when it is next asked about,
  which is at the latest just before its month's run is sealed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from privity.casework.instance_records import HealthWordRecord
from privity.casework.ports import Act, UnitOfWork
from privity.casework.public_desk import PublicUnit
from privity.casework.record import moment
from privity.definitions.party import Officer
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.health_words import read_own_word

OWN = "own"
"""The reference under which a custodian's own words are kept."""
MOST_WORDS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLine:
    """One word, as the page shows it: who added it and when."""

    word: str
    added_at: datetime
    added_by: str


class WordDesk(Protocol):
    """What an administrator and the guardian see and do about words that are kept out of debts."""

    def words(self, *, by: Officer) -> Sequence[WordLine]:
        """Return the words in force, by their letters.

        Raises: Mistaken: not for this person.
        """

    def shipped(self) -> Sequence[str]:
        """Return the words that ship with the program, by their letters."""

    def add(self, text: str, *, by: Officer, at: datetime) -> str:
        """Keep a word out from now on, and return it as it is looked for.

        Raises: Mistaken: not for this person, no word, or kept out already.
        """

    def take_back(self, word: str, *, by: Officer, at: datetime) -> None:
        """Let a word pass again.

        Raises: Mistaken: not for this person, or it is not kept out.
        """


def own_words(unit: UnitOfWork) -> frozenset[str]:
    """Return the words of this custodian's own that are in force."""
    return frozenset(one.word for one in unit.held(HealthWordRecord, OWN) if not one.withdrawn_at)


def add_word(unit: PublicUnit, text: str, *, by: Officer, at: datetime) -> HealthWordRecord:
    """Keep a word out of every debt from now on.

    Raises: Mistaken: it is no word, is kept out already, or there are too many.
    """
    word, kept = read_own_word(text), unit.held(HealthWordRecord, OWN)
    if any(one.word == word and not one.withdrawn_at for one in kept):
        raise _unchanged("it is kept out already", "look at the list")
    if sum(not one.withdrawn_at for one in kept) >= MOST_WORDS:
        raise _unchanged(f"there are {MOST_WORDS:,} already", "take back some that are not needed")
    record = HealthWordRecord(
        reference=OWN,
        number=len(kept) + 1,
        word=word,
        added_at=moment(at),
        added_by=by.staff_id,
        withdrawn_at="",
        withdrawn_by="",
    )
    _write(unit, EntryKind.HEALTH_WORD_ADDED, record, by, at)
    return record


def take_word_back(unit: PublicUnit, word: str, *, by: Officer, at: datetime) -> HealthWordRecord:
    """Let a word pass again.

    Raises: Mistaken: it is not kept out.
    """
    standing = [one for one in unit.held(HealthWordRecord, OWN) if one.word == word and not one.withdrawn_at]
    if not standing:
        raise _unchanged("it is not kept out here", "look at the list")
    gone = replace(standing[0], withdrawn_at=moment(at), withdrawn_by=by.staff_id)
    _write(unit, EntryKind.HEALTH_WORD_WITHDRAWN, gone, by, at)
    return gone


def _write(unit: PublicUnit, kind: EntryKind, record: HealthWordRecord, by: Officer, at: datetime) -> None:
    unit.write(Act(kind=kind, at=at, by=by, key=f"{HealthWordRecord.table}:{OWN}", records=(record,)))


def _unchanged(why: str, next_step: str) -> Mistaken:
    return Mistaken("the words were not changed", why=why, next_step=next_step)
