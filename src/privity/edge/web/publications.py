"""Published quarters: one page each, the bytes themselves, CSV, and the series with every change of terms."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privity.casework.public_desk import Published, Together
from privity.edge.web.admission import answered
from privity.edge.web.chart import DRAWN_ORDER, WIDTH, bars
from privity.edge.web.drawing import draw
from privity.edge.web.public_door import public, publishes_exactly
from privity.edge.web.quarters import REFUSALS, months_of, quarter_csv, quarter_view, series
from privity.edge.web.together import together_csv, together_view
from privity.errors import Mistaken, PrivityError
from privity.statistics.counts import Column
from privity.statistics.quarter import Quarter, read_quarter

FOR_GOOD = "public, max-age=31536000, immutable"
"""A publication never changes, so whoever has it need not ask again."""


@require_safe
@answered
def quarters(request: HttpRequest) -> HttpResponse:
    """Return the series of published quarters, with the days on which the terms changed."""
    published = public().publications()
    views = [quarter_view(each) for each in published]
    names = dict(published[0].names) if published else {}
    shown = {"views": views, "months": months_of, "series": series(published), "names": names, "here": "statistics"}
    return draw(request, "quarters", {**shown, "has_years": publishes_exactly()})


@require_safe
@answered
def quarter(request: HttpRequest, period: str) -> HttpResponse:
    """Return one published quarter."""
    view = quarter_view(_published(period))
    drawn: dict[str, object] = {"others": _others(view.quarter), "months": months_of}
    drawn |= {"bars": bars(view.chart), "width": WIDTH, "drawn_order": DRAWN_ORDER} if view.chart else {"bars": ()}
    return draw(request, "quarter", {"view": view, "refusals": REFUSALS, "here": "statistics", **drawn})


@require_safe
@answered
def quarter_bytes(request: HttpRequest, period: str) -> HttpResponse:
    """Return the publication itself, byte for byte as its digest names it."""
    made = _published(period).publication
    return _download(made.text, "application/json", made.file_name, made.sha256)


@require_safe
@answered
def quarter_table(request: HttpRequest, period: str) -> HttpResponse:
    """Return the quarter as CSV, its metadata in the first lines."""
    view = quarter_view(_published(period))
    return _download(
        quarter_csv(view).encode(), "text/csv; charset=utf-8", f"requests-{view.quarter.name}.csv", view.sha256
    )


@require_safe
@answered
def together(request: HttpRequest, period: str) -> HttpResponse:
    """Return one quarter over all custodians whose figures are here."""
    view = together_view(_together(period))
    return draw(request, "together", {"view": view, "given": tuple(Column), "here": "statistics"})


@require_safe
@answered
def together_table(request: HttpRequest, period: str) -> HttpResponse:
    """Return the same as CSV: a least and a most for every count."""
    view = together_view(_together(period))
    name = f"requests-{view.quarter.name}-together.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(together_csv(view), content_type="text/csv; charset=utf-8", headers=headers)


def _others(quarter: Quarter) -> int:
    """Return how many other custodians' figures of a quarter are here; none where they cannot be read."""
    try:
        found = public().together(quarter)
    except PrivityError:
        return 0
    return sum(not source.is_own for source in found.sources) if found else 0


def _together(period: str) -> Together:
    found = public().together(read_quarter(period))
    if found is None:
        raise Mistaken(
            "the figures were not found",
            why="no other custodian's figures of that quarter are here",
            next_step="choose a quarter from the list",
        )
    return found


def _published(period: str) -> Published:
    wanted = read_quarter(period)
    for each in public().publications():
        if each.publication.quarter == wanted:
            return each
    raise Mistaken(
        "the figures were not found",
        why=f"those of `{wanted.name}` have not been published",
        next_step="choose a quarter from the list",
    )


def _download(content: bytes, kind: str, name: str, digest: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": FOR_GOOD,
        "ETag": f'"{digest}"',
    }
    return HttpResponse(content, content_type=kind, headers=headers)
