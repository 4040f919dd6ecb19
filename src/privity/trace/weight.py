"""What the agreement of one record is worth, in bits, and what that makes of the candidates together.

The posterior, for candidates i = 1..n in a register of N records (design: tracing.md section 6):
    1. A_i = present * LR_i / N * (1 + B - B_i)      record i is the person sought
    2. B_i = relatives / N * LRrel_i, B = sum B_i    record i is a relative of the person sought
    3. absent = ((1 - present) + present * missed) * (1 + B)
    4. P(i is the person sought, given the particulars) = A_i / (sum A + absent)

Rules of the room:
- Agreement on something rare weighs more. Rarity comes from the register, never below one record.
- Names that go together weigh less together: P(given and family name agree | another person) is never taken
  below what the register's latent name classes make of it (record.NameClasses).
- Nor below how many records bear both words: names of a small circle are shared within it, whatever the classes say.
- Agreement on a 1st of January is agreement on a year, and likelier among names whose bearers have that day.
- Gender adds nothing once the given name agrees: the name has told it already.
- The weights of a record's evidence add up to its weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log2
from typing import NamedTuple

from privity.trace.comparison import (
    Field,
    Level,
    NameAgreement,
    NamesCompared,
    Sought,
    compare_all_names,
    compare_births,
    compare_genders,
    compare_numbers,
    compare_places,
)
from privity.trace.model import Model
from privity.trace.record import ComparedRecord, NamePart, RegisterReader, Shares
from privity.trace.variants import variants

THERE = frozenset({Level.DOOR, Level.CURRENT, Level.PREVIOUS})
FULL_NAME = frozenset({Level.EXACT, Level.SUBSET, Level.CONFLICT})
NEARLY = frozenset({Level.CLOSE, Level.SOUNDS, Level.SIMILAR, Level.INITIAL})
AGREED = frozenset({Level.EXACT, Level.VARIANT, Level.SUBSET, Level.ELSEWHERE})
DATED = frozenset({Level.EXACT, Level.NEW_YEAR, Level.EXCHANGED, Level.DEFAULTED})
"""The levels of a date of birth that are as rare as the day they agree on."""
PARTS = {Field.GIVEN: NamePart.GIVEN, Field.OTHER: NamePart.OTHER, Field.FAMILY: NamePart.FAMILY}
BOTH_NAMES = (Field.GIVEN, Field.FAMILY)
NAMES = (Field.GIVEN, Field.FAMILY, Field.OTHER)
HALF = 0.5
DAYS_BUT_NEW_YEAR = 364.25


class Worth(NamedTuple):
    """What an agreement is worth: level and bits of each field, for the better reading of the names.

    A tuple, as is Weighed: hundreds are made for one trace.
    """

    fields: tuple[tuple[Field, Level, float], ...]
    weight_bits: float
    new_year: float
    """P(born on a 1st of January | the names that agree): how usual the default is among their bearers."""
    bearers: int
    """How many records bear both names that agree, 1 where not both agree."""
    names_agree: bool
    """Whether given and family name both agree."""
    family_there: bool
    """Whether the family name agrees, and the record's place is or was the place asked for."""
    relative_bits: float
    """log2 of LRrel: family and home agree, given name and date of birth are anybody's.

    Some relatives are twins and share the day; twins do not share a given name.
    """


class Weighed(NamedTuple):
    """One record with what its agreement is worth. Records that agree alike share it."""

    record: ComparedRecord
    worth: Worth

    def __repr__(self) -> str:
        return "Weighed(hidden)"


class NameShares:
    """How likely another person's name agrees, by the rarest word that the agreement rests on."""

    __slots__ = ("_register", "_size")

    def __init__(self, register: RegisterReader) -> None:
        self._register = register
        self._size = max(register.size, 1)

    def share(self, part: NamePart, level: Level, words: Sequence[str], otherwise: float) -> float:
        """Return P(another person's name agrees this far); `otherwise` where the agreement rests on no word."""
        if not words:
            return otherwise
        if level in FULL_NAME:
            return min(self._frequency(part, word) for word in words) / self._size
        if level is Level.ELSEWHERE:
            return min(self._anywhere(word) for word in words) / self._size
        if level is Level.VARIANT:
            alike = {name for word in words for name in (word, *variants(word))}
            return min(sum(self._frequency(part, word) for word in alike), self._size) / self._size
        assert level in NEARLY, "every level that rests on words is weighed by them"
        return max(otherwise, min(self._frequency(part, word) for word in words) / self._size)

    def _frequency(self, part: NamePart, word: str) -> int:
        return max(self._register.name_frequency(part, word), 1)

    def _anywhere(self, word: str) -> int:
        return min(sum(self._frequency(part, word) for part in NamePart), self._size)


