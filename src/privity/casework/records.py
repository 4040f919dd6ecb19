"""What is written down: one flat record a row, and one commitment a column in the ledger.

Rules of the room:
- Every column is text, a whole number, yes or no, or nothing, in one canonical spelling, so that the value
  that was committed to is the value in the row, byte for byte. Days are `2018-05-09`, moments are UTC
  `2018-05-09T11:02:03Z`, lists are canonical JSON, probabilities are decimals in text.
- Records are added, not changed. The few that do change (state, outbox, destruction, holds, incidents, notices) are
  written whole each time, so the newest entry that names them commits to all of their columns.
- `number` counts the records of one kind within one case, from 1.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import ClassVar

from privity.errors import Impossible

Column = str | int | bool | None


def canonical(value: object) -> str:
    """Return lists and objects as JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def moment(at: datetime) -> str:
    """Return a moment as `2018-05-09T11:02:03Z`.

    Raises: Impossible: the moment has no zone.
    """
    if at.tzinfo is None:
        raise Impossible("a moment was not written", why="it has no zone", next_step="report this")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: str) -> datetime:
    """Return the moment that `moment` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def read_day(text: str) -> date | None:
    """Return the day written in a column, or None where it is empty."""
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row. `reference` is the case; instance-wide records use their own key there."""

    table: ClassVar[str] = ""
    many: ClassVar[bool] = False
    """Whether one case can have several, told apart by `number`."""

    reference: str

    def committed(self) -> Mapping[str, Column]:
        """Return the columns an entry commits to: all but `number`, which the commitment's own name carries.

        `reference` is committed to where a case or an instance-wide thing begins: everything else of it stands under
        the same key.
        """
        return {name: getattr(self, name) for name in COMMITTED[type(self)]}

    def called(self) -> str:
        """Return what commitments call this record: its table, and its number (1 where there is one only)."""
        return f"{self.table}/{self.number if isinstance(self, NumberedRecord) else 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedRecord(Record):
    """One of several rows of its kind in one case."""

    many: ClassVar[bool] = True
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRecord(Record):
    """How a case began. Never changes."""

    table: ClassVar[str] = "opening"
    organisation: str
    family: str
    requester_reference: str
    batch: str
    row_number: int
    received_at: str
    received_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord(Record):
    """What was asked, as it was asked. Personal data. Never changes."""

    table: ClassVar[str] = "request"
    officer_name: str
    purpose: str
    statement: str
    urgency: str
    countersigned_by: str
    countersigned_rank: str
    items: str
    declarations: str
    facts: str
    family_name: str
    given_name: str
    other_given_names: str
    date_of_birth: str
    gender: str
    nhs_number: str
    postcode: str
    address_lines: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRecord(Record):
    """Where a case stands now. Written only through `lifecycle`.

    `due` is a cache for sorting; the clock is computed from dated events on read. `revision` counts the
    writes, so that two people on one case notice each other.
    """

    table: ClassVar[str] = "state"
    status: str
    version: str
    urgent: bool
    working_days: int
    due: str
    assigned_to: str
    closed_on: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRecord(NumberedRecord):
    """What the agreement in force said about a request, clause by clause."""

    table: ClassVar[str] = "assessment"
    at: str
    version: str
    policy_sha256: str
    engine: str
    standing: str
    urgency_accepted: bool
    items: str
    findings: str
    questions: str
    cited: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationRecord(NumberedRecord):
    """What one named person answered to one reserved question."""

    table: ClassVar[str] = "determination"
    at: str
    stage: str
    question: str
    staff_id: str
    role: str
    answer: bool
    choice: int | None
    reasons: str
    factors: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRecord(NumberedRecord):
    """What the tracer found. Candidates are register numbers with evidence, never copied particulars."""

    table: ClassVar[str] = "trace"
    at: str
    model: str
    outcome: str
    ambiguous: bool
    protected: bool
    touched: int
    probability_absent: str
    candidates: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRecord(NumberedRecord):
    """A question to the requester. The clock stands still from the day after it to its answer.

    A question and its answer are two records of the same number's life: the answer writes the record whole.
    """

    table: ClassVar[str] = "question"
    asked_by: str
    asked_at: str
    words: str
    answered_at: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRecord(Record):
    """What was sealed, for whom, and until when it may be kept. Never changes."""

    table: ClassVar[str] = "pack"
    sealed_at: str
    answer: str
    items: str
    version: str
    sha256: str
    size: int
    recipient_sha256: str
    destroy_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRecord(Record):
    """Where a sealed pack is on its way. The bytes stand beside it and never change."""

    table: ClassVar[str] = "outbox"
    organisation: str
    sha256: str
    state: str
    attempts: int
    sent_at: str
    collected_at: str
    receipt: str = ""
    """What the transport called it when it took it: a message number, never a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionRecord(Record):
    """What the requester says about destroying what it was sent."""

    table: ClassVar[str] = "destruction"
    due: str
    confirmed_on: str
    method: str
    stated_by: str
    statement_sha256: str
    statement: str = ""
    """What was stated, in its one spelling, or the signed mail it came in; the ledger has only its digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRecord(NumberedRecord):
    """One act on a case, with the exact moment and the person: the public entry has hour and role only."""

    table: ClassVar[str] = "history"
    at: str
    kind: str
    staff_id: str
    role: str
    status: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRecord(NumberedRecord):
    """A reason why a case may not be destroyed, until it is lifted. Lifting writes the record whole."""

    table: ClassVar[str] = "hold"
    reason: str
    placed_at: str
    placed_by: str
    lifted_at: str
    lifted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceRecord(NumberedRecord):
    """One person's word that a case may be destroyed here; two are needed. Never changes."""

    table: ClassVar[str] = "allowance"
    at: str
    staff_id: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRecord(NumberedRecord):
    """Something went wrong, or nearly did. Reporting and closing it write the record whole."""

    table: ClassVar[str] = "incident"
    gravity: str
    cause: str
    words: str
    people: int
    discovered_at: str
    opened_by: str
    report_by: str
    reported_at: str
    closed_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeRecord(NumberedRecord):
    """One contribution to the thread about a refusal: the requester's, the custodian's or the broker's.

    `outcome` is empty while the thread goes on; only the custodian ends it.
    """

    table: ClassVar[str] = "challenge"
    at: str
    staff_id: str
    role: str
    words: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRecord(Record):
    """A correction or recall that followed a pack. `reference` is its own, `about` the case it is about."""

    table: ClassVar[str] = "notice"
    about: str
    organisation: str
    kind: str
    pack_sha256: str
    sha256: str
    size: int
    sealed_at: str
    state: str
    attempts: int
    sent_at: str
    collected_at: str
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShreddedRecord(Record):
    """That a case was destroyed here. `reference` is the identifier of the key that is gone. Never changes."""

    table: ClassVar[str] = "shredded"
    at: str
    organisation: str
    first: str
    second: str
    rows_before: int
    rows_after: int
    backups_expire: str
    backups_expired_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRecord(Record):
    """An organisation the custodian knows. `reference` is its short name."""

    table: ClassVar[str] = "organisation"
    words: str
    kind: str
    family: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRecord(NumberedRecord):
    """A requester's enrolled certificate. Approved by a second person before anything is sealed to it."""

    table: ClassVar[str] = "certificate"
    sha256: str
    pem: str
    not_after: str
    enrolled_by: str
    approved_by: str
    revoked_at: str
    profile: str = "mail"
    """How packs are sealed to it (disclosure.seal_profile), or `statements`: it signs confirmations instead."""
    deliver_to: str = ""
    """Where packs sealed to it go, approved with it: a mail address or a MESH mailbox; empty for the spool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRecord(NumberedRecord):
    """A version, suspension or withdrawal, as this gateway published it. `reference` is the family."""

    table: ClassVar[str] = "publication"
    at: str
    kind: str
    name: str
    sha256: str
    published_by: str
    seconded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord(Record):
    """A file of requests. `reference` is the digest of sender and bytes: the same file again adds nothing."""

    table: ClassVar[str] = "batch"
    organisation: str
    family: str
    rows: int
    taken_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsRecord(Record):
    """The figures of a quarter as published. `reference` is the quarter. Never changes."""

    table: ClassVar[str] = "statistics"
    at: str
    ledger_size: int
    setting: str
    sha256: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionRecord(NumberedRecord):
    """How a person is protected from a day, as their practice registered it. `reference` is the NHS number.

    Every change is a further record; the newest holds. An empty postcode means no correspondence address.
    """

    table: ClassVar[str] = "protection"
    at: str
    practice: str
    registered_by: str
    flagged: bool
    place: str
    address_lines: str
    postcode: str
    first: str
    last: str
    reason: str
    asked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectCodeRecord(Record):
    """A code with which a person asks what was disclosed about them. `reference` is the code's digest."""

    table: ClassVar[str] = "subject_code"
    nhs_number: str
    given_at: str
    given_by: str
    proofing: str
    good_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectQuestionRecord(Record):
    """A person's question whether their data were disclosed, and what became of it. `reference` is the code's digest.

    `delays` lists the guardian's decisions that some disclosures are not told yet, each with its day of review.
    """

    table: ClassVar[str] = "subject_question"
    nhs_number: str
    asked_at: str
    answer_on: str
    delays: str
    answered_at: str
    answer: str


_KEYS = frozenset({"reference", "number"})
CASE_RECORDS: Sequence[type[Record]] = (
    OpeningRecord,
    RequestRecord,
    StateRecord,
    AssessmentRecord,
    DeterminationRecord,
    TraceRecord,
    QuestionRecord,
    PackRecord,
    OutboxRecord,
    DestructionRecord,
    HoldRecord,
    AllowanceRecord,
    IncidentRecord,
    ChallengeRecord,
    HistoryRecord,
)
INSTANCE_RECORDS: Sequence[type[Record]] = (
    OrganisationRecord,
    CertificateRecord,
    PublicationRecord,
    BatchRecord,
    NoticeRecord,
    ShreddedRecord,
    StatisticsRecord,
    ProtectionRecord,
    SubjectCodeRecord,
    SubjectQuestionRecord,
)
COMMITTED: Mapping[type[Record], tuple[str, ...]] = {
    kind: tuple(
        field.name
        for field in fields(kind)
        if field.name not in _KEYS or (field.name == "reference" and kind in (OpeningRecord, *INSTANCE_RECORDS))
    )
    for kind in (*CASE_RECORDS, *INSTANCE_RECORDS)
}
"""The columns of every record that its entry commits to."""
