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
_BITS = 63


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


def by_place(places: Int64s, beside: NDArray[Numbers]) -> tuple[Int64s, NDArray[Numbers]]:
    """Return places ascending, and what stands beside each."""
    order = places.argsort(kind="stable")
    return places[order], beside[order]


def numbered(numbers: Int64s, below: int) -> tuple[Int64s, Int64s]:
    """Return the numbers sorted, each once, and where each of those given stands among them.

    Each is sorted together with its place, in one number where that fits: sorting numbers is many times faster than
    sorting places by them.
    Args: below: what every number is below; none is negative.
    """
    bits = len(numbers).bit_length()
    if below.bit_length() + bits > _BITS:
        order = numbers.argsort(kind="stable")
        ranked = numbers[order]
    else:
        both = (numbers << bits) | np.arange(len(numbers))
        both.sort()
        order, ranked = both & ((1 << bits) - 1), both >> bits
    once = np.ones(len(ranked), np.bool_)
    once[1:] = ranked[1:] != ranked[:-1]
    place = np.empty(len(ranked), np.int64)
    place[order] = once.cumsum() - 1
    return ranked[once], place


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
