"""The register laid out for traces: its people as columns, its keys in order, its names with their words.

Written with the register, beside it, as `NAME.columns`, or anew later (lay_out.py), and bound to it by its digest then.
It is a help and not a source: without it, or with one of another state, the register itself is read, and answers alike.

Rules of the room:
- A sensitive record leaves its place behind here too: its postcodes are not written.
- It says what the register was then. Who changed since is read from the register (live.py).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from privity.definitions.person import Gender, NhsNumber
from privity.edge.registers.column_file import ColumnFile, ColumnWriter, map_columns
from privity.edge.registers.columns import Ids, Numbers
from privity.edge.registers.name_classes import PACKED
from privity.edge.registers.schema import FORMAT
from privity.trace.held import GENDERS, HeldColumns
from privity.trace.names import Names, names_of
from privity.trace.normalise import name_tokens, postcode_number, postcode_of
from privity.trace.record import NOWHERE, NamePart, Place, RegisterRecord, RowId
from privity.trace.spans import Flags, Int64s, among, spread

_BUCKETS = "buckets"
_MOST_BITS = 24
_ENTRIES_A_BUCKET = 4
_SIGN = np.uint64(2**63)


def laid_out_path(register: Path) -> Path:
    """Return where the layout of a register file lies."""
    return register.with_name(register.name + ".columns")


_NAME_COLUMNS = ("heard", "clear", "starts", "flat", "joined", "bag", "doubled")


class LaidColumns(Protocol):
    """What of everybody's columns is laid out; as columns.RegisterColumns has it."""

    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def postcodes(self) -> tuple[str, ...]: ...
    @property
    def nhs_number(self) -> Numbers: ...
    @property
    def given(self) -> Ids: ...
    @property
    def other(self) -> Ids: ...
    @property
    def family(self) -> Ids: ...
    @property
    def born(self) -> Ids: ...
    @property
    def gender(self) -> Ids: ...
    @property
    def postcode(self) -> Ids: ...
    @property
    def residence(self) -> Ids: ...
    @property
    def sensitive(self) -> Flags: ...
    @property
    def earlier_families(self) -> Ids: ...
    @property
    def earlier_postcodes(self) -> Ids: ...
    @property
    def size(self) -> int: ...


class Laying:
    """Lays a register out while it is written: people, words, pairs and keys, in that order."""

    def __init__(self, out: ColumnWriter) -> None:
        self._out = out
        self._words: tuple[str, ...] = ()

    @property
    def spelt(self) -> tuple[str, ...]:
        """Return the words of the names, once people are written."""
        return self._words

    def people(self, columns: LaidColumns) -> None:
        """Write everybody's columns and the names they point into."""
        out, hidden = self._out, columns.sensitive
        postcodes = np.array([postcode_number(one) for one in columns.postcodes], np.uint64)
        for name, column in (
            ("number", columns.nhs_number), ("given", columns.given), ("other", columns.other),
            ("family", columns.family), ("born", columns.born), ("gender", columns.gender.astype(np.int8)),
            ("residence", columns.residence), ("postcode", np.where(hidden, 0, postcodes[columns.postcode])),
            ("sensitive", hidden),
        ):  # fmt: skip
            out.add(name, column)
        moves = columns.earlier_postcodes[~hidden[columns.earlier_postcodes[:, 0]]]
        for name, rows, several in (
            ("earlier", columns.earlier_families[:, 0], columns.earlier_families[:, 1]),
            ("left", moves[:, 0], postcodes[moves[:, 1]]),
        ):
            ends = np.cumsum(np.bincount(rows, minlength=columns.size))
            out.add(f"{name}_starts", np.concatenate([np.zeros(1, np.uint32), ends.astype(np.uint32)]))
            out.add(name, several)
        names = names_of(name_tokens(text) for text in columns.names[1:])
        self._words = names.words
        out.add("words", np.frombuffer("\n".join(names.words).encode(), np.uint8))
        for name in _NAME_COLUMNS:
            out.add(f"name_{name}", getattr(names, name))

    def words(self, part: str, counted: Sequence[tuple[str, int]], shares: Mapping[str, bytes]) -> None:
        """Write how many records bear each word in one part of the name, and its shares in the classes."""
        records = dict(counted)
        self._out.add(f"records_{part}", np.array([records.get(word, 0) for word in self._words], np.int64))
        packed = np.frombuffer(b"".join([shares[word] for word in self._words]), PACKED)
        self._out.add(f"shares_{part}", packed.reshape(len(self._words), -1) if self._words else packed)

    def pairs(self, pairs: Int64s, records: Int64s) -> None:
        """Write how many records bear each pair of names; pairs ascend."""
        self._out.add("pairs", pairs)
        self._out.add("pair_records", records)

    def entries(self, pieces: Iterable[tuple[Int64s, Int64s]]) -> Iterator[tuple[Int64s, Int64s]]:
        """Write the key and the row of every blocking entry, and hand them on."""
        with self._out.side_by_side("keys", "people") as columns:
            for keys, rows in pieces:
                columns.add(keys, rows + 1)
                yield keys, rows
        self._out.add(_BUCKETS, bucket_starts(self._out.read("keys")))


