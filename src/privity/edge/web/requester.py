"""The requester's pages: its list, one request of its own, and what can be done on it."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from privity.casework.authorisation import Operation
from privity.casework.correspond import MOST_WORDS
from privity.casework.letters import LetterKind
from privity.casework.own_filter import OwnFilter, OwnView
from privity.casework.requester_desk import OwnCase
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference, read_case_reference
from privity.destruction.certificate import DestructionMethod
from privity.edge.web import door
from privity.edge.web.admission import for_requesters
from privity.edge.web.drawing import Problem, draw, told
from privity.errors import Mistaken, Unavailable

LONGEST_SOUGHT = 80
"""Characters of a reference that are looked for."""
METHODS = {
    DestructionMethod.CLEAR: "overwritten by ordinary means",
    DestructionMethod.PURGE: "overwritten or demagnetised beyond recovery",
    DestructionMethod.KEYS_ERASED: "every copy of the key was erased",
    DestructionMethod.DESTROYED: "the medium or paper was destroyed",
}


@require_safe
@for_requesters
def listing(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return the organisation's requests as they were asked for, what waits for it, and this person's drafts."""
    page = request.GET.get("page", "1")
    number = min(int(page), 10_000) if page.isascii() and page.isdigit() and int(page) else 1
    view = request.GET.get("view", "")
    known = view in {one.value for one in OwnView}
    asked = OwnFilter(
        view=OwnView(view) if known else OwnView.ALL, sought=request.GET.get("reference", "").strip()[:LONGEST_SOUGHT]
    )
    desk = door.requester_desk()
    context = {
        "shown": desk.listing(page=number, by=officer, at=door.now(), asked=asked),
        "asked": asked,
        "pages": urlencode({"view": asked.view.value, "reference": asked.sought}),
        "drafts": desk.drafts(by=officer),
        "me": officer.staff_id,
        "today": civil_day(door.now()),
        "here": "requests",
    }
    return draw(request, "requester_list", context)


@require_safe
@for_requesters
def own(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return one request of the organisation."""
    return _drawn(request, officer, _opened(officer, reference))


@require_POST
@for_requesters
def answer(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Answer the open question."""
    return _done(
        request,
        officer,
        reference,
        _("Your answer is with the custodian; the clock runs on."),
        lambda case, tag: door.requester_desk().answer(case, words=_words(request), tag=tag, by=officer, at=door.now()),
    )


@require_POST
@for_requesters
def withdraw(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Take the request back."""
    return _done(
        request,
        officer,
        reference,
        _("The request is withdrawn."),
        lambda case, tag: door.requester_desk().withdraw(case, tag=tag, by=officer, at=door.now()),
    )


@require_POST
@for_requesters
def challenge(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Challenge a refusal, or write on."""
    return _done(
        request,
        officer,
        reference,
        _("Your words are with the custodian and the department."),
        lambda case, tag: door.requester_desk().challenge(
            case, words=_words(request), tag=tag, by=officer, at=door.now()
        ),
    )


@require_POST
@for_requesters
def sealed(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the sealed answer, or the proof that the ledger tells of it. The first fetching is on record."""
    view = _opened(officer, reference)
    try:
        pack, proof = door.requester_desk().sealed(view.reference, by=officer, at=door.now())
    except (Mistaken, Unavailable) as refused:
        # Where it was taken back, the page says so and offers no answer any more.
        return _drawn(request, officer, _opened(officer, reference), problems=told(refused))
    wants_proof = request.POST.get("what") == "proof"
    response = HttpResponse(proof if wants_proof else pack, content_type="application/octet-stream")
    ending = "tlog-proof" if wants_proof else "eml"
    response["Content-Disposition"] = f'attachment; filename="{view.reference}.{ending}"'
    return response


@require_POST
@for_requesters
def receipt(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Record that the requester has the answer."""
    return _done(
        request,
        officer,
        reference,
        _("Your receipt is on record."),
        lambda case, tag: door.requester_desk().collected(case, tag=tag, by=officer, at=door.now()),
    )


@require_POST
@for_requesters
def destruction(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Record that what was received is destroyed."""

    def act(case: CaseReference, tag: str) -> object:
        return door.requester_desk().destroyed(
            case,
            on=_day(request.POST.get("destroyed_on", "")),
            method=request.POST.get("method", ""),
            tag=tag,
            by=officer,
            at=door.now(),
        )

    return _done(request, officer, reference, _("The destruction is on record."), act)


def _opened(officer: Officer, reference: str) -> OwnCase:
    return door.requester_desk().own(read_case_reference(reference), by=officer, at=door.now())


def _done(
    request: HttpRequest,
    officer: Officer,
    reference: str,
    done: str,
    act: Callable[[CaseReference, str], object],
) -> HttpResponse:
    view = _opened(officer, reference)
    try:
        act(view.reference, request.POST.get("tag", "")[:64] or "none")
    except Mistaken as refused:
        return _drawn(request, officer, _opened(officer, reference), problems=told(refused), typed=_words(request))
    messages.success(request, done)
    return redirect("own-request", reference=view.reference)


def _drawn(
    request: HttpRequest, officer: Officer, view: OwnCase, *, problems: list[Problem] | None = None, typed: str = ""
) -> HttpResponse:
    context = {
        "own": view,
        "may": {operation.value for operation in view.may},
        "operations": Operation,
        "typed": typed,
        "letters": [LetterKind(name) for name in view.letters],
        "longest": MOST_WORDS,
        "methods": [(method.value, words) for method, words in METHODS.items()],
        "today": civil_day(door.now()),
        "here": "requests",
    }
    return draw(request, "requester_case", context, status=422 if problems else 200, problems=problems or ())


def _words(request: HttpRequest) -> str:
    return request.POST.get("words", "").replace("\r\n", "\n").strip()


def _day(text: str) -> date:
    """Return the day a date field sent.

    Raises: Mistaken: it is no day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Mistaken(
            "the destruction was not recorded", why="no day is given", next_step="give the day it was destroyed"
        ) from None
