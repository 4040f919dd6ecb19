"""Registrations of practices as the database has them."""

from collections.abc import Sequence

from privity.casework.instance_records import ProtectionRecord
from privity.casework.protect import in_force
from privity.edge.store.tables import read_rows
from privity.protection.registration import Registration

AT_ONCE = 5_000
"""People asked about in one statement."""


def kept_registrations(numbers: Sequence[str], alias: str = "default") -> tuple[Registration, ...]:
    """Return what practices registered for people, by NHS number, as the database has it now."""
    found: list[ProtectionRecord] = []
    for start in range(0, len(numbers), AT_ONCE):
        rows = read_rows(ProtectionRecord, numbers[start : start + AT_ONCE], alias)
        found += [row for row in rows if isinstance(row, ProtectionRecord)]
    return in_force(found)
