"""The patient's pages, the practice's and the guardian's: protect, give a code, ask, answer.

Nothing a patient types is in an address, so that neither history nor log holds it, and no page here is stored.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from privity.casework.answer_patient import LONGEST_DELAY, readable
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.person import Address, NhsNumber, read_postcode
from privity.edge.web import door
from privity.edge.web.admission import answered, officer_of
from privity.edge.web.drawing import Problem, draw
from privity.edge.web.public_door import public
from privity.errors import Mistaken
from privity.protection.correspondence_address import CorrespondenceAddress, Period, PlaceKind
from privity.protection.registration import EFFECTS_OF_A_FLAG, EFFECTS_OF_AN_ADDRESS, AskedBy, Registration

PLACES = {
    PlaceKind.PRACTICE: "the GP practice",
    PlaceKind.CHARITY: "a charity",
    PlaceKind.PLACE_OF_WORSHIP: "a place of worship",
    PlaceKind.OTHER: "somewhere else the person chose",
}
ASKED = {
    AskedBy.PERSON: "the person",
    AskedBy.REPRESENTATIVE: "somebody on the person’s behalf",
    AskedBy.PRACTICE: "the practice",
    AskedBy.POLICE: "the police",
    AskedBy.SOCIAL_SERVICES: "social services",
}
Rest = ParamSpec("Rest")
Choice = TypeVar("Choice", PlaceKind, AskedBy)
Guarded = Callable[Concatenate[HttpRequest, Officer, Rest], HttpResponse]
forms = require_http_methods(["GET", "HEAD", "POST"])


def for_roles(*roles: Role) -> Callable[[Guarded[Rest]], Callable[Concatenate[HttpRequest, Rest], HttpResponse]]:
    """Return a decorator that lets in the named roles only and hands the view the person."""

    def guard(view: Guarded[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
        @never_cache
        @answered
        @wraps(view)
        def guarded(request: HttpRequest, /, *rest: Rest.args, **named: Rest.kwargs) -> HttpResponse:
            person = officer_of(request)
            if person is None:
                return redirect_to_login(request.get_full_path())
            if person.role not in roles:
                return draw(request, "role", {"officer": person, "turned_away": True}, status=403)
            return view(request, person, *rest, **named)

        return guarded

    return guard


@sensitive_post_parameters()
@forms
@for_roles(Role.GP_PRACTICE)
def protection(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the practice's registrations and the form for another, or register one."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            public().protect(
                _registration(request), effects_read=request.POST.get("effects") == "yes", by=person, at=door.now()
            )
        except Mistaken as refused:
            problems = [Problem(words=f"{refused.what}: {refused.why}. {refused.next_step}".capitalize(), field="")]
        else:
            messages.success(request, _("The protection is registered and counts from its first day."))
            return redirect("protection")
    shown = {
        "kept": public().registrations(person.organisation),
        "typed": request.POST,
        "places": PLACES,
        "asked": ASKED,
        "effects_of_a_flag": EFFECTS_OF_A_FLAG,
        "effects_of_an_address": EFFECTS_OF_AN_ADDRESS,
    }
    return draw(request, "protection", shown, status=422 if problems else 200, problems=problems)


@sensitive_post_parameters()
@forms
@for_roles(Role.GP_PRACTICE, Role.DISCLOSURE_OFFICER, Role.GUARDIAN)
def code(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the form for giving a code, or the code, once."""
    problems: list[Problem] = []
    given = ""
    if request.method == "POST":
        try:
            given = public().give_code(_number(request), by=person, at=door.now())
        except Mistaken as refused:
            problems = [Problem(words=f"{refused.what}: {refused.why}. {refused.next_step}".capitalize(), field="nhs")]
    return draw(request, "code", {"given": given}, status=422 if problems else 200, problems=problems)


@sensitive_post_parameters()
@never_cache
@forms
@answered
def disclosed(request: HttpRequest) -> HttpResponse:
    """Return the page on which a person asks, or what may be read with their code."""
    if request.method != "POST":
        return draw(request, "disclosed", {"answer": None, "here": "disclosed"})
    try:
        question = public().ask_or_read(request.POST.get("code", "")[:100], at=door.now())
    except Mistaken as refused:
        problem = Problem(words=f"{refused.what}: {refused.why}. {refused.next_step}".capitalize(), field="code")
        return draw(request, "disclosed", {"answer": None, "here": "disclosed"}, status=422, problems=[problem])
    return draw(request, "disclosed", {"answer": readable(question, civil_day(door.now())), "here": "disclosed"})


@require_safe
@for_roles(Role.GUARDIAN)
def questions(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return people's questions, those to be answered soonest first."""
    return draw(request, "questions", {"questions": public().questions(by=person), "today": civil_day(door.now())})


@forms
@for_roles(Role.GUARDIAN)
def question(request: HttpRequest, person: Officer, reference: str) -> HttpResponse:
    """Return one question with what was disclosed, or record the guardian's answer."""
    view = public().question(reference, by=person)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            delays = {
                each.case: (_day(request, f"until-{each.case}"), request.POST.get(f"reasons-{each.case}", ""))
                for each in view.disclosures
                if request.POST.get(f"tell-{each.case}") == "later"
            }
            public().answer(reference, delays, by=person, at=door.now())
        except Mistaken as refused:
            problems = [Problem(words=f"{refused.what}: {refused.why}. {refused.next_step}".capitalize(), field="")]
        else:
            messages.success(request, _("The answer is recorded."))
            return redirect("questions")
    shown = {"view": view, "typed": request.POST, "longest": LONGEST_DELAY.days}
    return draw(request, "question", shown, status=422 if problems else 200, problems=problems)


def _registration(request: HttpRequest) -> Registration:
    """Return what was typed as a registration.

    Raises: Mistaken: a number, postcode, day or reason is not what it must be.
    """
    sent = request.POST
    period = Period(
        first=_day(request, "first") if sent.get("first") else None,
        last=_day(request, "last") if sent.get("last") else None,
    )
    lines = tuple(line.strip() for line in sent.get("lines", "").splitlines() if line.strip())[:5]
    address = None
    if lines or sent.get("postcode"):
        address = CorrespondenceAddress(
            place=_one_of(PlaceKind, sent.get("place", ""), "whose address it is"),
            address=Address(lines=lines, postcode=read_postcode(sent.get("postcode", ""))),
            period=period,
        )
    return Registration(
        nhs_number=_number(request),
        flagged=sent.get("flag") == "yes",
        correspondence=address,
        period=period,
        reason=sent.get("reason", ""),
        asked_by=_one_of(AskedBy, sent.get("asked_by", ""), "who asked"),
    )


def _one_of(kinds: type[Choice], typed: str, what: str) -> Choice:
    if typed not in {kind.value for kind in kinds}:
        raise Mistaken("nothing was registered", why=f"it was not said {what}", next_step="choose one of the answers")
    return kinds(typed)


def _number(request: HttpRequest) -> NhsNumber:
    return NhsNumber("".join(request.POST.get("nhs", "").split()))


def _day(request: HttpRequest, name: str) -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError as wrong:
        raise Mistaken("nothing was recorded", why="a day is not a day", next_step="write it as 2026-12-31") from wrong
