"""What somebody outside is told of places in the ledger: a step by the clock, or a number without order."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from privity.ledger.cadence import MOST_AT_ONCE, Cadence
from privity.ledger.told import LARGEST_NUMBER, STEP, PlaceNumbers, place_at_step

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
DAILY = Cadence(begins=BEGINS, hours=24, entries=1_024, first=100)
NUMBERS = PlaceNumbers(b"k" * 32)


def test_whatever_one_case_takes_its_seal_stands_at_the_next_step() -> None:
    assert {place_at_step(320 + 1 + acts) for acts in range(STEP)} == {320 + STEP}
    assert place_at_step(320) == 320
    assert place_at_step(321, by_clock=700) == 704


def test_behind_the_clock_a_place_is_a_function_of_the_time_alone() -> None:
    noon = BEGINS + timedelta(days=3, hours=12)
    assert {DAILY.place(noon, size) for size in range(100 + 3 * 1_024, 100 + 3 * 1_024 + 512)} == {
        100 + 3 * 1_024 + 512
    }
    assert DAILY.place(noon, 4_000) == 4_000, "ahead of it, it is where it is"
    assert DAILY.place(BEGINS - timedelta(days=9), 7) == 7


def test_a_log_far_behind_the_clock_is_filled_by_less_than_a_period_at_once() -> None:
    year = BEGINS + timedelta(days=365, hours=6)
    for size in (100, 101, 5_000):
        place = DAILY.place(year, size)
        assert 0 <= place - size < 1_024
        assert (place - 100) % 1_024 == 256, "so many whole periods short of the clock"
    hourly = Cadence(begins=BEGINS, hours=1, entries=1_000_000)
    assert hourly.place(BEGINS + timedelta(minutes=59), 0) < MOST_AT_ONCE


def test_from_one_public_size_to_the_next_the_clock_never_runs_backwards_or_over() -> None:
    places = [DAILY.place(BEGINS + timedelta(days=2, minutes=minute), 100 + 2 * 1_024) for minute in range(24 * 60)]
    assert places == sorted(places)
    assert places[0] == DAILY.public_size(BEGINS + timedelta(days=2))
    assert places[-1] <= DAILY.public_size(BEGINS + timedelta(days=3))


def test_a_number_stands_for_one_place_and_only_the_key_reads_it_back() -> None:
    places = [*range(2_000), LARGEST_NUMBER - 1, LARGEST_NUMBER]
    numbers = [NUMBERS.number(place) for place in places]
    assert [NUMBERS.place(number) for number in numbers] == places
    assert len(set(numbers)) == len(places)
    assert all(0 <= number <= LARGEST_NUMBER < 2**53 for number in numbers)
    other = PlaceNumbers(b"o" * 32)
    assert not [number for number, place in zip(numbers, places, strict=True) if other.place(number) == place]
    assert "k" * 8 not in repr(NUMBERS)


def test_numbers_have_no_order_and_differences_say_nothing() -> None:
    numbers = [NUMBERS.number(place) for place in range(4_001)]
    rising = sum(later > earlier for earlier, later in pairwise(numbers))
    assert abs(rising / 4_000 - 0.5) < 0.03
    for bit in range(52):
        share = sum(number >> bit & 1 for number in numbers) / len(numbers)
        assert abs(share - 0.5) < 0.04, f"bit {bit}"
