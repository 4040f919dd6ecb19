"""Sending what is sealed: only under a signed checkpoint, at least once, the same bytes every time."""

from dataclasses import replace
from datetime import datetime

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import Status, moved, touched
from privity.casework.ports import UnitOfWork
from privity.casework.records import OutboxRecord, moment
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry import EntryKind

SEALED, SENT, COLLECTED = "sealed", "sent", "collected"


def mark_sent(unit: UnitOfWork, reference: CaseReference, *, at: datetime) -> CaseFile:
    """Record that the transport took a pack. Called after the transport has it, never before.

    A crash between the two sends the same bytes again; it never loses a pack and never makes a second one.
    Raises: Mistaken: nothing is sealed for the case.
    """
    file, outbox = _with_outbox(unit, reference)
    if outbox.state != SEALED:
        return file
    sent = replace(outbox, state=SENT, attempts=outbox.attempts + 1, sent_at=moment(at))
    state = moved(file.state, Status.SENT, on=civil_day(at)) if file.status is Status.SEALED else touched(file.state)
    return write_act(
        unit,
        file,
        EntryKind.PACK_SENT,
        at=at,
        by=GATEWAY,
        words="The sealed answer was sent.",
        records=(sent, state),
        facts={"pack_digest": outbox.sha256},
    )


def mark_collected(unit: UnitOfWork, reference: CaseReference, *, by: Officer, at: datetime) -> CaseFile:
    """Record that the requester has the pack.

    Raises: Mistaken: it has not been sent, or was sent to another organisation.
    """
    file, outbox = _with_outbox(unit, reference)
    if outbox.state != SENT or by.organisation != file.organisation:
        raise Mistaken(
            "the receipt was not recorded",
            why="nothing was sent to you that is not collected",
            next_step="look again",
        )
    collected = replace(outbox, state=COLLECTED, collected_at=moment(at))
    state = moved(file.state, Status.COLLECTED, on=civil_day(at)) if file.status is Status.SENT else touched(file.state)
    return write_act(
        unit,
        file,
        EntryKind.PACK_COLLECTED,
        at=at,
        by=by,
        words="The requester has the answer.",
        records=(collected, state),
        facts={"pack_digest": outbox.sha256},
    )


def _with_outbox(unit: UnitOfWork, reference: CaseReference) -> tuple[CaseFile, OutboxRecord]:
    file = unit.case(reference)
    if file.outbox is None:
        raise Mistaken("nothing was sent", why="nothing is sealed for this case", next_step="release the case first")
    return file, file.outbox
