"""Trees grown and read, and the posterior after them."""

import json

import numpy as np
import pytest

from privity.edge.registers.models import default_text
from privity.errors import Mistaken
from privity.trace.boosting import Forest, Growth, Tree, added_all, grow, read_trees, tree_lists
from privity.trace.calibration import SIGNS, Calibration, calibration_tree, learn, read_calibration
from privity.trace.model import read_model
from privity.trace.signs import recalibrated
from privity.trace.weight import Posterior

QUICK = Growth(trees=30, depth=3, rate=0.2)


def examples(count: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    """Return examples of which the truth hangs on two signs together, so that no single one tells it."""
    rng = np.random.default_rng(7)
    signs = rng.normal(0, 3, (count, len(SIGNS)))
    chance = 1 / (1 + np.exp(-(2.0 * ((signs[:, 3] > 0) == (signs[:, 5] > 1)) - 1.0) * 2))
    return signs, rng.random(count) < chance


def test_trees_find_what_hangs_on_two_signs_together() -> None:
    signs, right = examples()
    found = learn(signs, right, QUICK)
    chances = np.array([found.probability(row) for row in signs.tolist()])
    together = (signs[:, 3] > 0) == (signs[:, 5] > 1)
    assert chances[together].mean() > 0.75
    assert chances[~together].mean() < 0.25


def test_the_same_examples_grow_the_same_trees_to_the_last_digit() -> None:
    signs, right = examples()
    start = np.zeros(len(right))
    assert grow(signs, right, start, QUICK) == grow(signs.copy(), right.copy(), start.copy(), QUICK)


def test_an_example_that_stands_for_three_counts_as_three() -> None:
    signs, right = examples(900)
    counts = np.where(np.arange(900) % 2 == 0, 3.0, 1.0)
    thrice = np.repeat(np.arange(900), counts.astype(int))
    growth = Growth(trees=5, depth=2, rate=0.5)
    one = learn(signs, right, growth, counts)
    other = learn(signs[thrice], right[thrice], growth)
    assert one.slope == pytest.approx(other.slope, abs=1e-4)
    assert one.probability(signs[0].tolist()) == pytest.approx(other.probability(signs[0].tolist()), abs=0.05)


def test_what_was_grown_is_what_is_read_back() -> None:
    signs, right = examples(800)
    found = learn(signs, right, QUICK)
    assert read_calibration(json.loads(json.dumps(calibration_tree(found)))) == found


def test_a_tree_sends_each_example_to_the_leaf_its_training_counted_it_in() -> None:
    signs, right = examples(500)
    trees = grow(signs, right, np.zeros(len(right)), Growth(trees=1, depth=2, rate=1.0))
    sums = dict.fromkeys(trees[0].leaves, 0.0)
    for row, truth in zip(signs.tolist(), right.tolist(), strict=True):
        sums[Forest(trees).added(row)] += 0.5 - truth
    for leaf, slope in sums.items():
        assert leaf * slope <= 0


def test_nothing_can_be_learnt_where_all_are_right() -> None:
    signs, right = examples(100)
    with pytest.raises(Mistaken, match="all traces are right"):
        learn(signs, np.ones_like(right), QUICK)


@pytest.mark.parametrize(
    "tree",
    [
        {"signs": [0], "thresholds": [1.0]},
        {"signs": [0], "thresholds": [1.0], "leaves": [1.0]},
        {"signs": [99], "thresholds": [1.0], "leaves": [1.0, 2.0]},
        {"signs": [0, 0], "thresholds": [1.0, 1.0], "leaves": [1.0, 2.0, 3.0]},
        {"signs": [True], "thresholds": [1.0], "leaves": [1.0, 2.0]},
        "tree",
    ],
)
def test_a_tree_that_is_not_whole_is_refused(tree: object) -> None:
    with pytest.raises(Mistaken, match="a tree of its calibration is not whole"):
        read_trees([tree], len(SIGNS))


def test_a_calibration_for_other_signs_is_refused() -> None:
    tree = calibration_tree(Calibration(slope=1, offset=0, trees=()))
    with pytest.raises(Mistaken, match="other signs"):
        read_calibration(tree | {"signs": ["shoe_size"]})
    with pytest.raises(Mistaken, match="slope"):
        read_calibration(tree | {"slope": 0})


def test_trees_are_listed_as_plain_numbers() -> None:
    signs, right = examples(300)
    listed = tree_lists(grow(signs, right, np.zeros(len(right)), Growth(trees=2, depth=2, rate=0.1)))
    assert json.loads(json.dumps(listed)) == listed


def test_no_sign_is_a_name_a_group_or_a_place() -> None:
    assert all(sign.endswith(("_bits", "_level", "_side")) for sign in SIGNS)


@pytest.mark.parametrize("probability", [0.001, 0.4, 0.9999])
def test_the_likeliest_stays_the_likeliest_and_all_adds_up_to_one(probability: float) -> None:
    chances = recalibrated(Posterior(candidates=(0.3, 0.5, 0.1), absent=0.1), 1, probability)
    assert chances.candidates[1] == probability
    assert max(chances.candidates) == probability
    assert sum(chances.candidates) + chances.absent == pytest.approx(1)


def test_a_posterior_that_left_no_doubt_gives_the_doubt_to_absence() -> None:
    assert recalibrated(Posterior(candidates=(1.0,), absent=0.0), 0, 0.75).absent == 0.25


def test_the_model_that_ships_was_calibrated() -> None:
    calibration = read_model(default_text()).calibration
    assert calibration is not None
    assert calibration.trees


def test_trees_of_unlike_depth_are_read_alike_one_by_one_and_all_at_once() -> None:
    rng = np.random.default_rng(3)
    shallow = Tree((0,), (0.5,), (1.0, -1.0))
    deep = Tree((1, 0, 2), (0.25, 0.75, 0.5), (1.0, 2.0, 4.0, 8.0))
    examples = rng.random((200, 3))
    assert Forest((shallow, deep)).added((0.5, 0.25, 0.9)) == 1.0 + 1.0
    assert Forest((shallow, deep)).added((0.6, 0.3, 0.9)) == -1.0 + 8.0
    assert Forest(()).added((0.1, 0.2, 0.3)) == 0.0
    together = added_all((shallow, deep), examples)
    assert together.tolist() == [Forest((shallow, deep)).added(row) for row in examples.tolist()]
