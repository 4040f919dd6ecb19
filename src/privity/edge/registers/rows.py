"""CSV rows as text, and what is wrong with them: shared by the register file and the particulars.

Rules of the room:
- An error says row, column, what and what next, and never the value. Row 1 is the header.
- At most `MOST_ERRORS` are collected; then it is said that there are more.
- Nothing is taken from a file in which any row is wrong.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from privity.errors import Mistaken, Unavailable

MOST_ERRORS = 100
LONGEST_FIELD = 10_000
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """One thing wrong in one row. `column` is empty where the whole row is."""

    row: int
    column: str
    what: str
    next_step: str

    def __str__(self) -> str:
        column = f", column `{self.column}`" if self.column else ""
        return f"row {self.row}{column}: {self.what}; {self.next_step}"


class RowsRefused(Mistaken):
    """A file was refused for its rows; `errors` holds each, in order."""

    def __init__(self, what: str, errors: Sequence[RowError]) -> None:
        shown = "\n  ".join(str(error) for error in errors[:20])
        more = f"\n  and {len(errors) - 20} more" if len(errors) > 20 else ""
        super().__init__(
            what,
            why=f"{len(errors)} errors in its rows",
            next_step=f"correct them and send the whole file again; nothing was taken\n  {shown}{more}",
        )
        self.errors = tuple(errors)


class RowReader:
    """Reads the fields of one row after another and remembers what was wrong."""

    def __init__(self) -> None:
        self.errors: list[RowError] = []
        self.row = 0
        self._fields: dict[str, str] = {}

    def take(self, row: int, fields: dict[str, str]) -> None:
        """Go on to the next row."""
        self.row = row
        self._fields = fields

    @property
    def is_full(self) -> bool:
        """Return whether so many errors were found that reading on helps nobody."""
        return len(self.errors) >= MOST_ERRORS

    def text(self, column: str) -> str:
        """Return the field without surrounding space."""
        return self._fields.get(column, "").strip()

    def wrong(self, column: str, what: str, next_step: str) -> None:
        """Remember an error of this row."""
        self.errors.append(RowError(row=self.row, column=column, what=what, next_step=next_step))

    def read(self, column: str, reading: Callable[[str], Value], default: Value) -> Value:
        """Return the field as `reading` makes it, or `default` where it is empty or wrong."""
        text = self.text(column)
        if not text:
            return default
        try:
            return reading(text)
        except Mistaken as error:
            self.wrong(column, error.why, error.next_step)
            return default

    def word(self, column: str, longest: int) -> str:
        """Return a text of one line and at most `longest` characters."""
        text = self.text(column)
        if len(text) > longest:
            self.wrong(column, f"it is longer than {longest} characters", "check that the columns are in place")
            return ""
        if not text.isprintable():
            self.wrong(column, "it holds a character that cannot be printed", "remove line feeds and tabs")
            return ""
        return text


def read_day(text: str) -> date:
    """Return an ISO day, with or without hyphens.

    Raises: Mistaken: it is none.
    """
    matched = _DAY.fullmatch(text)
    try:
        if matched is not None:
            return date(int(matched[1]), int(matched[2]), int(matched[3]))
    except ValueError:
        pass
    raise Mistaken("the day was not read", why="it is not a day of the calendar", next_step="write it as `1985-04-03`")


Required = Sequence[str | tuple[str, ...]]
"""Columns that may not be lacking; of several together, one has to be there."""


def read_table(path: Path, *, what: str, required: Required) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield row number and fields (by lower-case column name) of a CSV file in UTF-8 with a header.

    Args:   what: what the file is, for messages. required: columns it may not lack.
    Raises: Unavailable: it cannot be read. Mistaken: not UTF-8, a missing column, a malformed row.
    """
    csv.field_size_limit(LONGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [name.strip().lower() for name in next(reader, [])]
            check_header(header, what=what, required=required)
            for fields in reader:
                if not fields:
                    continue
                if len(fields) != len(header):
                    raise refused(
                        what,
                        f"row {reader.line_num} has {len(fields)} fields and the header {len(header)}",
                        "quote the fields that hold commas",
                    )
                yield reader.line_num, dict(zip(header, fields, strict=True))
    except OSError as error:
        raise unreadable(what, error) from error
    except UnicodeDecodeError as error:
        raise refused(what, "it is not UTF-8", "save it as CSV in UTF-8") from error
    except csv.Error as error:
        raise refused(what, f"row {reader.line_num} is malformed or too long", "save it as CSV anew") from error


def check_header(header: Sequence[str], *, what: str, required: Required) -> None:
    """Refuse columns that lack one, or name one twice.

    Raises: Mistaken: they do.
    """
    either = [(one,) if isinstance(one, str) else one for one in required]
    missing = [" or ".join(f"`{name}`" for name in names) for names in either if not set(names) & set(header)]
    if missing:
        raise refused(what, f"its header lacks {', '.join(missing)}", "add the columns, in any order")
    if len(set(header)) != len(header):
        raise refused(what, "its header names a column twice", "give each column its own name")


def refused(what: str, why: str, next_step: str) -> Mistaken:
    """Return the error for a file that is not taken."""
    return Mistaken(f"the {what} was not accepted", why=why, next_step=f"{next_step}; nothing was taken")


def unreadable(what: str, error: OSError) -> Unavailable:
    """Return the error for a file that the system did not let be read."""
    return Unavailable(
        f"the {what} was not read",
        why=(error.strerror or "the system refused").lower(),
        next_step="check that the file is there and that you may read it",
    )
