"""The page of a restore: what it may have lost, and where two people say that this is understood.

Open while everything else is only read. Whoever has said so waits for the second; then the instance goes on.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from privity.casework.restored import Loss
from privity.definitions.party import Officer, Role
from privity.edge.web import door
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.inner_door import restores
from privity.edge.web.people import for_roles, forms
from privity.edge.web.sent import words_sent
from privity.errors import Mistaken

MOST_SHOWN = 50
"""Cases in one list. There may be as many as a force asked for in a month; the rest are counted."""
DIGEST = 64


@forms
@for_roles(Role.DISCLOSURE_OFFICER, Role.GUARDIAN, Role.ADMINISTRATOR)
def restored(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return what a restore may have lost, or take somebody's word that they understood it."""
    problems: list[Problem] = []
    now = door.now()
    if request.method == "POST":
        if request.POST.get("understood") != "yes":
            problems = [Problem(words=_("Say that you have read it and understand it"), field="understood")]
        else:
            try:
                record = restores().understand(words_sent(request, "seen")[:DIGEST], by=person, at=now)
            except Mistaken as refused:
                problems = told(refused)
            else:
                messages.success(
                    request,
                    _("Your word is taken. It goes on once a second person has given theirs.")
                    if record is None
                    else _("Both of you have said so. It is on record, and acts are written again."),
                )
                return redirect("restored")
    shown = {
        "waiting": restores().waiting(by=person, at=now),
        "done": restores().done(by=person),
        "losses": Loss,
        "me": person.staff_id,
        "most": MOST_SHOWN,
        "command": "privity restore shut",
    }
    return draw(request, "restored", shown, status=422 if problems else 200, problems=problems)
