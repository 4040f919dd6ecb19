"""For machines that watch: is it alive, and can it answer."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privity.edge.web import door
from privity.errors import Unavailable

PLAIN = "text/plain; charset=utf-8"


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Return 200 while the program runs, whatever it stands on."""
    return HttpResponse("live\n", content_type=PLAIN)


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Return 200 when the desk is open and its database answers, 503 otherwise; the body says no more."""
    try:
        door.desk().organisations()
    except (Unavailable, DatabaseError):
        return HttpResponse("not ready\n", content_type=PLAIN, status=503)
    return HttpResponse("ready\n", content_type=PLAIN)
