"""Addresses by use: which is a residence, which takes letters, and which must not lead to another.

Rules of the module:
- Only an address registered as home is a residence. Correspondence and temporary addresses never are.
- Two different homes at once are no residence: nobody knows which, so none is given.
- Letters go to the correspondence address, else the temporary one, else home.
- An address given by a requester that is on record in another use than home must not fetch the home address.

Source: domain.md 2.2 (PDS address uses home, temp, billing = correspondence only, work = legacy;
precedence for letters; a search can match on a temporary address and return the home address); S0 (a person
may lawfully register another address for letters).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from privity.definitions.person import Address, Particulars
from privity.errors import Mistaken


class PlaceKind(StrEnum):
    """Whose address stands in for a person's own."""

    PRACTICE = "practice"
    """The GP practice itself."""
    CHARITY = "charity"
    """A charity that takes in letters."""
    PLACE_OF_WORSHIP = "place-of-worship"
    """A church, mosque, temple or other place of worship."""
    OTHER = "other"
    """A friend, a solicitor, a hostel: anywhere else the person chose."""


class AddressUse(StrEnum):
    """What an address on the register is for."""

    HOME = "home"
    """Where the person lives."""
    TEMPORARY = "temporary"
    """Where the person stays for a while."""
    CORRESPONDENCE = "correspondence"
    """Where letters go, whoever lives there."""
    WORK = "work"
    """No longer written; old records have it. Neither a residence nor for letters."""


LETTERS_GO_TO = (AddressUse.CORRESPONDENCE, AddressUse.TEMPORARY, AddressUse.HOME)
"""The order in which addresses in force are chosen for a letter."""
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of days, both ends included. None means from ever, or until further notice.

    Raises: Mistaken: it ends before it begins.
    """

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise Mistaken(
                "the address was not accepted",
                why="its last day lies before its first",
                next_step="correct the dates from which and until which it holds",
            )

    def covers(self, day: date) -> bool:
        """Return whether `day` lies within."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredAddress:
    """One address of one person, what it is for, and when it holds. The representation hides it."""

    use: AddressUse
    address: Address
    period: Period

    def __repr__(self) -> str:
        return f"RegisteredAddress({self.use.value})"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrespondenceAddress:
    """The address a practice registered for a person's letters, in place of their own."""

    place: PlaceKind
    address: Address
    period: Period

    def __repr__(self) -> str:
        return f"CorrespondenceAddress({self.place.value})"

    def as_registered(self) -> RegisteredAddress:
        """Return it among the addresses of the register, marked as what it is."""
        return RegisteredAddress(use=AddressUse.CORRESPONDENCE, address=self.address, period=self.period)


def residence_of(addresses: Iterable[RegisteredAddress], day: date) -> Address | None:
    """Return where the person lives on `day`, or None where the register does not say so plainly."""
    homes = [held.address for held in addresses if held.use is AddressUse.HOME and held.period.covers(day)]
    distinct = {fingerprint(home) for home in homes}
    return homes[0] if len(distinct) == 1 else None


def letters_to(addresses: Sequence[RegisteredAddress], day: date) -> Address | None:
    """Return where a letter goes on `day`: correspondence, else temporary, else home.

    Of several in the same use the one that began last is taken, for the register does not keep them apart.
    """
    for use in LETTERS_GO_TO:
        current = [held for held in addresses if held.use is use and held.period.covers(day)]
        if current:
            return max(current, key=lambda held: held.period.first or date.min).address
    return None


def fingerprint(address: Address) -> tuple[str, str]:
    """Return an address for comparing: letters and digits of its lines and of its postcode, in lower case."""
    return _bare("".join(address.lines)), _bare(address.postcode)


def sought_elsewhere(sought: Particulars, residence: Address | None, others: Sequence[Address]) -> bool:
    """Return whether the requester knows the person by another address than their home.

    True where the whole address it gave, or failing that the postcode, is one of `others` and not the
    residence: the answer would turn a charity's address, which the requester had, into a home address.
    """
    lines, postcode = _bare("".join(sought.address_lines)), _bare(sought.postcode)

    def has_lines(address: Address) -> bool:
        held_lines, held_postcode = fingerprint(address)
        return bool(lines) and lines in (held_lines, held_lines + held_postcode)

    def has_postcode(address: Address) -> bool:
        return bool(postcode) and postcode == _bare(address.postcode)

    homes = () if residence is None else (residence,)
    for agrees in (has_lines, has_postcode):
        if any(map(agrees, homes)):
            return False
        if any(map(agrees, others)):
            return True
    return False


def _bare(text: str) -> str:
    return _NEITHER_LETTER_NOR_DIGIT.sub("", text.casefold())
