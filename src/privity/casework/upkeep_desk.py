"""What officers are shown and can do about the work itself: who has what, notes, chasers, holds, incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from privity.casework.case_file import CaseFile
from privity.casework.destroy import HoldReason
from privity.casework.incident import Occurrence
from privity.definitions.party import Officer, StaffId
from privity.definitions.reference import CaseReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one officer has to do. `offers` counts second views that wait for them."""

    staff_id: StaffId
    name: str
    role: str
    open: int
    overdue: int
    due_soon: int
    offers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    """One incident as every overseer may see it: what, how grave, until when. Never what happened to whom.

    `hours_left` is what remains of the 72 hours of a breach, negative once they are over; None where none run.
    """

    reference: CaseReference
    number: int
    organisation: str
    gravity: str
    cause: str
    people: int
    discovered_at: datetime
    report_by: date | None
    hours_left: float | None
    reported_at: datetime | None
    closed_at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A filter of the queue somebody keeps; `asked` is what the queue's address asks for."""

    number: int
    name: str
    asked: str


class UpkeepDesk(Protocol):
    """Everything these pages show and do. Every act raises Mistaken with what, why and what next."""

    def workload(self, *, by: Officer, at: datetime) -> Sequence[Load]:
        """Return everybody who judges, with what they have to do, whoever has most first."""

    def assign(self, reference: CaseReference, *, to: str, revision: int, by: Officer, at: datetime) -> None:
        """Put somebody in charge of a case; an empty name puts nobody."""

    def chase(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Remind the requester of the open question."""

    def end_case(self, reference: CaseReference, *, reasons: str, revision: int, by: Officer, at: datetime) -> None:
        """End a case that nobody at the requester follows."""

    def file(self, reference: CaseReference, *, by: Officer) -> CaseFile:
        """Return a case for the pages of its holds and incidents.

        Raises: Mistaken: there is no such case for them.
        """

    def place_hold(
        self, reference: CaseReference, reason: HoldReason, *, revision: int, by: Officer, at: datetime
    ) -> None:
        """Keep a case from being destroyed."""

    def lift_hold(self, reference: CaseReference, number: int, *, revision: int, by: Officer, at: datetime) -> None:
        """Lift one hold."""

    def open_incident(self, reference: CaseReference, told: Occurrence, *, by: Officer, at: datetime) -> None:
        """Put an incident on record and start its clocks."""

    def report_incident(self, reference: CaseReference, number: int, *, by: Officer, at: datetime) -> None:
        """Record that an incident was reported."""

    def close_incident(self, reference: CaseReference, number: int, *, by: Officer, at: datetime) -> None:
        """Record that everything that follows from an incident is done."""

    def incidents(self, *, by: Officer, at: datetime) -> Sequence[IncidentLine]:
        """Return the incidents there are, open ones first, the most urgent clock first."""

    def saved(self, *, by: Officer) -> Sequence[SavedFilter]:
        """Return the filters this person keeps."""

    def save(self, name: str, asked: str, *, by: Officer) -> None:
        """Keep a filter under a name; the same name again replaces it.

        Raises: Mistaken: no name, too long, or too many are kept.
        """

    def forget(self, number: int, *, by: Officer) -> None:
        """Throw one's own filter away."""
