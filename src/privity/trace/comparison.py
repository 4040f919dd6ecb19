"""What is compared, the levels it can reach, and how far two names agree. The only door to rapidfuzz.

Rules of the room:
- A comparison says what is seen, not what it is worth: weights are in weight.py, probabilities in the model.
- `KIM HUONG` and `KIM NHUNG` share a word and contradict each other: that is a conflict, not a near match.
- A missing field is no evidence either way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from privity.trace.normalise import skeleton
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


_DIFFERENT, _EXACT = Level.DIFFERENT, Level.EXACT
"""What is met for every record, bound once: to look a member up in its enum takes longer than to compare with it."""
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


Words = tuple[str, ...]
"""A name as tokens (normalise.name_tokens)."""
NOTHING = NameAgreement(Level.MISSING)
UNLIKE = NameAgreement(Level.DIFFERENT)


class NameAsked:
    """A name asked for, beside any that are held: each is compared once, however many records bear it."""

    __slots__ = ("_met", "_word", "_words")

    def __init__(self, words: Words) -> None:
        self._words = words
        self._word = _word_asked(words[0]) if len(words) == 1 else None
        self._met: dict[Words, NameAgreement] = {}

    def beside(self, held: Words) -> NameAgreement:
        """Return how far a name agrees, word by word."""
        found = self._met.get(held)
        if found is None:
            found = self._met[held] = self._compared(held)
        return found

    def _compared(self, held: Words) -> NameAgreement:
        asked = self._words
        if not asked or not held:
            return NOTHING
        if asked == held:
            return NameAgreement(_EXACT, held)
        if self._word is not None and len(held) == 1:
            level = _compare_words(self._word, held[0])
            return UNLIKE if level is _DIFFERENT else NameAgreement(level, held)
        return _compare_several(asked, held)

    def as_given(self, given: Words, other: Words) -> NameAgreement:
        """Return the agreement with a given name, or with a further one the person may go by."""
        found = self._met.get(given) or self.beside(given)
        if other and found.level in WEAK:
            if len(self._words) == 1:
                return _by_one_word(self._words, given, other) or found
            if set(self._words) <= {*given, *other}:
                return _elsewhere(self._words)
        return found

    def as_family(self, family: Words, before: tuple[Words, ...]) -> NameAgreement:
        """Return the agreement with a family name, or with one of those before it."""
        found = self._met.get(family) or self.beside(family)
        if before and found.level in WEAK:
            for earlier in before:
                if self.beside(earlier).level in (_EXACT, Level.SUBSET):
                    return _elsewhere(earlier)
        return found


def _by_one_word(asked: Words, given: Words, other: Words) -> NameAgreement | None:
    """Return the agreement with a further name the person may go by, None where there is none."""
    if asked[0] in other or asked[0] in given:
        return _elsewhere(asked)
    forms = variants(asked[0])
    if forms and not forms.isdisjoint(other):
        return _elsewhere(tuple(sorted(forms.intersection(other))))
    return None


@lru_cache(maxsize=4_096)
def _elsewhere(words: Words) -> NameAgreement:
    """Return that some words are a name which the register holds in another place."""
    return NameAgreement(Level.ELSEWHERE, words)


_NEAR = frozenset({Level.VARIANT, Level.CLOSE})
WEAK = frozenset({Level.SOUNDS, Level.SIMILAR, Level.INITIAL, Level.CONFLICT, _DIFFERENT})


def compare_names(asked: Words, held: Words) -> NameAgreement:
    """Return how far two names agree, word by word."""
    return NameAsked(asked).beside(held)


def _compare_several(asked: Words, held: Words) -> NameAgreement:
    """Return how far two names agree, different ones, of which one at least has several words."""
    asked_words, held_words = set(asked), set(held)
    if asked_words == held_words or "".join(asked) == "".join(held):
        return NameAgreement(_EXACT, held)
    shared = asked_words & held_words
    if not shared:
        return _compare_unshared(asked, held)
    left_asked, left_held = asked_words - shared, held_words - shared
    if not left_asked or not left_held:
        return NameAgreement(Level.SUBSET, tuple(sorted(shared)))
    if _any_near(left_asked, left_held):
        return NameAgreement(Level.CLOSE, held)
    return NameAgreement(Level.CONFLICT, tuple(sorted(shared)))


def _compare_unshared(asked: Words, held: Words) -> NameAgreement:
    """Return how far two names agree that have no word in common."""
    if JaroWinkler.similarity("".join(asked), "".join(held), score_cutoff=CLOSE) >= CLOSE:
        return NameAgreement(Level.CLOSE, held)
    near = tuple(sorted([word for word in held if _any_near(asked, (word,))]))
    return NameAgreement(Level.SOUNDS, near) if near else UNLIKE


class _WordAsked(NamedTuple):
    """A word asked for, with what every comparison needs of it."""

    word: str
    forms: frozenset[str]
    heard: str


@lru_cache(maxsize=8_192)
def _word_asked(word: str) -> _WordAsked:
    return _WordAsked(word, variants(word), skeleton(word))


def _compare_words(asked: _WordAsked, held: str) -> Level:
    """Return how far two different single words agree."""
    word, forms, heard = asked
    if forms and held in forms:
        return Level.VARIANT
    if len(word) == 1 or len(held) == 1:
        return Level.INITIAL if word[0] == held[0] else _DIFFERENT
    likeness = JaroWinkler.similarity(word, held, score_cutoff=ALIKE)
    if likeness >= CLOSE:
        return Level.CLOSE
    if heard == skeleton(held) and (len(heard) > SHORT_SKELETON or likeness >= ALIKE):
        return Level.SOUNDS
    return Level.SIMILAR if likeness >= SIMILAR else _DIFFERENT


def spelling_likeness(asked: str, held: str) -> float:
    """Return how alike two names are spelt, 0 to 1."""
    return JaroWinkler.similarity(asked, held)


def likenesses(asked: Sequence[str], held: Sequence[str], least: float = 0.0) -> NDArray[np.float64]:
    """Return how alike the words of each pair are spelt, 0 to 1: the measure of a single pair, for many.

    Args: least: from where on it matters; 0 is returned of any pair below.
    """
    alike = cpdist(asked, held, scorer=JaroWinkler.similarity, score_cutoff=least, dtype=np.float64)
    return np.asarray(alike, np.float64)


def _any_near(asked: Iterable[str], held: Iterable[str]) -> bool:
    """Return whether some word of one name is a variant or near spelling of a word of the other.

    A skeleton of one or two consonants is shared by too many names to make two words near.
    """
    for one in asked:
        word = _word_asked(one)
        for two in held:
            level = _compare_words(word, two)
            if level is _DIFFERENT:
                continue
            if level in _NEAR or (level is Level.SOUNDS and len(word.heard) > SHORT_SKELETON):
                return True
    return False
