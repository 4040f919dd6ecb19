"""The clock: by when a reply is in time, and how that day was found.

Receipt is day zero; only working days after it count; days on which the clock stood still (a question
was with the requester) do not count. The day is found anew at every read from the dated events, so a bank
holiday proclaimed late moves every open case, and a missed night corrupts nothing.

Source: S1: a tracing request is answered in 20 working days, sooner in exceptional circumstances.
The memorandum's own definition of a working day is unknown (domain.md 8.1), so the calendar and the
day-zero rule are part of each version's metadata.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from privity.definitions.day import Calendar, days_after
from privity.definitions.language import as_written, spoken_day
from privity.errors import Mistaken

LONGEST_CLOCK = 60
_DAY_ZERO = "Received on %(day)s: that is day zero."
_LENGTH = "%(count)s working days count from the day after (%(calendar)s bank holidays)."
_WEEKENDS = "%(count)s Saturdays and Sundays do not count."
_SKIPPED = "%(day)s does not count: %(why)s."
_STANDS = "The clock stands still until the requester answers."
_DUE = "Due on %(day)s."
_WITH_REQUESTER = "a question was with the requester"
SENTENCES = (_DAY_ZERO, _LENGTH, _WEEKENDS, _SKIPPED, _STANDS, _DUE, _WITH_REQUESTER)
"""What a translator translates of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch in which the clock stood still: the day after `asked` to `answered`, both included.

    `answered` is None while the question is still open.
    """

    asked: date
    answered: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether the clock stood still on `day`."""
        return self.asked < day and (self.answered is None or day <= self.answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedDay:
    """A weekday that did not count, and why."""

    day: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A due date and its making. `due` is None while a question to the requester is open."""

    received: date
    working_days: int
    calendar: str
    due: date | None
    skipped: tuple[SkippedDay, ...]
    weekend_days: int
    paused: bool

    def steps(self) -> tuple[str, ...]:
        """Return the computation, one sentence a step, in British dates."""
        lines = [
            _DAY_ZERO % {"day": british(self.received)},
            _LENGTH % {"count": self.working_days, "calendar": self.calendar},
        ]
        if self.weekend_days:
            lines.append(_WEEKENDS % {"count": self.weekend_days})
        lines += [_SKIPPED % {"day": british(skip.day), "why": skip.why} for skip in self.skipped]
        lines.append(_STANDS if self.due is None else _DUE % {"day": british(self.due)})
        return tuple(lines)


def british(day: date) -> str:
    """Return a day as `9 May 2018`."""
    return spoken_day(day, as_written)


def clock(received: date, calendar: Calendar, *, working_days: int, pauses: Sequence[Pause] = ()) -> Clock:
    """Return the clock of a request received on `received`, with every step of its making.

    Args:    working_days: length of the clock, 1 to 60. pauses: stretches that do not count.
    Raises:  CalendarEnds: holidays are not known that far ahead. Mistaken: a length outside 1 to 60.
    Source:  S1; domain.md 8.1 for day zero.
    """
    if not 1 <= working_days <= LONGEST_CLOCK:
        raise Mistaken(
            "the clock was not computed",
            why=f"`{working_days}` working days is outside 1 to {LONGEST_CLOCK}",
            next_step="correct the clock in the agreement's metadata",
        )
    paused = any(pause.answered is None for pause in pauses)
    skipped: list[SkippedDay] = []
    weekend_days = counted = 0
    due: date | None = None
    if not paused:
        for day in days_after(received):
            holiday = calendar.holiday(day)
            if day.weekday() >= 5:
                weekend_days += 1
            elif holiday is not None:
                skipped.append(SkippedDay(day=day, why=holiday))
            elif any(pause.covers(day) for pause in pauses):
                skipped.append(SkippedDay(day=day, why=_WITH_REQUESTER))
            else:
                counted += 1
                if counted == working_days:
                    due = day
                    break
    return Clock(
        received=received,
        working_days=working_days,
        calendar=calendar.name,
        due=due,
        skipped=tuple(skipped),
        weekend_days=weekend_days,
        paused=paused,
    )


def due_date(received: date, calendar: Calendar, *, working_days: int) -> date:
    """Return the last day on which a reply is in time, for a clock that never stood still.

    Receipt is day zero; only working days after it count. Days are civil dates in Europe/London.
    Args:    working_days: length of the clock, 1 to 60.
    Raises:  CalendarEnds: holidays are not known that far ahead.
    Source:  S1: a tracing request is answered in 20 working days.
    """
    due = clock(received, calendar, working_days=working_days).due
    assert due is not None, "a clock without pauses always ends or raises CalendarEnds"
    return due


def working_days_left(today: date, due: date, calendar: Calendar) -> int:
    """Return how many working days remain after `today`, `due` included; negative when overdue.

    Raises: CalendarEnds: the list does not reach one of the days.
    """
    if today <= due:
        return sum(calendar.is_working_day(day) for day in _span(today, due))
    return -sum(calendar.is_working_day(day) for day in _span(due, today))


def _span(after: date, until: date) -> list[date]:
    """Return the days after `after` up to `until`, which is included."""
    return [date.fromordinal(number) for number in range(after.toordinal() + 1, until.toordinal() + 1)]
