"""Which names go together: latent classes of names, learnt from the register alone.

1. every pair of a given and a family word, with a further word and the postcode area, is one observation
2. a mixture of classes is fitted to a sample by expectation-maximisation, seeded by the words themselves
3. one pass over the whole register gives every word its shares in the classes
4. the same pass counts how many of each class were born on a 1st of January

Rules of the room:
- No label of any kind is read: neither origin nor country nor language.
- The same register gives the same classes: the first guess is drawn from a fixed seed.
- A rare word stays near the shares of everybody: one bearer is no tradition.
"""

import json
from dataclasses import dataclass

import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from privity.edge.registers.columns import RegisterColumns
from privity.edge.registers.keys import NameWords, Rows, new_year_births, pairs_by_row

CLASSES = 32
_ROUNDS = 24
_SMALLEST_SAMPLE, _LARGEST_SAMPLE = 40_000, 400_000
_AT_ONCE = 200_000
_SEED = 1
_SHRINK = 3.0
_SMOOTH = 0.02
Shares = NDArray[np.float32]
PACKED = np.dtype("<f2")
"""How the shares of a word are stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameClasses:
    """Shares of classes: of everybody, and per word and part of the name; rows of words add up to 1.

    `new_year` is P(date of birth is a 1st of January, given the class).
    """

    everybody: Shares
    new_year: Shares
    given: Shares
    family: Shares
    other: Shares

    def packed(self, part: str) -> list[bytes]:
        """Return the shares of every word in one part of the name (NamePart), as the register holds them."""
        shares = {"given": self.given, "family": self.family, "other": self.other}[part]
        return [row.tobytes() for row in shares.astype(PACKED)]

    def facts(self) -> dict[str, str]:
        """Return what holds for all words, as facts of the register."""
        return {
            "classes": json.dumps([round(share, 6) for share in self.everybody.tolist()]),
            "classes_new_year": json.dumps([round(share, 6) for share in self.new_year.tolist()]),
        }


@dataclass(frozen=True, slots=True)
class _Seen:
    """The observations, one row each: numbers of words and areas. Word number `words` stands for none."""

    given: Rows
    family: Rows
    other: Rows
    area: Rows
    on_new_year: NDArray[np.bool_]

    def some(self, rows: slice | Rows) -> "_Seen":
        return _Seen(self.given[rows], self.family[rows], self.other[rows], self.area[rows], self.on_new_year[rows])


@dataclass(frozen=True, slots=True)
class _Fit:
    """P(class), and P(word | class) of each part as columns by class."""

    everybody: Shares
    given: Shares
    family: Shares
    other: Shares
    area: Shares

    def shares(self, seen: _Seen) -> Shares:
        """Return P(class | observation), a row each."""
        weights = self.given[seen.given] * self.family[seen.family]
        weights *= self.other[seen.other]
        weights *= self.area[seen.area]
        weights *= self.everybody
        weights /= weights.sum(axis=1, keepdims=True)
        return weights


def learn_classes(columns: RegisterColumns, words: NameWords) -> NameClasses:
    """Return the classes of a register's names."""
    seen = _observations(columns, words)
    total = len(words.texts)
    if not len(seen.given):
        return _none(total)
    areas = int(seen.area.max()) + 1
    size = min(len(seen.given), max(_SMALLEST_SAMPLE, min(_LARGEST_SAMPLE, len(seen.given) // 3)))
    sample = seen.some(np.linspace(0, len(seen.given) - 1, size).astype(np.int64))
    counted = _Sample(sample, total, areas)
    fit = counted.fit(_first_guess(sample, total))
    for _ in range(_ROUNDS):
        fit = counted.fit(fit.shares(sample))
    return _of_everybody(fit, seen, total)


def _observations(columns: RegisterColumns, words: NameWords) -> _Seen:
    """Return one observation for each pair of a given and a family word of a record."""
    rows, given, family = pairs_by_row(words.given, words.family, columns.size)
    further = np.full(columns.size, len(words.texts), np.int64)
    further[words.other.rows[::-1]] = words.other.words[::-1]
    names = [text[: 2 if text[1:2].isalpha() else 1] for text in columns.postcodes]
    known = np.array(["", *sorted(set(names) - {""})])
    area = np.searchsorted(known, np.array(names))[np.where(columns.sensitive, 0, columns.postcode)]
    area = np.unique(area, return_inverse=True)[1]
    return _Seen(given, family, further[rows], area[rows], new_year_births(columns)[rows])


def _first_guess(sample: _Seen, words: int) -> Shares:
    """Return shares to begin with: every word leans to a few classes, by chance."""
    leaning = default_rng(_SEED).gamma(0.3, size=(words, CLASSES)).astype(np.float32) + _SMOOTH
    shares: Shares = leaning[sample.family] * leaning[sample.given]
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


class _Grouping:
    """Rows by the number each has, sorted once however often they are summed."""

    __slots__ = ("_numbers", "_order", "_size", "_starts")

    def __init__(self, by: Rows, size: int) -> None:
        self._size = size
        self._order = np.argsort(by, kind="stable")
        ranked = by[self._order]
        self._starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
        self._numbers = ranked[self._starts]

    def summed(self, shares: Shares) -> Shares:
        """Return the sums of the rows of each number."""
        sums = np.zeros((self._size, CLASSES), np.float32)
        sums[self._numbers] = np.add.reduceat(shares[self._order], self._starts, axis=0)
        return sums


class _Sample:
    """The observations that classes are fitted to, grouped by each of their words and by their area."""

    __slots__ = ("_area", "_bearers", "_family", "_given", "_other", "_words")

    def __init__(self, seen: _Seen, words: int, areas: int) -> None:
        self._words = words
        # A common family name counts less than its bearers do, or the classes split the majority's names only.
        self._bearers = np.sqrt(np.bincount(seen.family, minlength=words + 1)[seen.family])[:, None]
        self._given, self._family = _Grouping(seen.given, words + 1), _Grouping(seen.family, words + 1)
        self._other, self._area = _Grouping(seen.other, words + 1), _Grouping(seen.area, areas)

    def fit(self, shares: Shares) -> _Fit:
        """Return the fit that the shares of the observations make likeliest."""
        shares = np.asarray(shares / self._bearers, np.float32)
        everybody = shares.sum(axis=0, dtype=np.float64)
        return _Fit(
            everybody=((everybody + 1) / (everybody + 1).sum()).astype(np.float32),
            given=_given_class(self._given.summed(shares)),
            family=_given_class(self._family.summed(shares)),
            other=_given_class(self._other.summed(shares), none=self._words),
            area=_given_class(self._area.summed(shares)),
        )


def _given_class(counts: Shares, none: int | None = None) -> Shares:
    """Return P(word | class), times a constant of the word. A missing word says nothing."""
    smoothed = counts + _SMOOTH
    likely: Shares = smoothed / smoothed.sum(axis=0, dtype=np.float64).astype(np.float32)
    likely /= likely.max(axis=1, keepdims=True)
    if none is not None:
        likely[none] = 1
    return likely


def _of_everybody(fit: _Fit, seen: _Seen, words: int) -> NameClasses:
    """Return the shares of every word over the whole register, a piece at a time."""
    totals = [np.zeros((words + 1, CLASSES), np.float32) for _ in range(3)]
    everybody, new_year = np.zeros(CLASSES), np.zeros(CLASSES)
    for start in range(0, len(seen.given), _AT_ONCE):
        piece = seen.some(slice(start, start + _AT_ONCE))
        shares = fit.shares(piece)
        for total, by in zip(totals, (piece.given, piece.family, piece.other), strict=True):
            total += _Grouping(by, words + 1).summed(shares)
        everybody += shares.sum(axis=0, dtype=np.float64)
        new_year += shares[piece.on_new_year].sum(axis=0, dtype=np.float64)
    known = ((everybody + 1) / (everybody + 1).sum()).astype(np.float32)
    overall = new_year.sum() / max(everybody.sum(), 1.0)
    given, family, other = (_shrunk(total[:words], known) for total in totals)
    return NameClasses(
        everybody=known,
        new_year=((new_year + overall * 20) / (everybody + 20)).astype(np.float32),
        given=given,
        family=family,
        other=other,
    )


def _shrunk(counts: Shares, everybody: Shares) -> Shares:
    """Return P(class | word), drawn towards everybody's where few bear the word."""
    shrunk: Shares = (counts + _SHRINK * everybody) / (counts.sum(axis=1, keepdims=True) + _SHRINK)
    return shrunk


def _none(words: int) -> NameClasses:
    """Return classes that say nothing, for a register without names."""
    alike = np.full((words, CLASSES), 1 / CLASSES, np.float32)
    return NameClasses(
        everybody=np.full(CLASSES, 1 / CLASSES, np.float32),
        new_year=np.zeros(CLASSES, np.float32),
        given=alike,
        family=alike,
        other=alike,
    )
