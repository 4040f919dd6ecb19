"""Signing in and out. Who fails is told one thing, whether the person is unknown or the password is wrong."""

import secrets

from django.contrib import messages
from django.contrib.auth import authenticate, get_user_model, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privity.casework.entrance import Need
from privity.edge.web import door, half_way
from privity.edge.web.admission import answered, officer_of
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.inner_door import entrance
from privity.errors import Mistaken, Unavailable

AWAY, SIGNED_ON, LEAVING = "signing_on", "signed_on", "signing_out"
LONGEST_TOKEN = 8_000
forms = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters("password")
@never_cache
@forms
@answered
def sign_in(request: HttpRequest) -> HttpResponse:
    """Return the sign-in page, or let a named person in, as far as the second factor."""
    after = request.POST.get("next") or request.GET.get("next") or ""
    shown = {"next": after, "staff_id": "", "elsewhere": entrance().sign_on_called()}
    if request.method != "POST":
        return draw(request, "sign_in", shown)
    staff_id = request.POST.get("staff_id", "").strip()
    account = authenticate(request, username=staff_id, password=request.POST.get("password", ""))
    if account is None:
        problem = Problem(words=_("Your staff identifier or your password is not right"), field="staff_id")
        return draw(request, "sign_in", {**shown, "staff_id": staff_id}, status=422, problems=[problem])
    need = entrance().need(account.get_username())
    if need is Need.NOTHING:
        half_way.let_in(request, account)
        return half_way.onwards(request, after)
    half_way.begin(request, account, after)
    return redirect("second-factor" if need is Need.FACTOR else "enrol-factor")


@sensitive_post_parameters()
@never_cache
@forms
@answered
def second_factor(request: HttpRequest) -> HttpResponse:
    """Return the page that asks for a code or a passkey, or let the person in."""
    half = half_way.who(request)
    if half is None:
        return redirect("sign-in")
    site, now = half_way.site_of(request), door.now()
    problems = []
    if request.method == "POST":
        answer, challenge = request.POST.get("passkey", ""), request.session.pop(half_way.CHALLENGE, "")
        if answer:
            holds = bool(challenge) and entrance().passkey_holds(half.staff_id, answer, challenge, site, at=now)
        else:
            holds = entrance().code_holds(half.staff_id, request.POST.get("code", "")[:100], at=now)
        if holds:
            half_way.let_in(request, half.account)
            _tell_of_recovery_codes(request, half.staff_id)
            return half_way.onwards(request, half.after)
        words = _("The passkey was not accepted") if answer else _("The code is not right, or was used already")
        problems = [Problem(words=words, field="" if answer else "code")]
    proofs = entrance().proofs(half.staff_id)
    options = ""
    if proofs.passkeys:
        ceremony = entrance().ask_passkey(half.staff_id, site)
        request.session[half_way.CHALLENGE], options = ceremony.challenge, ceremony.options
    shown = {"proofs": proofs, "options": options}
    return draw(request, "second_factor", shown, status=422 if problems else 200, problems=problems)


@sensitive_post_parameters()
@never_cache
@forms
@answered
def set_up(request: HttpRequest) -> HttpResponse:
    """Return the page on which a new person sets a password with the two parts of their code."""
    if request.method != "POST":
        return draw(request, "set_up", {"staff_id": request.GET.get("staff_id", "")[:60]})
    sent = request.POST
    staff_id, password = sent.get("staff_id", "").strip(), sent.get("password", "")
    try:
        if password != sent.get("again", ""):
            raise Mistaken(
                "no password was set", why="the two passwords are not the same", next_step="type it twice, alike"
            )
        entrance().set_up(staff_id, sent.get("first", ""), sent.get("second", ""), password, at=door.now())
    except Mistaken as refused:
        return draw(request, "set_up", {"staff_id": staff_id}, status=422, problems=told(refused))
    messages.success(request, _("Your password is set. Sign in with it now."))
    return redirect("sign-in")


@require_safe
@never_cache
@answered
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Send the browser to the organisation's own sign-on."""
    departure = entrance().depart(_back_address(request))
    request.session[AWAY] = {**departure.kept, "after": request.GET.get("next", "")}
    return redirect(departure.address)


@require_safe
@never_cache
@answered
def back_from_elsewhere(request: HttpRequest) -> HttpResponse:
    """Let in who comes back from the organisation's own sign-on; what was asked is spent, whatever comes of it."""
    kept = request.session.pop(AWAY, {})
    query = {name: str(request.GET.get(name, ""))[:4000] for name in ("state", "code", "error", "iss")}
    query = {name: value for name, value in query.items() if value}
    try:
        arrival = entrance().arrive(query, kept, _back_address(request), at=door.now())
    except Mistaken as refused:
        shown = {"next": "", "staff_id": "", "elsewhere": entrance().sign_on_called()}
        return draw(request, "sign_in", shown, status=403, problems=told(refused))
    half_way.let_in(request, get_user_model()._default_manager.get(staff_id=arrival.staff_id))
    request.session[SIGNED_ON] = arrival.token
    return half_way.onwards(request, kept.get("after", ""))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and return to the first page; who signed on elsewhere may sign out there too."""
    token = request.session.get(SIGNED_ON, "")
    logout(request)
    if not token:
        return redirect("situation")
    request.session[LEAVING] = {"token": token, "state": secrets.token_urlsafe(16)}
    return redirect("signed-out")


@require_safe
@never_cache
@answered
def signed_out(request: HttpRequest) -> HttpResponse:
    """Return the page after signing out, with the way to sign out at the organisation's own sign-on."""
    kept = request.session.get(LEAVING)
    if kept is None:
        return redirect("situation")
    everywhere = bool(request.GET.get("state")) and request.GET["state"] == kept["state"]
    shown = {"elsewhere": entrance().sign_on_called(), "address": "", "everywhere": everywhere}
    if everywhere:
        request.session.flush()
        return draw(request, "signed_out", shown)
    try:
        site = half_way.site_of(request).origin
        shown["address"] = entrance().leave(kept["token"], site + reverse("signed-out"), kept["state"])
    except Unavailable:
        # Whoever cannot be asked cannot sign anybody out: the page says to close the browser.
        return draw(request, "signed_out", shown)
    return draw(request, "signed_out", shown)


@csrf_exempt
@require_POST
@never_cache
def signed_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Answer the organisation's own sign-on, which says that somebody signed out there (back-channel logout)."""
    try:
        entrance().told_of_leaving(request.POST.get("logout_token", "")[:LONGEST_TOKEN], at=door.now())
    except Mistaken:
        return HttpResponse(status=400)
    except Unavailable:
        return HttpResponse(status=503)
    return HttpResponse(status=200)


@require_safe
@answered
def role(request: HttpRequest) -> HttpResponse:
    """Return what the role of the person signed in can see."""
    officer = officer_of(request)
    if officer is None:
        return redirect("sign-in")
    return draw(request, "role", {"officer": officer, "turned_away": False})


def _back_address(request: HttpRequest) -> str:
    return half_way.site_of(request).origin + reverse("back-from-elsewhere")


def _tell_of_recovery_codes(request: HttpRequest, staff_id: str) -> None:
    left = entrance().proofs(staff_id).recovery_codes
    if left <= 2:
        messages.info(request, _("You have few recovery codes left. Make new ones on the page of your account."))
