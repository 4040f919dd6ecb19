"""How far one record agrees with the particulars, field by field.

Rules of the room:
- A level is what is seen of one field, whatever the other fields show.
- A missing field is no evidence either way: every sensitive record's place is missing.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from privity.definitions.person import Gender, Particulars
from privity.trace.comparison import NOTHING, Field, Level, NameAgreement, NameAsked, Words, compare_names
from privity.trace.normalise import DISTRICT_BITS, door, name_tokens, postcode_number
from privity.trace.record import ComparedRecord

_DIFFERENT, _MISSING, _EXACT, _CURRENT, _DISTRICT = (
    Level.DIFFERENT, Level.MISSING, Level.EXACT, Level.CURRENT, Level.DISTRICT,
)  # fmt: skip
"""What is met for every record, bound once (comparison.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The particulars, normalised once for all comparisons.

    `place` is the postcode as a number (normalise.postcode_number), 0 for none; so is `number`, the NHS number.
    """

    given: Words
    other: Words
    family: Words
    born: date | None
    gender: Gender
    postcode: str
    place: int
    door: str
    number: int

    def __repr__(self) -> str:
        return "Sought(hidden)"


def sought(particulars: Particulars) -> Sought:
    """Return the particulars as they are compared."""
    return Sought(
        given=name_tokens(particulars.given_name),
        other=name_tokens(particulars.other_given_names),
        family=name_tokens(particulars.family_name),
        born=particulars.date_of_birth,
        gender=particulars.gender,
        postcode=particulars.postcode,
        place=postcode_number(particulars.postcode),
        door=door(particulars.address_lines[0]) if particulars.address_lines else "",
        number=int(particulars.nhs_number.digits) if particulars.nhs_number else 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """The names of one record read straight or crossed."""

    order: Level
    given: NameAgreement
    family: NameAgreement


class NamesCompared(NamedTuple):
    """The names of one record beside those asked for. A tuple, as hundreds are made for one trace.

    The last two are there where the given or the family name is another as it stands: how far they agree exchanged.
    """

    given: NameAgreement
    family: NameAgreement
    other: NameAgreement
    crossed_given: NameAgreement | None
    crossed_family: NameAgreement | None

    @property
    def straight(self) -> Arrangement:
        """Return the names read as they stand."""
        return Arrangement(order=Level.STRAIGHT, given=self.given, family=self.family)

    @property
    def crossed(self) -> Arrangement | None:
        """Return the names read exchanged, where that may be."""
        if self.crossed_given is None or self.crossed_family is None:
            return None
        return Arrangement(order=Level.CROSSED, given=self.crossed_given, family=self.crossed_family)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One record beside the particulars: its names, and a level for every other field."""

    names: NamesCompared
    birth: Level
    gender: Level
    place: Level
    number: Level


def compare(asked: Sought, held: ComparedRecord) -> Comparison:
    """Return how far the record agrees with the particulars."""
    return Comparison(
        names=compare_all_names(asked, held),
        birth=compare_births(asked.born, date.fromordinal(held.born)),
        gender=compare_genders(asked.gender, held.gender),
        place=compare_places(asked, held),
        number=compare_numbers(asked.number, held.number),
    )


def compare_all_names(asked: Sought, held: ComparedRecord) -> NamesCompared:
    """Return how far the names of the record agree with those asked for."""
    given, family = NameAsked(asked.given), NameAsked(asked.family)
    straight = given.as_given(held.given, held.other), family.as_family(held.family, held.previous_families)
    other = compare_names(asked.other, held.other) if asked.other else NOTHING
    if _DIFFERENT not in (straight[0].level, straight[1].level):
        return NamesCompared(*straight, other, None, None)
    crossed = family.as_given(held.given, held.other), given.as_family(held.family, held.previous_families)
    return NamesCompared(*straight, other, *crossed)


def compare_births(asked: date | None, held: date) -> Level:
    """Return how far two dates of birth agree.

    Two 1sts of January in different years agree on nothing: the day may be a default on both sides.
    """
    if asked is None:
        return _MISSING
    year, month, day = asked.year == held.year, asked.month == held.month, asked.day == held.day
    if not year:
        if not (month and day) or _is_new_year(held):
            return _DIFFERENT
        return Level.ONE_DIGIT if _is_one_digit_apart(asked.year, held.year) else Level.TWO_PARTS
    if month and day:
        return Level.NEW_YEAR if _is_new_year(held) else _EXACT
    if asked.day == held.month and asked.month == held.day:
        return Level.EXCHANGED
    if _is_new_year(asked) or _is_new_year(held):
        return Level.DEFAULTED
    if not month and not day:
        return Level.YEAR
    apart = _is_one_digit_apart(asked.day, held.day) if month else _is_one_digit_apart(asked.month, held.month)
    return Level.ONE_DIGIT if apart else Level.TWO_PARTS


def _is_new_year(day: date) -> bool:
    return day.month == day.day == 1


def _is_one_digit_apart(one: int, two: int) -> bool:
    """Return whether two different numbers of up to four digits differ in a single one."""
    if one // 100 == two // 100:
        return one // 10 == two // 10 or one % 10 == two % 10
    return one % 100 == two % 100 and (one // 1000 == two // 1000 or one // 100 % 10 == two // 100 % 10)


def compare_genders(asked: Gender, held: Gender) -> Level:
    """Return how far two genders agree."""
    if Gender.UNKNOWN in (asked, held):
        return _MISSING
    return _EXACT if asked == held else _DIFFERENT


def compare_places(asked: Sought, held: ComparedRecord) -> Level:
    """Return the agreement of postcodes. A record without a place, every sensitive one, shows nothing."""
    sought, now = asked.place, held.postcode
    if not sought:
        return _MISSING
    if sought == now:
        return Level.DOOR if asked.door and asked.door == held.door else _CURRENT
    left = held.left
    if not left:
        if not now:
            return _MISSING
        return _DISTRICT if sought >> DISTRICT_BITS == now >> DISTRICT_BITS else _DIFFERENT
    if sought in left:
        return Level.PREVIOUS
    near = sought >> DISTRICT_BITS in [one >> DISTRICT_BITS for one in (now, *left)]
    return _DISTRICT if near else _DIFFERENT


def compare_numbers(asked: int, held: int) -> Level:
    """Return how far two NHS numbers agree; 0 is none."""
    if not asked:
        return _MISSING
    return _EXACT if asked == held else _DIFFERENT


def levels_of(comparison: Comparison, names: Arrangement) -> dict[Field, Level]:
    """Return the level of every field under one reading of the names."""
    return {
        Field.ORDER: names.order,
        Field.GIVEN: names.given.level,
        Field.FAMILY: names.family.level,
        Field.OTHER: comparison.names.other.level,
        Field.BIRTH: comparison.birth,
        Field.GENDER: comparison.gender,
        Field.PLACE: comparison.place,
        Field.NUMBER: comparison.number,
    }
