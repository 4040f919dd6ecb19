"""The live table of a year, followed entry by entry, so that one shown at some moment can be found again in the ledger.

Rules of the module:
- A live table does not say how long the ledger was when it was made: that would tell outsiders how much happens between
  two visits. An auditor, who holds the entries, finds the moment instead.
- A table that tells the last day it counts is compared with what the ledger counts at the end of that day, and with
  nothing later.
- Rows are compared by their counts: a page calls requesters by words, the ledger by the families of their agreements.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from privity.definitions.day import civil_day
from privity.errors import Mistaken
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.statistics.counts import COLUMN_OF, OVERDUE_AFTER, Column
from privity.statistics.publication import MADE_UP

Counted = tuple[int, ...]
"""What was received, each column in its order, and last, where the table tells it, what is not destroyed in time."""
OVERDUE = "destruction-overdue"
UNTIL = "until"
"""The last day that a table counts, which tables since November 2026 tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTable:
    """A live table as it was downloaded. INVARIANT: its total is the sum of its rows.

    `tells_overdue`: whether it says how many answers are not destroyed in time, as tables since November 2026 do.
    `until`: the last day that it counts; None in tables that moved with every act.
    """

    year: int
    rows: tuple[Counted, ...]
    tells_overdue: bool = False
    until: date | None = None


def read_live_table(text: bytes) -> LiveTable | None:
    """Return the table of a year that a page served as JSON, or None where the text is something else.

    Raises: Mistaken: it is such a table, and does not add up.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if (
        not isinstance(told, dict)
        or set(told) - {UNTIL, MADE_UP} != {"year", "rows", "total"}
        or not isinstance(told["rows"], list)
    ):
        return None
    names = ("received", *(column.value for column in Column))
    tells_overdue = isinstance(told["total"], Mapping) and OVERDUE in told["total"]
    asked = (*names, OVERDUE) if tells_overdue else names
    rows, total = [_counted(row, asked) for row in told["rows"]], _counted(told["total"], asked)
    sums = tuple(sum(column) for column in zip(*rows, strict=True)) if rows else (0,) * len(asked)
    unequal = any(row[0] != sum(row[1 : len(names)]) for row in rows)
    if sums != total or unequal or not isinstance(told["year"], int):
        raise _unreadable("its rows do not add up to its total")
    until = _until(told[UNTIL]) if UNTIL in told else None
    return LiveTable(year=told["year"], rows=tuple(sorted(rows)), tells_overdue=tells_overdue, until=until)


def _until(told: object) -> date:
    try:
        return date.fromisoformat(str(told))
    except ValueError as wrong:
        raise _unreadable("the day it counts to is no day") from wrong


def _counted(row: object, names: Sequence[str]) -> Counted:
    if not isinstance(row, Mapping):
        raise _unreadable("a row is no row")
    # A table downloaded before requests could be unreadable has no such column, and had no such request.
    told = {Column.UNREADABLE.value: 0, **row}
    counts = tuple(told.get(name) for name in names)
    if not all(type(count) is int and count >= 0 for count in counts):
        raise _unreadable("a cell is no count")
    return tuple(int(str(count)) for count in counts)


@dataclass(slots=True, kw_only=True)
class Following:
    """The counts of one year after the entries seen so far, and for which sizes of the ledger they were a table's."""

    table: LiveTable
    size: int = 0
    sizes: list[tuple[int, int]] = field(default_factory=list)
    _cases: dict[str, tuple[str, Column]] = field(default_factory=dict)
    _counts: dict[str, Counter[Column]] = field(default_factory=dict)
    _overdue: dict[str, set[str]] = field(default_factory=dict)
    _holds: bool = False

    @property
    def found(self) -> list[tuple[int, int]]:
        """Return the sizes of the ledger that count this table; where it tells its day, only those up to its end."""
        return self.sizes if self.table.until is None or self._holds else []

    def see(self, entries: Iterable[Entry]) -> None:
        """Take in the next entries, up to the table's day where it tells one."""
        for entry in entries:
            if self.table.until is not None and civil_day(entry.at) > self.table.until:
                return
            self.size += 1
            if self._counted(entry):
                self._holds = self._rows() == self.table.rows
            if self._holds:
                begun = self.sizes[-1][0] if self.sizes and self.sizes[-1][1] == self.size - 1 else self.size
                if begun != self.size:
                    self.sizes.pop()
                self.sizes.append((begun, self.size))

    def _counted(self, entry: Entry) -> bool:
        """Return whether an entry changed the counts of the year."""
        status = entry.facts.get("status")
        if entry.kind is EntryKind.CASE_OPENED:
            if not str(entry.facts.get("received", "")).startswith(f"{self.table.year}-"):
                return False
            family, column = str(entry.facts.get("family", "")), COLUMN_OF[str(status)]
            self._cases[entry.case] = (family, column)
            self._counts.setdefault(family, Counter())[column] += 1
            return True
        known = self._cases.get(entry.case)
        moved = known is not None and self._counted_overdue(known[0], entry)
        if known is None or status is None or COLUMN_OF[str(status)] is known[1]:
            return moved
        family, before = known
        after = COLUMN_OF[str(status)]
        self._cases[entry.case] = (family, after)
        self._counts[family][before] -= 1
        self._counts[family][after] += 1
        return True

    def _counted_overdue(self, family: str, entry: Entry) -> bool:
        """Return whether an entry changed how many answers of the year are not destroyed in time."""
        late = self._overdue.setdefault(family, set())
        if entry.kind not in OVERDUE_AFTER or OVERDUE_AFTER[entry.kind] is (entry.case in late):
            return False
        late ^= {entry.case}
        return True

    def _rows(self) -> Sequence[Counted]:
        rows = []
        for family, counts in self._counts.items():
            late = (len(self._overdue.get(family, ())),) if self.table.tells_overdue else ()
            rows.append((sum(counts.values()), *(counts[column] for column in Column), *late))
        return tuple(sorted(rows))


def _unreadable(why: str) -> Mistaken:
    return Mistaken("the table was not read", why=why, next_step="download it again from the page of its year")
