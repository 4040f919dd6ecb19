"""A person's own account: the first second factor, further ones, password, recovery codes, sessions."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from privity.casework.entrance import Entrance
from privity.definitions.party import Officer, Role
from privity.edge.web import door, half_way
from privity.edge.web.admission import answered
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.inner_door import entrance
from privity.edge.web.people import for_roles
from privity.errors import Mistaken

ANYBODY = tuple(role for role in Role if role is not Role.SYSTEM)
forms = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters()
@never_cache
@forms
@answered
def first_factor(request: HttpRequest) -> HttpResponse:
    """Enrol the first second factor of somebody half way in; then they are in, and are shown recovery codes."""
    half = half_way.who(request)
    if half is None or entrance().proofs(half.staff_id).app or entrance().proofs(half.staff_id).passkeys:
        return redirect("sign-in")
    if request.method == "POST":
        problems = _enrolled(request, half.staff_id)
        if not problems:
            codes = entrance().fresh_recovery_codes(half.staff_id)
            half_way.let_in(request, half.account)
            return _recovery_codes(request, codes, half.after)
        return _offer(request, half.staff_id, "enrol_first", problems)
    return _offer(request, half.staff_id, "enrol_first", ())


@never_cache
@forms
@for_roles(*ANYBODY)
def own_account(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return what a person can prove themselves with, and what they can change."""
    return draw(request, "own_account", {"proofs": entrance().proofs(person.staff_id), "officer": person})


@sensitive_post_parameters()
@forms
@for_roles(*ANYBODY)
def further_factor(request: HttpRequest, person: Officer) -> HttpResponse:
    """Enrol another app or passkey for somebody who is signed in."""
    if request.method == "POST":
        problems = _enrolled(request, person.staff_id)
        if not problems:
            messages.success(request, _("It is enrolled. You can sign in with it from now on."))
            if not entrance().proofs(person.staff_id).recovery_codes:
                return _recovery_codes(request, entrance().fresh_recovery_codes(person.staff_id), "")
            return redirect("own-account")
        return _offer(request, person.staff_id, "enrol_further", problems)
    return _offer(request, person.staff_id, "enrol_further", ())


@require_POST
@for_roles(*ANYBODY)
def remove_passkey(request: HttpRequest, person: Officer, number: int) -> HttpResponse:
    """Remove one of a person's passkeys."""
    try:
        entrance().remove_passkey(person.staff_id, number, at=door.now())
    except Mistaken as refused:
        shown = {"proofs": entrance().proofs(person.staff_id), "officer": person}
        return draw(request, "own_account", shown, status=422, problems=told(refused))
    messages.success(request, _("The passkey is removed."))
    return redirect("own-account")


@require_POST
@for_roles(*ANYBODY)
def new_recovery_codes(request: HttpRequest, person: Officer) -> HttpResponse:
    """Make new recovery codes and show them, this once."""
    return _recovery_codes(request, entrance().fresh_recovery_codes(person.staff_id), "")


@sensitive_post_parameters()
@require_POST
@for_roles(*ANYBODY)
def change_password(request: HttpRequest, person: Officer) -> HttpResponse:
    """Change a person's password; this session goes on, every other one ends."""
    before, after, again = (request.POST.get(name, "") for name in ("before", "after", "again"))
    try:
        if after != again:
            raise Mistaken(
                "the password was not changed",
                why="the two new passwords are not the same",
                next_step="type it twice, alike",
            )
        entrance().change_password(person.staff_id, before, after, at=door.now())
    except Mistaken as refused:
        shown = {"proofs": entrance().proofs(person.staff_id), "officer": person}
        return draw(request, "own_account", shown, status=422, problems=told(refused))
    request.user.refresh_from_db()  # type: ignore[union-attr]  # signed in, so it is an account
    update_session_auth_hash(request, request.user)  # type: ignore[arg-type]  # the same
    messages.success(request, _("Your password is changed. Your other sessions have ended."))
    return redirect("own-account")


@require_POST
@for_roles(*ANYBODY)
def sign_out_everywhere(request: HttpRequest, person: Officer) -> HttpResponse:
    """End every session of a person, this one included."""
    entrance().end_own_sessions(person, at=door.now())
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("sign-in")


def _enrolled(request: HttpRequest, staff_id: str) -> Sequence[Problem]:
    """Enrol what was sent, and return what was wrong with it."""
    answer, now = request.POST.get("passkey", ""), door.now()
    offered, challenge = request.session.get(half_way.OFFER, ""), request.session.pop(half_way.CHALLENGE, "")
    if not answer and not offered:
        # Sent twice: the first time it was enrolled, and nothing is on offer any more.
        return [Problem(words=_("The code is not right, or was used already"), field="code")]
    try:
        if answer:
            called = request.POST.get("called", "")
            entrance().enrol_passkey(staff_id, answer, challenge, called, half_way.site_of(request), at=now)
        else:
            entrance().enrol_app(staff_id, offered, request.POST.get("code", "")[:100], at=now)
    except Mistaken as refused:
        return [Problem(words=one.words, field="" if answer else "code") for one in told(refused)]
    request.session.pop(half_way.OFFER, None)
    return ()


def _offer(request: HttpRequest, staff_id: str, page: str, problems: Sequence[Problem]) -> HttpResponse:
    """Return the page that offers an app and a passkey. The same secret stays on offer until it is enrolled."""
    desk: Entrance = entrance()
    app = desk.offer_app(staff_id, request.session.get(half_way.OFFER, ""))
    ceremony = desk.begin_passkey(staff_id, half_way.site_of(request))
    request.session[half_way.OFFER], request.session[half_way.CHALLENGE] = app.closed, ceremony.challenge
    shown = {"app": app, "options": ceremony.options}
    return draw(request, page, shown, status=422 if problems else 200, problems=problems)


def _recovery_codes(request: HttpRequest, codes: Sequence[str], after: str) -> HttpResponse:
    onwards = half_way.onwards(request, after)
    return draw(request, "recovery_codes", {"codes": codes, "onwards": onwards["Location"]})
