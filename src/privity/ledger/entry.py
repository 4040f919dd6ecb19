"""An entry: one act, told so that nobody is named. What may stand in it is a closed list, kind by kind.

Rules of the module:
- Every kind of entry is listed here, with the public facts it may carry. Anything else is refused.
- A fact is a count, a yes or no, a SHA-256, a day, or a word of at most 40 letters: never free text.
- Everything that could point at a person stands only as a commitment under the case's key (commitment.py).
- The moment of the act is exact in the value and cut to the hour in the leaf; commit to the exact one.
- A commitment's field is `table/key.column`. The key is a row number, a digest or a random reference; only
  organisations and agreements, which are public, are keyed by their names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from types import MappingProxyType

from privity.definitions.party import OrganisationId, Role
from privity.errors import Mistaken
from privity.ledger.canonical import LARGEST_WHOLE_NUMBER
from privity.ledger.commitment import ENTRY_ID_LENGTH

LONGEST_WORD = 40
MOST_CLAUSES = 64
MOST_COMMITMENTS = 256
"""Keeps every leaf below the 65,535 bytes of a bundle's length prefix."""

Fact = int | bool | str
NO_ORGANISATION = OrganisationId("")


class EntryKind(StrEnum):
    """What happened. The list is closed: a new kind is a change of the ledger's format, and is announced."""

    INSTANCE_OPENED = "instance.opened"
    """The first entry: the instance exists and can disclose nothing."""
    REGISTER_IMPORTED = "register.imported"
    """A register was taken in, whole."""
    AGREEMENT_PUBLISHED = "agreement.published"
    """A version of an agreement was made public; it may be cited from here on."""
    AGREEMENT_SUSPENDED = "agreement.suspended"
    """An agreement no longer permits anything, until resumed."""
    AGREEMENT_RESUMED = "agreement.resumed"
    """A suspended agreement permits again what it permitted."""
    AGREEMENT_WITHDRAWN = "agreement.withdrawn"
    """An agreement ended."""
    ORGANISATION_ENROLLED = "organisation.enrolled"
    """An organisation may take part."""
    ORGANISATION_TOLD_AT = "organisation.told-at"
    """The mailbox at which an organisation is told that something waits was given, changed or ended."""
    OFFICER_ENROLLED = "officer.enrolled"
    """A named person, here only a commitment, may take part."""
    ROLE_GRANTED = "role.granted"
    """An officer was trusted with a role."""
    ROLE_REVOKED = "role.revoked"
    """An officer is no longer trusted with a role."""
    OFFICER_CLOSED = "officer.closed"
    """An officer's account was closed; nobody signs in with it."""
    OFFICER_SIGNED_OUT = "officer.signed-out"
    """Every session of an officer was ended."""
    OFFICER_LINKED = "officer.linked"
    """An officer was said to be somebody of an organisation's own sign-on."""
    FACTOR_ENROLLED = "factor.enrolled"
    """An officer enrolled a second factor of their own."""
    FACTOR_RESET = "factor.reset"
    """An officer's password and second factor were made void; new ones have to be made."""
    PROPOSAL_MADE = "proposal.made"
    """Somebody put forward what a second person has to confirm; nothing changed yet."""
    PROPOSAL_ENDED = "proposal.ended"
    """A second person confirmed a proposal, or somebody withdrew it."""
    PROGRAM_ADDED = "program.added"
    """A requester's system may use the interface."""
    PROGRAM_REVOKED = "program.revoked"
    """A requester's system gets no further answer."""
    CERTIFICATE_ENROLLED = "certificate.enrolled"
    """A requester's certificate was put forward; nothing is sealed to it yet."""
    CERTIFICATE_APPROVED = "certificate.approved"
    """A second person approved a certificate; packs may be sealed to it."""
    CERTIFICATE_REVOKED = "certificate.revoked"
    """Nothing is sealed to a certificate any more."""
    BATCH_TAKEN = "batch.taken"
    """A file of requests was taken in, with so many rows accepted and refused."""
    CASE_OPENED = "case.opened"
    """A request became a case with a key of its own."""
    CASE_ASSESSED = "case.assessed"
    """The clauses were evaluated over the request."""
    CASE_RETURNED = "case.returned"
    """The request went back to the requester to be completed."""
    CASE_REFERRED = "case.referred"
    """The case went to the guardian or the department."""
    CASE_HELD = "case.held"
    """The case waits for a stated reason."""
    CASE_WITHDRAWN = "case.withdrawn"
    """The requester took the request back."""
    CASE_CLOSED = "case.closed"
    """The case has its outcome."""
    QUESTION_ASKED = "question.asked"
    """The custodian asked the requester something."""
    QUESTION_ANSWERED = "question.answered"
    """The requester answered."""
    PURPOSE_DETERMINED = "purpose.determined"
    """One officer judged the purpose, blind to the other."""
    PURPOSE_DECIDED = "purpose.decided"
    """The determinations on the purpose came together to a decision."""
    REGISTER_READ = "register.read"
    """The register was read, for a case whose purpose was approved."""
    TRACER_CERTIFIED = "tracer.certified"
    """A bound on naming the wrong person was certified for a model, on so many labels of such registers."""
    TRACER_WATCHED = "tracer.watched"
    """A trace or a decision on an identity was counted by what watches the certified tracer."""
    TRACER_SUSPENDED = "tracer.suspended"
    """Nobody is proposed any more, until a new certificate or a named person says otherwise."""
    TRACER_RESUMED = "tracer.resumed"
    """A named person lets the tracer propose again."""
    TRACE_FINISHED = "trace.finished"
    """The trace came to an outcome."""
    IDENTITY_DETERMINED = "identity.determined"
    """One officer judged the identity, blind to the other."""
    IDENTITY_DECIDED = "identity.decided"
    """The determinations on the identity came together to a decision."""
    SECOND_OFFERED = "second.offered"
    """The second view was offered to somebody the first did not choose."""
    QUESTION_CHASED = "question.chased"
    """The requester was reminded of a question that waits for it."""
    SAMPLE_DRAWN = "sample.drawn"
    """Closed cases were drawn for the guardian to read; whoever has the root draws the same."""
    CASE_REVIEWED = "case.reviewed"
    """The guardian read a closed case and said what they found."""
    SAFETY_SCREENED = "safety.screened"
    """Before anything left it was looked at who might come to harm, and what becomes of the case."""
    LETTER_DRAFTED = "letter.drafted"
    """A letter to the person was written, to be forwarded instead of an address."""
    LETTER_FORWARDED = "letter.forwarded"
    """A second person read the letter and posted it. The address never left."""
    DISCLOSURE_INTENDED = "disclosure.intended"
    """Something is about to leave. Written before the seal is made."""
    PACK_SEALED = "pack.sealed"
    """The pack was encrypted to the requester's certificate."""
    PACK_SENT = "pack.sent"
    """The pack was handed to a transport."""
    PACK_COLLECTED = "pack.collected"
    """The requester acknowledged the pack."""
    PACK_FAILED = "pack.failed"
    """A transport gave the pack back."""
    PACK_CLAIMED = "pack.claimed"
    """A receipt that nobody signed says what became of a pack. A claim: it moves nothing."""
    NOTICE_SEALED = "notice.sealed"
    """A correction or recall of an earlier pack was encrypted to the requester's certificate."""
    NOTICE_SENT = "notice.sent"
    """A correction or recall was handed to a transport."""
    NOTICE_FAILED = "notice.failed"
    """A transport refused a correction or recall, or gave it back; the same bytes go again."""
    NOTICE_COLLECTED = "notice.collected"
    """The requester has a correction or recall."""
    DESTRUCTION_DUE = "destruction.due"
    """The day by which the requester must have destroyed what was disclosed."""
    DESTRUCTION_CONFIRMED = "destruction.confirmed"
    """The requester confirmed destruction."""
    DESTRUCTION_OVERDUE = "destruction.overdue"
    """The day passed and no confirmation came."""
    DESTRUCTION_REFUSED = "destruction.refused"
    """A confirmation of destruction did not fit its pack and was not taken."""
    DESTRUCTION_ESCALATED = "destruction.escalated"
    """The department was told that a requester has not confirmed: how long, never about whom."""
    HOLD_PLACED = "hold.placed"
    """A case may not be destroyed here, for a stated reason."""
    HOLD_LIFTED = "hold.lifted"
    """That reason is gone."""
    DESTRUCTION_ALLOWED = "destruction.allowed"
    """One of two people allowed a case to be destroyed here."""
    BACKUP_EXPIRED = "backup.expired"
    """The last backup that held a destroyed case's key is gone."""
    INCIDENT_OPENED = "incident.opened"
    """Something went wrong, or nearly did."""
    INCIDENT_REPORTED = "incident.reported"
    """An incident was reported to whoever oversees."""
    INCIDENT_CLOSED = "incident.closed"
    """What followed from an incident is done."""
    KEY_DESTROYED = "key.destroyed"
    """The case's key is gone, and with it every opening of its commitments."""
    EPOCH_DESTROYED = "epoch.destroyed"
    """The key that wrapped the keys of a month's cases is gone, and with it every copy of those keys."""
    CASE_SHREDDED = "case.shredded"
    """What is kept of a destroyed case was written down: which key, when, and until when backups hold it."""
    CHALLENGE_RAISED = "challenge.raised"
    """The requester challenged a decision."""
    CHALLENGE_ANSWERED = "challenge.answered"
    """A challenge was answered."""
    STATISTICS_PUBLISHED = "statistics.published"
    """Figures for a period were published, for good."""
    PROTECTION_CHANGED = "protection.changed"
    """A protection on a record was set or lifted."""
    ALERT_RAISED = "alert.raised"
    """A pattern of fishing was seen: the guardian and the department are told, and never about whom."""
    ALERT_GROWN = "alert.grown"
    """A further request fits the pattern of an alert that nobody has answered yet."""
    ALERT_ANSWERED = "alert.answered"
    """The guardian looked at an alert and said what it was."""
    APPROACH_REFUSED = "approach.refused"
    """A body without an agreement asked for somebody's details, and was refused."""
    SUBJECT_CODE_GIVEN = "subject.code-given"
    """Somebody who saw who a person is gave them a code to ask with."""
    SUBJECT_ASKED = "subject.asked"
    """A person asked what was disclosed about them."""
    SUBJECT_ANSWERED = "subject.answered"
    """That person was answered."""
    SUBJECT_WISHED = "subject.wished"
    """Where that person is told that there is something to read was set, or is no longer."""
    SUBJECT_TOLD = "subject.told"
    """That person was told by e-mail that there is something to read."""
    ASSIGNMENT_CHANGED = "assignment.changed"
    """A case was given to an officer, or taken from one."""
    NOTE_ADDED = "note.added"
    """An officer wrote a note on a case; here only a commitment."""
    HOLIDAY_PROCLAIMED = "holiday.proclaimed"
    """A bank holiday was proclaimed after the list was published; open clocks do not count it."""
    HOLIDAY_WITHDRAWN = "holiday.withdrawn"
    """A proclamation was recorded by mistake and is taken back."""
    DUE_MOVED = "due.moved"
    """The day an open case is due is another, because a bank holiday was proclaimed or taken back."""
    DEBT_TAKEN = "debt.taken"
    """A trust's unpaid charge, or a correction of one, was taken in."""
    DEBT_ASSESSED = "debt.assessed"
    """The agreement was asked whether a debt may be reported, or its report taken back."""
    DEBT_JUDGED = "debt.judged"
    """One officer checked a debt or a settlement, blind to the other."""
    DEBT_CANCELLED = "debt.cancelled"
    """The trust dropped a debt before it was reported."""
    DEBT_SETTLED = "debt.settled"
    """The trust said that a reported debt is settled, or should not have been reported."""
    DEBT_REPORTED = "debt.reported"
    """A debt went out in a sealed collation."""
    DEBT_RETRACTED = "debt.retracted"
    """The report of a debt was taken back in a sealed collation."""
    DEBT_ACKNOWLEDGED = "debt.acknowledged"
    """The recipient acknowledged that a report was taken back."""
    DEBT_RECEIPT_GIVEN = "debt.receipt-given"
    """The patient was given a receipt that the report was taken back."""
    COLLATION_INTENDED = "collation.intended"
    """A month's reports are about to leave. Written before the seal is made."""
    COLLATION_SEALED = "collation.sealed"
    """A part of a month's reports was encrypted to the recipient's certificate."""
    COLLATION_SENT = "collation.sent"
    """A part of a month's reports was handed to a transport."""
    COLLATION_COLLECTED = "collation.collected"
    """The recipient has a part of a month's reports, and so has acknowledged what was taken back in it."""
    LEDGER_PADDING = "ledger.padding"
    """Nothing happened: fills the ledger so that its size tells nothing."""
    RESTORE_ACKNOWLEDGED = "restore.acknowledged"
    """An officer acknowledged that a backup was restored and what may be missing."""


