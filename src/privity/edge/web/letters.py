"""Letters as pages and as PDFs: the requester keeps them, an officer prints them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language_info
from django.views.decorators.http import require_safe

from privity.casework.letters import LetterKind
from privity.definitions.party import Officer
from privity.definitions.reference import read_case_reference
from privity.edge.web import door
from privity.edge.web.admission import for_officers, for_requesters
from privity.edge.web.drawing import draw


@require_safe
@for_requesters
def own_letter(request: HttpRequest, officer: Officer, reference: str, kind: str) -> HttpResponse:
    """Return a letter on a request of the organisation."""
    return _page(request, officer, reference, kind, "own-request", "own-letter-pdf")


@require_safe
@for_requesters
def own_letter_pdf(request: HttpRequest, officer: Officer, reference: str, kind: str) -> HttpResponse:
    """Return the same as a PDF."""
    return _pdf(officer, reference, kind)


@require_safe
@for_officers
def letter(request: HttpRequest, officer: Officer, reference: str, kind: str) -> HttpResponse:
    """Return a letter on a case, to be read and printed."""
    return _page(request, officer, reference, kind, "case", "letter-pdf")


@require_safe
@for_officers
def letter_pdf(request: HttpRequest, officer: Officer, reference: str, kind: str) -> HttpResponse:
    """Return the same as a PDF."""
    return _pdf(officer, reference, kind)


def _page(request: HttpRequest, officer: Officer, reference: str, kind: str, back: str, as_pdf: str) -> HttpResponse:
    written = door.letters().letter(read_case_reference(reference), _kind(kind), by=officer, at=door.now())
    base = written.language.partition("-")[0]
    context = {
        "letter": written,
        "back": back,
        "as_pdf": as_pdf,
        "direction": "rtl" if get_language_info(base)["bidi"] else "ltr",
        "makes_pdf": door.letters().makes_pdf(),
        "here": "requests" if back == "own-request" else "queue",
    }
    return draw(request, "letter", context)


def _pdf(officer: Officer, reference: str, kind: str) -> HttpResponse:
    case = read_case_reference(reference)
    made = door.letters().pdf(case, _kind(kind), by=officer, at=door.now())
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{case}-{kind}.pdf"'
    return response


def _kind(name: str) -> LetterKind:
    try:
        return LetterKind(name)
    except ValueError:
        raise Http404 from None
