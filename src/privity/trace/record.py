"""What the tracer sees of the register: records cut down to what is compared, and how common things are.

Rules of the room:
- A record has no correspondence address: it is neither evidence nor a key.
- A sensitive record has no place at all here; whoever builds one cannot leak it into a trace.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType, Protocol

import numpy as np
from numpy.typing import NDArray

from privity.definitions.person import Gender, NhsNumber
from privity.trace.normalise import postcode_number

RowId = NewType("RowId", int)
"""Where a record stands in one register. The next import may put somebody else there: whoever is to be found again is
known by their NHS number, and this never leaves the tracer and the registers."""


class NamePart(StrEnum):
    """Where in a name a word stands."""

    GIVEN = "given"
    """The first given name."""
    OTHER = "other"
    """Any further given name."""
    FAMILY = "family"
    """The family name in use, or an earlier one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a person lives or lived: postcodes, and the first line of the present address.

    `door` is normalised (normalise.door); `previous` holds earlier postcodes. Any may be empty.
    """

    postcode: str = ""
    door: str = ""
    previous: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Place(hidden)"


NOWHERE = Place()


class ComparedRecord(Protocol):
    """One record as it is compared, whatever holds it: names as tokens (normalise.name_tokens), the rest as numbers.

    `number` is the NHS number read as a whole number, `born` the ordinal of the date of birth. `postcode` and `left`,
    those of earlier addresses, are normalise.postcode_number; 0 is none. `door` is normalised (normalise.door).
    INVARIANT: a sensitive record has no place: neither postcode, nor earlier ones, nor door.
    """

    @property
    def row(self) -> RowId: ...
    @property
    def number(self) -> int: ...
    @property
    def given(self) -> tuple[str, ...]: ...
    @property
    def other(self) -> tuple[str, ...]: ...
    @property
    def family(self) -> tuple[str, ...]: ...
    @property
    def previous_families(self) -> tuple[tuple[str, ...], ...]: ...
    @property
    def born(self) -> int: ...
    @property
    def gender(self) -> Gender: ...
    @property
    def postcode(self) -> int: ...
    @property
    def left(self) -> tuple[int, ...]: ...
    @property
    def door(self) -> str: ...
    @property
    def sensitive(self) -> bool: ...
    def whole(self) -> "RegisterRecord":
        """Return the record spelt out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRecord:
    """One record spelt out, as it is filed and compared: names as tokens (normalise.name_tokens). A ComparedRecord.

    INVARIANT: `place` of a sensitive record is empty.
    """

    row: RowId
    nhs_number: NhsNumber
    given: tuple[str, ...]
    other: tuple[str, ...]
    family: tuple[str, ...]
    previous_families: tuple[tuple[str, ...], ...]
    date_of_birth: date
    gender: Gender
    place: Place
    sensitive: bool

    def __post_init__(self) -> None:
        assert not (self.sensitive and self.place != NOWHERE), "a sensitive record has no place here"

    @property
    def number(self) -> int:
        """Return the NHS number as a whole number."""
        return int(self.nhs_number.digits)

    @property
    def born(self) -> int:
        """Return the ordinal of the date of birth."""
        return self.date_of_birth.toordinal()

    @property
    def postcode(self) -> int:
        """Return the postcode as a number, 0 for none."""
        return postcode_number(self.place.postcode)

    @property
    def left(self) -> tuple[int, ...]:
        """Return the postcodes of earlier addresses as numbers."""
        return tuple([postcode_number(one) for one in self.place.previous]) if self.place.previous else ()

    @property
    def door(self) -> str:
        """Return the first line of the present address, empty for none."""
        return self.place.door

    def whole(self) -> "RegisterRecord":
        """Return the record itself."""
        return self

    def __repr__(self) -> str:
        return "RegisterRecord(hidden)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Births:
    """How many records have one year of birth, and how many of those the 1st of January."""

    people: int
    on_new_year: int


Shares = NDArray[np.float64]
"""Shares of latent name classes, in the order of the classes; they add up to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameClasses:
    """The latent classes of a register's names: which names go together, found without any label.

    `everybody` is P(class); `new_year` is P(the date of birth is a 1st of January, given the class).
    `sums` are two columns: what shares in the classes are multiplied with for their sum, and for P(1st of January).
    `everybody_on_new_year` is that of a name nobody knows.
    """

    everybody: Shares
    new_year: Shares
    sums: Shares = field(init=False, repr=False)
    everybody_on_new_year: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sums", np.column_stack([np.ones(len(self.new_year)), self.new_year]))
        object.__setattr__(self, "everybody_on_new_year", float(self.everybody @ self.new_year))


ONE_CLASS = NameClasses(everybody=np.ones(1), new_year=np.zeros(1))
"""What a register without classes says: all names go with all names."""


Unfiled = Set[tuple[int, RowId]]
"""Some keys, each with whose record is not to be found by it."""
NOTHING_UNFILED: Unfiled = frozenset()


class RegisterReader(Protocol):
    """A register as the tracer reads it. Frequencies count records, not readings."""

    @property
    def size(self) -> int:
        """Return the number of records."""
        ...

    @property
    def birth_years(self) -> range:
        """Return the years of birth from the first to the last in the register."""
        ...

    def candidates(self, keys: Sequence[int], unfiled: Unfiled = NOTHING_UNFILED) -> Sequence[ComparedRecord]:
        """Return the records to compare of those filed under any of the keys (blocking.most_telling), each once.

        Args: unfiled: what is to be taken for not filed, as if a record had never stood under that key.
        """
        ...

    def name_frequency(self, part: NamePart, token: str) -> int:
        """Return how many records bear the word in that part of the name."""
        ...

    def pair_frequency(self, given: str, family: str) -> int:
        """Return how many records bear both words, as counted when the register was written; at least 1."""
        ...

    @property
    def classes(self) -> NameClasses:
        """Return the latent classes of the names."""
        ...

    def class_shares(self, part: NamePart, token: str) -> Shares:
        """Return P(class | the word in that part of the name); everybody's where the word is unknown."""
        ...

    def births(self, year: int) -> Births:
        """Return the counts for one year of birth."""
        ...

    def postcode_frequency(self, postcode: str) -> int:
        """Return how many records live or lived at the postcode."""
        ...
