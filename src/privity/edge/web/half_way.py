"""Half way in: the password has held and the second factor has not. Nothing is to be seen from here.

What is kept in the session: who it would be, what the account was like then, and until when. A changed password, role
or generation of sessions makes it void, as does time.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from privity.casework.entrance import Site
from privity.definitions.party import Role
from privity.edge.web import debt_door, door
from privity.edge.web.admission import OFFICERS, officer_of
from privity.edge.web.custody_door import has_custody

KEPT, OFFER, CHALLENGE = "half_way", "offered_app", "passkey_challenge"
LASTS_SECONDS = 10 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfWay:
    """Who is half way in, and where they were going."""

    staff_id: str
    after: str
    account: AbstractBaseUser


def begin(request: HttpRequest, account: AbstractBaseUser, after: str) -> None:
    """Keep in the session that a password has held."""
    request.session.flush()
    request.session[KEPT] = {
        "staff_id": account.get_username(),
        "standing": account.get_session_auth_hash(),
        "until": int(door.now().timestamp()) + LASTS_SECONDS,
        "after": after,
    }


def who(request: HttpRequest) -> HalfWay | None:
    """Return who is half way in, or None where nobody is, or no longer."""
    kept = request.session.get(KEPT)
    if not kept or door.now().timestamp() > kept["until"]:
        return None
    account = get_user_model()._default_manager.filter(staff_id=kept["staff_id"], is_active=True).first()
    if account is None or account.get_session_auth_hash() != kept["standing"]:
        return None
    return HalfWay(staff_id=kept["staff_id"], after=kept["after"], account=account)


def let_in(request: HttpRequest, account: AbstractBaseUser) -> None:
    """Sign somebody in; whatever was kept on the way is gone."""
    request.session.flush()
    login(request, account)  # type: ignore[arg-type]  # whoever is half way in has an account here


def onwards(request: HttpRequest, after: str) -> HttpResponse:
    """Return the way to where somebody was going, or to the first page of their role."""
    ours = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    # An address begins with a slash; another word would be looked up as the name of a page, and may be none.
    return redirect(after if ours and after.startswith("/") else first_page(request))


def first_page(request: HttpRequest) -> str:
    """Return the name of the first page of whoever is signed in."""
    officer = officer_of(request)
    if officer is None:
        return "sign-in"
    pages = {
        Role.REQUESTING_OFFICER: "collations" if debt_door.collates(officer.organisation) else "requests",
        Role.ADMINISTRATOR: "administration",
        Role.AUDITOR: "entries",
        Role.DEPARTMENT: "oversight" if has_custody() else "role",
        Role.OVERSEAS_VISITOR_OFFICER: "debts",
    }
    if has_custody():
        # Of all the cases in the queue a guardian's own are a few.
        pages[Role.GUARDIAN] = "guardian"
    return pages.get(officer.role, "queue" if officer.role in OFFICERS else "role")


def site_of(request: HttpRequest) -> Site:
    """Return which site the browser is on. TLS may end in front of the gateway; the cookies know."""
    host = request.get_host()
    scheme = "https" if request.is_secure() or settings.SESSION_COOKIE_SECURE else "http"
    return Site(host=host.rsplit(":", 1)[0] if ":" in host.rpartition("]")[2] else host, origin=f"{scheme}://{host}")
