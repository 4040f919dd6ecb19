"""How long a session lasts: half an hour after the last page, eight hours in all."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from privity.edge.web import door
from privity.edge.web.drawing import IDLE_SECONDS

WHOLE_SECONDS = 8 * 60 * 60
NOTED_EVERY_SECONDS = 60
"""Writing down each page would cost a durable write a page; a minute's blur costs a minute."""
BEGUN, SEEN = "begun_at", "seen_at"
Answering = Callable[[HttpRequest], HttpResponseBase]


class SessionsEnd:
    """Middleware: signs out whoever was away too long, and says so where they sign in again."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(door.now().timestamp())
            begun, seen = request.session.get(BEGUN, now), request.session.get(SEEN, now)
            if now - seen > IDLE_SECONDS or now - begun > WHOLE_SECONDS:
                logout(request)
                messages.info(request, _("You were signed out, because you were away or signed in for too long."))
                if request.method == "POST":
                    messages.info(request, _("What you sent last was not recorded."))
            elif SEEN not in request.session or now - seen >= NOTED_EVERY_SECONDS:
                request.session[BEGUN], request.session[SEEN] = begun, now
        return self.get_response(request)
