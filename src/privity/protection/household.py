"""Who else is registered where a person lives: counted, never named.

Rules of the module:
- Only counts leave this module: how many others, how many of them children, how many protected, how many family names.
- One dwelling is one postcode and one first line, however the rest is spelt. Doubt counts too many, never too few.
- Whoever has died is not counted.

Source: domain.md 7 (counsel: the address of a trafficked woman who lives with her trafficker is life or death).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from privity.definitions.person import Address, NhsNumber, PersonId
from privity.protection.correspondence_address import fingerprint

ADULT_AT = 18
"""Years. Below it a resident counts as a child."""
COMMUNAL_FROM = 8
"""Others at one address from which it is taken for a hostel, a refuge or a care home. Ours, for want of a number."""
UNRELATED_FROM = 4
"""Family names at one address from which its people are taken for unrelated: three are a couple and a child of before.
Ours, for want of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One record registered at a postcode. The representation hides it.

    `family` is the number the register gives a family name: alike for alike names, and no name.
    """

    person: PersonId
    nhs_number: NhsNumber
    home: Address
    born: date
    deceased: bool
    sensitive: bool
    family: int

    def __repr__(self) -> str:
        return "Resident(hidden)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """How many others are registered at an address, how many of them are children, how many protected.

    `families` counts the family names of all who are registered there, the person's own among them.
    """

    others: int
    children: int
    protected: int
    families: int = 1

    @property
    def is_communal(self) -> bool:
        """Return whether so many live there that it may be a hostel or a refuge."""
        return self.others >= COMMUNAL_FROM

    @property
    def is_of_strangers(self) -> bool:
        """Return whether so many family names are there that it may be a refuge or a shared house."""
        return self.families >= UNRELATED_FROM


def household(person: PersonId, home: Address, residents: Iterable[Resident], day: date) -> Household:
    """Return who else is registered at a person's home on `day`, as counts."""
    same = _Dwelling.of(home)
    there = [one for one in residents if not one.deceased and same.holds(one.home)]
    others = [one for one in there if one.person != person]
    return Household(
        others=len(others),
        children=sum(is_child(one.born, day) for one in others),
        protected=sum(one.sensitive for one in others),
        families=max(len({one.family for one in there}), 1),
    )


def is_child(born: date, day: date) -> bool:
    """Return whether somebody born on a day is under 18 on another."""
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (not had_birthday) < ADULT_AT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dwelling:
    """A home as others are held against it: written the same, or with the same first line in the same postcode."""

    lines: str
    postcode: str
    first_line: str

    @classmethod
    def of(cls, home: Address) -> Self:
        lines, postcode = fingerprint(home)
        return cls(lines=lines, postcode=postcode, first_line=_first_line(home))

    def holds(self, other: Address) -> bool:
        lines, postcode = fingerprint(other)
        return postcode == self.postcode and (lines == self.lines or _first_line(other) == self.first_line)

    def __repr__(self) -> str:
        return "_Dwelling(hidden)"


def _first_line(address: Address) -> str:
    first = next((line for line in address.lines if line.strip()), "")
    return fingerprint(Address(lines=(first,), postcode=""))[0]
