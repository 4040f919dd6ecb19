"""The queue: what is open, whose it is, and what is due first."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from privity.casework.desk import QueueFilter, SharedLine
from privity.casework.lifecycle import Status
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import read_case_reference
from privity.edge.web import door
from privity.edge.web.admission import for_officers
from privity.edge.web.custody_door import custody, has_custody
from privity.edge.web.drawing import Problem, draw
from privity.errors import Mistaken

VIEWS = ("open", "mine", "second", "unassigned", "overdue", "with-requester", "closed")
SORTS = ("due", "received", "newest", "status", "requester")
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
            problems.append(Problem(words=f"{refused.why}; {refused.next_step}", field="reference"))
    asked = _asked(request)
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
            "here_asked": _address(replace(asked, page=1)),
            "here": "queue",
        },
        status=422 if problems else 200,
        problems=problems,
    )


def suspended_now() -> tuple[SharedLine, ...]:
    """Return the agreements that are suspended at this moment, whether or not anybody has touched their cases since."""
    return tuple(line for line in door.desk().situation(door.now()).lines if line.standing == "suspended")


def _asked(request: HttpRequest) -> QueueFilter:
    """Return what the address asks for; words it does not know do not narrow."""
    view = request.GET.get("view", "open")
    status = request.GET.get("status", "")
    page = request.GET.get("page", "1")
    sort = request.GET.get("sort", "due")
    return QueueFilter(
        sort=sort if sort in SORTS else "due",
        organisation=request.GET.get("organisation", "")[:80],
        status=status if status in {known.value for known in Status} else "",
        view=view if view in VIEWS else "open",
        page=min(int(page), MOST_PAGES) if page.isascii() and page.isdigit() and int(page) else 1,
    )


def _address(asked: QueueFilter) -> str:
    named = {
        "view": asked.view,
        "organisation": asked.organisation,
        "status": asked.status,
        "sort": asked.sort if asked.sort != "due" else "",
        "page": asked.page if asked.page > 1 else "",
    }
    return "?" + urlencode({name: value for name, value in named.items() if value})


def _remember(request: HttpRequest, asked: QueueFilter) -> None:
    address = _address(asked)
    if request.session.get(LAST_QUEUE) != address:
        request.session[LAST_QUEUE] = address
