"""The safety screen before a release: the record is looked at once more, and somebody answers for what follows.

Steps of a screen:
    1 the agreement in force is asked again: where it no longer stands, the case moves to where it belongs
    2 the record two people identified and the household at its address are read, on record (`look`), whatever follows
    3 whoever screens answers every question and chooses what becomes of the case (`disclosure.safety` says who may)
    4 the release looks again and stops where anything differs from what this screen saw (`must_still_hold`)
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from privity.agreement.in_force import InForce
from privity.casework.assess import ask_version, assess_case, gateway_facts
from privity.casework.case_file import CaseFile
from privity.casework.judge import IDENTITY_QUESTION
from privity.casework.lifecycle import SCREENED, Status, moved, touched
from privity.casework.permits import ORDERED, PERMITTED, identity_permit
from privity.casework.ports import Agreements, Gateway, UnitOfWork
from privity.casework.record import canonical, moment, read_moment
from privity.casework.records import ScreenRecord, StateRecord
from privity.casework.sighting import address_digest
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.item import DataItem
from privity.definitions.party import Officer, Role
from privity.definitions.person import Demographics, PersonId
from privity.definitions.reference import CaseReference
from privity.disclosure.safety import (
    FRESH_FOR,
    Course,
    SafetyAnswer,
    SafetyQuestion,
    Sight,
    concerns,
    courses,
    may_take,
    needs_reasons,
)
from privity.errors import Mistaken, RefusedOnRecord
from privity.judgement.decision import Approved
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS, Stage
from privity.judgement.public_interest import Factor
from privity.ledger.entry_kind import EntryKind
from privity.protection.household import Household, is_child
from privity.protection.sensitive_flag import WHEREABOUTS

VULNERABLE = frozenset({"victim", "witness", "missing"})
"""What a request may say that the person is, so that the screen says so too."""
WELFARE_PURPOSE = "welfare"
NOT_FOR_SEALS = "statements"
_NOT_RECORDED = "the safety screen was not recorded"
_NOW = {
    Course.GO_ON: "The safety screen was taken: the release may go on.",
    Course.GUARDIAN: "The safety screen was taken: the guardian decides.",
    Course.LETTER: "The safety screen was taken: a letter is forwarded and the address stays here.",
    Course.WITHHOLD: "The safety screen was taken: the guardian withholds the answer.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """The case may no longer go on as it was approved; where it went instead."""

    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look found: the permit it rests on, the record, and what the screen makes of them."""

    permit: Approved
    record: Demographics
    sight: Sight


def still_stands(unit: UnitOfWork, file: CaseFile, agreements: Agreements, at: datetime) -> bool:
    """Return whether the agreement in force now permits what was approved, on the same version."""
    governing = agreements.governing(file.family, at)
    if not isinstance(governing, InForce) or governing.version.reference != file.state.version:
        return False
    seen = gateway_facts(unit, file, governing.version, at)
    return ask_version(file, governing, seen).standing.value in (PERMITTED, ORDERED)


def look(unit: UnitOfWork, gateway: Gateway, file: CaseFile, *, at: datetime) -> Looked:
    """Read the identified record and its household and return what the screen sees. The caller puts it on record.

    Raises: Mistaken: nobody has been identified; then the register is not read.
    """
    permit = identity_permit(file, IDENTITY_QUESTION)
    record = gateway.register.record(permit)
    items = permit.purpose.items
    whereabouts = bool(items & WHEREABOUTS)
    named = {factor for view in file.determinations for factor in json.loads(view.factors)}
    facts = json.loads(file.request.facts)
    certificates = unit.certificates(file.organisation)
    since = _identified_at(file)
    signs = gateway.register.signs(permit, record)
    sight = Sight(
        whereabouts=whereabouts,
        protected=record.sensitive or signs.hidden,
        household=_household(gateway, permit, record) if whereabouts else None,
        address=address_digest(file.reference, record.residence),
        seen_addresses=_seen(file, permit.person),
        child=is_child(record.date_of_birth, civil_day(at)),
        deceased=record.deceased_on is not None,
        letters_elsewhere=record.correspondence is not None,
        harm_named=Factor.HARM_TO_SUBJECT.value in named,
        welfare=file.request.purpose == WELFARE_PURPOSE
        or any(value in VULNERABLE for value in facts.values() if isinstance(value, str)),
        welfare_weighed=Factor.CHILD_OR_VULNERABLE.value in named,
        certificates=tuple(
            one.sha256
            for one in certificates
            if one.approved_by and not one.revoked_at and one.profile != NOT_FOR_SEALS
        ),
        revoked_since=any(one.revoked_at and one.revoked_at > since for one in certificates),
        agreement_stands=still_stands(unit, file, gateway.agreements, at),
        letter_only=items <= {DataItem.LETTER_FORWARDED},
        signs=signs,
        no_home=record.residence is None and not record.sensitive,
    )
    return Looked(permit=permit, record=record, sight=sight)


