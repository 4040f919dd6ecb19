"""The work itself: who has what, notes and chasers on a case, holds, incidents, and saved filters of the queue."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from privity.casework.correspond import MOST_WORDS
from privity.casework.destroy import HoldReason
from privity.casework.incident import BREACH_CLOCK, LONGEST_WORDS, Cause, Gravity, Occurrence
from privity.casework.record import read_day, read_moment
from privity.definitions.day import LONDON
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference, read_case_reference
from privity.edge.web import door
from privity.edge.web.acts import forms
from privity.edge.web.admission import for_officers
from privity.edge.web.custody_door import custody
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.sent import number_sent, revision_sent, words_sent
from privity.errors import Mistaken
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS

HOLDS = {
    HoldReason.COURT: "A court wants it kept, or proceedings are likely",
    HoldReason.COMPLAINT: "Somebody complained, and the complaint is not closed",
    HoldReason.INCIDENT: "Something went wrong in it and is being looked into",
    HoldReason.SUBJECT: "The person concerned asked what is held",
}
GRAVITIES = {
    Gravity.RECORDABLE: "A near miss: caught before anything left",
    Gravity.REPORTABLE: "Something was wrongly disclosed",
}
CAUSES = {
    Cause.WRONG_PERSON: "Another person’s data stood in the answer",
    Cause.WRONG_RECIPIENT: "The answer went to a body that did not ask",
    Cause.INCORRECT_IDENTIFIER: "The request named the wrong person, number or date",
    Cause.TOO_MUCH: "More left than the agreement allows",
    Cause.NOT_DESTROYED: "What should be gone was kept",
    Cause.OTHER: "Something else, as the words say",
}


@require_safe
@for_officers
def workload(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return who has what to do."""
    loads = custody().upkeep.workload(by=officer, at=door.now())
    return draw(request, "workload", {"loads": loads, "me": officer.staff_id, "here": "workload"})


