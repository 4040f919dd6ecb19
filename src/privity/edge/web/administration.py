"""The administrator's pages about people: who there is, what waits for a second person, and what is taken away.

Nothing is decided here: the desk behind asks the table of who may do what, and the acts keep two people apart.
"""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privity.casework.account_records import Change, Standing
from privity.casework.keeper import MOVED_AT_ONCE, GoneOn, Handed, Waiting
from privity.casework.mail_desk import MailState
from privity.casework.officers import Reason, may_be_held
from privity.definitions.party import Officer, Role
from privity.edge.web import door
from privity.edge.web.drawing import draw, told
from privity.edge.web.inner_door import calendars, keeper, mails, mails_are_shown, registrar
from privity.edge.web.people import for_roles
from privity.errors import Mistaken

forms = require_http_methods(["GET", "HEAD", "POST"])
CHANGES: Mapping[Change, str] = {
    Change.ENROL: "New person",
    Change.ROLE: gettext_noop("Role"),
    Change.RESET: "New password and second proof",
    Change.SIGN_ON: "Link to the organisation’s sign-on",
    Change.PROGRAM: "Requester’s system",
    Change.PUBLICATION: "Publication of an agreement",
    Change.RESUMPTION: "End of a suspension",
}
REASONS: Mapping[Reason, str] = {
    Reason.LEFT: gettext_noop("has left"),
    Reason.MOVED: gettext_noop("has other work now"),
    Reason.LOST: gettext_noop("a device or password was lost"),
    Reason.MISUSE: gettext_noop("misuse"),
    Reason.MISTAKE: gettext_noop("was a mistake"),
}
STANDINGS = {
    Standing.OPEN.value: (gettext_noop("may sign in"), "green"),
    Standing.WITHOUT_ROLE.value: (gettext_noop("no role"), "orange"),
    Standing.CLOSED.value: (gettext_noop("closed"), "grey"),
}
SOON_DAYS = 60