class FactKind(Enum):
    """What a public fact may be. None of them has room for a name."""

    COUNT = "a whole number from 0"
    """Rows, entries, bytes, attempts."""
    FLAG = "true or false"
    """Whether something holds."""
    DIGEST = "64 hexadecimal digits"
    """SHA-256 of something that is itself public or of high entropy."""
    DAY = "a day written as 2017-01-31"
    """A civil day."""
    WORD = "a word of a published vocabulary"
    """Lower case letters, digits, hyphens and underscores, at most 40."""


_COUNT, _FLAG, _DIGEST, _DAY, _WORD = FactKind
_AGREEMENT = {"text_digest": _DIGEST, "in_force_from": _DAY, "in_force_to": _DAY, "reason": _WORD}
_CERTIFICATE = {"certificate_digest": _DIGEST, "valid_to": _DAY, "reason": _WORD}
_DETERMINED = {"round": _COUNT, "seat": _COUNT}
_DECIDED = {"round": _COUNT, "determinations": _COUNT, "agreed": _FLAG}
_PACK = {
    "pack_digest": _DIGEST,
    "certificate_digest": _DIGEST,
    "profile": _WORD,
    "transport": _WORD,
    "attempt": _COUNT,
    "pack_bytes": _COUNT,
    "items": _COUNT,
    "reason": _WORD,
}
_DESTRUCTION = {
    "pack_digest": _DIGEST,
    "statement_digest": _DIGEST,
    "due": _DAY,
    "destroyed_on": _DAY,
    "method": _WORD,
    "reminder": _COUNT,
}
_REASON = {"reason": _WORD}
_HOLIDAY = {"calendar": _WORD, "day": _DAY}
_COLLATION = {"month": _WORD, "part": _COUNT, "parts": _COUNT, "reports": _COUNT, "retractions": _COUNT}
_WATCHED = {
    "traces": _COUNT,
    "unproposed": _COUNT,
    "determined": _COUNT,
    "wrong": _COUNT,
    "left_open": _COUNT,
    "reason": _WORD,
}
_ALERT = {"pattern": _WORD, "count": _COUNT, "answer": _WORD}
_INCIDENT = {"gravity": _WORD, "cause": _WORD, "people": _COUNT, "report_by": _DAY, "in_time": _FLAG}

