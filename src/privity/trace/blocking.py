"""Blocking keys: which records are worth comparing, as stable 64-bit numbers.

    D  date of birth and one name word              the usual way in
    Y  year of birth and a pair of name words       a wrong day or month
    M  day and month of birth and such a pair       a wrong year
    P  postcode and one name word                   a wrong or missing date of birth
    N  NHS number

Rules of the room:
- The query is expanded (known variants, day and month exchanged, years beside), never the register.
- Pairs are sorted and words untyped, so exchanged names cost nothing.
- A sensitive record has no P key.
- Keys are stored: any change of this file is a new register format (registers/schema.py).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import product

import numpy as np
from numpy.typing import NDArray

from privity.definitions.person import Particulars
from privity.trace.normalise import name_tokens, skeleton
from privity.trace.record import RegisterRecord
from privity.trace.spans import ascending
from privity.trace.variants import variants

UInt64s = NDArray[np.uint64]
Int64s = NDArray[np.int64]

KEY_FORMAT = 1
_D, _Y, _M, _P, _N = 1, 2, 3, 4, 5
_BOTH = 6
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MOST_COMPARED = 300
"""How many records one trace compares at most."""
_YEARS_BESIDE = (0, -1, 1, -10, 10)


@lru_cache(maxsize=131_072)
def word_hash(text: str) -> int:
    """Return 64 bits that stand for a text, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def name_hash(token: str) -> int:
    """Return the 64 bits of a name word's consonant skeleton."""
    return word_hash(skeleton(token))


