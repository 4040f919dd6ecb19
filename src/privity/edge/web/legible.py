"""What a page is sent is text: the one letter that not every database keeps (NUL) is refused before a page sees it.

No keyboard writes it. PostgreSQL takes no text with it, so that a page that looked for one would end in a defect.

Rules of the module:
- Looked at are the address and the fields of a form. The bytes of a file are for whoever reads the file.
- The interface for programs says in its shapes what it takes, and is not looked at here.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, QueryDict

from privity.edge.web.drawing import draw
from privity.errors import Mistaken

Answering = Callable[[HttpRequest], HttpResponseBase]
INTERFACE = "/api/"


class Legible:
    """Middleware: refuses an address or a form that is no text."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(INTERFACE) or not (
            "\0" in request.path or _holds_nul(request.GET) or _holds_nul(request.POST)
        ):
            return self.get_response(request)
        refused = Mistaken(
            "nothing was done", why="what was sent holds a character that is no text", next_step="type it again"
        )
        return draw(request, "not_found", {"refused": refused}, status=400)


def _holds_nul(sent: QueryDict) -> bool:
    return any("\0" in text for name, values in sent.lists() for text in (name, *values))
