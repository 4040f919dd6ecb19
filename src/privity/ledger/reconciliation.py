"""Rows against commitments: does a database still hold what the ledger says was written?

Rules of the module:
- The newest entry that names a row commits to every column of it; rows that change are written whole each time.
- A finding names table, column and case, and never a value.
- Values are compared by exact type: what was committed to as text is not answered by a number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from privity.ledger.canonical import NotCanonical
from privity.ledger.commitment import CommitmentRefused, field_key, opens
from privity.ledger.entry import Entry


class Difference(StrEnum):
    """How a database and the ledger differ. The list is closed."""

    EDITED = "edited"
    """A column holds another value than the one the ledger commits to."""
    DELETED = "deleted"
    """The ledger names a row that is not there."""
    INSERTED = "inserted"
    """A row is there that no entry names."""
    MISLED = "misled"
    """A row points at another entry than the newest that names it."""
    UNCOMMITTED = "uncommitted"
    """A column is there that no entry commits to."""
    KEY_GONE = "key gone"
    """A case has entries and no key, and no entry says that its key was destroyed."""
    SURVIVED = "survived"
    """Something of a case is there although the ledger says it was destroyed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place where a database and the ledger differ.

    Args: column: empty where the whole row is concerned. case: the reference whose key the row stands under, or the
          identifier of the key where nothing else is left. entry: the ledger index concerned, where there is one.
    """

    difference: Difference
    table: str
    column: str
    case: str
    entry: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """One row as a database holds it. `values` are its columns but `entry`, as they came from the driver."""

    table: str
    number: int
    entry: object
    values: Mapping[str, object] = field(repr=False)

    @property
    def called(self) -> str:
        """Return what commitments call the row."""
        return f"{self.table}/{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What the newest entry that names a row commits to, by column."""

    index: int
    eid: bytes
    columns: Mapping[str, str]


def committed_rows(entries: Sequence[tuple[int, Entry]]) -> Mapping[str, Committed]:
    """Return, for every row that entries of one case name, what the newest of them says of it."""
    found: dict[str, Committed] = {}
    for index, entry in entries:
        rows: dict[str, dict[str, str]] = {}
        for name, commitment in entry.commitments.items():
            called, _, column = name.rpartition(".")
            rows.setdefault(called, {})[column] = commitment
        for called, columns in rows.items():
            found[called] = Committed(index=index, eid=entry.eid, columns=columns)
    return found


def reconcile(
    case: str, key: bytes, entries: Sequence[tuple[int, Entry]], rows: Sequence[HeldRow]
) -> Iterator[Finding]:
    """Yield every difference between one case's rows and its entries; nothing where they agree.

    Args:   entries: all entries of the case's key, with their indexes, oldest first.
    Raises: CommitmentRefused: the key is not 32 bytes.
    """
    named = dict(committed_rows(entries))
    strangers = []
    for row in rows:
        committed = named.pop(row.called, None)
        if committed is None:
            strangers.append(row)
        else:
            yield from _compare(case, key, row, committed)
    missing = {called.partition("/")[0] for called in named}
    for row in strangers:
        # One row too many beside one too few of the same table: most likely one that was given another number.
        column = "number" if row.table in missing else ""
        yield Finding(difference=Difference.INSERTED, table=row.table, column=column, case=case)
    for called, committed in named.items():
        table = called.partition("/")[0]
        yield Finding(difference=Difference.DELETED, table=table, column="", case=case, entry=committed.index)


def _compare(case: str, key: bytes, row: HeldRow, committed: Committed) -> Iterator[Finding]:
    def finding(difference: Difference, column: str) -> Finding:
        return Finding(difference=difference, table=row.table, column=column, case=case, entry=committed.index)

    if type(row.entry) is not int or row.entry != committed.index:
        yield finding(Difference.MISLED, "entry")
    for column, value in row.values.items():
        commitment = committed.columns.get(column)
        if commitment is None:
            yield finding(Difference.UNCOMMITTED, column)
        elif not _opens(key, committed.eid, f"{row.called}.{column}", value, commitment):
            yield finding(Difference.EDITED, column)
    for column in committed.columns.keys() - row.values.keys():
        yield finding(Difference.DELETED, column)


def _opens(key: bytes, eid: bytes, name: str, value: object, commitment: str) -> bool:
    """Return whether a column's value is the one committed to. A value no row of ours can hold is not."""
    if type(value) not in (str, int, bool, type(None)):
        return False
    assert isinstance(value, str | int | bool | None)
    try:
        return opens(field_key(key, eid, name), name, value, commitment)
    except (NotCanonical, CommitmentRefused):
        return False
