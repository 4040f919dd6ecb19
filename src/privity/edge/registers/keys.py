"""The blocking keys and the frequencies of a whole register, computed column by column.

Rule of the room: the keys are those of trace.blocking.record_keys, row for row; a test compares the two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from privity.edge.registers.columns import Flags, Ids, RegisterColumns
from privity.trace import blocking
from privity.trace.blocking import Int64s, UInt64s
from privity.trace.normalise import name_tokens
from privity.trace.spans import ascending

Rows = NDArray[np.int64]
_PIECE = 4_000_000


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one field over all rows: word numbers with their rows, rows ascending."""

    rows: Rows
    words: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWords:
    """The words of a register's names: texts, hashes, and which row has which word in which part."""

    texts: tuple[str, ...]
    hashes: UInt64s
    given: _Words
    other: _Words
    family: _Words
    earlier: _Words


def name_words(columns: RegisterColumns) -> NameWords:
    """Return the words of all names of the register, sorted, so that their numbers do not hang on the rows."""
    numbers: dict[str, int] = {}
    words: list[int] = []
    ends = [0]
    for name in columns.names:
        words += [numbers.setdefault(token, len(numbers)) for token in name_tokens(name)]
        ends.append(len(words))
    texts = sorted(numbers)
    place = np.empty(len(texts), np.int64)
    place[[numbers[text] for text in texts]] = np.arange(len(texts))
    flat, starts = place[np.array(words, np.int64)], np.array(ends, np.int64)

    def spread(rows: Rows, names: Ids) -> _Words:
        lengths = starts[names + 1] - starts[names]
        before = np.repeat(np.cumsum(lengths) - lengths, lengths)
        places = np.arange(lengths.sum()) - before + np.repeat(starts[names], lengths)
        return _Words(np.repeat(rows, lengths), flat[places])

    everyone = np.arange(columns.size, dtype=np.int64)
    return NameWords(
        texts=tuple(texts),
        hashes=np.array([blocking.name_hash(token) for token in texts], np.uint64),
        given=spread(everyone, columns.given),
        other=spread(everyone, columns.other),
        family=spread(everyone, columns.family),
        earlier=spread(columns.earlier_families[:, 0].astype(np.int64), columns.earlier_families[:, 1]),
    )


def _together(*parts: _Words) -> _Words:
    """Return several fields as one, rows ascending."""
    rows = np.concatenate([part.rows for part in parts])
    words = np.concatenate([part.words for part in parts])
    order = np.argsort(rows, kind="stable")
    return _Words(rows[order], words[order])


def pairs_by_row(left: _Words, right: _Words, size: int) -> tuple[Rows, Rows, Rows]:
    """Return rows, left words and right words of every pair that shares a row."""
    counts = np.bincount(right.rows, minlength=size)
    starts = np.cumsum(counts) - counts
    lengths = counts[left.rows]
    before = np.repeat(np.cumsum(lengths) - lengths, lengths)
    places = np.arange(lengths.sum()) - before + np.repeat(starts[left.rows], lengths)
    return np.repeat(left.rows, lengths), np.repeat(left.words, lengths), right.words[places]


