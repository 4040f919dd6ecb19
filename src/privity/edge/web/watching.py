"""The pages about the tracer and about fishing: how it stands, what was noticed, who asked without an agreement."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from privity.casework.approach import LONGEST_BODY, AskedFor, Channel
from privity.casework.fishing import ORGANISATION_ALLOWANCE, SENDER_ALLOWANCE, AlertAnswer
from privity.definitions.party import Officer, OrganisationId, Role
from privity.edge.web import door
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.people import for_roles, forms
from privity.edge.web.watch_door import watch
from privity.errors import Mistaken
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS
from privity.request.fishing import FROM, WINDOW, Pattern
from privity.trace.budget import OFFICER_ALLOWANCE


@forms
@for_roles(Role.DISCLOSURE_OFFICER, Role.GUARDIAN, Role.ADMINISTRATOR, Role.AUDITOR, Role.DEPARTMENT)
def tracer(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return how the tracer stands, or stop its proposals, or let them go on."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            if request.POST.get("act") == "resume":
                watch().resume(reasons=_reasons(request), by=person, at=door.now())
                words = _("The tracer proposes again. Its window of traces begins anew.")
            else:
                watch().suspend(reasons=_reasons(request), by=person, at=door.now())
                words = _("Nobody is proposed any more. Officers go on judging candidates by hand.")
        except Mistaken as refused:
            problems = told(refused)
        else:
            messages.success(request, words)
            return redirect("tracer")
    view = watch().tracer(by=person)
    given = {"view": view, "typed": _reasons(request), "here": "tracer", **_LENGTHS}
    return draw(request, "tracer", given, status=422 if problems else 200, problems=problems)


@forms
@for_roles(Role.GUARDIAN, Role.DEPARTMENT)
def alerts(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return what was noticed, or record what the guardian says one alert was."""
    problems: list[Problem] = []
    if request.method == "POST":
        problems = _answered(request, person)
        if not problems:
            return redirect("alerts")
    given = {
        "view": watch().alerts(by=person),
        "answers": tuple(AlertAnswer),
        "typed": request.POST,
        "here": "alerts",
        "limits": LIMITS,
        **_LENGTHS,
    }
    return draw(request, "alerts", given, status=422 if problems else 200, problems=problems)


@forms
@for_roles(Role.DISCLOSURE_OFFICER, Role.GUARDIAN, Role.GP_PRACTICE)
def approaches(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the form for reporting that a body without an agreement asked, or put it on record."""
    problems: list[Problem] = []
    if request.method == "POST":
        problems = _reported(request, person)
        if not problems:
            messages.success(request, _("It is on record and counted. You owe that body nothing."))
            return redirect("approaches")
    given = {
        "told_before": watch().approaches_told_by(person),
        "asked_for": tuple(AskedFor),
        "channels": tuple(channel for channel in Channel if channel is not Channel.GATEWAY),
        "typed": request.POST,
        "longest_body": LONGEST_BODY,
        "here": "approaches",
    }
    return draw(request, "approaches", given, status=422 if problems else 200, problems=problems)


LIMITS = {
    "attempts": FROM[Pattern.NEAR],
    "at_home": FROM[Pattern.HOME],
    "days": WINDOW.days,
    "slowest": WINDOW.days // (FROM[Pattern.NEAR] - 1),
    "sender": SENDER_ALLOWANCE.at_once,
    "organisation": ORGANISATION_ALLOWANCE.at_once,
    "traces": OFFICER_ALLOWANCE.at_once,
}
"""From when on something is noticed: all of it ours, and named so on the page."""
_LENGTHS = {"shortest": SHORTEST_REASONS, "longest": LONGEST_REASONS}


def _answered(request: HttpRequest, person: Officer) -> list[Problem]:
    """Record the guardian's answer and return nothing, or what is wrong with it."""
    answer, number = request.POST.get("answer", ""), request.POST.get("number", "")
    if answer not in {one.value for one in AlertAnswer} or not (number.isascii() and number.isdigit()):
        return [Problem(words=_("Choose what the alert was"))]
    try:
        watch().answer_alert(
            OrganisationId(request.POST.get("organisation", "")[:80]),
            int(number[:9]),
            AlertAnswer(answer),
            reasons=_reasons(request),
            by=person,
            at=door.now(),
        )
    except Mistaken as refused:
        return told(refused)
    messages.success(request, _("Your answer is recorded."))
    return []


def _reported(request: HttpRequest, person: Officer) -> list[Problem]:
    """Put an approach on record and return nothing, or what is wrong with it."""
    asked, channel = request.POST.get("asked_for", ""), request.POST.get("channel", "")
    problems = []
    if asked not in {one.value for one in AskedFor}:
        problems.append(Problem(words=_("Choose what they wanted"), field="asked_for"))
    if channel not in {one.value for one in Channel}:
        problems.append(Problem(words=_("Choose how they asked"), field="channel"))
    if problems:
        return problems
    try:
        watch().report_approach(
            body=request.POST.get("body", ""),
            asked_for=AskedFor(asked),
            channel=Channel(channel),
            by=person,
            at=door.now(),
        )
    except Mistaken as refused:
        return told(refused)
    return []


def _reasons(request: HttpRequest) -> str:
    return request.POST.get("reasons", "").replace("\r\n", "\n").strip()
