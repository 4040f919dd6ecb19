"""The administrator's pages about organisations, their certificates and systems, the calendar, and publication."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from privity.casework.account_records import Change
from privity.casework.certificates import STATEMENTS
from privity.casework.keeper import MOVED_AT_ONCE
from privity.definitions.party import Officer, OrganisationId, Role
from privity.disclosure.seal_profile import SealProfile
from privity.edge.web import door
from privity.edge.web.administration import hand_over
from privity.edge.web.drawing import called, draw, told
from privity.edge.web.inner_door import calendars, keeper, registrar
from privity.edge.web.people import for_roles
from privity.edge.web.sent import words_sent
from privity.errors import Mistaken, PrivityError
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS
from privity.request.intake_row import read_written_day

forms = require_http_methods(["GET", "HEAD", "POST"])
PROFILES = (
    (SealProfile.MAIL.value, gettext_noop("a mail program opens the packs")),
    (SealProfile.MACHINE.value, gettext_noop("a program opens the packs")),
    (STATEMENTS, gettext_noop("signs confirmations, opens nothing")),
)
REASONS = (
    ("replaced", gettext_noop("replaced")),
    ("compromised", gettext_noop("known to others")),
    ("left", gettext_noop("no longer takes part")),
    ("mistake", gettext_noop("a mistake")),
)


@forms
@for_roles(Role.ADMINISTRATOR)
def organisations(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the organisations, or make another known."""
    problems = []
    if request.method == "POST":
        name, words, kind, family = (request.POST.get(one, "").strip() for one in ("name", "words", "kind", "family"))
        try:
            registrar().enrol_organisation(name, words, kind, family, by=person, at=door.now())
        except Mistaken as refused:
            problems = told(refused)
        else:
            messages.success(request, _("The organisation is known now. Enrol its certificate before it asks."))
            return redirect("organisations")
    shown = {
        "organisations": registrar().organisations(by=person),
        "families": [(name, called(words)) for name, words in registrar().families()],
        "typed": request.POST,
    }
    return draw(request, "organisations", shown, status=422 if problems else 200, problems=problems)


