"""Gradient-boosted trees, grown and read here: a calibration is numbers in a file, not a pickled object.

    1. values are put into at most 64 bins per sign, by their quantiles in the examples
    2. each tree is grown level by level to a fixed depth; every split is the one that gains most. Of very many examples
       each tree looks at every second, third ..., the next tree at those beside them: as good, and so many times faster
    3. leaves are Newton steps for the logistic loss, shrunk
    4. numbers are rounded as they are kept, so that what was grown and what is read back agree

Rules of the room:
- Nothing is drawn by chance: the same examples give the same trees.
- Ties go to the first sign and the lowest bin.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from privity.errors import Mistaken

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bins = NDArray[np.int64]
_BINS = 64
_RIDGE = 5.0
_SMALLEST_HESSIAN = 2.0
_NEVER = 1e30
_ENOUGH = 200_000
"""Among how many examples a tree's splits are sought, where there are more."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole binary tree: node n goes to 2n+1 where its sign is at most the threshold, else to 2n+2."""

    signs: tuple[int, ...]
    thresholds: tuple[float, ...]
    leaves: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How trees are grown. `rate` shrinks every leaf; `depth` is the number of questions a tree asks."""

    trees: int = 200
    depth: int = 5
    rate: float = 0.1


class Forest:
    """Trees side by side, to be read by the array: all of them for one example, or all examples tree by tree."""

    __slots__ = ("_bottom", "_depth", "_leaves", "_many", "_nodes", "_signs", "_thresholds", "_ways")

    def __init__(self, trees: Sequence[Tree]) -> None:
        deep = max((len(tree.leaves) for tree in trees), default=1)
        whole = [_deepened(tree, deep) for tree in trees]
        self._many, self._depth, self._bottom = len(trees), deep.bit_length() - 1, (deep - 1) * len(trees)
        # Node n of tree t stands at n * trees + t: the first nodes of all trees first, then the second ones.
        self._signs = np.array([tree.signs for tree in whole], np.int64).T.ravel()
        self._thresholds = np.array([tree.thresholds for tree in whole], np.float64).T.ravel()
        self._leaves = np.array([tree.leaves for tree in whole], np.float64).T.ravel()
        self._nodes = 2 * np.arange(self._bottom)
        node, tree_of = np.divmod(np.arange(self._bottom), max(self._many, 1))
        self._ways = ((2 * node + 1)[:, None] + np.arange(2)) * self._many + tree_of[:, None]

    def added(self, signs: Sequence[float]) -> float:
        """Return the sum of the leaves one example falls into: every question is asked at once, then followed down."""
        if not self._depth:
            return sum(self._leaves.tolist())
        seen = np.array(signs, np.float64)
        after = self._ways.take(self._nodes + (seen.take(self._signs) > self._thresholds))
        place = after[: self._many]
        for _ in range(self._depth - 1):
            place = after.take(place)
        return float(self._leaves.take(place - self._bottom).sum())


def _deepened(tree: Tree, leaves: int) -> Tree:
    """Return a tree that answers alike and has as many leaves as the deepest, asking what changes nothing."""
    while len(tree.leaves) < leaves:
        tree = Tree(
            (*tree.signs, *(0 for _ in tree.leaves)),
            (*tree.thresholds, *(_NEVER for _ in tree.leaves)),
            tuple(leaf for one in tree.leaves for leaf in (one, one)),
        )
    return tree


def added_all(trees: Sequence[Tree], signs: Floats) -> Floats:
    """Return the sum of the leaves each example falls into; one row an example, one column a sign."""
    total, rows = np.zeros(len(signs)), np.arange(len(signs))
    for tree in trees:
        asked, thresholds, leaves = np.array(tree.signs), np.array(tree.thresholds), np.array(tree.leaves)
        node = np.zeros(len(signs), np.int64)
        for _ in range(len(leaves).bit_length() - 1):
            node = 2 * node + 1 + (signs[rows, asked[node]] > thresholds[node])
        total += leaves[node - len(asked)]
    return total


def grow(
    examples: Floats, right: Flags, start: Floats, growth: Growth, counts: Floats | None = None
) -> tuple[Tree, ...]:
    """Return trees whose sum, added to `start`, is the log-odds of being right.

    Args: examples: one row an example, one column a sign. start: log-odds to begin with, one an example.
          counts: for how many examples each one stands; None where each stands for itself.
    """
    each = np.ones(len(right)) if counts is None else counts
    edges = [_edges(examples[:, sign]) for sign in range(examples.shape[1])]
    bins = np.stack([np.searchsorted(one, examples[:, sign]) for sign, one in enumerate(edges)])
    odds, target = start.copy(), right.astype(np.float64)
    trees: list[Tree] = []
    apart = max(len(target) // _ENOUGH, 1)
    for number in range(growth.trees):
        chance = 1 / (1 + np.exp(-odds))
        slope, bend = each * (chance - target), each * chance * (1 - chance)
        tree, leaf = _tree(bins, edges, slope, bend, growth, slice(number % apart, None, apart))
        odds += np.array(tree.leaves)[leaf]
        trees.append(tree)
    return tuple(trees)


def _edges(values: Floats) -> Floats:
    """Return the upper ends of the bins of one sign, the last left open."""
    ends = np.unique(np.quantile(values, np.linspace(0, 1, _BINS + 1)[1:-1], method="inverted_cdf"))
    return np.array([float(f"{end:.6g}") for end in np.unique(ends)])


def _tree(
    bins: Bins, edges: Sequence[Floats], slope: Floats, bend: Floats, growth: Growth, some: slice
) -> tuple[Tree, Bins]:
    """Return one tree and the leaf of every example; `some` are those its splits are sought among."""
    seen, slopes_seen, bends_seen = np.ascontiguousarray(bins[:, some]), slope[some], bend[some]
    node = np.zeros(bins.shape[1], np.int64)
    signs: list[int] = []
    thresholds: list[float] = []
    for depth in range(growth.depth):
        split_signs, split_bins = _split(seen, edges, slopes_seen, bends_seen, node[some], 2**depth)
        goes_right = bins[split_signs[node], np.arange(len(node))] > split_bins[node]
        node = 2 * node + goes_right
        signs += split_signs.tolist()
        thresholds += [
            float(edges[sign][place]) if place < len(edges[sign]) else _NEVER
            for sign, place in zip(split_signs.tolist(), split_bins.tolist(), strict=True)
        ]
    count = 2**growth.depth
    slopes, bends = (np.bincount(node, weights=one, minlength=count) for one in (slope, bend))
    leaves = -growth.rate * slopes / (bends + _RIDGE)
    return Tree(tuple(signs), tuple(thresholds), tuple(float(f"{leaf:.6g}") for leaf in leaves)), node


def _split(
    bins: Bins, edges: Sequence[Floats], slope: Floats, bend: Floats, node: Bins, nodes: int
) -> tuple[Bins, Bins]:
    """Return, for each node of one level, the sign and the bin after which it is split best."""
    best_gain = np.full(nodes, 1e-9)
    best_sign = np.zeros(nodes, np.int64)
    best_bin = np.full(nodes, _BINS, np.int64)
    for sign in range(bins.shape[0]):
        if not len(edges[sign]):
            continue
        place = node * (_BINS + 1) + bins[sign]
        slopes, bends = (
            np.bincount(place, weights=one, minlength=nodes * (_BINS + 1)).reshape(nodes, -1).cumsum(axis=1)
            for one in (slope, bend)
        )
        gain = _gain(slopes, bends)[:, : len(edges[sign])]
        where = gain.argmax(axis=1)
        found = gain[np.arange(nodes), where]
        better = found > best_gain
        best_gain[better], best_sign[better], best_bin[better] = found[better], sign, where[better]
    return best_sign, best_bin


def _gain(slopes: Floats, bends: Floats) -> Floats:
    """Return what splitting after each bin gains, given sums up to and with each bin."""
    all_slopes, all_bends = slopes[:, -1:], bends[:, -1:]
    other_slopes, other_bends = all_slopes - slopes, all_bends - bends
    gain = slopes**2 / (bends + _RIDGE) + other_slopes**2 / (other_bends + _RIDGE)
    gain -= all_slopes**2 / (all_bends + _RIDGE)
    too_few = (bends < _SMALLEST_HESSIAN) | (other_bends < _SMALLEST_HESSIAN)
    return np.asarray(np.where(too_few, -1.0, gain), np.float64)


def logistic(odds: float) -> float:
    """Return the probability of natural log-odds."""
    return 1 / (1 + exp(-odds)) if odds >= 0 else exp(odds) / (1 + exp(odds))


def tree_lists(trees: Sequence[Tree]) -> list[dict[str, object]]:
    """Return the trees as a model file holds them."""
    return [{"signs": list(one.signs), "thresholds": list(one.thresholds), "leaves": list(one.leaves)} for one in trees]


def read_trees(value: object, signs: int) -> tuple[Tree, ...]:
    """Return the trees in a model file.

    Raises: Mistaken: a tree is not whole, or asks for a sign that does not exist.
    """
    if not isinstance(value, list):
        raise _refused()
    return tuple(_read_tree(one, signs) for one in value)


def _read_tree(value: object, signs: int) -> Tree:
    if not isinstance(value, Mapping) or set(value) != {"signs", "thresholds", "leaves"}:
        raise _refused()
    asked, thresholds, leaves = (value[key] for key in ("signs", "thresholds", "leaves"))
    numbers = all(isinstance(one, list) for one in (asked, thresholds, leaves)) and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in [*asked, *thresholds, *leaves]
    )
    if not numbers or len(asked) != len(thresholds) or len(leaves) != len(asked) + 1 or len(leaves) & len(asked):
        raise _refused()
    if any(not isinstance(one, int) or not 0 <= one < signs for one in asked):
        raise _refused()
    return Tree(tuple(asked), tuple(map(float, thresholds)), tuple(map(float, leaves)))


def _refused() -> Mistaken:
    return Mistaken(
        "the model was not accepted",
        why="a tree of its calibration is not whole",
        next_step="use a model that `privity trace calibrate` wrote",
    )
