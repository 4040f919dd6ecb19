"""What the agreement of many pairs is worth, in bits, by the array: weight.py for a batch.

Rules of the room:
- A weight is that of scales.Scales, always: the same rarities, the same joint frequencies, the same reading chosen.
- What hangs on a word is worked out once for each word, whoever bears it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from privity.trace.batch_levels import Pairs, Reading, on_new_year, years_of
from privity.trace.comparison import Field, Level
from privity.trace.held import BatchReader
from privity.trace.model import Model
from privity.trace.name_book import CODE, LEVELS_IN_ORDER, Codes, is_one_of
from privity.trace.name_rarity import NameRarity
from privity.trace.spans import Flags, Int64s, ascending, numbered
from privity.trace.weight import (
    AGREED,
    BOTH_NAMES,
    DATED,
    DAYS_BUT_NEW_YEAR,
    FULL_NAME,
    HALF,
    NEARLY,
    PARTS,
    THERE,
    NameShares,
)

Floats = NDArray[np.float64]
ORDERED = (
    Field.ORDER, Field.GIVEN, Field.FAMILY, Field.OTHER, Field.BIRTH, Field.GENDER, Field.PLACE, Field.NUMBER,
)  # fmt: skip
"""The fields in the order in which a comparison tells them."""

_AGREED, _FULL_NAME, _NEARLY = is_one_of(AGREED), is_one_of(FULL_NAME), is_one_of(NEARLY)
_PLACED = is_one_of(THERE)
_DATED = is_one_of(DATED)
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


def joined_pairs(parts: Sequence[WeighedPairs]) -> WeighedPairs:
    """Return the pairs of some parts, one part after another."""
    return WeighedPairs(
        levels={field: np.concatenate([part.levels[field] for part in parts]) for field in ORDERED},
        bits={field: np.concatenate([part.bits[field] for part in parts]) for field in ORDERED},
        weight_bits=np.concatenate([part.weight_bits for part in parts]),
        relative_bits=np.concatenate([part.relative_bits for part in parts]),
        new_year=np.concatenate([part.new_year for part in parts]),
        bearers=np.concatenate([part.bearers for part in parts]),
    )


class BatchScales:
    """Weighs pairs against one register by one model."""

    def __init__(self, pairs: Pairs, register: BatchReader, model: Model) -> None:
        self._pairs, self._register, self._model = pairs, register, model
        self._size = max(register.size, 1)
        self._shares = NameShares(register)
        self.rarity = NameRarity(pairs.book.names, register)
        self._place_share = self._place_shares()
        self._births = self._births_by_record()
        self._m, self._u = (self._by_level(side) for side in ("m", "u"))

    def weigh(self) -> WeighedPairs:
        """Return the pairs with the weight of the better reading of their names."""
        pairs = self._pairs
        straight = self._reading(pairs.straight, np.arange(len(pairs.ask)), Level.STRAIGHT)
        crossed = self._reading(pairs.crossed, pairs.unlike, Level.CROSSED)
        where = np.flatnonzero(crossed.weight_bits > straight.weight_bits[pairs.unlike])
        taken = pairs.unlike[where]
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
            Field.OTHER: self._pairs.other[some],
            **{field: codes[some] for field, codes in self._pairs.fields.items()},
        }
        words = {
            Field.GIVEN: names.given_words,
            Field.FAMILY: names.family_words,
            Field.OTHER: self._pairs.other_words[some],
        }
        rarest = {field: self.rarity.rarest(PARTS[field], resting) for field, resting in words.items()}
        together, new_year = self.rarity.kinds({PARTS[field]: found for field, found in rarest.items()})
        bits = {field: self._name_bits(field, levels[field], words[field]) for field in words}
        bits[Field.BIRTH] = self._birth_bits(levels[Field.BIRTH], some, new_year)
        bits[Field.PLACE] = self._place_bits(levels[Field.PLACE], some)
        bits[Field.NUMBER] = self._plain_bits(Field.NUMBER, levels[Field.NUMBER], {Level.EXACT: 1 / self._size})
        bits[Field.GENDER] = self._plain_bits(Field.GENDER, levels[Field.GENDER], {})
        bits[Field.ORDER] = np.full(len(some), float(np.log2(self._model.odds[Field.ORDER, order].m)))
        bearers = self.rarity.bearers(rarest[Field.GIVEN], rarest[Field.FAMILY])
        together = self._together(together, bearers, levels, bits)
        family_bits = bits[Field.FAMILY].copy()
        on_family = names.family_words != 0
        bits[Field.FAMILY] -= np.where(on_family, together, 0.0)
        bits[Field.GIVEN] -= np.where(on_family, 0.0, together)
        agreed = _AGREED[names.given]
        bits[Field.GENDER] = np.where(agreed, np.minimum(bits[Field.GENDER], 0.0), bits[Field.GENDER])
        twin = np.where(agreed, 0.0, self._model.twin_share)
        born_as_relative = np.log2(1 - twin + twin * np.exp2(bits[Field.BIRTH]))
        return WeighedPairs(
            levels=levels,
            bits=bits,
            weight_bits=sum((bits[field] for field in ORDERED), np.zeros(len(some))),
            relative_bits=family_bits + bits[Field.PLACE] + born_as_relative,
            new_year=new_year,
            bearers=bearers,
        )

    def _together(
        self, classes: Floats, bearers: Int64s, levels: Mapping[Field, Codes], bits: Mapping[Field, Floats]
    ) -> Floats:
        """Return by how many bits the names are likelier together: by the classes, or by their bearers."""
        several = np.flatnonzero(bearers > 1)
        counted = np.log2((bearers[several] - 1) / self._size)
        for field in BOTH_NAMES:
            counted += bits[field][several] - np.log2(self._m[field][levels[field][several]])
        together = classes.copy()
        together[several] = np.maximum(classes[several], counted)
        return together

    def _name_bits(self, field: Field, levels: Codes, resting: Int64s) -> Floats:
        """Return the bits of a name's levels, by the rarest word each rests on (weight.NameShares)."""
        part = PARTS[field]
        u = np.where(self._u[field] > 0, self._u[field], 1.0)[levels]
        found = np.flatnonzero((_FULL_NAME | _NEARLY)[levels] & (resting != 0))
        share = self.rarity.shares(part)[resting[found]]
        u[found] = np.where(_NEARLY[levels[found]], np.maximum(u[found], share), share)
        for level in (Level.VARIANT, Level.ELSEWHERE):
            some = np.flatnonzero((levels == CODE[level]) & (resting != 0))
            distinct, back = numbered(resting[some], len(self._pairs.book.names))
            shares = [self._shares.share(part, level, self._pairs.book.name(one), 1.0) for one in distinct.tolist()]
            u[some] = np.array(shares, np.float64)[back]
        return self._log(self._m[field][levels], u, levels)

    def _plain_bits(self, field: Field, levels: Codes, u: Mapping[Level, float]) -> Floats:
        """Return the bits of levels whose u is a number of the model, or one given."""
        table = np.zeros(len(LEVELS_IN_ORDER))
        for (of, level), odds in self._model.odds.items():
            if of is field:
                table[CODE[level]] = float(np.log2(odds.m / min(u.get(level, odds.u), 1.0)))
        worth: Floats = table[levels]
        return worth

    def _by_level(self, side: str) -> dict[Field, Floats]:
        """Return the model's m or u of every field by the number of a level, 0 for levels it does not have."""
        tables = {field: np.zeros(len(LEVELS_IN_ORDER)) for field in ORDERED}
        for (field, level), odds in self._model.odds.items():
            tables[field][CODE[level]] = odds.m if side == "m" else odds.u
        return tables

    def _births_by_record(self) -> tuple[Floats, Floats, Flags]:
        """Return of each record: people born in its year, those of 1 January, and whether it says that day."""
        years = years_of(self._pairs.born)
        known = ascending(years)
        births = [self._register.births(year) for year in known.tolist()]
        place = np.searchsorted(known, years)
        people = np.array([one.people for one in births], np.float64)[place]
        new_year = np.array([one.on_new_year for one in births], np.float64)[place]
        return people, new_year, on_new_year(self._pairs.born)

    def _birth_bits(self, levels: Codes, some: Int64s, new_year: Floats) -> Floats:
        """Return the bits of dates of birth (scales.Scales._birth_share)."""
        m, u = self._m[Field.BIRTH][levels], self._u[Field.BIRTH][levels]
        dated = np.flatnonzero(_DATED[levels])
        all_people, all_born_then, all_default = self._births
        at = some[dated]
        people, born_then, held_default = all_people[at], all_born_then[at], all_default[at]
        ordinary = (people - born_then + HALF) / DAYS_BUT_NEW_YEAR / (self._size + 1)
        default = (np.maximum(born_then, new_year[dated] * people) + HALF) / (self._size + 1)
        said_default = (levels[dated] == CODE[Level.DEFAULTED]) & ~held_default
        of_year = (people + HALF) / (self._size + 1)
        u[dated] = np.where(said_default, of_year, np.where(held_default, default, ordinary))
        return self._log(m, u, levels)

    def _place_shares(self) -> Floats:
        """Return for each of the particulars P(somebody else's postcode is that one)."""
        postcodes = self._pairs.asks.postcodes
        counts = self._register.postcode_frequencies({one for one in postcodes if one})
        return np.array([max(counts.get(postcode, 0), 1) / self._size for postcode in postcodes], np.float64)

    def _place_bits(self, levels: Codes, some: Int64s) -> Floats:
        m, u = self._m[Field.PLACE][levels], self._u[Field.PLACE][levels]
        placed = np.flatnonzero(_PLACED[levels])
        u[placed] = self._place_share[self._pairs.ask[some[placed]]]
        return self._log(m, u, levels)

    @staticmethod
    def _log(m: Floats, u: Floats, levels: Codes) -> Floats:
        """Return log2(m / u), 0 where a side is missing."""
        there = levels != _MISSING
        worth: Floats = np.log2(np.where(there, m, 1.0) / np.where(there, np.minimum(u, 1.0), 1.0))
        return worth
