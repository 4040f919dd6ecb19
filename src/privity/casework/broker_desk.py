"""What the department is shown and can do: counts, clocks and the threads it brokers. No person, no approval.

INVARIANT: nothing here has a field for a particular of a person sought. Where people write freely, what they wrote is
shown with the particulars of the case masked (`challenge.masked`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from privity.casework.challenge import Outcome
from privity.casework.refusal import RefusedBy
from privity.casework.upkeep_desk import IncidentLine
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One requester's requests: how many are open and late, and how the answers of the last year came."""

    requester: str
    open: int
    overdue: int
    waiting: int
    held: int
    in_time: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Oversight:
    """What the department sees of the custodian's work."""

    on: date
    volumes: tuple[Volume, ...]
    incidents: tuple[IncidentLine, ...]
    destructions_overdue: int
    challenges_open: int
    sampled: int
    sampled_wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeLine:
    """One challenge in the list."""

    reference: CaseReference
    organisation: str
    raised_at: datetime
    last_at: datetime
    last_side: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one side wrote in the thread, the particulars of the case masked for whoever may not see them."""

    at: datetime
    side: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeView:
    """One challenge with the clauses of the refusal and the thread of both sides."""

    reference: CaseReference
    organisation: str
    purpose_words: str
    refused_on: date | None
    clauses: tuple[tuple[str, str], ...]
    refused_by: RefusedBy | None
    in_public_interest: bool
    thread: tuple[Contribution, ...]
    outcome: Outcome
    may_end: bool
    entries: int
    """How many contributions there are: what a reply was written after."""


class BrokerDesk(Protocol):
    """Everything these pages show and do. Every act raises Mistaken with what, why and what next."""

    def oversight(self, *, by: Officer, at: datetime) -> Oversight:
        """Return counts and clocks."""

    def challenges(self, *, by: Officer) -> Sequence[ChallengeLine]:
        """Return every challenge, open ones first."""

    def challenge(self, reference: CaseReference, *, by: Officer) -> ChallengeView:
        """Return one challenge.

        Raises: Mistaken: there is none for them.
        """

    def reply(
        self, reference: CaseReference, *, words: str, outcome: Outcome, after: int, by: Officer, at: datetime
    ) -> None:
        """Write into the thread; `after` is how many contributions the person had read."""
