"""What the public may count: one table as page, chart, CSV and JSON."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from privity.edge.web import door
from privity.edge.web.admission import answered
from privity.edge.web.chart import DRAWN_ORDER, WIDTH, bars
from privity.edge.web.drawing import draw
from privity.edge.web.figures import OUTCOMES, Figures, as_csv, as_json, figures
from privity.edge.web.public_door import publishes_exactly


@require_safe
@answered
def statistics(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Return the table of a year with its chart; of the newest year where none is asked for."""
    if not publishes_exactly():
        return redirect("quarters")
    view = door.desk().statistics(year, door.now())
    table = figures(view)
    return draw(
        request,
        "statistics",
        {
            "table": table,
            "years": view.years,
            "bars": bars(table),
            "width": WIDTH,
            "outcomes": OUTCOMES,
            "drawn_order": DRAWN_ORDER,
            "here": "statistics",
        },
    )


@require_safe
@answered
def statistics_csv(request: HttpRequest, year: int) -> HttpResponse:
    """Return the table of a year as CSV."""
    table = as_csv(_figures(year), made_up=door.shows_made_up_people())
    return _download(table, "text/csv; charset=utf-8", f"requests-{year}.csv")


@require_safe
@answered
def statistics_json(request: HttpRequest, year: int) -> HttpResponse:
    """Return the table of a year as JSON."""
    table = as_json(_figures(year), made_up=door.shows_made_up_people())
    return _download(table, "application/json", f"requests-{year}.json")


def _figures(year: int) -> Figures:
    """Return the table of a year.

    Raises: Mistaken: no exact figures are published here, or nothing was received then.
    """
    return figures(door.desk().statistics(year, door.now()))


def _download(text: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
