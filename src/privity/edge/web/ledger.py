"""What is public of the ledger, as it was published, and how anybody can check it without asking us.

The addresses below `ledger/` are those of a C2SP tlog-tiles log, so that what reads such logs reads this one.
"""

import shlex

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from privity.edge.web import door
from privity.edge.web.admission import answered
from privity.edge.web.drawing import draw
from privity.ledger.tiles import CHECKPOINT

FOR_EVER, A_MINUTE = "public, max-age=31536000, immutable", "public, max-age=60"
"""A tile never changes under its name; a checkpoint does, once a period at most."""


@require_safe
@answered
def ledger(request: HttpRequest) -> HttpResponse:
    """Return the published checkpoint with the commands that check the ledger against it."""
    shown = door.desk().ledger()
    key = shlex.quote(shown.verifier_key)
    address = request.build_absolute_uri(reverse("checkpoint"))
    return draw(
        request,
        "ledger",
        {
            "ledger": shown,
            "keep": f"curl --fail --output checkpoint.txt {shlex.quote(address)}",
            "export": "privity ledger export --out ledger",
            "verify": f"privity ledger verify ledger \\\n    --key {key} \\\n    --checkpoint checkpoint.txt",
            "here": "ledger",
        },
    )


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Return the published checkpoint, a signed note, as it lies."""
    return _file(CHECKPOINT, "text/plain; charset=utf-8", A_MINUTE)


@require_safe
def tile(request: HttpRequest, name: str) -> HttpResponse:
    """Return a published hash tile as it lies. Entries are for auditors and have no address."""
    return _file(f"tile/{name}", "application/octet-stream", FOR_EVER)


def _file(name: str, kind: str, kept: str) -> HttpResponse:
    content = door.desk().ledger_file(name)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": kept})
