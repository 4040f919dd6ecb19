"""Names compared by the array: every distinct pair of a batch once, with the levels that single pairs would get.

1. the names of the records come as columns (names.py); those asked for are added, and one for every single word
2. pairs of single words are compared all at once: known forms, initials, spelling, sound
3. pairs with more words are laid out word by word, and taken together again

Rule of the room: a level is that of comparison.compare_names, always; a test compares the two pair by pair.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from privity.trace.comparison import ALIKE, CLOSE, SIMILAR, Level, compare_names, likenesses
from privity.trace.names import Names, names_of
from privity.trace.spans import Flags, Int64s, among, numbered, spread
from privity.trace.variants import variants

Codes = NDArray[np.int8]
LEVELS_IN_ORDER = tuple(Level)
CODE = {level: code for code, level in enumerate(LEVELS_IN_ORDER)}
"""The number of a level, in arrays."""
_DIFFERENT = CODE[Level.DIFFERENT]


def is_one_of(levels: Iterable[Level]) -> Flags:
    """Return, by the number of a level, whether it is one of some."""
    found = np.zeros(len(LEVELS_IN_ORDER), np.bool_)
    found[[CODE[level] for level in levels]] = True
    return found


_NEAR = is_one_of({Level.VARIANT, Level.CLOSE})


class NameBook:
    """The names of one batch: those of the records, those asked for, every word by itself, and what agreement left."""

    def __init__(self, held: Names, asked: Iterable[tuple[str, ...]]) -> None:
        self._asked = {
            name: len(held) + place for place, name in enumerate(dict.fromkeys(name for name in asked if name))
        }
        self._asked[()] = 0
        known = names_of([name for name in self._asked if name], held)
        self._first_word = len(known)
        self.names = names_of([(word,) for word in known.words], known)
        self._more: dict[tuple[str, ...], int] = {}
        starts, flat = self.names.starts, self.names.flat
        self._lengths = np.diff(starts)
        self._single = np.full(len(self.names), -1, np.int64)
        alone = np.flatnonzero(self._lengths == 1)
        self._single[alone] = flat[starts[alone]]
        self._texts = np.array(self.names.words, object)
        self._letters = np.array([len(word) for word in self.names.words], np.int64)
        self._firsts = np.array([ord(word[0]) for word in self.names.words], np.int64)
        self._forms = self._known_forms()

    def numbers(self, asked: Iterable[tuple[str, ...]]) -> Int64s:
        """Return the numbers of names asked for."""
        return np.array([self._asked[name] for name in asked], np.int64)

    def name(self, number: int) -> tuple[str, ...]:
        """Return the words of a name."""
        return self.names.name(number)

    def settle(self) -> None:
        """Take the words that agreements left over in among the names: what follows reads columns only."""
        if self._more:
            self.names = names_of(self._more, self.names)
            self._more = {}

    def _number(self, words: tuple[str, ...]) -> int:
        """Return the number of some words of the book."""
        if len(words) == 1:
            return self._first_word + self._word_numbers[words[0]]
        return self._more.setdefault(words, len(self.names) + len(self._more)) if words else 0

    def _known_forms(self) -> Int64s:
        """Return the pairs of a word asked for and a known form of it, as one number each, ascending."""
        many = len(self.names.words)
        self._word_numbers = {word: number for number, word in enumerate(self.names.words)}
        asked = {word for name in self._asked for word in name}
        forms = [
            self._word_numbers[word] * many + self._word_numbers[form]
            for word in asked
            for form in variants(word)
            if form in self._word_numbers
        ]
        return np.sort(np.array(forms, np.int64))

    def compare(self, asked: Int64s, held: Int64s) -> tuple[Codes, Int64s]:
        """Return the level of each pair of names, and the number of the words it rests on, 0 for none."""
        many = len(self.names)
        pairs, back = numbered(asked * many + held, many * many)
        levels, resting = self._compare_distinct(pairs // many, pairs % many)
        return levels[back], resting[back]

    def _compare_distinct(self, asked: Int64s, held: Int64s) -> tuple[Codes, Int64s]:
        names, single = self.names, self._single
        levels = np.full(len(asked), CODE[Level.MISSING], np.int8)
        resting = np.zeros(len(asked), np.int64)
        there = (self._lengths[asked] > 0) & (self._lengths[held] > 0)
        same = there & ((names.bag[asked] == names.bag[held]) | (names.joined[asked] == names.joined[held]))
        levels[same] = CODE[Level.EXACT]
        resting[same] = held[same]
        left = there & ~same
        words = left & (single[asked] >= 0) & (single[held] >= 0)
        some = np.flatnonzero(words)
        levels[some] = self._compare_words(single[asked[some]], single[held[some]])
        agree = some[levels[some] != _DIFFERENT]
        resting[agree] = held[agree]
        left &= ~words
        twice = left & (names.doubled[asked] | names.doubled[held])
        for place in np.flatnonzero(twice).tolist():
            found = compare_names(self.name(asked[place]), self.name(held[place]))
            levels[place], resting[place] = CODE[found.level], self._number(found.resting_on)
        some = np.flatnonzero(left & ~twice)
        levels[some], resting[some] = self._compare_several(asked[some], held[some])
        return levels, resting

    def _compare_words(self, asked: Int64s, held: Int64s) -> Codes:
        """Return the level of pairs of different single words."""
        levels = np.full(len(asked), _DIFFERENT, np.int8)
        known = self._are_forms(asked, held)
        levels[known] = CODE[Level.VARIANT]
        short = ~known & ((self._letters[asked] == 1) | (self._letters[held] == 1))
        levels[short & (self._firsts[asked] == self._firsts[held])] = CODE[Level.INITIAL]
        rest = np.flatnonzero(~known & ~short)
        one, two = asked[rest], held[rest]
        likeness = likenesses(self._texts[one].tolist(), self._texts[two].tolist(), ALIKE)
        alike = (self.names.heard[one] == self.names.heard[two]) & (self.names.clear[one] | (likeness >= ALIKE))
        found = np.full(len(rest), _DIFFERENT, np.int8)
        found[likeness >= SIMILAR] = CODE[Level.SIMILAR]
        found[alike] = CODE[Level.SOUNDS]
        found[likeness >= CLOSE] = CODE[Level.CLOSE]
        levels[rest] = found
        return levels

    def _are_forms(self, asked: Int64s, held: Int64s) -> Flags:
        """Return which pairs of words are known forms of one name."""
        return among(asked * len(self.names.words) + held, self._forms)

    def _are_near(self, asked: Int64s, held: Int64s) -> Flags:
        """Return which pairs of different words are near (comparison._any_near)."""
        many = len(self.names.words)
        pairs, back = numbered(asked * many + held, many * many)
        levels = self._compare_words(pairs // many, pairs % many)
        near = _NEAR[levels] | ((levels == CODE[Level.SOUNDS]) & self.names.clear[pairs % many])
        return np.asarray(near[back], np.bool_)

    def _compare_several(self, asked: Int64s, held: Int64s) -> tuple[Codes, Int64s]:
        """Return levels and words of pairs of names, different ones, of which one at least has several words."""
        laid = _Laid(self, asked, held)
        shared, near = laid.shared, laid.near
        levels = np.full(len(asked), _DIFFERENT, np.int8)
        levels[(shared == 0) & near] = CODE[Level.SOUNDS]
        levels[shared > 0] = CODE[Level.CONFLICT]
        levels[(shared > 0) & near] = CODE[Level.CLOSE]
        part = (shared > 0) & ((shared == self._lengths[asked]) | (shared == self._lengths[held]))
        levels[part] = CODE[Level.SUBSET]
        apart = np.flatnonzero(shared == 0)
        likeness = likenesses(self._joined(asked[apart]), self._joined(held[apart]), CLOSE)
        levels[apart[likeness >= CLOSE]] = CODE[Level.CLOSE]
        resting = np.where(levels == CODE[Level.CLOSE], held, 0)
        some = levels == CODE[Level.SOUNDS]
        resting[some] = self._of_words(*laid.near_words(some))
        some = part | (levels == CODE[Level.CONFLICT])
        resting[some] = self._of_words(*laid.shared_words(some))
        return levels, resting

    def likenesses(self, asked: Int64s, held: Int64s) -> NDArray[np.float64]:
        """Return how alike the names of each pair are spelt (comparison.spelling_likeness)."""
        return likenesses(self._joined(asked), self._joined(held))

    def _joined(self, names: Int64s) -> list[str]:
        """Return the words of each name written together."""
        distinct, back = numbered(names, len(self.names))
        lengths, starts = self._lengths[distinct], self.names.starts[distinct]
        words: list[str] = self._texts[self.names.flat[spread(starts, lengths)[1]]].tolist()
        texts, begins = np.empty(len(distinct), object), 0
        for place, length in enumerate(lengths.tolist()):
            texts[place] = words[begins] if length == 1 else "".join(words[begins : begins + length])
            begins += length
        joined: list[str] = texts[back].tolist() if len(names) else []
        return joined

    def _of_words(self, first: Int64s, words: Int64s) -> Int64s:
        """Return the number of each group of words; `first` says where each begins in `words`."""
        counts = np.diff(np.append(first, len(words)))
        found = self._first_word + words[first] if len(first) else first
        for place in np.flatnonzero(counts > 1).tolist():
            some = words[first[place] : first[place] + counts[place]].tolist()
            found[place] = self._number(tuple(sorted(self.names.words[word] for word in some)))
        return found

    def elsewhere(self, asked: Int64s, given: Int64s, other: Int64s) -> Int64s:
        """Return the number of the words by which somebody goes by a further name, 0 where nobody does.

        Says of pairs of a weak level what record_levels.compare says of them.
        """
        many = len(self.names)
        pairs, back = numbered(asked * many + other, many * many)
        one_word = self._lengths[pairs // many] == 1
        owner, one, two = self._by_word(pairs // many, pairs % many)
        same, found = np.zeros(len(pairs), np.bool_), np.zeros(len(pairs), np.int64)
        same[owner[one == two]] = True
        forms = np.flatnonzero(self._are_forms(one, two) & (one_word & ~same)[owner])
        begins = np.ones(len(forms), np.bool_)
        begins[1:] = owner[forms[1:]] != owner[forms[:-1]]
        found[owner[forms[begins]]] = self._of_words(np.flatnonzero(begins), two[forms])
        found[same & one_word] = (pairs // many)[same & one_word]
        resting = found[back]
        some = np.flatnonzero((same & ~one_word)[back])
        if len(some):
            wanted = asked[some]
            there = self._are_words_of(wanted, given[some]) | self._are_words_of(wanted, other[some])
            begins = self._lengths[wanted].cumsum() - self._lengths[wanted]
            resting[some] = np.where(np.logical_and.reduceat(there, begins), wanted, 0)
        return resting

    def _are_words_of(self, asked: Int64s, held: Int64s) -> Flags:
        """Return of every word of every name asked for, one after another, whether it is one of the name beside."""
        lengths, across = self._lengths[asked], self._lengths[held]
        owner, one, two = self._by_word(asked, held)
        row = (np.arange(len(owner)) - (np.cumsum(lengths * across) - lengths * across)[owner]) // across[owner]
        there = np.zeros(int(lengths.sum()), np.bool_)
        same = one == two
        there[((lengths.cumsum() - lengths)[owner] + row)[same]] = True
        return there

    def _by_word(self, asked: Int64s, held: Int64s) -> tuple[Int64s, Int64s, Int64s]:
        """Return every word of one name beside every word of the other: pair of names, and the two words."""
        starts, flat = self.names.starts, self.names.flat
        owner, place = spread(np.zeros(len(asked), np.int64), self._lengths[asked] * self._lengths[held])
        across = self._lengths[held][owner]
        return owner, flat[starts[asked][owner] + place // across], flat[starts[held][owner] + place % across]


class _Laid:
    """Pairs of names laid out word beside word: which words they share, and which of the others are near."""

    def __init__(self, book: NameBook, asked: Int64s, held: Int64s) -> None:
        self._owner, one, self._two = book._by_word(asked, held)
        lengths = np.diff(book.names.starts)
        across = lengths[held]
        self._place = np.arange(len(one)) - (np.cumsum(lengths[asked] * across) - lengths[asked] * across)[self._owner]
        row = (np.cumsum(lengths[asked]) - lengths[asked])[self._owner] + self._place // across[self._owner]
        self._column = (np.cumsum(across) - across)[self._owner] + self._place % across[self._owner]
        self._same = one == self._two
        self.shared = np.bincount(self._owner[self._same], minlength=len(asked))
        rows, self._columns = np.zeros(int(lengths[asked].sum()), np.bool_), int(across.sum())
        columns = np.zeros(self._columns, np.bool_)
        rows[row[self._same]] = True
        columns[self._column[self._same]] = True
        left = np.flatnonzero(~(rows[row] | columns[self._column]))
        self._near = left[book._are_near(one[left], self._two[left])]
        self.near = np.zeros(len(asked), np.bool_)
        self.near[self._owner[self._near]] = True

    def shared_words(self, some: Flags) -> tuple[Int64s, Int64s]:
        """Return the shared words of some pairs, one pair after another, and where each pair begins."""
        places = np.flatnonzero(self._same & some[self._owner])
        return self._grouped(places)

    def near_words(self, some: Flags) -> tuple[Int64s, Int64s]:
        """Return the words held that are near one asked for, likewise."""
        first = np.zeros(self._columns, np.int64)
        first[self._column[self._near][::-1]] = self._near[::-1]
        places = self._near[first[self._column[self._near]] == self._near]
        places = places[some[self._owner[places]]]
        return self._grouped(places[np.argsort(self._owner[places], kind="stable")])

    def _grouped(self, places: Int64s) -> tuple[Int64s, Int64s]:
        owner = self._owner[places]
        begins = np.ones(len(places), np.bool_)
        begins[1:] = owner[1:] != owner[:-1]
        return np.flatnonzero(begins), self._two[places]