ALWAYS_ALLOWED: Mapping[str, FactKind] = MappingProxyType({"simulated": _FLAG, "status": _WORD})
"""Facts any entry may carry: whether its officers were simulated, and where the act left the case."""

ALLOWED: Mapping[EntryKind, Mapping[str, FactKind]] = MappingProxyType(
    {kind: MappingProxyType(dict[str, FactKind]()) for kind in EntryKind}
    | {
        EntryKind.INSTANCE_OPENED: {"key_digest": _DIGEST, "demonstration": _FLAG},
        EntryKind.REGISTER_IMPORTED: {
            "file_digest": _DIGEST,
            "register_digest": _DIGEST,
            "rows": _COUNT,
            "protected_rows": _COUNT,
            "synthetic": _FLAG,
        },
        EntryKind.AGREEMENT_PUBLISHED: _AGREEMENT,
        EntryKind.AGREEMENT_SUSPENDED: _AGREEMENT,
        EntryKind.AGREEMENT_RESUMED: _AGREEMENT,
        EntryKind.AGREEMENT_WITHDRAWN: _AGREEMENT,
        EntryKind.ROLE_REVOKED: _REASON,
        EntryKind.OFFICER_CLOSED: _REASON,
        EntryKind.FACTOR_ENROLLED: {"factor": _WORD},
        EntryKind.PROPOSAL_MADE: {"change": _WORD},
        EntryKind.PROPOSAL_ENDED: {"change": _WORD},
        EntryKind.PROGRAM_ADDED: {"certificate_digest": _DIGEST},
        EntryKind.CERTIFICATE_ENROLLED: _CERTIFICATE,
        EntryKind.CERTIFICATE_APPROVED: _CERTIFICATE,
        EntryKind.CERTIFICATE_REVOKED: _CERTIFICATE,
        EntryKind.BATCH_TAKEN: {
            "file_digest": _DIGEST,
            "rows": _COUNT,
            "accepted": _COUNT,
            "refused": _COUNT,
            "already_known": _COUNT,
            "received": _DAY,
        },
        EntryKind.CASE_OPENED: {
            "batch": _DIGEST,
            "family": _WORD,
            "received": _DAY,
            "due": _DAY,
            "working_days": _COUNT,
            "exceptional": _FLAG,
        },
        EntryKind.CASE_ASSESSED: {"findings": _COUNT, "unmet": _COUNT, "reserved": _COUNT},
        EntryKind.CASE_RETURNED: {"until": _DAY, "reason": _WORD},
        EntryKind.CASE_REFERRED: {"to": _WORD, "reason": _WORD},
        EntryKind.CASE_HELD: {"until": _DAY, "reason": _WORD},
        EntryKind.CASE_WITHDRAWN: _REASON,
        EntryKind.CASE_CLOSED: {"reason": _WORD, "closed_on": _DAY, "late": _FLAG, "working_days": _COUNT},
        EntryKind.QUESTION_ASKED: {"until": _DAY},
        EntryKind.PURPOSE_DETERMINED: _DETERMINED,
        EntryKind.PURPOSE_DECIDED: _DECIDED,
        EntryKind.REGISTER_READ: {"reads": _COUNT},
        EntryKind.TRACER_CERTIFIED: {
            "certificate_digest": _DIGEST,
            "model_digest": _DIGEST,
            "smallest_register_rows": _COUNT,
            "largest_register_rows": _COUNT,
            "labels": _COUNT,
            "accepted": _COUNT,
            "wrong": _COUNT,
            "alpha_per_million": _COUNT,
            "confidence_per_million": _COUNT,
            "threshold_per_million": _COUNT,
            "most_absent_per_million": _COUNT,
            "synthetic": _FLAG,
        },
        EntryKind.TRACER_WATCHED: _WATCHED,
        EntryKind.TRACER_SUSPENDED: _WATCHED,
        EntryKind.TRACER_RESUMED: _WATCHED,
        EntryKind.ALERT_RAISED: _ALERT,
        EntryKind.ALERT_GROWN: _ALERT,
        EntryKind.ALERT_ANSWERED: _ALERT,
        EntryKind.APPROACH_REFUSED: {"reason": _WORD, "channel": _WORD},
        EntryKind.TRACE_FINISHED: {"model_digest": _DIGEST, "register_digest": _DIGEST},
        EntryKind.IDENTITY_DETERMINED: _DETERMINED,
        EntryKind.IDENTITY_DECIDED: _DECIDED,
        EntryKind.SAMPLE_DRAWN: {
            "drawn": _COUNT,
            "of": _COUNT,
            "ledger_size": _COUNT,
            "root": _DIGEST,
            "period": _WORD,
        },
        EntryKind.CASE_REVIEWED: {"finding": _WORD},
        EntryKind.SAFETY_SCREENED: {"course": _WORD},
        EntryKind.DISCLOSURE_INTENDED: _PACK,
        EntryKind.PACK_SEALED: _PACK,
        EntryKind.PACK_SENT: _PACK,
        EntryKind.PACK_COLLECTED: _PACK,
        EntryKind.PACK_FAILED: _PACK,
        EntryKind.PACK_CLAIMED: _PACK,
        EntryKind.NOTICE_SEALED: _PACK,
        EntryKind.NOTICE_SENT: _PACK,
        EntryKind.NOTICE_FAILED: _PACK,
        EntryKind.NOTICE_COLLECTED: _PACK,
        EntryKind.DESTRUCTION_REFUSED: _DESTRUCTION | _REASON,
        EntryKind.DESTRUCTION_ESCALATED: _DESTRUCTION,
        EntryKind.HOLD_PLACED: _REASON,
        EntryKind.HOLD_LIFTED: _REASON,
        EntryKind.DESTRUCTION_ALLOWED: {"seat": _COUNT},
        EntryKind.BACKUP_EXPIRED: {"kid": _DIGEST, "backups_expire": _DAY},
        EntryKind.INCIDENT_OPENED: _INCIDENT,
        EntryKind.INCIDENT_REPORTED: _INCIDENT,
        EntryKind.INCIDENT_CLOSED: _INCIDENT,
        EntryKind.DESTRUCTION_DUE: _DESTRUCTION,
        EntryKind.DESTRUCTION_CONFIRMED: _DESTRUCTION,
        EntryKind.DESTRUCTION_OVERDUE: _DESTRUCTION,
        EntryKind.KEY_DESTROYED: {
            "kid": _DIGEST,
            "backups_expire": _DAY,
            "method": _WORD,
            "store": _WORD,
            "rows_before": _COUNT,
            "rows_after": _COUNT,
        },
        EntryKind.EPOCH_DESTROYED: {"epoch": _WORD},
        EntryKind.CASE_SHREDDED: {"kid": _DIGEST, "backups_expire": _DAY},
        EntryKind.CHALLENGE_RAISED: _REASON,
        EntryKind.CHALLENGE_ANSWERED: _REASON,
        EntryKind.DEBT_TAKEN: {"received": _DAY, "file_digest": _DIGEST, "correction": _FLAG},
        EntryKind.DEBT_JUDGED: _DETERMINED,
        EntryKind.DEBT_CANCELLED: _REASON,
        EntryKind.DEBT_SETTLED: _REASON,
        EntryKind.DEBT_RECEIPT_GIVEN: {"receipt_digest": _DIGEST},
        EntryKind.COLLATION_INTENDED: _COLLATION,
        EntryKind.COLLATION_SEALED: _COLLATION | _PACK,
        EntryKind.COLLATION_SENT: _PACK,
        EntryKind.COLLATION_COLLECTED: _PACK,
        EntryKind.STATISTICS_PUBLISHED: {"publication_digest": _DIGEST, "period": _WORD},
        EntryKind.PROTECTION_CHANGED: {"change": _WORD},
        EntryKind.ASSIGNMENT_CHANGED: _REASON,
        EntryKind.HOLIDAY_PROCLAIMED: _HOLIDAY,
        EntryKind.HOLIDAY_WITHDRAWN: _HOLIDAY,
        EntryKind.DUE_MOVED: {"due": _DAY, "due_before": _DAY},
        EntryKind.RESTORE_ACKNOWLEDGED: {
            "size_restored": _COUNT,
            "size_known": _COUNT,
            "backup_digest": _DIGEST,
        },
    }
)
"""The public facts each kind of entry may carry, and of what kind each is."""

