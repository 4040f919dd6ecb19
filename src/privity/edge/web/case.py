"""One case as one person may see it."""

import json
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privity.casework.case_file import CaseFile
from privity.casework.desk import CaseView
from privity.casework.letters import letters
from privity.casework.lifecycle import ASKABLE, WITHDRAWABLE
from privity.casework.read_sent import faults_of
from privity.casework.record import read_day, read_moment
from privity.casework.side_by_side import spaced
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.reference import read_case_reference
from privity.edge.web import door
from privity.edge.web.admission import for_officers
from privity.edge.web.drawing import Problem, draw
from privity.edge.web.inner_door import mails, mails_are_shown
from privity.edge.web.next_step import THEIRS, next_step
from privity.edge.web.queue import LAST_QUEUE, suspended_now
from privity.edge.web.views_given import readable_views, taken_screens
from privity.edge.web.waterfall import waterfalls
from privity.trace.standing import Hindrance


@require_safe
@for_officers
def case(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the page of one case."""
    return draw_case(request, officer, opened(officer, reference))


def opened(officer: Officer, reference: str, *, candidates: bool = False) -> CaseView:
    """Return a case as this officer may see it now; with the candidates' records only where they are wanted.

    Raises: Mistaken: there is no such case for them.
    """
    case_reference = read_case_reference(reference)
    return door.desk().case(case_reference, by=officer, at=door.now(), candidates=candidates)


def draw_case(
    request: HttpRequest,
    officer: Officer,
    view: CaseView,
    *,
    status: int = 200,
    problems: Sequence[Problem] = (),
    typed: str = "",
) -> HttpResponse:
    """Return the case page; `typed` is what a person wrote that could not be recorded, kept for them."""
    file = view.file
    suspended = next((line for line in suspended_now() if line.family == file.family), None)
    asked = file.tracing_request() if file.asked else None
    number = asked.particulars.nhs_number if asked else None
    return draw(
        request,
        "case",
        {
            "view": view,
            "file": file,
            "asked": asked,
            "nhs_number": spaced(number.digits) if number else "",
            "facts": json.loads(file.asked.facts) if file.asked else {},
            "faults": faults_of(file),
            "next": next_step(view, officer, suspended=suspended is not None),
            "steps_of_theirs": THEIRS,
            "suspended": suspended,
            "waterfalls": waterfalls(view.explanations),
            "hindrance_words": _hindrance_words(file),
            "given": readable_views(file, officer.staff_id),
            "screens": taken_screens(file, officer.role),
            "may_ask": file.status in ASKABLE and not file.open_question,
            "may_end": officer.role is Role.GUARDIAN and file.status in WITHDRAWABLE,
            "me": officer.staff_id,
            "typed": typed,
            "today": civil_day(door.now()),
            "closed_on": read_day(file.state.closed_on),
            "sealed_at": read_moment(file.pack.sealed_at) if file.pack else None,
            "destroy_by": read_day(file.pack.destroy_by) if file.pack else None,
            "confirmed_on": read_day(file.destruction.confirmed_on) if file.destruction else None,
            "mails": mails().of_case(file.reference, by=officer, at=door.now()) if mails_are_shown() else (),
            "letters": letters(file, civil_day(door.now())),
            "back": request.session.get(LAST_QUEUE, ""),
            "here": "queue",
        },
        status=status,
        problems=problems,
    )


def _hindrance_words(file: CaseFile) -> str:
    """Return why the newest trace could propose nobody; nothing where it could."""
    return Hindrance(file.traces[-1].hindered).words if file.traces and file.traces[-1].hindered else ""
