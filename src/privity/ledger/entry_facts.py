"""What each kind of entry may say in public: the facts it carries, by name, and of what kind each fact is.

A fact is a count, a yes or no, a SHA-256, a day, the name of a ledger, or a word of at most 40
letters: never free text.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from privity.ledger.entry_kind import EntryKind


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
    LOG = "the name of a ledger"
    """Its origin as its checkpoints carry it: lower case words with dots and hyphens, slashes between, at most 120."""


_COUNT, _FLAG, _DIGEST, _DAY, _WORD, _LOG = FactKind
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
        EntryKind.ORGANISATION_WRITTEN_TO: {"language": _WORD},
        EntryKind.REGISTER_IMPORTED: {
            "file_digest": _DIGEST,
            "register_digest": _DIGEST,
            "rows": _COUNT,
            "protected_rows": _COUNT,
            "synthetic": _FLAG,
        },
        EntryKind.REGISTER_UPDATED: {"file_digest": _DIGEST, "rows": _COUNT, "protected_rows": _COUNT},
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
            "purpose": _WORD,
            "received": _DAY,
            "due": _DAY,
            "working_days": _COUNT,
            "exceptional": _FLAG,
        },
        EntryKind.REQUEST_READ: {"purpose": _WORD},
        EntryKind.CASE_UNREADABLE: {"faults": _COUNT},
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
        EntryKind.READINGS_SHOWN: {"readings": _COUNT, "cases": _COUNT},
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
            "former_log": _LOG,
            "former_root": _DIGEST,
            "held_shut": _COUNT,
        },
        EntryKind.RESTORE_REOPENED: {"backup_digest": _DIGEST},
        EntryKind.BACKUP_MADE: {"backup_digest": _DIGEST, "size_backed_up": _COUNT, "backups_expire": _DAY},
        EntryKind.BACKUP_DISCARDED: {"backup_digest": _DIGEST, "backups_expire": _DAY},
    }
)
"""The public facts each kind of entry may carry, and of what kind each is."""
