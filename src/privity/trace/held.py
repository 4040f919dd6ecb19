"""Records as columns: what a batch of traces reads of the register, each record once whoever asked for it.

Rules of the room:
- The columns say what record.RegisterRecord says, no more: a sensitive record has no place here either.
- Names are held once and numbered (names.py); a postcode is a number of its own (normalise.postcode_number).
- The tracer's answer must not hang on which of the two readings was used; a test compares them record by record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from privity.definitions.person import Gender
from privity.trace.names import Names, names_of
from privity.trace.record import NamePart, RegisterReader
from privity.trace.spans import Flags, Int64s, UInt64s

GENDERS = tuple(Gender)
"""A gender's number is its place here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldColumns:
    """Records in the order of `row`, which ascends. Days are ordinals, NHS numbers whole numbers.

    `given`, `other` and `family` point into `names`, and so does `earlier`, names of the rows `married`, which ascend.
    `postcode` is 0 for none, and `left` are the postcodes of earlier addresses of the rows `moved`, which ascend.
    `residence` is what `BatchReader.doors` knows the address by.
    INVARIANT: a sensitive record has neither postcode, nor earlier ones.
    """

    row: Int64s
    number: Int64s
    names: Names
    given: Int64s
    other: Int64s
    family: Int64s
    married: Int64s
    earlier: Int64s
    born: Int64s
    gender: Int64s
    postcode: UInt64s
    moved: Int64s
    left: UInt64s
    residence: Int64s
    sensitive: Flags

    def __post_init__(self) -> None:
        assert not self.postcode[self.sensitive].any(), "a sensitive record has no place here"
        assert not self.sensitive[self.moved].any(), "a sensitive record has no place here"

    def __repr__(self) -> str:
        return f"HeldColumns({len(self.row)} records, hidden)"


class BatchReader(RegisterReader, Protocol):
    """A register that many are traced in at once."""

    def filed(self, keys: Int64s) -> tuple[Int64s, Int64s]:
        """Return the place of the key and the row of every blocking entry under the keys, by that place.

        Args: keys: they ascend, each once.
        """
        ...

    def held(self, rows: Int64s) -> HeldColumns:
        """Return the records of those rows, which ascend. One that is no more is left out."""
        ...

    def doors(self, residences: Iterable[int]) -> Mapping[int, str]:
        """Return the first line of some addresses (normalise.door)."""
        ...

    def rarities(self, part: NamePart, words: Sequence[str]) -> tuple[Int64s, NDArray[np.float64]]:
        """Return how many records bear each of the words in that part of the name, and its class shares, row by row."""
        ...

    def pair_frequencies(self, pairs: Int64s) -> Int64s:
        """Return how many records bear each pair of names (blocking.pair_keys), at least 1."""
        ...

    def postcode_frequencies(self, postcodes: Iterable[str]) -> Mapping[str, int]:
        """Return how many records live or lived at each of the postcodes."""
        ...


def beside(one: HeldColumns, two: HeldColumns) -> HeldColumns:
    """Return the records of both, nobody being in both."""
    names = names_of((two.names.name(number) for number in range(1, len(two.names))), one.names)
    moved = np.concatenate([np.zeros(1, np.int64), np.arange(len(one.names), len(names))])
    row = np.concatenate([one.row, two.row])
    order = np.argsort(row)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    columns = {
        name: np.concatenate([getattr(one, name), moved[getattr(two, name)]])[order]
        for name in ("given", "other", "family")
    }
    columns |= {
        name: np.concatenate([getattr(one, name), getattr(two, name)])[order]
        for name in ("number", "born", "gender", "residence")
    }
    married = place[np.concatenate([one.married, two.married + len(one.row)])]
    gone = place[np.concatenate([one.moved, two.moved + len(one.row)])]
    by_marriage, by_move = np.argsort(married, kind="stable"), np.argsort(gone, kind="stable")
    return HeldColumns(
        row=row[order],
        names=names,
        married=married[by_marriage],
        earlier=np.concatenate([one.earlier, moved[two.earlier]])[by_marriage],
        postcode=np.concatenate([one.postcode, two.postcode])[order],
        moved=gone[by_move],
        left=np.concatenate([one.left, two.left])[by_move],
        sensitive=np.concatenate([one.sensitive, two.sensitive])[order],
        **columns,
    )
