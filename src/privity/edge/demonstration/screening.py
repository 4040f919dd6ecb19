"""Simulated safety screens: labelled, and as careful as the rules make them.

A simulated officer answers every question with a plain no, and goes to the guardian wherever the screen demands one.
The simulated guardian lets go on what may go on, and nothing else.
"""

from datetime import datetime

from privity.casework.case_file import CaseFile
from privity.casework.forward_letter import draft_letter
from privity.casework.lifecycle import Status
from privity.casework.ports import Gateway, UnitOfWork
from privity.casework.screen import Parked, look, screen
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.disclosure.safety import Course, SafetyAnswer, SafetyQuestion, courses
from privity.edge.demonstration.cast import GUARDIAN

REASONS = "Simulated word on a made-up case: the household was looked at and nothing points to harm."
CAUTIOUS = "Simulated word on a made-up case: somebody there may come to harm, so the address should stay here."
LETTER = "Somebody would like to hear from you. If you wish to answer, write to us. You need not. (made up)"


def simulated_screen(
    unit: UnitOfWork, gateway: Gateway, reference: CaseReference, *, by: Officer, at: datetime
) -> CaseFile | Parked:
    """Take the screen of a case that is to be released, with the guardian's where the rules ask for it."""
    done = _take(unit, gateway, reference, by=by, at=at)
    if isinstance(done, CaseFile) and done.status is Status.HARM_REVIEW:
        return _take(unit, gateway, reference, by=GUARDIAN, at=at)
    return done


def simulated_doubt(
    unit: UnitOfWork, gateway: Gateway, reference: CaseReference, *, by: Officer, at: datetime, letter: bool
) -> None:
    """Let somebody doubt that an address may leave: for the guardian to decide, or for a letter, drafted."""
    offered = courses(look(unit, gateway, unit.case(reference), at=at).sight, by.role)
    course = Course.LETTER if letter and Course.LETTER in offered else Course.GUARDIAN
    _screen(unit, gateway, reference, course, SafetyAnswer.UNSURE, CAUTIOUS, by=by, at=at)
    if unit.case(reference).status is Status.FORWARDING:
        draft_letter(unit, reference, words=LETTER, by=by, at=at)


def _take(
    unit: UnitOfWork, gateway: Gateway, reference: CaseReference, *, by: Officer, at: datetime
) -> CaseFile | Parked:
    offered = courses(look(unit, gateway, unit.case(reference), at=at).sight, by.role)
    careful = Course.WITHHOLD if by is GUARDIAN else Course.GUARDIAN
    course = Course.GO_ON if Course.GO_ON in offered else careful
    return _screen(unit, gateway, reference, course, SafetyAnswer.NO, REASONS, by=by, at=at)


def _screen(
    unit: UnitOfWork,
    gateway: Gateway,
    reference: CaseReference,
    course: Course,
    answer: SafetyAnswer,
    reasons: str,
    *,
    by: Officer,
    at: datetime,
) -> CaseFile | Parked:
    answers = dict.fromkeys(SafetyQuestion, answer)
    return screen(unit, gateway, reference, course=course, answers=answers, reasons=reasons, by=by, at=at)