_WORD_FORM = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_HEX_64 = re.compile(r"[0-9a-f]{64}")
_CLAUSE_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_AGREEMENT_FORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*")
_ROW_KEY = r"[a-z][a-z_]{0,39}/(?:[0-9]{1,19}|[0-9a-f]{32,64}|PRV-[0-9A-HJKMNP-TV-Z]{26})"
_NAME_KEY = r"(?:organisation|agreement)/[a-z0-9]+(?:[-@.][a-z0-9]+){0,12}"
_FIELD_FORM = re.compile(rf"(?:{_ROW_KEY}|{_NAME_KEY})\.[a-z][a-z0-9_]{{0,39}}")


class EntryRefused(Mistaken):
    """Something was put into an entry that has no place in it. The message never repeats it."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(
            f"the entry `{kind}` was not made", why=why, next_step="commit to the value instead of writing it"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act, as it stands in the ledger.

    Args:   at: when, in UTC; exact here, cut to the hour in the leaf.
            eid: 16 random bytes, so that no leaf can be guessed from what it says.
            case: the key identifier of the case (64 hexadecimal digits), or empty.
            organisation: whose act it was, or empty.
            agreement: `family@version`, or empty.
            outcome: a word of the vocabulary, or empty.
            facts: what else is public; see ALLOWED.
            commitments: from `table/key.column` to 64 hexadecimal digits.
    Raises: EntryRefused: anything that could hold free text, or is not on the list.
    """

    kind: EntryKind
    at: datetime
    eid: bytes
    case: str = ""
    organisation: OrganisationId = NO_ORGANISATION
    role: Role | None = None
    agreement: str = ""
    clauses: tuple[str, ...] = ()
    outcome: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    commitments: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.at.utcoffset() != timedelta(0):
            raise EntryRefused(self.kind, "its moment is not given in UTC")
        if len(self.eid) != ENTRY_ID_LENGTH:
            raise EntryRefused(self.kind, "its identifier is not 16 random bytes")
        if self.case and not _HEX_64.fullmatch(self.case):
            raise EntryRefused(self.kind, "its case is not a key identifier of 64 hexadecimal digits")
        if not _is_word_or_empty(self.organisation) or not _is_word_or_empty(self.outcome):
            raise EntryRefused(self.kind, "its organisation or outcome is not a word of a vocabulary")
        if self.agreement and not _AGREEMENT_FORM.fullmatch(self.agreement):
            raise EntryRefused(self.kind, "its agreement does not have the form `family@version`")
        _check_clauses(self.kind, self.clauses)
        _check_facts(self.kind, self.facts)
        _check_commitments(self.kind, self.commitments)