@require_safe
@for_officers
def incidents(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return the incidents of all cases, with their clocks."""
    lines = custody().upkeep.incidents(by=officer, at=door.now())
    return draw(request, "incidents", {"lines": lines, "causes": _named(CAUSES), "may_open": True, "here": "incidents"})


@forms
@for_officers
def note(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the form for a note, or keep it; whether or not the clock stands still."""
    return _form(
        request,
        officer,
        reference,
        page="note",
        field="reasons",
        missing=_("Write your note"),
        done=_("The note is in the history."),
        act=lambda case, words: door.desk().note(
            case, words=words, revision=revision_sent(request), by=officer, at=door.now()
        ),
        given={"longest": MOST_WORDS},
    )


@forms
@for_officers
def end(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the guardian's form for ending a case that nobody at the requester follows, or end it."""
    return _form(
        request,
        officer,
        reference,
        page="end_case",
        field="reasons",
        missing=_("Write your reasons"),
        done=_("The case is ended."),
        act=lambda case, words: custody().upkeep.end_case(
            case, reasons=words, revision=revision_sent(request), by=officer, at=door.now()
        ),
        given={"longest": LONGEST_REASONS, "shortest": SHORTEST_REASONS},
    )


@require_POST
@for_officers
def chase(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Remind the requester of the open question."""
    return _posted(
        request,
        reference,
        _("The requester is reminded. The clock stands still until they answer."),
        lambda case: custody().upkeep.chase(case, revision=revision_sent(request), by=officer, at=door.now()),
    )


@forms
@for_officers
def assign(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return who can be put in charge and what each has to do, or put somebody in charge."""
    case = read_case_reference(reference)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            custody().upkeep.assign(
                case, to=words_sent(request, "to")[:80], revision=revision_sent(request), by=officer, at=door.now()
            )
        except Mistaken as refused:
            problems = told(refused)
        else:
            messages.success(request, _("The case is assigned."))
            return redirect("case", reference=case)
    context = {
        "file": custody().upkeep.file(case, by=officer),
        "loads": custody().upkeep.workload(by=officer, at=door.now()),
        "chosen": request.POST.get("to", ""),
        "here": "queue",
    }
    return draw(request, "assign", context, status=422 if problems else 200, problems=problems)


@forms
@for_officers
def holds(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the holds on a case, or place or lift one."""
    case = read_case_reference(reference)
    problems: list[Problem] = []
    if request.method == "POST":
        lifts = number_sent(request, "lift")
        reason = request.POST.get("reason", "")
        try:
            if lifts:
                custody().upkeep.lift_hold(case, lifts, revision=revision_sent(request), by=officer, at=door.now())
            elif reason in {one.value for one in HoldReason}:
                custody().upkeep.place_hold(
                    case, HoldReason(reason), revision=revision_sent(request), by=officer, at=door.now()
                )
            else:
                problems = [Problem(words=_("Choose why the case must be kept"), field="reason")]
        except Mistaken as refused:
            problems = told(refused)
        if not problems:
            messages.success(
                request, _("The hold is lifted.") if lifts else _("The case is kept until this is lifted.")
            )
            return redirect("holds", reference=case)
    file = custody().upkeep.file(case, by=officer)
    lines = [
        (one, read_moment(one.placed_at), read_moment(one.lifted_at) if one.lifted_at else None) for one in file.holds
    ]
    context = {"file": file, "lines": lines, "whys": _named(HOLDS), "here": "queue"}
    return draw(request, "holds", context, status=422 if problems else 200, problems=problems)


@forms
@for_officers
def case_incidents(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the incidents of a case with their clocks, or open, report or close one."""
    case = read_case_reference(reference)
    problems: list[Problem] = []
    if request.method == "POST":
        problems = _on_incident(request, officer, case)
        if not problems:
            messages.success(request, _("It is on record."))
            return redirect("case-incidents", reference=case)
    file = custody().upkeep.file(case, by=officer)
    now = door.now()
    lines = [
        {
            "record": one,
            "discovered": read_moment(one.discovered_at),
            "report_by": read_day(one.report_by),
            "breach_ends": read_moment(one.discovered_at) + BREACH_CLOCK if one.report_by else None,
            "is_over": bool(one.report_by) and now > read_moment(one.discovered_at) + BREACH_CLOCK,
            "reported": read_moment(one.reported_at) if one.reported_at else None,
            "closed": read_moment(one.closed_at) if one.closed_at else None,
        }
        for one in file.incidents
    ]
    context = {
        "file": file,
        "lines": lines,
        "gravities": _named(GRAVITIES),
        "causes": _named(CAUSES),
        "typed": request.POST if problems else {},
        "longest": LONGEST_WORDS,
        "now_local": now.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M"),
        "here": "queue",
    }
    return draw(request, "case_incidents", context, status=422 if problems else 200, problems=problems)


@require_POST
@for_officers
def save_filter(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Keep the filter the queue shows, or throw one away."""
    asked = request.POST.get("asked", "")[:400]
    forgotten = number_sent(request, "forget")
    try:
        if forgotten:
            custody().upkeep.forget(forgotten, by=officer)
        else:
            custody().upkeep.save(request.POST.get("name", ""), asked, by=officer)
            messages.success(request, _("The filter is kept."))
    except Mistaken as refused:
        messages.warning(request, told(refused)[0].words)
    back = redirect("queue")
    back["Location"] += asked if asked.startswith("?") and "\n" not in asked and "\r" not in asked else ""
    return back


def _on_incident(request: HttpRequest, officer: Officer, case: CaseReference) -> list[Problem]:
    """Open, report or close an incident and return what was wrong with what was sent."""
    desk, at = custody().upkeep, door.now()
    number = number_sent(request, "number")
    act = request.POST.get("act", "")
    try:
        if act == "report":
            desk.report_incident(case, number, by=officer, at=at)
        elif act == "close":
            desk.close_incident(case, number, by=officer, at=at)
        else:
            gravity, cause = request.POST.get("gravity", ""), request.POST.get("cause", "")
            problems = _unchosen(gravity, cause, words_sent(request, "words"))
            if problems:
                return problems
            desk.open_incident(
                case,
                Occurrence(
                    gravity=Gravity(gravity),
                    cause=Cause(cause),
                    people=number_sent(request, "people"),
                    words=words_sent(request, "words"),
                    discovered_at=_moment(request.POST.get("discovered", "")),
                ),
                by=officer,
                at=at,
            )
    except Mistaken as refused:
        return told(refused)
    return []


def _unchosen(gravity: str, cause: str, words: str) -> list[Problem]:
    problems = []
    if gravity not in {one.value for one in Gravity}:
        problems.append(Problem(words=_("Say whether anything was disclosed"), field="gravity"))
    if cause not in {one.value for one in Cause}:
        problems.append(Problem(words=_("Choose what went wrong"), field="cause"))
    if not words:
        problems.append(Problem(words=_("Write what happened"), field="words"))
    return problems


def _moment(text: str) -> datetime:
    """Return the moment a field sent, in London.

    Raises: Mistaken: it is none.
    """
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LONDON)
    except ValueError:
        raise Mistaken(
            "the incident was not recorded",
            why="no moment of discovery is given",
            next_step="give the day and the time it was found",
        ) from None


def _named(words: Mapping[HoldReason, str] | Mapping[Gravity, str] | Mapping[Cause, str]) -> list[tuple[str, str]]:
    return [(one.value, text) for one, text in words.items()]


def _form(
    request: HttpRequest,
    officer: Officer,
    reference: str,
    *,
    page: str,
    field: str,
    missing: str,
    done: str,
    act: Callable[[CaseReference, str], None],
    given: Mapping[str, object],
) -> HttpResponse:
    """Return a form of one text field, the form again with what was wrong, or the case after the act."""
    case = read_case_reference(reference)
    problems: list[Problem] = []
    words = words_sent(request, field)
    if request.method == "POST":
        if not words:
            problems = [Problem(words=missing, field=field)]
        else:
            try:
                act(case, words)
            except Mistaken as refused:
                problems = told(refused)
            else:
                messages.success(request, done)
                return redirect("case", reference=case)
    context = {"file": custody().upkeep.file(case, by=officer), "typed": words, "here": "queue", **given}
    return draw(request, page, context, status=422 if problems else 200, problems=problems)


def _posted(request: HttpRequest, reference: str, done: str, act: Callable[[CaseReference], None]) -> HttpResponse:
    """Do one act without a form and go back to the case, telling what happened or why nothing did."""
    case = read_case_reference(reference)
    try:
        act(case)
    except Mistaken as refused:
        messages.warning(request, told(refused)[0].words)
    else:
        messages.success(request, done)
    return redirect("case", reference=case)
