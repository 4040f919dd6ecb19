"""When a released pack must be gone, and how it stands on a day.

Source: S1 (kept no longer than needed, then destroyed securely); domain.md 7 ground 5 (due dates, overdue =
breach).
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.disclosure.pack import Pack
from privity.errors import Mistaken

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Standing(StrEnum):
    """How one pack stands on one day."""

    HELD = "held"
    """The requester may still have it."""
    DESTROYED = "destroyed"
    """The requester confirmed that it is gone, by the day it was due."""
    DESTROYED_LATE = "destroyed-late"
    """The requester confirmed it, and destroyed it after the day it was due."""
    OVERDUE = "overdue"
    """The day is past and nothing was confirmed: a breach of the agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionDue:
    """One sealed pack that must be gone after `destroy_by`.

    Raises: Mistaken: the digest is not a SHA-256, or the pack is due before it was released.
    """

    case: CaseReference
    requester: OrganisationId
    pack_sha256: str
    released_on: date
    destroy_by: date

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.pack_sha256) or self.destroy_by <= self.released_on:
            raise Mistaken(
                f"no destruction was set for `{self.case}`",
                why="it needs the pack's SHA-256 in 64 hexadecimal digits and a day after the release",
                next_step="take both from the release",
            )

    def days_overdue(self, today: date) -> int:
        """Return how many days have passed since `destroy_by`; zero on that day and before."""
        return max(0, (today - self.destroy_by).days)


def due_for(pack: Pack, pack_sha256: str) -> DestructionDue:
    """Return what becomes due by releasing `pack`, sealed into the bytes of that digest."""
    return DestructionDue(
        case=pack.case,
        requester=pack.requester,
        pack_sha256=pack_sha256,
        released_on=pack.released_on,
        destroy_by=pack.destroy_by,
    )


def standing(due: DestructionDue, destroyed_on: date | None, today: date) -> Standing:
    """Return how a pack stands on `today`.

    Args: destroyed_on: the day the requester says it destroyed the pack, or None without a confirmation.
    """
    if destroyed_on is not None:
        return Standing.DESTROYED if destroyed_on <= due.destroy_by else Standing.DESTROYED_LATE
    return Standing.OVERDUE if today > due.destroy_by else Standing.HELD
