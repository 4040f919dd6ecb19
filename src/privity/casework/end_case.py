"""Ending a case that nobody at the requester follows: no answer to a question, or nobody anything could be sealed to.

Every answer, `no trace` too, is sealed to a certificate, and only the requester takes a request back. Where the
requester is gone nobody could end its cases, and what was asked about people would be kept for ever.

Rules of the act:
- The guardian ends it, with reasons that stand in the case's history; nothing is read and nothing leaves.
- Only after `UNFOLLOWED_AFTER`: a requester on leave is reminded, not closed.
- It is counted as withdrawn, and the ledger says which of the two it was.
"""

from datetime import datetime, timedelta

from privity.casework.case_file import CaseFile
from privity.casework.certificates import STATEMENTS
from privity.casework.lifecycle import WITHDRAWABLE, Status, moved
from privity.casework.ports import UnitOfWork
from privity.casework.record import moment, read_moment
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS
from privity.ledger.entry_kind import EntryKind

UNFOLLOWED_AFTER = timedelta(days=28)
"""Four weeks: as long as the clock of an ordinary request. The number is ours."""


def end_case(unit: UnitOfWork, reference: CaseReference, *, reasons: str, by: Officer, at: datetime) -> CaseFile:
    """End a case for a requester that does not answer, or that nothing can be sealed to.

    Raises: Mistaken: not the guardian's word, the case is closed, the requester still follows it, or no reasons.
    """
    file, said = unit.case(reference), " ".join(reasons.split())
    if by.role is not Role.GUARDIAN or file.status not in WITHDRAWABLE:
        raise _refused(f"the case is `{file.status.value}`, or this is not the guardian", "ask the guardian")
    why = _unfollowed(unit, file, at)
    if not why:
        raise _refused(
            f"no question has waited {UNFOLLOWED_AFTER.days} days, and an answer can be sealed to the requester",
            "remind the requester, or answer the case",
        )
    if not SHORTEST_REASONS <= len(said) <= LONGEST_REASONS:
        raise _refused(
            f"the reasons hold {len(said)} characters, not {SHORTEST_REASONS} to {LONGEST_REASONS}",
            "say in your own words how the requester was asked after",
        )
    return write_act(
        unit,
        file,
        EntryKind.CASE_WITHDRAWN,
        at=at,
        by=by,
        words=f"The guardian ended the case, for nobody at the requester follows it: {said}",
        records=(moved(file.state, Status.WITHDRAWN, on=civil_day(at)),),
        facts={"reason": why},
    )


def _unfollowed(unit: UnitOfWork, file: CaseFile, at: datetime) -> str:
    """Return why nobody at the requester can be said to follow a case; nothing where somebody does."""
    question = file.open_question
    if question is not None and at - read_moment(question.asked_at) >= UNFOLLOWED_AFTER:
        return "unanswered"
    sealed_to = [
        one
        for one in unit.certificates(file.organisation)
        if one.approved_by and not one.revoked_at and one.profile != STATEMENTS and one.not_after >= moment(at)
    ]
    waited = at - read_moment(file.opening.received_at) >= UNFOLLOWED_AFTER
    return "" if sealed_to or not waited else "no-certificate"


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("the case was not ended", why=why, next_step=next_step)