def _household(gateway: Gateway, permit: Approved, record: Demographics) -> Household | None:
    """Return who else lives at the home on record; nobody, where there is no home on record to give away."""
    if record.residence is None:
        return Household(others=0, children=0, protected=0)
    return gateway.register.household(permit, record)


def show_screen(
    unit: UnitOfWork, gateway: Gateway, reference: CaseReference, *, by: Officer, at: datetime
) -> tuple[CaseFile, Sight]:
    """Look for somebody who is to take the screen, and put the reading on record.

    Raises: Mistaken: the case does not wait for a screen, or not for theirs.
    """
    file = unit.case(reference)
    _must_wait(file, by)
    sight = look(unit, gateway, file, at=at).sight
    return _read(unit, file, by=by, at=at), sight


def screen(
    unit: UnitOfWork,
    gateway: Gateway,
    reference: CaseReference,
    *,
    course: Course,
    answers: Mapping[SafetyQuestion, SafetyAnswer],
    reasons: str,
    by: Officer,
    at: datetime,
    seen: str = "",
) -> CaseFile | Parked:
    """Record a screen and move the case to what follows from it.

    Args:    seen: the digest of the sight this person was shown, or empty where they were shown none.
    Returns: the case, or where it went because the agreement no longer stands.
    Raises:  Mistaken: the case does not wait for it; nothing was read.
             RefusedOnRecord: something changed since the person looked, a question is open, the course is not theirs
             to choose, or reasons are wanting.
    """
    file = unit.case(reference)
    _must_wait(file, by)
    if not still_stands(unit, file, gateway.agreements, at):
        return Parked(status=assess_case(unit, gateway.agreements, reference, at=at).status)
    sight = look(unit, gateway, file, at=at).sight
    file = _read(unit, file, by=by, at=at)
    _must_answer(sight, course, answers, reasons.strip(), by.role, seen=seen)
    record = ScreenRecord(
        reference=file.opening.reference,
        number=len(file.screens) + 1,
        at=moment(at),
        staff_id=by.staff_id,
        role=by.role.value,
        version=file.state.version,
        seen=sight.digest(),
        concerns=canonical([concern.value for concern in concerns(sight)]),
        others=sight.household.others if sight.household else None,
        children=sight.household.children if sight.household else None,
        answers=canonical({question.value: answer.value for question, answer in answers.items()}),
        course=course.value,
        reasons=reasons.strip(),
    )
    return write_act(
        unit,
        file,
        EntryKind.SAFETY_SCREENED,
        at=at,
        by=by,
        words=_NOW[course],
        records=(record, _state_after(file, course, sight, at)),
        facts={"course": course.value},
    )


def _must_answer(
    sight: Sight,
    course: Course,
    answers: Mapping[SafetyQuestion, SafetyAnswer],
    reasons: str,
    role: Role,
    *,
    seen: str,
) -> None:
    """Raise where a screen does not answer to what the look found.

    Raises: RefusedOnRecord: it does not; the look stays on record, the screen does not come about.
    """
    if seen and seen != sight.digest():
        raise _after_looking("what the screen shows has changed since you opened it", "look at it again, then decide")
    if not may_take(course, sight, answers, role):
        raise _after_looking(
            "a question is unanswered, or what was found and answered does not let you choose that",
            "answer every question; where one is not a plain `no`, choose the guardian or a letter",
        )
    least = SHORTEST_REASONS if needs_reasons(course, sight, answers) else 0
    if not least <= len(reasons) <= LONGEST_REASONS:
        raise _after_looking(
            f"the reasons hold {len(reasons)} characters, not {least} to {LONGEST_REASONS}",
            "say in your own words what you looked at and why it is safe, or is not",
        )


