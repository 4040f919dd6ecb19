"""How far two dates of birth agree."""

from datetime import date

import pytest

from privity.trace.blocking import exchanged
from privity.trace.comparison import Level
from privity.trace.record_levels import compare_births


@pytest.mark.parametrize(
    ("asked", "held", "level"),
    [
        ("1985-04-03", "1985-04-03", Level.EXACT),
        ("1985-01-01", "1985-01-01", Level.NEW_YEAR),
        ("1985-04-03", "1985-03-04", Level.EXCHANGED),
        ("1985-01-01", "1985-07-19", Level.DEFAULTED),
        ("1985-07-19", "1985-01-01", Level.DEFAULTED),
        ("1985-01-01", "1986-01-01", Level.DIFFERENT),
        ("1985-01-01", "1986-01-02", Level.DIFFERENT),
        ("1985-04-13", "1985-04-23", Level.ONE_DIGIT),
        ("1985-04-03", "1986-04-03", Level.ONE_DIGIT),
        ("1985-04-03", "1977-04-03", Level.TWO_PARTS),
        ("1985-04-03", "1985-11-28", Level.YEAR),
        ("1985-04-03", "1961-11-28", Level.DIFFERENT),
    ],
)
def test_two_dates_of_birth_agree_as_far_as_their_parts_do(asked: str, held: str, level: Level) -> None:
    assert compare_births(date.fromisoformat(asked), date.fromisoformat(held)) is level


def test_a_missing_date_of_birth_is_no_evidence() -> None:
    assert compare_births(None, date(1985, 4, 3)) is Level.MISSING


@pytest.mark.parametrize("day", [date(1985, 5, 5), date(1985, 5, 13)])
def test_a_day_that_cannot_be_exchanged_has_no_exchanged_day(day: date) -> None:
    assert exchanged(day) is None


def test_the_29th_of_february_and_its_like_exchange_without_error() -> None:
    assert exchanged(date(1984, 2, 12)) == date(1984, 12, 2)
    assert exchanged(date(1984, 2, 29)) is None
