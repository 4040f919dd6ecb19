"""The page about words that are kept out of debts: the shipped list, and the custodian's own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from privity.definitions.party import Officer, Role
from privity.edge.web import door
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.inner_door import kept_words
from privity.edge.web.people import for_roles, forms
from privity.errors import Mistaken


@forms
@for_roles(Role.ADMINISTRATOR, Role.GUARDIAN)
def health_words(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the words; add one, or let one pass again."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            if request.POST.get("what") == "take-back":
                kept_words().take_back(request.POST.get("word", "")[:80], by=person, at=door.now())
                said = _("It passes again from now on.")
            else:
                word = kept_words().add(request.POST.get("word", "")[:80], by=person, at=door.now())
                said = _("“%(word)s” is kept out from now on.") % {"word": word}
        except Mistaken as refused:
            problems = told(refused)
        else:
            messages.success(request, said)
            return redirect("health-words")
    shown = {
        "words": kept_words().words(by=person),
        "shipped": kept_words().shipped(),
        "typed": request.POST,
        "may_add": person.role is Role.ADMINISTRATOR,
        "may_take_back": person.role is Role.GUARDIAN,
    }
    return draw(request, "health_words", shown, status=422 if problems else 200, problems=problems)
