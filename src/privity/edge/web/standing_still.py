"""Pages of an instance that writes nothing now: they are read, and nothing is sent from them.

The acts refuse by themselves. This says so before somebody fills in a form in vain, and covers what is no act: drafts,
saved views, one's own account.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from privity.edge.web import door
from privity.edge.web.drawing import draw

Answering = Callable[[HttpRequest], HttpResponseBase]
READING = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_ALL_THE_SAME = ("/sign-in/", "/sign-out/", "/language/", "/api/", "/restored/")
"""To read, somebody must sign in. Programs are answered by the acts, in their own form. And it is acknowledged here."""


class StandingStill:
    """Middleware: refuses whatever would change something, and says why and what to do."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in READING and not request.path.startswith(OPEN_ALL_THE_SAME):
            refused = door.standstill()
            if refused is not None:
                return draw(request, "unavailable", {"refused": refused}, status=503)
        return self.get_response(request)
