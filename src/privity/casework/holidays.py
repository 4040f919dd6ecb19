"""A bank holiday proclaimed after the list was published: it goes on record, and every open case moves with it.

Rules of the module:
- The list in the repository is never edited here; a proclamation lies over it, and can be taken back.
- The clock is computed anew at every read, so a proclamation binds at once. What `move_due` writes is the day
  kept for sorting and the line that tells everybody why the day they were told is another now.
- A case that has been answered does not move: it was in time, or late, by the days known when it was answered.
- `move_due` says whether there was anything to move, so running it twice, or after a crash, writes nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from privity.casework.case_file import CaseFile
from privity.casework.instance_records import HolidayRecord
from privity.casework.lifecycle import touched
from privity.casework.ports import Act, Agreements, UnitOfWork
from privity.casework.public_desk import PublicUnit
from privity.casework.record import moment, read_moment
from privity.casework.writing import write_act
from privity.definitions.day import Calendar, civil_day
from privity.definitions.party import GATEWAY, Officer
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.due import Clock, british, clock

LONGEST_NAME = 80
LOOK_BACK = timedelta(days=31)
"""How far back a day may lie that is recorded late: open cases have counted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayLine:
    """One bank holiday that was proclaimed late, as a page shows it."""

    calendar: str
    day: date
    name: str
    proclaimed_at: datetime
    proclaimed_by: str
    withdrawn_at: datetime | None


class CalendarDesk(Protocol):
    """What an administrator can see and do about bank holidays."""

    def names(self) -> Sequence[str]:
        """Return the calendars that agreements count their days by."""

    def coming(self, calendar: str, at: datetime) -> Sequence[tuple[date, str]]:
        """Return the bank holidays of a calendar in the year after a moment.

        Raises: Unavailable: no such list is loaded.
        """

    def proclaimed(self, *, by: Officer) -> Sequence[HolidayLine]:
        """Return what was proclaimed late, newest first, taken back or not."""

    def proclaim(self, calendar: str, day: date, name: str, *, by: Officer, at: datetime) -> int:
        """Put a bank holiday on record, move every open case, and return how many moved.

        Raises: Mistaken: it is one already, no working day, or the person may not.
        """

    def take_back(self, calendar: str, day: date, *, by: Officer, at: datetime) -> int:
        """Take a proclamation back, move every open case, and return how many moved.

        Raises: Mistaken: there is none to take back, or the person may not.
        """


def proclaim(unit: PublicUnit, calendar: Calendar, day: date, name: str, *, by: Officer, at: datetime) -> HolidayRecord:
    """Put on record that a day has been proclaimed a bank holiday.

    Raises: Mistaken: the day is one already, is no working day, lies too far back, or has no name.
            CalendarEnds: the list does not reach the day.
    """
    called = " ".join(name.split())
    if not 3 <= len(called) <= LONGEST_NAME or not called.isprintable():
        raise _refused(f"its name has not 3 to {LONGEST_NAME} letters", "give the name it was proclaimed under")
    known = calendar.holiday(day)
    if known is not None:
        raise _refused(f"`{day}` is a bank holiday already: {known}", "look at the list: nothing need be done")
    if day.weekday() >= 5:
        raise _refused(f"`{day}` is a Saturday or Sunday, which no clock counts", "give the day kept instead of it")
    if day < civil_day(at) - LOOK_BACK:
        raise _refused(
            f"`{day}` lies more than {LOOK_BACK.days} days back", "publish a new list: cases have been answered by it"
        )
    record = HolidayRecord(
        reference=calendar.name,
        number=len(unit.kept(HolidayRecord, calendar.name)) + 1,
        day=day.isoformat(),
        name=called,
        proclaimed_at=moment(at),
        proclaimed_by=by.staff_id,
        withdrawn_at="",
        withdrawn_by="",
    )
    _write(unit, EntryKind.HOLIDAY_PROCLAIMED, record, by, at)
    return record


