"""The person sought, and what is known of them. Every representation hides its values.

Rules of the room:
- A value object is checked when built, so holding one is proof that it is well formed.
- `repr` and error messages never show a name, date, number or address: they reach logs.
- A date of birth of 1 January is kept as given; what it is worth is the tracer's business.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from privity.errors import Mistaken

PersonId = NewType("PersonId", int)
"""Whom something is about: their NHS number as a whole number. It outlives the register in which they were found."""

LONGEST_NAME = 100
LONGEST_ADDRESS_LINE = 100
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")


class Gender(StrEnum):
    """Gender as the register records it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    """Recorded as neither."""
    UNKNOWN = "unknown"
    """Not recorded."""


@dataclass(frozen=True, slots=True)
class NhsNumber:
    """A ten-digit NHS number whose check digit is right.

    Raises: Mistaken: wrong length, wrong characters or wrong check digit.
    Source: NHS data dictionary: modulus 11 over the first nine digits.
    """

    digits: str

    def __post_init__(self) -> None:
        digits = self.digits
        whole = len(digits) == 10 and digits.isascii() and digits.isdigit()
        if not whole or check_digit(digits[:9]) != int(digits[9]):
            raise Mistaken(
                "the NHS number was not accepted",
                why="it must be ten digits and its last digit must fit the others",
                next_step="copy it from the record again, or leave it empty",
            )

    def __repr__(self) -> str:
        return "NhsNumber(hidden)"


_ZERO = ord("0")


def check_digit(nine: str) -> int:
    """Return the modulus 11 check digit of nine digits: 0 to 9, or 10 where no number exists."""
    # Written out: a trace at a nation's size holds hundreds of numbers, and a loop takes ten times as long.
    a, b, c, d, e, f, g, h, i = nine.encode()
    weighed = 10 * a + 9 * b + 8 * c + 7 * d + 6 * e + 5 * f + 4 * g + 3 * h + 2 * i - 54 * _ZERO
    return (11 - weighed % 11) % 11


def read_postcode(text: str) -> str:
    """Return a postcode in capitals with one space, e.g. `LS1 4AP`.

    Raises: Mistaken: it does not have the form of a UK postcode.
    """
    squeezed = re.sub(r"\s+", "", text).upper()
    spaced = f"{squeezed[:-3]} {squeezed[-3:]}"
    if not _POSTCODE.fullmatch(spaced):
        raise Mistaken(
            "the postcode was not accepted",
            why="it does not have the form of a UK postcode",
            next_step="give it as `LS1 4AP`, or leave it empty",
        )
    return spaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What the requester knows of the person sought. Any field may be missing; one name may not.

    `other_given_names` is one string, names separated by spaces. `address_lines` holds up to five lines.
    Raises: Mistaken: no name at all, a name or line too long, a date of birth before 1880.
    """

    family_name: str = ""
    given_name: str = ""
    other_given_names: str = ""
    date_of_birth: date | None = None
    gender: Gender = Gender.UNKNOWN
    nhs_number: NhsNumber | None = None
    postcode: str = ""
    address_lines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = (self.family_name, self.given_name, self.other_given_names)
        if not (self.family_name or self.given_name):
            raise Mistaken(
                "the person sought was not understood",
                why="neither family name nor given name is there",
                next_step="give at least one of them",
            )
        if any(len(name) > LONGEST_NAME for name in names) or any(
            len(line) > LONGEST_ADDRESS_LINE for line in self.address_lines
        ):
            raise Mistaken(
                "the person sought was not understood",
                why=f"a name or address line is longer than {LONGEST_NAME} characters",
                next_step="check that the columns are in their places",
            )
        if self.date_of_birth is not None and self.date_of_birth.year < 1880:
            raise Mistaken(
                "the date of birth was not accepted",
                why="it lies before 1880",
                next_step="check the century",
            )

    def __repr__(self) -> str:
        return "Particulars(hidden)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address of up to five lines and a postcode."""

    lines: tuple[str, ...]
    postcode: str

    def __repr__(self) -> str:
        return "Address(hidden)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demographics:
    """One record of the register, as far as any agreement could let it leave.

    `residence` is None where only a correspondence address is on record. `correspondence` never leaves
    as a residence. `sensitive` marks a record whose whereabouts are never returned (S-flag).
    """

    person: PersonId
    nhs_number: NhsNumber
    family_name: str
    given_name: str
    other_given_names: str
    previous_family_names: tuple[str, ...]
    date_of_birth: date
    gender: Gender
    residence: Address | None
    correspondence: Address | None
    gp_practice_code: str
    registered_on: date | None
    deceased_on: date | None
    sensitive: bool

    def __repr__(self) -> str:
        return "Demographics(hidden)"
