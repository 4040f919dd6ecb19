"""A quarter of a calendar year: the only period figures are published for.

Shorter periods would let a reader subtract one day's table from the next and find single cases (reliability.md T19).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from privity.errors import Mistaken

_FORM = re.compile(r"([0-9]{4})[Qq]([1-4])")
MONTHS = 3


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Quarter:
    """Three months, the first and last day included. Days are civil days in Europe/London."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """Return the quarter as `2017Q1`."""
        return f"{self.year:04d}Q{self.number}"

    @property
    def word(self) -> str:
        """Return the quarter as the ledger writes it: `2017q1`."""
        return self.name.lower()

    @property
    def first(self) -> date:
        """Return its first day."""
        return date(self.year, MONTHS * (self.number - 1) + 1, 1)

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> "Quarter":
        """Return the quarter after it."""
        return Quarter(year=self.year + self.number // 4, number=self.number % 4 + 1)

    def covers(self, day: date) -> bool:
        """Return whether a day lies in it."""
        return self.first <= day <= self.last


def read_quarter(text: str) -> Quarter:
    """Return the quarter written as `2017Q1`.

    Raises: Mistaken: it is not written so.
    """
    found = _FORM.fullmatch(text)
    if found is None or not 1900 <= int(found[1]) <= 9998:
        raise Mistaken(
            "the period was not understood",
            why="it is not a year and a quarter",
            next_step="write it as `2017Q1`",
        )
    return Quarter(year=int(found[1]), number=int(found[2]))


def quarter_of(day: date) -> Quarter:
    """Return the quarter a day lies in."""
    return Quarter(year=day.year, number=(day.month - 1) // MONTHS + 1)
