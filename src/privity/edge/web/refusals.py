"""Pages for what went wrong: no such page, not allowed, not now."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from privity.edge.web.drawing import draw


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for an address that leads nowhere."""
    return draw(request, "not_found", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for what this person may not do."""
    return draw(request, "forbidden", status=403)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from our own page, or came too late."""
    return draw(request, "forgery", status=403)


def defect(request: HttpRequest) -> HttpResponse:
    """Return the page for a defect of ours. It asks nothing of desk, session or database."""
    return HttpResponse(render_to_string("defect.jinja"), status=500)
