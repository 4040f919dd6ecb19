"""How the log ends as a transaction finds it: the right edge of its tree, and the newest checkpoint.

Rules of the module:
- It is read anew in every transaction, in one statement. Nothing is believed because it is remembered.
- What was signed here last is remembered beside the row it was written as. Where the row that is read is the same, byte
  for byte, it is not taken apart and compared again; any other row is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from privity.edge.store.statements import send
from privity.ledger.merkle import Frontier
from privity.ledger.tiles import split_hashes

# An expression, not the column: SQLite gives text then, and Django's slow reading of moments stays out of every act.
_SELECT_ENDING = (
    "SELECT head.size, head.frontier, newest.note, COALESCE(newest.signed_at, NULL) FROM log_head AS head"
    " LEFT JOIN log_checkpoint AS newest ON newest.id = (SELECT MAX(id) FROM log_checkpoint) WHERE head.id = 1"
)

Row = tuple[int, bytes, bytes | None, str | datetime | None]
"""Size, right edge, newest note and its moment, as the database gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the log ends."""

    head: Frontier
    note: bytes | None
    signed_at: datetime | None
    signed_as: str = ""
    """The name under which this process signed `note` over this very `head`; empty where that must be looked at."""


@dataclass(slots=True)
class LastSigned:
    """What was signed here last, with the row it is. Several threads may set it: which was right, the row says."""

    _held: tuple[Row, Ending] | None = None

    def keep(self, ending: Ending, signed_at: str) -> None:
        """Remember an ending that was just written, with its moment as the database keeps it."""
        row = (ending.head.size, b"".join(ending.head.peaks), ending.note, signed_at)
        self._held = (row, ending)

    def known_by(self, row: Row) -> Ending | None:
        """Return the ending that was written as this row, where that is the one remembered."""
        held = self._held
        return held[1] if held is not None and held[0] == row else None


def read_ending(alias: str, last: LastSigned) -> Ending:
    """Return how the log ends, in one reading; true until the transaction ends where one writes at a time."""
    row = send(alias, _SELECT_ENDING).fetchone()
    if row is None:
        return Ending(head=Frontier(), note=None, signed_at=None)
    known = last.known_by(row)
    if known is not None:
        return known
    size, peaks, note, signed_at = row
    return Ending(
        head=frontier_of(size, peaks),
        note=None if note is None else bytes(note),
        signed_at=in_utc(datetime.fromisoformat(signed_at) if isinstance(signed_at, str) else signed_at),
    )


def frontier_of(size: int, peaks: bytes) -> Frontier:
    """Return the right edge as the database keeps it."""
    return Frontier(size=size, peaks=tuple(split_hashes(bytes(peaks))))


def in_utc(moment: datetime | None) -> datetime | None:
    """Return a moment with its zone: SQLite keeps moments in UTC and says no zone."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