def bucket_starts(keys: Int64s) -> NDArray[np.uint32]:
    """Return where the keys begin that share their first bits, for every value of those bits; keys ascend."""
    bits = min(max(len(keys) // _ENTRIES_A_BUCKET, 1).bit_length(), _MOST_BITS)
    firsts = (np.arange(2**bits, dtype=np.uint64) << np.uint64(64 - bits)) ^ _SIGN
    return np.append(np.searchsorted(keys, firsts.view(np.int64)), len(keys)).astype(np.uint32)


class LaidRecord(NamedTuple):
    """One record as it was laid out; a trace.record.ComparedRecord. A tuple, as hundreds are made for one trace."""

    row: RowId
    number: int
    given: tuple[str, ...]
    other: tuple[str, ...]
    family: tuple[str, ...]
    previous_families: tuple[tuple[str, ...], ...]
    born: int
    gender: Gender
    postcode: int
    left: tuple[int, ...]
    residence: int
    sensitive: bool
    doors: Callable[[int], str]
    """Returns the first line of an address by its number: read only where the postcode agrees."""

    @property
    def door(self) -> str:
        """Return the first line of the present address, empty for none."""
        return "" if self.sensitive else self.doors(self.residence)

    def whole(self) -> RegisterRecord:
        """Return the record spelt out."""
        place = Place(postcode=postcode_of(self.postcode), door=self.door, previous=tuple(map(postcode_of, self.left)))
        return RegisterRecord(
            row=self.row,
            nhs_number=NhsNumber(f"{self.number:010d}"),
            given=self.given,
            other=self.other,
            family=self.family,
            previous_families=self.previous_families,
            date_of_birth=date.fromordinal(self.born),
            gender=self.gender,
            place=NOWHERE if self.sensitive else place,
            sensitive=self.sensitive,
        )

    def __repr__(self) -> str:
        return "LaidRecord(hidden)"


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A register laid out, mapped into memory."""

    file: ColumnFile
    names: Names
    _numbers: Mapping[str, int]
    _spelt: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, register: Path, imported: str) -> "LaidOut | None":
        """Return the layout of a register, or None where there is none of what was imported."""
        file = map_columns(laid_out_path(register))
        if file is None or (file.facts.get("format"), file.facts.get("imported")) != (FORMAT, imported):
            return None
        text = file.arrays["words"].tobytes().decode()
        words = tuple(text.split("\n")) if text else ()
        names = Names(words=words, **{name: file.arrays[f"name_{name}"] for name in _NAME_COLUMNS})
        return cls(file, names, {word: number for number, word in enumerate(words)})

    @property
    def size(self) -> int:
        """Return the number of records imported."""
        return len(self.file.arrays["number"])

    def filed(self, keys: Int64s) -> tuple[Int64s, Int64s]:
        """Return the place of the key and the person of every blocking entry under the keys, which ascend."""
        arrays = self.file.arrays
        starts, held = arrays[_BUCKETS], arrays["keys"]
        bits = (len(starts) - 1).bit_length() - 1
        bucket = (keys.view(np.uint64) ^ _SIGN) >> np.uint64(64 - bits)
        first = starts[bucket].astype(np.int64)
        owner, place = spread(first, starts[bucket + np.uint64(1)].astype(np.int64) - first)
        (found,) = (held[place] == keys[owner]).nonzero()
        return owner[found], arrays["people"][place[found]].astype(np.int64)

    def held(self, people: Int64s) -> HeldColumns:
        """Return the records of those people as they were imported; they ascend, and all were."""
        rows = people - 1
        column = {name: self.file.arrays[name][rows] for name in _OF_PEOPLE}
        married, earlier = self._listed("earlier", rows)
        moved, left = self._listed("left", rows)
        ids = [column[name].astype(np.int64) for name in ("given", "other", "family")]
        names, place = self.names.only(np.concatenate([*ids, earlier]))
        return HeldColumns(
            row=people,
            number=column["number"],
            names=names,
            given=place[ids[0]],
            other=place[ids[1]],
            family=place[ids[2]],
            married=married,
            earlier=place[earlier],
            born=column["born"].astype(np.int64),
            gender=column["gender"].astype(np.int64),
            postcode=column["postcode"],
            moved=moved,
            left=left,
            residence=column["residence"].astype(np.int64),
            sensitive=column["sensitive"],
        )

    def records(self, people: Int64s, doors: Callable[[int], str]) -> list[LaidRecord]:
        """Return the records of those people one by one, as they were imported; all were."""
        rows, arrays = people - 1, self.file.arrays
        number, given, other, family, born, gender, residence, postcode, sensitive = (
            arrays[name][rows].tolist() for name in _OF_PEOPLE
        )
        earlier, left = self._several("earlier", rows), self._several("left", rows)
        named = self._named([*given, *other, *family, *(name for names in earlier for name in names)])
        married = [tuple([named[one] for one in names]) if names else () for names in earlier]
        columns = zip(
            people.tolist(), number, [named[one] for one in given], [named[one] for one in other],
            [named[one] for one in family], married, born, [GENDERS[one] for one in gender], postcode, left, residence,
            sensitive, repeat(doors),
        )  # fmt: skip
        return [tuple.__new__(LaidRecord, row) for row in columns]

    def _named(self, numbers: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
        """Return names by their numbers, these at least among them, each spelt once."""
        spelt = self._spelt
        for number in numbers:
            if number not in spelt:
                spelt[number] = self.names.name(number)
        return spelt

    def _several(self, name: str, rows: Int64s) -> Sequence[tuple[int, ...]]:
        """Return what each of the records of some rows has several of."""
        starts = self.file.arrays[f"{name}_starts"]
        first, after = starts[rows], starts[rows + 1]
        found: list[tuple[int, ...]] = [()] * len(rows)
        (some,) = (after != first).nonzero()
        listed = self.file.arrays[name]
        for place, begin, end in zip(some.tolist(), first[some].tolist(), after[some].tolist(), strict=True):
            found[place] = tuple(listed[begin:end].tolist())
        return found

    def _listed(self, name: str, rows: Int64s) -> tuple[Int64s, NDArray[Any]]:
        """Return what some rows have several of, each with the place of its row."""
        starts = self.file.arrays[f"{name}_starts"]
        first = starts[rows].astype(np.int64)
        owner, place = spread(first, starts[rows + 1].astype(np.int64) - first)
        return owner, self.file.arrays[name][place]

    def rarities(
        self, part: NamePart, words: Sequence[str], unknown: NDArray[np.float64]
    ) -> tuple[Int64s, NDArray[np.float64]]:
        """Return how many records bore each of the words in that part of the name, and its class shares."""
        numbers = np.array([self._numbers.get(word, -1) for word in words], np.int64)
        there = np.flatnonzero(numbers >= 0)
        records = np.zeros(len(words), np.int64)
        records[there] = self.file.arrays[f"records_{part.value}"][numbers[there]]
        shares = np.broadcast_to(unknown, (len(words), len(unknown))).copy()
        borne = there[records[there] > 0]
        shares[borne] = self.file.arrays[f"shares_{part.value}"][numbers[borne]].astype(np.float64)
        return records, shares

    def word(self, part: NamePart, word: str) -> tuple[int, NDArray[np.float64]] | None:
        """Return how many records bore a word in that part of the name, and its class shares; None where none did."""
        number = self._numbers.get(word)
        records = 0 if number is None else int(self.file.arrays[f"records_{part.value}"][number])
        return (records, self.file.arrays[f"shares_{part.value}"][number].astype(np.float64)) if records else None

    def pair(self, pair: int) -> int:
        """Return how many records bear a pair of names, at least 1."""
        held = self.file.arrays["pairs"]
        place = int(held.searchsorted(pair))
        return int(self.file.arrays["pair_records"][place]) if place < len(held) and held[place] == pair else 1

    def pair_frequencies(self, pairs: Int64s) -> Int64s:
        """Return how many records bear each pair of names, at least 1."""
        held = self.file.arrays["pairs"]
        known: Flags = among(pairs, held)
        found = np.ones(len(pairs), np.int64)
        found[known] = self.file.arrays["pair_records"][np.searchsorted(held, pairs[known])]
        return found


_OF_PEOPLE = ("number", "given", "other", "family", "born", "gender", "residence", "postcode", "sensitive")
