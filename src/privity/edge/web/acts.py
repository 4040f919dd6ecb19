"""What a person can do on a case: each a form that carries the revision it was filled in against.

A refused act is drawn again with what, why and what next, and with everything the person typed. Where the
case has moved on so that the form is no longer theirs to fill in, the case page keeps what they typed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from privity.casework.case_file import read_particulars
from privity.casework.correspond import MOST_WORDS
from privity.casework.desk import CaseView, QuestionLine
from privity.casework.lifecycle import ASKABLE, Status
from privity.casework.side_by_side import compare
from privity.definitions.party import Officer, Role
from privity.definitions.reference import CaseReference, Slug
from privity.edge.web import door
from privity.edge.web.admission import for_officers
from privity.edge.web.case import draw_case, opened
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.waterfall import waterfalls
from privity.errors import Mistaken
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS
from privity.judgement.public_interest import Factor

forms = require_http_methods(["GET", "HEAD", "POST"])
PUBLIC_INTEREST = Slug("public_interest")
"""The question for which the structured factors are a checklist; other questions have none."""
NOBODY = "none"
"""The choice `none of these`."""
SOMEBODY_ELSE = "somebody-else"
"""The choice `none of these, and the likeliest is known to be another person`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One page to fill in. `is_open` says whether this person may fill it in on the case as it stands."""

    page: str
    done: str
    shows_candidates: bool = False
    is_open: Callable[[CaseView], bool]
    given: Callable[[CaseView], Mapping[str, object]]
    wrong: Callable[[HttpRequest, CaseView], list[Problem]] = field(default=lambda request, view: [])
    act: Callable[[HttpRequest, CaseReference, int], None]


@forms
@for_officers
def purpose(request: HttpRequest, officer: Officer, reference: str, name: str) -> HttpResponse:
    """Return the form of one question on the purpose, or record this person's answer to it."""

    def act(sent: HttpRequest, case: CaseReference, revision: int) -> None:
        door.desk().determine_purpose(
            case,
            question=Slug(name),
            answer=sent.POST.get("answer") == "yes",
            reasons=_reasons(sent),
            factors=[Slug(factor) for factor in Factor if factor in sent.POST.getlist("factors")],
            revision=revision,
            by=officer,
            at=door.now(),
        )

    form = Form(
        page="purpose",
        done=_("Your view is recorded. Nobody else sees it until both views are in."),
        is_open=lambda view: _question(view, name) is not None,
        given=lambda view: {
            "question": _question(view, name),
            "factors": tuple(Factor) if name == PUBLIC_INTEREST else (),
            "asked": view.file.tracing_request(),
            "facts": json.loads(view.file.request.facts),
        },
        wrong=lambda sent, view: _unanswered(sent, _("Choose yes or no")) + _unreasoned(sent),
        act=act,
    )
    return _filled_in(request, officer, reference, form)


