"""The queue: what is open, whose it is, and what is due first."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from privity.casework.desk import SORTS, QueueFilter, SharedLine
from privity.casework.lifecycle import Status
from privity.casework.listed import listed_as_csv
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference, read_case_reference
from privity.edge.web import door
from privity.edge.web.admission import for_officers
from privity.edge.web.custody_door import custody, has_custody
from privity.edge.web.drawing import Problem, begin, draw, told
from privity.edge.web.next_step import THEIRS, next_step
from privity.edge.web.said_errors import error_said
from privity.errors import Mistaken

VIEWS = ("open", "mine", "second", "unassigned", "overdue", "with-requester", "closed")
MOST_PAGES = 10_000
LAST_QUEUE = "queue"
"""Where the session keeps which queue the person came from, so that `back` leads there."""


@require_safe
@for_officers
def queue(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return a page of the queue, or go straight to the case whose reference was given."""
    sought = request.GET.get("reference", "").strip()
    problems = []
    if sought:
        try:
            return redirect("case", reference=read_case_reference(sought))
        except Mistaken as refused:
            words = begin(f"{error_said(refused.why)}; {error_said(refused.next_step)}")
            problems.append(Problem(words=words, field="reference"))
    asked = _read(request.GET)
    _remember(request, asked)
    desk = door.desk()
    now = door.now()
    shown = desk.queue(asked, by=officer, at=now)
    return draw(
        request,
        "queue",
        {
            "queue": shown,
            "suspended": suspended_now(),
            "today": civil_day(now),
            "asked": asked,
            "sought": sought,
            "organisations": desk.organisations(),
            "statuses": tuple(Status),
            "views": {view: _address(QueueFilter(view=view)) for view in VIEWS},
            "previous": _address(replace(asked, page=shown.page - 1)) if shown.page > 1 else "",
            "following": _address(replace(asked, page=shown.page + 1)) if shown.page < shown.pages else "",
            "keeps_filters": has_custody(),
            "saved": custody().upkeep.saved(by=officer) if has_custody() else (),
            "people": custody().upkeep.workload(by=officer, at=now) if has_custody() else (),
            "here_asked": _address(replace(asked, page=1)),
            "here": "queue",
        },
        status=422 if problems else 200,
        problems=problems,
    )


@require_safe
@for_officers
def queue_csv(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return every case that fits the filter as a file for a spreadsheet, or the queue with why there is none."""
    asked, now = _read(request.GET), door.now()
    try:
        lines = door.desk().whole_queue(asked, by=officer, at=now)
    except Mistaken as refused:
        messages.warning(request, told(refused)[0].words)
        return redirect(reverse("queue") + _address(asked))
    # A spreadsheet takes UTF-8 for another alphabet unless the file says so at its beginning.
    content = listed_as_csv(lines, _).encode("utf-8-sig")
    name = f"cases-{asked.view}-{civil_day(now).isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@for_officers
def next_case(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Go to the next case, in the list this person came from, whose next step is theirs."""
    here = read_case_reference(reference)
    asked = _read(QueryDict(str(request.session.get(LAST_QUEUE, "")).removeprefix("?")))
    desk, now = door.desk(), door.now()
    suspended = {line.family for line in suspended_now()}
    for each in _after(here, asked, officer):
        view = desk.case(each, by=officer, at=now)
        if next_step(view, officer, suspended=view.file.family in suspended).step in THEIRS:
            return redirect("case", reference=each)
    messages.success(request, _("Nothing else in this list waits for you."))
    return redirect(reverse("queue") + _address(asked))


def _after(here: CaseReference, asked: QueueFilter, officer: Officer) -> Sequence[CaseReference]:
    """Return the cases that stand after one in a list, then those before it; one that has left it comes after none."""
    listed = [line.reference for line in door.desk().queue(asked, by=officer, at=door.now()).lines]
    start = listed.index(here) + 1 if here in listed else 0
    return (*listed[start:], *listed[: max(start - 1, 0)])


def suspended_now() -> tuple[SharedLine, ...]:
    """Return the agreements that are suspended at this moment, whether or not anybody has touched their cases since."""
    return tuple(line for line in door.desk().situation(door.now()).lines if line.standing == "suspended")


def _read(given: QueryDict) -> QueueFilter:
    """Return what an address asks for; words it does not know do not narrow."""
    view = given.get("view", "open")
    status = given.get("status", "")
    page = given.get("page", "1")
    sort = given.get("sort", "due")
    return QueueFilter(
        sort=sort if sort in SORTS else "due",
        organisation=given.get("organisation", "")[:80],
        officer=given.get("officer", "")[:80],
        status=status if status in {known.value for known in Status} else "",
        view=view if view in VIEWS else "open",
        page=min(int(page), MOST_PAGES) if page.isascii() and page.isdigit() and int(page) else 1,
    )


def _address(asked: QueueFilter) -> str:
    named = {
        "view": asked.view,
        "organisation": asked.organisation,
        "officer": asked.officer,
        "status": asked.status,
        "sort": asked.sort if asked.sort != "due" else "",
        "page": asked.page if asked.page > 1 else "",
    }
    return "?" + urlencode({name: value for name, value in named.items() if value})


def _remember(request: HttpRequest, asked: QueueFilter) -> None:
    address = _address(asked)
    if request.session.get(LAST_QUEUE) != address:
        request.session[LAST_QUEUE] = address
