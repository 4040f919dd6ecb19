"""The signs of the likeliest record, as a calibration reads them, and the posterior after it.

Rules of the room:
- Signs are levels, weights and probabilities, in the order of calibration.SIGNS.
- The likeliest record is corrected; the other records and absence share what is left.
"""

from collections.abc import Sequence
from math import log2

from privity.trace.comparison import LEVELS, Field, Level
from privity.trace.weight import Posterior, Weighed

MOST_BITS = 40.0
LEAST_CHANCE = 1e-15


def signs_of(weighed: Sequence[Weighed], chances: Posterior, best: int, size: int) -> tuple[float, ...]:
    """Return the signs of the likeliest of the records, in the order of SIGNS."""
    found = weighed[best]
    chance = chances.candidates[best]
    second = max((one for place, one in enumerate(chances.candidates) if place != best), default=0.0)
    levels = {field: (level, bits) for field, level, bits in found.fields}
    return (
        _within(_bits(chance) - _bits(chances.absent + sum(chances.candidates) - chance)),
        _within(_bits(chance) - _bits(second)),
        _within(_bits(chances.absent)),
        _within(found.weight_bits),
        _within(found.relative_bits),
        log2(max(size, 1)),
        log2(1 + len(weighed)),
        *(_rank(field, levels[field][0]) for field in LEVELS),
        *(_within(levels[field][1]) for field in LEVELS),
    )


def _bits(chance: float) -> float:
    return log2(max(chance, LEAST_CHANCE))


def _within(bits: float) -> float:
    return min(max(bits, -MOST_BITS), MOST_BITS)


def _rank(field: Field, level: Level) -> float:
    """Return the place of a level among those of its field, -1 for a missing field."""
    return -1.0 if level is Level.MISSING else float(LEVELS[field].index(level))


def recalibrated(chances: Posterior, best: int, probability: float) -> Posterior:
    """Return the posterior with the likeliest record at `probability`. It still adds up to 1.

    No other record is put above the likeliest: what would be, goes to absence.
    """
    left = 1 - chances.candidates[best]
    scale = (1 - probability) / left if left > 0 else 0.0
    candidates = tuple(
        probability if place == best else min(one * scale, probability) for place, one in enumerate(chances.candidates)
    )
    return Posterior(candidates=candidates, absent=max(1 - sum(candidates), 0.0))
