"""Handing out many cases at once: chosen in the queue, given to one person, each an act of its own.

Being in charge is not judging, so many at once is allowed here and nowhere else: nothing is decided, traced or released
in bulk. A case that changed since it was listed is left as it is and named.
"""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference, read_case_reference
from privity.edge.web import door
from privity.edge.web.admission import for_officers
from privity.edge.web.custody_door import custody
from privity.edge.web.drawing import Problem, draw, short
from privity.edge.web.queue import LAST_QUEUE
from privity.edge.web.sent import words_sent
from privity.errors import Mistaken

MOST = 50
"""Cases handed out at once: a page of the queue."""
NOBODY = "nobody"


@require_POST
@for_officers
def hand_out(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return who can be given the chosen cases, or give them to somebody."""
    chosen = _chosen(request)
    back = reverse("queue") + str(request.session.get(LAST_QUEUE, ""))
    if not chosen:
        messages.warning(request, _("Choose the cases first: tick them in the list."))
        return redirect(back)
    to, problems = words_sent(request, "to")[:80], list[Problem]()
    if to:
        given, left = _handed(chosen, "" if to == NOBODY else to, officer)
        if given:
            words = ngettext("%(num)s case is assigned.", "%(num)s cases are assigned.", given) % {"num": given}
            messages.success(request, words)
        if left:
            which = ", ".join(short(one) for one in left)
            messages.warning(request, _("Not assigned, for they changed or were answered meanwhile: %s") % which)
        return redirect(back)
    if request.POST.get("step") == "to":
        problems = [Problem(words=_("Choose who takes them"), field="to-1")]
    context = {
        "chosen": chosen,
        "loads": custody().upkeep.workload(by=officer, at=door.now()),
        "back": back,
        "here": "queue",
    }
    return draw(request, "hand_out", context, status=422 if problems else 200, problems=problems)


def _chosen(request: HttpRequest) -> Sequence[tuple[CaseReference, int]]:
    """Return the cases that were ticked with what each stood at when it was listed; what is no case is left out."""
    found: dict[CaseReference, int] = {}
    for one in request.POST.getlist("case")[:MOST]:
        reference, _at, revision = one.partition(":")
        if revision.isascii() and revision.isdigit() and len(revision) < 10:
            try:
                found[read_case_reference(reference)] = int(revision)
            except Mistaken:
                continue
    return tuple(found.items())


def _handed(
    chosen: Sequence[tuple[CaseReference, int]], to: str, officer: Officer
) -> tuple[int, Sequence[CaseReference]]:
    """Return how many cases were given to somebody, and those that were not."""
    left = []
    for reference, revision in chosen:
        try:
            custody().upkeep.assign(reference, to=to, revision=revision, by=officer, at=door.now())
        except Mistaken:
            left.append(reference)
    return len(chosen) - len(left), left
