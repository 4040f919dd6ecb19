"""Hiding small counts: a published setting of a table, applied to every cell, totals included.

Small hidden and rounded is the convention of the field, and it leaks: a total beside its cells pins some of them
(reliability.md S9 found a quarter of hidden cells narrowed; a test here repeats the attack). Bands of ten with no total
anywhere beside them leave every value of the band possible, so that is what a custodian with small numbers publishes.

Source: domain.md 6: counts of 1 to 7 are hidden, others rounded to the nearest 5, zero is shown; totals are
computed first and rounded then, so they need not add up. National totals per requester may be exact.
"""

from enum import StrEnum

HIDDEN = "*"
SMALLEST_SHOWN = 8
ROUNDED_TO = 5
BAND = 10
"""How many counts share one band."""


class Suppression(StrEnum):
    """How a table is published."""

    EXACT = "exact"
    """Every count as it is: national totals per requester."""
    SMALL_HIDDEN = "small-hidden"
    """1 to 7 hidden, the rest rounded to 5: the convention for a breakdown below the nation, totals rounded too."""
    BANDED = "banded"
    """Bands of ten, `0-9`, `10-19`, and no total beside them: nothing can be solved for."""


def shown(count: int, setting: Suppression) -> str:
    """Return a count as the table shows it: digits, or `*` where it is hidden."""
    match setting:
        case Suppression.EXACT:
            return str(count)
        case Suppression.SMALL_HIDDEN:
            if count == 0:
                return "0"
            return HIDDEN if count < SMALLEST_SHOWN else str(ROUNDED_TO * ((count + 2) // ROUNDED_TO))
        case Suppression.BANDED:
            low = count - count % BAND
            return f"{low}-{low + BAND - 1}"
