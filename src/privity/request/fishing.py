"""What makes many requests look like fishing: near-copies of one person, of one home, of one run of numbers.

    a trait is what two requests share, and what differs between them: one name and many birthdays, one birthday
    and many names, one door and many people, one run of NHS numbers, or the very same person again and again.
    So many different ones under the same trait within WINDOW are a pattern, and people are told.

Rules of the room:
- Nothing here decides on a request. A pattern is told to people; it stops a trace until one of them has looked.
- What is remembered are keyed digests and days, never what was asked nor a case's reference (the caller blinds), so
  that nothing of a case is left here once it is destroyed.
- What is remembered of one trait has a fixed size, so looking costs the same however much was asked before.
- Thresholds are ours: below the fourth, chance and families explain it; a home may hold more people.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from privity.definitions.person import Particulars

WINDOW = timedelta(days=90)
"""How long a trait is remembered after it was last seen."""
REMEMBERED = 12
"""How many different ones of a trait are remembered: more than any threshold."""
_FIRST_LETTERS = 3
_RUN_OF_NUMBERS = 7


class Pattern(StrEnum):
    """What fishing looks like."""

    SAME_PERSON = "same-person"
    """The same person asked for again and again, under whatever reference."""
    BIRTHDAYS = "birthdays"
    """One name, and many dates of birth."""
    NAMES = "names"
    """One date of birth, and many spellings or names beside it."""
    NEAR = "near-copies"
    """Name and date of birth, each a little different every time."""
    HOME = "home"
    """Many people asked for at one door."""
    NUMBERS = "numbers"
    """NHS numbers from one run."""
    VOLUME = "volume"
    """More requests than an officer or an organisation was expected to send."""
    TRACES = "traces"
    """More traces than one officer of the custodian may cause."""

    @property
    def words(self) -> str:
        """Return the pattern in plain words."""
        return _WORDS[self]


_WORDS = {
    Pattern.SAME_PERSON: "the same person asked for again and again",
    Pattern.BIRTHDAYS: "one name tried with many dates of birth",
    Pattern.NAMES: "one date of birth tried with many names",
    Pattern.NEAR: "near-copies of one person",
    Pattern.HOME: "many people asked for at one address",
    Pattern.NUMBERS: "NHS numbers from one run",
    Pattern.VOLUME: "more requests than expected",
    Pattern.TRACES: "more traces than one officer may cause",
}

FROM: Mapping[Pattern, int] = {
    Pattern.SAME_PERSON: 4,
    Pattern.BIRTHDAYS: 4,
    Pattern.NAMES: 4,
    Pattern.NEAR: 4,
    Pattern.HOME: 6,
    Pattern.NUMBERS: 4,
}
"""From how many different ones a trait is a pattern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """What stays the same (`held`) and what differs (`varied`). Personal data: never kept as it is."""

    pattern: Pattern
    held: str
    varied: str

    def __repr__(self) -> str:
        return f"Trait({self.pattern})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One of the different ones under a trait: what differs and the case, as digests, and the day last seen."""

    digest: str
    case: str
    on: date


def traits(asked: Particulars, which: str) -> tuple[Trait, ...]:
    """Return the traits of one request; what is missing shows none.

    Args: which: the requester's reference and the day, by which repeats of one person are told apart. The reference
          alone would not do: whoever watches where somebody lives asks every month under the same one.
    """
    # Sorted, because exchanging given and family name is the cheapest trick of all.
    first, last = sorted((plain(asked.given_name), plain(asked.family_name)))
    name = f"{first}|{last}"
    born = asked.date_of_birth.isoformat() if asked.date_of_birth else ""
    postcode = plain(asked.postcode)
    first_line = plain(asked.address_lines[0]) if asked.address_lines else ""
    number = asked.nhs_number.digits if asked.nhs_number else ""
    person = f"{name}|{born}"
    found: list[Trait] = []

    def add(pattern: Pattern, *held: str, varied: str) -> None:
        if all(held) and varied:
            found.append(Trait(pattern=pattern, held="|".join(held), varied=varied))

    add(Pattern.SAME_PERSON, last, first or "-", born or number or postcode, varied=which)
    add(Pattern.BIRTHDAYS, first, last, varied=born)
    add(Pattern.NAMES, "one name", plain(asked.family_name), born, varied=first + last)
    add(Pattern.NAMES, "other name", plain(asked.given_name), born, varied=first + last)
    add(Pattern.NAMES, "place", born, postcode, varied=name)
    add(Pattern.NAMES, "letters", born, first[:1], last[:_FIRST_LETTERS], varied=name)
    add(Pattern.NEAR, "year", first[:1], last[:_FIRST_LETTERS], born[:4], varied=person)
    add(Pattern.NEAR, "decade", first[:_FIRST_LETTERS], last[:_FIRST_LETTERS], born[:3], varied=person)
    if not born and not number:
        # Who leaves the birthday out tries places or names: where is she, and who lives there.
        add(Pattern.NEAR, "place", first, last, varied=postcode)
        add(Pattern.HOME, postcode, first_line or "no door", varied=person)
    else:
        add(Pattern.HOME, postcode, first_line, varied=person)
    add(Pattern.NUMBERS, number[:_RUN_OF_NUMBERS], varied=number)
    return tuple(found)


def seen_with(seen: tuple[Seen, ...], one: Seen) -> tuple[Seen, ...]:
    """Return what is remembered of a trait after one more request: the newest of each, none from before the window."""
    kept = [other for other in seen if other.digest != one.digest and other.on >= one.on - WINDOW]
    return (*kept, one)[-REMEMBERED:]


def is_pattern(pattern: Pattern, seen: tuple[Seen, ...]) -> bool:
    """Return whether so many different ones of a trait are a pattern."""
    return len(seen) >= FROM[pattern]


def plain(text: str) -> str:
    """Return letters and digits in one case and without accents, so that spelling tricks change nothing."""
    split = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in split if letter.isalnum())
