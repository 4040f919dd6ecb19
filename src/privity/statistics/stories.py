"""What the ledger tells of each case, and what else happened: all that a publication counts.

Rules of the module:
- Only entries are read, in ledger order; a moment is known to its hour, which is enough for its civil day.
- A case ends on the day its status first has a column of its own (counts.py): then the requester has its answer.
- Days on which the requester was asked something do not count for the custodian: from the day after the question
  to the day of the answer the clock stands still.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from privity.definitions.day import Calendar, civil_day
from privity.errors import Impossible
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.statistics.counts import COLUMN_OF, Column
from privity.statistics.debts import DebtStories

REFUSED = "refused-"
UNREASONED = "no-reason-recorded"
UNCLASSED = "not-recorded"
"""The class of a request that was opened before the ledger said what requests are for."""
MARKING: Mapping[EntryKind, str] = {
    EntryKind.AGREEMENT_PUBLISHED: "published",
    EntryKind.AGREEMENT_SUSPENDED: "suspended",
    EntryKind.AGREEMENT_RESUMED: "resumed",
    EntryKind.AGREEMENT_WITHDRAWN: "withdrawn",
}
"""The entries that mark a change of the terms on a series of figures."""
MARKED_BY_REASON = frozenset({"announced", "renewed", "barred"})
"""Publications that mark what their reason says: criteria announced and never written, a text confirmed, a bar laid."""
WRONG_PERSON = "wrong-person"
COUNTED: Mapping[EntryKind, str] = {
    EntryKind.SUBJECT_ASKED: "people-asked",
    EntryKind.SUBJECT_ANSWERED: "people-answered",
    EntryKind.PROTECTION_CHANGED: "protections-changed",
    EntryKind.LETTER_FORWARDED: "letters-forwarded",
    EntryKind.APPROACH_REFUSED: "approaches-refused",
}
"""The entries that are counted by the quarter they were written in, whatever case they belong to."""


@dataclass(slots=True)
class Story:
    """One case, as far as the ledger tells it. `purpose` is its class: the agreement's word for what it is for."""

    family: str
    received: date
    status: str
    purpose: str = UNCLASSED
    ended: date | None = None
    reason: str = ""
    clauses: tuple[str, ...] = ()
    overdue: bool = False
    confirmed: bool = False
    waits: list[tuple[date, date | None]] = field(default_factory=list)

    @property
    def column(self) -> Column:
        """Return where the case stands.

        Raises: Impossible: its status has no column, so no table would close.
        """
        found = COLUMN_OF.get(self.status)
        if found is None:
            raise Impossible(
                "the figures were not published",
                why=f"the ledger carries a status `{self.status}` that no column counts",
                next_step="report this",
            )
        return found

    def working_days(self, calendar: Calendar) -> int | None:
        """Return the working days the answer took, or None where there is none yet. Receipt is day zero.

        Raises: CalendarEnds: the list of holidays does not reach that far.
        """
        if self.ended is None:
            return None
        return sum(calendar.is_working_day(day) and not self._waits_on(day) for day in _days(self.received, self.ended))

    def _waits_on(self, day: date) -> bool:
        return any(asked < day and (answered is None or day <= answered) for asked, answered in self.waits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A change of the terms, for the series of figures: what, of which agreement, from when, recorded when."""

    agreement: str
    change: str
    effective: str
    recorded: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """One incident, as far as the ledger tells it: when it was opened, how grave, and whether of a wrong person."""

    opened: date
    gravity: str
    wrong_person: bool


@dataclass(slots=True)
class Stories:
    """Every case and every marker after the entries seen so far. Feed it entries in ledger order."""

    size: int = 0
    made_up: bool = False
    """Whether the ledger's first entry says that everybody in it is invented."""
    cases: dict[str, Story] = field(default_factory=dict)
    markers: list[Marker] = field(default_factory=list)
    incidents: list[Mishap] = field(default_factory=list)
    reported_late: list[date] = field(default_factory=list)
    counted: list[tuple[date, str]] = field(default_factory=list)
    debts: DebtStories = field(default_factory=DebtStories)

    def see(self, entries: Iterable[Entry]) -> "Stories":
        """Take in the next entries and return itself."""
        for entry in entries:
            self.size += 1
            day = civil_day(entry.at)
            if entry.kind is EntryKind.INSTANCE_OPENED:
                self.made_up = bool(entry.facts.get("demonstration"))
            if entry.kind is EntryKind.CASE_OPENED:
                self._open(entry, day)
            elif entry.case in self.cases:
                _continue(self.cases[entry.case], entry, day)
            if entry.kind in MARKING:
                self.markers.append(_marker(entry, day))
            if entry.kind is EntryKind.INCIDENT_OPENED:
                wrong_person = entry.facts.get("cause") == WRONG_PERSON
                gravity = str(entry.facts.get("gravity", ""))
                self.incidents.append(Mishap(opened=day, gravity=gravity, wrong_person=wrong_person))
            if entry.kind is EntryKind.INCIDENT_REPORTED and entry.facts.get("in_time") is False:
                self.reported_late.append(day)
            self.debts.see(entry)
            if entry.kind in COUNTED:
                self.counted.append((day, COUNTED[entry.kind]))
        return self

    def _open(self, entry: Entry, day: date) -> None:
        received = str(entry.facts.get("received", day.isoformat()))
        self.cases[entry.case] = Story(
            family=str(entry.facts.get("family", "")),
            received=date.fromisoformat(received),
            status=str(entry.facts.get("status", "received")),
            purpose=str(entry.facts.get("purpose", UNCLASSED)),
        )


def _continue(story: Story, entry: Entry, day: date) -> None:
    story.status = str(entry.facts.get("status", story.status))
    closed = COLUMN_OF.get(story.status) not in (Column.OPEN, Column.HELD)
    if closed and story.ended is None:
        story.ended = day
    elif not closed:
        story.ended = None
    if entry.outcome.startswith(REFUSED):
        story.reason = entry.outcome.removeprefix(REFUSED)
        story.clauses = entry.clauses or story.clauses
    match entry.kind:
        case EntryKind.REQUEST_READ:
            story.purpose = str(entry.facts.get("purpose", story.purpose))
        case EntryKind.CASE_RETURNED:
            story.clauses = entry.clauses
        case EntryKind.QUESTION_ASKED:
            story.waits.append((day, None))
        case EntryKind.QUESTION_ANSWERED if story.waits:
            story.waits[-1] = (story.waits[-1][0], day)
        case EntryKind.DESTRUCTION_OVERDUE:
            story.overdue = True
        case EntryKind.DESTRUCTION_CONFIRMED:
            story.confirmed = True
        case _:
            pass


def _marker(entry: Entry, day: date) -> Marker:
    reason = str(entry.facts.get("reason", ""))
    return Marker(
        agreement=entry.agreement,
        change=reason if reason in MARKED_BY_REASON else MARKING[entry.kind],
        effective=str(entry.facts.get("in_force_from", day.isoformat())),
        recorded=day,
    )


def _days(after: date, until: date) -> Iterator[date]:
    for number in range(1, (until - after).days + 1):
        yield after + timedelta(days=number)
