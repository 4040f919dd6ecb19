"""Reading the queue: open cases, oldest due first, and the counts above them. Names nobody sought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connections

from privity.casework.desk import QueueFilter
from privity.casework.lifecycle import IDENTITY_STATUSES, OWNERS, PURPOSE_STATUSES, Owner, Status

PAGE = 50
_JOINED = "FROM state s JOIN opening o ON o.reference = s.reference LEFT JOIN request r ON r.reference = s.reference"
_PURPOSE = "COALESCE(r.purpose, '')"  # what was sent has none before it is read
_COLUMNS = (
    f"s.reference, o.organisation, {_PURPOSE}, s.status, o.received_on, s.due, s.urgent, s.assigned_to, s.revision"
)
_MINE_TO_DO = tuple(status.value for status, owner in OWNERS.items() if owner in (Owner.OFFICER, Owner.GUARDIAN))


_ORDERS = {
    "due": "s.due = '', s.due, s.reference",
    "closed": "s.closed_on DESC, s.reference",
    "received": "o.received_on, s.reference",
    "newest": "o.received_on DESC, s.reference",
    "status": "s.status, s.due = '', s.due, s.reference",
    "requester": "o.organisation, s.due = '', s.due, s.reference",
}
"""What each order of the queue is in the database's words; the key comes from a closed list, never from a person."""
_JUDGED = tuple(status.value for status in (*PURPOSE_STATUSES, *IDENTITY_STATUSES))
_MARKS = ", ".join(["%s"] * len(_JUDGED))
_OFFERED = (
    f"s.status IN ({_MARKS}) AND "  # noqa: S608  the marks are ours
    """EXISTS (
    SELECT 1 FROM offer f WHERE f.reference = s.reference AND f.offered_to = %s AND f.version = s.version
    AND NOT EXISTS (SELECT 1 FROM determination d WHERE d.reference = f.reference AND d.stage = f.stage
        AND d.version = f.version AND d.staff_id = f.offered_to))"""
)
"""A second view that was offered to somebody and not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One case as the store finds it; the desk adds words and days left."""

    reference: str
    organisation: str
    purpose: str
    status: Status
    received_on: date
    due: date | None
    urgent: bool
    assigned_to: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCounts:
    """The strip above the queue. `due_soon` is due within the days asked for."""

    open: int
    overdue: int
    due_soon: int
    with_requester: int
    unassigned: int
    mine: int
    second: int


def read_queue(asked: QueueFilter, *, staff_id: str, today: date, alias: str) -> tuple[Sequence[QueueRow], int]:
    """Return one page of the queue, and how many cases fit the filter in all."""
    offset = (max(asked.page, 1) - 1) * PAGE
    return _read(asked, staff_id, today, alias, f"LIMIT {PAGE} OFFSET {offset}")


def read_whole_queue(
    asked: QueueFilter, *, staff_id: str, today: date, alias: str, most: int
) -> tuple[Sequence[QueueRow], int]:
    """Return the cases that fit the filter, whatever page it asks for and so many at most; and how many fit in all."""
    return _read(asked, staff_id, today, alias, f"LIMIT {most}")


def _read(asked: QueueFilter, staff_id: str, today: date, alias: str, part: str) -> tuple[Sequence[QueueRow], int]:
    conditions, values = _conditions(asked, staff_id, today)
    where = " AND ".join(conditions)
    order = _ORDERS["closed" if asked.view == "closed" and asked.sort == "due" else asked.sort]
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) {_JOINED} WHERE {where}", values)
        (total,) = cursor.fetchone()
        cursor.execute(f"SELECT {_COLUMNS} {_JOINED} WHERE {where} ORDER BY {order} {part}", values)
        rows = cursor.fetchall()
    return [_row(row) for row in rows], int(total)


def count_queue(*, staff_id: str, today: date, soon: date, alias: str) -> QueueCounts:
    """Return the counts of the open cases."""
    statement = (
        "SELECT COUNT(*),"
        " COALESCE(SUM(CASE WHEN due <> '' AND due < %s THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN due >= %s AND due <= %s THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN status = 'with-requester' THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN assigned_to = '' AND status <> 'held' THEN 1 ELSE 0 END), 0),"
        " COALESCE(SUM(CASE WHEN assigned_to = %s THEN 1 ELSE 0 END), 0)"
        " FROM state WHERE closed_on = ''"
    )
    day = today.isoformat()
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, [day, day, soon.isoformat(), staff_id])
        counted = [int(value) for value in cursor.fetchone()]
        cursor.execute(f"SELECT COUNT(*) FROM state s WHERE {_OFFERED}", [*_JUDGED, staff_id])  # noqa: S608  ours
        (second,) = cursor.fetchone()
    return QueueCounts(
        open=counted[0],
        overdue=counted[1],
        due_soon=counted[2],
        with_requester=counted[3],
        unassigned=counted[4],
        mine=counted[5],
        second=int(second),
    )


def _conditions(asked: QueueFilter, staff_id: str, today: date) -> tuple[list[str], list[str]]:
    conditions = ["s.closed_on <> ''" if asked.view == "closed" else "s.closed_on = ''"]
    values: list[str] = []
    match asked.view:
        case "mine":
            conditions.append("s.assigned_to = %s")
            values.append(staff_id)
        case "second":
            conditions.append(_OFFERED)
            values += [*_JUDGED, staff_id]
        case "unassigned":
            conditions.append("s.assigned_to = '' AND s.status <> 'held'")
        case "overdue":
            conditions.append("s.due <> '' AND s.due < %s")
            values.append(today.isoformat())
        case "with-requester":
            conditions.append("s.status = 'with-requester'")
        case "to-do":
            conditions.append(f"s.status IN ({', '.join(['%s'] * len(_MINE_TO_DO))})")
            values.extend(_MINE_TO_DO)
        case _:
            pass
    if asked.organisation:
        conditions.append("o.organisation = %s")
        values.append(asked.organisation)
    if asked.officer:
        conditions.append("s.assigned_to = %s")
        values.append(asked.officer)
    if asked.status:
        conditions.append("s.status = %s")
        values.append(asked.status)
    return conditions, values


def _row(row: Sequence[object]) -> QueueRow:
    reference, organisation, purpose, status, received_on, due, urgent, assigned_to, revision = row
    return QueueRow(
        reference=str(reference),
        organisation=str(organisation),
        purpose=str(purpose),
        status=Status(str(status)),
        received_on=date.fromisoformat(str(received_on)),
        due=date.fromisoformat(str(due)) if due else None,
        urgent=bool(urgent),
        assigned_to=str(assigned_to),
        revision=int(str(revision)),
    )
