"""The lines of a CSV file as somebody's system or spreadsheet wrote it, or what keeps them from being read.

Rules of the module:
- A file is UTF-8, with or without byte order mark, and no longer than a person could mean it to be.
- Every error says what and what next, and never repeats what the file held.
"""

import csv
import itertools
from collections.abc import Iterator

from privity.request.intake_row import LONGEST_FIELD, RowError

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes."""
MOST_ROWS = 5_000
MOST_ERRORS = 200
"""A wrong file gives thousands of errors; the first ones tell what is wrong."""


def whole_file(what: str, next_step: str) -> RowError:
    """Return an error about a file as a whole."""
    return RowError(row=0, column="", what=what, next_step=next_step)


def too_large() -> RowError:
    """Return the error about a file that is too large."""
    return whole_file(f"it is larger than {LARGEST_FILE // 1024 // 1024} MiB", "send it in parts")


def decoded(content: bytes) -> str | RowError:
    """Return the text of a file in UTF-8, with or without byte order mark."""
    if len(content) > LARGEST_FILE:
        return too_large()
    if b"\x00" in content:
        return whole_file("it holds zero bytes", "save it as `CSV UTF-8`, not as UTF-16 or a workbook")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        row = content.count(b"\n", 0, wrong.start) + 1
        return RowError(
            row=row,
            column="",
            what=f"byte {wrong.start + 1} is not UTF-8",
            next_step="save the file as `CSV UTF-8`; parts in another encoding were probably pasted in",
        )


def lines_of(reader: "Iterator[list[str]]") -> Iterator[tuple[int, list[str]] | RowError]:
    """Yield each record with its number, as a spreadsheet counts rows, or the error that ends the reading."""
    for number in itertools.count(1):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield RowError(
                row=number,
                column="",
                what="the row cannot be read as CSV (a quote left open, or a field far too long)",
                next_step=f"mend the quotes; no field may be longer than {LONGEST_FIELD} characters",
            )
            return
        yield number, cells
