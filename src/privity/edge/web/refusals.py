"""Pages for what went wrong: not readable, no such page, not allowed, not now."""

import re

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from privity.edge.web.drawing import draw

STEP_OF_A_CASE = re.compile(r"/cases/(PRV-[0-9A-Z]{26})/.")
"""A page of one case beyond its first: what leads there is only open while the case stands where it stood."""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for an address that leads nowhere."""
    found = STEP_OF_A_CASE.match(request.path)
    return draw(request, "not_found", {"moved_on": found[1] if found else ""}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for what this person may not do."""
    return draw(request, "forbidden", status=403)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from our own page, or came too late."""
    return draw(request, "forgery", status=403)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return that what was sent is no form, or comes to another name. It reads neither the form nor who sent it."""
    told = _("Nothing was done: what was sent cannot be read.")
    return HttpResponse(f"{told}\n", content_type="text/plain; charset=utf-8", status=400)


def defect(request: HttpRequest) -> HttpResponse:
    """Return the page for a defect of ours. It asks nothing of desk, session or database."""
    return HttpResponse(render_to_string("defect.jinja"), status=500)
