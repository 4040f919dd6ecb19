"""The agreements online, what lies beside them, and the register of them."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privity.edge.web import door
from privity.edge.web.admission import answered
from privity.edge.web.beside import side_by_side
from privity.edge.web.drawing import draw
from privity.edge.web.public_door import public


@require_safe
@answered
def agreements(request: HttpRequest) -> HttpResponse:
    """Return every agreement with its versions, suspensions and end, and the days nobody could read it."""
    return draw(request, "agreements", {"agreements": public().agreements(), "here": "situation"})


@require_safe
@answered
def differences(request: HttpRequest, family: str, before: str, after: str) -> HttpResponse:
    """Return what changed from one version to the next."""
    found = public().differences(family, before, after)
    shown = {"called": called(family), "before": before, "after": after, "found": found, "here": "situation"}
    of_itself = [(name, _of_itself(family, name)) for name in (before, after)]
    return draw(request, "differences", {**shown, "family": family, "of_itself": of_itself})


def _of_itself(family: str, version: str) -> tuple[str, ...]:
    """Return what a text says of itself before its first clause: for one, whose words they are."""
    passages = side_by_side(door.desk().agreement(family, version)[0], "").passages
    return passages[0].paragraphs if passages and passages[0].depth == 1 else ()


@require_safe
@answered
def papers(request: HttpRequest, family: str, version: str) -> HttpResponse:
    """Return how a version came about, and every paper that is attached to it."""
    found = public().attached(family, version)
    passages = [(paper, side_by_side(paper.text, "").passages) for paper in found.papers]
    given = {"family": family, "version": version, "found": found, "attached": passages, "here": "situation"}
    return draw(request, "papers", {**given, "called": called(family)})


@require_safe
@answered
def plan(request: HttpRequest, family: str) -> HttpResponse:
    """Return the plan by which an agreement is revised, phase by phase."""
    return draw(request, "plan", {"called": called(family), "plan": public().plan(family), "here": "situation"})


def called(family: str) -> str:
    """Return what the requesters under an agreement are called."""
    return next((line.requester for line in public().agreements() if line.family == family), family)


@require_safe
@answered
def register(request: HttpRequest) -> HttpResponse:
    """Return the register of agreements as CSV, 18 fields a version."""
    rows = public().register_of_agreements()
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["information-sharing-agreement"], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    headers = {"Content-Disposition": 'attachment; filename="agreements.csv"'}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)
