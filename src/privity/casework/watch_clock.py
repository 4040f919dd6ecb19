"""What is due today, computed from dated events: nothing is counted down, and a missed night corrupts nothing.

Reminders and escalations are acts with a date of their own. Whether one is due follows from the day a pack was to be
destroyed by and from those acts, so running twice a day, or once after a week, says the same.

The steps are ours: the custodian reminds, the department brokers (S1). Their days are the agreement's (`Ladder`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from privity.agreement.version import OUR_LADDER, Ladder
from privity.casework.case_file import CaseFile
from privity.casework.destroy import faults
from privity.casework.dispatch import FAILED, MOST_ATTEMPTS, SENT
from privity.casework.incident import BREACH_CLOCK
from privity.casework.lifecycle import Status
from privity.casework.ports import UnitOfWork
from privity.casework.record import read_moment
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY
from privity.definitions.reference import CaseReference
from privity.ledger.entry_kind import EntryKind

SOON_DAYS = 7
NOT_COLLECTED_AFTER = timedelta(days=5)
"""As long as MESH keeps what nobody fetches (domain.md 2.3)."""


class TaskKind(StrEnum):
    """What is due."""

    REMIND = "remind"
    """The requester is reminded that it has not confirmed: an act, done by `privity watch`."""
    ESCALATE = "escalate"
    """The department is told how many and how long: an act, done by `privity watch`."""
    DUE_SOON = "due-soon"
    """A pack is to be destroyed within a week."""
    NOT_COLLECTED = "not-collected"
    """A pack was sent five days ago and nobody has said that they have it."""
    STUCK = "stuck"
    """A pack failed so often that a person must look."""
    REPORT = "report"
    """A reportable incident has not been reported; the day it must be is given."""
    BREACH_CLOCK = "breach-clock"
    """The 72 hours of a reportable incident run."""
    DESTROY_HERE = "destroy-here"
    """The time the case is kept here is over and nothing holds it: two people may allow it to go."""

    @property
    def is_an_act(self) -> bool:
        """Return whether `privity watch` does it, rather than telling somebody to."""
        return self in (TaskKind.REMIND, TaskKind.ESCALATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that is due in one case. `days` is how long it is overdue, or zero."""

    kind: TaskKind
    case: CaseReference
    organisation: str
    due: date
    days: int


def tasks(file: CaseFile, now: datetime, ladder: Ladder = OUR_LADDER) -> tuple[Task, ...]:
    """Return everything that is due in a case.

    Args: ladder: what the version it was answered under says of reminders, of the department, and of keeping it here.
    """
    today = civil_day(now)
    found = [*_of_destruction(file, today, ladder), *_of_dispatch(file, now)]
    for incident in file.incidents:
        if incident.report_by and not incident.reported_at:
            found.append(_task(file, TaskKind.REPORT, date.fromisoformat(incident.report_by), today))
            ends = read_moment(incident.discovered_at) + BREACH_CLOCK
            if now <= ends:
                found.append(_task(file, TaskKind.BREACH_CLOCK, civil_day(ends), today))
    if file.state.closed_on and not faults(file, today, kept_days=ladder.kept_here_days):
        found.append(_task(file, TaskKind.DESTROY_HERE, today, today))
    return tuple(found)


def do_task(unit: UnitOfWork, task: Task, *, at: datetime) -> CaseFile:
    """Do a reminder or an escalation: put it on record, so that the requester and the department can be told."""
    file = unit.case(task.case)
    assert file.destruction is not None, "what is overdue has a day"
    reminder = task.kind is TaskKind.REMIND
    count = sum(line.kind == EntryKind.DESTRUCTION_OVERDUE.value for line in file.history) + 1
    facts: dict[str, str | int | bool] = {"due": file.destruction.due}
    if file.pack is not None:
        facts["pack_digest"] = file.pack.sha256
    if reminder:
        facts["reminder"] = count
    return write_act(
        unit,
        file,
        EntryKind.DESTRUCTION_OVERDUE if reminder else EntryKind.DESTRUCTION_ESCALATED,
        at=at,
        by=GATEWAY,
        words=(
            f"The requester was reminded to destroy and confirm. Reminders: {count}. Days late: {task.days}."
            if reminder
            else f"The department was told that a confirmation is late. Days late: {task.days}."
        ),
        facts=facts,
    )


def is_overdue(file: CaseFile, today: date) -> bool:
    """Return whether the requester still holds what it should have destroyed."""
    gone = file.destruction
    if gone is None or gone.confirmed_on or file.status not in (Status.SENT, Status.COLLECTED):
        return False
    return date.fromisoformat(gone.due) < today


def _of_destruction(file: CaseFile, today: date, ladder: Ladder) -> list[Task]:
    gone = file.destruction
    if gone is None or gone.confirmed_on or file.status not in (Status.SENT, Status.COLLECTED):
        return []
    due = date.fromisoformat(gone.due)
    if today <= due:
        soon = today >= due - timedelta(days=SOON_DAYS)
        return [_task(file, TaskKind.DUE_SOON, due, today)] if soon else []
    found = []
    last = _last(file, EntryKind.DESTRUCTION_OVERDUE)
    if last is None or today >= last + timedelta(days=ladder.remind_every_days):
        found.append(_task(file, TaskKind.REMIND, due, today))
    late = (today - due).days > ladder.escalate_after_days
    if late and _last(file, EntryKind.DESTRUCTION_ESCALATED) is None:
        found.append(_task(file, TaskKind.ESCALATE, due, today))
    return found


def _of_dispatch(file: CaseFile, now: datetime) -> list[Task]:
    outbox, today = file.outbox, civil_day(now)
    if outbox is None:
        return []
    if outbox.state == FAILED and outbox.attempts >= MOST_ATTEMPTS:
        return [_task(file, TaskKind.STUCK, today, today)]
    if outbox.state == SENT and now >= read_moment(outbox.sent_at) + NOT_COLLECTED_AFTER:
        due = civil_day(read_moment(outbox.sent_at) + NOT_COLLECTED_AFTER)
        return [_task(file, TaskKind.NOT_COLLECTED, due, today)]
    return []


def _last(file: CaseFile, kind: EntryKind) -> date | None:
    days = [civil_day(read_moment(line.at)) for line in file.history if line.kind == kind.value]
    return max(days) if days else None


def _task(file: CaseFile, kind: TaskKind, due: date, today: date) -> Task:
    return Task(
        kind=kind,
        case=file.reference,
        organisation=file.organisation,
        due=due,
        days=max(0, (today - due).days),
    )
