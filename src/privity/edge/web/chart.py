"""Bars for the statistics: lengths in a box 1,000 wide, one scale for all requesters.

The bar is stretched to the page's width, so it holds no letters; names and figures stand beside it.
"""

from dataclasses import dataclass

from privity.edge.web.figures import OUTCOMES, Figures

WIDTH = 1000
DRAWN_ORDER = ("traced", "untraced", "refused", "rejected", "unreadable", "withdrawn", "held", "open")
THINNEST = 3
"""A handful among thousands stays visible."""
GAP = 2
"""Between segments, so that they are told apart without colour."""

assert set(DRAWN_ORDER) == set(OUTCOMES), "every outcome is drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One stretch of a bar: an outcome, its count, and where it lies."""

    outcome: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One requester's bar."""

    requester: str
    received: int
    segments: tuple[Segment, ...]


def bars(table: Figures) -> tuple[Bar, ...]:
    """Return the bars of a table, the longest as wide as the box."""
    most = max((row.received for row in table.rows), default=0)
    room = WIDTH - len(DRAWN_ORDER) * (THINNEST + GAP)
    drawn = []
    for row in table.rows:
        start = 0.0
        segments = []
        for outcome in DRAWN_ORDER:
            count = row.outcomes[outcome]
            if not count:
                continue
            width = round(THINNEST + room * count / most, 2)
            segments.append(Segment(outcome=outcome, count=count, start=round(start, 2), width=width))
            start += width + GAP
        drawn.append(Bar(requester=row.requester, received=row.received, segments=tuple(segments)))
    return tuple(drawn)
