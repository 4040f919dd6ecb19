"""How far one record agrees with the particulars, field by field. The only door to rapidfuzz.

Rules of the room:
- A comparison says what is seen, not what it is worth: weights are in weight.py, probabilities in the model.
- `KIM HUONG` and `KIM NHUNG` share a word and contradict each other: that is a conflict, not a near match.
- A missing field is no evidence either way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from privity.definitions.person import Gender, Particulars
from privity.trace.blocking import exchanged
from privity.trace.normalise import DISTRICT_BITS, door, name_tokens, postcode_number, skeleton
from privity.trace.record import ComparedRecord
from privity.trace.variants import variants

CLOSE = 0.93
SIMILAR = 0.86
ALIKE = 0.7
SHORT_SKELETON = 2


class Field(StrEnum):
    """What is compared."""

    GIVEN = "given_name"
    """First given name."""
    OTHER = "other_given_names"
    """Further given names."""
    FAMILY = "family_name"
    """Family name, in use or earlier."""
    ORDER = "name_order"
    """Whether given and family name stand in their places."""
    BIRTH = "date_of_birth"
    """Date of birth."""
    GENDER = "gender"
    """Gender."""
    PLACE = "place"
    """Postcode, and first address line where the postcodes are equal."""
    NUMBER = "nhs_number"
    """NHS number."""


class Level(StrEnum):
    """How far a field agrees. Which levels a field can show is fixed by the model's tables."""

    EXACT = "exact"
    """The same."""
    VARIANT = "variant"
    """Names known to stand for one another."""
    SUBSET = "subset"
    """One name is part of the other, word by word."""
    CLOSE = "close"
    """Spelt almost the same."""
    SOUNDS = "sounds"
    """The same consonant skeleton, or one word of several near."""
    SIMILAR = "similar"
    """Spelt somewhat alike."""
    INITIAL = "initial"
    """Only an initial, and it fits."""
    CONFLICT = "conflict"
    """Some words the same, others contradicting."""
    ELSEWHERE = "elsewhere"
    """Equal to a name the register holds in another place: an earlier family name, a further given name."""
    STRAIGHT = "straight"
    """Given and family name in their places."""
    CROSSED = "crossed"
    """Given and family name exchanged."""
    NEW_YEAR = "new_year"
    """The same, and it is a 1st of January: agreement on a year, hardly on a day."""
    ONE_DIGIT = "one_digit"
    """One digit differs."""
    EXCHANGED = "exchanged"
    """Day and month exchanged."""
    TWO_PARTS = "two_parts"
    """Two of day, month and year are the same."""
    DEFAULTED = "defaulted"
    """The same year, and one side says 1 January."""
    YEAR = "year"
    """Only the year is the same."""
    DOOR = "door"
    """The same postcode and first address line."""
    CURRENT = "current"
    """The same postcode."""
    PREVIOUS = "previous"
    """A postcode of an earlier address."""
    DISTRICT = "district"
    """The same postcode district."""
    DIFFERENT = "different"
    """None of these."""
    MISSING = "missing"
    """One side has nothing."""


NAME_LEVELS = (
    Level.EXACT, Level.VARIANT, Level.SUBSET, Level.CLOSE, Level.SOUNDS, Level.SIMILAR, Level.INITIAL,
    Level.CONFLICT, Level.ELSEWHERE, Level.DIFFERENT,
)  # fmt: skip
LEVELS: dict[Field, tuple[Level, ...]] = {
    Field.GIVEN: NAME_LEVELS,
    Field.OTHER: NAME_LEVELS,
    Field.FAMILY: NAME_LEVELS,
    Field.ORDER: (Level.STRAIGHT, Level.CROSSED),
    Field.BIRTH: (
        Level.EXACT, Level.NEW_YEAR, Level.ONE_DIGIT, Level.EXCHANGED, Level.TWO_PARTS, Level.DEFAULTED,
        Level.YEAR, Level.DIFFERENT,
    ),
    Field.GENDER: (Level.EXACT, Level.DIFFERENT),
    Field.PLACE: (Level.DOOR, Level.CURRENT, Level.PREVIOUS, Level.DISTRICT, Level.DIFFERENT),
    Field.NUMBER: (Level.EXACT, Level.DIFFERENT),
}  # fmt: skip
"""The levels each field can show when nothing is missing."""


