"""Who may see what, and what becomes of a page whose desk says no.

Pages of cases are for disclosure officers and guardians. Everybody else who signs in is told what their role
can see. Who may do what on a case is the desk's to say; nothing here grants anything.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.edge.web.drawing import draw
from privity.errors import Mistaken, Unavailable

OFFICERS = frozenset({Role.DISCLOSURE_OFFICER, Role.GUARDIAN})
"""The roles that judge."""

Rest = ParamSpec("Rest")


def officer_of(request: HttpRequest) -> Officer | None:
    """Return the named person who is signed in, or None."""
    account = request.user
    if not account.is_authenticated:
        return None
    return Officer(
        staff_id=StaffId(account.staff_id),
        name=account.name,
        organisation=OrganisationId(account.organisation),
        role=Role(account.role),
    )


def answered(
    view: Callable[Concatenate[HttpRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Return the view with the desk's refusals drawn: not found for the mistaken, 503 for the unavailable."""

    @wraps(view)
    def drawn(request: HttpRequest, /, *rest: Rest.args, **named: Rest.kwargs) -> HttpResponse:
        try:
            return view(request, *rest, **named)
        except Mistaken as refused:
            return draw(request, "not_found", {"refused": refused}, status=404)
        except Unavailable as refused:
            return draw(request, "unavailable", {"refused": refused}, status=503)

    return drawn


def _for(
    roles: frozenset[Role],
    view: Callable[Concatenate[HttpRequest, Officer, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    @answered
    @wraps(view)
    def guarded(request: HttpRequest, /, *rest: Rest.args, **named: Rest.kwargs) -> HttpResponse:
        officer = officer_of(request)
        if officer is None:
            return redirect_to_login(request.get_full_path())
        if officer.role not in roles:
            return draw(request, "role", {"officer": officer, "turned_away": True}, status=403)
        return view(request, officer, *rest, **named)

    return guarded


def for_officers(
    view: Callable[Concatenate[HttpRequest, Officer, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Return the view for disclosure officers and guardians only; it is handed the officer."""
    return _for(OFFICERS, view)


def for_requesters(
    view: Callable[Concatenate[HttpRequest, Officer, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Return the view for requesting officers only; it is handed the officer."""
    return _for(frozenset({Role.REQUESTING_OFFICER}), view)
