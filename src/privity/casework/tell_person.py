"""Telling a person who asked that there is something to read: when the answer is there, and when a delay has ended.

Steps:
    1 with the question, the person may say where to be told; a mailbox can be taken back with the same code
    2 on the day of the answer everybody who left one is told, whatever the answer says
    3 whoever is not told something yet is told again on the day after the delay: there is something new to read
    4 when nothing is left to tell, the mailbox is forgotten

Rules of the act:
- What is due follows from the dated records: a missed night, or two passes at once, change nothing.
- A mail names nobody and nothing. It says that there is something to read, and where.
- Before a delay is over, nothing here tells that there is one: the first mail goes to everybody on the same day.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from privity.casework.answer_patient import readable
from privity.casework.contacts import is_mailbox
from privity.casework.instance_records import SubjectQuestionRecord, SubjectWishRecord
from privity.casework.ports import Act
from privity.casework.public_desk import PublicUnit
from privity.casework.record import canonical, moment, read_moment
from privity.definitions.day import civil_day
from privity.definitions.language import Translate, as_written
from privity.definitions.party import GATEWAY
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

MOST_REFUSALS = 10
"""So often a relay may refuse a mail; then the mailbox is forgotten, and the person comes with the code as before."""


def wish(unit: PublicUnit, reference: str, address: str, *, at: datetime) -> SubjectWishRecord | None:
    """Record where somebody wants to be told; an empty address ends it. Return None where nothing changes.

    Raises: Mistaken: it is no mail address, or there is no such question.
    """
    wanted = address.strip()
    if wanted and not is_mailbox(wanted):
        raise Mistaken(
            "the address was not taken",
            why="it is no mail address in plain letters",
            next_step="write one, like `name@mail.example`, or leave it empty",
        )
    if not unit.kept(SubjectQuestionRecord, reference):
        raise Mistaken("the address was not taken", why="nobody asked with that code", next_step="ask first")
    before = next(iter(unit.kept(SubjectWishRecord, reference)), None)
    if wanted == (before.address if before else ""):
        return before
    record = SubjectWishRecord(
        reference=reference,
        address=wanted,
        since=moment(at),
        told=before.told if before else "[]",
        mails=before.mails if before else 0,
        refused=0,
    )
    _write(unit, record, EntryKind.SUBJECT_WISHED, at)
    return record


def is_due(question: SubjectQuestionRecord, wished: SubjectWishRecord, today: date) -> bool:
    """Return whether a person is to be told today: there is an answer, or more of one than at the last mail."""
    told = readable(question, today).told
    if told is None or not wished.address:
        return False
    return wished.mails == 0 or not {each.case for each in told} <= set(json.loads(wished.told))


def is_idle(question: SubjectQuestionRecord, wished: SubjectWishRecord, today: date) -> bool:
    """Return whether a mailbox is kept for nothing: its person was told, and no delay is left to end."""
    told_before = bool(wished.address) and wished.mails > 0 and readable(question, today).told is not None
    return told_before and not is_due(question, wished, today) and not _waits(question, today)


def forget(unit: PublicUnit, reference: str, *, at: datetime) -> SubjectWishRecord:
    """Forget a mailbox that was left once more after everything had been told."""
    _, wished = _both(unit, reference)
    record = replace(wished, address="")
    _write(unit, record, EntryKind.SUBJECT_WISHED, at)
    return record


def due_since(question: SubjectQuestionRecord, wished: SubjectWishRecord, today: date) -> date:
    """Return since when a mail that is due today is due: what it is dated by, and never when somebody decided anything.

    The first is due on the day of the answer; a later one on the day after the last delay that has ended.
    """
    if not wished.mails:
        return date.fromisoformat(question.answer_on)
    delayed = [date.fromisoformat(delay["until"]) for delay in json.loads(question.delays)]
    ended = [day + timedelta(days=1) for day in delayed if day < today]
    # Where the guardian ended a delay before its day, the mail is dated by that: nothing is left to hide.
    return max(ended, default=civil_day(read_moment(question.answered_at)))


def mark_told(unit: PublicUnit, reference: str, *, at: datetime, today: date) -> SubjectWishRecord:
    """Record that a mail was handed over; where nothing is left to tell, forget the mailbox."""
    question, wished = _both(unit, reference)
    told = readable(question, today).told or ()
    record = replace(
        wished,
        address=wished.address if _waits(question, today) else "",
        told=canonical(sorted(each.case for each in told)),
        mails=wished.mails + 1,
        refused=0,
    )
    _write(unit, record, EntryKind.SUBJECT_TOLD, at)
    return record


def mark_refused(unit: PublicUnit, reference: str, *, at: datetime) -> SubjectWishRecord:
    """Record that the relay would not take a mail; after too many times, forget the mailbox."""
    _, wished = _both(unit, reference)
    refused = wished.refused + 1
    record = replace(wished, refused=refused, address=wished.address if refused < MOST_REFUSALS else "")
    _write(unit, record, EntryKind.SUBJECT_WISHED, at)
    return record


SUBJECT = "Something to read"
_WHERE = "There is something for you to read at %(address)s"
_WHERE_ASKED = "There is something for you to read on the page where you asked"
_CODE = "You need the code that you were given."
_NOTHING_ELSE = "This mail says nothing else on purpose. Nobody reads what is sent back to it."
SENTENCES = (SUBJECT, _WHERE, _WHERE_ASKED, _CODE, _NOTHING_ELSE)
"""What a translator translates of the mail."""


def mail_words(address: str, say: Translate = as_written) -> Sequence[str]:
    """Return the lines of the mail. Everybody gets the same ones.

    Args: address: of the page, or empty where it is not known.
    """
    where = say(_WHERE) % {"address": f"{address}disclosed/"} if address else say(_WHERE_ASKED)
    return (where, say(_CODE), "", say(_NOTHING_ELSE))


def _waits(question: SubjectQuestionRecord, today: date) -> bool:
    return any(today <= date.fromisoformat(delay["until"]) for delay in json.loads(question.delays))


def _both(unit: PublicUnit, reference: str) -> tuple[SubjectQuestionRecord, SubjectWishRecord]:
    (question,) = unit.kept(SubjectQuestionRecord, reference)
    (wished,) = unit.kept(SubjectWishRecord, reference)
    return question, wished


def _write(unit: PublicUnit, record: SubjectWishRecord, kind: EntryKind, at: datetime) -> None:
    key = f"{SubjectQuestionRecord.table}:{record.reference}"
    unit.write(Act(kind=kind, at=at, by=GATEWAY, key=key, records=(record,)))
