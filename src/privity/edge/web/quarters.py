"""One published quarter as one view model: page, chart, CSV and JSON are drawn from it and from nothing else."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from privity.casework.public_desk import Published
from privity.edge.web.figures import Figures, Row
from privity.statistics.classes import DECIDED, WHOLE, Apart
from privity.statistics.counts import Column
from privity.statistics.quarter import Quarter
from privity.statistics.suppression import Suppression

MONTHS = (
    "January to March %(year)s",
    "April to June %(year)s",
    "July to September %(year)s",
    "October to December %(year)s",
)
REFUSALS: Mapping[str, str] = {
    "terms": "the terms of the agreement",
    "public-interest": "not in the public interest",
    "no-agreement": "no agreement in force",
    "no-reason-recorded": "no reason recorded",
}
"""The reasons for refusal as a page shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMark:
    """A change of terms: `family` is whose terms, `name` the text or act, `change` what happened to it."""

    day: date
    family: str
    name: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterCells:
    """One kind of requester, every cell as it is shown; an empty cell is not published.

    `wanted` is what for, where the row is of one class of its requests only, and `word` is the agreement's word for it.
    """

    name: str
    wanted: str
    word: str
    received: str
    outcomes: Mapping[str, str]
    refusals: Mapping[str, str]
    cited: tuple[tuple[str, str], ...]
    in_time: str
    late: str
    unanswered: str
    trace_rate: str
    overdue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCells:
    """How often one class of a requester's requests was refused, as published; an empty cell is not published.

    `low` and `high` are between which thousandths the rate lies; `low` is 0 and `high` 1,000 where nothing can be said.
    """

    cells: RequesterCells
    refused: str
    decided: str
    rate: str
    low: int
    high: int
    apart: Apart

    @property
    def says_something(self) -> bool:
        """Return whether the interval leaves anything out."""
        return self.low > 0 or self.high < WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterView:
    """A published quarter, ready to be drawn. `chart` is None where counts are shown in bands."""

    quarter: Quarter
    rows: tuple[RequesterCells, ...]
    classes: tuple[ClassCells, ...]
    total: Mapping[str, str]
    total_received: str
    events: Mapping[str, str]
    debts: Mapping[str, str]
    markers: tuple[SeriesMark, ...]
    is_banded: bool
    chart: Figures | None
    sha256: str
    ledger_size: int
    file_name: str
    published_on: date
    is_made_up: bool


def quarter_view(published: Published) -> QuarterView:
    """Return the view of a published quarter."""
    made = published.publication
    contents = made.contents
    rows, total = contents["requesters"], contents.get("total")
    events, markers = contents["events"], contents["markers"]
    assert isinstance(rows, list)
    assert isinstance(events, dict)
    assert isinstance(markers, list)
    banded = made.setting is not Suppression.EXACT
    return QuarterView(
        quarter=made.quarter,
        rows=tuple(_cells(row, published) for row in rows),
        classes=class_cells(published),
        total={name: str(count) for name, count in total["outcomes"].items()} if isinstance(total, dict) else {},
        total_received=str(total["received"]) if isinstance(total, dict) else "",
        events={name: str(count) for name, count in events.items()},
        debts=_debts(contents.get("debts")),
        markers=quarter_marks(markers),
        is_banded=banded,
        chart=None if banded else _figures(made.quarter, rows, published.names),
        sha256=made.sha256,
        ledger_size=made.ledger_size,
        file_name=made.file_name,
        published_on=published.published_on,
        is_made_up=made.is_made_up,
    )


def _cells(row: Mapping[str, object], published: Published) -> RequesterCells:
    def part(name: str) -> Mapping[str, str]:
        found = row.get(name, {})
        assert isinstance(found, dict)
        return {key: str(count) for key, count in found.items()}

    timeliness, rate = part("timeliness"), row.get("trace-rate-per-mille")
    name = str(row["requester"])
    return RequesterCells(
        name=published.names.get(name, name),
        wanted=class_words(published, name, row["class"]) if "class" in row else "",
        word=str(row.get("class", "")),
        received=str(row.get("received", "")),
        outcomes=part("outcomes"),
        refusals=part("refusals"),
        cited=tuple(part("clauses").items()),
        in_time=timeliness.get("in-time", ""),
        late=timeliness.get("late", ""),
        unanswered=timeliness.get("unanswered", ""),
        trace_rate="" if rate is None else f"{int(str(rate)) / 10:.1f}%",
        overdue=str(row.get("destruction-overdue", "")),
    )


def class_cells(published: Published) -> tuple[ClassCells, ...]:
    """Return every class of request that a publication tells of; none where its format had no classes."""
    rows = published.publication.contents["requesters"]
    assert isinstance(rows, list)
    found = []
    for row in rows:
        parts = [row] if "class" in row else row.get("classes", [])
        found += [_class_cells(str(row["requester"]), part, published) for part in parts]
    return tuple(found)


def class_words(published: Published, family: str, purpose: object) -> str:
    """Return what a class of request is for, in the agreement's words."""
    known = published.classes.get((family, str(purpose)), "")
    return known.removeprefix("to ") if known else str(purpose).replace("-", " ")


