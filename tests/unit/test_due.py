"""The clock: the vectors of the domain page, step by step, with pauses, and where the list ends."""

from datetime import date

import pytest
from tests.fakes.calendars import ENGLAND, UNITED_KINGDOM

from privity.definitions.day import Calendar, CalendarEnds
from privity.errors import Mistaken
from privity.request.due import LONGEST_CLOCK, Pause, british, clock, due_date, working_days_left


@pytest.mark.parametrize(
    ("calendar", "received", "due"),
    [
        (ENGLAND, date(2017, 1, 3), date(2017, 1, 31)),
        (ENGLAND, date(2017, 3, 31), date(2017, 5, 3)),
        (ENGLAND, date(2017, 12, 22), date(2018, 1, 24)),
        (ENGLAND, date(2017, 12, 23), date(2018, 1, 24)),
        (UNITED_KINGDOM, date(2017, 12, 22), date(2018, 1, 25)),
        (UNITED_KINGDOM, date(2017, 12, 23), date(2018, 1, 25)),
        (ENGLAND, date(2018, 4, 13), date(2018, 5, 14)),
        (ENGLAND, date(2022, 9, 1), date(2022, 9, 30)),
        (ENGLAND.known_on(date(2022, 9, 1)), date(2022, 9, 1), date(2022, 9, 29)),
        (ENGLAND, date(2023, 4, 14), date(2023, 5, 16)),
        (ENGLAND.known_on(date(2022, 11, 5)), date(2023, 4, 14), date(2023, 5, 15)),
    ],
)
def test_twenty_working_days_end_where_the_domain_page_says(calendar: Calendar, received: date, due: date) -> None:
    assert due_date(received, calendar, working_days=20) == due


def test_an_open_case_moves_on_the_day_a_holiday_is_proclaimed() -> None:
    received = date(2022, 9, 1)
    before, after = (ENGLAND.known_on(day) for day in (date(2022, 9, 9), date(2022, 9, 10)))
    assert due_date(received, before, working_days=20) == date(2022, 9, 29)
    assert due_date(received, after, working_days=20) == date(2022, 9, 30)


def test_the_making_of_a_due_date_is_told_step_by_step() -> None:
    assert clock(date(2017, 3, 31), ENGLAND, working_days=20).steps() == (
        "Received on 31 March 2017: that is day zero.",
        "20 working days count from the day after (england-and-wales bank holidays).",
        "10 Saturdays and Sundays do not count.",
        "14 April 2017 does not count: Good Friday.",
        "17 April 2017 does not count: Easter Monday.",
        "1 May 2017 does not count: May Day.",
        "Due on 3 May 2017.",
    )


def test_a_clock_within_one_week_speaks_of_no_weekend() -> None:
    assert clock(date(2017, 1, 9), ENGLAND, working_days=1).steps()[-1] == "Due on 10 January 2017."
    assert not [line for line in clock(date(2017, 1, 9), ENGLAND, working_days=1).steps() if "Saturday" in line]


def test_the_clock_stands_still_while_a_question_is_with_the_requester() -> None:
    standing = clock(date(2017, 1, 3), ENGLAND, working_days=20, pauses=[Pause(asked=date(2017, 1, 5))])
    assert (standing.due, standing.paused) == (None, True)
    assert standing.steps()[-1] == "The clock stands still until the requester answers."


@pytest.mark.parametrize(
    ("asked", "answered", "due"),
    [
        (date(2017, 1, 5), date(2017, 1, 10), date(2017, 2, 3)),
        (date(2017, 1, 5), date(2017, 1, 5), date(2017, 1, 31)),
        (date(2017, 1, 6), date(2017, 1, 8), date(2017, 1, 31)),
        (date(2017, 1, 31), date(2017, 2, 10), date(2017, 1, 31)),
    ],
    ids=["three days", "the same day", "a weekend", "after the end"],
)
def test_days_from_the_question_to_its_answer_do_not_count(asked: date, answered: date, due: date) -> None:
    pause = Pause(asked=asked, answered=answered)
    assert clock(date(2017, 1, 3), ENGLAND, working_days=20, pauses=[pause]).due == due


def test_a_skipped_day_says_that_a_question_was_out() -> None:
    pauses = [Pause(asked=date(2017, 1, 4), answered=date(2017, 1, 5))]
    counted = clock(date(2017, 1, 3), ENGLAND, working_days=2, pauses=pauses)
    assert counted.steps()[-2:] == (
        "5 January 2017 does not count: a question was with the requester.",
        "Due on 6 January 2017.",
    )


def test_a_day_in_two_pauses_is_left_out_once() -> None:
    pauses = [Pause(asked=date(2017, 1, 4), answered=date(2017, 1, 9))] * 2
    assert clock(date(2017, 1, 3), ENGLAND, working_days=2, pauses=pauses).due == date(2017, 1, 10)


def test_a_clock_that_runs_beyond_the_list_is_not_guessed() -> None:
    with pytest.raises(CalendarEnds, match="`2029-01-01`"):
        clock(date(2028, 12, 15), ENGLAND, working_days=20)


@pytest.mark.parametrize("days", [0, -1, LONGEST_CLOCK + 1])
def test_a_clock_of_no_sensible_length_is_refused(days: int) -> None:
    with pytest.raises(Mistaken, match=f"`{days}`"):
        clock(date(2017, 1, 3), ENGLAND, working_days=days)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2017, 4, 28), 2),
        (date(2017, 5, 2), 1),
        (date(2017, 5, 3), 0),
        (date(2017, 5, 4), -1),
        (date(2017, 5, 6), -2),
    ],
)
def test_days_left_are_counted_in_working_days_and_fall_below_nought(today: date, left: int) -> None:
    assert working_days_left(today, date(2017, 5, 3), ENGLAND) == left


def test_a_day_is_written_as_in_britain() -> None:
    assert british(date(2018, 5, 9)) == "9 May 2018"
