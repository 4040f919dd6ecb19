"""Civil days, calendars and the days they do not reach."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from tests.fakes.calendars import ENGLAND, UNITED_KINGDOM

from privity.definitions.day import Calendar, CalendarEnds, civil_day, days_after
from privity.edge.settings.calendars import FIRST, LAST, read_calendar
from privity.edge.settings.shelf import default_shelf
from privity.errors import Impossible, Unavailable


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2017, 1, 1, 23, 59, tzinfo=UTC), date(2017, 1, 1)),
        (datetime(2017, 7, 1, 23, 0, tzinfo=UTC), date(2017, 7, 2)),
        (datetime(2017, 7, 1, 22, 59, tzinfo=UTC), date(2017, 7, 1)),
        (datetime(2018, 5, 8, 23, 30, tzinfo=UTC), date(2018, 5, 9)),
    ],
)
def test_the_day_of_a_moment_is_the_day_in_london(moment: datetime, day: date) -> None:
    assert civil_day(moment) == day


def test_a_moment_without_its_zone_has_no_day() -> None:
    with pytest.raises(Impossible):
        civil_day(datetime(2017, 1, 1))  # noqa: DTZ001  that is what is refused


@pytest.mark.parametrize("calendar", [ENGLAND, UNITED_KINGDOM], ids=["england", "any-part"])
def test_nobody_knows_a_day_outside_the_list(calendar: Calendar) -> None:
    for day in (FIRST - timedelta(days=1), LAST + timedelta(days=1), date(2029, 4, 2)):
        with pytest.raises(CalendarEnds, match=f"no bank holidays are known for `{day}`") as ended:
            calendar.is_working_day(day)
        assert ended.value.exit_code == 3
        assert str(LAST) in str(ended.value)
    assert not calendar.is_working_day(FIRST)
    assert not calendar.is_working_day(LAST)


def test_holidays_have_names_and_weekends_need_none() -> None:
    assert ENGLAND.holiday(date(2017, 4, 14)) == "Good Friday"
    assert ENGLAND.holiday(date(2017, 4, 15)) is None
    assert not ENGLAND.is_working_day(date(2017, 4, 15))
    assert ENGLAND.is_working_day(date(2017, 4, 18))


def test_scotland_has_a_holiday_that_england_works_on() -> None:
    assert ENGLAND.is_working_day(date(2018, 1, 2))
    assert not UNITED_KINGDOM.is_working_day(date(2018, 1, 2))


def test_a_holiday_is_not_known_before_it_is_proclaimed() -> None:
    funeral = date(2022, 9, 19)
    assert ENGLAND.known_on(date(2022, 9, 9)).is_working_day(funeral)
    assert not ENGLAND.known_on(date(2022, 9, 10)).is_working_day(funeral)
    assert ENGLAND.known_on(date(2022, 9, 9)).holiday(date(2022, 8, 29))


def test_what_was_known_early_ends_where_the_list_ends() -> None:
    with pytest.raises(CalendarEnds):
        ENGLAND.known_on(date(2017, 1, 1)).holiday(LAST + timedelta(days=1))


def test_days_follow_one_another() -> None:
    assert list(islice(days_after(date(2016, 2, 27)), 3)) == [date(2016, 2, 28), date(2016, 2, 29), date(2016, 3, 1)]


def test_a_list_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="`scotland`"):
        read_calendar(default_shelf() / "calendars", "scotland")