def take_back(unit: PublicUnit, calendar: str, day: date, *, by: Officer, at: datetime) -> HolidayRecord:
    """Put on record that a proclamation was a mistake; the list in the repository is not touched by it.

    Raises: Mistaken: nothing was proclaimed for that day here.
    """
    kept = unit.kept(HolidayRecord, calendar)
    record = next((one for one in kept if one.day == day.isoformat() and not one.withdrawn_at), None)
    if record is None:
        raise Mistaken(
            "no bank holiday was taken back",
            why=f"none was proclaimed here for `{day}`",
            next_step="look at the list of what was proclaimed",
        )
    gone = replace(record, withdrawn_at=moment(at), withdrawn_by=by.staff_id)
    _write(unit, EntryKind.HOLIDAY_WITHDRAWN, gone, by, at)
    return gone


def overlaid(calendar: Calendar, proclaimed: Sequence[HolidayRecord]) -> Calendar:
    """Return a list with what was proclaimed late over it, each known from the day it was proclaimed."""
    standing = {date.fromisoformat(one.day): one for one in proclaimed if not one.withdrawn_at}
    told = {day: civil_day(read_moment(one.proclaimed_at)) for day, one in standing.items()}
    return replace(
        calendar,
        holidays={**calendar.holidays, **{day: one.name for day, one in standing.items()}},
        proclaimed={**calendar.proclaimed, **told},
    )


def clock_now(file: CaseFile, agreements: Agreements, today: date) -> Clock | None:
    """Return the clock of a case computed anew from its dated events, or None before the agreement was asked.

    An answered case keeps the days that were known when it was answered.
    """
    if not file.state.version:
        return None
    known = date.fromisoformat(file.state.closed_on) if file.state.closed_on else today
    return clock(
        file.received_on,
        agreements.calendar_of(file.family, file.state.version).known_on(min(known, today)),
        working_days=file.state.working_days,
        pauses=file.pauses(),
    )


def has_moved(file: CaseFile, agreements: Agreements, today: date) -> bool:
    """Return whether an open case's due day is another than the one kept and told."""
    if file.status.is_closed or not file.state.due:
        return False
    ticking = clock_now(file, agreements, today)
    return ticking is not None and ticking.due is not None and ticking.due.isoformat() != file.state.due


def move_due(unit: UnitOfWork, agreements: Agreements, reference: CaseReference, *, at: datetime) -> CaseFile | None:
    """Move the due day of an open case to where the calendar puts it now, and say why; None where it stays."""
    file = unit.case(reference)
    today = civil_day(at)
    ticking = clock_now(file, agreements, today)
    if not has_moved(file, agreements, today) or ticking is None or ticking.due is None:
        return None
    before = date.fromisoformat(file.state.due)
    calendar = agreements.calendar_of(file.family, file.state.version)
    late = [skip for skip in ticking.skipped if calendar.proclaimed.get(skip.day, date.min) > file.received_on]
    why = "; ".join(f"{british(skip.day)} was proclaimed a bank holiday ({skip.why})" for skip in late)
    if ticking.due < before:
        why = "a bank holiday was taken back"
    return write_act(
        unit,
        file,
        EntryKind.DUE_MOVED,
        at=at,
        by=GATEWAY,
        words=(
            f"The due date moved from {british(before)} to {british(ticking.due)}: "
            f"{why or 'the list of bank holidays changed'}."
        ),
        records=(touched(file.state, due=ticking.due.isoformat()),),
        facts={"due": ticking.due.isoformat(), "due_before": before.isoformat()},
    )


def why_moved(file: CaseFile) -> str:
    """Return why the due day of an open case is another than first told, or nothing where it is not."""
    if file.status.is_closed:
        return ""
    lines = (line.words for line in reversed(file.history) if line.kind == EntryKind.DUE_MOVED.value)
    return next(lines, "")


def _write(unit: PublicUnit, kind: EntryKind, record: HolidayRecord, by: Officer, at: datetime) -> None:
    unit.write(
        Act(
            kind=kind,
            at=at,
            by=by,
            key=f"calendar:{record.reference}",
            records=(record,),
            facts={"calendar": record.reference, "day": record.day},
        )
    )


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("no bank holiday was proclaimed", why=why, next_step=next_step)
