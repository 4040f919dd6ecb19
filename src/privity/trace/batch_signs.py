"""The signs of the likeliest records of a batch, one row a trace: signs.signs_of by the array."""

import numpy as np

from privity.trace.batch_levels import Pairs, born_digits, on_new_year
from privity.trace.batch_weight import Floats, WeighedPairs
from privity.trace.comparison import LEVELS, Field, Level
from privity.trace.name_book import CODE, LEVELS_IN_ORDER, Codes, is_one_of
from privity.trace.name_rarity import NameRarity
from privity.trace.record import NamePart
from privity.trace.signs import LEAST_CHANCE, MOST_BITS, NAME_FIELDS
from privity.trace.spans import Flags, Int64s
from privity.trace.weight import AGREED, THERE

_AGREED, _THERE = is_one_of(AGREED), is_one_of(THERE)


def signs_of_pairs(
    pairs: Pairs,
    rarity: NameRarity,
    weighed: WeighedPairs,
    chances: Floats,
    absent: Floats,
    best: Int64s,
    touched: Int64s,
    size: int,
) -> Floats:
    """Return the signs of the likeliest record of each trace, in the order of calibration.SIGNS; 0 where there is none.

    Args: chances: of every pair. best: the likeliest pair of each trace, or -1.
    """
    ask = pairs.ask
    found = np.flatnonzero(best >= 0)
    rows = best[found]
    together = np.bincount(ask, weights=chances, minlength=len(best))[found]
    others = chances.copy()
    others[rows] = 0.0
    second = np.zeros(len(best))
    np.maximum.at(second, ask, others)
    agree = _AGREED[weighed.levels[Field.GIVEN]] & _AGREED[weighed.levels[Field.FAMILY]]
    namesakes = np.bincount(ask, weights=agree, minlength=len(best))
    related = np.exp2(weighed.relative_bits)
    related[rows] = 0.0
    there = _AGREED[weighed.levels[Field.FAMILY]] & _THERE[weighed.levels[Field.PLACE]]
    there[rows] = False
    chance, away = chances[rows], absent[found]
    columns = [
        _within(_bits(chance) - _bits(away + together - chance)),
        _within(_bits(chance) - _bits(second[found])),
        _within(_bits(away)),
        _within(weighed.weight_bits[rows]),
        _within(weighed.relative_bits[rows]),
        np.full(len(found), np.log2(max(size, 1))),
        np.log2(1 + touched[found]),
        _within(sum((weighed.bits[field][rows] for field in NAME_FIELDS), np.zeros(len(rows)))),
        np.log2(1 + namesakes[found] - agree[rows]),
        np.log2(weighed.bearers[rows]),
        _bits(weighed.new_year[rows]),
        _default_sides(weighed.levels[Field.BIRTH][rows], on_new_year(pairs.born[rows])),
        _within(_bits(np.bincount(ask, weights=related, minlength=len(best))[found] / max(size, 1))),
        np.log2(1 + np.bincount(ask, weights=there, minlength=len(best))[found]),
        *_as_asked(pairs, rarity, found, rows, weighed.levels[Field.ORDER][rows] == CODE[Level.CROSSED]),
        _parts_apart(pairs, found, rows),
        *(_RANKS[field][weighed.levels[field][rows]] for field in LEVELS),
        *(_within(weighed.bits[field][rows]) for field in LEVELS),
    ]
    signs = np.zeros((len(best), len(columns)))
    signs[found] = np.column_stack(columns)
    return signs


def _as_asked(
    pairs: Pairs, rarity: NameRarity, found: Int64s, rows: Int64s, crossed: Flags
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return how many records bear the names asked for, as bits, and how alike they are to those of the record."""
    asked_given, asked_family = pairs.asks.given[found], pairs.asks.family[found]
    given, family = np.where(crossed, asked_family, asked_given), np.where(crossed, asked_given, asked_family)
    held_given, held_family = (names[pairs.record[rows]] for names in (pairs.held.given, pairs.held.family))
    return (
        np.log2(1 + rarity.bearing(NamePart.GIVEN, given)),
        np.log2(1 + rarity.bearing(NamePart.FAMILY, family)),
        pairs.book.likenesses(given, held_given),
        pairs.book.likenesses(family, held_family),
    )


def _parts_apart(pairs: Pairs, found: Int64s, rows: Int64s) -> Floats:
    """Return which parts of the two days differ (signs._parts_apart)."""
    asked = born_digits(pairs.asks.born)[found]
    apart = asked ^ pairs.born[rows]
    parts = (apart & 0xFF != 0) + 2 * (apart & 0xFF00 != 0) + 4 * (apart >> 16 != 0)
    return np.where(asked == 0, 0.0, parts)


def _default_sides(levels: Codes, held_default: Flags) -> Floats:
    """Return on whose side a 1st of January stands that may be a default (signs._default_side)."""
    defaulted = levels == CODE[Level.DEFAULTED]
    sides: Floats = np.select(
        [levels == CODE[Level.NEW_YEAR], defaulted & held_default, defaulted], [3.0, 2.0, 1.0], 0.0
    )
    return sides


def _rank_table(field: Field) -> Floats:
    """Return the place of every level among those of its field, by code, -1 for a missing field."""
    table = np.zeros(len(LEVELS_IN_ORDER))
    for rank, level in enumerate(LEVELS[field]):
        table[CODE[level]] = rank
    table[CODE[Level.MISSING]] = -1.0
    return table


_RANKS = {field: _rank_table(field) for field in LEVELS}


def _bits(chance: Floats) -> Floats:
    worth: Floats = np.log2(np.maximum(chance, LEAST_CHANCE))
    return worth


def _within(bits: Floats) -> Floats:
    return np.clip(bits, -MOST_BITS, MOST_BITS)
