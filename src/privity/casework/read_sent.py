"""Reading what was acknowledged: it becomes a request and the agreement is asked, or it goes back with what is wrong.

Rules of the module:
- Nothing here reads the register. What becomes of what was sent follows from its own words and from the agreement.
- What could be read stands in the request from then on and no longer as it was sent; what could not is kept as it is,
  under the case's own key, and is destroyed with the case.
- Reading twice, or after the sender took it back, does nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from privity.casework.assess import assess_case
from privity.casework.case_file import CaseFile, request_record
from privity.casework.fishing import watch_request
from privity.casework.lifecycle import Status, moved, touched
from privity.casework.ports import Agreements, UnitOfWork
from privity.casework.record import canonical
from privity.casework.repeats import note_repeat
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, Role, StaffId
from privity.definitions.reference import CaseReference
from privity.ledger.entry_kind import EntryKind
from privity.request.intake import read_fields
from privity.request.intake_row import RowError
from privity.request.tracing_request import TracingRequest


def read_sent(unit: UnitOfWork, agreements: Agreements, reference: CaseReference, *, at: datetime) -> CaseFile:
    """Read what was sent for a case, and move the case accordingly.

    Raises: EvaluationFailed: the agreement gave no decision; nothing is read then, and it is tried again.
    """
    file = unit.case(reference)
    if file.status is not Status.RECEIVED or not file.stated:
        return file
    reading = read_fields(file.stated, agreements.form(file.family), file.organisation)
    if reading.errors:
        return _sent_back(unit, file, reading.errors, at)
    return _taken_up(unit, agreements, file, reading.rows[0].request, at)


def faults_of(file: CaseFile) -> tuple[RowError, ...]:
    """Return what was wrong with what was sent; nothing where it could be read."""
    found = json.loads(file.submission.faults) if file.submission else []
    return tuple(RowError(**one) for one in found)


def _sent_back(unit: UnitOfWork, file: CaseFile, errors: Sequence[RowError], at: datetime) -> CaseFile:
    assert file.submission is not None, "what is read was sent"
    faults = canonical([asdict(error) for error in errors])
    return write_act(
        unit,
        file,
        EntryKind.CASE_UNREADABLE,
        at=at,
        by=GATEWAY,
        words=f"It could not be read, and went back. Things to mend: {len(errors)}.",
        records=(
            replace(file.submission, faults=faults),
            moved(file.state, Status.UNREADABLE, on=civil_day(at), due=""),
        ),
        facts={"faults": len(errors)},
    )


def _taken_up(
    unit: UnitOfWork, agreements: Agreements, file: CaseFile, request: TracingRequest, at: datetime
) -> CaseFile:
    assert file.submission is not None, "what is read was sent"
    reference = file.reference
    write_act(
        unit,
        file,
        EntryKind.REQUEST_READ,
        at=at,
        by=GATEWAY,
        words="The request was read.",
        records=(request_record(reference, request), replace(file.submission, sent=""), touched(file.state)),
        facts={"purpose": request.purpose},
    )
    marks = watch_request(unit, request, reference, by=_sender(file), at=at)
    note_repeat(unit, reference, marks, at=at)
    return assess_case(unit, agreements, reference, at=at)


def _sender(file: CaseFile) -> Officer:
    """Return who sent it, as far as the case knows: the name stays with the account."""
    first = file.history[0]
    return Officer(staff_id=StaffId(first.staff_id), name="", organisation=file.organisation, role=Role(first.role))
