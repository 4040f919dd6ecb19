"""What a page is sent is text of some size; anything else is refused before a page sees it.

The one letter that not every database keeps is NUL. No keyboard writes it. PostgreSQL takes no text with it, so that a
page that looked for one would end in a defect. And what is longer than anything asked for is not read: a form is taken
in before anybody knows who sent it, and what is too long for the memory goes to the disk that the ledger needs.

Rules of the module:
- Looked at are the address and the fields of a form. The bytes of a file are for whoever reads the file.
- The interface for programs says in its shapes what it takes, and is not looked at here.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, QueryDict

from privity.edge.web.drawing import draw
from privity.errors import Mistaken
from privity.request.csv_lines import LARGEST_FILE

Answering = Callable[[HttpRequest], HttpResponseBase]
INTERFACE = "/api/"
LARGEST_FORM = LARGEST_FILE + 1_000_000
"""Bytes: a file as long as any may be, and what stands around it."""


class Legible:
    """Middleware: refuses an address or a form that is no text."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(INTERFACE):
            return self.get_response(request)
        if _length(request) > LARGEST_FORM:
            refused = Mistaken(
                "nothing was done",
                why="what was sent is longer than anything asked for here",
                next_step="send a long file in parts",
            )
            return draw(request, "not_found", {"refused": refused}, status=413)
        if "\0" in request.path or _holds_nul(request.GET) or _holds_nul(request.POST):
            refused = Mistaken(
                "nothing was done", why="what was sent holds a character that is no text", next_step="type it again"
            )
            return draw(request, "not_found", {"refused": refused}, status=400)
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    """Return how many bytes are said to come. Where it is not said, none are read."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0


def _holds_nul(sent: QueryDict) -> bool:
    return any("\0" in text for name, values in sent.lists() for text in (name, *values))
