"""The clock against a deliberately naive walk from day to day over an independent list of holidays."""

import os
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.fakes.calendars import ENGLAND, UNITED_KINGDOM, independent_holidays, naive_due

from privity.definitions.day import Calendar
from privity.request.due import Pause, clock, due_date, working_days_left

CALENDARS = (ENGLAND, UNITED_KINGDOM)
RECEIVED = st.dates(date(2015, 1, 1), date(2028, 10, 1))
calendars = st.sampled_from(CALENDARS)


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: calendar.name)
def test_the_shipped_list_is_the_independent_one(calendar: Calendar) -> None:
    ours = {day for day in calendar.holidays if day.weekday() < 5}
    assert ours == set(independent_holidays(calendar.name))


@given(received=RECEIVED, working_days=st.integers(1, 40), calendar=calendars)
@settings(max_examples=600)
@example(received=date(2022, 9, 1), working_days=20, calendar=ENGLAND)
@example(received=date(2017, 12, 23), working_days=20, calendar=UNITED_KINGDOM)
def test_every_due_date_is_the_naive_one(received: date, working_days: int, calendar: Calendar) -> None:
    assert due_date(received, calendar, working_days=working_days) == naive_due(received, calendar.name, working_days)


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: calendar.name)
def test_every_day_of_every_year_gives_the_naive_twenty_days(calendar: Calendar) -> None:
    lengths = range(1, 41) if os.environ.get("PRIVITY_NIGHTLY") == "1" else (20,)
    day = date(2015, 1, 1)
    while day <= date(2028, 10, 1):
        for working_days in lengths:
            assert due_date(day, calendar, working_days=working_days) == naive_due(day, calendar.name, working_days)
        day += timedelta(days=1)


@given(
    received=RECEIVED,
    working_days=st.integers(1, 40),
    calendar=calendars,
    gaps=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), max_size=3),
)
def test_pauses_only_ever_put_the_day_off_and_by_what_they_cover(
    received: date, working_days: int, calendar: Calendar, gaps: list[tuple[int, int]]
) -> None:
    pauses = [
        Pause(asked=received + timedelta(days=start), answered=received + timedelta(days=start + length))
        for start, length in gaps
    ]
    paused = clock(received, calendar, working_days=working_days, pauses=pauses)
    due = paused.due
    assert due is not None
    counted = [
        day
        for number in range(1, (due - received).days + 1)
        if calendar.is_working_day(day := received + timedelta(days=number))
        and not any(pause.asked < day <= (pause.answered or day) for pause in pauses)
    ]
    assert len(counted) == working_days
    assert counted[-1] == due
    assert len(paused.skipped) + paused.weekend_days + working_days == (due - received).days


@given(received=RECEIVED, working_days=st.integers(1, 40), calendar=calendars)
def test_on_the_day_of_receipt_the_whole_clock_is_left(received: date, working_days: int, calendar: Calendar) -> None:
    due = due_date(received, calendar, working_days=working_days)
    assert working_days_left(received, due, calendar) == working_days
    assert working_days_left(due, received, calendar) == -working_days
