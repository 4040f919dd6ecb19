"""Somebody who has every public figure and an integer-programming solver, and wants to know a hidden count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

MOST = 10_000
Cell = tuple[str, ...]


@dataclass(slots=True)
class Attacker:
    """What is known of each cell, and which sums of cells are known to lie where."""

    cells: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    sums: list[tuple[Mapping[Cell, int], float, float]] = field(default_factory=list)

    def knows(self, cell: Cell, least: int, most: int) -> None:
        """Learn that a cell lies between two numbers."""
        low, high = self.cells.get(cell, (0, MOST))
        self.cells[cell] = (max(low, least), min(high, most))

    def knows_sum(self, cells: Sequence[Cell], least: int, most: int) -> None:
        """Learn that some cells add up to something between two numbers."""
        self.sums.append((dict.fromkeys(cells, 1), least, most))

    def knows_weighted(self, weights: Mapping[Cell, int], least: int) -> None:
        """Learn that a weighted sum of cells is at least some number, as a published rate says."""
        self.sums.append((weights, least, np.inf))

    def width(self, cell: Cell) -> int:
        """Return how many values of a cell no published figure rules out (counted between the least and the most)."""
        names = {name: at for at, name in enumerate(self.cells)}
        rows = np.zeros((len(self.sums), len(names)))
        for at, (summed, _, _) in enumerate(self.sums):
            for each, weight in summed.items():
                rows[at, names[each]] = weight
        known = [LinearConstraint(rows, [low for _, low, _ in self.sums], [high for _, _, high in self.sums])]
        bounds = Bounds([low for low, _ in self.cells.values()], [high for _, high in self.cells.values()])
        aim = np.zeros(len(names))
        found = []
        for sign in (1, -1):
            aim[names[cell]] = sign
            solved = milp(aim, constraints=known if self.sums else (), bounds=bounds, integrality=np.ones(len(names)))
            assert solved.success, solved.message
            found.append(round(sign * solved.fun))
        return int(found[1] - found[0] + 1)


def learn_span(shown: str) -> tuple[int, int]:
    """Return what a shown cell says: a number, a band, a hidden small count, a count rounded to five."""
    if "-" in shown:
        least, _, most = shown.partition("-")
        return int(least), int(most)
    if shown == "*":
        return 1, 7
    if shown == "0":
        return 0, 0
    return max(int(shown) - 2, 8), int(shown) + 2


def small(true: Mapping[Cell, int]) -> list[Cell]:
    """Return the cells that suppression is there for."""
    return [cell for cell, count in true.items() if 1 <= count <= 7]
