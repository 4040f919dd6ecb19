"""Recording what people decide: the purpose before the search, the identity after it.

Each determination is one act. The one that settles the last open question also moves the case, by asking the
agreement again with every answer in; how answers combine is the agreement's business, not this room's.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from privity.agreement.in_force import InForce
from privity.casework.assess import assess_case
from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import IDENTITY_STATUSES, PURPOSE_STATUSES, Status, moved, touched
from privity.casework.offering import is_free
from privity.casework.permits import open_questions, purpose_permit
from privity.casework.ports import Agreements, UnitOfWork
from privity.casework.record import canonical, moment
from privity.casework.records import DeterminationRecord, StateRecord
from privity.casework.tracer import Found, count_decision
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, Role
from privity.definitions.person import PersonId
from privity.definitions.reference import CaseReference, Slug
from privity.errors import Mistaken
from privity.judgement.decision import Approved, decide_identity
from privity.judgement.determination import SHORTEST_REASONS, Determination, Stage
from privity.judgement.two_officers import Agreed, Consultation, Divided, Waiting, consult, may_determine
from privity.ledger.entry_kind import EntryKind
from privity.trace.outcome import TraceState

IDENTITY_QUESTION = Slug("which-record")
SOMEBODY_ELSE = Slug("likeliest-is-somebody-else")
"""What an officer adds who names nobody and is sure of that: the likeliest candidate is another person."""
PROTECTED_QUESTION = Slug("protected-record")


def determine_purpose(
    unit: UnitOfWork,
    agreements: Agreements,
    reference: CaseReference,
    *,
    question: Slug,
    answer: bool,
    reasons: str,
    factors: Sequence[Slug],
    by: Officer,
    at: datetime,
) -> CaseFile:
    """Record one person's answer to one reserved question, and move the case if that settles it.

    While the agreement is suspended, or has ended, no view is recorded: the case goes where it belongs.
    Raises: Mistaken: the case is not waiting for it, the question is not open, or this person may not answer.
            EvaluationFailed: the agreement could not be asked; nothing is recorded.
    """
    file = unit.case(reference)
    _must_stand(file, PURPOSE_STATUSES)
    if not_in_force(agreements, file, at):
        return assess_case(unit, agreements, reference, at=at)
    version = file.state.version
    if question not in open_questions(file):
        raise Mistaken(
            "the determination was not recorded",
            why="that question is not open on this case",
            next_step="open the case again and answer the question it shows",
        )
    determination = Determination(
        stage=Stage.PURPOSE,
        question=question,
        staff_id=by.staff_id,
        role=by.role,
        answer=answer,
        reasons=reasons,
        at=at,
        version=version,
        factors=tuple(factors),
    )
    file, consultation = _record_view(unit, file, determination, by)
    match consultation:
        case Agreed():
            return assess_case(unit, agreements, reference, at=at)
        case Divided() if file.status is not Status.PURPOSE_DIVIDED:
            return _divided(unit, file, Status.PURPOSE_DIVIDED, EntryKind.CASE_REFERRED, at)
        case Divided() | Waiting():
            return file
        case other:
            assert_never(other)


def determine_identity(
    unit: UnitOfWork,
    agreements: Agreements,
    reference: CaseReference,
    *,
    choice: PersonId | None,
    reasons: str,
    by: Officer,
    at: datetime,
    somebody_else: bool = False,
) -> CaseFile:
    """Record which candidate one person takes for the person sought, or none of them.

    While the agreement is suspended, or has ended, no view is recorded: the case goes where it belongs.
    Args:   somebody_else: nobody is named, and the likeliest candidate is known to be another person, rather than
            not known well enough. It is what the tracer's promise is held to.
    Raises: Mistaken: the case does not wait for it, the record is no candidate, or it is not for them.
    """
    file = unit.case(reference)
    _must_stand(file, IDENTITY_STATUSES)
    if not_in_force(agreements, file, at):
        return assess_case(unit, agreements, reference, at=at)
    if choice is not None and choice not in candidates_of(file):
        raise Mistaken(
            "the determination was not recorded",
            why="the record chosen is not among the candidates of this case",
            next_step="choose one of the candidates shown, or `none of these`",
        )
    determination = Determination(
        stage=Stage.IDENTITY,
        question=IDENTITY_QUESTION,
        staff_id=by.staff_id,
        role=by.role,
        answer=choice is not None,
        reasons=reasons,
        at=at,
        version=file.state.version,
        factors=(SOMEBODY_ELSE,) if somebody_else and choice is None else (),
        choice=choice,
    )
    file, consultation = _record_view(unit, file, determination, by)
    match consultation:
        case Agreed() as agreed:
            return _identity_decided(unit, file, agreed, at)
        case Divided() if file.status is not Status.IDENTITY_DIVIDED:
            return _divided(unit, file, Status.IDENTITY_DIVIDED, EntryKind.CASE_REFERRED, at)
        case Divided() | Waiting():
            return file
        case other:
            assert_never(other)


def close_protected(unit: UnitOfWork, reference: CaseReference, *, reasons: str, by: Officer, at: datetime) -> CaseFile:
    """Record that the guardian has seen a case with a protected record; it is answered as no trace.

    Raises: Mistaken: the case holds no protected record, or this is not the guardian.
    """
    file = unit.case(reference)
    _must_stand(file, (Status.PROTECTED,))
    if by.role is not Role.GUARDIAN or len(reasons.strip()) < SHORTEST_REASONS:
        raise Mistaken(
            "the determination was not recorded",
            why="a protected record is for the guardian, with reasons",
            next_step="ask the guardian",
        )
    view = DeterminationRecord(
        reference=file.opening.reference,
        number=len(file.determinations) + 1,
        at=moment(at),
        stage=Stage.IDENTITY.value,
        question=PROTECTED_QUESTION,
        staff_id=by.staff_id,
        role=by.role.value,
        answer=False,
        choice=None,
        reasons=reasons,
        factors=canonical([]),
        version=file.state.version,
    )
    return write_act(
        unit,
        file,
        EntryKind.IDENTITY_DECIDED,
        at=at,
        by=by,
        words="The guardian decided on the protected record.",
        records=(view, moved(file.state, Status.UNIDENTIFIED, on=civil_day(at))),
        outcome=Status.UNIDENTIFIED.value,
    )


def not_in_force(agreements: Agreements, file: CaseFile, at: datetime) -> bool:
    """Return whether no version of the agreement is in force, so that nobody may judge under it."""
    return not isinstance(agreements.governing(file.family, at), InForce)


def candidates_of(file: CaseFile) -> frozenset[PersonId]:
    """Return the records the newest trace put up for judgement."""
    return frozenset(candidate.person for candidate in file.candidates())


def _must_stand(file: CaseFile, statuses: Sequence[Status]) -> None:
    if file.status not in statuses:
        raise Mistaken(
            "the determination was not recorded",
            why=f"the case is `{file.status.value}` and waits for something else",
            next_step="open the case again: somebody may have acted on it meanwhile",
        )


def _record_view(unit: UnitOfWork, file: CaseFile, view: Determination, by: Officer) -> tuple[CaseFile, Consultation]:
    """Write one view, blind: the history says that a view was recorded and never which."""
    earlier = file.views(view.stage, view.question, view.version)
    guardians = file.is_guardians(view.question)
    may = may_determine(earlier, view.staff_id, view.role, guardians=guardians)
    if not may or not is_free(file, view.stage, view.question, by, view.at):
        raise Mistaken(
            "the determination was not recorded",
            why="you have given your view already, or the question is not yours to answer now",
            next_step="leave it to the officer who was asked for the second view, or to the guardian",
        )
    if view.stage is Stage.IDENTITY and view.staff_id == GATEWAY.staff_id:
        raise Mistaken(
            "the determination was not recorded",
            why="a machine does not judge",
            next_step="sign in as yourself",
        )
    record = DeterminationRecord(
        reference=file.opening.reference,
        number=len(file.determinations) + 1,
        at=moment(view.at),
        stage=view.stage.value,
        question=view.question,
        staff_id=view.staff_id,
        role=view.role.value,
        answer=view.answer,
        choice=view.choice,
        reasons=view.reasons,
        factors=canonical(list(view.factors)),
        version=view.version,
    )
    purpose = view.stage is Stage.PURPOSE
    written = write_act(
        unit,
        file,
        EntryKind.PURPOSE_DETERMINED if purpose else EntryKind.IDENTITY_DETERMINED,
        at=view.at,
        by=by,
        words=f"A view on the {'purpose' if purpose else 'identity'} was recorded.",
        records=(record, touched(file.state)),
    )
    return written, consult((*earlier, view), guardians=guardians)


def _divided(unit: UnitOfWork, file: CaseFile, to: Status, kind: EntryKind, at: datetime) -> CaseFile:
    return write_act(
        unit,
        file,
        kind,
        at=at,
        by=GATEWAY,
        words="The two officers differ: the guardian decides.",
        records=(moved(file.state, to, on=civil_day(at)),),
    )


def found_of_proposal(file: CaseFile, agreed: Agreed) -> Found | None:
    """Return what was decided about the proposal of the newest trace, or None where there was none."""
    if not file.traces or file.traces[-1].outcome != TraceState.PROPOSED.value:
        return None
    if agreed.choice is not None:
        return Found.RIGHT if agreed.choice == file.candidates()[0].person else Found.WRONG
    # The guardian's word is the last; of two officers it takes one who is sure.
    last = [view for view in agreed.by if view.role is Role.GUARDIAN] or agreed.by
    return Found.WRONG if any(SOMEBODY_ELSE in view.factors for view in last) else Found.LEFT_OPEN


def _identity_decided(unit: UnitOfWork, file: CaseFile, agreed: Agreed, at: datetime) -> CaseFile:
    decided = decide_identity(purpose_permit(file), agreed)
    to = Status.IDENTIFIED if isinstance(decided, Approved) else Status.UNIDENTIFIED
    state: StateRecord = moved(file.state, to, on=civil_day(at))
    found = found_of_proposal(file, agreed)
    if found is not None:
        count_decision(unit, found, at=at)
    return write_act(
        unit,
        file,
        EntryKind.IDENTITY_DECIDED,
        at=at,
        by=GATEWAY,
        words="The record was identified." if to is Status.IDENTIFIED else "No record was identified.",
        records=(state,),
        outcome=to.value,
    )