def _class_cells(family: str, part: Mapping[str, object], published: Published) -> ClassCells:
    outcomes, rate = part["outcomes"], part.get("refusal-rate-per-mille")
    assert isinstance(outcomes, dict)
    refused = outcomes.get(Column.REFUSED)
    decided = sum(outcomes[column] for column in DECIDED) if isinstance(refused, int) else ""
    return ClassCells(
        cells=_cells({"requester": family, **part}, published),
        refused="" if refused is None else str(refused),
        decided=str(decided),
        rate="" if rate is None else f"{int(str(rate)) / 10:.1f}%",
        low=int(str(part["refusal-low-per-mille"])),
        high=int(str(part["refusal-high-per-mille"])),
        apart=Apart(str(part["apart"])),
    )


def _figures(quarter: Quarter, rows: Sequence[Mapping[str, object]], names: Mapping[str, str]) -> Figures:
    drawn = []
    for row in rows:
        outcomes = row["outcomes"]
        assert isinstance(outcomes, dict)
        name = str(row["requester"])
        counted = {column.value: int(outcomes.get(column.value, 0)) for column in Column}  # an older format has fewer
        drawn.append(Row(requester=names.get(name, name), received=int(str(row["received"])), outcomes=counted))
    total = {column.value: sum(row.outcomes[column.value] for row in drawn) for column in Column}
    return Figures(
        year=quarter.year,
        rows=tuple(drawn),
        total=Row(requester="All requesters", received=sum(total.values()), outcomes=total),
    )


def quarter_csv(view: QuarterView) -> str:
    """Return the quarter as CSV: lines of metadata that begin with `#`, a header line, one row a requester.

    Where the publication tells classes of request, they have a column and rows of their own; a requester's row of all
    its requests leaves the column empty.
    """
    text = io.StringIO()
    setting = "bands of ten, no totals" if view.is_banded else "exact"
    text.write(f"# requests for demographic data received in {view.quarter.name}\r\n")
    text.write(f"# counted from the first {view.ledger_size} entries of the ledger; shown: {setting}\r\n")
    text.write(f"# publication sha256 {view.sha256}\r\n")
    if view.is_made_up:
        text.write("# made up: a demonstration, no such person or request exists\r\n")
    writer = csv.writer(text, lineterminator="\r\n")
    columns = [column.value for column in Column if column.value in (view.rows[0].outcomes if view.rows else {})]
    refusals = [f"refused:{reason}" for reason in REFUSALS]
    rest = ["in-time", "late", "unanswered", "trace-rate", "destruction-overdue"]
    classed = ["class"] if view.classes else []
    writer.writerow(["period", "requester", *classed, "received", *columns, *refusals, *rest])
    for row in (*view.rows, *(() if view.is_banded else (each.cells for each in view.classes))):
        writer.writerow(
            [
                view.quarter.name,
                row.name,
                *(row.word for _ in classed),
                row.received,
                *(row.outcomes[name] for name in columns),
                *(row.refusals[reason] for reason in REFUSALS),
                row.in_time,
                row.late,
                row.unanswered,
                row.trace_rate,
                row.overdue,
            ]
        )
    return text.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPoint:
    """One quarter on the series: how many requests, its bar in a box 1,000 wide, and the changes that fell in it."""

    quarter: Quarter
    received: int
    width: float
    marks: tuple[SeriesMark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The quarters in the order of time, each with every change of terms where it took effect.

    `earlier` are the changes before the first quarter shown.
    """

    points: tuple[SeriesPoint, ...]
    earlier: tuple[SeriesMark, ...]


def series(published: Sequence[Published]) -> Series:
    """Return the series of the exact publications, oldest first; banded ones have no number to draw."""
    exact = [each.publication for each in published if each.publication.setting is Suppression.EXACT]
    exact.sort(key=lambda made: made.quarter)
    if not exact:
        return Series(points=(), earlier=())
    marks = quarter_marks(exact[-1].contents["markers"])
    counts = [int(str(made.contents["total"]["received"])) for made in exact]  # type: ignore[index]  # checked when read
    most = max(*counts, 1)
    points = tuple(
        SeriesPoint(
            quarter=made.quarter,
            received=count,
            width=round(1000 * count / most, 1),
            marks=tuple(mark for mark in marks if made.quarter.covers(mark.day)),
        )
        for made, count in zip(exact, counts, strict=True)
    )
    return Series(points=points, earlier=tuple(mark for mark in marks if mark.day < exact[0].quarter.first))


def months_of(quarter: Quarter) -> str:
    """Return the months of a quarter in the reader's language: `January to March 2017`."""
    return gettext(MONTHS[quarter.number - 1]) % {"year": quarter.year}


def quarter_marks(markers: object) -> tuple[SeriesMark, ...]:
    """Return the markers of a publication, in the order of the days they took effect."""
    assert isinstance(markers, list)
    found = []
    for written in markers:
        family, _, name = str(written["agreement"]).partition("@")
        day, change = date.fromisoformat(written["effective"]), str(written["change"])
        found.append(SeriesMark(day=day, family=family, name=name, change=change))
    return tuple(sorted(found, key=lambda mark: (mark.day, mark.family, mark.name)))


def _debts(written: object) -> Mapping[str, str]:
    return {name: str(count) for name, count in written.items()} if isinstance(written, dict) else {}
