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
    NOWHERE,
    Births,
    NameClasses,
    NamePart,
    RegisterReader,
    RegisterRecord,
    Shares,
)

Registrations = Callable[[Sequence[str]], tuple[Registration, ...]]
"""Returns what is registered for people, by NHS number."""


def nothing_registered(numbers: Sequence[str]) -> tuple[Registration, ...]:
    """Return that nobody is protected beyond what the register itself says."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedReader:
    """A register as the tracer reads it, with protections of today laid over it."""

    register: RegisterReader
    registrations: Registrations
    day: date

    def candidates(self, keys: Sequence[int]) -> Sequence[RegisterRecord]:
        """Return the records filed under any of the keys; a protected one only where no place led to it.

        Where more are filed than are compared, it is left out too unless it were compared without its place.
        """
        found = self.register.candidates(keys)
        flagged = flagged_on(self.registrations([record.nhs_number.digits for record in found]), self.day)
        if not flagged:
            return found
        asked, kept, crowded = frozenset(keys), [], len(found) >= MOST_COMPARED
        for record in found:
            if record.nhs_number not in flagged:
                kept.append(record)
                continue
            hidden = replace(record, place=NOWHERE, sensitive=True)
            by_place = (record_keys(record) - record_keys(hidden)) & asked
            if record_keys(hidden) & asked and not (
                crowded and by_place and self._is_crowded_out(record, by_place, asked)
            ):
                kept.append(hidden)
        return kept

    def _is_crowded_out(self, record: RegisterRecord, by_place: frozenset[int], asked: frozenset[int]) -> bool:
        """Return whether a record would not be compared, had nobody asked for its place."""
        without = self.register.candidates(sorted(asked - by_place))
        return all(one.person != record.person for one in without)

    def seen(self, record: Demographics) -> Demographics:
        """Return a whole record with protections laid over it."""
        return protected(record, self.registrations([record.nhs_number.digits]), self.day)

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
