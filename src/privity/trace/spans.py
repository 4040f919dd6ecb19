"""Spans of arrays: runs of unequal length laid out flat, and numbers once each in order.

Rules of the room:
- `np.unique` is asked only where it sorts; without an inverse it hashes, which is slower here.
- Methods of arrays are called, not the functions of their name: a single trace has few items, and many calls.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]
UInt64s = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Numbers = TypeVar("Numbers", bound=np.generic)


def spread(starts: Int64s, lengths: Int64s) -> tuple[Int64s, Int64s]:
    """Return, for every item of every span, the span it belongs to and its place in what the spans point into."""
    owner = np.arange(len(lengths)).repeat(lengths)
    begins = lengths.cumsum() - lengths
    return owner, np.arange(len(owner)) + (starts - begins)[owner]


def ascending(numbers: NDArray[Numbers]) -> NDArray[Numbers]:
    """Return the numbers sorted, each once."""
    ranked = numbers.copy()
    ranked.sort()
    once = np.ones(len(ranked), np.bool_)
    once[1:] = ranked[1:] != ranked[:-1]
    return ranked[once]


def among(numbers: NDArray[Numbers], ranked: NDArray[Numbers]) -> Flags:
    """Return which of the numbers stand among those of `ranked`, which ascend."""
    if not len(ranked):
        return np.zeros(len(numbers), np.bool_)
    place = np.minimum(ranked.searchsorted(numbers), len(ranked) - 1)
    return np.asarray(ranked[place] == numbers, np.bool_)


def compact(numbers: Int64s, size: int) -> tuple[Int64s, Int64s]:
    """Return which numbers below `size` are met, ascending and 0 first, and where each stands among them."""
    met = np.zeros(size, np.bool_)
    met[numbers] = True
    met[:1] = True
    return np.flatnonzero(met), (np.cumsum(met) - 1)
