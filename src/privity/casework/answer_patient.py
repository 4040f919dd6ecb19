"""Has my data been disclosed? A person asks with a code; the guardian answers; the form of the answer tells no more.

Steps:
    1 somebody who has seen who the person is gives them a code: their practice, or the custodian's own proofing
    2 the person asks with the code; the question is in the ledger, and its answer comes on a day fixed beforehand
    3 the guardian answers every question, those of people about whom nothing was disclosed too
    4 the guardian may delay single disclosures where telling would prejudice an investigation, each to a day of review
    5 a delay that nobody renewed is over when its day has passed: the disclosure is then told without anybody's doing

Rules of the act:
- An answer from which something is left out reads, byte for byte, like one from which nothing was.
- Wrong and expired codes get one and the same reply.
- What was disclosed about a person is found by their NHS number, and the register is not read for it: whoever has left
  the register since, or come back to it, is told as everybody is.
- The day of the answer does not depend on what it will say.
- An answer tells of everything up to the day on which the person asked. Were it to grow when the guardian decides a
  delay anew, its growing would tell that there is one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from privity.casework.instance_records import SubjectCodeRecord, SubjectQuestionRecord
from privity.casework.ports import Act
from privity.casework.public_desk import Disclosure, PublicUnit
from privity.casework.record import canonical, moment, read_moment
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, Role
from privity.definitions.person import NhsNumber
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

CODE_GOOD_FOR = timedelta(days=90)
ANSWERED_AFTER = timedelta(days=21)
"""From the question to its answer, whatever the answer; within the month that a person may expect one."""
LONGEST_DELAY = timedelta(days=90)
"""From the decision to its review; a delay that is still needed is decided anew."""
SHORTEST_REASON = 30
MAY_GIVE_CODES = (Role.GP_PRACTICE, Role.DISCLOSURE_OFFICER, Role.GUARDIAN)


class Proofing(StrEnum):
    """How it was made sure that the person is who they say."""

    SEEN_AT_PRACTICE = "seen-at-practice"
    """The practice knows the patient, or saw a document."""
    CUSTODIAN = "custodian"
    """The custodian's own process of proofing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A disclosure not told yet: until when, unless reviewed, and why."""

    case: str
    until: date
    reasons: str


def give_code(
    unit: PublicUnit, nhs_number: NhsNumber, code_digest: str, proofing: Proofing, *, by: Officer, at: datetime
) -> SubjectCodeRecord:
    """Keep a code for a person who was seen. Whether the person is on the register is not looked up.

    Raises: Mistaken: this role gives no codes.
    """
    if by.role not in MAY_GIVE_CODES:
        raise Mistaken(
            "no code was given", why=f"a `{by.role.value}` gives none", next_step="ask the practice or the custodian"
        )
    record = SubjectCodeRecord(
        reference=code_digest,
        nhs_number=nhs_number.digits,
        given_at=moment(at),
        given_by=by.staff_id,
        proofing=proofing.value,
        good_until=(civil_day(at) + CODE_GOOD_FOR).isoformat(),
    )
    _write(unit, record, EntryKind.SUBJECT_CODE_GIVEN, by, at)
    return record


def ask_or_read(unit: PublicUnit, code_digest: str, *, at: datetime) -> SubjectQuestionRecord:
    """Return the question a code belongs to; the first use of the code asks it.

    Raises: Mistaken: the code is wrong or no longer good; the words are the same for both.
    """
    today = civil_day(at)
    asked = unit.kept(SubjectQuestionRecord, code_digest)
    if asked:
        return asked[0]
    code = next(iter(unit.kept(SubjectCodeRecord, code_digest)), None)
    if code is None or today > date.fromisoformat(code.good_until):
        raise Mistaken(
            "the code was not accepted",
            why="it is wrong, or it is no longer good",
            next_step="check it letter by letter, or ask your practice for a new one",
        )
    question = SubjectQuestionRecord(
        reference=code_digest,
        nhs_number=code.nhs_number,
        asked_at=moment(at),
        answer_on=(today + ANSWERED_AFTER).isoformat(),
        delays="[]",
        answered_at="",
        answer="",
    )
    _write(unit, question, EntryKind.SUBJECT_ASKED, GATEWAY, at)
    return question


