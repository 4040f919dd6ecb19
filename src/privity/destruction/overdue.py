"""What is overdue, requester by requester, and what follows.

The steps are ours: no text of the memorandum's ladder was found (domain.md 1.2, not_found). They follow its
reported division of work: the custodian reminds, the department brokers (S1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from privity.agreement.version import OUR_LADDER
from privity.definitions.party import OrganisationId
from privity.destruction.due import DestructionDue, Standing, standing

ESCALATE_AFTER_DAYS = OUR_LADDER.escalate_after_days
"""Calendar days overdue after which the department is told, unless an agreement says otherwise."""


class OverdueStep(StrEnum):
    """What an overdue pack calls for."""

    REMIND = "remind"
    """Ask the requester to destroy and confirm."""
    TELL_DEPARTMENT = "tell-department"
    """Tell the department that brokers the agreement: how many and how long, never about whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """One overdue pack and what it calls for."""

    due: DestructionDue
    days: int
    step: OverdueStep


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterOverdue:
    """All that one requester owes, the longest overdue first."""

    requester: OrganisationId
    packs: tuple[Overdue, ...]

    @property
    def goes_to_department(self) -> bool:
        """Return whether the department must be told about this requester."""
        return any(pack.step is OverdueStep.TELL_DEPARTMENT for pack in self.packs)


def overdue_by_requester(
    dues: Iterable[DestructionDue],
    destroyed_on: Mapping[str, date],
    today: date,
    *,
    escalate_after_days: int = ESCALATE_AFTER_DAYS,
) -> tuple[RequesterOverdue, ...]:
    """Return who owes what on `today`, requesters in alphabetical order; nobody who owes nothing.

    Args: destroyed_on: pack digest to the day its destruction was confirmed for.
    """
    owed: dict[OrganisationId, list[Overdue]] = {}
    for due in dues:
        if standing(due, destroyed_on.get(due.pack_sha256), today) is Standing.OVERDUE:
            days = due.days_overdue(today)
            step = OverdueStep.TELL_DEPARTMENT if days > escalate_after_days else OverdueStep.REMIND
            owed.setdefault(due.requester, []).append(Overdue(due=due, days=days, step=step))
    return tuple(
        RequesterOverdue(
            requester=requester,
            packs=tuple(sorted(packs, key=lambda pack: (-pack.days, pack.due.case))),
        )
        for requester, packs in sorted(owed.items())
    )
