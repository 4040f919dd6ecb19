"""How often each class of request is refused, how sure that is, and whether one class stands apart from the others.

Rules of the module:
- The class of a request is its purpose, in the word the agreement publishes. It says nothing about the person.
- A rate is refused of decided: what was sent back, withdrawn, held or is open was not decided.
- Intervals are Wilson's, at 95%, in whole thousandths and rounded outwards. They are worked out in whole numbers, so
  that every machine writes the same bytes. Where only bands are known, the interval is all that the bands leave open.
- A class stands apart where its interval does not touch that of all other decided requests of the same requester.
  That is a reason to look, and no finding: an agreement may well treat classes differently.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from privity.statistics.counts import Column
from privity.statistics.suppression import BAND

WHOLE = 1000
"""Thousandths in a whole."""
_Z_SQUARED = Fraction(38416, 10000)
"""The square of 1.96, for intervals at 95%."""
DECIDED = (Column.REFUSED, Column.TRACED, Column.UNTRACED)
"""Where a request stands that was decided."""


class Apart(StrEnum):
    """How a class stands to all the other requests of its requester."""

    WITH_THE_OTHERS = "with-the-others"
    """The intervals touch, or nothing was decided: nothing can be said."""
    MORE_OFTEN = "refused-more-often"
    """Surely refused more often than the others."""
    LESS_OFTEN = "refused-less-often"
    """Surely refused less often than the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """How many requests were refused and how many approved, each known to lie between two numbers."""

    refused: tuple[int, int]
    approved: tuple[int, int]

    def __add__(self, other: "Decided") -> "Decided":
        return Decided(
            refused=(self.refused[0] + other.refused[0], self.refused[1] + other.refused[1]),
            approved=(self.approved[0] + other.approved[0], self.approved[1] + other.approved[1]),
        )

    @property
    def is_exact(self) -> bool:
        """Return whether both counts are known."""
        return self.refused[0] == self.refused[1] and self.approved[0] == self.approved[1]

    @property
    def decided(self) -> int:
        """Return at least how many were decided."""
        return self.refused[0] + self.approved[0]

    @property
    def rate(self) -> int | None:
        """Return the rate of refusals in thousandths, rounded half up; None where it is not known or of nothing."""
        if not self.is_exact or not self.decided:
            return None
        return (WHOLE * self.refused[0] + self.decided // 2) // self.decided

    @property
    def interval(self) -> tuple[int, int]:
        """Return between which thousandths the rate lies; 0 and 1,000 where nothing can be said."""
        if self.is_exact:
            return wilson(self.refused[0], self.decided)
        least = self.refused[0] + self.approved[1]
        most = self.refused[1] + self.approved[0]
        low = WHOLE * self.refused[0] // least if least else 0
        return low, -(-WHOLE * self.refused[1] // most) if most else WHOLE


NOTHING_DECIDED = Decided(refused=(0, 0), approved=(0, 0))


def wilson(hits: int, of: int) -> tuple[int, int]:
    """Return Wilson's 95% interval for a share in thousandths, rounded outwards; all of it where `of` is 0.

    A share p lies inside where (hits - of*p)^2 <= z^2 * of * p * (1 - p); nothing but whole numbers is needed for that.
    """
    if not of:
        return 0, WHOLE

    def inside(thousandths: int) -> bool:
        away = WHOLE * hits - of * thousandths
        return away * away <= _Z_SQUARED * of * thousandths * (WHOLE - thousandths)

    seen = WHOLE * hits // of
    low = next((each for each in range(seen, -1, -1) if not inside(each)), 0)
    high = next((each for each in range(-(-WHOLE * hits // of), WHOLE + 1) if not inside(each)), WHOLE)
    return low, high


def exactly(outcomes: Mapping[Column, int]) -> Decided:
    """Return what was decided of counts that are published as they are."""
    refused, approved = outcomes.get(Column.REFUSED, 0), sum(outcomes.get(column, 0) for column in DECIDED[1:])
    return Decided(refused=(refused, refused), approved=(approved, approved))


def in_bands(refused: Iterable[int], approved: Iterable[int]) -> Decided:
    """Return what is known to be decided where every count is published as its band of ten."""
    return Decided(refused=_banded(refused), approved=_banded(approved))


def _banded(counts: Iterable[int]) -> tuple[int, int]:
    lows = [count - count % BAND for count in counts]
    return sum(lows), sum(lows) + (BAND - 1) * len(lows)


def stands_apart(one: Decided, others: Sequence[Decided]) -> Apart:
    """Return how a class stands to the other classes of its requester."""
    rest = sum(others, start=NOTHING_DECIDED)
    if not one.refused[1] + one.approved[1] or not rest.refused[1] + rest.approved[1]:
        return Apart.WITH_THE_OTHERS
    (low, high), (least, most) = one.interval, rest.interval
    if low > most:
        return Apart.MORE_OFTEN
    return Apart.LESS_OFTEN if high < least else Apart.WITH_THE_OTHERS


def rates(one: Decided, others: Sequence[Decided]) -> dict[str, object]:
    """Return what a publication says of a class's refusals, beside the counts."""
    low, high = one.interval
    told: dict[str, object] = {"refusal-low-per-mille": low, "refusal-high-per-mille": high}
    if one.is_exact:
        told["refusal-rate-per-mille"] = one.rate
    return {**told, "apart": stands_apart(one, others).value}
