"""How rare the names of a batch are: their rarest words, their classes, and who bears two of them together.

Rules of the room:
- Numbers are those of weight.NameShares and scales.Scales; a test compares them trace by trace.
- What hangs on a word is worked out once for each word, what hangs on several once for each group of them.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from privity.trace.blocking import pair_keys, word_hash
from privity.trace.held import BatchReader
from privity.trace.names import Names
from privity.trace.record import NamePart
from privity.trace.spans import Int64s, numbered, spread

Floats = NDArray[np.float64]
_NONE = -1
_AT_ONCE = 100_000


class NameRarity:
    """The words of a batch's names in one register."""

    def __init__(self, names: Names, register: BatchReader) -> None:
        self._names, self._register = names, register
        self._size = max(register.size, 1)
        self._rarest: dict[NamePart, Int64s] = {}
        self._counts: dict[NamePart, Int64s] = {}
        self._beside: dict[NamePart, Floats] = {}
        everybody = register.classes.everybody
        for part in NamePart:
            records, shares = register.rarities(part, names.words)
            self._rarest[part] = self._rarest_words(records)
            self._counts[part] = records
            self._beside[part] = shares / everybody

    def _rarest_words(self, records: Int64s) -> Int64s:
        """Return the rarest word of each name, of equals the first, -1 of no name."""
        names = self._names
        lengths = np.diff(names.starts)
        found = np.full(len(names), _NONE, np.int64)
        alone = np.flatnonzero(lengths == 1)
        found[alone] = names.flat[names.starts[alone]]
        several = np.flatnonzero(lengths > 1)
        owner, place = spread(names.starts[several], lengths[several])
        words = names.flat[place]
        order = np.lexsort((np.arange(len(words)), records[words], owner))
        first = np.searchsorted(owner, np.arange(len(several)))
        found[several] = words[order[first]]
        return found

    def rarest(self, part: NamePart, resting: Int64s) -> Int64s:
        """Return the rarest word of each name that something rests on, -1 where nothing does."""
        return self._rarest[part][resting]

    def shares(self, part: NamePart) -> Floats:
        """Return, for each name, which share of the register bears its rarest word there, at least one record."""
        counts = np.maximum(self._counts[part][self._rarest[part]], 1) if len(self._counts[part]) else 1
        return np.broadcast_to(np.asarray(counts / self._size, np.float64), (len(self._names),))

    def bearing(self, part: NamePart, names: Int64s) -> Int64s:
        """Return how many records bear the rarest word of each name in that part of theirs, 0 of no name."""
        rarest = self._rarest[part][names]
        found = np.zeros(len(names), np.int64)
        there = np.flatnonzero(rarest != _NONE)
        found[there] = self._counts[part][rarest[there]]
        return found

    def kinds(self, words: Mapping[NamePart, Int64s]) -> tuple[Floats, Floats]:
        """Return by how many bits the words that agree are likelier together, and P(1 January | those words)."""
        many = len(self._names.words) + 1
        given, other, family = (words[part] + 1 for part in (NamePart.GIVEN, NamePart.OTHER, NamePart.FAMILY))
        groups, back = numbered((given * many + other) * many + family, many**3)
        each = {
            NamePart.GIVEN: groups // many // many - 1,
            NamePart.OTHER: groups // many % many - 1,
            NamePart.FAMILY: groups % many - 1,
        }
        together, new_year = np.zeros(len(groups)), np.zeros(len(groups))
        for start in range(0, len(groups), _AT_ONCE):
            piece = slice(start, start + _AT_ONCE)
            together[piece], new_year[piece] = self._kinds({part: some[piece] for part, some in each.items()})
        return together[back], new_year[back]

    def _kinds(self, words: Mapping[NamePart, Int64s]) -> tuple[Floats, Floats]:
        """Return the same for groups of words, each met once."""
        classes = self._register.classes
        everybody = classes.everybody
        counted = sum((some != _NONE).astype(np.int64) for some in words.values())
        shares = np.empty((len(counted), len(everybody)))
        shares[:] = everybody
        for part, some in words.items():
            there = np.flatnonzero(some != _NONE)
            shares[there] *= self._beside[part][some[there]]
        together = shares.sum(axis=1)
        known = (counted > 0) & (together > 0)
        safe = np.where(known, together, 1.0)
        new_year = np.where(known, shares @ classes.new_year / safe, everybody @ classes.new_year)
        likelier = known & (counted > 1) & (together > 1)
        return np.where(likelier, np.log2(np.where(likelier, together, 1.0)), 0.0), new_year

    def bearers(self, given: Int64s, family: Int64s) -> Int64s:
        """Return how many records bear the given and the family word that agree, 1 where not both do."""
        found = np.ones(len(given), np.int64)
        both = np.flatnonzero((given != _NONE) & (family != _NONE))
        if not len(both):
            return found
        many = len(self._names.words)
        pairs, back = numbered(given[both] * many + family[both], many * many)
        one, two = (self._spelt(words) for words in (pairs // many, pairs % many))
        found[both] = self._register.pair_frequencies(pair_keys(one, two))[back]
        return found

    def _spelt(self, words: Int64s) -> NDArray[np.uint64]:
        """Return what each word is counted under (blocking.word_hash)."""
        distinct, back = numbered(words, len(self._names.words))
        texts = self._names.words
        return np.array([word_hash(texts[word]) for word in distinct.tolist()], np.uint64)[back]
