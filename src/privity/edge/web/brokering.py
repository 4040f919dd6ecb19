"""The department's pages: counts and clocks, and the threads it brokers. They show no person and approve nothing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from privity.casework.challenge import Outcome
from privity.casework.correspond import MOST_WORDS
from privity.definitions.party import Officer, Role
from privity.definitions.reference import read_case_reference
from privity.edge.web import door
from privity.edge.web.acts import forms
from privity.edge.web.custody_door import custody
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.people import for_roles
from privity.edge.web.sent import number_sent, words_sent
from privity.edge.web.upkeep import CAUSES
from privity.errors import Mistaken

SIDES = {"requester": "The requester", "custodian": "The custodian", "department": "The department"}


@require_safe
@for_roles(Role.DEPARTMENT, Role.GUARDIAN)
def oversight(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return volumes, timeliness and incidents."""
    view = custody().broker.oversight(by=officer, at=door.now())
    causes = [(cause.value, words) for cause, words in CAUSES.items()]
    return draw(request, "oversight", {"view": view, "causes": causes, "here": "oversight"})


@require_safe
@for_roles(Role.DEPARTMENT, Role.GUARDIAN)
def challenges(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return the challenges there are."""
    lines = custody().broker.challenges(by=officer)
    return draw(request, "challenges", {"lines": lines, "sides": SIDES, "here": "challenges"})


@forms
@for_roles(Role.DEPARTMENT, Role.GUARDIAN)
def challenge(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return one challenge as a thread of both sides, or write into it."""
    case = read_case_reference(reference)
    problems: list[Problem] = []
    words, ends = words_sent(request, "reasons"), request.POST.get("outcome", "")
    outcome = Outcome(ends) if ends in {one.value for one in Outcome} else Outcome.GOES_ON
    if request.method == "POST":
        if not words:
            problems = [Problem(words=_("Write your words"), field="reasons")]
        else:
            try:
                custody().broker.reply(
                    case, words=words, outcome=outcome, after=number_sent(request, "after"), by=officer, at=door.now()
                )
            except Mistaken as refused:
                problems = told(refused)
            else:
                messages.success(request, _("Both sides can read it now."))
                return redirect("challenge", reference=case)
    view = custody().broker.challenge(case, by=officer)
    context = {
        "view": view,
        "sides": SIDES,
        "outcomes": tuple(Outcome),
        "chosen": outcome.value,
        "typed": words if problems else "",
        "longest": MOST_WORDS,
        "here": "challenges",
    }
    return draw(request, "challenge", context, status=422 if problems else 200, problems=problems)
