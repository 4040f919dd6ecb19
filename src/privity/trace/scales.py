"""The scales of one trace: every record weighed for one person sought, and what agrees alike weighed once.

A record is names, a day, a gender, a place and a number. Hundreds of records share a few agreements of each, so each is
compared and weighed when it is first met; what is left to do for a record is to look five answers up.

Rules of the room:
- A weight is as weight.py tells it. Nothing is left out that could weigh: a record has every field's evidence.
- Agreements are known by identity, so they are kept in being as long as what they are worth.
"""

from datetime import date
from math import log2
from typing import NamedTuple

from privity.trace.comparison import Field, Level, NameAgreement, NameAsked, Words
from privity.trace.model import Model
from privity.trace.record import ComparedRecord, RegisterReader, Shares
from privity.trace.record_levels import Sought, compare_births, compare_genders, compare_numbers, compare_places
from privity.trace.weight import AGREED, DATED, DAYS_BUT_NEW_YEAR, HALF, PARTS, THERE, NameShares, Weighed, Worth

_DIFFERENT, _MISSING = Level.DIFFERENT, Level.MISSING
_ORDER, _GIVEN, _FAMILY, _OTHER = Field.ORDER, Field.GIVEN, Field.FAMILY, Field.OTHER
_BIRTH, _GENDER, _PLACE, _NUMBER = Field.BIRTH, Field.GENDER, Field.PLACE, Field.NUMBER
_STRAIGHT, _CROSSED = Level.STRAIGHT, Level.CROSSED
"""What is met for every record, bound once (comparison.py)."""


class _GivenNames:
    """The given names of some records beside those asked for: as they stand and, once asked for, exchanged."""

    __slots__ = ("crossed", "other", "straight", "unlike")

    def __init__(self, straight: NameAgreement, other: NameAgreement) -> None:
        self.straight, self.other = straight, other
        self.unlike = straight.level is _DIFFERENT
        self.crossed: NameAgreement | None = None


class _FamilyNames:
    """The family names of some records beside the one asked for: as they stand and, once asked for, exchanged."""

    __slots__ = ("crossed", "straight", "unlike")

    def __init__(self, straight: NameAgreement) -> None:
        self.straight = straight
        self.unlike = straight.level is _DIFFERENT
        self.crossed: NameAgreement | None = None


class _Word(NamedTuple):
    """A word on which an agreement rests: its shares in the classes, those as times everybody's, P(1 January | it)."""

    shares: Shares
    beside: Shares
    new_year: float


class _Name(NamedTuple):
    """One agreement of one part of a name, weighed by itself."""

    level: Level
    bits: float
    unlikely_bits: float
    """log2 of 1 / u: what is left of the bits without m."""
    rarest: str
    """The rarest word it rests on, empty for none."""
    word: _Word | None


class _Reading(NamedTuple):
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
    family_agrees: bool


class _Day:
    """How a date of birth agrees; what that is worth, where the names that agree have no say in it."""

    __slots__ = ("bits", "born", "level")

    def __init__(self, level: Level, born: date, bits: float | None) -> None:
        self.level, self.born, self.bits = level, born, bits


