"""Civil days, calendars and the days they do not reach."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from tests.fakes.calendars import ENGLAND, UNITED_KINGDOM

from privity.definitions.day import Calendar, CalendarEnds, civil_day, days_after
from privity.edge.settings.calendars import calendars_end, read_calendar
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


FIRST, LAST = date(2005, 1, 1), date(2028, 12, 31)
LIST = "# Bank holidays. Known from 2026-01-01 to 2026-12-31.\nday,name,proclaimed\n2026-12-25,Christmas Day,\n"


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


def test_a_list_ends_where_its_first_line_says_so(tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "longer.csv").write_text(LIST.replace("2026-12-31", "2031-12-31"), encoding="utf-8")
    short = read_calendar(tmp_path, "short")
    assert not short.is_working_day(date(2026, 12, 25))
    with pytest.raises(CalendarEnds, match="`2027-01-01`"):
        short.is_working_day(date(2027, 1, 1))
    assert read_calendar(tmp_path, "longer").is_working_day(date(2031, 1, 2))
    assert calendars_end(tmp_path) == short.last


@pytest.mark.parametrize(
    "content",
    [
        "",
        LIST.replace("# Bank holidays. Known from 2026-01-01 to 2026-12-31.\n", ""),
        LIST.replace("-12-25", "-12-52"),
        LIST.replace("2026-12-31", "2026-11-30"),
        LIST.replace("to 2026", "to 20x6"),
    ],
    ids=["empty", "no span", "no day", "a day beyond its span", "no end"],
)
def test_a_list_that_does_not_say_what_it_covers_is_no_list(tmp_path: Path, content: str) -> None:
    (tmp_path / "odd.csv").write_text(content, encoding="utf-8")
    with pytest.raises(Unavailable, match="`odd`"):
        read_calendar(tmp_path, "odd")


def test_a_folder_without_lists_covers_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        calendars_end(tmp_path)
