"""Recalibration: from what the likeliest record shows to how often such a record is the person sought.

The posterior is right as far as fields are independent, which they are not. Trees grown on traces whose truth
is known (boosting.py) correct its log-odds.

Rules of the room:
- A sign is a level, a weight or a probability: never a name, a group, a place or a day.
- The correction is of the likeliest record only (signs.recalibrated).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np

from privity.errors import Mistaken
from privity.trace.boosting import (
    Flags,
    Floats,
    Forest,
    Growth,
    Tree,
    added_all,
    grow,
    logistic,
    read_trees,
    tree_lists,
)
from privity.trace.comparison import LEVELS

_NEWTON_STEPS = 12
SIGNS = (
    "posterior_bits", "lead_bits", "absent_bits", "weight_bits", "relative_bits", "register_bits", "candidates_bits",
    "names_bits", "namesakes_bits", "bearers_bits", "new_year_bits", "default_side", "kin_bits", "kin_there_bits",
    "asked_given_bits", "asked_family_bits", "given_spelling_level", "family_spelling_level", "birth_parts_level",
    *(f"{field.value}_level" for field in LEVELS), *(f"{field.value}_bits" for field in LEVELS),
)  # fmt: skip
"""What a calibration may look at, in order.

`namesakes` are the other records compared whose given and family name agree; `bearers` all records with both names.
`new_year_bits` says how usual a 1st of January is among their bearers; `default_side` on whose side one stands.
`kin_bits` says how much the other records look like relatives of the person sought, and `kin_there` are those of the
family name where the particulars say: whose family lives there, and is not there, is likelier in no register at all.
`asked_given_bits` and `asked_family_bits` say how many records bear the names as they were asked for: a name that many
bear is seldom a slip for another. `given_spelling` and `family_spelling` are how alike the names are spelt, 0 to 1.
`birth_parts` says which parts of the date of birth differ: 1 the day, 2 the month, 4 the year, added up.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """log-odds = slope * log-odds of the posterior + offset + the sum of the trees."""

    slope: float
    offset: float
    trees: tuple[Tree, ...]
    forest: Forest = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "forest", Forest(self.trees))

    def probability(self, signs: Sequence[float]) -> float:
        """Return P(the likeliest record is the person sought, given its signs)."""
        return logistic(self.slope * signs[0] * log(2) + self.offset + self.forest.added(signs))

    def probabilities(self, signs: Floats) -> Floats:
        """Return the same for many: one row of signs a record."""
        odds = self.slope * signs[:, 0] * log(2) + self.offset + added_all(self.trees, signs)
        shrunk = np.exp(-np.abs(odds))
        chances: Floats = np.where(odds >= 0, 1 / (1 + shrunk), shrunk / (1 + shrunk))
        return chances


def learn(examples: Floats, right: Flags, growth: Growth, counts: Floats | None = None) -> Calibration:
    """Return the calibration that examples of known truth make likeliest: one row of signs an example.

    Args:   counts: for how many examples each one stands; None where each stands for itself.
    Raises: Mistaken: there is nothing to tell apart.
    """
    if right.all() or not right.any():
        raise Mistaken(
            "no calibration was learnt",
            why="all traces are right, or all are wrong",
            next_step="add traces of people who are absent, and of people who are present",
        )
    each = np.ones(len(right)) if counts is None else counts
    slope, offset = _platt(examples[:, 0] * log(2), right, each)
    start = slope * examples[:, 0] * log(2) + offset
    return Calibration(slope=slope, offset=offset, trees=grow(examples, right, start, growth, each))


def _platt(odds: Floats, right: Flags, counts: Floats) -> tuple[float, float]:
    """Return slope and offset of the log-odds by Newton's method, slightly drawn to 1 and 0."""
    slope, offset, target = 1.0, 0.0, right.astype(np.float64)
    for _ in range(_NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(slope * odds + offset, -50, 50)))
        error, bend = counts * (chance - target), counts * chance * (1 - chance)
        first, second = float((error * odds).sum()) + slope - 1, float(error.sum()) + offset
        a, b, c = float((bend * odds**2).sum()) + 1, float((bend * odds).sum()), float(bend.sum()) + 1
        whole = a * c - b * b
        slope, offset = slope - (c * first - b * second) / whole, offset - (a * second - b * first) / whole
        slope = min(max(slope, 0.2), 3.0)
    return float(f"{slope:.6g}"), float(f"{offset:.6g}")


def calibration_tree(calibration: Calibration) -> dict[str, object]:
    """Return a calibration as a model file holds it."""
    return {
        "signs": list(SIGNS),
        "slope": calibration.slope,
        "offset": calibration.offset,
        "trees": tree_lists(calibration.trees),
    }


def read_calibration(value: object) -> Calibration | None:
    """Return the calibration in a model file, None where there is none.

    Raises: Mistaken: it is not whole, or made for other signs.
    """
    if value is None:
        return None
    if not isinstance(value, Mapping) or value.get("signs") != list(SIGNS):
        raise _refused("its calibration was made for other signs")
    slope, offset = value.get("slope"), value.get("offset")
    if not isinstance(slope, int | float) or not isinstance(offset, int | float) or not slope > 0:
        raise _refused("its calibration has no slope and offset")
    return Calibration(slope=float(slope), offset=float(offset), trees=read_trees(value.get("trees"), len(SIGNS)))


def _refused(why: str) -> Mistaken:
    return Mistaken("the model was not accepted", why=why, next_step="use a model that `privity trace calibrate` wrote")
