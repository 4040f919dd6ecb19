"""Bank-holiday lists: published files, read whole, never guessed beyond their end.

A list says in its first line which days it covers. What it does not say is not known: a shorter list in the place of
a longer one ends earlier, and a day on it that lies outside its own span makes it no list.
"""

import csv
import re
from datetime import date
from pathlib import Path

from privity.definitions.day import Calendar
from privity.errors import Unavailable

_SPAN = re.compile(r"# .*\bKnown from (\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})\.")


def calendars_end(folder: Path) -> date:
    """Return the last day that every list in a folder covers.

    Raises: Unavailable: there is no list, or one cannot be read.
    """
    names = sorted(path.stem for path in folder.glob("*.csv"))
    if not names:
        raise Unavailable("no bank-holiday list was read", why="there is none", next_step="restore the lists")
    return min(read_calendar(folder, name).last for name in names)


def read_calendar(folder: Path, name: str) -> Calendar:
    """Return the calendar kept in `folder` under `name`.

    Raises: Unavailable: there is no such list, or it cannot be read.
    """
    path = folder / f"{name}.csv"
    try:
        opening, *lines = path.read_text(encoding="utf-8").splitlines()
        span = _SPAN.match(opening)
        if span is None:
            raise ValueError("its first line does not say which days it covers")
        first, last = map(date.fromisoformat, span.groups())
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
        holidays = {date.fromisoformat(row["day"]): row["name"] for row in rows}
        proclaimed = {
            date.fromisoformat(row["day"]): date.fromisoformat(row["proclaimed"]) for row in rows if row["proclaimed"]
        }
        if not all(first <= day <= last for day in holidays):
            raise ValueError("a day on it lies outside the days it covers")
    except (OSError, KeyError, ValueError) as wrong:
        raise Unavailable(
            f"the bank-holiday list `{name}` was not read",
            why="the file is missing or not in the published form",
            next_step="restore it from the agreements folder",
        ) from wrong
    return Calendar(name=name, first=first, last=last, holidays=holidays, proclaimed=proclaimed)
