"""The ledger's newest checkpoint, and how anybody can check it without asking us."""

import shlex

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from privity.edge.web import door
from privity.edge.web.admission import answered
from privity.edge.web.drawing import draw


@require_safe
@answered
def ledger(request: HttpRequest) -> HttpResponse:
    """Return the checkpoint with the commands that check an exported ledger against it."""
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
@answered
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Return the newest checkpoint, a signed note, as it stands."""
    return HttpResponse(door.desk().ledger().checkpoint, content_type="text/plain; charset=utf-8")