def standing_screen(file: CaseFile, at: datetime) -> ScreenRecord | None:
    """Return the screen on which a case may be released now, as far as that can be told without looking again."""
    newest = file.screens[-1] if file.screens else None
    if newest is None or newest.course != Course.GO_ON.value or file.status is not Status.IDENTIFIED:
        return None
    taken = read_moment(newest.at)
    young = timedelta(0) <= at - taken <= FRESH_FOR + timedelta(seconds=1)
    as_identified = newest.version == file.state.version and newest.at >= _identified_at(file)
    return newest if young and as_identified else None


def must_be_screened(file: CaseFile, at: datetime) -> ScreenRecord:
    """Return the standing screen of a case that is about to be released.

    Raises: Mistaken: there is none, it is too old, or the case moved since.
    """
    found = standing_screen(file, at)
    if found is None:
        raise Mistaken(
            "nothing was released",
            why="no safety screen stands: none was taken, it is older than a day, or the case has moved since",
            next_step="take the safety screen, then release",
        )
    return found


def must_still_hold(taken: ScreenRecord, sight: Sight) -> None:
    """Raise where anything the screen looked at is another now.

    Raises: Mistaken: it is; nothing is released on the old screen.
    """
    if taken.seen != sight.digest():
        raise Mistaken(
            "nothing was released",
            why="something that the safety screen looked at has changed since it was taken",
            next_step="take the safety screen again, then release",
        )


def offered(file: CaseFile, sight: Sight, role: Role) -> tuple[Course, ...]:
    """Return what somebody may choose on a case."""
    theirs = role is Role.GUARDIAN or file.status is Status.IDENTIFIED
    return courses(sight, role) if theirs else ()


def _state_after(file: CaseFile, course: Course, sight: Sight, at: datetime) -> StateRecord:
    to = {
        Course.GO_ON: Status.IDENTIFIED,
        Course.GUARDIAN: Status.PROTECTED if sight.protected else Status.HARM_REVIEW,
        Course.LETTER: Status.FORWARDING,
        Course.WITHHOLD: Status.UNIDENTIFIED,
    }[course]
    if to is file.status:
        return touched(file.state)
    return moved(file.state, to, on=civil_day(at))


def _must_wait(file: CaseFile, by: Officer) -> None:
    if file.status not in SCREENED or (file.status is Status.HARM_REVIEW and by.role is not Role.GUARDIAN):
        raise _refused(
            f"the case is `{file.status.value}`, or waits for the guardian", "look at the case again: it may have moved"
        )


def _read(unit: UnitOfWork, file: CaseFile, *, by: Officer, at: datetime) -> CaseFile:
    return write_act(
        unit,
        file,
        EntryKind.REGISTER_READ,
        at=at,
        by=by,
        words="The record and its household were looked at for the safety screen.",
        facts={"reads": 1},
    )


def _identified_at(file: CaseFile) -> str:
    """Return the moment the record was identified, as records spell moments; empty where it was not."""
    decided = [line.at for line in file.history if line.kind == EntryKind.IDENTITY_DECIDED.value]
    return decided[-1] if decided else ""


def _seen(file: CaseFile, person: PersonId) -> tuple[str, ...]:
    """Return the digests of the person's address as those who judged the identity were shown it, each once."""
    judges = {view.staff_id for view in file.given(Stage.IDENTITY, IDENTITY_QUESTION)}
    shown = [json.loads(one.addresses).get(str(person)) for one in file.sightings if one.staff_id in judges]
    return tuple(sorted({digest for digest in shown if digest is not None}))


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken(_NOT_RECORDED, why=why, next_step=next_step)


def _after_looking(why: str, next_step: str) -> RefusedOnRecord:
    return RefusedOnRecord(_NOT_RECORDED, why=why, next_step=next_step)
