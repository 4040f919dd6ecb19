"""The address a practice registered for somebody's letters, and why it must not lead to their home.

Rules of the module:
- A correspondence address takes letters. It is never a residence, whoever's it is.
- An address given by a requester that is on record in another use than home must not fetch the home address.

Source: domain.md 2.2 (PDS address uses home, temp, billing = correspondence only, work = legacy; a search can
match on a temporary address and return the home address); S0 (a person may lawfully register another address
for letters).
"""

import re
from collections.abc import Sequence
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
class CorrespondenceAddress:
    """The address a practice registered for a person's letters, in place of their own."""

    place: PlaceKind
    address: Address
    period: Period

    def __repr__(self) -> str:
        return f"CorrespondenceAddress({self.place.value})"


def fingerprint(address: Address) -> tuple[str, str]:
    """Return an address for comparing: letters and digits of its lines and of its postcode, in lower case."""
    return _bare("".join(address.lines)), _bare(address.postcode)


def sought_elsewhere(sought: Particulars, residence: Address | None, others: Sequence[Address]) -> bool:
    """Return whether the requester knows the person by another address than their home.

    True where the whole address it gave, or failing that a line of it, or the postcode, is of one of `others` and not
    of the residence: the answer would turn a charity's address, which the requester had, into a home address.
    """
    lines, postcode = _bare("".join(sought.address_lines)), _bare(sought.postcode)
    at_home = set() if residence is None else {_bare(line) for line in residence.lines}
    given = {_bare(line) for line in sought.address_lines} - at_home - {""}

    def has_lines(address: Address) -> bool:
        held_lines, held_postcode = fingerprint(address)
        return bool(lines) and lines in (held_lines, held_lines + held_postcode)

    def has_postcode(address: Address) -> bool:
        return bool(postcode) and postcode == _bare(address.postcode)

    def has_a_line(address: Address) -> bool:
        # The name of a refuge alone says as much as its street and town.
        return not given.isdisjoint(_bare(line) for line in address.lines)

    homes = () if residence is None else (residence,)
    for agrees in (has_lines, has_a_line, has_postcode):
        if any(map(agrees, homes)):
            return False
        if any(map(agrees, others)):
            return True
    return False


def _bare(text: str) -> str:
    return _NEITHER_LETTER_NOR_DIGIT.sub("", text.casefold())
