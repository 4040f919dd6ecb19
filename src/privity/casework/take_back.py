"""Taking back a sealed answer that has not left, where what it was sealed on no longer holds.

Between the seal and the sending a certificate can be revoked and an agreement suspended. Then nothing leaves: the case
goes back to where its answer is released, and whoever releases it anew is asked everything once more. The bytes that
were sealed first never go anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from privity.agreement.in_force import Governing, InForce
from privity.casework.case_file import CaseFile
from privity.casework.certificates import STATEMENTS
from privity.casework.dispatch import TAKEN_BACK, TO_SEND
from privity.casework.instance_records import CertificateRecord
from privity.casework.lifecycle import Status, moved
from privity.casework.ports import UnitOfWork
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY
from privity.definitions.reference import CaseReference
from privity.disclosure.pack import Outcome
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind


class Doubt(StrEnum):
    """Why a sealed answer may not leave."""

    CERTIFICATE_REVOKED = "certificate-revoked"
    """A certificate of the organisation was revoked after the answer was sealed."""
    AGREEMENT_CHANGED = "agreement-changed"
    """The version it was approved under is no longer in force: suspended, ended, or followed by another."""


_WORDS: Mapping[Doubt, str] = {
    Doubt.CERTIFICATE_REVOKED: (
        "The answer was taken back before it left: a certificate of the requester has been revoked since it was sealed."
    ),
    Doubt.AGREEMENT_CHANGED: (
        "The answer was taken back before it left: the agreement it was approved under is no longer in force."
    ),
}
_BACK_TO: Mapping[str, Status] = {
    Outcome.DISCLOSED.value: Status.IDENTIFIED,
    Outcome.FORWARDED.value: Status.FORWARDED,
    Outcome.NO_TRACE.value: Status.UNIDENTIFIED,
}


def doubt_about(
    *, sealed_at: str, version: str, certificates: Sequence[CertificateRecord], governing: Governing
) -> Doubt | None:
    """Return why an answer sealed then, under that version, may not leave now; None where it may.

    Whichever certificate was revoked counts: during a change-over an answer is sealed to two.
    """
    if any(one.revoked_at >= sealed_at for one in certificates if one.revoked_at and one.profile != STATEMENTS):
        return Doubt.CERTIFICATE_REVOKED
    if not isinstance(governing, InForce) or governing.version.reference != version:
        return Doubt.AGREEMENT_CHANGED
    return None


def take_back(unit: UnitOfWork, reference: CaseReference, doubt: Doubt, *, at: datetime) -> CaseFile:
    """Take a sealed answer back out of the outbox and put its case where the answer is released.

    Raises: Mistaken: nothing is sealed, or it has left already and cannot be taken back.
    """
    file = unit.case(reference)
    if file.pack is None or file.outbox is None or file.outbox.state not in TO_SEND or file.outbox.sent_at:
        raise Mistaken(
            "the answer was not taken back",
            why="there is none that is sealed and has not left",
            next_step="look at the case again: it may have been sent meanwhile",
        )
    taken = replace(file.outbox, state=TAKEN_BACK)
    return write_act(
        unit,
        file,
        EntryKind.PACK_FAILED,
        at=at,
        by=GATEWAY,
        words=_WORDS[doubt],
        records=(taken, moved(file.state, _BACK_TO[file.pack.answer], on=civil_day(at))),
        facts={"pack_digest": file.pack.sha256, "reason": doubt.value, "attempt": file.outbox.attempts},
    )
