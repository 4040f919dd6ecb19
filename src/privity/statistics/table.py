"""The public table as one view model: pages, CSV and JSON are drawn from it and from nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from privity.statistics.counts import Column, Counts, total
from privity.statistics.suppression import Suppression, shown

HEADINGS: dict[str, str] = {
    "received": "Received",
    Column.REJECTED: "Sent back (procedure)",
    Column.UNREADABLE: "Sent back (could not be read)",
    Column.REFUSED: "Refused",
    Column.TRACED: "Approved and traced",
    Column.UNTRACED: "Approved, not traced",
    Column.WITHDRAWN: "Withdrawn",
    Column.HELD: "Held",
    Column.OPEN: "Open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row, every cell as it is shown."""

    requester: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table ready to be drawn. `headings` names the cells of every row."""

    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]
    total: TableRow
    setting: Suppression


def table_of(counts: Sequence[Counts], setting: Suppression) -> Table:
    """Return the table of these counts under a setting; the total is computed first and treated alike."""
    return Table(
        headings=tuple(HEADINGS.values()),
        rows=tuple(_row(row, setting) for row in counts),
        total=_row(total(counts), setting),
        setting=setting,
    )


def _row(counts: Counts, setting: Suppression) -> TableRow:
    return TableRow(requester=counts.requester, cells=tuple(shown(getattr(counts, name), setting) for name in HEADINGS))