def _stir(bits: UInt64s) -> UInt64s:
    """Return each number with its bits well mixed (the splitmix64 finaliser)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def _key(kind: int | UInt64s, *parts: UInt64s) -> Int64s:
    """Return one signed key for each row of the parts, of one kind or of a kind each."""
    mixed = np.full(parts[0].shape, kind, np.uint64) * _GOLDEN
    for part in parts:
        mixed = _stir(mixed + _stir(part + _GOLDEN))
    return mixed.view(np.int64)


def day_keys(days: UInt64s, names: UInt64s) -> Int64s:
    """Return the D keys of day ordinals and name hashes."""
    return _key(_D, days, names)


def year_keys(years: UInt64s, first: UInt64s, second: UInt64s) -> Int64s:
    """Return the Y keys of years and pairs of name hashes, in either order."""
    return _key(_Y, years, np.minimum(first, second), np.maximum(first, second))


def month_day_keys(month_days: UInt64s, first: UInt64s, second: UInt64s) -> Int64s:
    """Return the M keys of `month * 100 + day` and pairs of name hashes, in either order."""
    return _key(_M, month_days, np.minimum(first, second), np.maximum(first, second))


def postcode_keys(postcodes: UInt64s, names: UInt64s) -> Int64s:
    """Return the P keys of postcode hashes (word_hash) and name hashes."""
    return _key(_P, postcodes, names)


def number_keys(numbers: UInt64s) -> Int64s:
    """Return the N keys of NHS numbers read as whole numbers."""
    return _key(_N, numbers)


def pair_keys(given: UInt64s, family: UInt64s) -> Int64s:
    """Return what a given and a family word, by their hashes (word_hash), are counted under together."""
    return _key(_BOTH, given, family)


def most_telling(keys: Int64s, people: Int64s, register_rows: int) -> Int64s:
    """Return who is compared of those filed under the keys, ascending: MOST_COMPARED at most.

    Of more, those found under the rarest keys and under the most of them: a name that thousands bear in a year is no
    way in by itself.
    Args: keys, people: every entry under any of the keys looked up, in any order, doubles allowed.
    """
    distinct = ascending(people)
    if len(distinct) <= MOST_COMPARED:
        return distinct
    order = np.lexsort((people, keys))
    keys, people = keys[order], people[order]
    once = np.ones(len(keys), np.bool_)
    once[1:] = (keys[1:] != keys[:-1]) | (people[1:] != people[:-1])
    keys, people = keys[once], people[once]
    _, block, size = np.unique(keys, return_inverse=True, return_counts=True)
    telling = np.log2(max(register_rows, 1) / size)[block]
    bits = np.bincount(np.searchsorted(distinct, people), weights=telling)
    return np.sort(distinct[np.lexsort((distinct, -bits))[:MOST_COMPARED]])


def _columns(rows: Iterable[tuple[int, ...]], width: int) -> tuple[UInt64s, ...]:
    """Return the rows, doubles dropped, as `width` arrays of unsigned numbers."""
    table = np.array(list(set(rows)), np.uint64).reshape(-1, width)
    return tuple(np.ascontiguousarray(table[:, column]) for column in range(width))


def _hashes(tokens: Iterable[str]) -> list[int]:
    return [name_hash(token) for token in tokens]


def record_keys(record: RegisterRecord) -> frozenset[int]:
    """Return every key a record is filed under."""
    given, other, family = _hashes(record.given), _hashes(record.other), _hashes(record.family)
    earlier = [one for name in record.previous_families for one in _hashes(name)]
    close = [(a, b) for a in given for b in family + earlier]
    born = record.date_of_birth
    keys = [
        day_keys(*_columns(((born.toordinal(), one) for one in given + other + family + earlier), 2)),
        year_keys(*_columns(((born.year, *pair) for pair in [*close, *product(other, family)]), 3)),
        month_day_keys(*_columns(((born.month * 100 + born.day, *pair) for pair in close), 3)),
        number_keys(np.array([int(record.nhs_number.digits)], np.uint64)),
    ]
    postcodes = {record.place.postcode, *record.place.previous} - {""}
    places = ((word_hash(postcode), one) for postcode in postcodes for one in given + family)
    keys.append(postcode_keys(*_columns(places, 2)))
    return frozenset(int(key) for group in keys for key in group)


def query_keys(particulars: Particulars, birth_years: range) -> tuple[int, ...]:
    """Return the keys to look under for one person sought, sorted, without doubles.

    Args: birth_years: the register's years of birth, all tried where no date of birth is given.
    """
    given, within_given = _looked_up(particulars.given_name)
    family, within_family = _looked_up(particulars.family_name)
    other, _ = _looked_up(particulars.other_given_names)
    pairs = {
        (one, two) if one < two else (two, one)
        for one, two in (*product(given, family), *product(other, family), *within_family, *within_given)
    }
    born = particulars.date_of_birth
    alone: list[tuple[int, int]] = []
    if born is None:
        begun = [_begun(_Y, year) for year in birth_years]
    else:
        begun = [_begun(_Y, born.year + beside) for beside in _YEARS_BESIDE]
        begun.append(_begun(_M, born.month * 100 + born.day))
        days = {day.toordinal() for day in (born, exchanged(born)) if day is not None}
        alone += product([_begun(_D, day) for day in days], map(_stirred, {*given, *family, *other}))
    if particulars.postcode:
        alone += product((_begun(_P, word_hash(particulars.postcode)),), map(_stirred, {*given, *family}))
    keys = _closed(alone, begun, pairs)
    if particulars.nhs_number is not None:
        keys.append(int(number_keys(np.array([int(particulars.nhs_number.digits)], np.uint64))[0]))
    return tuple(sorted(set(keys)))


_WORD = 0xFFFFFFFFFFFFFFFF


def _stir_one(bits: int) -> int:
    """Return one number with its bits well mixed, as `_stir` mixes many."""
    bits &= _WORD
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 & _WORD
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB & _WORD
    return bits ^ (bits >> 31)


@lru_cache(maxsize=131_072)
def _stirred(part: int) -> int:
    """Return one part of a key as it is mixed in."""
    return _stir_one(part + int(_GOLDEN))


@lru_cache(maxsize=131_072)
def _begun(kind: int, part: int) -> int:
    """Return the key of a kind after its first part."""
    return _stir_one(kind * int(_GOLDEN) + _stirred(part))


@lru_cache(maxsize=65_536)
def pair_key(given: str, family: str) -> int:
    """Return what one given and one family word are counted under together (pair_keys)."""
    key = _stir_one(_begun(_BOTH, word_hash(given)) + _stirred(word_hash(family)))
    return key - (_WORD + 1) if key > _WORD >> 1 else key


def _closed(alone: list[tuple[int, int]], begun: list[int], pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return the keys that need one part more, as given, and those begun that need any of the pairs, as `_key` has it.

    Args: alone: keys begun, each with its last part stirred. begun: keys begun, all to be closed with each pair.
    """
    low, high = np.array([(_stirred(one), _stirred(two)) for one, two in pairs], np.uint64).reshape(-1, 2).T
    first, last = np.array(alone, np.uint64).reshape(-1, 2).T
    half = (np.array(begun, np.uint64)[:, None] + low).ravel()
    mixed = _stir(np.concatenate([first + last, half]))
    closed = _stir(mixed[len(first) :].reshape(len(begun), -1) + high).ravel()
    keys: list[int] = np.concatenate([mixed[: len(first)], closed]).view(np.int64).tolist()
    return keys


