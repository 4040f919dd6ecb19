"""Spans of arrays: runs of unequal length laid out flat, and numbers once each in order.

Rule of the room: `np.unique` is asked only where it sorts; without an inverse it hashes, which is slower here.
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
    owner = np.repeat(np.arange(len(lengths)), lengths)
    begins = np.cumsum(lengths) - lengths
    return owner, np.arange(len(owner)) + (starts - begins)[owner]


def ascending(numbers: NDArray[Numbers]) -> NDArray[Numbers]:
    """Return the numbers sorted, each once."""
    ranked = np.sort(numbers)
    once = np.ones(len(ranked), np.bool_)
    once[1:] = ranked[1:] != ranked[:-1]
    return ranked[once]


def among(numbers: NDArray[Numbers], ranked: NDArray[Numbers]) -> Flags:
    """Return which of the numbers stand among those of `ranked`, which ascend."""
    if not len(ranked):
        return np.zeros(len(numbers), np.bool_)
    place = np.minimum(np.searchsorted(ranked, numbers), len(ranked) - 1)
    return np.asarray(ranked[place] == numbers, np.bool_)


def compact(numbers: Int64s, size: int) -> tuple[Int64s, Int64s]:
    """Return which numbers below `size` are met, ascending and 0 first, and where each stands among them."""
    met = np.zeros(size, np.bool_)
    met[numbers] = True
    met[:1] = True
    return np.flatnonzero(met), (np.cumsum(met) - 1)
