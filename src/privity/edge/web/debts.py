"""The pages about debts: the finance office's, the desk's, and those of whoever collates.

Nothing about a debtor is in an address but the gateway's own random reference, and no page here is stored.
"""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from privity.casework.alike import alike_debt_views
from privity.casework.debt_desk import FileFound
from privity.casework.debt_lifecycle import TO_CHECK, DebtStanding
from privity.casework.take_back import NotGivenOut
from privity.definitions.day import civil_day
from privity.definitions.language import ENGLISH, Tongue
from privity.definitions.party import Officer, Role
from privity.disclosure.collation import pounds
from privity.disclosure.debt_receipt import receipt_html
from privity.edge.web import door
from privity.edge.web.debt_door import debts as desk
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.locale_forms import day, say
from privity.edge.web.people import for_roles
from privity.errors import Mistaken, Unavailable
from privity.judgement.determination import SHORTEST_REASONS
from privity.request.csv_lines import LARGEST_FILE
from privity.request.debt_report import Settlement

OFFICE = Role.OVERSEAS_VISITOR_OFFICER
SEES = (OFFICE, Role.DISCLOSURE_OFFICER, Role.GUARDIAN)
MOST_SHOWN = 200
HOW = {
    Settlement.PAID: "it was paid in full",
    Settlement.SCHEDULE: "a reasonable repayment schedule was agreed",
    Settlement.WRITTEN_OFF: "the trust no longer asks for it",
    Settlement.WRONG_SUM: "the sum was wrong",
    Settlement.NOT_OWED: "it should not have been charged or reported",
}
forms = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_roles(*SEES)
def debts(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the debts, and how many stand where."""
    chosen = request.GET.get("standing", "")
    standing = DebtStanding(chosen) if chosen in {one.value for one in DebtStanding} else None
    page = request.GET.get("page", "1")
    number = min(int(page), 10_000) if page.isascii() and page.isdigit() and int(page) else 1
    found = desk().debts(standing=standing, page=number, by=person)
    context = {
        "found": found,
        "standing": standing,
        "standings": [one for one in DebtStanding if found.counts.get(one)],
        "to_check": sum(found.counts.get(one, 0) for one in TO_CHECK),
        "due": desk().months_due(door.now()),
        "office": person.role is OFFICE,
        "pounds": pounds,
        "here": "debts",
    }
    return draw(request, "debts", context)


@sensitive_post_parameters()
@forms
@for_roles(*SEES)
def debt(request: HttpRequest, person: Officer, reference: str) -> HttpResponse:
    """Return one debt."""
    return _debt(request, person, reference)


@sensitive_post_parameters()
@require_POST
@for_roles(Role.DISCLOSURE_OFFICER, Role.GUARDIAN)
def judge(request: HttpRequest, person: Officer, reference: str) -> HttpResponse:
    """Record a view on a debt or a settlement."""
    answer = request.POST.get("answer", "")
    try:
        if answer not in ("yes", "no"):
            raise Mistaken("the view was not recorded", why="no answer was chosen", next_step="choose yes or no")
        desk().judge(
            reference,
            answer=answer == "yes",
            reasons=_words(request, "reasons"),
            revision=_revision(request),
            by=person,
            at=door.now(),
        )
    except Mistaken as refused:
        return _debt(request, person, reference, told(refused))
    messages.success(request, _("Your view is recorded."))
    return redirect("debt", reference=reference)


@require_POST
@for_roles(OFFICE)
def settle(request: HttpRequest, person: Officer, reference: str) -> HttpResponse:
    """Record that a debt is settled or should not have been reported."""
    how = request.POST.get("how", "")
    try:
        if how not in {one.value for one in Settlement}:
            raise Mistaken("nothing was recorded", why="no reason was chosen", next_step="choose why it is settled")
        desk().settle(
            reference,
            how=Settlement(how),
            settled_on=_day(request.POST.get("settled_on", "")),
            revision=_revision(request),
            by=person,
            at=door.now(),
        )
    except Mistaken as refused:
        return _debt(request, person, reference, told(refused))
    messages.success(request, _("It is recorded."))
    return redirect("debt", reference=reference)


@require_POST
@for_roles(OFFICE)
def receipt(request: HttpRequest, person: Officer, reference: str) -> HttpResponse:
    """Give the patient a receipt: a page to print, in the language the pages are read in, on record with its digest."""
    try:
        made = desk().receipt(reference, by=person, at=door.now())
    except Mistaken as refused:
        return _debt(request, person, reference, told(refused))
    tongue = Tongue(code=get_language() or ENGLISH, say=say)
    return HttpResponse(receipt_html(made, tongue), content_type="text/html; charset=utf-8")


@forms
@for_roles(OFFICE)
def upload(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the page to send a file on, or what is wrong with the one sent, row by row."""
    problems: list[Problem] = []
    errors: Sequence[object] = ()
    if request.method == "POST":
        sent = request.FILES.get("file")
        if sent is None or (sent.size or 0) > LARGEST_FILE:
            problems = [Problem(words=_("Choose a CSV file of at most 16 MB"), field="file")]
        else:
            content = sent.read()
            found = desk().look(content, by=person, at=door.now())
            if not found.errors:
                return redirect("debt-file-check", name=desk().keep(content, by=person, at=door.now()))
            errors = found.errors
            words = _("Nothing was taken. Mend the rows below and send the file again")
            problems = [Problem(words=words, field="file")]
    context = {"columns": desk().columns(), "errors": errors, "here": "debts"}
    return draw(request, "debt_file", context, status=422 if problems else 200, problems=problems)


@require_safe
@for_roles(OFFICE)
def check_file(request: HttpRequest, person: Officer, name: str) -> HttpResponse:
    """Return a file that could be read, row by row, with what would become of each, to be confirmed."""
    return _check_file(request, person, name, [])


@require_POST
@for_roles(OFFICE)
def confirm_file(request: HttpRequest, person: Officer, name: str) -> HttpResponse:
    """Take in a file as it was read."""
    try:
        changed = desk().confirm(name, revision=_revision(request), by=person, at=door.now())
    except Mistaken as refused:
        return _check_file(request, person, name, told(refused))
    words = ngettext("%(count)s debt was changed.", "%(count)s debts were changed.", changed)
    messages.success(request, words % {"count": changed})
    return redirect("debts")


@require_POST
@for_roles(OFFICE)
def discard_file(request: HttpRequest, person: Officer, name: str) -> HttpResponse:
    """Throw a kept file away."""
    desk().discard(name, by=person)
    messages.success(request, _("The file is thrown away."))
    return redirect("debts")


@forms
@for_roles(*SEES)
def runs(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the monthly runs, or run the month that is due longest."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            anew = desk().seal_anew(by=person, at=door.now())
            if anew:
                words = ngettext("%(n)s part is sealed anew.", "%(n)s parts are sealed anew.", len(anew))
                messages.success(request, words % {"n": len(anew)})
            month = request.POST.get("month", "")[:7]
            if anew and not month:
                return redirect("debt-runs")
            done = desk().run(month, by=person, at=door.now())
        except (Mistaken, Unavailable) as refused:
            problems = told(refused)
        else:
            words = _("%(reports)s reported, %(retractions)s taken back. It goes with the next run of the outbox.")
            messages.success(request, words % {"reports": done.reports, "retractions": done.retractions})
            return redirect("debt-runs")
    context = {
        "runs": desk().collations(by=person),
        "due": desk().months_due(door.now()),
        "anew": desk().to_seal_anew(door.now()),
        "office": person.role is OFFICE,
        "as_day": as_day,
        "here": "debts",
    }
    return draw(request, "debt_runs", context, status=422 if problems else 200, problems=problems)


@require_safe
@for_roles(Role.REQUESTING_OFFICER)
def collations(request: HttpRequest, person: Officer) -> HttpResponse:
    """Return the collations sent to the organisation that collates."""
    return _collations(request, person, [])


@require_safe
@for_roles(Role.REQUESTING_OFFICER)
def collation(request: HttpRequest, person: Officer, reference: str, form: str) -> HttpResponse:
    """Return the sealed bytes of a part, or the proof that the ledger tells of it."""
    try:
        sealed, proof = desk().sealed(reference, by=person, at=door.now())
    except (NotGivenOut, Unavailable) as refused:
        return _collations(request, person, told(refused))
    is_proof = form == "proof"
    kind = "text/plain; charset=utf-8" if is_proof else "application/pkcs7-mime"
    answer = HttpResponse(proof if is_proof else sealed, content_type=kind)
    name = f"{reference}.{'tlog-proof' if is_proof else 'eml'}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@for_roles(Role.REQUESTING_OFFICER)
def acknowledge(request: HttpRequest, person: Officer, reference: str) -> HttpResponse:
    """Record that the organisation that collates has a part."""
    try:
        desk().acknowledge(reference, by=person, at=door.now())
    except Mistaken as refused:
        return _collations(request, person, told(refused))
    messages.success(request, _("It is on record that you have it."))
    return redirect("collations")


def _collations(request: HttpRequest, person: Officer, problems: list[Problem]) -> HttpResponse:
    context = {"runs": desk().collations(by=person), "as_day": as_day, "here": "collations"}
    return draw(request, "collations", context, status=422 if problems else 200, problems=problems)


def _check_file(request: HttpRequest, person: Officer, name: str, problems: list[Problem]) -> HttpResponse:
    draft = desk().kept(name, by=person)
    found = desk().look(draft.content.encode(), by=person, at=door.now()) if draft.content else FileFound(settles=False)
    context = {
        "draft": draft,
        "found": found,
        "rows": found.rows[:MOST_SHOWN],
        "changing": sum(row.changes for row in found.rows),
        "here": "debts",
    }
    failed = bool(problems or found.errors)
    return draw(request, "debt_file_check", context, status=422 if failed else 200, problems=problems)


def _debt(request: HttpRequest, person: Officer, reference: str, problems: list[Problem] | None = None) -> HttpResponse:
    view = desk().debt(reference, by=person)
    context = {
        "view": view,
        "alike": alike_debt_views(view.views),
        "report": view.case.report(),
        "state": view.case.state,
        "how": HOW,
        "pounds": pounds,
        "as_day": as_day,
        "typed": request.POST,
        "shortest": SHORTEST_REASONS,
        "today": civil_day(door.now()),
        "is_out": view.case.standing.is_out,
        "here": "debts",
    }
    return draw(request, "debt", context, status=422 if problems else 200, problems=problems or ())


def as_day(text: str) -> str:
    """Return a day or moment as records keep it, as people write it; nothing for none."""
    return day(date.fromisoformat(text[:10])) if text else ""


def _words(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n").strip()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Mistaken("nothing was recorded", why="no day is given", next_step="give the day it was settled") from None


def _revision(request: HttpRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
