"""When a released pack must be gone, and how late it is.

Source: S1 (kept no longer than needed, then destroyed securely); domain.md 7 ground 5 (due dates, overdue =
breach).
"""

import re
from dataclasses import dataclass
from datetime import date

from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


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
