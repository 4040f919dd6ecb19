"""Errors and near misses: put on record, reported in time, put right with the requester, told in one page.

Two grades (domain.md 3): *recordable*, caught before anything was disclosed (a near miss), and *reportable*,
something was wrongly disclosed. A reportable one is reported within five working days of discovery, says how it
happened and what was done. A breach of personal data has its own clock of 72 hours from discovery (UK GDPR 33 as
reliability.md 2c has it). Both clocks are computed from the dated discovery on read.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from privity.casework.case_file import CaseFile
from privity.casework.dispatch import COLLECTED, FAILED, SENT, TAKEN_BACK, TO_SEND
from privity.casework.instance_records import CertificateRecord, NoticeRecord
from privity.casework.ports import Act, SealedPack, UnitOfWork
from privity.casework.record import moment, read_moment
from privity.casework.records import IncidentRecord
from privity.casework.writing import write_act
from privity.definitions.day import Calendar, civil_day
from privity.definitions.party import GATEWAY, Officer
from privity.definitions.reference import CaseReference
from privity.disclosure.notice import Notice, NoticeKind
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.due import due_date

REPORT_WITHIN_WORKING_DAYS = 5
BREACH_CLOCK = timedelta(hours=72)
ACT_WITHIN_DAYS = 2
"""Calendar days a requester has to act on a recall or correction; ours, for want of a published number."""
LONGEST_WORDS = 4_000


class Gravity(StrEnum):
    """Whether anything was wrongly disclosed."""

    RECORDABLE = "recordable"
    """Caught before anything left: a near miss."""
    REPORTABLE = "reportable"
    """Something was wrongly acquired or disclosed."""


class Cause(StrEnum):
    """What went wrong, in the terms errors are counted by (domain.md 3)."""

    WRONG_PERSON = "wrong-person"
    """Another person's data, or an innocent person's, stood in the answer."""
    WRONG_RECIPIENT = "wrong-recipient"
    """The answer went to a body that did not ask."""
    INCORRECT_IDENTIFIER = "incorrect-identifier"
    """The request named the wrong person, number or date."""
    TOO_MUCH = "too-much"
    """More left than the agreement allows."""
    NOT_DESTROYED = "not-destroyed"
    """What should be gone was kept."""
    OTHER = "other"
    """Something else, as the words say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """What somebody says went wrong: how gravely, why, for how many, and when it was found.

    Args:   people: how many were affected. words: what happened; committed to and never public.
    Raises: Mistaken: no words or too many, or nobody affected.
    """

    gravity: Gravity
    cause: Cause
    people: int
    words: str
    discovered_at: datetime

    def __post_init__(self) -> None:
        if not 1 <= len(self.words.strip()) <= LONGEST_WORDS or self.people < 1:
            raise Mistaken(
                "the incident was not recorded",
                why=f"it needs 1 to {LONGEST_WORDS} characters, and somebody affected",
                next_step="say what happened, and to how many people",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Who, what, when and how many: everything a notification asks for. Holds no particulars of the subject."""

    case: str
    organisation: str
    gravity: str
    cause: str
    words: str
    people: int
    discovered_at: str
    notify_by: str
    hours_left: float
    report_by: str
    reported_at: str
    version: str
    disclosed_items: tuple[str, ...]
    sealed_at: str
    sent_at: str
    collected_at: str
    pack_sha256: str
    destroy_by: str
    destroyed_on: str
    decided_by: tuple[str, ...]
    notices: tuple[str, ...]
    acts: tuple[tuple[str, str, str], ...]


class NoticeSealer(Protocol):
    """Seals notices as packs are sealed."""

    def seal_notice(self, notice: Notice, certificates: Sequence[CertificateRecord], at: datetime) -> SealedPack:
        """Return the sealed notice.

        Raises: Unavailable: no certificate is fit for use.
        """


def open_incident(
    unit: UnitOfWork, reference: CaseReference, calendar: Calendar, told: Occurrence, *, by: Officer, at: datetime
) -> CaseFile:
    """Put an incident on record and start its clocks.

    Raises: Mistaken: a discovery in the future, or a disclosure where nothing has left.
    """
    file = unit.case(reference)
    if told.discovered_at > at:
        raise Mistaken(
            "the incident was not recorded",
            why="it is said to have been found at a moment that has not come",
            next_step="say when it was found",
        )
    if told.gravity is Gravity.REPORTABLE and file.pack is None:
        raise Mistaken(
            "the incident was not recorded",
            why="nothing was sealed in this case, so nothing was wrongly disclosed from it",
            next_step="record it as `recordable`",
        )
    incident = _incident_told(file, told, by=by, report_by=_report_by(told, calendar, at))
    facts: dict[str, str | int | bool] = {
        "gravity": incident.gravity,
        "cause": incident.cause,
        "people": incident.people,
    }
    if incident.report_by:
        facts["report_by"] = incident.report_by
    near = told.gravity is Gravity.RECORDABLE
    return write_act(
        unit,
        file,
        EntryKind.INCIDENT_OPENED,
        at=at,
        by=by,
        words="A near miss was put on record." if near else "An error that reached a requester was put on record.",
        records=(incident,),
        facts=facts,
    )


def _report_by(told: Occurrence, calendar: Calendar, at: datetime) -> str:
    """Return the last day to report what was wrongly disclosed, or nothing where nothing was."""
    if told.gravity is not Gravity.REPORTABLE:
        return ""
    known = calendar.known_on(civil_day(at))
    return due_date(civil_day(told.discovered_at), known, working_days=REPORT_WITHIN_WORKING_DAYS).isoformat()


def _incident_told(file: CaseFile, told: Occurrence, *, by: Officer, report_by: str) -> IncidentRecord:
    """Return the record of what somebody says went wrong in a case, its clocks just started."""
    return IncidentRecord(
        reference=file.opening.reference,
        number=len(file.incidents) + 1,
        gravity=told.gravity.value,
        cause=told.cause.value,
        words=told.words.strip(),
        people=told.people,
        discovered_at=moment(told.discovered_at),
        opened_by=by.staff_id,
        report_by=report_by,
        reported_at="",
        closed_at="",
    )


def report_incident(unit: UnitOfWork, reference: CaseReference, number: int, *, by: Officer, at: datetime) -> CaseFile:
    """Record that a reportable incident was reported, in time or not.

    Raises: Mistaken: there is no such incident, it is not reportable, or was reported already.
    """
    file, incident = _incident(unit, reference, number)
    if not incident.report_by or incident.reported_at:
        raise Mistaken(
            "the report was not recorded",
            why="the incident is not reportable, or was reported before",
            next_step="look at the case",
        )
    in_time = civil_day(at) <= date.fromisoformat(incident.report_by)
    return write_act(
        unit,
        file,
        EntryKind.INCIDENT_REPORTED,
        at=at,
        by=by,
        words="The incident was reported." if in_time else "The incident was reported, late.",
        records=(replace(incident, reported_at=moment(at)),),
        facts={"gravity": incident.gravity, "cause": incident.cause, "in_time": in_time},
    )


def close_incident(unit: UnitOfWork, reference: CaseReference, number: int, *, by: Officer, at: datetime) -> CaseFile:
    """Record that everything that follows from an incident is done.

    Raises: Mistaken: there is no such incident, it is closed, or it is reportable and unreported.
    """
    file, incident = _incident(unit, reference, number)
    if incident.closed_at or (incident.report_by and not incident.reported_at):
        raise Mistaken(
            "the incident was not closed",
            why="it is closed already, or is reportable and has not been reported",
            next_step="report it first",
        )
    return write_act(
        unit,
        file,
        EntryKind.INCIDENT_CLOSED,
        at=at,
        by=by,
        words="The incident was closed.",
        records=(replace(incident, closed_at=moment(at)),),
        facts={"gravity": incident.gravity, "cause": incident.cause},
    )


def send_notice(
    unit: UnitOfWork, sealer: NoticeSealer, reference: CaseReference, kind: NoticeKind, *, by: Officer, at: datetime
) -> NoticeRecord:
    """Seal a correction or recall of a case's answer and put it into the outbox.

    Raises: Mistaken: nothing was sealed in the case. Unavailable: no certificate is fit for use.
    """
    file = unit.case(reference)
    if file.pack is None:
        raise Mistaken("no notice was sealed", why="no answer was sealed in this case", next_step="check the reference")
    today = civil_day(at)
    notice = Notice(
        case=file.reference,
        requester=file.organisation,
        requester_reference=file.opening.requester_reference,
        kind=kind,
        pack_sha256=file.pack.sha256,
        issued_on=today,
        act_by=today + timedelta(days=ACT_WITHIN_DAYS),
    )
    sealed = sealer.seal_notice(notice, unit.certificates(file.organisation), at)
    record = NoticeRecord(
        reference=unit.new_reference(),
        about=file.opening.reference,
        organisation=file.opening.organisation,
        kind=kind.value,
        pack_sha256=file.pack.sha256,
        sha256=sealed.sha256,
        size=len(sealed.sealed),
        sealed_at=moment(at),
        state="sealed",
        attempts=0,
        sent_at="",
        collected_at="",
    )
    unit.write(
        Act(
            kind=EntryKind.NOTICE_SEALED,
            at=at,
            by=by,
            key=record.reference,
            records=(record,),
            organisation=file.organisation,
            facts={"pack_digest": sealed.sha256, "pack_bytes": len(sealed.sealed), "reason": kind.value},
            sealed=sealed.sealed,
        )
    )
    write_act(
        unit, file, EntryKind.NOTE_ADDED, at=at, by=by, words=f"A {kind.value} of the answer was sealed for sending."
    )
    return record


def mark_notice(
    unit: UnitOfWork, record: NoticeRecord, to: str, *, at: datetime, receipt: str = "", reason: str = ""
) -> NoticeRecord:
    """Record that a notice was sent, was not delivered, was taken back, or is collected; a repeat changes nothing.

    One that is taken back goes nowhere any more, and a new one has to be sealed.
    Args: reason: a word for why it was not delivered, e.g. `refused-550`.
    """
    facts: dict[str, str | int | bool] = {"pack_digest": record.sha256}
    if to == SENT and record.state in TO_SEND:
        marked = replace(record, state=SENT, attempts=record.attempts + 1, sent_at=moment(at), receipt=receipt)
        kind = EntryKind.NOTICE_SENT
    elif to == FAILED and record.state != COLLECTED:
        # A notice that is given back was counted when it was sent.
        counted = record.attempts if record.state == SENT else record.attempts + 1
        marked, kind = replace(record, state=FAILED, attempts=counted), EntryKind.NOTICE_FAILED
        facts |= {"attempt": counted, "reason": reason or "refused"}
    elif to == TAKEN_BACK and record.state in TO_SEND:
        marked, kind = replace(record, state=TAKEN_BACK), EntryKind.NOTICE_FAILED
        facts |= {"attempt": record.attempts, "reason": reason}
    elif to == COLLECTED and record.state == SENT:
        marked, kind = replace(record, state=COLLECTED, collected_at=moment(at)), EntryKind.NOTICE_COLLECTED
    else:
        return record
    unit.write(
        Act(
            kind=kind,
            at=at,
            by=GATEWAY,
            key=record.reference,
            records=(marked,),
            organisation=None,
            facts=facts,
        )
    )
    return marked


def breach_pack(file: CaseFile, number: int, notices: Sequence[NoticeRecord], *, now: datetime) -> Breach:
    """Return everything a notification of a breach asks for, from the record alone.

    Raises: Mistaken: the case has no such incident.
    """
    incident = _of(file, number)
    discovered = read_moment(incident.discovered_at)
    pack, outbox, gone = file.pack, file.outbox, file.destruction
    ends = discovered + BREACH_CLOCK
    return Breach(
        case=file.reference,
        organisation=file.organisation,
        gravity=incident.gravity,
        cause=incident.cause,
        words=incident.words,
        people=incident.people,
        discovered_at=incident.discovered_at,
        notify_by=moment(ends),
        hours_left=round((ends - now).total_seconds() / 3600, 1),
        report_by=incident.report_by,
        reported_at=incident.reported_at,
        version=file.state.version,
        disclosed_items=tuple(json.loads(pack.items)) if pack else (),
        sealed_at=pack.sealed_at if pack else "",
        sent_at=outbox.sent_at if outbox else "",
        collected_at=outbox.collected_at if outbox else "",
        pack_sha256=pack.sha256 if pack else "",
        destroy_by=pack.destroy_by if pack else "",
        destroyed_on=gone.confirmed_on if gone else "",
        decided_by=tuple(sorted({view.staff_id for view in file.determinations})),
        notices=tuple(f"{one.kind} sealed {one.sealed_at}, {one.state}" for one in notices),
        acts=tuple((line.at, line.role, line.words) for line in file.history),
    )


def _incident(unit: UnitOfWork, reference: CaseReference, number: int) -> tuple[CaseFile, IncidentRecord]:
    file = unit.case(reference)
    return file, _of(file, number)


def _of(file: CaseFile, number: int) -> IncidentRecord:
    for incident in file.incidents:
        if incident.number == number:
            return incident
    raise Mistaken(
        "the incident was not found",
        why="the case has none of that number",
        next_step="open it first with `privity incident open`",
    )
