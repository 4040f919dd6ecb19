"""Civil days and the working-day calendar.

Rules of the room:
- Days are civil dates in Europe/London.
- A working day is Monday to Friday and not a bank holiday of the calendar in use.
- A calendar is a published list with a first and a last day. Outside it nobody knows, so nothing is guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from privity.errors import Impossible, Unavailable

ONE_DAY = timedelta(days=1)
LONDON = ZoneInfo("Europe/London")


def civil_day(at: datetime) -> date:
    """Return the day a moment falls on in Europe/London.

    Raises: Impossible: the moment has no zone, so nobody can say which day it is.
    """
    if at.tzinfo is None:
        raise Impossible("no day was found", why="the moment has no zone", next_step="report this")
    return at.astimezone(LONDON).date()


class CalendarEnds(Unavailable):
    """A day was asked about that the bank-holiday list does not reach."""

    def __init__(self, wanted: date, first_known: date, last_known: date) -> None:
        super().__init__(
            f"no bank holidays are known for `{wanted}`",
            why=f"the list runs from `{first_known}` to `{last_known}`",
            next_step="load the next list and try again",
        )
        self.wanted = wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The bank holidays of one part of the United Kingdom, over a known span.

    `proclaimed` holds the day a holiday became known, where that was later than the list's own date:
    open clocks move on that day.
    """

    name: str
    first: date
    last: date
    holidays: Mapping[date, str]
    proclaimed: Mapping[date, date] = field(default_factory=lambda: MappingProxyType({}))

    def holiday(self, day: date) -> str | None:
        """Return the name of the bank holiday on `day`, or None.

        Raises: CalendarEnds: the list does not reach `day`.
        """
        if not self.first <= day <= self.last:
            raise CalendarEnds(day, self.first, self.last)
        return self.holidays.get(day)

    def is_working_day(self, day: date) -> bool:
        """Return whether `day` is Monday to Friday and no bank holiday.

        Raises: CalendarEnds: the list does not reach `day`.
        """
        return self.holiday(day) is None and day.weekday() < 5

    def known_on(self, day: date) -> "Calendar":
        """Return the calendar as it was known on `day`, without holidays proclaimed later."""
        later = {holiday for holiday, told in self.proclaimed.items() if told > day}
        kept = {holiday: name for holiday, name in self.holidays.items() if holiday not in later}
        return Calendar(name=self.name, first=self.first, last=self.last, holidays=kept)


def days_after(start: date) -> Iterator[date]:
    """Yield the days after `start`, one by one, without end."""
    while True:
        start += ONE_DAY
        yield start
