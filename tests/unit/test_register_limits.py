"""Which imports are suspicious beside the register they replace."""

import numpy as np
import pytest

from privity.edge.registers.limits import Movement, People, movement, refuse_suspicious, suspicious
from privity.errors import Mistaken


def people(first: int, count: int, protected: int, *, protected_from: int = 0) -> People:
    numbers = np.arange(first, first + count, dtype=np.int64)
    sensitive = np.zeros(count, np.bool_)
    sensitive[protected_from : protected_from + protected] = True
    return People(numbers, sensitive)


BEFORE = people(0, 10_000, 500)


def moved(after: People) -> Movement:
    return movement(BEFORE, after)


def test_the_same_people_move_nothing() -> None:
    found = moved(BEFORE)
    assert (found.gone, found.new, found.unprotected, found.protected) == (0, 0, 0, 0)
    assert suspicious(found) == ()


def test_births_and_deaths_of_a_month_are_ordinary() -> None:
    assert suspicious(moved(people(50, 10_000, 450))) == (
        "50 protected records would lose protection, of 500: more than 2%",
    )
    assert suspicious(movement(people(0, 10_000, 0), people(50, 10_150, 0))) == ()


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (people(0, 9_000, 500), "records would be gone"),
        (people(0, 11_000, 500), "records would be new"),
        (people(0, 10_000, 400), "protected records would lose protection"),
        (people(0, 10_000, 700), "records would become protected"),
    ],
)
def test_what_moves_too_much_is_named_with_its_count(after: People, words: str) -> None:
    told = suspicious(moved(after))
    assert any(words in one for one in told)


def test_protection_gained_by_others_does_not_make_up_for_protection_lost() -> None:
    swapped = people(0, 10_000, 500, protected_from=100)
    assert moved(swapped).unprotected == 100
    assert len(suspicious(moved(swapped))) == 2


def test_two_different_people_may_confirm_and_one_may_not_twice() -> None:
    found = moved(people(0, 9_000, 500))
    for confirmed in ((), ("a.okafor",), ("a.okafor", "A.Okafor "), ("a.okafor", "")):
        with pytest.raises(Mistaken, match="1,000 records would be gone"):
            refuse_suspicious(found, confirmed)
    refuse_suspicious(found, ("a.okafor", "b.lewis"))


def test_nobody_whom_a_practice_protects_is_left_behind_unseen() -> None:
    same_but_two = People(BEFORE.numbers[2:], BEFORE.sensitive[2:])
    kept = np.array([1, 2, 77_777], np.int64)
    found = movement(BEFORE, same_but_two, kept)
    assert found.left_behind == 1, "one is still there, and one never was"
    assert suspicious(found) == ("1 whom a practice protects would be gone, and no protection follows a number",)
    with pytest.raises(Mistaken, match="1 whom a practice protects would be gone"):
        refuse_suspicious(found, ("a.okafor",))
    refuse_suspicious(found, ("a.okafor", "b.lewis"))
    assert suspicious(movement(BEFORE, same_but_two)) == ()


def test_a_handful_is_never_suspicious() -> None:
    assert suspicious(movement(people(0, 20, 5), people(8, 20, 0))) == ()