@require_safe
@for_roles(Role.ADMINISTRATOR)
def administration(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return what needs an administrator now, and where everything is."""
    now = door.now()
    certificates = registrar().certificates(by=person, at=now)
    waiting = keeper().waiting(by=person, at=now)
    shown = {
        "waiting": waiting,
        "mine": sum(one.may_confirm for one in waiting),
        "certificates": [one for one in certificates if one.standing in ("waiting", "soon", "ended")],
        "calendars": {name: _last_day(name) for name in calendars().names()},
        "changes": CHANGES,
        "stuck": _stuck(person),
        "here": "administration",
    }
    return draw(request, "administration", shown)


def _stuck(person: Officer) -> int:
    """Return how many mails nobody tries any more."""
    if not mails_are_shown():
        return 0
    return mails().mails(state=MailState.REFUSED.value, page=1, by=person, at=door.now()).counts[MailState.REFUSED]


@require_safe
@for_roles(Role.ADMINISTRATOR)
def people(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return who has an account."""
    asked = {"organisation": request.GET.get("organisation", "")[:80], "role": request.GET.get("role", "")[:40]}
    shown = {
        "people": keeper().people(by=person, organisation=asked["organisation"], role=asked["role"]),
        "asked": asked,
        **_choices(person),
    }
    return draw(request, "people", shown)


@forms
@for_roles(Role.ADMINISTRATOR)
def new_person(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the form for a new person, or put one forward."""
    if request.method == "POST":
        names = ("name", "organisation", "role", "rank")
        content = {name: " ".join(request.POST.get(name, "").split()) for name in names}
        about = request.POST.get("staff_id", "").strip()
        try:
            return hand_over(request, keeper().propose(Change.ENROL, about, content, by=person, at=door.now()))
        except Mistaken as refused:
            shown = {"typed": request.POST, **_choices(person)}
            return draw(request, "person_new", shown, status=422, problems=told(refused))
    return draw(request, "person_new", {"typed": {}, **_choices(person)})


@forms
@for_roles(Role.ADMINISTRATOR)
def person_page(request: HttpRequest, person: Officer, staff_id: str) -> HttpResponse:
    """Return one person, or put a change of them forward."""
    now = door.now()
    if request.method == "POST":
        try:
            change, content = _change(request)
            return hand_over(request, keeper().propose(change, staff_id, content, by=person, at=now))
        except Mistaken as refused:
            return _person(request, person, staff_id, refused)
    return _person(request, person, staff_id, None)


@require_POST
@for_roles(Role.ADMINISTRATOR)
def take_away(request: HttpRequest, person: Officer, staff_id: str) -> HttpResponse:
    """Close an account, take a role away, or end every session, at once."""
    sent, now = request.POST, door.now()
    try:
        match sent.get("what", ""):
            case "sessions":
                keeper().end_sessions(staff_id, by=person, at=now)
                words = _("Every session of this person has ended.")
            case "role":
                keeper().revoke(staff_id, _reason(sent.get("reason", "")), by=person, at=now)
                words = _("The role is taken away. The person is signed out.")
            case "account":
                keeper().close(staff_id, _reason(sent.get("reason", "")), by=person, at=now)
                words = _("The account is closed. The person is signed out.")
            case _:
                raise Mistaken("nothing was changed", why="it was not said what to take away", next_step="choose one")
    except Mistaken as refused:
        return _person(request, person, staff_id, refused)
    messages.success(request, words)
    return redirect("person", staff_id)


@require_safe
@for_roles(Role.ADMINISTRATOR, Role.GUARDIAN)
def proposals(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return what waits for a second person."""
    return _proposals(request, person, None)


@require_POST
@for_roles(Role.ADMINISTRATOR, Role.GUARDIAN)
def confirm(request: HttpRequest, person: Officer, reference: str) -> HttpResponse:
    """Confirm what somebody else put forward, and show once what is to be handed over."""
    try:
        return hand_over(request, keeper().confirm(reference, by=person, at=door.now()))
    except Mistaken as refused:
        return _proposals(request, person, refused)


@require_POST
@for_roles(Role.ADMINISTRATOR, Role.GUARDIAN)
def withdraw(request: HttpRequest, person: Officer, reference: str) -> HttpResponse:
    """Take a proposal back, or say no to it."""
    try:
        keeper().withdraw(reference, by=person, at=door.now())
    except Mistaken as refused:
        return _proposals(request, person, refused)
    messages.success(request, _("It is withdrawn. Nothing has changed."))
    return redirect("proposals")


def _proposals(request: HttpRequest, person: Officer, refused: Mistaken | None) -> HttpResponse:
    waiting: list[Waiting] = list(keeper().waiting(by=person, at=door.now()))
    shown = {"waiting": waiting, "changes": CHANGES, "me": person.staff_id, "at_once": MOVED_AT_ONCE}
    problems = told(refused) if refused else []
    return draw(request, "proposals", shown, status=422 if refused else 200, problems=problems)


def _person(request: HttpRequest, person: Officer, staff_id: str, refused: Mistaken | None) -> HttpResponse:
    view = keeper().person(staff_id, by=person, at=door.now())
    shown = {
        "view": view,
        "record": view.line.record,
        "standing": STANDINGS[view.line.record.standing],
        "changes": CHANGES,
        "reasons": [(reason.value, _(words)) for reason, words in REASONS.items()],
        "is_me": person.staff_id == staff_id,
        "typed": request.POST,
        **_choices(person),
        "roles": [role.value for role in keeper().roles() if may_be_held(role, view.line.record.organisation)],
        "ranks": keeper().ranks(by=person, organisation=view.line.record.organisation),
    }
    problems = told(refused) if refused else []
    return draw(request, "person", shown, status=422 if refused else 200, problems=problems)


def hand_over(request: HttpRequest, handed: Handed) -> HttpResponse:
    """Return the page that shows what is to be handed over, or go on where there is nothing."""
    if handed.half or handed.secret:
        return draw(request, "handed", {"handed": handed, "changes": CHANGES})
    words = _("Put forward. It waits for a second person.") if handed.is_first else _("Confirmed, and done.")
    messages.success(request, " ".join((words, *_gone_on(handed.gone_on))))
    return redirect("proposals")


def _gone_on(cases: GoneOn | None) -> list[str]:
    """Return what became of the cases that a suspension held, where one was ended."""
    if cases is None:
        return []
    moved, waiting = cases.moved, cases.waiting
    told_words = [ngettext("%(n)s held case went on.", "%(n)s held cases went on.", moved) % {"n": moved}]
    if waiting:
        more = ngettext(
            "%(n)s more goes on with the next “privity watch”.",
            "%(n)s more go on with the next “privity watch”.",
            waiting,
        )
        told_words.append(more % {"n": waiting})
    return told_words


def _change(request: HttpRequest) -> tuple[Change, Mapping[str, str]]:
    sent = request.POST
    match sent.get("change", ""):
        case Change.ROLE.value:
            return Change.ROLE, {"role": sent.get("role", ""), "rank": sent.get("rank", "").strip()}
        case Change.RESET.value:
            return Change.RESET, {}
        case Change.SIGN_ON.value:
            return Change.SIGN_ON, {
                "issuer": sent.get("issuer", "").strip(),
                "subject": sent.get("subject", "").strip(),
            }
        case _:
            raise Mistaken("nothing was changed", why="it was not said what to change", next_step="choose one")


def _reason(word: str) -> Reason:
    if word not in {reason.value for reason in Reason}:
        raise Mistaken("nothing was changed", why="no reason was given", next_step="choose one")
    return Reason(word)


def _choices(person: Officer) -> dict[str, object]:
    bodies = [(line.name, line.words) for line in registrar().organisations(by=person)]
    return {
        "organisations": [("custodian", _("The custodian")), *bodies],
        "roles": [role.value for role in keeper().roles()],
        "ranks": keeper().ranks(by=person),
        "standings": STANDINGS,
    }


def _last_day(calendar: str) -> object:
    coming = calendars().coming(calendar, door.now())
    return coming[-1][0] if coming else None
