"""The auditor's desk as the pages know it: entries, export, verification. It has no way to any plaintext."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from privity.definitions.party import Officer
from privity.ledger.entry import Fact
from privity.ledger.entry_kind import EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are wanted. Empty means all. `case` is the key identifier that entries of one case share."""

    kind: str = ""
    organisation: str = ""
    case: str = ""
    padding: bool = False
    """Whether entries that say that nothing happened are wanted too."""
    before: int | None = None
    """Only entries older than this index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry as it stands in the ledger."""

    index: int
    at: datetime
    kind: EntryKind
    case: str
    organisation: str
    role: str
    agreement: str
    clauses: Sequence[str]
    outcome: str
    facts: Mapping[str, Fact]
    commitments: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """A page of entries, newest first. `older` is where the next page begins, or None at the first entry."""

    lines: Sequence[EntryLine]
    size: int
    older: int | None
    looked_at: int
    """How many entries were looked at for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry, with the leaf as it is hashed and the proof that the newest checkpoint holds it."""

    line: EntryLine
    leaf: str
    leaf_hash: str
    proof: str


IS_INTACT = "every entry is the one that was signed"
IS_ANOTHER = "the ledger is shorter than, or another than, what was signed before"
SAID = (IS_INTACT, IS_ANOTHER)
"""What a check says in words of ours; of an altered ledger it says what the check found, in its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What verifying the ledger came to."""

    intact: bool
    said: str
    size: int
    root: str
    first_bad: int | None
    seconds: float
    at: datetime


class Auditor(Protocol):
    """What an auditor sees and does."""

    def entries(self, asked: EntryFilter, *, by: Officer) -> Entries:
        """Return a page of entries.

        Raises: Mistaken: not for this person.
        """

    def entry(self, index: int, *, by: Officer) -> EntryView:
        """Return one entry.

        Raises: Mistaken: not for this person, or there is no such entry.
        """

    def export(self, *, by: Officer, at: datetime) -> tuple[str, Iterator[bytes]]:
        """Return the name and the bytes of the whole ledger as one file, to be checked elsewhere.

        Raises: Mistaken: not for this person. Unavailable: it could not be written.
        """

    def verify(self, *, by: Officer, at: datetime) -> Verified:
        """Check every entry, tile and checkpoint of the ledger, as an outsider would.

        Raises: Mistaken: not for this person.
        """
