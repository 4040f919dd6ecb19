"""Numbers once each, where they stand, and what lies beside them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from privity.trace.spans import by_place, numbered

some_numbers = st.lists(st.integers(0, 40), max_size=60)


@given(some_numbers, st.sampled_from([41, 2**40, 2**62]))
def test_each_number_stands_once_and_is_found_where_it_is_said_to_stand(some: list[int], below: int) -> None:
    """The last bound leaves no room for a number beside its place: they are sorted apart then."""
    numbers = np.array(some, np.int64)
    ranked, place = numbered(numbers, below)
    assert ranked.tolist() == sorted(set(some))
    assert ranked[place].tolist() == some


@given(some_numbers)
def test_what_stands_beside_a_place_goes_with_it_and_equals_keep_their_order(some: list[int]) -> None:
    places, beside = by_place(np.array(some, np.int64), np.arange(len(some)))
    assert list(zip(places.tolist(), beside.tolist(), strict=True)) == sorted(zip(some, range(len(some)), strict=True))
