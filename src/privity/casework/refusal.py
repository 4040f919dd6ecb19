"""Why a case was refused and who refused it, found once, for letters, pages, threads and the public figures.

Rules of the module:
- Where no agreement governed any more, no earlier assessment is the reason: what was asked of a text before it ended
  is no ground of the refusal, and no clause of it is cited.
- Only the answer that settled it counts. A first view that nobody followed refused nothing.
- A ruling on what a term means is a refusal by the terms; only a judgement that weighs the case is one in the public
  interest (domain.md 2.1: the figures keep refusals apart by their ground).
"""

import json
from enum import StrEnum

from privity.agreement.assessment import Standing
from privity.agreement.vocabulary import QuestionKind
from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import Status
from privity.definitions.party import Role
from privity.judgement.determination import Stage
from privity.judgement.two_officers import Agreed


class RefusedBy(StrEnum):
    """What or who refused a case."""

    NO_AGREEMENT = "no-agreement"
    """No agreement was in force by which anything could have left."""
    TERMS = "terms"
    """The terms alone; nobody was asked."""
    TWO_OFFICERS = "two-officers"
    """Two officers, who were of one mind."""
    GUARDIAN = "guardian"
    """The guardian: the officers differed, or the agreement reserves the question."""


def refused_by(file: CaseFile) -> RefusedBy | None:
    """Return what or who refused a case, or None where it is not refused."""
    if file.status is not Status.REFUSED:
        return None
    if not file.assessments or file.assessment.standing != Standing.REFUSED.value:
        return RefusedBy.NO_AGREEMENT
    noes = _noes(file, file.assessment.version)
    if not noes:
        return RefusedBy.TERMS
    by_guardian = all(any(view.role is Role.GUARDIAN for view in no.by) for no in noes.values())
    return RefusedBy.GUARDIAN if by_guardian else RefusedBy.TWO_OFFICERS


def is_against_public_interest(file: CaseFile, version: str) -> bool:
    """Return whether people, weighing the case under a version, have said no; a ruling on a term weighs nothing."""
    return any(_kind(file, question) == QuestionKind.JUDGEMENT.value for question in _noes(file, version))


def _noes(file: CaseFile, version: str) -> dict[str, Agreed]:
    """Return the questions on the purpose that were settled against it under a version."""
    asked = {view.question for view in file.determinations if view.stage == Stage.PURPOSE.value}
    found = {question: file.consulted(Stage.PURPOSE, question, version) for question in sorted(asked)}
    return {question: one for question, one in found.items() if isinstance(one, Agreed) and not one.answer}


def _kind(file: CaseFile, question: str) -> str:
    """Return which sort of answer a question wanted, as the newest assessment that left it to people put it."""
    return next(
        (
            str(found["kind"])
            for assessment in reversed(file.assessments)
            for found in json.loads(assessment.questions)
            if found["name"] == question
        ),
        "",
    )
