"""Bank-holiday lists: published files, read whole, never guessed beyond their end."""

import csv
from datetime import date
from pathlib import Path

from privity.definitions.day import Calendar
from privity.errors import Unavailable

FIRST, LAST = date(2005, 1, 1), date(2028, 12, 31)
"""The span the lists in the repository cover; a list says so in its first line."""


def read_calendar(folder: Path, name: str) -> Calendar:
    """Return the calendar kept in `folder` under `name`.

    Raises: Unavailable: there is no such list, or it cannot be read.
    """
    path = folder / f"{name}.csv"
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        rows = list(csv.DictReader(lines))
        holidays = {date.fromisoformat(row["day"]): row["name"] for row in rows}
        proclaimed = {
            date.fromisoformat(row["day"]): date.fromisoformat(row["proclaimed"]) for row in rows if row["proclaimed"]
        }
    except (OSError, KeyError, ValueError) as wrong:
        raise Unavailable(
            f"the bank-holiday list `{name}` was not read",
            why="the file is missing or not in the published form",
            next_step="restore it from the agreements folder",
        ) from wrong
    return Calendar(name=name, first=FIRST, last=LAST, holidays=holidays, proclaimed=proclaimed)