@forms
@for_roles(Role.ADMINISTRATOR)
def certificates(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the certificates, or put one forward."""
    if request.method != "POST":
        return _certificates(request, person, None)
    sent = request.POST
    upload = request.FILES.get("file")
    pem = upload.read(20_001).decode("ascii", "replace") if upload else sent.get("pem", "")
    try:
        record = registrar().put_certificate_forward(
            OrganisationId(sent.get("organisation", "")),
            pem,
            sent.get("profile", ""),
            sent.get("deliver_to", "").strip(),
            by=person,
            at=door.now(),
        )
    except PrivityError as refused:
        return _certificates(request, person, refused)
    told_words = _("Put forward. A second administrator compares these digits by telephone: %(digits)s")
    messages.success(request, told_words % {"digits": record.sha256[:16]})
    return redirect("certificates")


@require_POST
@for_roles(Role.ADMINISTRATOR)
def certificate_act(request: HttpRequest, person: Officer, organisation: str, digest: str) -> HttpResponse:
    """Approve a certificate whose digest was compared, or take one away."""
    sent, name = request.POST, OrganisationId(organisation)
    try:
        if sent.get("what") == "revoke":
            if sent.get("reason", "") not in dict(REASONS):
                raise Mistaken("nothing was changed", why="no reason was given", next_step="choose one")
            registrar().revoke_certificate(name, digest, sent["reason"], by=person, at=door.now())
            words = _("Revoked. Nothing is sealed to it any more.")
        else:
            typed = "".join(sent.get("digits", "").split()).lower()
            if len(typed) < 16 or not digest.startswith(typed):
                raise Mistaken(
                    "the certificate was not approved",
                    why="the digits read out to you are not the first 16 of this certificate",
                    next_step="do not approve it; ask whoever put it forward where it came from",
                )
            registrar().approve_certificate(name, digest, by=person, at=door.now())
            words = _("Approved. Packs are sealed to it from now on.")
    except Mistaken as refused:
        return _certificates(request, person, refused)
    messages.success(request, words)
    return redirect("certificates")


@forms
@for_roles(Role.ADMINISTRATOR)
def programs(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the requesters' systems; put one forward, or revoke one."""
    problems = []
    if request.method == "POST":
        sent = request.POST
        try:
            if sent.get("what") == "revoke":
                registrar().revoke_program(sent.get("program", ""), by=person, at=door.now())
                messages.success(request, _("Revoked. It gets no further answer."))
                return redirect("programs")
            digest = "".join(sent.get("certificate_sha256", "").replace(":", "").split()).lower()
            content = {"certificate_sha256": digest}
            about = sent.get("organisation", "")
            return hand_over(request, keeper().propose(Change.PROGRAM, about, content, by=person, at=door.now()))
        except Mistaken as refused:
            problems = told(refused)
    shown = {
        "programs": registrar().programs(by=person),
        "organisations": [(line.name, line.words) for line in registrar().organisations(by=person)],
        "typed": request.POST,
    }
    return draw(request, "programs", shown, status=422 if problems else 200, problems=problems)


@forms
@for_roles(Role.ADMINISTRATOR)
def calendar(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the bank holidays; proclaim one, or take a proclamation back."""
    problems = []
    names = calendars().names()
    if request.method == "POST":
        sent, now = request.POST, door.now()
        try:
            name = sent.get("calendar", "")
            if name not in names:
                raise Mistaken("nothing was changed", why="there is no such calendar", next_step="choose one")
            if sent.get("what") == "take-back":
                moved = calendars().take_back(name, _day(sent.get("day", "")), by=person, at=now)
            else:
                moved = calendars().proclaim(name, _day(sent.get("day", "")), sent.get("name", ""), by=person, at=now)
        except PrivityError as refused:
            problems = told(refused)
        else:
            words = ngettext("%(n)s open case has moved.", "%(n)s open cases have moved.", moved) % {"n": moved}
            messages.success(request, _("It is on record.") + " " + words)
            return redirect("calendar")
    shown = {
        "names": names,
        "coming": {name: calendars().coming(name, door.now()) for name in names},
        "proclaimed": calendars().proclaimed(by=person),
        "typed": request.POST,
    }
    return draw(request, "calendar", shown, status=422 if problems else 200, problems=problems)


@forms
@for_roles(Role.ADMINISTRATOR, Role.GUARDIAN)
def shelf(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return what lies on the shelf of agreements; put a publication forward, or the end of a suspension."""
    problems = []
    now = door.now()
    if request.method == "POST":
        family, name = request.POST.get("family", "")[:80], request.POST.get("name", "")
        try:
            if request.POST.get("what") == "lift":
                lifting = registrar().lifting(family, words_sent(request, "reasons"), by=person, at=now)
                return hand_over(request, keeper().propose(Change.RESUMPTION, family, lifting, by=person, at=now))
            content = registrar().publication(family, name, by=person)
            return hand_over(request, keeper().propose(Change.PUBLICATION, family, content, by=person, at=now))
        except Mistaken as refused:
            problems = told(refused)
    shown = {
        "lines": registrar().shelf(by=person, at=now),
        "suspensions": registrar().suspensions(by=person, at=now),
        "may_propose": person.role is Role.ADMINISTRATOR,
        "typed": request.POST,
        "shortest": SHORTEST_REASONS,
        "longest": LONGEST_REASONS,
        "at_once": MOVED_AT_ONCE,
    }
    return draw(request, "shelf", shown, status=422 if problems else 200, problems=problems)


def _certificates(request: HttpRequest, person: Officer, refused: PrivityError | None) -> HttpResponse:
    shown = {
        "certificates": registrar().certificates(by=person, at=door.now()),
        "organisations": [(line.name, line.words) for line in registrar().organisations(by=person)],
        "profiles": [(value, _(words)) for value, words in PROFILES],
        "reasons": [(value, _(words)) for value, words in REASONS],
        "typed": request.POST,
    }
    problems = told(refused) if refused else []
    return draw(request, "certificates", shown, status=422 if refused else 200, problems=problems)


def _day(typed: str) -> date:
    try:
        return read_written_day(typed.strip())
    except Mistaken as wrong:
        raise Mistaken("nothing was changed", why="the day is not a day", next_step="write it as 03/05/2027") from wrong
