"""What passes between custodian and requester while a case is open: questions, answers, withdrawal.

While a question is with the requester the clock stands still; the case goes back to whoever had it.
"""

from dataclasses import replace
from datetime import datetime

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import ASKABLE, WITHDRAWABLE, Status, moved
from privity.casework.ports import Agreements, UnitOfWork
from privity.casework.record import moment, read_moment
from privity.casework.records import QuestionRecord
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.due import clock

MOST_WORDS = 2000
"""Characters of a question or an answer."""


def ask(unit: UnitOfWork, reference: CaseReference, *, words: str, by: Officer, at: datetime) -> CaseFile:
    """Put a question to the requester and stop the clock.

    Raises: Mistaken: a question is open already, the case is past judging its purpose, or there are no words.
    """
    file = unit.case(reference)
    if file.status not in ASKABLE or file.open_question:
        raise Mistaken(
            "the question was not asked",
            why=f"the case is `{file.status.value}`",
            next_step="a question can be asked while the purpose is being judged, one at a time",
        )
    record = QuestionRecord(
        reference=file.opening.reference,
        number=len(file.questions) + 1,
        asked_by=by.staff_id,
        asked_at=moment(at),
        words=said(words),
        answered_at="",
        answer="",
    )
    return write_act(
        unit,
        file,
        EntryKind.QUESTION_ASKED,
        at=at,
        by=by,
        words="A question was put to the requester; the clock stands still.",
        records=(record, moved(file.state, Status.WITH_REQUESTER, on=civil_day(at), due="")),
    )


def chase(unit: UnitOfWork, reference: CaseReference, *, by: Officer, at: datetime) -> CaseFile:
    """Remind the requester of the question that waits for it; the clock stands still as before.

    Raises: Mistaken: no question is with the requester, or it was reminded today.
    """
    file = unit.case(reference)
    if file.open_question is None:
        raise Mistaken(
            "the requester was not reminded", why="no question is with it", next_step="look at the case again"
        )
    chased = [read_moment(line.at) for line in file.history if line.kind == EntryKind.QUESTION_CHASED.value]
    if chased and civil_day(chased[-1]) == civil_day(at):
        raise Mistaken(
            "the requester was not reminded",
            why="it was reminded today, and a second mail on one day is read by nobody",
            next_step="wait a day, or telephone",
        )
    return write_act(
        unit,
        file,
        EntryKind.QUESTION_CHASED,
        at=at,
        by=by,
        words="The requester was reminded of the question; the clock stands still.",
    )


def answer(
    unit: UnitOfWork,
    agreements: Agreements,
    reference: CaseReference,
    *,
    words: str,
    by: Officer,
    at: datetime,
) -> CaseFile:
    """Record the requester's answer and let the clock run on.

    Raises: Mistaken: nothing was asked, it was asked of another organisation, or there are no words.
    """
    file = unit.case(reference)
    question = file.open_question
    if file.status is not Status.WITH_REQUESTER or question is None or by.organisation != file.organisation:
        raise Mistaken(
            "the answer was not recorded",
            why="no question is open, or it is another organisation's",
            next_step="look at the case again",
        )
    answered = replace(question, answered_at=moment(at), answer=said(words))
    back = Status(file.history[-1 - _since(file)].status)
    resumed = file.following((answered,))
    terms = agreements.calendar_of(file.family, file.state.version)
    due = clock(
        file.received_on,
        terms.known_on(civil_day(at)),
        working_days=file.state.working_days,
        pauses=resumed.pauses(),
    ).due
    return write_act(
        unit,
        file,
        EntryKind.QUESTION_ANSWERED,
        at=at,
        by=by,
        words="The requester answered; the clock runs on.",
        records=(answered, moved(file.state, back, on=civil_day(at), due=due.isoformat() if due else "")),
    )


def withdraw(unit: UnitOfWork, reference: CaseReference, *, by: Officer, at: datetime) -> CaseFile:
    """Take a request back at the requester's wish, while nothing has left.

    Raises: Mistaken: the case is closed, or somebody else's.
    """
    file = unit.case(reference)
    if by.organisation != file.organisation or file.status not in WITHDRAWABLE:
        raise Mistaken(
            "the request was not withdrawn",
            why=f"the case is `{file.status.value}`, or another organisation's",
            next_step="a request can be withdrawn by its requester until it is answered",
        )
    return write_act(
        unit,
        file,
        EntryKind.CASE_WITHDRAWN,
        at=at,
        by=by,
        words="The requester withdrew the request.",
        records=(moved(file.state, Status.WITHDRAWN, on=civil_day(at)),),
    )


def note(unit: UnitOfWork, reference: CaseReference, *, words: str, by: Officer, at: datetime) -> CaseFile:
    """Write a note into the case's history, whether or not the clock stands still.

    Raises: Mistaken: there are no words, or too many.
    """
    file = unit.case(reference)
    return write_act(unit, file, EntryKind.NOTE_ADDED, at=at, by=by, words=said(words))


def _since(file: CaseFile) -> int:
    """Return how many history lines ago the case went to the requester."""
    for back, line in enumerate(reversed(file.history)):
        if line.status != Status.WITH_REQUESTER.value:
            return back
    return 0


def said(words: str) -> str:
    """Return what somebody wrote, without the blanks around it.

    Raises: Mistaken: nothing, or more than `MOST_WORDS` characters.
    """
    written = words.strip()
    if not 1 <= len(written) <= MOST_WORDS:
        raise Mistaken(
            "nothing was recorded",
            why=f"the text holds {len(written)} characters, not 1 to {MOST_WORDS}",
            next_step="write what the other side needs to know",
        )
    return written
