"""The only reading of the register: for an approved purpose, once it is approved, and on the record.

Source: the figures of 2016 presuppose this order (approved and traced, approved and untraced; S1).
"""

from collections.abc import Sequence
from datetime import datetime

from privity.casework.assess import assess_case
from privity.casework.case_file import CaseFile, read_particulars
from privity.casework.fishing import Blinding, refuse_while_alerted, take_from_allowance
from privity.casework.lifecycle import Status, moved
from privity.casework.permits import purpose_permit
from privity.casework.ports import Gateway, Register, UnitOfWork
from privity.casework.record import canonical, moment
from privity.casework.records import SightingRecord, TraceRecord
from privity.casework.screen import Parked, still_stands
from privity.casework.sighting import address_digest
from privity.casework.tracer import count_trace, standing
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, Role
from privity.definitions.person import Demographics, PersonId
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.protection.sensitive_flag import without_whereabouts
from privity.trace.outcome import Candidate, TraceResult, TraceState
from privity.trace.standing import Hindrance, TracerInUse

_MARK_DIGITS = 16
PROTECTED_FROM = 0.05
"""Probability from which a protected record, not the likeliest, still takes a case to the guardian."""


def trace_subject(
    unit: UnitOfWork, gateway: Gateway, reference: CaseReference, *, by: Officer, at: datetime
) -> CaseFile | Parked:
    """Trace the person a case asks for, and put the candidates to two people.

    A protected record goes to the guardian; the requester will be told what an untraced case is told.
    Args:    by: the officer who has it traced, out of whose allowance it is taken.
    Returns: the case, or where it went because the agreement in force no longer permits what was approved; then the
             register is not read.
    Raises:  Mistaken: the case does not wait for its trace, or fits a pattern of fishing nobody has looked at;
             OverAllowance: the officer has had too many traced. Then the register is not read.
    """
    file = unit.case(reference)
    if file.status is not Status.APPROVED:
        raise Mistaken(
            "the register was not read",
            why=f"the case is `{file.status.value}` and not waiting to be traced",
            next_step="look at the case again: somebody may have acted on it meanwhile",
        )
    if not still_stands(unit, file, gateway.agreements, at):
        return Parked(status=assess_case(unit, gateway.agreements, reference, at=at).status)
    register = gateway.register
    refuse_while_alerted(unit, file)
    take_from_allowance(unit, by, at=at)
    permit = purpose_permit(file)
    in_use, stands = register.tracer_in_use(), standing(unit)
    hindered = stands.hindrance(in_use)
    under = stands.certificate if hindered is None else None
    result = register.trace(permit, read_particulars(file.request), under=under)
    protected = is_protected(result)
    file = write_act(
        unit,
        file,
        EntryKind.REGISTER_READ,
        at=at,
        by=by,
        words=f"The register was read. Records compared: {result.touched}.",
        facts={"reads": result.touched},
    )
    to = _status(result, protected=protected)
    file = write_act(
        unit,
        file,
        EntryKind.TRACE_FINISHED,
        at=at,
        by=GATEWAY,
        words=_words(result, protected=protected),
        records=(_traced(unit, file, result, in_use, hindered, at=at), moved(file.state, to, on=civil_day(at))),
        outcome=result.state.value,
        facts={"model_digest": in_use.model_digest, "register_digest": in_use.register_digest},
    )
    if under is not None:
        count_trace(unit, stands, result, at=at)
    return file


def _traced(
    unit: UnitOfWork,
    file: CaseFile,
    result: TraceResult,
    in_use: TracerInUse,
    hindered: Hindrance | None,
    *,
    at: datetime,
) -> TraceRecord:
    """Return what a trace found, with what found it and whether it was let propose."""
    return TraceRecord(
        reference=file.opening.reference,
        number=len(file.traces) + 1,
        at=moment(at),
        model=result.model,
        outcome=result.state.value,
        ambiguous=result.ambiguous,
        protected=is_protected(result),
        touched=result.touched,
        probability_absent=probability(result.probability_absent),
        candidates=canonical([_candidate(candidate) for candidate in put_up(result)]),
        compared=canonical([compared_mark(unit, file.reference, person) for person in result.compared]),
        register_rows=in_use.register_rows,
        chance_before=f"{result.present / max(in_use.register_rows, 1):.3e}",
        bound=result.bound.words,
        hindered=hindered.value if hindered else "",
    )