def batch_keys(many: Sequence[Particulars], birth_years: range) -> tuple[Int64s, Int64s]:
    """Return the keys of `query_keys` for many people sought: place in `many` and key, doubles left in."""
    spread = _Spread()
    for place, particulars in enumerate(many):
        spread.add(place, particulars)
    asked = [np.array(one, np.int64) for one in (spread.word_of, spread.pair_of, spread.near_of, spread.number_of)]
    days, swapped, years, month_days = np.array([_calendar(one) for one in many], np.int64).reshape(-1, 4).T
    words, first, second = (np.array(one, np.uint64) for one in (spread.word, spread.first, spread.second))
    found: list[tuple[Int64s, Int64s]] = []

    def file(rows: Int64s, keys: Int64s) -> None:
        found.append((rows, keys))

    for some in (days, swapped):
        known = some[asked[0]] > 0
        file(asked[0][known], day_keys(some[asked[0][known]].astype(np.uint64), words[known]))
    born = days[asked[1]] > 0
    rows, low, high = asked[1][born], first[born], second[born]
    file(rows, month_day_keys(month_days[rows].astype(np.uint64), low, high))
    for beside in _YEARS_BESIDE:
        file(rows, year_keys((years[rows] + beside).astype(np.uint64), low, high))
    rows, low, high = asked[1][~born], first[~born], second[~born]
    for year in birth_years if len(rows) else ():
        file(rows, year_keys(np.full(len(rows), year, np.uint64), low, high))
    file(asked[2], postcode_keys(np.array(spread.near_place, np.uint64), np.array(spread.near_word, np.uint64)))
    file(asked[3], number_keys(np.array(spread.number, np.uint64)))
    return np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])


class _Spread:
    """The words, the pairs of words and the places that many people are looked up by, each with whose it is."""

    __slots__ = (
        "first", "near_of", "near_place", "near_word", "number", "number_of", "pair_of", "second", "word", "word_of",
    )  # fmt: skip

    def __init__(self) -> None:
        self.word_of: list[int] = []
        self.word: list[int] = []
        self.pair_of: list[int] = []
        self.first: list[int] = []
        self.second: list[int] = []
        self.near_of: list[int] = []
        self.near_place: list[int] = []
        self.near_word: list[int] = []
        self.number_of: list[int] = []
        self.number: list[int] = []

    def add(self, place: int, particulars: Particulars) -> None:
        """Spread out the particulars of one person."""
        given, within_given = _looked_up(particulars.given_name)
        family, within_family = _looked_up(particulars.family_name)
        other, _ = _looked_up(particulars.other_given_names)
        words = (*given, *family, *other)
        self.word += words
        self.word_of += [place] * len(words)
        pairs = [*product(given, family), *product(other, family), *within_family, *within_given]
        self.first += [pair[0] for pair in pairs]
        self.second += [pair[1] for pair in pairs]
        self.pair_of += [place] * len(pairs)
        if particulars.postcode:
            near = (*given, *family)
            self.near_word += near
            self.near_of += [place] * len(near)
            self.near_place += [word_hash(particulars.postcode)] * len(near)
        if particulars.nhs_number is not None:
            self.number_of.append(place)
            self.number.append(int(particulars.nhs_number.digits))


@lru_cache(maxsize=65_536)
def _looked_up(text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Return the hashes a name is looked up by, and the pairs inside it."""
    return tuple(_expanded(name_tokens(text))), tuple(_pairs_within(text))


def _calendar(particulars: Particulars) -> tuple[int, int, int, int]:
    """Return day of birth, that with day and month exchanged, year, month * 100 + day; 0 where there is none."""
    born = particulars.date_of_birth
    if born is None:
        return 0, 0, 0, 0
    swapped = exchanged(born)
    return born.toordinal(), swapped.toordinal() if swapped else 0, born.year, born.month * 100 + born.day


def _expanded(tokens: tuple[str, ...]) -> list[int]:
    """Return the hashes of the tokens and of the names that may stand for them."""
    return sorted({name_hash(name) for token in tokens for name in (token, *variants(token))})


def _pairs_within(text: str) -> list[tuple[int, int]]:
    """Return the pairs inside one field, for a full name written into a single column."""
    hashes = _hashes(name_tokens(text))
    return [(a, b) for place, a in enumerate(hashes) for b in hashes[place + 1 :]]


def exchanged(born: date) -> date | None:
    """Return the day with day and month exchanged, or None where there is no other such day."""
    if born.day > 12 or born.day == born.month:
        return None
    return date(born.year, born.day, born.month)
