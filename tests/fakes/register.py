"""A register held in memory: the naive counterpart of the SQLite one, keys and counts computed record by record.

Read in batches, it turns its records into columns one after another.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from privity.definitions.person import Gender, NhsNumber, check_digit
from privity.trace.blocking import most_telling, pair_key, record_keys
from privity.trace.held import GENDERS, HeldColumns
from privity.trace.names import names_of
from privity.trace.normalise import door, name_tokens, postcode_number
from privity.trace.record import (
    NOTHING_UNFILED,
    NOWHERE,
    ONE_CLASS,
    Births,
    NameClasses,
    NamePart,
    Place,
    RegisterRecord,
    RowId,
    Shares,
    Unfiled,
)
from privity.trace.spans import Int64s


def nhs_number(serial: int) -> NhsNumber:
    """Return the `serial`-th valid number of the synthetic range, counted from 0 and unchecked digits skipped."""
    nine = f"{999_000_000 + serial}"
    digit = check_digit(nine)
    return nhs_number(serial + 500_000) if digit == 10 else NhsNumber(f"{nine}{digit}")


def record(
    serial: int,
    given: str,
    family: str,
    born: str,
    *,
    other: str = "",
    earlier: Sequence[str] = (),
    gender: Gender = Gender.UNKNOWN,
    postcode: str = "",
    line: str = "",
    moved: Sequence[str] = (),
    sensitive: bool = False,
) -> RegisterRecord:
    """Return a record from names as written."""
    place = Place(postcode=postcode, door=door(line), previous=tuple(moved))
    return RegisterRecord(
        row=RowId(serial),
        nhs_number=nhs_number(serial),
        given=name_tokens(given),
        other=name_tokens(other),
        family=name_tokens(family),
        previous_families=tuple(name_tokens(name) for name in earlier),
        date_of_birth=date.fromisoformat(born),
        gender=gender,
        place=NOWHERE if sensitive else place,
        sensitive=sensitive,
    )


class MemoryRegister:
    """A RegisterReader over a list. `compare_all` hands out every record whatever the keys."""

    def __init__(
        self,
        records: Iterable[RegisterRecord],
        *,
        size: int = 0,
        compare_all: bool = False,
        classes: NameClasses = ONE_CLASS,
        shares: Mapping[tuple[NamePart, str], Shares] = MappingProxyType({}),
    ) -> None:
        self._classes, self._shares = classes, dict(shares)
        self._records = tuple(records)
        self._size = size or len(self._records)
        self._compare_all = compare_all
        self._keys = {one.row: record_keys(one) for one in self._records}
        self._names: Counter[tuple[NamePart, str]] = Counter()
        self._couples: Counter[tuple[str, str]] = Counter()
        self._years: Counter[int] = Counter()
        self._new_years: Counter[int] = Counter()
        self._postcodes: Counter[str] = Counter()
        for one in self._records:
            self._count(one)

    def _count(self, one: RegisterRecord) -> None:
        families = {word for name in (one.family, *one.previous_families) for word in name}
        for part, words in (
            (NamePart.GIVEN, set(one.given)),
            (NamePart.OTHER, set(one.other)),
            (NamePart.FAMILY, families),
        ):
            self._names.update((part, word) for word in words)
        self._couples.update((one_word, word) for one_word in set(one.given) for word in families)
        born = one.date_of_birth
        self._years[born.year] += 1
        self._new_years[born.year] += (born.month, born.day) == (1, 1)
        self._postcodes.update({one.place.postcode, *one.place.previous} - {""})

    @property
    def records(self) -> Sequence[RegisterRecord]:
        return self._records

    @property
    def size(self) -> int:
        return self._size

    @property
    def birth_years(self) -> range:
        return range(min(self._years), max(self._years) + 1) if self._years else range(0)

    def candidates(self, keys: Sequence[int], unfiled: Unfiled = NOTHING_UNFILED) -> Sequence[RegisterRecord]:
        if self._compare_all:
            return list(self._records)
        asked = np.array(sorted(keys), np.int64)
        found, people = self.filed(asked)
        pairs = zip(asked[found].tolist(), people.tolist(), strict=True)
        there = np.array([pair not in unfiled for pair in pairs], np.bool_)
        compared = set(most_telling(found[there], people[there], self.size).tolist())
        return [one for one in self._records if one.row in compared]

    def name_frequency(self, part: NamePart, token: str) -> int:
        return self._names[part, token]

    def pair_frequency(self, given: str, family: str) -> int:
        return max(self._couples[given, family], 1)

    @property
    def classes(self) -> NameClasses:
        return self._classes

    def class_shares(self, part: NamePart, token: str) -> Shares:
        return self._shares.get((part, token), self._classes.everybody)

    def births(self, year: int) -> Births:
        return Births(people=self._years[year], on_new_year=self._new_years[year])

    def postcode_frequency(self, postcode: str) -> int:
        return self._postcodes[postcode]

    def filed(self, keys: Int64s) -> tuple[Int64s, Int64s]:
        asked = {key: place for place, key in enumerate(keys.tolist())}
        found = [(asked[key], one.row) for one in self._records for key in self._keys[one.row] & asked.keys()]
        pairs = np.array(sorted(found), np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def held(self, rows: Int64s) -> HeldColumns:
        wanted = set(rows.tolist())
        some = sorted((one for one in self._records if one.row in wanted), key=lambda one: one.row)
        names: dict[tuple[str, ...], int] = {(): 0}

        def numbered(texts: Iterable[tuple[str, ...]]) -> Int64s:
            return np.array([names.setdefault(text, len(names)) for text in texts], np.int64)

        families = [(place, name) for place, one in enumerate(some) for name in one.previous_families]
        moves = [(place, text) for place, one in enumerate(some) for text in one.place.previous]
        columns = {
            "given": numbered(one.given for one in some),
            "other": numbered(one.other for one in some),
            "family": numbered(one.family for one in some),
            "married": np.array([row for row, _ in families], np.int64),
            "earlier": numbered(name for _, name in families),
        }
        return HeldColumns(
            row=np.array([one.row for one in some], np.int64),
            number=np.array([int(one.nhs_number.digits) for one in some], np.int64),
            born=np.array([one.date_of_birth.toordinal() for one in some], np.int64),
            gender=np.array([GENDERS.index(one.gender) for one in some], np.int64),
            postcode=np.array([postcode_number(one.place.postcode) for one in some], np.uint64),
            moved=np.array([row for row, _ in moves], np.int64),
            left=np.array([postcode_number(text) for _, text in moves], np.uint64),
            residence=np.array([one.row for one in some], np.int64),
            sensitive=np.array([one.sensitive for one in some], np.bool_),
            names=names_of(name for name in names if name),
            **columns,
        )

    def doors(self, residences: Iterable[int]) -> Mapping[int, str]:
        return {one.row: one.place.door for one in self._records if one.row in set(residences)}

    def rarities(self, part: NamePart, words: Sequence[str]) -> tuple[Int64s, NDArray[np.float64]]:
        shares = [self.class_shares(part, word) for word in words]
        return np.array([self._names[part, word] for word in words], np.int64), np.array(shares).reshape(
            len(words), len(self.classes.everybody)
        )

    def pair_frequencies(self, pairs: Int64s) -> Int64s:
        counted = {pair_key(*couple): records for couple, records in self._couples.items()}
        return np.array([max(counted.get(pair, 1), 1) for pair in pairs.tolist()], np.int64)

    def postcode_frequencies(self, postcodes: Iterable[str]) -> Mapping[str, int]:
        return {postcode: self._postcodes[postcode] for postcode in postcodes}
