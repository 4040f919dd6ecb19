"""The safety screen before a release, and the letter that can go instead of an address.

A refused answer is drawn again with everything the person typed. Whoever opens these pages reads the register, and that
is on record; so a page that says nothing needs to be read is not one of them.
"""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from privity.casework.case_file import CaseFile
from privity.casework.correspond import MOST_WORDS
from privity.casework.safety_desk import LetterView, SafetyView
from privity.definitions.party import Officer
from privity.definitions.reference import read_case_reference
from privity.disclosure.safety import Course, SafetyAnswer, SafetyQuestion
from privity.edge.web import door
from privity.edge.web.acts import forms
from privity.edge.web.admission import for_officers
from privity.edge.web.custody_door import custody
from privity.edge.web.drawing import Problem, draw, told
from privity.edge.web.sent import revision_sent, words_sent
from privity.errors import Mistaken
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS

DONE = {
    Course.GO_ON: "The screen is recorded. The answer can be released within a day.",
    Course.GUARDIAN: "The screen is recorded. The case is with the guardian.",
    Course.LETTER: "The screen is recorded. Write the letter next; a colleague posts it.",
    Course.WITHHOLD: "The screen is recorded. The answer will say what an untraced case says.",
}


@never_cache
@forms
@for_officers
def safety(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the safety screen, or record what somebody answered and chose."""
    case = read_case_reference(reference)
    problems: list[Problem] = []
    if request.method == "POST":
        answers, course = _answers(request), _course(request)
        problems = _unanswered(answers, course)
        if course is not None and not problems:
            try:
                custody().safety.screen(
                    case,
                    course=course,
                    answers=answers,
                    reasons=words_sent(request, "reasons"),
                    seen=request.POST.get("seen", "")[:64] or "none",
                    revision=revision_sent(request),
                    by=officer,
                    at=door.now(),
                )
            except Mistaken as refused:
                problems = told(refused)
            else:
                messages.success(request, _(DONE[course]))
                return redirect("case", reference=case)
    view = custody().safety.safety(case, by=officer, at=door.now())
    return draw(request, "safety", _shown(request, view), status=422 if problems else 200, problems=problems)


@forms
@for_officers
def letter(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the letter to be written, or keep what was written."""
    case = read_case_reference(reference)
    problems: list[Problem] = []
    words = words_sent(request, "reasons")
    if request.method == "POST":
        try:
            custody().safety.draft(case, words=words, revision=revision_sent(request), by=officer, at=door.now())
        except Mistaken as refused:
            problems = told(refused) if words else [Problem(words=_("Write the letter"), field="reasons")]
        else:
            messages.success(request, _("The letter is kept. A colleague reads it and posts it."))
            return redirect("case", reference=case)
    view = custody().safety.letter(case, by=officer, at=door.now())
    typed = words if problems else (view.letter.words if view.letter else "")
    return draw(request, "forwarded_letter", _letter(view, typed), status=422 if problems else 200, problems=problems)


@never_cache
@forms
@for_officers
def envelope(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the letter for a second person to read, or record that they posted it."""
    case = read_case_reference(reference)
    problems: list[Problem] = []
    if request.method == "POST":
        if request.POST.get("read") != "yes":
            problems = [Problem(words=_("Say that you read the letter and posted it"), field="read")]
        else:
            try:
                custody().safety.post(case, revision=revision_sent(request), by=officer, at=door.now())
            except Mistaken as refused:
                problems = told(refused)
            else:
                messages.success(request, _("The letter is on its way. Now release the answer that says so."))
                return redirect("case", reference=case)
    view = custody().safety.letter(case, by=officer, at=door.now())
    if view.letter is None:
        raise Http404
    return draw(request, "envelope", _letter(view, ""), status=422 if problems else 200, problems=problems)


@never_cache
@require_safe
@for_officers
def sheet(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Return the letter with its address, for printing. It reads the register, so it is on record."""
    case = read_case_reference(reference)
    view = custody().safety.letter(case, by=officer, at=door.now(), envelope=True)
    return draw(request, "sheet", _letter(view, ""))


@require_POST
@for_officers
def give_back(request: HttpRequest, officer: Officer, reference: str) -> HttpResponse:
    """Give a case whose letter should not go back to the guardian."""
    case = read_case_reference(reference)
    custody().safety.give_back(case, revision=revision_sent(request), by=officer, at=door.now())
    messages.success(request, _("The case is with the guardian. No letter goes."))
    return redirect("case", reference=case)


def _shown(request: HttpRequest, view: SafetyView) -> Mapping[str, object]:
    return {
        "view": view,
        "file": view.file,
        "questions": tuple(SafetyQuestion),
        "answers": tuple(SafetyAnswer),
        "given": {question.value: request.POST.get(question.value, "") for question in SafetyQuestion},
        "chosen": request.POST.get("course", ""),
        "typed": words_sent(request, "reasons"),
        "shortest": SHORTEST_REASONS,
        "longest": LONGEST_REASONS,
        "here": "queue",
    }


def _letter(view: LetterView, typed: str) -> Mapping[str, object]:
    file: CaseFile = view.file
    return {"view": view, "file": file, "typed": typed, "longest": MOST_WORDS, "here": "queue"}


def _answers(request: HttpRequest) -> dict[SafetyQuestion, SafetyAnswer]:
    known = {answer.value for answer in SafetyAnswer}
    sent = {question: request.POST.get(question.value, "") for question in SafetyQuestion}
    return {question: SafetyAnswer(answer) for question, answer in sent.items() if answer in known}


def _course(request: HttpRequest) -> Course | None:
    sent = request.POST.get("course", "")
    return Course(sent) if sent in {course.value for course in Course} else None


def _unanswered(answers: Mapping[SafetyQuestion, SafetyAnswer], course: Course | None) -> list[Problem]:
    missing = [
        Problem(words=_("Answer: %(question)s") % {"question": _(question.words)}, field=question.value)
        for question in SafetyQuestion
        if question not in answers
    ]
    return missing + ([] if course else [Problem(words=_("Choose what becomes of the case"), field="course")])
