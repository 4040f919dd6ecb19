"""Counting cases by where they stand, from ledger entries alone.

Source: the form of the register of releases (REG: rejected, approved and traced, approved and not traced),
with a column for every other place a case can stand, because the reported figures of 2016 do not close
(domain.md 1.4(4)): 8,127 received, 7,437 approved, fewer than 120 refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from privity.errors import Impossible
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind


class Column(StrEnum):
    """A place a received request can stand in. Every status of a case has exactly one."""

    REJECTED = "rejected"
    """Sent back: the procedure was not followed or something was missing."""
    UNREADABLE = "unreadable"
    """What was sent could not be read; sent back."""
    REFUSED = "refused"
    """Refused, by the terms or in the public interest."""
    TRACED = "traced"
    """Approved, the person found, the answer sealed."""
    UNTRACED = "untraced"
    """Approved, nobody found, the answer sealed."""
    WITHDRAWN = "withdrawn"
    """Taken back by the requester."""
    HELD = "held"
    """Waiting for a suspension to be lifted."""
    OPEN = "open"
    """Still being worked on."""


COLUMN_OF: Mapping[str, Column] = {
    "received": Column.OPEN,
    "unreadable": Column.UNREADABLE,
    "returned": Column.REJECTED,
    "held": Column.HELD,
    "referred": Column.OPEN,
    "judging-purpose": Column.OPEN,
    "purpose-divided": Column.OPEN,
    "with-requester": Column.OPEN,
    "refused": Column.REFUSED,
    "approved": Column.OPEN,
    "judging-identity": Column.OPEN,
    "identity-divided": Column.OPEN,
    "protected": Column.OPEN,
    "identified": Column.OPEN,
    "harm-review": Column.OPEN,
    "forwarding": Column.OPEN,
    "forwarded": Column.OPEN,
    "unidentified": Column.OPEN,
    "sealed": Column.TRACED,
    "sent": Column.TRACED,
    "collected": Column.TRACED,
    "destroyed": Column.TRACED,
    "untraced": Column.UNTRACED,
    "withdrawn": Column.WITHDRAWN,
}
"""The column of every status, by the word the ledger carries."""


OVERDUE_AFTER: Mapping[EntryKind, bool] = {
    EntryKind.DESTRUCTION_OVERDUE: True,
    EntryKind.DESTRUCTION_CONFIRMED: False,
}
"""What the ledger says of an answer's destruction at the requester: the day passed without a word, or the word came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """One row of the table. INVARIANT: `received` is the sum of the columns.

    `refused_by_terms` is the part of `refused` that followed from the terms, a ruling on what a term means included.
    `overdue` is how many answers should have been destroyed by now without a confirmation, whichever column their
    cases stand in.
    """

    requester: str
    received: int
    rejected: int
    refused: int
    traced: int
    untraced: int
    withdrawn: int
    held: int
    open: int
    refused_by_terms: int = 0
    unreadable: int = 0
    overdue: int = 0

    def __post_init__(self) -> None:
        parts = (
            self.rejected,
            self.unreadable,
            self.refused,
            self.traced,
            self.untraced,
            self.withdrawn,
            self.held,
            self.open,
        )
        if (
            sum(parts) != self.received
            or not 0 <= self.refused_by_terms <= self.refused
            or not 0 <= self.overdue <= self.received
        ):
            raise Impossible(
                f"the figures of `{self.requester}` were not published",
                why=f"the columns add up to {sum(parts)} and {self.received} were received",
                next_step="report this; compare with `privity audit`",
            )


@dataclass(slots=True)
class _Case:
    family: str
    received: str
    status: str
    by_terms: bool = False
    overdue: bool = False


@dataclass(slots=True)
class Fold:
    """Where every case stands after the entries seen so far. Feed it entries in ledger order."""

    size: int = 0
    _cases: dict[str, _Case] = field(default_factory=dict)

    def see(self, entries: Iterable[Entry]) -> "Fold":
        """Take in the next entries and return itself."""
        for entry in entries:
            self.size += 1
            status = entry.facts.get("status")
            if entry.case in self._cases and entry.kind in OVERDUE_AFTER:
                self._cases[entry.case].overdue = OVERDUE_AFTER[entry.kind]
            if entry.kind is EntryKind.CASE_OPENED:
                family, received = entry.facts.get("family", ""), entry.facts.get("received", "")
                self._cases[entry.case] = _Case(str(family), str(received), str(status))
            elif status is not None and entry.case in self._cases:
                case = self._cases[entry.case]
                case.status = str(status)
                if entry.outcome.startswith("refused-"):
                    case.by_terms = entry.outcome != "refused-public-interest"
        return self

    def years(self) -> tuple[int, ...]:
        """Return the calendar years in which anything was received, newest first."""
        return tuple(sorted({int(case.received[:4]) for case in self._cases.values()}, reverse=True))

    def table(self, *, year: int | None = None) -> tuple[Counts, ...]:
        """Return one row a kind of requester (its agreement), by name, of what was received in a calendar year.

        Raises: Impossible: a status has no column, so the table would not close.
        """
        rows: dict[str, dict[str, int]] = {}
        for case in self._cases.values():
            if year is not None and not case.received.startswith(f"{year}-"):
                continue
            row = rows.setdefault(case.family, dict.fromkeys((*Column, "by_terms", "overdue"), 0))
            column = COLUMN_OF.get(case.status)
            if column is None:
                raise Impossible(
                    "the figures were not published",
                    why=f"the ledger carries a status `{case.status}` that no column counts",
                    next_step="report this",
                )
            row[column] += 1
            row["by_terms"] += column is Column.REFUSED and case.by_terms
            row["overdue"] += case.overdue
        return tuple(_counts(name, rows[name]) for name in sorted(rows))


def _counts(requester: str, row: Mapping[str, int]) -> Counts:
    columns = {column.value: row[column] for column in Column}
    return Counts(
        requester=requester,
        received=sum(columns.values()),
        refused_by_terms=row["by_terms"],
        overdue=row["overdue"],
        **columns,
    )


def total(rows: Iterable[Counts], *, name: str = "all") -> Counts:
    """Return the sum of rows."""
    kept = list(rows)
    columns = {column.value: sum(getattr(row, column.value) for row in kept) for column in Column}
    return Counts(
        requester=name,
        received=sum(row.received for row in kept),
        refused_by_terms=sum(row.refused_by_terms for row in kept),
        overdue=sum(row.overdue for row in kept),
        **columns,
    )
