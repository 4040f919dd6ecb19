"""The guardian's pages beside the cases: what waits, overrides, samples, and suspending an agreement at once."""

from collections.abc import Collection, Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from privity.casework.correspond import MOST_WORDS
from privity.casework.sampling import Finding
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.reference import read_case_reference
from privity.edge.web import door
from privity.edge.web.acts import forms
from privity.edge.web.custody_door import custody
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.people import for_roles
from privity.edge.web.sent import words_sent
from privity.errors import Mistaken
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS

MONTHS_OFFERED = 24
"""How many months back a sample can be drawn from the page; older ones lie beyond what anybody would read."""


@require_safe
@for_roles(Role.GUARDIAN)
def guardian(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return what waits for the guardian, and the ways to everything else of theirs."""
    desk = custody().guardian
    context = {"lines": desk.waiting(by=officer), "today": civil_day(door.now()), "here": "guardian"}
    return draw(request, "guardian", context)


@require_safe
@for_roles(Role.GUARDIAN)
def overrides(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return where the guardian's word stood against an officer's."""
    return draw(request, "overrides", {"lines": custody().guardian.overrides(by=officer), "here": "guardian"})


@forms
@for_roles(Role.GUARDIAN)
def samples(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return the samples there are, or draw the one of a month."""
    problems: list[Problem] = []
    period = words_sent(request, "period")[:7]
    if request.method == "POST":
        try:
            custody().guardian.draw(period, by=officer, at=door.now())
        except Mistaken as refused:
            problems = told(refused)
        else:
            messages.success(request, _("The sample is drawn. Read every case of it."))
            return redirect("sample", period=period)
    drawn = custody().guardian.samples(by=officer)
    months = _months_over(civil_day(door.now()), {one.period for one in drawn})
    context = {"samples": drawn, "months": months, "period": period, "here": "guardian"}
    return draw(request, "samples", context, status=422 if problems else 200, problems=problems)


def _months_over(today: date, drawn: Collection[str]) -> Sequence[str]:
    """Return the months of the last two years that are over and were not drawn, the newest first."""
    counted = today.year * 12 + today.month - 1
    over = [f"{number // 12}-{number % 12 + 1:02d}" for number in range(counted - 1, counted - 1 - MONTHS_OFFERED, -1)]
    return [month for month in over if month not in drawn]


@require_safe
@for_roles(Role.GUARDIAN)
def sample(request: HttpRequest, officer: Officer, period: str) -> HttpResponse:
    """Return the cases of one sample."""
    return draw(request, "sample", {"sample": custody().guardian.sample(period, by=officer), "here": "guardian"})


@forms
@for_roles(Role.GUARDIAN)
def review(request: HttpRequest, officer: Officer, period: str, reference: str) -> HttpResponse:
    """Return the form on which the guardian says what they found in a drawn case, or keep it."""
    case = read_case_reference(reference)
    problems: list[Problem] = []
    words, finding = words_sent(request, "reasons"), request.POST.get("finding", "")
    if request.method == "POST":
        if finding not in {one.value for one in Finding}:
            problems.append(Problem(words=_("Choose what you found"), field="finding"))
        if not words:
            problems.append(Problem(words=_("Write what you looked at"), field="reasons"))
        if not problems:
            try:
                custody().guardian.review(
                    period, case, finding=Finding(finding), words=words, by=officer, at=door.now()
                )
            except Mistaken as refused:
                problems = told(refused)
            else:
                messages.success(request, _("What you found is recorded."))
                return redirect("sample", period=period)
    context = {
        "period": period,
        "reference": case,
        "findings": tuple(Finding),
        "chosen": finding,
        "typed": words,
        "longest": MOST_WORDS,
        "here": "guardian",
    }
    return draw(request, "review", context, status=422 if problems else 200, problems=problems)


@forms
@for_roles(Role.GUARDIAN)
def suspension(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return the agreements with how they stand, or suspend one at once."""
    problems: list[Problem] = []
    words, family = words_sent(request, "reasons"), request.POST.get("family", "")[:80]
    if request.method == "POST":
        if not family:
            problems.append(Problem(words=_("Choose the agreement"), field="family"))
        if not words:
            problems.append(Problem(words=_("Write your reasons"), field="reasons"))
        if not problems:
            try:
                custody().guardian.suspend(family, reasons=words, by=officer, at=door.now())
            except Mistaken as refused:
                problems = told(refused)
            else:
                messages.success(request, _("It is suspended. Nothing is decided or released under it from now on."))
                return redirect("suspension")
    context = {
        "lines": custody().guardian.standing(by=officer, at=door.now()),
        "chosen": family,
        "typed": words,
        "shortest": SHORTEST_REASONS,
        "longest": LONGEST_REASONS,
        "here": "guardian",
    }
    return draw(request, "suspension", context, status=422 if problems else 200, problems=problems)
