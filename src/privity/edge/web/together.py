"""Several custodians' figures of one quarter as one view model: the page and the CSV are drawn from it alone."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from privity.casework.public_desk import Together, TogetherSource
from privity.edge.web.quarters import months_of
from privity.statistics.combine import Span
from privity.statistics.counts import Column
from privity.statistics.quarter import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherRow:
    """One kind of requester over all custodians. `received` is the sum of the others."""

    family: str
    name: str
    received: Span
    outcomes: Mapping[Column, Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherView:
    """One quarter over several custodians, ready to be drawn. `has_bands`: somebody shows counts in bands."""

    quarter: Quarter
    months: str
    sources: tuple[TogetherSource, ...]
    rows: tuple[TogetherRow, ...]
    total: TogetherRow
    has_bands: bool


def together_view(found: Together) -> TogetherView:
    """Return the view of a combined quarter."""
    rows = tuple(
        _row(family, found.names.get(family, family.replace("-", " ")), dict(cells))
        for family, cells in found.combined.rows
    )
    sums = {column: sum((row.outcomes[column] for row in rows), start=Span()) for column in Column}
    return TogetherView(
        quarter=found.quarter,
        months=months_of(found.quarter),
        sources=found.sources,
        rows=rows,
        total=_row("", "", sums),
        has_bands=any(span.least != span.most for row in rows for span in row.outcomes.values()),
    )


def _row(family: str, name: str, cells: Mapping[Column, Span]) -> TogetherRow:
    return TogetherRow(family=family, name=name, received=sum(cells.values(), start=Span()), outcomes=dict(cells))


def together_csv(view: TogetherView) -> str:
    """Return the quarter as CSV: metadata in lines that begin with `#`, then a least and a most for every count."""
    text = io.StringIO()
    text.write(f"# requests for demographic data received in {view.quarter.name}, {len(view.sources)} custodians\r\n")
    for source in view.sources:
        text.write(f"# {source.origin}: {source.setting.value}, publication sha256 {source.sha256}\r\n")
    writer = csv.writer(text, lineterminator="\r\n")
    names = ["received", *(column.value for column in Column)]
    writer.writerow(["period", "requester", *(f"{name}:{end}" for name in names for end in ("least", "most"))])
    for row in view.rows:
        spans = [row.received, *(row.outcomes[column] for column in Column)]
        writer.writerow([view.quarter.name, row.family, *(end for span in spans for end in (span.least, span.most))])
    return text.getvalue()
