"""The desk of the work itself, joined to the store."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from privity.casework import correspond, destroy, incident
from privity.casework.assign import assign
from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.case_file import CaseFile
from privity.casework.destroy import HoldReason
from privity.casework.end_case import end_case
from privity.casework.incident import Occurrence
from privity.casework.upkeep_desk import IncidentLine, Load, SavedFilter
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, Role, StaffId
from privity.definitions.reference import CaseReference
from privity.edge.store.account import Account
from privity.edge.store.case_rows import State
from privity.edge.store.custody_rows import SavedQueue
from privity.edge.store.unit_of_work import Store, Unit
from privity.edge.wiring.acting import act_on
from privity.edge.wiring.incident_lines import incident_lines
from privity.edge.wiring.offers import open_offers
from privity.edge.wiring.published import PublishedAgreements
from privity.errors import Mistaken

DUE_SOON = timedelta(days=7)
JUDGES = (Role.DISCLOSURE_OFFICER.value, Role.GUARDIAN.value)
MOST_SAVED, LONGEST_NAME, LONGEST_ASKED = 20, 60, 400
CALENDAR = "england-and-wales"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceUpkeepDesk:
    """Everything these pages show and do. Nothing is decided here: acts decide, the store keeps."""

    store: Store
    agreements: PublishedAgreements

    def workload(self, *, by: Officer, at: datetime) -> Sequence[Load]:
        """Return everybody who judges, with what they have to do, whoever has most first."""
        must_be_allowed(Operation.READ_QUEUE, by)
        today = civil_day(at)
        day, soon = today.isoformat(), (today + DUE_SOON).isoformat()
        late, within = Q(due__gt="", due__lt=day), Q(due__gte=day, due__lte=soon)
        counted = {
            row["assigned_to"]: row
            for row in State.objects.filter(closed_on="")
            .values("assigned_to")
            .annotate(open=Count("*"), overdue=Count("reference", filter=late), soon=Count("reference", filter=within))
        }
        offers = open_offers()
        people = Account.objects.filter(role__in=JUDGES, organisation=GATEWAY.organisation, is_active=True)
        nothing = {"open": 0, "overdue": 0, "soon": 0}
        loads = [
            Load(
                staff_id=StaffId(one.staff_id),
                name=one.name,
                role=one.role,
                open=counted.get(one.staff_id, nothing)["open"],
                overdue=counted.get(one.staff_id, nothing)["overdue"],
                due_soon=counted.get(one.staff_id, nothing)["soon"],
                offers=offers.get(StaffId(one.staff_id), 0),
            )
            for one in people
        ]
        return sorted(loads, key=lambda load: (-load.open, load.name))

    def assign(self, reference: CaseReference, *, to: str, revision: int, by: Officer, at: datetime) -> None:
        """Put somebody in charge of a case.

        Raises: Mistaken: nobody of that identifier judges here, or see `act_on`.
        """
        theirs = Account.objects.filter(staff_id=to, role__in=JUDGES, organisation=GATEWAY.organisation, is_active=True)
        if to and not theirs.exists():
            raise Mistaken(
                "the case was not assigned",
                why="nobody of that identifier judges cases here",
                next_step="choose somebody from the list",
            )
        self._act(Operation.ASSIGN, reference, revision, by, lambda unit: assign(unit, reference, to=to, by=by, at=at))

    def chase(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Remind the requester of the open question."""
        self._act(
            Operation.CHASE, reference, revision, by, lambda unit: correspond.chase(unit, reference, by=by, at=at)
        )

    def end_case(self, reference: CaseReference, *, reasons: str, revision: int, by: Officer, at: datetime) -> None:
        """End a case that nobody at the requester follows."""
        self._act(
            Operation.END_CASE,
            reference,
            revision,
            by,
            lambda unit: end_case(unit, reference, reasons=reasons, by=by, at=at),
        )

    def file(self, reference: CaseReference, *, by: Officer) -> CaseFile:
        """Return a case for the pages of its holds and incidents."""
        file = self.store.case(reference)
        must_be_allowed(Operation.READ_CASE, by, file)
        return file

    def place_hold(
        self, reference: CaseReference, reason: HoldReason, *, revision: int, by: Officer, at: datetime
    ) -> None:
        """Keep a case from being destroyed."""
        self._act(
            Operation.HOLD,
            reference,
            revision,
            by,
            lambda unit: destroy.place_hold(unit, reference, reason, by=by, at=at),
        )

    def lift_hold(self, reference: CaseReference, number: int, *, revision: int, by: Officer, at: datetime) -> None:
        """Lift one hold."""
        self._act(
            Operation.HOLD,
            reference,
            revision,
            by,
            lambda unit: destroy.lift_hold(unit, reference, number, by=by, at=at),
        )

    def open_incident(self, reference: CaseReference, told: Occurrence, *, by: Officer, at: datetime) -> None:
        """Put an incident on record and start its clocks."""
        calendar = self.agreements.calendar(CALENDAR)
        self._act(
            Operation.INCIDENT,
            reference,
            None,
            by,
            lambda unit: incident.open_incident(unit, reference, calendar, told, by=by, at=at),
        )

    def report_incident(self, reference: CaseReference, number: int, *, by: Officer, at: datetime) -> None:
        """Record that an incident was reported."""
        self._act(
            Operation.INCIDENT,
            reference,
            None,
            by,
            lambda unit: incident.report_incident(unit, reference, number, by=by, at=at),
        )

    def close_incident(self, reference: CaseReference, number: int, *, by: Officer, at: datetime) -> None:
        """Record that everything that follows from an incident is done."""
        self._act(
            Operation.INCIDENT,
            reference,
            None,
            by,
            lambda unit: incident.close_incident(unit, reference, number, by=by, at=at),
        )

    def incidents(self, *, by: Officer, at: datetime) -> Sequence[IncidentLine]:
        """Return the incidents there are."""
        must_be_allowed(Operation.READ_QUEUE, by)
        return incident_lines(at)

    def saved(self, *, by: Officer) -> Sequence[SavedFilter]:
        """Return the filters this person keeps."""
        rows = SavedQueue.objects.filter(staff_id=by.staff_id).order_by("name")
        return [SavedFilter(number=row.id, name=row.name, asked=row.asked) for row in rows]

    def save(self, name: str, asked: str, *, by: Officer) -> None:
        """Keep a filter under a name; the same name again replaces it."""
        must_be_allowed(Operation.READ_QUEUE, by)
        called = " ".join(name.split())
        mine = SavedQueue.objects.filter(staff_id=by.staff_id)
        full = not mine.filter(name=called).exists() and mine.count() >= MOST_SAVED
        if not 1 <= len(called) <= LONGEST_NAME or len(asked) > LONGEST_ASKED or full:
            raise Mistaken(
                "the filter was not kept",
                why=f"a name has 1 to {LONGEST_NAME} characters, and nobody keeps more than {MOST_SAVED}",
                next_step="give it a short name, or throw another one away",
            )
        SavedQueue.objects.update_or_create(staff_id=by.staff_id, name=called, defaults={"asked": asked})

    def forget(self, number: int, *, by: Officer) -> None:
        """Throw one's own filter away."""
        SavedQueue.objects.filter(id=number, staff_id=by.staff_id).delete()

    def _act(
        self,
        operation: Operation,
        reference: CaseReference,
        revision: int | None,
        by: Officer,
        act: Callable[[Unit], CaseFile],
    ) -> None:
        act_on(self.store, operation, reference, revision, by, act)