def blocking_pieces(columns: RegisterColumns, words: NameWords) -> Iterator[tuple[Int64s, Rows]]:
    """Yield the key and the row of every blocking entry, sorted by key and row, without doubles, piece by piece.

    Keys spread evenly, so each piece takes an equal stretch of them: a nation's are never sorted at once.
    """
    parts = _filed(columns, words)
    pieces = max(sum(len(keys) for keys, _ in parts) // _PIECE, 1)
    bounds = [-(2**63) + step * (2**64 // pieces) for step in range(1, pieces)]
    for low, high in pairwise([None, *bounds, None]):
        some = [_between(keys, rows, low, high) for keys, rows in parts]
        keys = np.concatenate([one[0] for one in some])
        yield _sorted_once(keys, np.concatenate([one[1] for one in some]).astype(np.int64))


def _between(keys: Int64s, rows: Ids, low: int | None, high: int | None) -> tuple[Int64s, Ids]:
    """Return the entries with a key from `low` up to `high`."""
    wanted = np.ones(len(keys), np.bool_)
    if low is not None:
        wanted &= keys >= low
    if high is not None:
        wanted &= keys < high
    return keys[wanted], rows[wanted]


def _filed(columns: RegisterColumns, words: NameWords) -> list[tuple[Int64s, Ids]]:
    """Return the keys and rows of each kind."""
    families = _together(words.family, words.earlier)
    singles = _together(words.given, words.other, families)
    days = columns.born.astype(np.uint64)
    years, month_days = _calendar(columns.born)
    hashes = words.hashes
    everybody = np.arange(columns.size, dtype=np.int32)
    filed = [(blocking.number_keys(columns.nhs_number.astype(np.uint64)), everybody)]

    def file(keys: Int64s, rows: Rows) -> None:
        filed.append((keys, rows.astype(np.int32)))

    file(blocking.day_keys(days[singles.rows], hashes[singles.words]), singles.rows)
    del singles
    owner, first, second = pairs_by_row(words.given, families, columns.size)
    file(blocking.month_day_keys(month_days[owner], hashes[first], hashes[second]), owner)
    file(blocking.year_keys(years[owner], hashes[first], hashes[second]), owner)
    owner, first, second = pairs_by_row(words.other, words.family, columns.size)
    file(blocking.year_keys(years[owner], hashes[first], hashes[second]), owner)
    owner, places, named = pairs_by_row(_postcodes(columns), _together(words.given, words.family), columns.size)
    place_hashes = np.array([blocking.word_hash(postcode) for postcode in columns.postcodes], np.uint64)
    file(blocking.postcode_keys(place_hashes[places], hashes[named]), owner)
    return filed


def _sorted_once(keys: Int64s, rows: Rows) -> tuple[Int64s, Rows]:
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    first = np.ones(len(keys), np.bool_)
    first[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    return keys[first], rows[first]


def _calendar(born: Ids) -> tuple[UInt64s, UInt64s]:
    """Return the year, and month * 100 + day, of each day ordinal."""
    epoch = np.datetime64("0001-01-01", "D")
    days = epoch + (born.astype(np.int64) - 1).astype("timedelta64[D]")
    months = days.astype("datetime64[M]")
    month = months.astype(np.int64) % 12 + 1
    day = (days - months).astype(np.int64) + 1
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return year.astype(np.uint64), (month * 100 + day).astype(np.uint64)


def _postcodes(columns: RegisterColumns) -> _Words:
    """Return the postcodes, present and earlier, of everybody but the sensitive."""
    present = columns.postcode.astype(np.int64)
    rows = np.concatenate([np.arange(columns.size), columns.earlier_postcodes[:, 0].astype(np.int64)])
    places = np.concatenate([present, columns.earlier_postcodes[:, 1].astype(np.int64)])
    kept: Flags = (places != 0) & ~columns.sensitive[rows]
    return _together(_Words(rows[kept], places[kept]))


def word_frequencies(words: NameWords) -> dict[str, Sequence[tuple[str, int]]]:
    """Return, for each part of a name, its words and the number of records that bear them, words sorted."""
    parts = {"given": words.given, "other": words.other, "family": _together(words.family, words.earlier)}
    return {part: _counted(one, words.texts) for part, one in parts.items()}


def pair_frequencies(words: NameWords, size: int) -> tuple[Int64s, Rows]:
    """Return the pairs of a given and a family word that more than one record bears, and how many do; pairs ascend."""
    spelt = np.array([blocking.word_hash(text) for text in words.texts], np.uint64)
    rows, given, family = pairs_by_row(words.given, _together(words.family, words.earlier), size)
    pairs = given * len(words.texts) + family
    order = np.lexsort((rows, pairs))
    pairs, rows = pairs[order], rows[order]
    once = np.ones(len(pairs), np.bool_)
    once[1:] = (pairs[1:] != pairs[:-1]) | (rows[1:] != rows[:-1])
    distinct, records = np.unique(pairs[once], return_counts=True)
    distinct, records = distinct[records > 1], records[records > 1]
    keys = blocking.pair_keys(spelt[distinct // max(len(spelt), 1)], spelt[distinct % max(len(spelt), 1)])
    ascending = np.argsort(keys)
    return keys[ascending], records[ascending]


def _counted(part: _Words, texts: tuple[str, ...]) -> list[tuple[str, int]]:
    """Return how many rows hold each word, a row that holds it twice counting once."""
    once = ascending(part.rows * len(texts) + part.words) % max(len(texts), 1)
    counts = np.bincount(once, minlength=len(texts)).tolist()
    return sorted((text, number) for text, number in zip(texts, counts, strict=True) if number)


def new_year_births(columns: RegisterColumns) -> Flags:
    """Return who was born on a 1st of January, as far as the register knows."""
    return np.asarray(_calendar(columns.born)[1] == 101, np.bool_)


def birth_frequencies(columns: RegisterColumns) -> list[tuple[int, int, int]]:
    """Return year, records, and records of the 1st of January, for each year of birth."""
    years, month_days = _calendar(columns.born)
    people = np.bincount(years.astype(np.int64))
    new_year = np.bincount(years.astype(np.int64)[month_days == 101], minlength=len(people))
    return [(int(year), int(people[year]), int(new_year[year])) for year in np.flatnonzero(people)]


def postcode_frequencies(columns: RegisterColumns) -> list[tuple[str, int]]:
    """Return how many records live or lived at each postcode, sensitive ones left out, postcodes sorted."""
    places = _postcodes(columns)
    return _counted(places, columns.postcodes)
