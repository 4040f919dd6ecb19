"""Signing in and out. Who fails is told one thing, whether the person is unknown or the password is wrong."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privity.definitions.party import Role
from privity.edge.web.admission import OFFICERS, answered, officer_of
from privity.edge.web.drawing import Problem, draw


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Return the sign-in page, or let a named person in."""
    after = request.POST.get("next") or request.GET.get("next") or ""
    if request.method != "POST":
        return draw(request, "sign_in", {"next": after, "staff_id": ""})
    staff_id = request.POST.get("staff_id", "").strip()
    account = authenticate(request, username=staff_id, password=request.POST.get("password", ""))
    if account is None:
        problem = Problem(words=_("Your staff identifier or your password is not right"), field="staff_id")
        return draw(request, "sign_in", {"next": after, "staff_id": staff_id}, status=422, problems=[problem])
    login(request, account)
    return redirect(after if _is_ours(request, after) else _first_page(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and return to the first page."""
    logout(request)
    return redirect("situation")


@require_safe
@answered
def role(request: HttpRequest) -> HttpResponse:
    """Return what the role of the person signed in can see."""
    officer = officer_of(request)
    if officer is None:
        return redirect("sign-in")
    return draw(request, "role", {"officer": officer, "turned_away": False})


def _is_ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def _first_page(request: HttpRequest) -> str:
    officer = officer_of(request)
    if officer is not None and officer.role is Role.REQUESTING_OFFICER:
        return "requests"
    return "queue" if officer is not None and officer.role in OFFICERS else "role"
