"""The register's tables read for many traces at once: keys, records and words by the thousand, each once.

Rules of the room:
- A sensitive record leaves its place behind here as it does one by one (tables.py).
- Each call that yields records counts as one read; a batch is looked up twice: who is filed, and their records.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from privity.definitions.person import Gender
from privity.edge.registers.tables import FILED, RegisterTables, listed, unpacked
from privity.trace.held import GENDERS, HeldColumns
from privity.trace.names import names_of
from privity.trace.normalise import door, name_tokens, postcode_number
from privity.trace.record import NamePart
from privity.trace.spans import Int64s, ascending, by_place

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
        """Return the place of the key and the person of every blocking entry under the keys. Counts as one read."""
        self._count_read()
        self._refresh()
        found = np.array(self._among(FILED, keys.tolist()), np.int64).reshape(-1, 2)
        return by_place(keys.searchsorted(found[:, 0]), found[:, 1])

    def held(self, people: Int64s) -> HeldColumns:
        """Return the records of those people, who ascend. Counts as one read."""
        self._count_read()
        rows = sorted(self._among(_HELD, people.tolist()))
        columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * _COLUMNS
        pid, number, given, other, family, earlier, born, gender, postcode, residence, moved, sensitive = columns
        hidden = np.array(sensitive, np.int64) != 0
        married = [(row, int(one)) for row, text in enumerate(earlier) if text for one in listed(text)]
        left = [(row, one) for row, text in enumerate(moved) if text and not hidden[row] for one in listed(text)]
        ids = np.array([given, other, family], np.int64).reshape(3, -1)
        earlier_ids = np.array([name for _, name in married], np.int64)
        distinct = ascending(np.concatenate([ids.ravel(), earlier_ids, np.zeros(1, np.int64)]))
        self._remember_names(distinct.tolist())
        return HeldColumns(
            row=np.array(pid, np.int64),
            number=np.array(number, np.int64),
            names=names_of(self._name(one) for one in distinct.tolist() if one),
            given=np.searchsorted(distinct, ids[0]),
            other=np.searchsorted(distinct, ids[1]),
            family=np.searchsorted(distinct, ids[2]),
            married=np.array([row for row, _ in married], np.int64),
            earlier=np.searchsorted(distinct, earlier_ids),
            born=np.array(born, np.int64),
            gender=np.array([_GENDER_NUMBERS.get(one, _UNKNOWN) for one in gender], np.int64),
            postcode=np.where(hidden, 0, np.array([postcode_number(one) for one in postcode], np.uint64)),
            moved=np.array([row for row, _ in left], np.int64),
            left=np.array([postcode_number(one) for _, one in left], np.uint64),
            residence=np.array(residence, np.int64),
            sensitive=hidden,
        )

    def doors(self, residences: Iterable[int]) -> Mapping[int, str]:
        """Return the first line of some addresses (normalise.door)."""
        rows = self._among("SELECT id, lines FROM address WHERE id", sorted(residences))
        return {number: door(lines.partition("\n")[0]) for number, lines in rows}

    def rarities(self, part: NamePart, words: Sequence[str]) -> tuple[Int64s, NDArray[np.float64]]:
        """Return how many records bear each of the words in that part of the name, and its class shares, row by row."""
        wanted = sorted(word for word in set(words) if (part.value, word) not in self._words)
        rows = self._among(_WORDS, wanted, (part.value,))
        known = {token: (records, unpacked(shares)) for token, records, shares in rows}
        for token in wanted:
            self._remember_word(part, token, known.get(token))
        found = [self._word(part, word) for word in words]
        records = np.array([one for one, _ in found], np.int64)
        return records, np.array([shares for _, shares in found], np.float64).reshape(
            len(found), len(self._classes.everybody)
        )

    def pair_frequencies(self, pairs: Int64s) -> Int64s:
        """Return how many records bear each pair of names (blocking.pair_keys), at least 1."""
        query = "SELECT pair, records FROM pair_frequency WHERE pair"
        found: dict[int, int] = dict(self._among(query, pairs.tolist()))
        return np.array([found.get(pair, 1) for pair in pairs.tolist()], np.int64)

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
