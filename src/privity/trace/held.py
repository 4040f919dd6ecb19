"""Records as columns: what a batch of traces reads of the register, each record once whoever asked for it.

Rules of the room:
- The columns say what record.RegisterRecord says, no more: a sensitive record has no place here either.
- Names and postcodes are held once and numbered; number 0 of either is the empty one.
- The tracer's answer must not hang on which of the two readings was used; a test compares them record by record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from privity.definitions.person import Gender, PersonId
from privity.trace.blocking import Int64s
from privity.trace.record import NamePart, RegisterReader

Flags = NDArray[np.bool_]
GENDERS = tuple(Gender)
"""A gender's number is its place here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldColumns:
    """Records in the order of `person`, which ascends. Days are ordinals, NHS numbers whole numbers.

    `given`, `other` and `family` point into `names`, `postcode` into `postcodes`. The pairs of `earlier_families`
    and `earlier_postcodes` are (row, number). `residence` is what `BatchReader.doors` knows the address by.
    INVARIANT: a sensitive record has neither postcode, nor earlier ones.
    """

    person: Int64s
    number: Int64s
    names: tuple[tuple[str, ...], ...]
    given: Int64s
    other: Int64s
    family: Int64s
    earlier_families: Int64s
    born: Int64s
    gender: Int64s
    postcodes: tuple[str, ...]
    postcode: Int64s
    earlier_postcodes: Int64s
    residence: Int64s
    sensitive: Flags

    def __post_init__(self) -> None:
        assert not self.postcode[self.sensitive].any(), "a sensitive record has no place here"
        assert not self.sensitive[self.earlier_postcodes[:, 0]].any(), "a sensitive record has no place here"

    def __repr__(self) -> str:
        return f"HeldColumns({len(self.person)} records, hidden)"


class BatchReader(RegisterReader, Protocol):
    """A register that many are traced in at once."""

    def filed(self, keys: Int64s) -> tuple[Int64s, Int64s]:
        """Return the key and the person of every blocking entry under the keys, which ascend."""
        ...

    def held(self, people: Int64s) -> HeldColumns:
        """Return the records of those people, who ascend. One that is no more is left out."""
        ...

    def doors(self, residences: Iterable[int]) -> Mapping[int, str]:
        """Return the first line of some addresses (normalise.door)."""
        ...

    def read_ahead(self, part: NamePart, tokens: Iterable[str]) -> None:
        """Fetch frequency and classes of some words at once; asked for one by one they cost a query each."""
        ...

    def read_pairs_ahead(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Fetch the frequency of some pairs of a given and a family word at once."""
        ...

    def postcode_frequencies(self, postcodes: Iterable[str]) -> Mapping[str, int]:
        """Return how many records live or lived at each of the postcodes."""
        ...


def person_ids(people: Int64s) -> Sequence[PersonId]:
    """Return people as they are known elsewhere."""
    return [PersonId(one) for one in people.tolist()]