class _WeighedNames(NamedTuple):
    """One reading of the names of a record, with what their agreements are worth together.

    `levels` and `bits` are those of order, given, family and further names, `sum_bits` is the sum of the bits.
    """

    levels: tuple[Level, Level, Level, Level]
    bits: tuple[float, float, float, float]
    sum_bits: float
    family_alone_bits: float
    """The family name as it weighs for a relative, whatever the given name is."""
    new_year: float
    bearers: int
    given_agrees: bool


class _Word(NamedTuple):
    """A word on which an agreement rests: its shares in the classes, those as times everybody's, P(1 January | it)."""

    shares: Shares
    beside: Shares
    new_year: float


@dataclass(frozen=True, slots=True)
class _Day:
    """How a date of birth agrees, and of which year it is where that matters."""

    level: Level
    born: date


class Scales:
    """Weighs records for one person sought, against one register, by one model.

    Hundreds of records share a few days and agreements: each is weighed once. Agreements are known by identity, so they
    are kept in being as long as what they are worth.
    """

    __slots__ = (
        "_agreements", "_asked", "_births", "_classes", "_days", "_days_alike", "_known", "_model", "_names", "_plain",
        "_rarest_of", "_read", "_register", "_shares", "_size", "_words",
    )  # fmt: skip

    def __init__(self, asked: Sought, register: RegisterReader, model: Model) -> None:
        self._asked = asked
        self._register = register
        self._model = model
        self._size = max(register.size, 1)
        self._shares = NameShares(register)
        self._classes = register.classes
        self._known: dict[tuple[object, ...], Worth] = {}
        self._names: dict[tuple[int, ...], tuple[tuple[_WeighedNames, ...], NamesCompared]] = {}
        self._read: dict[tuple[Level, int, int, int], _WeighedNames] = {}
        self._rarest_of: dict[tuple[Field, tuple[str, ...]], str] = {}
        self._words: dict[tuple[Field, str], _Word] = {}
        self._agreements: dict[tuple[Field, int], float] = {}
        self._days: dict[int, _Day] = {}
        self._days_alike: dict[tuple[object, ...], _Day] = {}
        self._births: dict[tuple[int, float], float] = {}
        self._plain: dict[tuple[Field, Level], float] = {}

    def weigh(self, record: ComparedRecord) -> Weighed:
        """Return the record with the weight of the better reading of its names."""
        asked = self._asked
        readings = self._readings(compare_all_names(asked, record))
        day = self._days.get(record.born) or self._day(record.born)
        place, number = compare_places(asked, record), compare_numbers(asked.number, record.number)
        alike = id(readings), id(day), record.gender, place, number
        worth = self._known.get(alike)
        if worth is None:
            gender = compare_genders(asked.gender, record.gender)
            worth = self._known[alike] = self._better(readings, day, gender, place, number)
        return Weighed(record, worth)

    def _day(self, born: int) -> _Day:
        """Return how a date of birth agrees, the same for all days that agree alike and are as common."""
        held = date.fromordinal(born)
        level = compare_births(self._asked.born, held)
        alike = (level, held.year, held.month == held.day == 1) if level in DATED else (level,)
        day = self._days_alike.get(alike)
        if day is None:
            day = self._days_alike[alike] = _Day(level, held)
        self._days[born] = day
        return day

    def _readings(self, compared: NamesCompared) -> tuple[_WeighedNames, ...]:
        """Return the readings of the names, weighed: as they stand, and exchanged where that may be."""
        alike = tuple(map(id, compared))
        known = self._names.get(alike)
        if known is None:
            given, family, other, crossed_given, crossed_family = compared
            readings: tuple[_WeighedNames, ...] = (self._reading(Level.STRAIGHT, given, family, other),)
            if crossed_given is not None and crossed_family is not None:
                readings = (*readings, self._reading(Level.CROSSED, crossed_given, crossed_family, other))
            known = self._names[alike] = readings, compared
        return known[0]

    def _better(
        self, readings: tuple[_WeighedNames, ...], day: _Day, gender: Level, place: Level, number: Level
    ) -> Worth:
        """Return what the better reading of the names is worth, the straight one where both are alike."""
        gender_bits = self._plain_bits(Field.GENDER, gender)
        place_bits, number_bits = self._plain_bits(Field.PLACE, place), self._plain_bits(Field.NUMBER, number)
        weighed = []
        for names in readings:
            birth_bits = self._birth_bits(day, names.new_year)
            of_gender = min(gender_bits, 0.0) if names.given_agrees else gender_bits
            weighed.append((names.sum_bits + birth_bits + of_gender + place_bits + number_bits, birth_bits, of_gender))
        better = 1 if len(weighed) > 1 and weighed[1][0] > weighed[0][0] else 0
        names, (weight_bits, birth_bits, gender_bits) = readings[better], weighed[better]
        (in_order, given, family, other), bits = names.levels, names.bits
        twin = self._model.twin_share
        return Worth(
            (
                (Field.ORDER, in_order, bits[0]),
                (Field.GIVEN, given, bits[1]),
                (Field.FAMILY, family, bits[2]),
                (Field.OTHER, other, bits[3]),
                (Field.BIRTH, day.level, birth_bits),
                (Field.GENDER, gender, gender_bits),
                (Field.PLACE, place, place_bits),
                (Field.NUMBER, number, number_bits),
            ),
            weight_bits,
            names.new_year,
            names.bearers,
            names.given_agrees and family in AGREED,
            family in AGREED and place in THERE,
            names.family_alone_bits
            + place_bits
            + (0.0 if names.given_agrees else log2(1 - twin + twin * 2.0**birth_bits)),
        )

    def _reading(
        self, order: Level, given: NameAgreement, family: NameAgreement, other: NameAgreement
    ) -> _WeighedNames:
        """Return one reading of the names, weighed."""
        alike = order, id(given), id(family), id(other)
        known = self._read.get(alike)
        if known is None:
            known = self._read[alike] = self._weighed_names(order, given, family, other)
        return known

    def _weighed_names(
        self, order: Level, given: NameAgreement, family: NameAgreement, other: NameAgreement
    ) -> _WeighedNames:
        """Return what the agreements of three names are worth, given and family name together."""
        together_bits, new_year = self._kind(given, family, other)
        given_bits, family_bits = self._name_bits(Field.GIVEN, given), self._name_bits(Field.FAMILY, family)
        bearers = self._bearers(given, family)
        if bearers > 1:
            odds = self._model.odds
            apart = given_bits - log2(odds[Field.GIVEN, given.level].m)
            apart += family_bits - log2(odds[Field.FAMILY, family.level].m)
            together_bits = max(together_bits, log2((bearers - 1) / self._size) + apart)
        on_family = bool(family.resting_on)
        bits = (
            self._plain_bits(Field.ORDER, order),
            given_bits - (0.0 if on_family else together_bits),
            family_bits - (together_bits if on_family else 0.0),
            self._name_bits(Field.OTHER, other),
        )
        levels = order, given.level, family.level, other.level
        return _WeighedNames(levels, bits, sum(bits), family_bits, new_year, bearers, given.level in AGREED)

    def _bearers(self, given: NameAgreement, family: NameAgreement) -> int:
        """Return how many records bear the given and the family name that agree, by the rarest of their words."""
        if not given.resting_on or not family.resting_on:
            return 1
        return self._register.pair_frequency(
            self._rarest(Field.GIVEN, given.resting_on), self._rarest(Field.FAMILY, family.resting_on)
        )

    def _rarest(self, field: Field, words: tuple[str, ...]) -> str:
        """Return the rarest of some words, of equals the first."""
        if len(words) == 1:
            return words[0]
        found = self._rarest_of.get((field, words))
        if found is None:
            found = min(words, key=lambda one: self._register.name_frequency(PARTS[field], one))
            self._rarest_of[field, words] = found
        return found

    def _kind(self, *agreements: NameAgreement) -> tuple[float, float]:
        """Return by how many bits the names that agree are likelier together, and P(1 January | those names).

        Args: agreements: of given, family and further names.
        """
        words = [
            self._word(field, self._rarest(field, name.resting_on))
            for field, name in zip(NAMES, agreements, strict=True)
            if name.resting_on
        ]
        if len(words) == 1:
            return 0.0, words[0].new_year
        classes = self._classes
        shares = words[0].shares if words else classes.everybody
        for word in words[1:]:
            shares = shares * word.beside
        together = float(shares.sum())
        if not words or together <= 0:
            return 0.0, float(classes.everybody @ classes.new_year)
        return log2(together) if together > 1 else 0.0, float(shares @ classes.new_year) / together

    def _word(self, field: Field, word: str) -> _Word:
        """Return what hangs on one word of a part of the name."""
        found = self._words.get((field, word))
        if found is None:
            classes, shares = self._classes, self._register.class_shares(PARTS[field], word)
            whole = float(shares.sum())
            kind, whole = (shares, whole) if whole > 0 else (classes.everybody, 1.0)
            new_year = float(kind @ classes.new_year) / whole
            found = self._words[field, word] = _Word(shares, shares / classes.everybody, new_year)
        return found

    def _name_bits(self, field: Field, name: NameAgreement) -> float:
        """Return log2(m / u) of one level of a name."""
        if name.level is Level.MISSING:
            return 0.0
        known = self._agreements.get((field, id(name)))
        if known is None:
            odds = self._model.odds[field, name.level]
            u = self._shares.share(PARTS[field], name.level, name.resting_on, odds.u)
            known = self._agreements[field, id(name)] = log2(odds.m / min(u, 1.0))
        return known

    def _plain_bits(self, field: Field, level: Level) -> float:
        """Return log2(m / u) of one level of a field whose u is the same for every record."""
        found = self._plain.get((field, level))
        if found is None:
            found = self._plain[field, level] = 0.0 if level is Level.MISSING else self._unlike_names(field, level)
        return found

    def _unlike_names(self, field: Field, level: Level) -> float:
        odds = self._model.odds[field, level]
        u = odds.u
        if field is Field.PLACE and level in THERE:
            u = max(self._register.postcode_frequency(self._asked.postcode), 1) / self._size
        elif field is Field.ORDER:
            u = 1.0  # A reading is chosen, not seen: only how rarely names are exchanged counts.
        elif field is Field.NUMBER and level is Level.EXACT:
            u = 1 / self._size
        return log2(odds.m / min(u, 1.0))

    def _birth_bits(self, day: _Day, new_year: float) -> float:
        """Return log2(m / u) of the date of birth, beside names whose bearers have 1 January that often."""
        if day.level is Level.MISSING:
            return 0.0
        found = self._births.get((id(day), new_year))
        if found is None:
            odds = self._model.odds[Field.BIRTH, day.level]
            share = self._birth_share(day.level, day.born, odds.u, new_year)
            found = self._births[id(day), new_year] = log2(odds.m / min(share, 1.0))
        return found

    def _birth_share(self, level: Level, born: date, otherwise: float, new_year: float) -> float:
        """Return P(another person's date of birth agrees this far)."""
        if level not in DATED:
            return otherwise
        births = self._register.births(born.year)
        held_default = (born.day, born.month) == (1, 1)
        if level is Level.DEFAULTED and not held_default:
            return (births.people + HALF) / (self._size + 1)
        if held_default:
            alike = new_year * births.people
            return (max(births.on_new_year, alike) + HALF) / (self._size + 1)
        return (births.people - births.on_new_year + HALF) / DAYS_BUT_NEW_YEAR / (self._size + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """P(each record is the person sought) and P(the person is not in the register), given the particulars."""

    candidates: tuple[float, ...]
    absent: float


def posterior(weighed: Sequence[Weighed], size: int, model: Model) -> Posterior:
    """Return the posterior of the candidates, in their order, and of absence. It adds up to 1."""
    size = max(size, 1)
    relative, present = model.relatives / size, model.present / size
    related = [relative * 2.0**one.worth.relative_bits for one in weighed]
    all_related = sum(related)
    sought = [
        present * 2.0**one.worth.weight_bits * (1 + all_related - own)
        for one, own in zip(weighed, related, strict=True)
    ]
    absent = ((1 - model.present) + model.present * model.missed) * (1 + all_related)
    total = sum(sought) + absent
    return Posterior(candidates=tuple(one / total for one in sought), absent=absent / total)
