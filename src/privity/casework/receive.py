"""Taking requests in: one case a request, whether it came alone or in a file of thousands.

Rules of the module:
- A request that comes alone is acknowledged first and read later (`read_sent`): the acknowledgement is the same
  whatever it asks and whomever it is about.
- A file is read before any of it is taken, so its rows are opened as what they ask.

Source: domain.md 7 (HSC/8 paragraph 23, case by case): a file of n requests becomes n cases and n decisions.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from privity.casework.case_file import CaseFile, request_record
from privity.casework.fishing import watch_request
from privity.casework.instance_records import BatchRecord
from privity.casework.lifecycle import opened
from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import Record, moment
from privity.casework.records import HistoryRecord, OpeningRecord, SubmissionRecord
from privity.casework.repeats import note_repeat
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import AgreementFamily, BatchReference, CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.intake_row import LONGEST_REFERENCE, IntakeRow, is_control
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
    """Open one case for one request that has been read, and return its reference.

    Args:   at: the moment of receipt; its civil day is day zero of the clock.
    Raises: Mistaken: the requester is not known, or asks under an agreement that is not its own.
    """
    _must_be_party(unit, request.requester, request.family)
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
    _open(unit, opening, (request_record(reference, request),), by=by, at=at, purpose=request.purpose)
    marks = watch_request(unit, request, reference, by=by, at=at)
    note_repeat(unit, reference, marks, at=at)
    return reference


def acknowledge(
    unit: UnitOfWork,
    sent: Mapping[str, str],
    *,
    family: AgreementFamily,
    due: date | None,
    by: Officer,
    at: datetime,
) -> CaseReference:
    """Open one case for what was sent, word for word and unread, and return its reference.

    Args:   due: the day promised, which follows from the agreement and the day alone.
    Raises: Mistaken: the requester is not known, or asks under an agreement that is not its own.
    """
    _must_be_party(unit, by.organisation, family)
    reference = unit.new_reference()
    opening = OpeningRecord(
        reference=reference,
        organisation=by.organisation,
        family=family,
        requester_reference=_as_text(sent.get("your_reference", "")),
        batch=NO_BATCH,
        row_number=0,
        received_at=moment(at),
        received_on=civil_day(at).isoformat(),
    )
    text = json.dumps(dict(sent), sort_keys=True, separators=(",", ":"))  # ASCII: any character can be kept
    submission = SubmissionRecord(reference=reference, sent=text, faults="[]")
    _open(unit, opening, (submission,), by=by, at=at, due=due)
    return reference


def _must_be_party(unit: UnitOfWork, requester: OrganisationId, family: AgreementFamily) -> None:
    if unit.organisation(requester).family != family:
        raise Mistaken(
            "the request was not taken",
            why=f"`{requester}` is no party to the agreement `{family}`",
            next_step="send it under the agreement the organisation is a party to",
        )


def _open(
    unit: UnitOfWork,
    opening: OpeningRecord,
    records: tuple[Record, ...],
    *,
    by: Officer,
    at: datetime,
    due: date | None = None,
    purpose: str = "",
) -> None:
    state = opened(opening.reference, due=due.isoformat() if due else "")
    history = HistoryRecord(
        reference=opening.reference,
        number=1,
        at=moment(at),
        kind=EntryKind.CASE_OPENED.value,
        staff_id=by.staff_id,
        role=by.role.value,
        status=state.status,
        words="The request was received.",
    )
    unit.open_case(CaseFile(opening=opening, state=state))
    unit.write(
        Act(
            kind=EntryKind.CASE_OPENED,
            at=at,
            by=by,
            key=opening.reference,
            records=(opening, *records, state, history),
            organisation=OrganisationId(opening.organisation),
            facts={
                "status": state.status,
                "received": opening.received_on,
                "family": opening.family,
                **({"purpose": purpose} if purpose else {}),
            },
        )
    )


def _as_text(reference: str) -> str:
    """Return the sender's own reference as it can stand in a list, whatever was sent under that name."""
    return "".join(letter for letter in reference if not is_control(letter)).strip()[:LONGEST_REFERENCE]


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
