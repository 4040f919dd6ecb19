"""Mails as people see them: administrators all of them with mailboxes and languages, officers those of one case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from privity.casework.mail_desk import MailState
from privity.definitions.party import Officer, Role
from privity.definitions.reference import read_case_reference
from privity.edge.web import door
from privity.edge.web.admission import for_officers
from privity.edge.web.drawing import draw, told
from privity.edge.web.inner_door import mails as desk
from privity.edge.web.people import for_roles
from privity.edge.web.sent import words_sent
from privity.errors import PrivityError

forms = require_http_methods(["GET", "HEAD", "POST"])


@forms
@for_roles(Role.ADMINISTRATOR)
def mails(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the mails and whom they go to; have one tried again, or set a mailbox or a language."""
    problems = []
    if request.method == "POST":
        try:
            messages.success(request, _done(request, person))
        except PrivityError as refused:
            problems = told(refused)
        else:
            return redirect("mails")
    state, page = request.GET.get("state", ""), request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    shown = {
        "found": desk().mails(state=state, page=number, by=person, at=door.now()),
        "state": state,
        "states": tuple(MailState),
        "reached": desk().reached(by=person),
        "languages": desk().languages(),
        "spoken_as": dict(desk().languages()),
        "typed": request.POST,
        "here": "administration",
    }
    return draw(request, "mails", shown, status=422 if problems else 200, problems=problems)


@require_POST
@for_officers
def again(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Have a refused mail about a case tried again."""
    case = read_case_reference(reference)
    try:
        desk().try_case_again(case, words_sent(request, "mail")[:40], by=officer, at=door.now())
    except PrivityError as refused:
        messages.error(request, told(refused)[0].words)
    else:
        messages.success(request, _("The mail goes with the next pass, within minutes."))
    return redirect("case", reference=case)


def _done(request: HttpRequest, person: Officer) -> str:
    """Do what the form asks for and return what to say."""
    now, organisation = door.now(), words_sent(request, "organisation")[:80]
    match words_sent(request, "what"):
        case "mailbox":
            desk().set_mailbox(organisation, words_sent(request, "address")[:300], by=person, at=now)
            return _("The mailbox is set. What happens from now on is told there.")
        case "language":
            desk().choose_language(organisation, words_sent(request, "language")[:20], by=person, at=now)
            return _("The language is chosen. Mails are written in it from now on, letters from tomorrow.")
        case _:
            desk().try_again(words_sent(request, "mail")[:40], by=person, at=now)
            return _("The mail goes with the next pass, within minutes.")