def until_asked(disclosures: Sequence[Disclosure], question: SubjectQuestionRecord) -> tuple[Disclosure, ...]:
    """Return what a question is about: what was disclosed up to the day on which it was asked."""
    asked_on = civil_day(read_moment(question.asked_at))
    return tuple(each for each in disclosures if each.on <= asked_on)


def answer_question(
    unit: PublicUnit,
    reference: str,
    disclosures: Sequence[Disclosure],
    delays: Sequence[Delay],
    *,
    by: Officer,
    at: datetime,
) -> SubjectQuestionRecord:
    """Record the guardian's answer: all that was disclosed, and which of it is not told yet. May be given anew.

    Raises: Mistaken: not the guardian; no such question; something disclosed after it was asked; a delay without
            reasons, too long, or of nothing disclosed.
    """
    found = unit.kept(SubjectQuestionRecord, reference)
    if by.role is not Role.GUARDIAN or not found:
        raise _unanswered(
            "only the guardian answers" if found else "there is no such question", "choose one from the list"
        )
    if until_asked(disclosures, found[0]) != tuple(disclosures):
        raise _unanswered("something was disclosed after the person asked", "tell it in answer to a new question")
    today, known = civil_day(at), {each.case for each in disclosures}
    for delay in delays:
        if delay.case not in known:
            raise _unanswered("a delay names no disclosure to this person", "choose from those shown")
        if len(delay.reasons.strip()) < SHORTEST_REASON:
            raise _unanswered(
                f"a delay has no reasons of at least {SHORTEST_REASON} characters",
                "say whose investigation would be prejudiced, and how",
            )
        if not today < delay.until <= today + LONGEST_DELAY:
            raise _unanswered(
                f"a review lies more than {LONGEST_DELAY.days} days ahead, or not ahead at all", "choose a nearer day"
            )
    answered = replace(
        found[0],
        answered_at=moment(at),
        answer=canonical([each.told() for each in disclosures]),
        delays=canonical(
            [
                {"case": delay.case, "until": delay.until.isoformat(), "reasons": delay.reasons.strip()}
                for delay in sorted(delays, key=lambda each: each.case)
            ]
        ),
    )
    _write(unit, answered, EntryKind.SUBJECT_ANSWERED, by, at)
    return answered


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientAnswer:
    """What a person may read today. `told` is None where the answer is not there yet, `is_late` where it should be."""

    asked_on: date
    answer_on: date
    told: tuple[Disclosure, ...] | None
    is_late: bool = False


def readable(question: SubjectQuestionRecord, today: date) -> PatientAnswer:
    """Return what may be read of a question's answer on a day. Nothing tells whether something was left out."""
    answer_on = date.fromisoformat(question.answer_on)
    asked = civil_day(read_moment(question.asked_at))
    if not question.answered_at or today < answer_on:
        return PatientAnswer(asked_on=asked, answer_on=answer_on, told=None, is_late=today > answer_on)
    later = {delay["case"] for delay in json.loads(question.delays) if today <= date.fromisoformat(delay["until"])}
    every = [Disclosure.read(told) for told in json.loads(question.answer)]
    return PatientAnswer(
        asked_on=asked, answer_on=answer_on, told=tuple(each for each in every if each.case not in later)
    )


def _write(
    unit: PublicUnit,
    record: SubjectCodeRecord | SubjectQuestionRecord,
    kind: EntryKind,
    by: Officer,
    at: datetime,
) -> None:
    key = f"{record.table}:{record.reference}"
    unit.write(Act(kind=kind, at=at, by=by, key=key, records=(record,)))


def _unanswered(why: str, next_step: str) -> Mistaken:
    return Mistaken("the answer was not recorded", why=why, next_step=next_step)
