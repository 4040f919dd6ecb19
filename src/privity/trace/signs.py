"""The signs of the likeliest record, as a calibration reads them, and the posterior after it.

Rules of the room:
- Signs are levels, weights and probabilities, in the order of calibration.SIGNS.
- The likeliest record is corrected; the other records and absence share what is left.
"""

from collections.abc import Sequence
from datetime import date
from math import log2

from privity.trace.comparison import LEVELS, Field, Level, spelling_likeness
from privity.trace.record import NamePart, RegisterReader
from privity.trace.record_levels import Sought
from privity.trace.weight import Posterior, Weighed

MOST_BITS = 40.0
LEAST_CHANCE = 1e-15
NAME_FIELDS = (Field.ORDER, Field.GIVEN, Field.FAMILY, Field.OTHER)


def signs_of(
    asked: Sought, weighed: Sequence[Weighed], chances: Posterior, best: int, register: RegisterReader
) -> tuple[float, ...]:
    """Return the signs of the likeliest of the records, in the order of SIGNS."""
    found, worth, size = weighed[best], weighed[best].worth, register.size
    chance = chances.candidates[best]
    others = [one.worth for one in weighed]
    del others[best]
    rivals = list(chances.candidates)
    del rivals[best]
    second = max(rivals, default=0.0)
    levels = {field: (level, bits) for field, level, bits in worth.fields}
    return (
        _within(_bits(chance) - _bits(chances.absent + sum(chances.candidates) - chance)),
        _within(_bits(chance) - _bits(second)),
        _within(_bits(chances.absent)),
        _within(worth.weight_bits),
        _within(worth.relative_bits),
        log2(max(size, 1)),
        log2(1 + len(weighed)),
        _within(sum(levels[field][1] for field in NAME_FIELDS)),
        log2(1 + sum([one.names_agree for one in others])),
        log2(worth.bearers),
        _bits(worth.new_year),
        _default_side(levels[Field.BIRTH][0], date.fromordinal(found.record.born)),
        _within(_bits(sum([2.0**one.relative_bits for one in others]) / max(size, 1))),
        log2(1 + sum([one.family_there for one in others])),
        *_as_asked(asked, found, register, crossed=levels[Field.ORDER][0] is Level.CROSSED),
        _parts_apart(asked.born, date.fromordinal(found.record.born)),
        *[_RANKS[field, levels[field][0]] for field in LEVELS],
        *[_within(levels[field][1]) for field in LEVELS],
    )


def _as_asked(
    asked: Sought, found: Weighed, register: RegisterReader, *, crossed: bool
) -> tuple[float, float, float, float]:
    """Return how many records bear the names asked for, as bits, and how alike they are to those of the record."""
    given, family = (asked.family, asked.given) if crossed else (asked.given, asked.family)
    return (
        _bearing(NamePart.GIVEN, given, register),
        _bearing(NamePart.FAMILY, family, register),
        spelling_likeness("".join(given), "".join(found.record.given)),
        spelling_likeness("".join(family), "".join(found.record.family)),
    )


def _bearing(part: NamePart, words: Sequence[str], register: RegisterReader) -> float:
    """Return how many records bear the rarest of some words, as bits."""
    return log2(1 + min((register.name_frequency(part, word) for word in words), default=0))


def _parts_apart(asked: date | None, held: date) -> float:
    """Return which parts of two days differ, added up: 1 the day, 2 the month, 4 the year; 0 where none was asked."""
    if asked is None:
        return 0.0
    return float((asked.day != held.day) + 2 * (asked.month != held.month) + 4 * (asked.year != held.year))


def _default_side(level: Level, held: date) -> float:
    """Return on whose side a 1st of January stands that may be a default: 0 nobody's, 1 asked, 2 held, 3 both."""
    if level is Level.NEW_YEAR:
        return 3.0
    if level is not Level.DEFAULTED:
        return 0.0
    return 2.0 if (held.day, held.month) == (1, 1) else 1.0


def _bits(chance: float) -> float:
    return log2(max(chance, LEAST_CHANCE))


def _within(bits: float) -> float:
    return min(max(bits, -MOST_BITS), MOST_BITS)


_RANKS = {
    **{(field, level): float(rank) for field, levels in LEVELS.items() for rank, level in enumerate(levels)},
    **{(field, Level.MISSING): -1.0 for field in LEVELS},
}
"""The place of a level among those of its field, -1 for a missing field."""


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
