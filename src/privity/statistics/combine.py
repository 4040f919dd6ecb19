"""Several custodians' publications of one quarter as one picture: the feed that no one custodian can give.

Rules of the module:
- Publications are taken as they are: what one shows exactly is added up, what one shows in bands is added up as a
  least and a most.
- A custodian is counted once. Two publications of the same ledger for the same quarter are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from privity.errors import Mistaken
from privity.statistics.counts import Column
from privity.statistics.publication import Publication
from privity.statistics.suppression import Suppression


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A count known to lie between two numbers, both included; the same number where it is exact."""

    least: int = 0
    most: int = 0

    def __add__(self, other: "Span") -> "Span":
        return Span(least=self.least + other.least, most=self.most + other.most)

    def __str__(self) -> str:
        return str(self.least) if self.least == self.most else f"{self.least}-{self.most}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Combined:
    """One quarter over several custodians: per kind of requester, how many requests stood where."""

    period: str
    custodians: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Column, Span], ...]], ...]


def combine(publications: Sequence[Publication]) -> Combined:
    """Return the publications of one quarter as one.

    Raises: Mistaken: none are given, their quarters differ, one custodian is there twice, or a count is none.
    """
    periods = {made.quarter.name for made in publications}
    origins = [str(made.contents["origin"]) for made in publications]
    if len(periods) != 1 or len(set(origins)) != len(origins):
        raise Mistaken(
            "the publications were not combined",
            why="they are not of one quarter" if len(periods) != 1 else "one custodian is there twice",
            next_step="give one publication of each custodian, all of the same quarter",
        )
    if len({made.is_made_up for made in publications}) != 1:
        raise Mistaken(
            "the publications were not combined",
            why="some are of a demonstration, whose figures are invented, and some are not",
            next_step="leave the invented ones out",
        )
    found: dict[str, dict[Column, Span]] = {}
    for made in publications:
        for requester, cells in _rows(made):
            kept = found.setdefault(requester, {column: Span() for column in Column})
            for column, span in cells.items():
                kept[column] += span
    rows = tuple((name, tuple(found[name].items())) for name in sorted(found))
    return Combined(period=periods.pop(), custodians=tuple(sorted(origins)), rows=rows)


def _rows(made: Publication) -> list[tuple[str, dict[Column, Span]]]:
    rows = made.contents["requesters"]
    assert isinstance(rows, list)
    try:
        return [(str(row["requester"]), _cells(row, made.setting)) for row in rows]
    except (AttributeError, KeyError, ValueError) as wrong:
        raise Mistaken(
            "the publications were not combined",
            why="one of them has a row that is no row, or a count that is no count",
            next_step="fetch the file again, and have it counted again with `privity statistics verify`",
        ) from wrong


def _cells(row: dict[str, dict[str, object]], setting: Suppression) -> dict[Column, Span]:
    if setting is Suppression.EXACT:
        return {Column(name): _exactly(int(str(count))) for name, count in row["outcomes"].items()}
    cells = {Column(name): _band(str(count)) for name, count in row["outcomes"].items()}
    refused = Span()
    for count in row["refusals"].values():
        refused += _band(str(count))
    return cells | {Column.REFUSED: refused}


def _exactly(count: int) -> Span:
    return Span(least=count, most=count)


def _band(shown: str) -> Span:
    least, _, most = shown.partition("-")
    return Span(least=int(least), most=int(most))
