"""The world changes between two steps of a case: what was said before counts only of what it was said about."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, GUARDIAN, KENT, LETTER, SECOND, Corridor, police_request
from tests.fakes.guarded_register import ONE, PROTECTED, TWO, candidate, found

from privity.agreement.version import InstrumentKind
from privity.casework.authorisation import TABLE, Operation
from privity.casework.case_file import CaseFile
from privity.casework.certificates import revoke
from privity.casework.end_case import end_case
from privity.casework.forward_letter import draft_letter, forward_letter
from privity.casework.judge import PROTECTED_QUESTION, close_protected
from privity.casework.lifecycle import Status
from privity.casework.screen import Parked
from privity.casework.set_aside import set_aside
from privity.casework.trace import trace_subject
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import CaseReference
from privity.disclosure.safety import Course, SafetyAnswer
from privity.errors import Mistaken
from privity.judgement.determination import Stage
from privity.judgement.two_officers import Waiting

ANOTHER = found(candidate(2, 0.97))


def suspended_and_resumed(corridor: Corridor, reference: CaseReference) -> Status:
    """Suspend the agreement, have somebody touch the case, and let the case go on when the suspension is over."""
    lifted = corridor.now + timedelta(days=3)
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now, lifted)
    assert corridor.assess(reference).status is Status.HELD
    corridor.now = lifted
    return corridor.assess(reference).status


def test_a_view_on_the_candidates_of_one_trace_says_nothing_about_those_of_the_next(corridor: Corridor) -> None:
    corridor.register.finds = TWO
    reference = corridor.approved()
    corridor.trace(reference)
    corridor.name_record(reference, FIRST, 2)
    assert suspended_and_resumed(corridor, reference) is Status.APPROVED
    corridor.register.finds = ANOTHER
    corridor.trace(reference)
    assert corridor.name_record(reference, SECOND, 2).status is Status.JUDGING_IDENTITY, "nobody else saw this trace"
    assert corridor.name_record(reference, FIRST, 2).status is Status.IDENTIFIED


def test_two_officers_who_differed_on_one_trace_can_both_judge_the_next(corridor: Corridor) -> None:
    corridor.trace(reference := corridor.approved())
    corridor.name_record(reference, FIRST, 1)
    corridor.name_record(reference, SECOND, None)
    assert suspended_and_resumed(corridor, reference) is Status.APPROVED
    corridor.trace(reference)
    corridor.name_record(reference, SECOND, 1)
    assert corridor.name_record(reference, FIRST, 1).status is Status.IDENTIFIED


def test_nobody_is_traced_while_the_agreement_is_suspended(corridor: Corridor) -> None:
    reference = corridor.approved()
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now, corridor.now + timedelta(days=3))
    traced = corridor.do(lambda unit, at: trace_subject(unit, corridor.gateway, reference, by=FIRST, at=at))
    assert traced == Parked(status=Status.HELD)
    assert corridor.register.reads([reference]) == 0


@pytest.mark.parametrize(
    ("course", "status"), [(Course.GUARDIAN, Status.HARM_REVIEW), (Course.LETTER, Status.FORWARDING)]
)
def test_what_the_screen_decided_outlives_a_suspension(corridor: Corridor, course: Course, status: Status) -> None:
    reference = corridor.identified()
    corridor.screen(reference, course, by=FIRST, answer=SafetyAnswer.UNSURE)
    assert suspended_and_resumed(corridor, reference) is status
    with pytest.raises(Mistaken, match="the safety screen was not recorded"):
        corridor.screen(reference, by=SECOND)
    if status is Status.HARM_REVIEW:
        corridor.screen(reference, Course.WITHHOLD, by=GUARDIAN)
        assert corridor.read(reference).status is Status.UNIDENTIFIED


WHY = "The register was taken in anew and the candidate is not in it."


def put_aside(corridor: Corridor, reference: CaseReference, by: Officer = FIRST, reasons: str = WHY) -> CaseFile:
    return corridor.do(lambda unit, at: set_aside(unit, reference, reasons=reasons, by=by, at=at))


def judged(corridor: Corridor) -> CaseReference:
    corridor.trace(reference := corridor.approved())
    return reference


def divided(corridor: Corridor) -> CaseReference:
    reference = judged(corridor)
    corridor.name_record(reference, FIRST, 1)
    corridor.name_record(reference, SECOND, None)
    return reference


def hidden(corridor: Corridor) -> CaseReference:
    corridor.register.finds = PROTECTED
    reference = judged(corridor)
    corridor.register.finds = ONE
    return reference


def screened(course: Course, by: Officer = FIRST) -> Callable[[Corridor], CaseReference]:
    def walk(corridor: Corridor) -> CaseReference:
        corridor.screen(reference := corridor.identified(), course, by=by)
        return reference

    return walk


def settled_by_guardian(corridor: Corridor) -> CaseReference:
    corridor.name_record(reference := divided(corridor), GUARDIAN, 1)
    return reference


def drafted(corridor: Corridor) -> CaseReference:
    reference = screened(Course.LETTER)(corridor)
    corridor.do(lambda unit, at: draft_letter(unit, reference, words=LETTER, by=SECOND, at=at))
    return reference


@pytest.mark.parametrize("walk", [judged, Corridor.identified, Corridor.ready, drafted])
def test_an_officer_sets_a_trace_aside_and_two_people_judge_anew(
    corridor: Corridor, walk: Callable[[Corridor], CaseReference]
) -> None:
    reference = walk(corridor)
    reads = corridor.register.reads([reference])
    file = put_aside(corridor, reference)
    assert (file.status, corridor.register.reads([reference])) == (Status.APPROVED, reads), "nothing is read for it"
    assert file.history[-1].words.endswith(WHY)
    assert corridor.kinds(reference)[-1] == "trace.set-aside"
    corridor.register.finds = ANOTHER
    corridor.trace(reference)
    for who in (FIRST, SECOND):
        corridor.name_record(reference, who, 2)
    with pytest.raises(Mistaken, match="no safety screen stands"):
        corridor.intend(reference)
    corridor.screen(reference)
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.read(reference).status is Status.SEALED


@pytest.mark.parametrize(
    "walk",
    [
        divided,
        hidden,
        settled_by_guardian,
        screened(Course.GUARDIAN),
        screened(Course.LETTER, GUARDIAN),
        screened(Course.WITHHOLD, GUARDIAN),
    ],
)
def test_what_the_guardian_decides_or_decided_only_the_guardian_sets_aside(
    corridor: Corridor, walk: Callable[[Corridor], CaseReference]
) -> None:
    reference = walk(corridor)
    before = corridor.read(reference), len(corridor.entries())
    with pytest.raises(Mistaken, match="ask the guardian"):
        put_aside(corridor, reference)
    assert (corridor.read(reference), len(corridor.entries())) == before
    assert put_aside(corridor, reference, GUARDIAN).status is Status.APPROVED
    assert corridor.trace(reference).status is Status.JUDGING_IDENTITY


def test_a_record_found_protected_twice_is_decided_on_twice(corridor: Corridor) -> None:
    reference = hidden(corridor)
    for _ in range(2):
        corridor.do(lambda unit, at: close_protected(unit, reference, reasons=WHY, by=GUARDIAN, at=at))
        put_aside(corridor, reference, GUARDIAN)
        corridor.register.finds = PROTECTED
        corridor.trace(reference)
    file = corridor.read(reference)
    assert isinstance(file.consulted(Stage.IDENTITY, PROTECTED_QUESTION, file.state.version), Waiting)


def test_a_letter_drafted_to_one_person_is_not_posted_to_another(corridor: Corridor) -> None:
    reference = drafted(corridor)
    put_aside(corridor, reference)
    corridor.register.finds = ANOTHER
    corridor.trace(reference)
    for who in (FIRST, SECOND):
        corridor.name_record(reference, who, 2)
    corridor.screen(reference, Course.LETTER)
    with pytest.raises(Mistaken, match="draft the letter first"):
        corridor.do(lambda unit, at: forward_letter(unit, corridor.gateway, reference, by=FIRST, at=at))
    corridor.do(lambda unit, at: draft_letter(unit, reference, words=LETTER, by=FIRST, at=at))
    corridor.do(lambda unit, at: forward_letter(unit, corridor.gateway, reference, by=SECOND, at=at))
    assert corridor.read(reference).status is Status.FORWARDED


def test_a_trace_is_set_aside_with_reasons_and_not_before_nor_after_its_time(corridor: Corridor) -> None:
    reference = judged(corridor)
    for reasons in ("", "too short", "x" * 4001):
        with pytest.raises(Mistaken, match="the reasons hold"):
            put_aside(corridor, reference, reasons=reasons)
    put_aside(corridor, reference)
    with pytest.raises(Mistaken, match="the trace was not set aside: the case is `approved`"):
        put_aside(corridor, reference, GUARDIAN)
    for end in (Corridor.sealed, Corridor.forwarded):
        with pytest.raises(Mistaken, match="the trace was not set aside"):
            put_aside(corridor, end(corridor, police_request(reference=end.__name__)), GUARDIAN)


GONE = "The force was merged with another, whose desk knows nothing of the case."


def ended(corridor: Corridor, reference: CaseReference, by: Officer = GUARDIAN, reasons: str = GONE) -> CaseFile:
    return corridor.do(lambda unit, at: end_case(unit, reference, reasons=reasons, by=by, at=at))


def revoke_all(corridor: Corridor) -> None:
    police = OrganisationId(KENT)
    with corridor.open_unit() as unit:
        for one in unit.certificates(police):
            revoke(unit, police, one.sha256, reason="body-dissolved", by=ADMINISTRATORS[0], at=corridor.tick())


def test_a_question_that_nobody_answers_does_not_keep_a_case_for_ever(corridor: Corridor) -> None:
    reference = corridor.received()
    corridor.ask(reference)
    corridor.now += timedelta(days=27)
    with pytest.raises(Mistaken, match="remind the requester"):
        ended(corridor, reference)
    corridor.now += timedelta(days=1)
    with pytest.raises(Mistaken, match="ask the guardian"):
        ended(corridor, reference, FIRST)
    with pytest.raises(Mistaken, match="the reasons hold"):
        ended(corridor, reference, reasons="gone")
    file = ended(corridor, reference)
    assert (file.status, file.state.closed_on) == (Status.WITHDRAWN, corridor.now.date().isoformat())
    assert corridor.entries_of(reference)[-1].facts == {"status": "withdrawn", "reason": "unanswered"}
    assert file.history[-1].words.endswith(GONE)


def let_run_out(corridor: Corridor) -> None:
    corridor.now = datetime(2030, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("lose", [revoke_all, let_run_out])
def test_a_case_whose_requester_has_nothing_to_be_sealed_to_can_be_ended_wherever_it_stands(
    corridor: Corridor, lose: Callable[[Corridor], None]
) -> None:
    cases = [corridor.received(), judged(corridor), corridor.identified(police_request(reference="KP/9"))]
    corridor.now += timedelta(days=29)
    with pytest.raises(Mistaken, match="an answer can be sealed to the requester"):
        ended(corridor, cases[0])
    lose(corridor)
    for reference in cases:
        assert ended(corridor, reference).status is Status.WITHDRAWN
        assert corridor.entries_of(reference)[-1].facts["reason"] == "no-certificate"
    with pytest.raises(Mistaken, match="the case was not ended"):
        ended(corridor, cases[0])


def test_somebody_of_the_custodian_can_end_every_case_that_is_open() -> None:
    ends = {grant.statuses for grant in TABLE if grant.operation is Operation.END_CASE}
    assert ends == {frozenset(status for status in Status if not status.is_closed)}
