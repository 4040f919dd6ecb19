"""The weight of a candidate as a waterfall: each field a bar from where the last one ended, in a box WIDTH wide.

Bars are stretched to the page's width and hold no letters; words and bits stand beside them, and a sign says the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from privity.trace.explanation import SILENT_BITS, Explanation, Step

WIDTH = 1000
_THINNEST = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One step: its words, its bits with a sign, and where its bar lies. `agrees` is None where nothing is known."""

    words: str
    bits: float
    start: float
    length: float
    agrees: bool | None
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """One candidate's bars, where even odds lie in the box, and what else a person should know."""

    explanation: Explanation
    bars: tuple[Bar, ...]
    even: float

    @property
    def end_bits(self) -> float:
        """Return where the last bar ends: the odds, in bits, before anything is compared and all fields together."""
        return self.explanation.steps[-1].end_bits


def waterfall(found: Explanation) -> Waterfall:
    """Return the waterfall of one candidate. Fields that say nothing are left out."""
    steps = [step for step in found.steps if step.field is None or abs(step.bits) >= SILENT_BITS]
    ends = [0.0, *(end for step in steps for end in (step.start_bits, step.end_bits))]
    least, most = min(ends), max(ends)
    scale = WIDTH / max(most - least, 1.0)
    return Waterfall(
        explanation=found,
        bars=tuple(_bar(step, least, scale) for step in steps),
        even=round((0.0 - least) * scale, 1),
    )


def waterfalls(found: Sequence[Explanation]) -> tuple[Waterfall, ...]:
    """Return the waterfall of each candidate, likeliest first."""
    return tuple(waterfall(one) for one in found)


def _bar(step: Step, least: float, scale: float) -> Bar:
    low, high = sorted((step.start_bits, step.end_bits))
    length = max((high - low) * scale, _THINNEST)
    return Bar(
        words=step.words,
        bits=step.bits,
        start=round(min((low - least) * scale, WIDTH - length), 1),
        length=round(length, 1),
        agrees=step.agrees,
        is_first=step.field is None,
    )
