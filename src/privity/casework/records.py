"""The records of a case: how it began, what was asked, found, judged, sealed and destroyed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from privity.casework.record import NumberedRecord, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRecord(Record):
    """How a case began. Never changes."""

    table: ClassVar[str] = "opening"
    begins: ClassVar[bool] = True
    organisation: str
    family: str
    requester_reference: str
    batch: str
    row_number: int
    received_at: str
    received_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord(Record):
    """What was asked, as it was read. Personal data. Never changes."""

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
class SubmissionRecord(Record):
    """What was sent, word for word, until it is read. Personal data.

    Reading it writes the record whole: what could be read stands in the request from then on and no longer here; what
    could not stays, with what is wrong in it as `faults`, which repeat nothing of it.
    """

    table: ClassVar[str] = "submission"
    sent: str
    faults: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRecord(Record):
    """That the same organisation asked the same before, under the reference `earlier`. Never changes."""

    table: ClassVar[str] = "repeat"
    earlier: str


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
    """What the tracer found. Candidates are NHS numbers with evidence, and nothing else of theirs.

    A row of the register would be another person's after the next import; the number is theirs whatever is imported.
    `compared` has a mark of everybody compared (trace.compared_mark), `chance_before` is P(a record is the person)
    before anything was, `bound` says in words how often a proposal is somebody else, `hindered` why nobody could be
    proposed, or nothing.
    """

    table: ClassVar[str] = "trace"
    at: str
    model: str
    outcome: str
    ambiguous: bool
    protected: bool
    touched: int
    probability_absent: str
    candidates: str
    compared: str = "[]"
    register_rows: int = 0
    chance_before: str = ""
    bound: str = ""
    hindered: str = ""


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
class SightingRecord(NumberedRecord):
    """That somebody was shown candidates' records, with a digest of each address, so that a change is noticed.

    `addresses` maps NHS numbers to digests under the case's own reference. Never changes.
    """

    table: ClassVar[str] = "sighting"
    at: str
    staff_id: str
    addresses: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenRecord(NumberedRecord):
    """One safety screen: what was found, what was answered, and what became of the case. Never changes.

    `seen` is the digest of everything the screen looked at; another one means that it must be taken again.
    """

    table: ClassVar[str] = "screen"
    at: str
    staff_id: str
    role: str
    version: str
    seen: str
    concerns: str
    others: int | None
    children: int | None
    answers: str
    course: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRecord(NumberedRecord):
    """A letter that is forwarded instead of an address. Forwarding it writes the record whole."""

    table: ClassVar[str] = "letter"
    drafted_at: str
    drafted_by: str
    words: str
    forwarded_at: str
    forwarded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRecord(NumberedRecord):
    """That the second view of a stage was offered to somebody the first did not choose. Never changes."""

    table: ClassVar[str] = "offer"
    at: str
    stage: str
    version: str
    offered_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord(NumberedRecord):
    """What the guardian found on reading a closed case that a sample drew. Never changes."""

    table: ClassVar[str] = "review"
    at: str
    sample: str
    staff_id: str
    finding: str
    words: str


CASE_RECORDS: Sequence[type[Record]] = (
    OpeningRecord,
    SubmissionRecord,
    RequestRecord,
    RepeatRecord,
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
    SightingRecord,
    ScreenRecord,
    LetterRecord,
    OfferRecord,
    ReviewRecord,
    HistoryRecord,
)
"""Every record a case can have."""
