"""The queue as a file for a spreadsheet: every case that fits a filter, as the page lists them, and nothing more.

Rules of the module:
- A line holds what the queue shows and no particular of anybody sought.
- No cell can be taken for a formula: what starts like one is put behind an apostrophe, and no number is negative.
- Headers, days and our names of things are data and the same in every language; `standing` is for whoever reads it.
"""

import csv
import io
from collections.abc import Callable, Iterable

from privity.casework.desk import QueueLine

MOST_LISTED = 20_000
"""Cases in one file at most; beyond that somebody narrows the filter."""
COLUMNS = (
    "case",
    "requester",
    "purpose",
    "status",
    "standing",
    "officer",
    "received_on",
    "due",
    "working_days_left",
    "working_days_late",
    "urgent",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def listed_as_csv(lines: Iterable[QueueLine], said: Callable[[str], str] = str) -> str:
    """Return the lines as CSV, in the order they are given, with a header.

    Args: said: how the reader's language says a status.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([plain_cell(cell) for cell in _cells(line, said)])
    return text.getvalue()


def _cells(line: QueueLine, said: Callable[[str], str]) -> tuple[str, ...]:
    left = line.working_days_left
    return (
        line.reference,
        line.organisation,
        line.purpose,
        line.status.value,
        said(line.status.words),
        line.assigned_to,
        line.received_on.isoformat(),
        line.due.isoformat() if line.due else "",
        "" if left is None else str(max(left, 0)),
        "" if left is None else str(max(-left, 0)),
        "yes" if line.urgent else "no",
    )
