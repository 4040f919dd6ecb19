"""Taking the requester's word that what it was sent is gone: from the portal, by MESH, or as signed mail.

Rules of the module:
- Every way ends in `destruction.certificate.certify`: one set of checks, one spelling of what was stated.
- Who may say it: somebody of the organisation that was sent the pack, shown by how it came (an account, a mailbox,
  a signature). What does not fit is refused and the refusal is on record.
- What was stated is kept under the case's key; the ledger has its digest.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import Status, moved
from privity.casework.ports import UnitOfWork
from privity.casework.record import read_moment
from privity.casework.records import DestructionRecord, PackRecord
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.destruction.certificate import (
    DestructionCertificate,
    DestructionConfirmation,
    DestructionMethod,
    NotAccepted,
    certify,
)
from privity.destruction.due import DestructionDue
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind


def confirm_destruction(
    unit: UnitOfWork, reference: CaseReference, *, destroyed_on: date, method: str, by: Officer, at: datetime
) -> CaseFile:
    """Record a confirmation somebody gave in the portal, in their own words for the method.

    Args:   method: one of `DestructionMethod`, or words, which are then kept beside `destroyed`.
    Raises: Mistaken: nothing was disclosed, it is confirmed already, or the day lies in the future.
    """
    file = unit.case(reference)
    _, pack = _due_of(file, by)
    if not method.strip():
        raise _refused("no method is given", "say how it was destroyed")
    known = method in set(DestructionMethod)
    confirmation = DestructionConfirmation(
        pack_sha256=pack.sha256,
        destroyed_on=destroyed_on,
        method=DestructionMethod(method) if known else DestructionMethod.DESTROYED,
        stated_by=by.staff_id,
        stated_role=by.role.value,
        copies_remain=False,
    )
    return take_confirmation(unit, reference, confirmation, by=by, at=at, words=method)


def take_confirmation(
    unit: UnitOfWork,
    reference: CaseReference,
    confirmation: DestructionConfirmation,
    *,
    by: Officer,
    at: datetime,
    words: str = "",
    statement: str = "",
) -> CaseFile:
    """Record a confirmation, once it fits the pack it names.

    Args:   words: how the method was put, where it was put in words. statement: what came in, where it was
            signed; otherwise the statement in its one spelling is kept.
    Raises: Mistaken: it does not fit, all reasons at once; or nothing of the case is due from this organisation.
    """
    file = unit.case(reference)
    record, pack = _due_of(file, by)
    certificate = certify(due_of(file, pack), confirmation, civil_day(at))
    if not isinstance(certificate, DestructionCertificate):
        raise _refused("; ".join(fault.words for fault in certificate), "put it right and confirm again")
    confirmed = replace(
        record,
        confirmed_on=confirmation.destroyed_on.isoformat(),
        method=words or confirmation.method.value,
        stated_by=confirmation.stated_by,
        statement_sha256=certificate.statement_sha256,
        statement=statement or confirmation.statement().decode(),
    )
    return write_act(
        unit,
        file,
        EntryKind.DESTRUCTION_CONFIRMED,
        at=at,
        by=by,
        words=(
            f"The requester confirmed, too late, that the data are destroyed. Days late: {certificate.late_days}."
            if certificate.late_days
            else "The requester confirmed that the data are destroyed."
        ),
        records=(confirmed, moved(file.state, Status.DESTROYED, on=civil_day(at))),
        facts={
            "pack_digest": pack.sha256,
            "statement_digest": confirmed.statement_sha256,
            "due": record.due,
            "destroyed_on": confirmed.confirmed_on,
            "method": confirmation.method.value,
        },
    )


def refuse_confirmation(
    unit: UnitOfWork, reference: CaseReference, faults: Sequence[NotAccepted], *, by: Officer, at: datetime
) -> CaseFile:
    """Put on record that a confirmation came and was not taken, and why: a near miss nobody would see otherwise."""
    file = unit.case(reference)
    return write_act(
        unit,
        file,
        EntryKind.DESTRUCTION_REFUSED,
        at=at,
        by=by,
        words=f"A confirmation of destruction was not taken: {'; '.join(fault.words for fault in faults)}.",
        facts={"reason": faults[0].value if faults else "unreadable"},
    )


def due_of(file: CaseFile, pack: PackRecord) -> DestructionDue:
    """Return what is due by the pack of a case."""
    return DestructionDue(
        case=file.reference,
        requester=file.organisation,
        pack_sha256=pack.sha256,
        released_on=civil_day(read_moment(pack.sealed_at)),
        destroy_by=date.fromisoformat(pack.destroy_by),
    )


def _due_of(file: CaseFile, by: Officer) -> tuple[DestructionRecord, PackRecord]:
    record, pack = file.destruction, file.pack
    if record is None or pack is None or file.status not in (Status.SENT, Status.COLLECTED):
        raise _refused(f"the case is `{file.status.value}`: nothing the requester holds is due", "check the reference")
    if by.organisation != file.organisation:
        raise _refused("the case is another organisation's", "check the reference")
    return record, pack


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("the destruction was not recorded", why=why, next_step=next_step)
