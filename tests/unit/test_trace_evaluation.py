"""Shares with exact intervals, and what is counted in them."""

import pytest

from privity.trace.evaluation import Judged, by_group, report, share


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.3085), (1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129), (10, 10, 0.6915, 1.0)],
)
def test_the_interval_is_that_of_clopper_and_pearson(hits: int, of: int, low: float, high: float) -> None:
    found = share(hits, of)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_a_share_of_nothing_says_nothing() -> None:
    nothing = share(0, 0)
    assert (nothing.share, nothing.low, nothing.high) == (0.0, 0.0, 1.0)


def judged(*, present: bool, proposed: bool, right: bool, group: str = "") -> Judged:
    return Judged(
        present=present,
        proposed=proposed,
        proposed_right=right,
        truth_is_candidate=right,
        traits=(("group", group),) if group else (),
    )


def test_proposing_somebody_for_an_absent_person_is_naming_the_wrong_one() -> None:
    found = report(
        [
            judged(present=True, proposed=True, right=True, group="a"),
            judged(present=True, proposed=False, right=False, group="b"),
            judged(present=False, proposed=True, right=False),
            judged(present=False, proposed=False, right=False),
        ]
    )
    assert (found.recall.hits, found.recall.of) == (1, 2)
    assert (found.coverage.hits, found.coverage.of) == (2, 4)
    assert (found.wrong_person.hits, found.wrong_person.of) == (1, 2)
    assert (found.wrong_of_absent.hits, found.wrong_of_absent.of) == (1, 2)


def test_groups_are_reported_apart_and_the_unnamed_in_none() -> None:
    found = by_group(
        [
            judged(present=True, proposed=True, right=True, group="b"),
            judged(present=True, proposed=False, right=False, group="a"),
            judged(present=False, proposed=True, right=False),
        ]
    )
    assert list(found) == [("group", "a"), ("group", "b")]
    assert found["group", "b"].recall.share == 1.0