@dataclass(frozen=True, slots=True)
class NameAgreement:
    """The level two names reach, and the words of the record it rests on (their rarity is the evidence)."""

    level: Level
    resting_on: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"NameAgreement({self.level})"


NOTHING = NameAgreement(Level.MISSING)
UNLIKE = NameAgreement(Level.DIFFERENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The particulars, normalised once for all comparisons.

    `place` is the postcode as a number (normalise.postcode_number), 0 for none; so is `number`, the NHS number.
    """

    given: tuple[str, ...]
    other: tuple[str, ...]
    family: tuple[str, ...]
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
    given, family = _given(asked.given, held), _family(asked.family, held)
    other = compare_names(asked.other, held.other) if asked.other else NOTHING
    if given.level is Level.DIFFERENT or family.level is Level.DIFFERENT:
        return NamesCompared(given, family, other, _given(asked.family, held), _family(asked.given, held))
    return NamesCompared(given, family, other, None, None)


def _given(asked: tuple[str, ...], held: ComparedRecord) -> NameAgreement:
    """Return the agreement with the given name, or with a further one the person may go by."""
    found, other = compare_names(asked, held.given), held.other
    if other and found.level in WEAK:
        if len(asked) == 1:
            return _by_one_word(asked, held.given, other) or found
        if set(asked) <= {*held.given, *other}:
            return _elsewhere(asked)
    return found


def _by_one_word(asked: tuple[str, ...], given: tuple[str, ...], other: tuple[str, ...]) -> NameAgreement | None:
    """Return the agreement with a further name the person may go by, None where there is none."""
    if asked[0] in other or asked[0] in given:
        return _elsewhere(asked)
    forms = variants(asked[0])
    if forms and not forms.isdisjoint(other):
        return _elsewhere(tuple(sorted(forms.intersection(other))))
    return None


@lru_cache(maxsize=4_096)
def _elsewhere(words: tuple[str, ...]) -> NameAgreement:
    """Return that some words are a name which the register holds in another place."""
    return NameAgreement(Level.ELSEWHERE, words)


def _family(asked: tuple[str, ...], held: ComparedRecord) -> NameAgreement:
    """Return the agreement with the family name, or with an earlier one."""
    found = compare_names(asked, held.family)
    if found.level in WEAK:
        for earlier in held.previous_families:
            if compare_names(asked, earlier).level in (Level.EXACT, Level.SUBSET):
                return _elsewhere(earlier)
    return found


WEAK = frozenset({Level.SOUNDS, Level.SIMILAR, Level.INITIAL, Level.CONFLICT, Level.DIFFERENT})


@lru_cache(maxsize=32_768)
def compare_names(asked: tuple[str, ...], held: tuple[str, ...]) -> NameAgreement:
    """Return how far two names agree, word by word."""
    if not asked or not held:
        return NOTHING
    if len(asked) == len(held) == 1 and asked != held:
        level = _compare_words(asked[0], held[0])
        return UNLIKE if level is Level.DIFFERENT else NameAgreement(level, held)
    asked_words, held_words = set(asked), set(held)
    if asked_words == held_words or "".join(asked) == "".join(held):
        return NameAgreement(Level.EXACT, held)
    shared = asked_words & held_words
    if not shared:
        return _compare_unshared(asked, held)
    left_asked, left_held = asked_words - shared, held_words - shared
    if not left_asked or not left_held:
        return NameAgreement(Level.SUBSET, tuple(sorted(shared)))
    if _any_near(left_asked, left_held):
        return NameAgreement(Level.CLOSE, held)
    return NameAgreement(Level.CONFLICT, tuple(sorted(shared)))


def _compare_unshared(asked: tuple[str, ...], held: tuple[str, ...]) -> NameAgreement:
    """Return how far two names agree that have no word in common."""
    if JaroWinkler.similarity("".join(asked), "".join(held)) >= CLOSE:
        return NameAgreement(Level.CLOSE, held)
    near = tuple(sorted(word for word in held if _any_near(asked, (word,))))
    return NameAgreement(Level.SOUNDS, near) if near else UNLIKE


def _compare_words(asked: str, held: str) -> Level:
    """Return how far two different single words agree."""
    if held in variants(asked):
        return Level.VARIANT
    if 1 in (len(asked), len(held)):
        return Level.INITIAL if asked[0] == held[0] else Level.DIFFERENT
    likeness = JaroWinkler.similarity(asked, held, score_cutoff=ALIKE)
    if likeness >= CLOSE:
        return Level.CLOSE
    heard = skeleton(asked)
    if heard == skeleton(held) and (len(heard) > SHORT_SKELETON or likeness >= ALIKE):
        return Level.SOUNDS
    return Level.SIMILAR if likeness >= SIMILAR else Level.DIFFERENT


def likenesses(asked: Sequence[str], held: Sequence[str]) -> NDArray[np.float64]:
    """Return how alike the words of each pair are spelt, 0 to 1: the measure of a single pair, for many."""
    return np.asarray(cpdist(asked, held, scorer=JaroWinkler.similarity, dtype=np.float64), np.float64)


def _any_near(asked: Iterable[str], held: Iterable[str]) -> bool:
    """Return whether some word of one name is a variant or near spelling of a word of the other."""
    held = tuple(held)
    return any(_is_near(one, two) for one in asked for two in held)


def _is_near(asked: str, held: str) -> bool:
    """Return whether two words are near. A skeleton of one or two consonants is shared by too many names."""
    level = _compare_words(asked, held)
    if level is Level.SOUNDS:
        return len(skeleton(held)) > SHORT_SKELETON
    return level in (Level.VARIANT, Level.CLOSE)


def compare_births(asked: date | None, held: date) -> Level:
    """Return how far two dates of birth agree.

    Two 1sts of January in different years agree on nothing: the day may be a default on both sides.
    """
    if asked is None:
        return Level.MISSING
    if asked.year != held.year and (asked.month != held.month or asked.day != held.day):
        return Level.DIFFERENT
    if asked == held:
        return Level.NEW_YEAR if (held.day, held.month) == (1, 1) else Level.EXACT
    if exchanged(asked) == held:
        return Level.EXCHANGED
    defaults = ((asked.day, asked.month) == (1, 1)) + ((held.day, held.month) == (1, 1))
    if defaults == 2:
        return Level.DIFFERENT
    if defaults and asked.year == held.year:
        return Level.DEFAULTED
    same = (asked.year == held.year) + (asked.month == held.month) + (asked.day == held.day)
    if same == 2:
        return Level.ONE_DIGIT if _digits_apart(asked, held) == 1 else Level.TWO_PARTS
    return Level.YEAR if asked.year == held.year else Level.DIFFERENT


def _digits_apart(asked: date, held: date) -> int:
    """Return in how many digits two days differ, written alike."""
    return sum(one != two for one, two in zip(asked.isoformat(), held.isoformat(), strict=True))


def compare_genders(asked: Gender, held: Gender) -> Level:
    """Return how far two genders agree."""
    if Gender.UNKNOWN in (asked, held):
        return Level.MISSING
    return Level.EXACT if asked == held else Level.DIFFERENT


def compare_places(asked: Sought, held: ComparedRecord) -> Level:
    """Return the agreement of postcodes. A record without a place, every sensitive one, shows nothing."""
    sought, now = asked.place, held.postcode
    if not sought:
        return Level.MISSING
    if sought == now:
        return Level.DOOR if asked.door and asked.door == held.door else Level.CURRENT
    left = held.left
    if not left:
        if not now:
            return Level.MISSING
        return Level.DISTRICT if sought >> DISTRICT_BITS == now >> DISTRICT_BITS else Level.DIFFERENT
    if sought in left:
        return Level.PREVIOUS
    near = sought >> DISTRICT_BITS in [one >> DISTRICT_BITS for one in (now, *left)]
    return Level.DISTRICT if near else Level.DIFFERENT


def compare_numbers(asked: int, held: int) -> Level:
    """Return how far two NHS numbers agree; 0 is none."""
    if not asked:
        return Level.MISSING
    return Level.EXACT if asked == held else Level.DIFFERENT


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