class Scales:
    """Weighs records for one person sought, against one register, by one model."""

    __slots__ = (
        "_asked", "_asked_family", "_asked_given", "_asked_other", "_births", "_classes", "_days", "_days_alike",
        "_families", "_genders", "_givens", "_known", "_model", "_names", "_numbers", "_orders", "_places",
        "_rarest_of", "_read", "_readings", "_register", "_shares", "_size", "_words",
    )  # fmt: skip

    def __init__(self, asked: Sought, register: RegisterReader, model: Model) -> None:
        self._asked = asked
        self._asked_given, self._asked_family = NameAsked(asked.given), NameAsked(asked.family)
        self._asked_other = NameAsked(asked.other)
        self._register = register
        self._model = model
        self._size = max(register.size, 1)
        self._shares = NameShares(register)
        self._classes = register.classes
        self._givens: dict[tuple[Words, Words], _GivenNames] = {}
        self._families: dict[tuple[Words, tuple[Words, ...]], _FamilyNames] = {}
        self._readings: dict[tuple[int, ...], tuple[_Reading, ...]] = {}
        self._read: dict[tuple[Level, int, int, int], _Reading] = {}
        self._names: dict[Field, dict[int, _Name]] = {_GIVEN: {}, _FAMILY: {}, _OTHER: {}}
        self._rarest_of: dict[tuple[Field, Words], str] = {}
        self._words: dict[tuple[Field, str], _Word] = {}
        self._days: dict[int, _Day] = {}
        self._days_alike: dict[tuple[object, ...], _Day] = {}
        self._births: dict[tuple[int, float], float] = {}
        self._orders: dict[Level, float] = {}
        self._genders: dict[Level, float] = {}
        self._places: dict[Level, float] = {}
        self._numbers: dict[Level, float] = {}
        self._known: dict[tuple[object, ...], Worth] = {}

    def weigh(self, record: ComparedRecord) -> Weighed:
        """Return the record with the weight of the better reading of its names."""
        asked = self._asked
        given_names, family_names = (record.given, record.other), (record.family, record.previous_families)
        given = self._givens.get(given_names) or self._given(given_names)
        family = self._families.get(family_names) or self._family(family_names)
        names: tuple[int, ...]
        if given.unlike or family.unlike:
            crossed = given.crossed or self._given_crossed(given, given_names)
            beside = family.crossed or self._family_crossed(family, family_names)
            names = id(given.straight), id(family.straight), id(given.other), id(crossed), id(beside)
        else:
            names = id(given.straight), id(family.straight), id(given.other)
        readings = self._readings.get(names) or self._weighed_readings(names, given, family)
        day = self._days.get(record.born) or self._day(record.born)
        place, number = compare_places(asked, record), compare_numbers(asked.number, record.number)
        alike = id(readings), id(day), record.gender, place, number
        worth = self._known.get(alike)
        if worth is None:
            gender = compare_genders(asked.gender, record.gender)
            worth = self._known[alike] = self._better(readings, day, gender, place, number)
        return tuple.__new__(Weighed, (record, worth))  # Its own constructor takes longer than weighing.

    def _given(self, names: tuple[Words, Words]) -> _GivenNames:
        """Return how given names agree with those asked for, as they stand."""
        other = self._asked_other.beside(names[1])
        found = self._givens[names] = _GivenNames(self._asked_given.as_given(*names), other)
        return found

    def _family(self, names: tuple[Words, tuple[Words, ...]]) -> _FamilyNames:
        """Return how family names agree with the one asked for, as they stand."""
        found = self._families[names] = _FamilyNames(self._asked_family.as_family(*names))
        return found

    def _given_crossed(self, given: _GivenNames, names: tuple[Words, Words]) -> NameAgreement:
        """Return how given names agree with the family name asked for."""
        given.crossed = self._asked_family.as_given(*names)
        return given.crossed

    def _family_crossed(self, family: _FamilyNames, names: tuple[Words, tuple[Words, ...]]) -> NameAgreement:
        """Return how family names agree with the given name asked for."""
        family.crossed = self._asked_given.as_family(*names)
        return family.crossed

    def _weighed_readings(
        self, alike: tuple[int, ...], given: _GivenNames, family: _FamilyNames
    ) -> tuple[_Reading, ...]:
        """Return the readings of the names, weighed: as they stand, and exchanged where that may be."""
        found: tuple[_Reading, ...] = (self._reading(_STRAIGHT, given.straight, family.straight, given.other),)
        if (given.unlike or family.unlike) and given.crossed is not None and family.crossed is not None:
            found = (*found, self._reading(_CROSSED, given.crossed, family.crossed, given.other))
        self._readings[alike] = found
        return found

    def _reading(self, order: Level, given: NameAgreement, family: NameAgreement, other: NameAgreement) -> _Reading:
        """Return one reading of the names, weighed."""
        alike = order, id(given), id(family), id(other)
        return self._read.get(alike) or self._weighed_names(alike, order, given, family, other)

    def _weighed_names(
        self,
        alike: tuple[Level, int, int, int],
        order: Level,
        given: NameAgreement,
        family: NameAgreement,
        other: NameAgreement,
    ) -> _Reading:
        """Return what the agreements of three names are worth, given and family name together."""
        one = self._names[_GIVEN].get(id(given)) or self._name(_GIVEN, given)
        two = self._names[_FAMILY].get(id(family)) or self._name(_FAMILY, family)
        three = self._names[_OTHER].get(id(other)) or self._name(_OTHER, other)
        together_bits, new_year = self._kind(one.word, two.word, three.word)
        bearers = self._register.pair_frequency(one.rarest, two.rarest) if one.rarest and two.rarest else 1
        if bearers > 1:
            counted_bits = log2((bearers - 1) / self._size) + one.unlikely_bits + two.unlikely_bits
            together_bits = max(together_bits, counted_bits)
        order_bits = self._order_bits(order)
        given_bits, family_bits = one.bits, two.bits
        if two.rarest:
            family_bits -= together_bits
        else:
            given_bits -= together_bits
        bits = order_bits, given_bits, family_bits, three.bits
        levels = order, one.level, two.level, three.level
        agree = one.level in AGREED, two.level in AGREED
        reading: _Reading = tuple.__new__(_Reading, (levels, bits, sum(bits), two.bits, new_year, bearers, *agree))
        self._read[alike] = reading
        return reading

    def _kind(self, *agreed: _Word | None) -> tuple[float, float]:
        """Return by how many bits words that agree are likelier together, and P(1 January | those words)."""
        words = [word for word in agreed if word is not None]
        if len(words) == 1:
            return 0.0, words[0].new_year
        if words:
            shares = words[0].shares
            for word in words[1:]:
                shares = shares * word.beside
            together, on_new_year = shares.dot(self._classes.sums).tolist()
            if together > 0:
                return log2(together) if together > 1 else 0.0, on_new_year / together
        return 0.0, self._classes.everybody_on_new_year

    def _name(self, field: Field, name: NameAgreement) -> _Name:
        """Return what one agreement of one part of a name is worth."""
        level, words = name.level, name.resting_on
        if level is _MISSING:
            found = _Name(level, 0.0, 0.0, "", None)
        else:
            odds = self._model.odds[field, level]
            u = min(self._shares.share(PARTS[field], level, words, odds.u), 1.0)
            rarest = self._rarest(field, words) if words else ""
            found = _Name(level, log2(odds.m / u), -log2(u), rarest, self._word(field, rarest) if rarest else None)
        self._names[field][id(name)] = found
        return found

    def _rarest(self, field: Field, words: Words) -> str:
        """Return the rarest of some words, of equals the first."""
        if len(words) == 1:
            return words[0]
        found = self._rarest_of.get((field, words))
        if found is None:
            found = min(words, key=lambda one: self._register.name_frequency(PARTS[field], one))
            self._rarest_of[field, words] = found
        return found

    def _word(self, field: Field, word: str) -> _Word:
        """Return what hangs on one word of a part of the name."""
        found = self._words.get((field, word))
        if found is None:
            classes, shares = self._classes, self._register.class_shares(PARTS[field], word)
            whole, on_new_year = shares.dot(classes.sums).tolist()
            new_year = on_new_year / whole if whole > 0 else classes.everybody_on_new_year
            found = self._words[field, word] = _Word(shares, shares / classes.everybody, new_year)
        return found

    def _day(self, born: int) -> _Day:
        """Return how a date of birth agrees, the same for all days that agree alike and are as common."""
        held = date.fromordinal(born)
        level = compare_births(self._asked.born, held)
        default = held.month == held.day == 1
        alike = (level, held.year, default) if level in DATED else (level,)
        day = self._days_alike.get(alike)
        if day is None:
            as_names_have_it = default and level in DATED
            bits = None if as_names_have_it else self._birth_bits(level, held, 0.0)
            day = self._days_alike[alike] = _Day(level, held, bits)
        self._days[born] = day
        return day

    def _birth_bits(self, level: Level, held: date, new_year: float) -> float:
        """Return log2(m / u) of the date of birth, beside names whose bearers have 1 January that often."""
        if level is _MISSING:
            return 0.0
        odds = self._model.odds[_BIRTH, level]
        return log2(odds.m / min(self._birth_share(level, held, odds.u, new_year), 1.0))

    def _birth_share(self, level: Level, born: date, otherwise: float, new_year: float) -> float:
        """Return P(another person's date of birth agrees this far)."""
        if level not in DATED:
            return otherwise
        births = self._register.births(born.year)
        held_default = born.month == born.day == 1
        if level is Level.DEFAULTED and not held_default:
            return (births.people + HALF) / (self._size + 1)
        if held_default:
            alike = new_year * births.people
            return (max(births.on_new_year, alike) + HALF) / (self._size + 1)
        return (births.people - births.on_new_year + HALF) / DAYS_BUT_NEW_YEAR / (self._size + 1)

    def _better(self, readings: tuple[_Reading, ...], day: _Day, gender: Level, place: Level, number: Level) -> Worth:
        """Return what the better reading of the names is worth, the straight one where both are alike."""
        gender_bits = self._gender_bits(gender)
        place_bits, number_bits = self._place_bits(place), self._number_bits(number)
        names = readings[0]
        weight_bits, birth_bits, of_gender = self._weight(names, day, gender_bits, place_bits, number_bits)
        if len(readings) > 1:
            crossed = self._weight(readings[1], day, gender_bits, place_bits, number_bits)
            if crossed[0] > weight_bits:
                names, (weight_bits, birth_bits, of_gender) = readings[1], crossed
        (in_order, given, family, other), bits = names.levels, names.bits
        relative_bits = names.family_alone_bits + place_bits
        if not names.given_agrees:
            twin = self._model.twin_share
            relative_bits += log2(1 - twin + twin * 2.0**birth_bits)
        fields = (
            (_ORDER, in_order, bits[0]),
            (_GIVEN, given, bits[1]),
            (_FAMILY, family, bits[2]),
            (_OTHER, other, bits[3]),
            (_BIRTH, day.level, birth_bits),
            (_GENDER, gender, of_gender),
            (_PLACE, place, place_bits),
            (_NUMBER, number, number_bits),
        )
        return Worth(
            fields,
            weight_bits,
            names.new_year,
            names.bearers,
            names.given_agrees and names.family_agrees,
            names.family_agrees and place in THERE,
            relative_bits,
        )

    def _weight(
        self, names: _Reading, day: _Day, gender_bits: float, place_bits: float, number_bits: float
    ) -> tuple[float, float, float]:
        """Return the bits of a record under one reading of its names, and of them those of the day and the gender."""
        birth_bits = day.bits
        if birth_bits is None:
            alike = id(day), names.new_year
            birth_bits = self._births.get(alike)
            if birth_bits is None:
                birth_bits = self._births[alike] = self._birth_bits(day.level, day.born, names.new_year)
        of_gender = 0.0 if names.given_agrees and gender_bits > 0 else gender_bits
        return names.sum_bits + birth_bits + of_gender + place_bits + number_bits, birth_bits, of_gender

    def _order_bits(self, order: Level) -> float:
        """Return the bits of the order of the names: it is chosen, not seen, so only its rarity counts."""
        found = self._orders.get(order)
        if found is None:
            found = self._orders[order] = log2(self._model.odds[_ORDER, order].m)
        return found

    def _gender_bits(self, level: Level) -> float:
        """Return log2(m / u) of a level of the gender, before the given name has its say."""
        found = self._genders.get(level)
        if found is None:
            found = self._genders[level] = self._plain_bits(_GENDER, level, None)
        return found

    def _place_bits(self, level: Level) -> float:
        """Return log2(m / u) of a level of the place: the same postcode is as rare as the postcode is."""
        found = self._places.get(level)
        if found is None:
            u = None
            if level in THERE:
                u = max(self._register.postcode_frequency(self._asked.postcode), 1) / self._size
            found = self._places[level] = self._plain_bits(_PLACE, level, u)
        return found

    def _number_bits(self, level: Level) -> float:
        """Return log2(m / u) of a level of the NHS number: the same is one of all."""
        found = self._numbers.get(level)
        if found is None:
            u = 1 / self._size if level is Level.EXACT else None
            found = self._numbers[level] = self._plain_bits(_NUMBER, level, u)
        return found

    def _plain_bits(self, field: Field, level: Level, u: float | None) -> float:
        """Return log2(m / u) of a level, by the model's u where none is given."""
        if level is _MISSING:
            return 0.0
        odds = self._model.odds[field, level]
        return log2(odds.m / min(odds.u if u is None else u, 1.0))
