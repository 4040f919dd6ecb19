"""Households: who lives with whom, how old they are, and which of them are women.

Ages are as on `AS_OF`. Shares are round figures for a plausible country, not census results.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from privity.edge.synthetic.names import Tradition

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

AS_OF = date(2016, 12, 31)
_SIZE_SHARES = (0.29, 0.34, 0.16, 0.14, 0.05, 0.02)
_LONE_PARENT = 0.15
_TWIN = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Households:
    """One row a person, households in order, first adult first.

    `tradition` is one row a household. `born` are day ordinals.
    """

    tradition: Rows
    household: Rows
    is_partner: Flags
    is_child: Flags
    is_woman: Flags
    born: Rows


def settle(count: int, traditions: tuple[Tradition, ...], rng: Generator) -> Households:
    """Return `count` people in households, the households of one tradition beside each other."""
    sizes = rng.choice(np.arange(1, 7), count, p=_SIZE_SHARES)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), count)) + 1]
    household = np.repeat(np.arange(len(sizes)), sizes)[:count]
    starts = np.cumsum(sizes) - sizes
    position = np.arange(count) - starts[household]
    shares = np.array([tradition.share for tradition in traditions])
    tradition = np.sort(rng.choice(len(traditions), len(sizes), p=shares / shares.sum()))
    is_couple = rng.random(len(sizes)) > _LONE_PARENT
    is_partner = (position == 1) & is_couple[household]
    is_child = (position > 0) & ~is_partner
    first_is_woman = np.where(is_couple, rng.random(len(sizes)) < 0.35, rng.random(len(sizes)) < 0.7)
    same_gender = rng.random(len(sizes)) < 0.02
    is_woman = np.where(is_child, rng.random(count) < 0.49, first_is_woman[household])
    is_woman[is_partner] ^= ~same_gender[household[is_partner]]
    born = _births(sizes, household, is_partner, is_child, rng)
    _default_to_new_year(born, tradition[household], traditions, rng)
    return Households(
        tradition=tradition,
        household=household,
        is_partner=is_partner,
        is_child=is_child,
        is_woman=is_woman.astype(np.bool_),
        born=born,
    )


def _births(sizes: Rows, household: Rows, is_partner: Flags, is_child: Flags, rng: Generator) -> Rows:
    """Return the days of birth: adults 20 to 95, partners near, children 18 to 42 years after, some twins."""
    count, last = len(household), AS_OF.toordinal()
    age = np.where(sizes >= 3, rng.triangular(20, 40, 75, len(sizes)), rng.triangular(18, 45, 98, len(sizes)))
    years = age[household] + rng.random(count)
    years = np.where(is_partner, np.maximum(18.0, years + rng.normal(0, 4, count)), years)
    years = np.where(is_child, years - rng.triangular(18, 28, 42, count), years)
    too_young = years < 0
    years[too_young] = rng.random(int(too_young.sum())) * 2
    born = last - (years * 365.25).astype(np.int64)
    follows = np.flatnonzero(is_child[1:] & is_child[:-1] & (household[1:] == household[:-1])) + 1
    twins = follows[rng.random(len(follows)) < _TWIN]
    born[twins] = born[twins - 1]
    return np.minimum(born, last)


def _default_to_new_year(born: Rows, tradition: Rows, traditions: tuple[Tradition, ...], rng: Generator) -> None:
    """Set to 1 January the births that were put down so, by the tradition's share."""
    shares = np.array([one.new_year_share for one in traditions])
    for row in np.flatnonzero(rng.random(len(born)) < shares[tradition]):
        born[row] = date(date.fromordinal(int(born[row])).year, 1, 1).toordinal()
