"""Sending what is sealed: only under a signed checkpoint, at least once, the same bytes every time.

A pack is sealed, then sent, then collected; or failed, which puts it back to be sent again, as it is. What a
receipt claims without anybody standing behind it is put on record and moves nothing, but that a claimed failure
sends the same bytes once more. One that has not left can be taken back (`casework.take_back`).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import Status, moved, touched
from privity.casework.news import Fate
from privity.casework.ports import UnitOfWork
from privity.casework.record import Record, moment
from privity.casework.records import OutboxRecord
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, Role
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

SEALED, SENT, COLLECTED, FAILED, TAKEN_BACK = "sealed", "sent", "collected", "failed", "taken-back"
TO_SEND = (SEALED, FAILED)
"""What the outbox hands to a transport."""
MOST_ATTEMPTS = 20
"""After so many a pack waits for a person, who is told by `privity watch`."""
RETRY_AFTER = timedelta(hours=1)
"""How long a failed pack rests, times its attempts: a peer that refuses is not asked every few seconds."""
_CLAIMED = {
    Fate.DELIVERED: "A delivery report claims that the answer arrived.",
    Fate.COLLECTED: "A read receipt claims that somebody has the answer.",
    Fate.FAILED: "A delivery report claims that the answer came back.",
}


def mark_sent(
    unit: UnitOfWork, reference: CaseReference, *, at: datetime, receipt: str = "", transport: str = ""
) -> CaseFile:
    """Record that the transport took a pack. Called after the transport has it, never before.

    A crash between the two sends the same bytes again; it never loses a pack and never makes a second one.
    Args:   receipt: what the transport calls it. transport: a word, e.g. `mesh`.
    Raises: Mistaken: nothing is sealed for the case.
    """
    file, outbox = _with_outbox(unit, reference)
    if outbox.state not in TO_SEND:
        return file
    again = outbox.state == FAILED
    sent = replace(outbox, state=SENT, attempts=outbox.attempts + 1, sent_at=moment(at), receipt=receipt)
    state = moved(file.state, Status.SENT, on=civil_day(at)) if file.status is Status.SEALED else touched(file.state)
    words = "The sealed answer was sent again, the same bytes." if again else "The sealed answer was sent."
    facts: dict[str, str | int | bool] = {"attempt": sent.attempts} if again else {}
    if transport:
        facts["transport"] = transport
    return _written(unit, file, EntryKind.PACK_SENT, at=at, by=GATEWAY, words=words, records=(sent, state), facts=facts)


def mark_collected(unit: UnitOfWork, reference: CaseReference, *, by: Officer, at: datetime) -> CaseFile:
    """Record that the requester has the pack.

    Args:   by: somebody of the requester, or the gateway where an authenticated mailbox acknowledged.
    Raises: Mistaken: it has not been sent, or was sent to another organisation.
    """
    file, outbox = _with_outbox(unit, reference)
    is_theirs = by.organisation == file.organisation or by.role is Role.SYSTEM
    if outbox.state != SENT or not is_theirs:
        raise Mistaken(
            "the receipt was not recorded",
            why="nothing was sent to you that is not collected",
            next_step="look again",
        )
    collected = replace(outbox, state=COLLECTED, collected_at=moment(at))
    state = moved(file.state, Status.COLLECTED, on=civil_day(at)) if file.status is Status.SENT else touched(file.state)
    return _written(
        unit,
        file,
        EntryKind.PACK_COLLECTED,
        at=at,
        by=by,
        words="The requester has the answer.",
        records=(collected, state),
    )


def mark_failed(unit: UnitOfWork, reference: CaseReference, *, reason: str, at: datetime) -> CaseFile:
    """Record that a transport refused a pack or gave it back; it goes again, the same bytes.

    Args:   reason: a word, e.g. `mesh-14` for a pack nobody fetched for five days.
    Raises: Mistaken: nothing is sealed for the case.
    """
    file, outbox = _with_outbox(unit, reference)
    if outbox.state == COLLECTED:
        return file
    counted = outbox.attempts if outbox.state == SENT else outbox.attempts + 1
    failed = replace(outbox, state=FAILED, attempts=counted)
    return _written(
        unit,
        file,
        EntryKind.PACK_FAILED,
        at=at,
        by=GATEWAY,
        words="The sealed answer was not delivered; the same bytes go again.",
        records=(failed, touched(file.state)),
        facts={"reason": reason, "attempt": counted},
    )


def note_claim(unit: UnitOfWork, reference: CaseReference, *, fate: Fate, reason: str, at: datetime) -> CaseFile:
    """Record what an unsigned receipt claims. It moves nothing; a claimed failure sends the same bytes again.

    Raises: Mistaken: nothing is sealed for the case.
    """
    file, outbox = _with_outbox(unit, reference)
    facts: dict[str, str | int | bool] = {"reason": reason or fate.value}
    file = _written(
        unit, file, EntryKind.PACK_CLAIMED, at=at, by=GATEWAY, words=_CLAIMED[fate], records=(), facts=facts
    )
    if fate is Fate.FAILED and outbox.state == SENT:
        return mark_failed(unit, reference, reason=reason or "returned", at=at)
    return file


def rests_until(attempts: int, failed_at: datetime) -> datetime:
    """Return when a failed pack may go again."""
    return failed_at + RETRY_AFTER * max(attempts, 1)


def _written(
    unit: UnitOfWork,
    file: CaseFile,
    kind: EntryKind,
    *,
    at: datetime,
    by: Officer,
    words: str,
    records: tuple[Record, ...],
    facts: Mapping[str, str | int | bool] | None = None,
) -> CaseFile:
    assert file.outbox is not None, "the caller looked"
    told = {"pack_digest": file.outbox.sha256, **(facts or {})}
    return write_act(unit, file, kind, at=at, by=by, words=words, records=records, facts=told)


def _with_outbox(unit: UnitOfWork, reference: CaseReference) -> tuple[CaseFile, OutboxRecord]:
    file = unit.case(reference)
    if file.outbox is None:
        raise Mistaken("nothing was sent", why="nothing is sealed for this case", next_step="release the case first")
    return file, file.outbox
