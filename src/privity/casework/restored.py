"""What a restore may have lost, as the two people see it who have to say that it is understood.

Rules of the module:
- What is known comes from a later export of the former log, if one was given. It names keys, never people; what a key
  belonged to is known where it was there already when the backup was made, and only then.
- What took something away is done again by the word of the same two people: accounts, roles, systems, certificates.
  What needs reasons, papers or codes of its own is told, and done again by hand.
- The word of the first is about what was shown to them. Where that changed, or seven days passed, it counts no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from privity.casework.instance_records import RestoreRecord
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import CaseReference
from privity.ledger.entry_kind import EntryKind

WORD_HOLDS = timedelta(days=7)
"""How long the word of the first waits for that of the second, as long as any other proposal."""


class Loss(StrEnum):
    """What became of something that happened after the backup."""

    DONE_AGAIN = "done-again"
    """It took something away and came undone; it is done again with the acknowledgement."""
    BY_HAND = "by-hand"
    """Somebody is protected by it, or what leaves rests on it, and it came undone; somebody has to do it again."""
    LEFT = "left"
    """Something sealed, or a letter, left, and nothing here says so."""
    SEALED = "sealed"
    """Something was sealed, and may have left."""
    OPENED = "opened"
    """A case, a debt or a person's question came in and is gone."""


K = EntryKind
LOSSES: dict[EntryKind, Loss] = {
    K.ROLE_REVOKED: Loss.DONE_AGAIN,
    K.OFFICER_CLOSED: Loss.DONE_AGAIN,
    K.FACTOR_RESET: Loss.DONE_AGAIN,
    K.PROGRAM_REVOKED: Loss.DONE_AGAIN,
    K.CERTIFICATE_REVOKED: Loss.DONE_AGAIN,
    K.PROTECTION_CHANGED: Loss.BY_HAND,
    K.REGISTER_IMPORTED: Loss.BY_HAND,
    K.REGISTER_UPDATED: Loss.BY_HAND,
    K.AGREEMENT_SUSPENDED: Loss.BY_HAND,
    K.AGREEMENT_WITHDRAWN: Loss.BY_HAND,
    K.AGREEMENT_PUBLISHED: Loss.BY_HAND,
    K.HOLD_PLACED: Loss.BY_HAND,
    K.TRACER_SUSPENDED: Loss.BY_HAND,
    K.INCIDENT_OPENED: Loss.BY_HAND,
    K.ALERT_RAISED: Loss.BY_HAND,
    K.CASE_WITHDRAWN: Loss.BY_HAND,
    K.TRACE_SET_ASIDE: Loss.BY_HAND,
    K.CHALLENGE_RAISED: Loss.BY_HAND,
    K.DEBT_CANCELLED: Loss.BY_HAND,
    K.DEBT_SETTLED: Loss.BY_HAND,
    K.HEALTH_WORD_ADDED: Loss.BY_HAND,
    K.SUBJECT_WISHED: Loss.BY_HAND,
    K.ORGANISATION_TOLD_AT: Loss.BY_HAND,
    K.PACK_SENT: Loss.LEFT,
    K.PACK_COLLECTED: Loss.LEFT,
    K.NOTICE_SENT: Loss.LEFT,
    K.NOTICE_COLLECTED: Loss.LEFT,
    K.COLLATION_SENT: Loss.LEFT,
    K.COLLATION_COLLECTED: Loss.LEFT,
    K.LETTER_FORWARDED: Loss.LEFT,
    K.PACK_SEALED: Loss.SEALED,
    K.NOTICE_SEALED: Loss.SEALED,
    K.COLLATION_SEALED: Loss.SEALED,
    K.CASE_OPENED: Loss.OPENED,
    K.DEBT_TAKEN: Loss.OPENED,
    K.SUBJECT_ASKED: Loss.OPENED,
}
"""Which entries after a backup are told, and as what."""
TAKEN_FROM_PEOPLE = frozenset({K.ROLE_REVOKED, K.OFFICER_CLOSED, K.FACTOR_RESET})
"""After which somebody signs in no more, or not with what they had: until it is done again, not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Something that happened after the backup, and how often.

    Args: about: what its key belonged to (a case's reference, a person's staff identifier, a system's), the digest of a
          certificate, or empty where nobody can know. reason: the word it was done for, where its entry says one.
    """

    kind: EntryKind
    times: int
    organisation: str = ""
    agreement: str = ""
    about: str = ""
    reason: str = ""

    @property
    def loss(self) -> Loss:
        """Return what became of it."""
        return LOSSES[self.kind]

    @property
    def words(self) -> str:
        """Return it as a line of a terminal."""
        of = f"of {self.organisation}" if self.organisation else ""
        about = f"({self.about})" if self.about else ""
        return " ".join(filter(None, (f"{self.times} x {self.kind.value}", of, self.agreement, about)))


