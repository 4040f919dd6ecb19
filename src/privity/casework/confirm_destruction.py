"""Recording the requester's word that what it was sent is gone."""

import hashlib
from dataclasses import replace
from datetime import date, datetime

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import Status, moved
from privity.casework.ports import UnitOfWork
from privity.casework.records import canonical
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry import EntryKind


def confirm_destruction(
    unit: UnitOfWork, reference: CaseReference, *, destroyed_on: date, method: str, by: Officer, at: datetime
) -> CaseFile:
    """Record a requester's confirmation of destruction.

    Raises: Mistaken: nothing was disclosed, it is confirmed already, or the day lies in the future.
    """
    file = unit.case(reference)
    record, pack = file.destruction, file.pack
    if record is None or pack is None or file.status not in (Status.SENT, Status.COLLECTED):
        raise Mistaken(
            "the destruction was not recorded",
            why=f"the case is `{file.status.value}`: nothing the requester holds is due",
            next_step="check the reference",
        )
    if destroyed_on > civil_day(at) or by.organisation != file.organisation or not method.strip():
        raise Mistaken(
            "the destruction was not recorded",
            why="the day lies in the future, no method is given, or the case is another organisation's",
            next_step="give the day and the way it was destroyed",
        )
    statement = canonical({"pack": pack.sha256, "on": destroyed_on.isoformat(), "method": method, "by": by.staff_id})
    confirmed = replace(
        record,
        confirmed_on=destroyed_on.isoformat(),
        method=method,
        stated_by=by.staff_id,
        statement_sha256=hashlib.sha256(statement.encode()).hexdigest(),
    )
    return write_act(
        unit,
        file,
        EntryKind.DESTRUCTION_CONFIRMED,
        at=at,
        by=by,
        words="The requester confirmed that the data are destroyed.",
        records=(confirmed, moved(file.state, Status.DESTROYED, on=civil_day(at))),
        facts={
            "pack_digest": pack.sha256,
            "statement_digest": confirmed.statement_sha256,
            "due": record.due,
            "destroyed_on": confirmed.confirmed_on,
        },
    )
