"""What the agreement of many pairs is worth, in bits, by the array: weight.py for a batch.

Rules of the room:
- A weight is that of weight.Scales, always: the same rarities, the same joint frequencies, the same reading chosen.
- What hangs on a word is worked out once for each word, whoever bears it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from privity.trace.batch_levels import Pairs, Reading, calendar
from privity.trace.blocking import Int64s
from privity.trace.comparison import Field, Level
from privity.trace.held import BatchReader
from privity.trace.model import Model
from privity.trace.name_book import CODE, LEVELS_IN_ORDER, Codes, Flags
from privity.trace.record import NamePart
from privity.trace.weight import (
    AGREED,
    BOTH_NAMES,
    DAYS_BUT_NEW_YEAR,
    FULL_NAME,
    HALF,
    NEARLY,
    PARTS,
    NameShares,
)

Floats = NDArray[np.float64]
ORDERED = (
    Field.ORDER, Field.GIVEN, Field.FAMILY, Field.OTHER, Field.BIRTH, Field.GENDER, Field.PLACE, Field.NUMBER,
)  # fmt: skip
"""The fields in the order in which a comparison tells them."""
_AT_ONCE = 100_000


def _codes(levels: frozenset[Level]) -> Codes:
    return np.array(sorted(CODE[level] for level in levels), np.int8)


_AGREED, _FULL_NAME, _NEARLY = _codes(AGREED), _codes(FULL_NAME), _codes(NEARLY)
_PLACED = _codes(frozenset({Level.DOOR, Level.CURRENT, Level.PREVIOUS}))
_DATED = _codes(frozenset({Level.EXACT, Level.NEW_YEAR, Level.EXCHANGED, Level.DEFAULTED}))
_MISSING = CODE[Level.MISSING]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedPairs:
    """Level and bits of each field of each pair, for the better reading of its names; as weight.Weighed."""

    levels: Mapping[Field, Codes]
    bits: Mapping[Field, Floats]
    weight_bits: Floats
    relative_bits: Floats
    new_year: Floats
    bearers: Int64s


class BatchScales:
    """Weighs pairs against one register by one model."""

    def __init__(self, pairs: Pairs, register: BatchReader, model: Model) -> None:
        self._pairs, self._register, self._model = pairs, register, model
        self._size = max(register.size, 1)
        self._shares = NameShares(register)
        self._plain = pairs.levels(register)
        self._other, self._other_words = pairs.other()
        self._place_share = self._place_shares()
        self._held_calendar = calendar(pairs.held.born)

    def weigh(self) -> WeighedPairs:
        """Return the pairs with the weight of the better reading of their names."""
        count = len(self._pairs.ask)
        straight = self._reading(self._pairs.straight(), np.arange(count), Level.STRAIGHT)
        different = CODE[Level.DIFFERENT]
        unlike = (straight.levels[Field.GIVEN] == different) | (straight.levels[Field.FAMILY] == different)
        some = np.flatnonzero(unlike)
        crossed = self._reading(self._pairs.crossed(some), some, Level.CROSSED)
        better = crossed.weight_bits > straight.weight_bits[some]
        taken, where = some[better], np.flatnonzero(better)
        for field in ORDERED:
            straight.levels[field][taken] = crossed.levels[field][where]
            straight.bits[field][taken] = crossed.bits[field][where]
        straight.weight_bits[taken] = crossed.weight_bits[where]
        straight.relative_bits[taken] = crossed.relative_bits[where]
        straight.new_year[taken] = crossed.new_year[where]
        straight.bearers[taken] = crossed.bearers[where]
        return straight

    def _reading(self, names: Reading, some: Int64s, order: Level) -> WeighedPairs:
        """Return some pairs weighed under one reading of their names."""
        levels: dict[Field, Codes] = {
            Field.ORDER: np.full(len(some), CODE[order], np.int8),
            Field.GIVEN: names.given,
            Field.FAMILY: names.family,
            Field.OTHER: self._other[some],
            **{field: codes[some] for field, codes in self._plain.items()},
        }
        words = {Field.GIVEN: names.given_words, Field.FAMILY: names.family_words, Field.OTHER: self._other_words[some]}
        self._read_ahead(levels, words)
        together, new_year = self._kinds(words)
        bits = {field: self._name_bits(field, levels[field], words[field]) for field in words}
        bits[Field.BIRTH] = self._birth_bits(levels[Field.BIRTH], some, new_year)
        bits[Field.PLACE] = self._place_bits(levels[Field.PLACE], some)
        bits[Field.NUMBER] = self._plain_bits(Field.NUMBER, levels[Field.NUMBER], {Level.EXACT: 1 / self._size})
        bits[Field.GENDER] = self._plain_bits(Field.GENDER, levels[Field.GENDER], {})
        bits[Field.ORDER] = np.full(len(some), float(np.log2(self._model.odds[Field.ORDER, order].m)))
        bearers = self._bearers(names)
        together = self._together(together, bearers, levels, bits)
        family_bits = bits[Field.FAMILY].copy()
        on_family = names.family_words != 0
        bits[Field.FAMILY] = np.where(on_family, family_bits - together, family_bits)
        bits[Field.GIVEN] = np.where(on_family, bits[Field.GIVEN], bits[Field.GIVEN] - together)
        agreed = np.isin(names.given, _AGREED)
        bits[Field.GENDER] = np.where(agreed, np.minimum(bits[Field.GENDER], 0.0), bits[Field.GENDER])
        twin = np.where(agreed, 0.0, self._model.twin_share)
        born_as_relative = np.log2(1 - twin + twin * 2.0 ** bits[Field.BIRTH])
        return WeighedPairs(
            levels=levels,
            bits=bits,
            weight_bits=sum((bits[field] for field in ORDERED), np.zeros(len(some))),
            relative_bits=family_bits + bits[Field.PLACE] + born_as_relative,
            new_year=new_year,
            bearers=bearers,
        )

    def _read_ahead(self, levels: Mapping[Field, Codes], words: Mapping[Field, Int64s]) -> None:
        """Fetch the frequencies of all words that some agreement rests on."""
        names = self._pairs.book.names
        for field, resting in words.items():
            self._register.read_ahead(
                PARTS[field], {word for name in np.unique(resting).tolist() for word in names[name]}
            )
            elsewhere = np.unique(resting[levels[field] == CODE[Level.ELSEWHERE]]).tolist()
            for part in NamePart if elsewhere else ():
                self._register.read_ahead(part, {word for name in elsewhere for word in names[name]})

    def _kinds(self, words: Mapping[Field, Int64s]) -> tuple[Floats, Floats]:
        """Return by how many bits the names that agree are likelier together, and P(1 January | those names)."""
        classes = self._register.classes
        everybody = classes.everybody
        count = len(next(iter(words.values())))
        rows = {field: self._rarest_shares(PARTS[field], resting) for field, resting in words.items()}
        together_bits, new_year = np.zeros(count), np.zeros(count)
        counted = sum((resting != 0).astype(np.int64) for resting in words.values())
        for start in range(0, count, _AT_ONCE):
            piece = slice(start, start + _AT_ONCE)
            shares = np.broadcast_to(everybody, (len(counted[piece]), len(everybody)))
            for table, place in rows.values():
                shares = shares * table[place[piece]]
            together = shares.sum(axis=1)
            known = (counted[piece] > 0) & (together > 0)
            safe = np.where(known, together, 1.0)
            kind = np.where(known[:, None], shares / safe[:, None], everybody)
            new_year[piece] = kind @ classes.new_year
            likelier = known & (counted[piece] > 1) & (together > 1)
            together_bits[piece] = np.where(likelier, np.log2(np.where(likelier, together, 1.0)), 0.0)
        return together_bits, new_year

    def _together(
        self, classes: Floats, bearers: Int64s, levels: Mapping[Field, Codes], bits: Mapping[Field, Floats]
    ) -> Floats:
        """Return by how many bits the names are likelier together: by the classes, or by their bearers."""
        odds = self._model.odds
        apart = np.zeros(len(classes))
        for field in BOTH_NAMES:
            m = self._column({level: odds[of, level].m for of, level in odds if of is field})
            apart += bits[field] - np.log2(np.where(m > 0, m, 1.0))[levels[field]]
        several = bearers > 1
        counted = np.log2(np.where(several, bearers - 1, 1) / self._size) + apart
        together: Floats = np.where(several, np.maximum(classes, counted), classes)
        return together

    def _bearers(self, names: Reading) -> Int64s:
        """Return how many records bear the given and the family name that agree, 1 where not both do."""
        many = len(self._pairs.book.names)
        both = (names.given_words != 0) & (names.family_words != 0)
        pairs = np.where(both, names.given_words * many + names.family_words, 0)
        distinct, back = np.unique(pairs, return_inverse=True)
        words = [
            (self._rarest(NamePart.GIVEN, pair // many), self._rarest(NamePart.FAMILY, pair % many)) if pair else None
            for pair in distinct.tolist()
        ]
        self._register.read_pairs_ahead(pair for pair in words if pair)
        bearers = [self._register.pair_frequency(*pair) if pair else 1 for pair in words]
        return np.array(bearers, np.int64)[back]

    def _rarest(self, part: NamePart, name: int) -> str:
        """Return the rarest word of a name."""
        return min(self._pairs.book.names[name], key=lambda one: self._register.name_frequency(part, one))

    def _rarest_shares(self, part: NamePart, resting: Int64s) -> tuple[Floats, Int64s]:
        """Return, for the rarest word each agreement rests on, its shares beside everybody's: a table and its rows."""
        everybody = self._register.classes.everybody
        distinct, back = np.unique(resting, return_inverse=True)
        table = np.ones((len(distinct), len(everybody)))
        for place, name in enumerate(distinct.tolist()):
            if name:
                table[place] = self._register.class_shares(part, self._rarest(part, name)) / everybody
        return table, back

    def _name_bits(self, field: Field, levels: Codes, resting: Int64s) -> Floats:
        """Return the bits of a name's levels: each level with the words it rests on is worked out once."""
        many = len(self._pairs.book.names)
        distinct, back = np.unique(levels.astype(np.int64) * many + resting, return_inverse=True)
        part = PARTS[field]
        bits = np.zeros(len(distinct))
        for place, (code, name) in enumerate(zip((distinct // many).tolist(), (distinct % many).tolist(), strict=True)):
            level = LEVELS_IN_ORDER[code]
            if level is not Level.MISSING:
                odds = self._model.odds[field, level]
                u = self._shares.share(part, level, self._pairs.book.names[name], odds.u)
                bits[place] = odds.m / min(u, 1.0)
        worth: Floats = np.where(bits > 0, np.log2(np.where(bits > 0, bits, 1.0)), 0.0)
        return worth[back]

    def _plain_bits(self, field: Field, levels: Codes, u: Mapping[Level, float]) -> Floats:
        """Return the bits of levels whose u is a number of the model, or one given."""
        table = self._column(
            {
                level: float(np.log2(odds.m / min(u.get(level, odds.u), 1.0)))
                for (of, level), odds in self._model.odds.items()
                if of is field
            }
        )
        worth: Floats = table[levels]
        return worth

    @staticmethod
    def _column(numbers: Mapping[Level, float]) -> Floats:
        """Return a number of each level by the level's code, 0 for the others."""
        table = np.zeros(len(LEVELS_IN_ORDER))
        for level, number in numbers.items():
            table[CODE[level]] = number
        return table

    def _m_and_u(self, field: Field, levels: Codes) -> tuple[Floats, Floats]:
        """Return the model's m and u of some levels of a field."""
        odds = {level: pair for (of, level), pair in self._model.odds.items() if of is field}
        m = self._column({level: pair.m for level, pair in odds.items()})
        u = self._column({level: pair.u for level, pair in odds.items()})
        return m[levels], u[levels]

    def _birth_bits(self, levels: Codes, some: Int64s, new_year: Floats) -> Floats:
        """Return the bits of dates of birth (weight.Scales._birth_share)."""
        m, u = self._m_and_u(Field.BIRTH, levels)
        record = self._pairs.record[some]
        years, months, days = (one[record] for one in self._held_calendar)
        held_default = (months == 1) & (days == 1)
        known = np.unique(years)
        births = [self._register.births(year) for year in known.tolist()]
        place = np.searchsorted(known, years)
        people = np.array([one.people for one in births], np.float64)[place]
        on_new_year = np.array([one.on_new_year for one in births], np.float64)[place]
        ordinary = (people - on_new_year + HALF) / DAYS_BUT_NEW_YEAR / (self._size + 1)
        default = (np.maximum(on_new_year, new_year * people) + HALF) / (self._size + 1)
        of_year = (people + HALF) / (self._size + 1)
        dated = np.isin(levels, _DATED)
        said_default: Flags = (levels == CODE[Level.DEFAULTED]) & ~held_default
        u = np.where(dated, np.where(said_default, of_year, np.where(held_default, default, ordinary)), u)
        return self._log(m, u, levels)

    def _place_shares(self) -> Floats:
        """Return for each of the particulars P(somebody else's postcode is that one)."""
        postcodes = self._pairs.asks.postcodes
        counts = self._register.postcode_frequencies(postcodes[1:])
        shares = [max(counts.get(postcode, 0), 1) / self._size for postcode in postcodes]
        return np.array(shares)[self._pairs.asks.postcode]

    def _place_bits(self, levels: Codes, some: Int64s) -> Floats:
        m, u = self._m_and_u(Field.PLACE, levels)
        u = np.where(np.isin(levels, _PLACED), self._place_share[self._pairs.ask[some]], u)
        return self._log(m, u, levels)

    @staticmethod
    def _log(m: Floats, u: Floats, levels: Codes) -> Floats:
        """Return log2(m / u), 0 where a side is missing."""
        there = levels != _MISSING
        worth: Floats = np.log2(np.where(there, m, 1.0) / np.where(there, np.minimum(u, 1.0), 1.0))
        return worth
