"""What an organisation is told by e-mail: that something waits, under which random reference, and nothing else.

Rules of the module:
- What there is to tell follows from the dated records of a case, so looking twice finds the same events, and an event
  has one key: told once, it is not told again, whoever looks and however often.
- An event says no more than the requester's own page says at that moment: a protected record, no trace and an address
  that was found are all `answered`.
- No field here has room for a name, nor for the requester's own reference, which people write names into.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from privity.casework.case_file import CaseFile
from privity.casework.progress import Progress, progress_of
from privity.casework.record import read_day, read_moment
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, OrganisationId
from privity.definitions.reference import CaseReference
from privity.ledger.entry_kind import EntryKind

SOON = timedelta(days=7)
"""How long before a day the people it binds are told of it."""
CUSTODIAN = GATEWAY.organisation
DEPARTMENT = OrganisationId("department")


_DECIDED = (Progress.UNREADABLE, Progress.RETURNED, Progress.REFUSED, Progress.SEALED, Progress.SENT)


class EventKind(StrEnum):
    """What there is to tell. The order is the order in which a mail tells it: what waits for the reader comes first."""

    QUESTION = "question"
    """To the requester: the custodian asks something, and the clock stands still."""
    DECISION = "decision"
    """To the requester: the request has been answered, refused or sent back."""
    DESTRUCTION_OVERDUE = "destruction-overdue"
    """To the requester: what it received should be destroyed, and that is not confirmed."""
    DESTRUCTION_SOON = "destruction-soon"
    """To the requester: within a week, what it received is to be destroyed."""
    OVERDUE = "overdue"
    """To both sides: the day the reply was due has passed."""
    DUE_SOON = "due-soon"
    """To the custodian: a reply is due within a week."""
    DUE_MOVED = "due-moved"
    """To the requester: a bank holiday was proclaimed or taken back, and the reply is due on another day."""
    RECEIVED = "received"
    """To the requester: the request is taken."""
    ESCALATED = "escalated"
    """To the department: a requester has not confirmed destruction for a long time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing to tell one organisation about one case. `day` is the day it is about, `at` when it came about."""

    kind: EventKind
    case: CaseReference
    to: OrganisationId
    key: str
    day: date
    at: datetime


def events(file: CaseFile, now: datetime) -> tuple[Event, ...]:
    """Return everything there is to tell about a case at a moment, told already or not."""
    return (
        *_of_request(file),
        *_of_question(file),
        *_of_answer(file),
        *_of_clock(file, now),
        *_of_destruction(file, now),
    )


def _of_request(file: CaseFile) -> Iterator[Event]:
    yield _event(file, EventKind.RECEIVED, "received", file.received_on, read_moment(file.opening.received_at))


def _of_question(file: CaseFile) -> Iterator[Event]:
    question = file.open_question
    if question is not None and progress_of(file) is Progress.QUESTION:
        asked = read_moment(question.asked_at)
        yield _event(file, EventKind.QUESTION, f"question/{question.number}", civil_day(asked), asked)
        chased = [line for line in file.history if line.kind == EntryKind.QUESTION_CHASED.value]
        if chased and chased[-1].at >= question.asked_at:
            at = read_moment(chased[-1].at)
            yield _event(
                file, EventKind.QUESTION, f"question/{question.number}/{chased[-1].number}", civil_day(asked), at
            )


def _of_answer(file: CaseFile) -> Iterator[Event]:
    if progress_of(file) not in _DECIDED:
        return
    closed = read_day(file.state.closed_on)
    if closed is not None:
        # The moment of the newest line: an answer that left by another route has been told of by its arrival.
        yield _event(file, EventKind.DECISION, "decision", closed, read_moment(file.history[-1].at))


def _of_clock(file: CaseFile, now: datetime) -> Iterator[Event]:
    due = read_day(file.state.due)
    if due is None or file.status.is_closed:
        return
    today = civil_day(now)
    moved = [line for line in file.history if line.kind == EntryKind.DUE_MOVED.value]
    if moved:
        yield _event(file, EventKind.DUE_MOVED, f"due-moved/{moved[-1].number}", due, read_moment(moved[-1].at))
    if today > due:
        for side in (file.organisation, CUSTODIAN):
            yield _event(file, EventKind.OVERDUE, f"overdue/{due.isoformat()}", due, now, to=side)
    elif today >= due - SOON:
        yield _event(file, EventKind.DUE_SOON, f"due-soon/{due.isoformat()}", due, now, to=CUSTODIAN)


def _of_destruction(file: CaseFile, now: datetime) -> Iterator[Event]:
    gone, progress = file.destruction, progress_of(file)
    if gone is None or gone.confirmed_on or progress not in (Progress.SENT, Progress.COLLECTED):
        return
    due = date.fromisoformat(gone.due)
    reminders = [line for line in file.history if line.kind == EntryKind.DESTRUCTION_OVERDUE.value]
    escalations = [line for line in file.history if line.kind == EntryKind.DESTRUCTION_ESCALATED.value]
    if reminders:
        key, at = f"destruction-overdue/{reminders[-1].number}", read_moment(reminders[-1].at)
        yield _event(file, EventKind.DESTRUCTION_OVERDUE, key, due, at)
    elif progress is Progress.COLLECTED and civil_day(now) >= due - SOON:
        # Before the requester has the answer, the mail would say that there is something in it to destroy.
        yield _event(file, EventKind.DESTRUCTION_SOON, f"destruction-soon/{due.isoformat()}", due, now)
    if escalations:
        key, at = f"escalated/{escalations[-1].number}", read_moment(escalations[-1].at)
        yield _event(file, EventKind.ESCALATED, key, due, at, to=DEPARTMENT)


def _event(
    file: CaseFile, kind: EventKind, key: str, day: date, at: datetime, *, to: OrganisationId | None = None
) -> Event:
    return Event(kind=kind, case=file.reference, to=to or file.organisation, key=key, day=day, at=at)
