"""Until when a requester may keep what it was sent.

Source: S1: information is kept no longer than the memorandum's purpose needs, then destroyed securely. The
number of days was not found (domain.md 1.2), so it is part of each version's metadata and ours.
"""

from datetime import date, timedelta

from privity.errors import Mistaken

LONGEST_RETENTION = 3650
"""Days. Longer than ten years is not a limit."""


def destroy_by(released_on: date, retention_days: int) -> date:
    """Return the last day on which the pack may still be held; the day of release is day zero.

    Args:   retention_days: calendar days, 1 to 3650.
    Raises: Mistaken: a number of days outside that.
    """
    if not 1 <= retention_days <= LONGEST_RETENTION:
        raise Mistaken(
            "the day of destruction was not computed",
            why=f"`{retention_days}` days of retention is outside 1 to {LONGEST_RETENTION}",
            next_step="correct the retention in the agreement's metadata",
        )
    return released_on + timedelta(days=retention_days)