def _check_clauses(kind: EntryKind, clauses: tuple[str, ...]) -> None:
    if len(clauses) > MOST_CLAUSES or any(not _CLAUSE_FORM.fullmatch(clause) for clause in clauses):
        raise EntryRefused(kind, f"a clause is no clause number, or there are more than {MOST_CLAUSES}")
    if clauses != tuple(sorted(set(clauses))):
        raise EntryRefused(kind, "its clauses are not in order, each once")


def _check_facts(kind: EntryKind, facts: Mapping[str, Fact]) -> None:
    allowed = ALLOWED[kind]
    for name, value in facts.items():
        fact_kind = allowed.get(name) or ALWAYS_ALLOWED.get(name)
        if fact_kind is None:
            raise EntryRefused(kind, "it carries a fact that is not on its list")
        if not _is_fact(fact_kind, value):
            raise EntryRefused(kind, f"its fact `{name}` is not {fact_kind.value}")


def _check_commitments(kind: EntryKind, commitments: Mapping[str, str]) -> None:
    if len(commitments) > MOST_COMMITMENTS:
        raise EntryRefused(kind, f"it has more than {MOST_COMMITMENTS} commitments")
    for name, commitment in commitments.items():
        if not _FIELD_FORM.fullmatch(name):
            raise EntryRefused(kind, "a commitment's field does not have the form `table/key.column`")
        if not _HEX_64.fullmatch(commitment):
            raise EntryRefused(kind, "a commitment is not 64 hexadecimal digits")


def _is_fact(kind: FactKind, value: Fact) -> bool:
    """Return whether `value` is of the kind: by exact type, since `True` is an `int` and an enum a `str`."""
    if kind is FactKind.COUNT:
        return type(value) is int and 0 <= value <= LARGEST_WHOLE_NUMBER
    if kind is FactKind.FLAG:
        return type(value) is bool
    if type(value) is not str:
        return False
    if kind is FactKind.DIGEST:
        return _HEX_64.fullmatch(value) is not None
    if kind is FactKind.DAY:
        return _is_day(value)
    return value != "" and _is_word_or_empty(value)


def _is_word_or_empty(text: str) -> bool:
    return not text or (len(text) <= LONGEST_WORD and _WORD_FORM.fullmatch(text) is not None)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
