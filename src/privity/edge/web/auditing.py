"""The auditor's pages: the ledger's entries, one with its proof, all to take away, a check, and who was looked up."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from privity.casework.auditor import EntryFilter
from privity.casework.readings import Readings
from privity.definitions.party import Officer, Role
from privity.edge.web import door
from privity.edge.web.acts_told import act_words
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.inner_door import auditor, readings
from privity.edge.web.people import for_roles, forms
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

EVERYTHING = "everything"
MOST_SHOWN = 200
"""Cases on one page of readings, those read last."""
LARGEST_INDEX = 18
"""Digits of an index, so that no number is read that no ledger has."""


@require_safe
@for_roles(Role.AUDITOR)
def entries(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return a page of entries, newest first."""
    given = request.GET
    asked = EntryFilter(
        kind=given.get("kind", "") if given.get("kind", "") in {kind.value for kind in EntryKind} else "",
        organisation=given.get("organisation", "").strip()[:80],
        case=given.get("case", "").strip().lower()[:64],
        padding=given.get("kind", "") == EVERYTHING,
        before=_index(given.get("before", "")),
    )
    found = auditor().entries(asked, by=person)
    older = given.copy()
    if found.older is not None:
        older["before"] = str(found.older)
    shown = {
        "entries": found,
        "asked": asked,
        "kinds": _kinds(),
        "older": f"?{older.urlencode()}" if found.older is not None else "",
        "here": "entries",
    }
    return draw(request, "entries", shown)


@require_safe
@for_roles(Role.AUDITOR)
def entry(request: HttpRequest, person: Officer, index: int) -> HttpResponse:
    """Return one entry with its leaf and its proof."""
    return draw(request, "entry", {"view": auditor().entry(index, by=person), "here": "entries"})


@require_safe
@for_roles(Role.AUDITOR)
def export(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the whole ledger as one archive."""
    name, content = auditor().export(by=person, at=door.now())
    sent: HttpResponseBase = StreamingHttpResponse(content, content_type="application/zip")
    sent["Content-Disposition"] = f'attachment; filename="{name}"'
    assert isinstance(sent, StreamingHttpResponse)
    return sent  # type: ignore[return-value]  # Django's two answers share a base only


@require_POST
@for_roles(Role.AUDITOR)
def verify(request: HttpRequest, person: Officer) -> HttpResponse:
    """Check the whole ledger and say what came of it."""
    found = auditor().verify(by=person, at=door.now())
    problems = [] if found.intact else [Problem(words=_("The ledger is not what was signed: %s") % found.said)]
    return draw(request, "verified", {"found": found, "here": "entries"}, problems=problems)


@forms
@for_roles(Role.AUDITOR, Role.GUARDIAN)
def register_readings(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return how often the register was read, once asked: being shown it is put on record."""
    problems: list[Problem] = []
    found: Readings | None = None
    if request.method == "POST":
        try:
            found = readings().readings(request.POST.get("case", "")[:80], by=person, at=door.now())
        except Mistaken as refused:
            problems = told(refused)
    shown = {
        "found": found,
        "newest": found.lines[:MOST_SHOWN] if found else (),
        "typed": request.POST,
        "is_guardian": person.role is Role.GUARDIAN,
        "here": "guardian" if person.role is Role.GUARDIAN else "entries",
    }
    return draw(request, "register_readings", shown, status=422 if problems else 200, problems=problems)


def _kinds() -> list[tuple[str, str]]:
    """Return what can have happened, in the order of its words; the ledger's own name stands beside each."""
    named = sorted((f"{act_words(kind)} ({kind.value})", kind.value) for kind in EntryKind)
    return [(EVERYTHING, _("Everything, padding too"))] + [(value, words) for words, value in named]


def _index(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LARGEST_INDEX else None