@forms
@for_officers
def identity(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the candidates side by side, or record which of them, if any, this person takes."""

    def act(sent: HttpRequest, case: CaseReference, revision: int) -> None:
        chosen = sent.POST.get("answer", NOBODY)
        door.desk().determine_identity(
            case,
            choice=None if chosen in (NOBODY, SOMEBODY_ELSE) else int(chosen),
            somebody_else=chosen == SOMEBODY_ELSE,
            reasons=_reasons(sent),
            revision=revision,
            by=officer,
            at=door.now(),
        )

    def given(view: CaseView) -> Mapping[str, object]:
        lines = compare(read_particulars(view.file.request), view.candidates)
        return {
            "lines": lines,
            "nobody": NOBODY,
            "somebody_else": SOMEBODY_ELSE,
            "waterfalls": waterfalls(view.explanations),
        }

    form = Form(
        page="identity",
        shows_candidates=True,
        done=_("Your view is recorded. Nobody else sees it until both views are in."),
        is_open=lambda view: view.may_judge_identity,
        given=given,
        wrong=lambda sent, view: _unchosen(sent, view) + _unreasoned(sent),
        act=act,
    )
    return _filled_in(request, officer, reference, form)


@forms
@for_officers
def protected(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the guardian's form for a protected record, or record the decision."""

    def act(sent: HttpRequest, case: CaseReference, revision: int) -> None:
        door.desk().close_protected(case, reasons=_reasons(sent), revision=revision, by=officer, at=door.now())

    form = Form(
        page="protected",
        shows_candidates=True,
        done=_("Your decision is recorded. The answer will say what an untraced case says."),
        is_open=lambda view: officer.role is Role.GUARDIAN and view.file.status is Status.PROTECTED,
        given=lambda view: {},
        wrong=lambda sent, view: _unreasoned(sent),
        act=act,
    )
    return _filled_in(request, officer, reference, form)


@forms
@for_officers
def set_aside(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the form for setting a trace aside, or set it aside."""

    def act(sent: HttpRequest, case: CaseReference, revision: int) -> None:
        door.desk().set_trace_aside(case, reasons=_reasons(sent), revision=revision, by=officer, at=door.now())

    form = Form(
        page="set_aside",
        done=_("The trace is set aside. The person can be traced again."),
        is_open=lambda view: view.may_set_aside,
        given=lambda view: {},
        wrong=lambda sent, view: _unreasoned(sent),
        act=act,
    )
    return _filled_in(request, officer, reference, form)


@forms
@for_officers
def ask(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the form for a question to the requester, or put the question."""

    def act(sent: HttpRequest, case: CaseReference, revision: int) -> None:
        door.desk().ask(case, words=_reasons(sent), revision=revision, by=officer, at=door.now())

    form = Form(
        page="ask",
        done=_("Your question is with the requester. The clock stands still until they answer."),
        is_open=lambda view: view.file.status in ASKABLE and view.file.open_question is None,
        given=lambda view: {"longest": MOST_WORDS},
        wrong=lambda sent, view: [] if _reasons(sent) else [Problem(words=_("Write your question"), field="reasons")],
        act=act,
    )
    return _filled_in(request, officer, reference, form)


@forms
@for_officers
def release(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return what is about to leave, or seal it."""

    def act(sent: HttpRequest, case: CaseReference, revision: int) -> None:
        door.desk().release(case, revision=revision, by=officer, at=door.now())

    form = Form(
        page="release",
        done=_("The release was asked for. The page shows where the case stands now."),
        is_open=lambda view: view.may_release,
        given=lambda view: {"traced": view.file.status is Status.IDENTIFIED},
        act=act,
    )
    return _filled_in(request, officer, reference, form)


@require_POST
@for_officers
def trace(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Trace the person of an approved case."""
    view = opened(officer, reference)
    try:
        door.desk().trace(view.file.reference, revision=_revision(request), by=officer, at=door.now())
    except Mistaken as refused:
        return draw_case(request, officer, view, status=422, problems=told(refused))
    messages.success(request, _("The trace is done."))
    return redirect("case", reference=view.file.reference)


@require_POST
@for_officers
def take(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Put this person in charge of a case, unless somebody acted on it since they looked."""
    view = opened(officer, reference)
    try:
        door.desk().take(view.file.reference, revision=_revision(request), by=officer, at=door.now())
    except Mistaken as refused:
        return draw_case(request, officer, view, status=422, problems=told(refused))
    messages.success(request, _("You are in charge of this case."))
    return redirect("case", reference=view.file.reference)


def _filled_in(request: HttpRequest, officer: Officer, reference: str, form: Form) -> HttpResponse:
    """Return the form, the form again with what is wrong with it, or the case after the act."""
    try:
        view = opened(officer, reference, candidates=form.shows_candidates)
    except Mistaken as refused:
        # There is such a case, and its candidates cannot be shown: the case says what to do, and nothing typed is lost.
        view = opened(officer, reference)
        return draw_case(request, officer, view, status=422, problems=told(refused), typed=_reasons(request))
    posted = request.method == "POST"
    if not form.is_open(view):
        if not posted:
            raise Http404
        return draw_case(request, officer, view, status=422, problems=_moved_on(), typed=_reasons(request))
    problems = form.wrong(request, view) if posted else []
    if posted and not problems:
        try:
            form.act(request, view.file.reference, _revision(request))
        except Mistaken as refused:
            problems = told(refused)
            view = opened(officer, reference, candidates=form.shows_candidates)
            if not form.is_open(view):
                return draw_case(request, officer, view, status=422, problems=problems, typed=_reasons(request))
        else:
            messages.success(request, form.done)
            return redirect("case", reference=view.file.reference)
    context = {
        "view": view,
        "file": view.file,
        "typed": _reasons(request),
        "answer": request.POST.get("answer", ""),
        "chosen_factors": request.POST.getlist("factors"),
        "shortest": SHORTEST_REASONS,
        "longest": LONGEST_REASONS,
        "here": "queue",
        **form.given(view),
    }
    return draw(request, form.page, context, status=422 if problems else 200, problems=problems)


def _question(view: CaseView, name: str) -> QuestionLine | None:
    return next((line for line in view.questions if line.name == name and line.may_answer), None)


def _revision(request: HttpRequest) -> int:
    """Return the revision the form was drawn with; 0, which no case has, where it was tampered with."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _reasons(request: HttpRequest) -> str:
    """Return what was typed, with the line ends of this side of the wire."""
    return request.POST.get("reasons", "").replace("\r\n", "\n").strip()


def _unanswered(request: HttpRequest, words: str) -> list[Problem]:
    return [] if request.POST.get("answer") in ("yes", "no") else [Problem(words=words, field="answer")]


def _unchosen(request: HttpRequest, view: CaseView) -> list[Problem]:
    offered = {NOBODY, SOMEBODY_ELSE, *(str(candidate.shown.person) for candidate in view.candidates)}
    if request.POST.get("answer") in offered:
        return []
    return [Problem(words=_("Choose a candidate, or none of these"), field="answer")]


def _unreasoned(request: HttpRequest) -> list[Problem]:
    length = len(_reasons(request))
    if not length:
        return [Problem(words=_("Write your reasons"), field="reasons")]
    if length < SHORTEST_REASONS:
        words = _("Your reasons are too short: write at least %(least)s characters")
        return [Problem(words=words % {"least": SHORTEST_REASONS}, field="reasons")]
    if length > LONGEST_REASONS:
        words = _("Your reasons are too long: write at most %(most)s characters")
        return [Problem(words=words % {"most": LONGEST_REASONS}, field="reasons")]
    return []


def _moved_on() -> list[Problem]:
    words = _(
        "Nothing was recorded. The case has moved on since you opened it. Look at where it stands now;"
        " what you wrote is kept below."
    )
    return [Problem(words=words)]
