"""Registrations of practices as the database has them."""

from collections.abc import Sequence
from datetime import date

from privity.casework.instance_records import ProtectionRecord
from privity.casework.protect import in_force, newest_of_each_practice
from privity.casework.record import read_day
from privity.edge.store.public_rows import Protection
from privity.edge.store.tables import read_rows
from privity.protection.registration import Registration

AT_ONCE = 5_000
"""People asked about in one statement."""


def protections_kept(day: date) -> tuple[ProtectionRecord, ...]:
    """Return what practices have registered and protects somebody on `day`, or will, person by person."""
    people = list(Protection.objects.values_list("reference", flat=True).distinct())
    by_person: dict[str, list[ProtectionRecord]] = {}
    for start in range(0, len(people), AT_ONCE):
        for row in read_rows(ProtectionRecord, people[start : start + AT_ONCE], "default"):
            if isinstance(row, ProtectionRecord):
                by_person.setdefault(row.reference, []).append(row)
    newest = (one for person in sorted(by_person) for one in newest_of_each_practice(by_person[person]))
    return tuple(one for one in newest if (read_day(one.last) or day) >= day)


def kept_registrations(numbers: Sequence[str], alias: str = "default") -> tuple[Registration, ...]:
    """Return what practices registered for people, by NHS number, as the database has it now."""
    found: list[ProtectionRecord] = []
    for start in range(0, len(numbers), AT_ONCE):
        rows = read_rows(ProtectionRecord, numbers[start : start + AT_ONCE], alias)
        found += [row for row in rows if isinstance(row, ProtectionRecord)]
    return in_force(found)
