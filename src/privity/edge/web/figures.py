"""The public table of one year as rows, as CSV and as JSON, all from one view.

INVARIANT: a row that does not add up is never shown; every request received is counted exactly once.
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from privity.casework.desk import StatisticsLine, StatisticsView
from privity.errors import Impossible
from privity.statistics.publication import MADE_UP

OUTCOMES = ("rejected", "unreadable", "refused", "traced", "untraced", "withdrawn", "held", "open")
"""Where a request can have got to, in the reported order. Together they are all that was received."""
OVERDUE = "destruction-overdue"
"""What a download calls the answers that are not destroyed in time, as the publications of the quarters do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One requester's requests: how many came in, and what became of each.

    Raises: Impossible: the outcomes are not all that was received.
    """

    requester: str
    received: int
    outcomes: Mapping[str, int]
    overdue: int = 0
    """Answers that should have been destroyed by now without a confirmation; no part of the sum."""

    def __post_init__(self) -> None:
        if self.received != sum(self.outcomes.values()):
            raise Impossible(
                "the statistics were not shown",
                why="a row does not add up to what was received",
                next_step="report this: the figures are recomputed from the ledger",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The table of one year. `until` is the last day that it counts; a published quarter has none."""

    year: int
    rows: tuple[Row, ...]
    total: Row
    until: date | None = None


def figures(view: StatisticsView) -> Figures:
    """Return the table behind page, chart, CSV and JSON.

    Raises: Impossible: a row, or the total, does not add up.
    """
    rows = tuple(_row(line) for line in view.lines)
    total = _row(view.total)
    if total.overdue != sum(row.overdue for row in rows):
        raise Impossible(
            "the statistics were not shown",
            why="the total of what is not destroyed in time is not the sum of its column",
            next_step="report this: the figures are recomputed from the ledger",
        )
    for outcome in OUTCOMES:
        if total.outcomes[outcome] != sum(row.outcomes[outcome] for row in rows):
            raise Impossible(
                "the statistics were not shown",
                why=f"the total of `{outcome}` is not the sum of its column",
                next_step="report this: the figures are recomputed from the ledger",
            )
    return Figures(year=view.year, rows=rows, total=total, until=view.until)


def _row(line: StatisticsLine) -> Row:
    return Row(
        requester=line.requester,
        received=line.received,
        outcomes={
            "rejected": line.rejected,
            "unreadable": line.unreadable,
            "refused": line.refused,
            "traced": line.traced,
            "untraced": line.untraced,
            "withdrawn": line.withdrawn,
            "held": line.held,
            "open": line.open,
        },
        overdue=line.overdue,
    )


def as_csv(table: Figures, *, made_up: bool = False) -> str:
    """Return the table as CSV with a header line, one row a requester and a total.

    Args: made_up: puts a last column `made-up` into every row, which real figures do not have.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    invented = (MADE_UP,) if made_up else ()
    writer.writerow(["year", "requester", "received", *OUTCOMES, OVERDUE, "until", *invented])
    until = table.until.isoformat() if table.until else ""
    for row in (*table.rows, table.total):
        counts = (row.received, *row.outcomes.values(), row.overdue)
        writer.writerow([table.year, row.requester, *counts, until, *("yes" for _ in invented)])
    return text.getvalue()


def as_json(table: Figures, *, made_up: bool = False) -> str:
    """Return the table as one JSON object: `year`, `until` where it has one, `rows` and `total`.

    Args: made_up: adds `made-up`, which real figures do not have.
    """
    return json.dumps(
        {
            "year": table.year,
            **({"until": table.until.isoformat()} if table.until else {}),
            **({MADE_UP: True} if made_up else {}),
            "rows": [_object(row) for row in table.rows],
            "total": _object(table.total),
        },
        ensure_ascii=False,
        indent=1,
    )


def _object(row: Row) -> dict[str, str | int]:
    return {"requester": row.requester, "received": row.received, **row.outcomes, OVERDUE: row.overdue}
