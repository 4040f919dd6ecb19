"""Names compared by the array: every distinct pair of a batch once, with the levels that single pairs would get.

1. names and words are numbered; equal numbers are equal names
2. pairs of single words are compared all at once: known forms, initials, spelling, sound
3. pairs with more words go one by one, through the comparison of single traces

Rule of the room: a level is that of comparison.compare_names, always; a test compares the two pair by pair.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from privity.trace.blocking import Int64s
from privity.trace.comparison import (
    ALIKE,
    CLOSE,
    SHORT_SKELETON,
    SIMILAR,
    Level,
    NameAgreement,
    compare_names,
    likenesses,
)
from privity.trace.normalise import skeleton
from privity.trace.variants import variants

Codes = NDArray[np.int8]
Flags = NDArray[np.bool_]
LEVELS_IN_ORDER = tuple(Level)
CODE = {level: code for code, level in enumerate(LEVELS_IN_ORDER)}
"""The number of a level, in arrays."""
_NONE = -1


class NameBook:
    """The names of one batch, numbered. Number 0 is no name."""

    def __init__(self) -> None:
        self.names: list[tuple[str, ...]] = [()]
        self._numbers: dict[tuple[str, ...], int] = {(): 0}
        self._words: dict[str, int] = {}
        self._bags: dict[frozenset[str], int] = {}
        self._single: list[int] = [_NONE]
        self._joined: list[int] = [_NONE]
        self._bag: list[int] = [_NONE]

    def number(self, name: tuple[str, ...]) -> int:
        """Return the number of a name, a new one where it was not met before."""
        known = self._numbers.get(name)
        if known is not None:
            return known
        number = self._numbers[name] = len(self.names)
        self.names.append(name)
        if len(name) == 1:
            word = self._words.setdefault(name[0], len(self._words))
            self._single.append(word)
            self._joined.append(word)
            self._bag.append(word)
        else:
            self._single.append(_NONE)
            self._joined.append(self._words.setdefault("".join(name), len(self._words)))
            bag = frozenset(name)
            one = self._words.setdefault(name[0], len(self._words)) if len(bag) == 1 else None
            self._bag.append(one if one is not None else -2 - self._bags.setdefault(bag, len(self._bags)))
        return number

    def numbers(self, names: Iterable[tuple[str, ...]]) -> Int64s:
        """Return the numbers of some names."""
        return np.array([self.number(name) for name in names], np.int64)

    def compare(self, asked: Int64s, held: Int64s) -> tuple[Codes, Int64s]:
        """Return the level of each pair of names, and the number of the words it rests on, 0 for none."""
        many = len(self.names)
        pairs, back = np.unique(asked * many + held, return_inverse=True)
        levels, resting = self._compare_distinct(pairs // many, pairs % many)
        return levels[back], resting[back]

    def _compare_distinct(self, asked: Int64s, held: Int64s) -> tuple[Codes, Int64s]:
        single, joined, bag = (np.array(one, np.int64) for one in (self._single, self._joined, self._bag))
        levels = np.full(len(asked), CODE[Level.MISSING], np.int8)
        resting = np.zeros(len(asked), np.int64)
        there = (asked != 0) & (held != 0)
        same = there & ((bag[asked] == bag[held]) | (joined[asked] == joined[held]))
        levels[same] = CODE[Level.EXACT]
        resting[same] = held[same]
        words = np.flatnonzero(there & ~same & (single[asked] != _NONE) & (single[held] != _NONE))
        levels[words] = self._compare_words(single[asked[words]], single[held[words]])
        agree = words[levels[words] != CODE[Level.DIFFERENT]]
        resting[agree] = held[agree]
        rest = np.flatnonzero(there & ~same & ((single[asked] == _NONE) | (single[held] == _NONE)))
        for place, one, two in zip(rest.tolist(), asked[rest].tolist(), held[rest].tolist(), strict=True):
            found = compare_names(self.names[one], self.names[two])
            levels[place] = CODE[found.level]
            resting[place] = self.number(found.resting_on)
        return levels, resting

    def _compare_words(self, asked: Int64s, held: Int64s) -> Codes:
        """Return the level of pairs of different single words."""
        texts = np.array(list(self._words), object)
        levels = np.full(len(asked), CODE[Level.DIFFERENT], np.int8)
        if not len(asked):
            return levels
        lengths = np.array([len(text) for text in texts], np.int64)
        known = self._known_forms(asked, held)
        levels[known] = CODE[Level.VARIANT]
        short = ~known & ((lengths[asked] == 1) | (lengths[held] == 1))
        firsts = np.array([ord(text[0]) for text in texts], np.int64)
        levels[short & (firsts[asked] == firsts[held])] = CODE[Level.INITIAL]
        rest = np.flatnonzero(~known & ~short)
        one, two = asked[rest], held[rest]
        likeness = likenesses(texts[one].tolist(), texts[two].tolist())
        sounds: dict[str, int] = {}
        heard_of = np.zeros(len(texts), np.int64)
        long_enough = np.zeros(len(texts), np.bool_)
        for word in np.unique(np.concatenate([one, two])).tolist():
            heard = skeleton(texts[word])
            heard_of[word] = sounds.setdefault(heard, len(sounds))
            long_enough[word] = len(heard) > SHORT_SKELETON
        alike = (heard_of[one] == heard_of[two]) & (long_enough[one] | (likeness >= ALIKE))
        levels[rest] = np.select(
            [likeness >= CLOSE, alike, likeness >= SIMILAR],
            [CODE[Level.CLOSE], CODE[Level.SOUNDS], CODE[Level.SIMILAR]],
            CODE[Level.DIFFERENT],
        )
        return levels

    def _known_forms(self, asked: Int64s, held: Int64s) -> Flags:
        """Return which pairs of words are known forms of one name."""
        texts = list(self._words)
        forms = [
            word * len(texts) + self._words[form]
            for word in np.unique(asked).tolist()
            for form in variants(texts[word])
            if form in self._words
        ]
        return np.isin(asked * len(texts) + held, np.array(forms, np.int64))

    def word_numbers(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of those of the words that are met in this batch."""
        return [self._words[word] for word in words if word in self._words]

    def agreement(self, code: int, resting: int) -> NameAgreement:
        """Return a level and the words it rests on, as single traces have them."""
        return NameAgreement(LEVELS_IN_ORDER[code], self.names[resting])
