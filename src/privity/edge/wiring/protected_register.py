"""The register with what practices registered laid over it: at the trace, where candidates are shown, and at release.

The register's file is not changed by a protection. A person protected here is found as one protected there is: never by
a place, and without one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from privity.definitions.person import Demographics
from privity.protection.registration import Registration, flagged_on, protected
from privity.trace.blocking import MOST_COMPARED, record_keys
from privity.trace.record import (
    NOTHING_UNFILED,
    NOWHERE,
    Births,
    ComparedRecord,
    NameClasses,
    NamePart,
    RegisterReader,
    RegisterRecord,
    RowId,
    Shares,
    Unfiled,
)

Registrations = Callable[[Sequence[str]], tuple[Registration, ...]]
"""Returns what is registered for people, by NHS number."""


def registered_for(registrations: Registrations, record: Demographics) -> tuple[Registration, ...]:
    """Return what is registered for a record's person, as if all of it were under the number they bear now.

    A number that another has followed is still theirs: what was registered under the one they were found by holds on.
    """
    numbers = sorted({record.nhs_number.digits, f"{record.person:010d}"})
    return tuple(replace(one, nhs_number=record.nhs_number) for one in registrations(numbers))


def nothing_registered(numbers: Sequence[str]) -> tuple[Registration, ...]:
    """Return that nobody is protected beyond what the register itself says."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedReader:
    """A register as the tracer reads it, with protections of today laid over it."""

    register: RegisterReader
    registrations: Registrations
    day: date

    def candidates(self, keys: Sequence[int], unfiled: Unfiled = NOTHING_UNFILED) -> Sequence[ComparedRecord]:
        """Return the records filed under any of the keys; a protected one only where no place led to it.

        Where more are filed than are compared, a place is no help in being among them either: the look-up is made again
        as if the protected record had never been filed under it, until nobody else protected comes up. Who is compared
        then, and how many, is what it were if the register itself had the protection.
        """
        asked = frozenset(keys)
        while True:
            found = self.register.candidates(keys, unfiled)
            hidden = self._protected_among(found)
            by_place = {
                (key, record.row)
                for record in found
                if record.row in hidden
                for key in (record_keys(record.whole()) - record_keys(hidden[record.row])) & asked
            } - unfiled
            if by_place and len(found) >= MOST_COMPARED:
                unfiled = unfiled | by_place
                continue
            laid_over = (hidden.get(record.row, record) for record in found)
            return [one for one in laid_over if not one.sensitive or record_keys(one.whole()) & asked]

    def _protected_among(self, found: Sequence[ComparedRecord]) -> dict[RowId, RegisterRecord]:
        """Return those of the records that are protected today, as the register would hold them if it knew."""
        numbers = [f"{record.number:010d}" for record in found]
        flagged = {one.digits for one in flagged_on(self.registrations(numbers), self.day)}
        return {
            record.row: replace(record.whole(), place=NOWHERE, sensitive=True)
            for number, record in zip(numbers, found, strict=True)
            if number in flagged
        }

    def seen(self, record: Demographics) -> Demographics:
        """Return a whole record with protections laid over it."""
        return protected(record, registered_for(self.registrations, record), self.day)

    @property
    def size(self) -> int:
        """Return the number of records."""
        return self.register.size

    @property
    def birth_years(self) -> range:
        """Return the years of birth from the first to the last in the register."""
        return self.register.birth_years

    @property
    def classes(self) -> NameClasses:
        """Return the latent classes of the names."""
        return self.register.classes

    def name_frequency(self, part: NamePart, token: str) -> int:
        """Return how many records bear the word in that part of the name."""
        return self.register.name_frequency(part, token)

    def pair_frequency(self, given: str, family: str) -> int:
        """Return how many records bear both words."""
        return self.register.pair_frequency(given, family)

    def class_shares(self, part: NamePart, token: str) -> Shares:
        """Return P(class | the word in that part of the name)."""
        return self.register.class_shares(part, token)

    def births(self, year: int) -> Births:
        """Return the counts for one year of birth."""
        return self.register.births(year)

    def postcode_frequency(self, postcode: str) -> int:
        """Return how many records live or lived at the postcode."""
        return self.register.postcode_frequency(postcode)
