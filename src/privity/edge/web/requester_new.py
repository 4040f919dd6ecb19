"""New requests: page by page, or a file of them. What would fail is told before anything is sent."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from privity.casework.requester_desk import Draft, DraftKind, DraftState
from privity.definitions.party import Officer
from privity.definitions.reference import read_case_reference
from privity.edge.web import door
from privity.edge.web.admission import for_requesters
from privity.edge.web.drawing import Problem, draw, fault_told, row_told, told
from privity.edge.web.requester_form import LAST_STEP, STEPS, fields_of, shown, step_of, step_words, typed
from privity.errors import Mistaken
from privity.request.csv_lines import LARGEST_FILE
from privity.request.intake import columns_of

forms = require_http_methods(["GET", "HEAD", "POST"])
MOST_SHOWN = 200


@require_POST
@for_requesters
def begin(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Begin a request and show its first page."""
    draft = door.requester_desk().begin(kind=DraftKind.REQUEST, content="", by=officer, at=door.now())
    return redirect("draft", name=draft.name, step=STEPS[0])


@require_POST
@for_requesters
def begin_again(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Begin a request that says what one said which was sent back, and show where it is to be mended."""
    desk = door.requester_desk()
    own = read_case_reference(reference)
    draft = desk.begin_again(own, by=officer, at=door.now())
    errors = desk.own(own, by=officer, at=door.now()).errors
    first = step_of(errors[0].column, desk.form(by=officer)) if errors else STEPS[0]
    return redirect("draft", name=draft.name, step=first)


@forms
@for_requesters
def step(request: HttpRequest, officer: Officer, name: str, step: str) -> HttpResponse:
    """Return one page of a request being written, or keep what was filled in and go on."""
    if step not in STEPS:
        raise Http404
    desk = door.requester_desk()
    draft = desk.draft(name, by=officer)
    if draft.state is DraftState.SENT:
        return _arrived(draft.became.split())
    if draft.kind is DraftKind.FILE:
        return redirect("request-file-check", name=name)
    if step == LAST_STEP or draft.written_by != officer.staff_id:
        return _check(request, officer, draft)
    form = desk.form(by=officer)
    problems: list[Problem] = []
    fields = dict(draft.fields)
    if request.method == "POST":
        fields |= typed(step, form, dict(request.POST.lists()))
        try:
            fields["officer"] = officer.name
            desk.change(name, fields, revision=_revision(request), by=officer, at=door.now())
        except Mistaken as refused:
            problems = told(refused)
        else:
            found = desk.precheck(fields, by=officer, at=door.now())
            called = {asked.name: asked.words for asked in fields_of(step, form, "")}
            problems = [
                Problem(words=f"{called[error.column]}: {row_told(error)}", field=error.column)
                for error in found.errors
                if error.column in called
            ]
            if not problems:
                return redirect("draft", name=name, step=STEPS[STEPS.index(step) + 1])
            draft = desk.draft(name, by=officer)
    context = {
        "draft": draft,
        "step": step,
        "step_words": step_words(step),
        "number": STEPS.index(step) + 1,
        "steps": len(STEPS),
        "asked": fields_of(step, form, fields.get("purpose", "")),
        "values": fields,
        "before": STEPS[STEPS.index(step) - 1] if step != STEPS[0] else "",
        "here": "requests",
    }
    return draw(request, "requester_step", context, status=422 if problems else 200, problems=problems)


@require_POST
@for_requesters
def send(request: HttpRequest, officer: Officer, name: str) -> HttpResponse:
    """Send a draft, or every row of a file. Sent twice, it is one request."""
    desk = door.requester_desk()
    draft = desk.draft(name, by=officer)
    if draft.state is DraftState.SENT:
        return _arrived(draft.became.split())
    try:
        references = desk.send(name, revision=_revision(request), by=officer, at=door.now())
    except Mistaken as refused:
        draft = desk.draft(name, by=officer)
        if draft.state is DraftState.SENT:
            return _arrived(draft.became.split())
        if draft.kind is DraftKind.FILE:
            return _check_file(request, officer, draft, told(refused))
        return _check(request, officer, draft, told(refused))
    words = ngettext("%(count)s request is sent.", "%(count)s requests are sent.", len(references))
    messages.success(request, words % {"count": len(references)})
    return _arrived(references)


@require_POST
@for_requesters
def put_before_colleagues(request: HttpRequest, officer: Officer, name: str) -> HttpResponse:
    """Let colleagues of sufficient rank read and countersign a draft."""
    door.requester_desk().ask_countersignature(name, by=officer, at=door.now())
    messages.success(request, _("Colleagues of your organisation can now countersign and send it."))
    return redirect("requests")


@require_POST
@for_requesters
def countersign(request: HttpRequest, officer: Officer, name: str) -> HttpResponse:
    """Countersign a colleague's draft as it was read, and send it."""
    desk = door.requester_desk()
    try:
        taken = desk.countersign(name, revision=_revision(request), by=officer, at=door.now())
    except Mistaken as refused:
        return _check(request, officer, desk.draft(name, by=officer), told(refused))
    messages.success(request, _("Countersigned and sent."))
    return redirect("own-request", reference=taken.reference)


@require_POST
@for_requesters
def discard(request: HttpRequest, officer: Officer, name: str) -> HttpResponse:
    """Throw a draft away."""
    door.requester_desk().discard(name, by=officer)
    messages.success(request, _("The draft is thrown away."))
    return redirect("requests")


@forms
@for_requesters
def upload(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Return the page to send a file on, or what is wrong with the one sent, row by row."""
    desk = door.requester_desk()
    form = desk.form(by=officer)
    problems: list[Problem] = []
    errors: Sequence[object] = ()
    if request.method == "POST":
        sent = request.FILES.get("file")
        if sent is None or (sent.size or 0) > LARGEST_FILE:
            problems = [Problem(words=_("Choose a CSV file of at most 16 MB"), field="file")]
        else:
            content = sent.read()
            errors, rows = desk.precheck_file(content, by=officer, at=door.now())
            if not errors and rows:
                draft = desk.begin(kind=DraftKind.FILE, content=content.decode("utf-8-sig"), by=officer, at=door.now())
                return redirect("request-file-check", name=draft.name)
            words = _("Nothing was taken. Mend the rows below and send the file again")
            problems = [Problem(words=words, field="file")]
    context = {"columns": columns_of(form), "errors": errors, "form": form, "here": "requests"}
    return draw(request, "requester_file", context, status=422 if problems else 200, problems=problems)


@require_http_methods(["GET", "HEAD"])
@for_requesters
def check_file(request: HttpRequest, officer: Officer, name: str) -> HttpResponse:
    """Return a file that could be read, row by row, with what would fail, to be confirmed."""
    draft = door.requester_desk().draft(name, by=officer)
    if draft.state is DraftState.SENT:
        return redirect("requests")
    if draft.kind is not DraftKind.FILE:
        raise Http404
    return _check_file(request, officer, draft, [])


def _check_file(request: HttpRequest, officer: Officer, draft: Draft, problems: list[Problem]) -> HttpResponse:
    errors, rows = door.requester_desk().precheck_file(draft.content.encode(), by=officer, at=door.now())
    context = {
        "draft": draft,
        "rows": rows[:MOST_SHOWN],
        "total": len(rows),
        "failing": sum(bool(row.found.unmet or row.found.missing) for row in rows),
        "here": "requests",
    }
    return draw(request, "requester_file_check", context, status=422 if problems or errors else 200, problems=problems)


def _check(request: HttpRequest, officer: Officer, draft: Draft, problems: list[Problem] | None = None) -> HttpResponse:
    desk = door.requester_desk()
    form = desk.form(by=officer)
    found = desk.precheck(draft.fields, by=officer, at=door.now())
    answers = [
        (step, step_words(step), [(asked.words, shown(asked, draft.fields.get(asked.name, ""))) for asked in fields])
        for step in STEPS[:-1]
        if (fields := fields_of(step, form, draft.fields.get("purpose", "")))
    ]
    errors = [(step_of(error.column, form), fault_told(error), error.column) for error in found.errors]
    context = {
        "draft": draft,
        "answers": answers,
        "found": found,
        "errors": errors,
        "mine": draft.written_by == officer.staff_id,
        "ranks": form.ranks,
        "waits": draft.state is DraftState.TO_COUNTERSIGN,
        "here": "requests",
    }
    return draw(request, "requester_check", context, status=422 if problems else 200, problems=problems or ())


def _arrived(references: Sequence[str]) -> HttpResponse:
    return redirect("own-request", reference=references[0]) if len(references) == 1 else redirect("requests")


def _revision(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