def compared_mark(unit: Blinding, reference: CaseReference, person: PersonId) -> str:
    """Return the mark of somebody whose record a case compared: whoever asks for one person finds them by it.

    Only this instance can make it, and it means nothing in another case: most who are compared are strangers to it.
    """
    return unit.blinded(f"compared/{reference}/{person}")[:_MARK_DIGITS]


def show_candidates(
    unit: UnitOfWork, register: Register, reference: CaseReference, *, by: Officer, at: datetime
) -> tuple[Demographics, ...]:
    """Return the candidates' records for somebody who is to judge them, and put the reading on record.

    Raises: Mistaken: the purpose is not approved, or the record is protected and this is not the guardian; then
            the register is not read.
    """
    file = unit.case(reference)
    permit = purpose_permit(file)
    if file.status is Status.PROTECTED and by.role is not Role.GUARDIAN:
        raise Mistaken(
            "the candidates were not shown", why="a protected record is the guardian's", next_step="ask the guardian"
        )
    people = [candidate.person for candidate in file.candidates()]
    records = tuple(register.candidate(permit, person) for person in people)
    if by.role is not Role.GUARDIAN:
        # Somebody may have been protected since the trace; the guardian sees where they are, nobody else does.
        records = tuple(without_whereabouts(record) for record in records)
    if records:
        write_act(
            unit,
            file,
            EntryKind.REGISTER_READ,
            at=at,
            by=by,
            words=f"Candidate records shown: {len(records)}.",
            records=(_sighting(file, records, by=by, at=at),),
            facts={"reads": len(records)},
        )
    return records


def _sighting(file: CaseFile, records: Sequence[Demographics], *, by: Officer, at: datetime) -> SightingRecord:
    """Return that these records were shown, with a digest of each home that means nothing in another case."""
    addresses = {str(one.person): address_digest(file.reference, one.residence) for one in records}
    return SightingRecord(
        reference=file.opening.reference,
        number=len(file.sightings) + 1,
        at=moment(at),
        staff_id=by.staff_id,
        addresses=canonical(addresses),
    )


def probability(value: float) -> str:
    """Return a probability as six decimals of text, the one spelling that is committed to."""
    return f"{value:.6f}"


def _candidate(candidate: Candidate) -> dict[str, object]:
    return {
        "person": candidate.person,
        "probability": probability(candidate.probability),
        "weight_bits": f"{candidate.weight_bits:.2f}",
        "evidence": [
            {
                "field": found.field,
                "level": found.level,
                "words": found.words,
                "weight_bits": f"{found.weight_bits:.2f}",
            }
            for found in candidate.evidence
        ],
    }


def is_protected(result: TraceResult) -> bool:
    """Return whether a protected record may be the person sought, so that only the guardian may see it."""
    return any(
        candidate.sensitive and (candidate is result.best or candidate.probability >= PROTECTED_FROM)
        for candidate in result.candidates
    )


def put_up(result: TraceResult) -> tuple[Candidate, ...]:
    """Return the candidates people are shown: to the guardian all of them, to officers none protected."""
    if result.state is TraceState.UNTRACED and not is_protected(result):
        return ()
    if is_protected(result):
        return result.candidates
    return tuple(candidate for candidate in result.candidates if not candidate.sensitive)


def _status(result: TraceResult, *, protected: bool) -> Status:
    if protected:
        return Status.PROTECTED
    return Status.JUDGING_IDENTITY if put_up(result) else Status.UNIDENTIFIED


def _words(result: TraceResult, *, protected: bool) -> str:
    if protected:
        return "A protected record is among the candidates: the case is with the guardian."
    shown = len(put_up(result))
    if not shown:
        return "Nobody on the register fits."
    if result.ambiguous:
        return f"{shown} candidates and no clear one: two people judge, nobody guesses."
    return f"{shown} put to two people, who judge which, if any, is the person."
