"""Taking requests in: one case a request, whether it came alone or in a file of thousands.

Source: domain.md 7 (HSC/8 paragraph 23, case by case): a file of n requests becomes n cases and n decisions.
"""

from collections.abc import Sequence
from datetime import datetime

from privity.casework.case_file import CaseFile, request_record
from privity.casework.fishing import watch_request
from privity.casework.instance_records import BatchRecord
from privity.casework.lifecycle import opened
from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import moment
from privity.casework.records import HistoryRecord, OpeningRecord
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import BatchReference, CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.intake_row import IntakeRow
from privity.request.tracing_request import TracingRequest

NO_BATCH = BatchReference("")


def receive(
    unit: UnitOfWork,
    request: TracingRequest,
    *,
    at: datetime,
    by: Officer,
    batch: BatchReference = NO_BATCH,
    row: int = 0,
) -> CaseReference:
    """Open one case for one request and return its reference.

    Args:   at: the moment of receipt; its civil day is day zero of the clock.
    Raises: Mistaken: the requester is not known, or asks under an agreement that is not its own.
    """
    _must_be_a_party(unit, request)
    reference = unit.new_reference()
    opening = OpeningRecord(
        reference=reference,
        organisation=request.requester,
        family=request.family,
        requester_reference=request.requester_reference,
        batch=batch,
        row_number=row,
        received_at=moment(at),
        received_on=civil_day(at).isoformat(),
    )
    state = opened(reference)
    file = CaseFile(opening=opening, request=request_record(reference, request), state=state)
    history = HistoryRecord(
        reference=reference,
        number=1,
        at=moment(at),
        kind=EntryKind.CASE_OPENED.value,
        staff_id=by.staff_id,
        role=by.role.value,
        status=state.status,
        words="The request was received.",
    )
    unit.open_case(file.following((history,)))
    unit.write(
        Act(
            kind=EntryKind.CASE_OPENED,
            at=at,
            by=by,
            key=reference,
            records=(opening, file.request, state, history),
            organisation=request.requester,
            facts={
                "status": state.status,
                "received": opening.received_on,
                "family": request.family,
                "purpose": request.purpose,
            },
        )
    )
    watch_request(unit, request, reference, by=by, at=at)
    return reference


def _must_be_a_party(unit: UnitOfWork, request: TracingRequest) -> None:
    """Raise unless the organisation that asks is a party to the agreement it asks under."""
    if unit.organisation(request.requester).family != request.family:
        raise Mistaken(
            "the request was not taken",
            why=f"`{request.requester}` is no party to the agreement `{request.family}`",
            next_step="send it under the agreement the organisation is a party to",
        )


def take_rows(
    unit: UnitOfWork, rows: Sequence[IntakeRow], *, batch: BatchReference, at: datetime, by: Officer
) -> tuple[CaseReference, ...]:
    """Open a case for every row of a file that has not been taken before, and return their references.

    A file is taken in parts so that nobody waits for it; each part is one transaction. After a crash the same
    file goes on where it stopped, and running it again adds nothing.
    """
    taken = unit.batch_rows(batch)
    return tuple(
        receive(unit, read.request, at=at, by=by, batch=batch, row=read.row) for read in rows if read.row not in taken
    )


def close_batch(
    unit: UnitOfWork, rows: Sequence[IntakeRow], *, batch: BatchReference, at: datetime, by: Officer
) -> None:
    """Record that every row of a file has been taken."""
    first = rows[0].request
    unit.write(
        Act(
            kind=EntryKind.BATCH_TAKEN,
            at=at,
            by=by,
            key=batch,
            records=(
                BatchRecord(
                    reference=batch,
                    organisation=first.requester,
                    family=first.family,
                    rows=len(rows),
                    taken_at=moment(at),
                ),
            ),
            organisation=first.requester,
            facts={"rows": len(rows), "file_digest": batch},
        )
    )
