"""Hiding small counts: a published setting of a table, applied to every cell, totals included.

Source: domain.md 6: counts of 1 to 7 are hidden, others rounded to the nearest 5, zero is shown; totals are
computed first and rounded then, so they need not add up. National totals per requester may be exact.
"""

from enum import StrEnum

HIDDEN = "*"
SMALLEST_SHOWN = 8
ROUNDED_TO = 5


class Suppression(StrEnum):
    """How a table is published."""

    EXACT = "exact"
    """Every count as it is: national totals per requester."""
    SMALL_HIDDEN = "small-hidden"
    """1 to 7 hidden, the rest rounded to 5: any breakdown below the nation."""


def shown(count: int, setting: Suppression) -> str:
    """Return a count as the table shows it: digits, or `*` where it is hidden."""
    match setting:
        case Suppression.EXACT:
            return str(count)
        case Suppression.SMALL_HIDDEN:
            if count == 0:
                return "0"
            return HIDDEN if count < SMALLEST_SHOWN else str(ROUNDED_TO * ((count + 2) // ROUNDED_TO))
