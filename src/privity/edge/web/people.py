"""The patient's pages and the guardian's answers: ask, read, answer; and the code that a practice gives.

Nothing a patient types is in an address, so that neither history nor log holds it, and no page here is stored.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from privity.casework.answer_patient import CODE_GOOD_FOR, LONGEST_DELAY, readable
from privity.casework.public_desk import AskedTooOften, QuestionView
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.person import NhsNumber
from privity.edge.web import door
from privity.edge.web.admission import answered, officer_of
from privity.edge.web.drawing import Problem, begin, draw
from privity.edge.web.public_door import public
from privity.edge.web.said_errors import error_said
from privity.errors import Mistaken
from privity.request.intake_row import read_written_day

WAIT_SECONDS = 15 * 60
"""How long somebody waits who tried too many wrong codes."""
Rest = ParamSpec("Rest")
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


_ASKING = {"answer": None, "here": "disclosed"}


def one_sentence_of(refused: Mistaken) -> str:
    """Return a refusal in one line: what, why and what next."""
    return " ".join(
        (
            f"{begin(error_said(refused.what))}: {error_said(refused.why)}.",
            f"{begin(error_said(refused.next_step))}.",
        )
    )


def number_typed(request: HttpRequest) -> NhsNumber:
    """Return the NHS number that was typed.

    Raises: Mistaken: it is none.
    """
    typed = "".join(request.POST.get("nhs", "").split())
    try:
        return NhsNumber(typed)
    except Mistaken as wrong:
        why = "its ten digits do not fit one another" if typed else "the NHS number is empty"
        raise Mistaken("nothing was recorded", why=why, next_step="copy it from the record") from wrong


def day_typed(request: HttpRequest, name: str) -> date:
    """Return the day that was typed into a field.

    Raises: Mistaken: it is none.
    """
    try:
        return read_written_day(request.POST.get(name, "").strip())
    except Mistaken as wrong:
        raise Mistaken("nothing was recorded", why="a day is not a day", next_step="write it as 31/12/2026") from wrong


def network_of(request: HttpRequest) -> str:
    """Return whose wrong codes are counted together: the address, or for version 6 its network of 64 bits.

    Where TLS ends in front of the gateway, the address is the one that the proxy saw and wrote last; what a visitor
    wrote into that header stands before it and counts for nothing. Where the gateway ends TLS itself nobody wrote it
    but the visitor, so it is not read.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    ends_here = hasattr(request.META.get("gunicorn.socket"), "getpeercert")
    if settings.SESSION_COOKIE_SECURE and not ends_here:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", seen).rpartition(",")[2].strip()
    try:
        found: IPv4Address | IPv6Address = ip_address(seen)
    except ValueError:
        return "unknown"
    # A socket for both versions writes version 4 as `::ffff:192.0.2.1`, and all of those are in one network of 64 bits.
    found = getattr(found, "ipv4_mapped", None) or found
    return str(found) if isinstance(found, IPv4Address) else f"{int(found) >> 64:x}"


def _here(request: HttpRequest) -> str:
    """Return the address of the page on which people ask, as a person types it."""
    return request.build_absolute_uri("/disclosed/").partition("://")[2]


@sensitive_post_parameters()
@forms
@for_roles(Role.GP_PRACTICE, Role.DISCLOSURE_OFFICER, Role.GUARDIAN)
def code(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the form for giving a code, or the code, once."""
    problems: list[Problem] = []
    given = ""
    if request.method == "POST":
        try:
            given = public().give_code(number_typed(request), by=person, at=door.now())
        except Mistaken as refused:
            problems = [Problem(words=one_sentence_of(refused), field="nhs")]
    shown = {"given": given, "good_until": civil_day(door.now()) + CODE_GOOD_FOR, "asked_at": _here(request)}
    return draw(request, "code", shown, status=422 if problems else 200, problems=problems)


@sensitive_post_parameters()
@never_cache
@forms
@answered
def disclosed(request: HttpRequest) -> HttpResponse:
    """Return the page on which a person asks, or what may be read with their code."""
    if request.method != "POST":
        return draw(request, "disclosed", _ASKING)
    try:
        typed = request.POST.get("code", "")[:100]
        question = public().ask_or_read(typed, asked_from=network_of(request), at=door.now())
    except AskedTooOften as refused:
        shut = draw(request, "disclosed", _ASKING, status=429, problems=[Problem(words=one_sentence_of(refused))])
        shut["Retry-After"] = str(WAIT_SECONDS)
        return shut
    except Mistaken as refused:
        problem = Problem(words=one_sentence_of(refused), field="code")
        return draw(request, "disclosed", {**_ASKING, "typed": typed}, status=422, problems=[problem])
    shown: dict[str, object] = {"answer": readable(question, civil_day(door.now())), "here": "disclosed"}
    address, ends = request.POST.get("tell", "").strip(), request.POST.get("act") == "no-mail"
    try:
        if address or ends:
            public().wish_to_be_told(question.reference, "" if ends else address, at=door.now())
            shown["told"] = [_("Nobody writes to you any more.") if ends else _("You will be told by e-mail.")]
    except Mistaken as refused:
        return draw(request, "disclosed", shown, status=422, problems=[Problem(words=one_sentence_of(refused))])
    return draw(request, "disclosed", shown)


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
            decided = {
                each.case: (day_typed(request, f"until-{each.case}"), request.POST.get(f"reasons-{each.case}", ""))
                if request.POST[f"tell-{each.case}"] == "later"
                else None
                for each in view.disclosures
                if request.POST.get(f"tell-{each.case}") in ("now", "later")
            }
            before = request.POST.get("answered_before", "")
            public().answer(reference, decided, answered_before=before, by=person, at=door.now())
        except Mistaken as refused:
            problems = [Problem(words=one_sentence_of(refused), field="")]
        else:
            messages.success(request, _("The answer is recorded."))
            return redirect("questions")
    typed = request.POST.dict() if problems else _decided_before(view, civil_day(door.now()))
    shown = {"view": view, "typed": typed, "longest": LONGEST_DELAY.days}
    return draw(request, "question", shown, status=422 if problems else 200, problems=problems)


def _decided_before(view: QuestionView, today: date) -> Mapping[str, str]:
    """Return the form as the answer before filled it in: what is delayed stays so unless somebody says otherwise."""
    typed: dict[str, str] = {}
    for delay in json.loads(view.record.delays):
        case = delay["case"]
        if today <= date.fromisoformat(delay["until"]):
            typed |= {f"tell-{case}": "later", f"until-{case}": delay["until"], f"reasons-{case}": delay["reasons"]}
    return typed
