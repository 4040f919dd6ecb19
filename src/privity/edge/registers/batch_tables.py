"""The register's tables read for many traces at once: keys, records and words by the thousand, each once.

Rules of the room:
- A sensitive record leaves its place behind here as it does one by one (tables.py).
- Each call that yields records counts as one read; a batch is looked up twice: who is filed, and their records.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from privity.definitions.person import Gender
from privity.edge.registers.tables import FILED, RegisterTables, listed
from privity.trace.blocking import Int64s, pair_key
from privity.trace.held import GENDERS, HeldColumns
from privity.trace.normalise import door, name_tokens
from privity.trace.record import NamePart

_HELD = """
SELECT pid, nhs_number, given, other, family, earlier_families, born, gender, postcode, residence, earlier_postcodes,
       sensitive
FROM person WHERE pid"""
_COLUMNS = 12
_GENDER_NUMBERS = {gender.value: number for number, gender in enumerate(GENDERS)}
_UNKNOWN = _GENDER_NUMBERS[Gender.UNKNOWN.value]


class BatchTables(RegisterTables):
    """A register open for reading, one by one or in batches; satisfies trace.held.BatchReader too."""

    def filed(self, keys: Int64s) -> tuple[Int64s, Int64s]:
        """Return the key and the person of every blocking entry under the keys, which ascend. Counts as one read."""
        self._count_read()
        self._refresh()
        found = np.array(self._among(FILED, keys.tolist()), np.int64).reshape(-1, 2)
        return np.ascontiguousarray(found[:, 0]), np.ascontiguousarray(found[:, 1])

    def held(self, people: Int64s) -> HeldColumns:
        """Return the records of those people, who ascend. Counts as one read."""
        self._count_read()
        rows = sorted(self._among(_HELD, people.tolist()))
        columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * _COLUMNS
        pid, number, given, other, family, earlier, born, gender, postcode, residence, moved, sensitive = columns
        hidden = np.array(sensitive, np.int64) != 0
        families = _table(_pairs(enumerate(earlier), int))
        ids = np.array([given, other, family], np.int64).reshape(3, -1)
        distinct = np.unique(np.concatenate([ids.ravel(), families[:, 1], np.zeros(1, np.int64)]))
        self._remember_names(distinct.tolist())
        places = _Numbered([""])
        homes = [0 if is_hidden else places.number(text) for text, is_hidden in zip(postcode, hidden, strict=True)]
        before = _pairs(((row, text) for row, text in enumerate(moved) if text and not hidden[row]), places.number)
        return HeldColumns(
            person=np.array(pid, np.int64),
            number=np.array(number, np.int64),
            names=tuple(self._name(one) for one in distinct.tolist()),
            given=np.searchsorted(distinct, ids[0]),
            other=np.searchsorted(distinct, ids[1]),
            family=np.searchsorted(distinct, ids[2]),
            earlier_families=np.column_stack([families[:, 0], np.searchsorted(distinct, families[:, 1])]),
            born=np.array(born, np.int64),
            gender=np.array([_GENDER_NUMBERS.get(one, _UNKNOWN) for one in gender], np.int64),
            postcodes=tuple(places.texts),
            postcode=np.array(homes, np.int64),
            earlier_postcodes=_table(before),
            residence=np.array(residence, np.int64),
            sensitive=hidden,
        )

    def doors(self, residences: Iterable[int]) -> Mapping[int, str]:
        """Return the first line of some addresses (normalise.door)."""
        rows = self._among("SELECT id, lines FROM address WHERE id", sorted(residences))
        return {number: door(lines.partition("\n")[0]) for number, lines in rows}

    def read_ahead(self, part: NamePart, tokens: Iterable[str]) -> None:
        """Fetch frequency and classes of some words at once."""
        wanted = sorted(token for token in set(tokens) if (part.value, token) not in self._words)
        found = self._among(_WORDS, wanted, (part.value,))
        known = {token: (records, shares) for token, records, shares in found}
        for token in wanted:
            self._remember_word(part, token, known.get(token))

    def read_pairs_ahead(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Fetch the frequency of some pairs of a given and a family word at once."""
        wanted = sorted({pair_key(*pair) for pair in pairs} - self._pairs.keys())
        found: dict[int, int] = dict(self._among("SELECT pair, records FROM pair_frequency WHERE pair", wanted))
        for pair in wanted:
            self._remember_pair(pair, found.get(pair, 1))

    def postcode_frequencies(self, postcodes: Iterable[str]) -> Mapping[str, int]:
        """Return how many records live or lived at each of the postcodes."""
        query = "SELECT postcode, records FROM postcode_frequency WHERE postcode"
        return dict(self._among(query, sorted(set(postcodes))))

    def _remember_names(self, numbers: Sequence[int]) -> None:
        """Read the names of some numbers that are not remembered yet."""
        wanted = [number for number in numbers if number and number not in self._names]
        for number, text in self._among("SELECT id, text FROM name WHERE id", wanted):
            self._remember_name(number, name_tokens(text))


_WORDS = "SELECT token, records, shares FROM name_frequency WHERE part = ? AND token"


class _Numbered:
    """Texts numbered in the order they are first met."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self._ids: dict[str, int] = {text: number for number, text in enumerate(texts)}

    def number(self, text: str) -> int:
        return self._ids.setdefault(text, len(self._ids))

    @property
    def texts(self) -> list[str]:
        return list(self._ids)


def _pairs(rows: Iterable[tuple[int, str]], number: Callable[[str], int]) -> list[tuple[int, int]]:
    """Return a row with a number for each of its listed texts."""
    return [(row, number(one)) for row, text in rows if text for one in listed(text)]


def _table(pairs: Sequence[tuple[int, int]]) -> Int64s:
    return np.array(pairs, np.int64).reshape(-1, 2)
