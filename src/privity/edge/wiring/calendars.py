"""Bank holidays proclaimed late, joined to the store: the act first, then every open case, a share at a time.

The two are apart on purpose: the proclamation binds every clock at once, however many cases there are, and nobody
waits for the last of them. Should the moving be cut off, `privity watch` goes on where it stopped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.holidays import HolidayLine, has_moved, move_due, proclaim, take_back
from privity.casework.instance_records import HolidayRecord
from privity.casework.record import read_moment
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import State
from privity.edge.store.instance_rows import Holiday
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store, read_cases
from privity.edge.wiring.published import PublishedAgreements
from privity.errors import Mistaken

TOGETHER = 100
"""Cases moved in one transaction."""
SHOWN_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarBook:
    """The bank holidays of an instance."""

    store: Store
    agreements: PublishedAgreements

    def names(self) -> Sequence[str]:
        """Return the calendars that agreements count their days by."""
        return sorted(
            {version.clock.calendar for family in self.agreements.families().values() for version in family.versions}
        )

    def coming(self, calendar: str, at: datetime) -> Sequence[tuple[date, str]]:
        """Return the bank holidays of a calendar in the year after a moment.

        Raises: Unavailable: no such list is loaded.
        """
        today = civil_day(at)
        held = self.agreements.calendar(calendar).holidays.items()
        return sorted((day, name) for day, name in held if today <= day <= today + SHOWN_AHEAD)

    def proclaimed(self, *, by: Officer) -> Sequence[HolidayLine]:
        """Return what was proclaimed late, newest first, taken back or not."""
        must_be_allowed(Operation.KEEP_CALENDAR, by)
        names = Holiday.objects.using(self.store.alias).values_list("reference", flat=True).distinct()
        kept = [one for one in read_rows(HolidayRecord, sorted(names), "default") if isinstance(one, HolidayRecord)]
        return tuple(_line(one) for one in sorted(kept, key=lambda one: one.proclaimed_at, reverse=True))

    def proclaim(self, calendar: str, day: date, name: str, *, by: Officer, at: datetime) -> int:
        """Put a bank holiday on record, move every open case, and return how many moved.

        Raises: Mistaken: it is one already, no working day, or the person may not.
        """
        must_be_allowed(Operation.KEEP_CALENDAR, by)
        with self.store.unit() as unit:
            proclaim(unit, self.agreements.calendar(self._known(calendar)), day, name, by=by, at=at)
        return self.move_open_cases(at)

    def take_back(self, calendar: str, day: date, *, by: Officer, at: datetime) -> int:
        """Take a proclamation back, move every open case, and return how many moved.

        Raises: Mistaken: there is none to take back, or the person may not.
        """
        must_be_allowed(Operation.KEEP_CALENDAR, by)
        with self.store.unit() as unit:
            take_back(unit, self._known(calendar), day, by=by, at=at)
        return self.move_open_cases(at)

    def move_open_cases(self, at: datetime) -> int:
        """Move every open case whose due day is another now, and return how many; none is moved twice."""
        moved, today = 0, civil_day(at)
        for share in self._shares():
            files = read_cases(share, self.store.alias)
            late = [one for one in share if one in files and has_moved(files[one], self.agreements, today)]
            if not late:
                continue
            with self.store.unit() as unit:
                unit.load(late)
                moved += sum(move_due(unit, self.agreements, one, at=at) is not None for one in late)
        return moved

    def _shares(self) -> Iterator[list[CaseReference]]:
        held = State.objects.using(self.store.alias).filter(closed_on="").exclude(due="")
        names = [CaseReference(one) for one in held.order_by("due", "reference").values_list("reference", flat=True)]
        for start in range(0, len(names), TOGETHER):
            yield names[start : start + TOGETHER]

    def _known(self, calendar: str) -> str:
        if calendar not in self.names():
            raise Mistaken(
                "no bank holiday was proclaimed",
                why="no agreement counts its days by a calendar of that name",
                next_step=f"name one of: {', '.join(self.names()) or 'none is published yet'}",
            )
        return calendar


def _line(record: HolidayRecord) -> HolidayLine:
    return HolidayLine(
        calendar=record.reference,
        day=date.fromisoformat(record.day),
        name=record.name,
        proclaimed_at=read_moment(record.proclaimed_at),
        proclaimed_by=record.proclaimed_by,
        withdrawn_at=read_moment(record.withdrawn_at) if record.withdrawn_at else None,
    )