def without_access(missing: Sequence[Missing]) -> frozenset[str]:
    """Return the staff identifiers of those from whom something was taken that they sign in with."""
    return frozenset(one.about for one in missing if one.kind in TAKEN_FROM_PEOPLE and one.about)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldShut:
    """A case that is not opened again. `may_go_from` is the first day on which it could have been destroyed."""

    reference: CaseReference
    may_go_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """That the first of two people understood what may be missing."""

    by: Officer
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A restore that nobody has acknowledged, with everything that is known of what it lost.

    Args: seen: the digest of what is known, which goes back with a person's word. size_known: the size of the largest
          checkpoint shown, or the size as restored. told_since: the size of the later export given, or 0. opened: how
          many cases were opened again. destroyed: how many keys are destroyed again. shut, unopened: what is not
          opened, because it may have been destroyed, or since its key is missing. ready: cases whose answer could be
          sealed when the backup was made. unsent: cases whose answer was sealed then and had not left. linked: whether
          the former log's key signed that the new one follows it.
    """

    seen: str
    made_at: datetime
    restored_at: datetime
    former_log: str
    size_restored: int
    size_known: int
    key: str
    opened: int
    destroyed: int
    told_since: int
    missing: Sequence[Missing]
    shut: Sequence[HeldShut]
    unopened: Sequence[CaseReference]
    ready: Sequence[CaseReference]
    unsent: Sequence[CaseReference]
    linked: bool
    first: Word | None

    @property
    def lost(self) -> int:
        """Return how many entries are known to be lost; there may be more."""
        return self.size_known - self.size_restored

    def of(self, *losses: Loss) -> list[Missing]:
        """Return what is missing of some kinds of loss."""
        return [one for one in self.missing if one.loss in losses]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """A restore that was acknowledged, and what of it is still to be seen to.

    Args: by_hand: what had to be done again by hand, as far as it was known. shut: how many cases it still holds shut.
          practices: whoever may have registered protections since the backup, to be asked for them again.
    """

    record: RestoreRecord
    restored_at: datetime
    acknowledged_at: datetime
    by_hand: Sequence[Missing]
    shut: int
    practices: Sequence[OrganisationId]


class RestoreDesk(Protocol):
    """Where a restore is seen and acknowledged."""

    def waiting(self, *, by: Officer, at: datetime) -> Waiting | None:
        """Return the restore that waits, or None.

        Raises: Mistaken: not for this person. Unavailable: what is known of it cannot be read.
        """

    def done(self, *, by: Officer) -> Sequence[Acknowledged]:
        """Return the restores that were acknowledged, newest first.

        Raises: Mistaken: not for this person.
        """

    def understand(self, seen: str, *, by: Officer, at: datetime) -> RestoreRecord | None:
        """Take somebody's word that they understood what may be missing; return the record once both have given it.

        Raises: Mistaken: nothing waits, it is not what was shown, or the two are not two who may say so.
        """
