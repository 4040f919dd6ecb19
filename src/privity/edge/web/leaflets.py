"""What a practice prints and a person takes home: the notice, the leaflet, and how somebody protects themselves.

All of it is worked out from the situation at the moment of asking, so that what is printed was true that day.
"""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from privity.casework.leaflet import Leaflet
from privity.casework.leaflet import leaflet as leaflet_of
from privity.casework.one_sentence import one_sentence
from privity.edge.web import door
from privity.edge.web.admission import answered
from privity.edge.web.drawing import draw
from privity.edge.web.locale_forms import day
from privity.edge.web.public_door import public
from privity.protection.registration import EFFECTS_OF_YOUR_ADDRESS, EFFECTS_OF_YOUR_FLAG


@require_safe
@answered
def notice(request: HttpRequest) -> HttpResponse:
    """Return the notice for practices: today's truth in large print, on one page of paper."""
    situation = door.desk().situation(door.now())
    sentence = one_sentence(situation, gettext)
    return draw(request, "notice", {"situation": situation, "sentence": sentence, "here": "situation"})


@require_safe
@answered
def leaflet(request: HttpRequest) -> HttpResponse:
    """Return the leaflet, to read or to print."""
    return _drawn(request, large=False)


@require_safe
@answered
def large(request: HttpRequest) -> HttpResponse:
    """Return the leaflet in large print."""
    return _drawn(request, large=True)


@require_safe
@answered
def pdf(request: HttpRequest) -> HttpResponse:
    """Return the leaflet as a PDF."""
    return _as_pdf(request, large=False)


@require_safe
@answered
def large_pdf(request: HttpRequest) -> HttpResponse:
    """Return the leaflet in large print as a PDF."""
    return _as_pdf(request, large=True)


@require_safe
@answered
def protect_yourself(request: HttpRequest) -> HttpResponse:
    """Return what somebody can do who is afraid, and what it does to their care."""
    shown = {"of_a_flag": EFFECTS_OF_YOUR_FLAG, "of_an_address": EFFECTS_OF_YOUR_ADDRESS, "here": "protect-yourself"}
    return draw(request, "protect_yourself", shown)


def _leaflet(request: HttpRequest) -> Leaflet:
    address = request.build_absolute_uri("/leaflet/").partition("://")[2]
    return leaflet_of(door.desk().situation(door.now()), address, _day_words, gettext)


def _day_words(written: str) -> str:
    return day(date.fromisoformat(written))


def _drawn(request: HttpRequest, *, large: bool) -> HttpResponse:
    shown = {"leaflet": _leaflet(request), "large": large, "can_print": public().can_print(), "here": "situation"}
    return draw(request, "leaflet", shown)


def _as_pdf(request: HttpRequest, *, large: bool) -> HttpResponse:
    made = public().leaflet_pdf(_leaflet(request), language=get_language() or "en", large=large)
    name = "leaflet-large.pdf" if large else "leaflet.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
