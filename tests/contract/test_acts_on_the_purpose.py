"""From receipt to the decision on the purpose, walked over both units of work and the shipped agreements."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.fakes import golden
from tests.fakes.corridor import (
    FIRST,
    GUARDIAN,
    HOME_OFFICE,
    KENT,
    SECOND,
    THIRD,
    Corridor,
    asker,
    home_office_request,
    officer,
    police_request,
)

from privity.agreement.version import InstrumentKind
from privity.casework.assign import assign
from privity.casework.lifecycle import WITHDRAWABLE, Status
from privity.casework.permits import open_questions, purpose_permit
from privity.casework.receive import receive
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId, Role
from privity.definitions.person import Particulars
from privity.errors import Impossible, Mistaken
from privity.request.due import due_date


def test_a_request_becomes_a_case_of_its_own_with_day_zero_in_london(corridor: Corridor) -> None:
    corridor.now = datetime(2017, 6, 30, 23, 10, tzinfo=UTC)
    file = corridor.read(corridor.receive())
    assert (file.status, file.received_on) == (Status.RECEIVED, date(2017, 7, 1))
    assert (file.organisation, file.family, file.opening.row_number) == (KENT, "police", 0)
    assert [line.words for line in file.history] == ["The request was received."]


def test_nobody_asks_under_an_agreement_that_is_not_theirs(corridor: Corridor) -> None:
    wrong = replace(police_request(), requester=OrganisationId(HOME_OFFICE))
    with pytest.raises(Mistaken, match="no party to the agreement"):
        corridor.receive(wrong)
    with pytest.raises(Mistaken, match="not enrolled"):
        corridor.receive(replace(police_request(), requester=OrganisationId("essex-police")))


def test_a_complete_request_goes_to_two_people_with_its_clock_set(corridor: Corridor) -> None:
    file = corridor.read(corridor.received())
    calendar = corridor.agreements.calendar("england-and-wales")
    assert file.status is Status.JUDGING_PURPOSE
    assert open_questions(file) == {"public_interest"}
    assert file.state.version == "police@2017-01"
    assert file.state.due == due_date(file.received_on, calendar, working_days=20).isoformat()
    assert {each["answer"] for each in json.loads(file.assessment.findings)} >= {"met"}
    assert corridor.kinds(file.reference) == ["case.opened", "case.assessed"]


@pytest.mark.parametrize("change", ["countersigned", "offence", "name only"])
def test_what_lacks_something_goes_back_with_what_is_missing(corridor: Corridor, change: str) -> None:
    request = police_request()
    match change:
        case "countersigned":
            request = police_request(countersigned="")
        case "offence":
            request = police_request(offence="")
        case _:
            request = replace(request, particulars=Particulars(family_name=golden.GIVEN))
    file = corridor.read(corridor.received(request))
    assert file.status is Status.RETURNED
    assert file.state.closed_on == file.received_on.isoformat()
    assert any(each["cure"] for each in json.loads(file.assessment.findings) if each["answer"] != "met")
    assert corridor.kinds(file.reference) == ["case.opened", "case.returned"]


def test_a_term_that_needs_a_ruling_is_referred_and_then_judged(corridor: Corridor) -> None:
    reference = corridor.received(police_request(offence="theft"))
    file = corridor.read(reference)
    assert file.status is Status.REFERRED
    assert open_questions(file) == {"serious_enough", "public_interest"}
    corridor.view(reference, FIRST, True, "serious_enough")
    assert corridor.view(reference, SECOND, True, "serious_enough").status is Status.JUDGING_PURPOSE
    corridor.view(reference, FIRST, True, "public_interest")
    assert corridor.view(reference, SECOND, True, "public_interest").status is Status.APPROVED


def test_a_ruling_against_refuses(corridor: Corridor) -> None:
    reference = corridor.received(police_request(offence="theft"))
    corridor.view(reference, FIRST, False, "serious_enough")
    assert corridor.view(reference, SECOND, False, "serious_enough").status is Status.REFUSED


def test_a_suspension_holds_and_lifting_it_goes_on(corridor: Corridor) -> None:
    lifted = corridor.now + timedelta(days=5)
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now, lifted)
    reference = corridor.received()
    assert corridor.read(reference).status is Status.HELD
    corridor.now = lifted
    assert corridor.assess(reference).status is Status.JUDGING_PURPOSE
    assert corridor.kinds(reference) == ["case.opened", "case.held", "case.assessed"]


@pytest.mark.parametrize(
    ("day", "status", "told"),
    [
        (datetime(2016, 12, 30, 12, tzinfo=UTC), Status.REFUSED, "refused-no-agreement"),
        (datetime(2017, 1, 3, 12, tzinfo=UTC), Status.JUDGING_PURPOSE, ""),
        (datetime(2018, 5, 8, 12, tzinfo=UTC), Status.JUDGING_PURPOSE, ""),
        (datetime(2018, 5, 9, 12, tzinfo=UTC), Status.HELD, ""),
        (datetime(2018, 11, 12, 12, tzinfo=UTC), Status.REFUSED, "refused-no-agreement"),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), Status.REFUSED, "refused-no-agreement"),
    ],
)
def test_what_became_of_a_home_office_request_hung_on_the_day(
    corridor: Corridor, day: datetime, status: Status, told: str
) -> None:
    corridor.now = day
    reference = corridor.received(home_office_request())
    assert corridor.read(reference).status is status
    assert corridor.entries_of(reference)[-1].outcome == told


def test_a_request_received_before_the_queue_and_undecided_then_is_held(corridor: Corridor) -> None:
    corridor.now = datetime(2018, 5, 8, 12, tzinfo=UTC)
    reference = corridor.received(home_office_request())
    corridor.view(reference, FIRST, True)
    corridor.now = datetime(2018, 5, 9, 12, tzinfo=UTC)
    assert corridor.view(reference, SECOND, True).status is Status.HELD
    with pytest.raises(Mistaken, match="not approved"):
        purpose_permit(corridor.read(reference))


@pytest.mark.parametrize(("answer", "status"), [(True, Status.APPROVED), (False, Status.REFUSED)])
def test_two_people_of_one_mind_decide(corridor: Corridor, answer: bool, status: Status) -> None:
    reference = corridor.received()
    assert corridor.view(reference, FIRST, answer).status is Status.JUDGING_PURPOSE
    assert corridor.view(reference, SECOND, answer).status is status
    last = corridor.entries_of(reference)[-1]
    assert last.outcome == ("approved" if answer else "refused-public-interest")
    assert last.clauses


def test_the_first_view_leaves_no_trace_of_what_it_was(corridor: Corridor) -> None:
    told = []
    for answer in (True, False):
        reference = corridor.received(police_request(reference=f"KP/{answer}"))
        corridor.view(reference, FIRST, answer)
        entry, file = corridor.entries_of(reference)[-1], corridor.read(reference)
        # The second asks the same as the first, which is a line more in its history.
        names = sorted(name.replace(f"history/{len(file.history)}", "history/last") for name in entry.commitments)
        told.append((entry.outcome, entry.facts, entry.clauses, names, file.history[-1].words))
    assert told[0] == told[1]


def test_nobody_gives_a_view_twice_and_no_third_officer_gives_one(corridor: Corridor) -> None:
    reference = corridor.received()
    corridor.view(reference, FIRST, True)
    for who in (FIRST, GUARDIAN):
        with pytest.raises(Mistaken, match="given your view already"):
            corridor.view(reference, who, False)
    corridor.view(reference, SECOND, False)
    with pytest.raises(Mistaken, match="given your view already"):
        corridor.view(reference, THIRD, True)
    assert len(corridor.read(reference).determinations) == 2


@pytest.mark.parametrize(("last_word", "status"), [(True, Status.APPROVED), (False, Status.REFUSED)])
def test_where_two_differ_the_guardian_has_the_last_word(corridor: Corridor, last_word: bool, status: Status) -> None:
    reference = corridor.received()
    corridor.view(reference, FIRST, True)
    assert corridor.view(reference, SECOND, False).status is Status.PURPOSE_DIVIDED
    assert corridor.view(reference, GUARDIAN, last_word).status is status
    if last_word:
        permit = purpose_permit(corridor.read(reference))
        assert {view.staff_id for view in permit.by} == {"first", "second", "guardian"}


def test_a_question_that_is_not_open_is_not_answered(corridor: Corridor) -> None:
    reference = corridor.received()
    with pytest.raises(Mistaken, match="not open"):
        corridor.view(reference, FIRST, True, "serious_enough")
    decided = corridor.approved(police_request(reference="KP/2"))
    with pytest.raises(Mistaken, match="waits for something else"):
        corridor.view(decided, THIRD, True, "public_interest")


@pytest.mark.parametrize("role", [Role.DEPARTMENT, Role.ADMINISTRATOR, Role.AUDITOR, Role.REQUESTING_OFFICER])
def test_the_department_and_everybody_else_judge_nothing(corridor: Corridor, role: Role) -> None:
    reference = corridor.received()
    with pytest.raises(Mistaken, match="does not judge"):
        corridor.view(reference, officer("outsider", role), True)


def test_a_permit_is_read_back_from_two_recorded_views_and_from_nothing_else(corridor: Corridor) -> None:
    file = corridor.read(corridor.approved())
    permit = purpose_permit(file)
    assert permit.items == {DataItem.NAME, DataItem.LAST_KNOWN_ADDRESS}
    assert {view.staff_id for view in permit.by} == {"first", "second"}
    for kept in (file.determinations[:1], ()):
        with pytest.raises((Mistaken, Impossible)):
            purpose_permit(replace(file, determinations=kept))
    forged = replace(file.determinations[1], staff_id=file.determinations[0].staff_id)
    with pytest.raises((Mistaken, Impossible)):
        purpose_permit(replace(file, determinations=(file.determinations[0], forged)))


def test_items_outside_the_closed_list_are_struck(corridor: Corridor) -> None:
    asked = frozenset({DataItem.NAME, DataItem.EMAIL, DataItem.DIAGNOSIS})
    reference = corridor.approved(police_request(items=asked))
    assert purpose_permit(corridor.read(reference)).items == {DataItem.NAME}


def test_a_question_stops_the_clock_and_its_answer_lets_it_run_on(corridor: Corridor) -> None:
    reference = corridor.received()
    due = corridor.read(reference).state.due
    asked = corridor.ask(reference)
    assert (asked.status, asked.state.due) == (Status.WITH_REQUESTER, "")
    with pytest.raises(Mistaken, match="waits for something else"):
        corridor.view(reference, FIRST, True)
    corridor.now += timedelta(days=7)
    answered = corridor.answer(reference)
    assert answered.status is Status.JUDGING_PURPOSE
    assert date.fromisoformat(answered.state.due) == date.fromisoformat(due) + timedelta(days=7)
    assert answered.open_question is None
    assert corridor.view(reference, FIRST, True).status is Status.JUDGING_PURPOSE


@pytest.mark.parametrize("before", [Status.JUDGING_PURPOSE, Status.REFERRED, Status.PURPOSE_DIVIDED])
def test_an_answered_case_goes_back_to_whoever_had_it(corridor: Corridor, before: Status) -> None:
    reference = corridor.received(police_request(offence="theft" if before is Status.REFERRED else "murder"))
    if before is Status.PURPOSE_DIVIDED:
        corridor.view(reference, FIRST, True)
        corridor.view(reference, SECOND, False)
    assert corridor.read(reference).status is before
    corridor.ask(reference)
    corridor.do(lambda unit, at: assign(unit, reference, to="third", by=THIRD, at=at))
    corridor.answer(reference)
    assert corridor.read(reference).status is before
    assert corridor.read(reference).state.assigned_to == "third"


def test_two_questions_are_two_pauses(corridor: Corridor) -> None:
    reference = corridor.received()
    for _ in range(2):
        corridor.ask(reference)
        corridor.now += timedelta(days=3)
        corridor.answer(reference)
    file = corridor.read(reference)
    assert [bool(question.answered_at) for question in file.questions] == [True, True]
    assert len(file.pauses()) == 2


def test_one_question_at_a_time_while_the_purpose_is_judged_and_with_words(corridor: Corridor) -> None:
    reference = corridor.received()
    for words in ("", "   ", "x" * 2_001):
        with pytest.raises(Mistaken, match="characters"):
            corridor.ask(reference, words)
    corridor.ask(reference)
    with pytest.raises(Mistaken, match="was not asked"):
        corridor.ask(reference)
    corridor.answer(reference)
    with pytest.raises(Mistaken, match="no question is open"):
        corridor.answer(reference)
    approved = corridor.approved(police_request(reference="KP/2"))
    with pytest.raises(Mistaken, match="was not asked"):
        corridor.ask(approved)


def test_nobody_answers_or_withdraws_for_another_organisation(corridor: Corridor) -> None:
    reference = corridor.received()
    with pytest.raises(Mistaken, match="another organisation's"):
        corridor.withdraw(reference, HOME_OFFICE)
    corridor.ask(reference)
    with pytest.raises(Mistaken, match="another organisation's"):
        corridor.answer(reference, organisation=HOME_OFFICE)
    assert corridor.read(reference).status is Status.WITH_REQUESTER


def test_a_request_is_withdrawn_while_nothing_has_left_and_never_after(corridor: Corridor) -> None:
    early, late = corridor.received(), corridor.sealed(police_request(reference="KP/2"))
    assert corridor.withdraw(early).status is Status.WITHDRAWN
    assert corridor.read(late).status not in WITHDRAWABLE
    for reference in (early, late):
        with pytest.raises(Mistaken, match="was not withdrawn"):
            corridor.withdraw(reference)


def test_a_case_is_assigned_while_it_is_open(corridor: Corridor) -> None:
    reference = corridor.received()
    file = corridor.do(lambda unit, at: assign(unit, reference, to="second", by=FIRST, at=at))
    assert (file.state.assigned_to, file.status) == ("second", Status.JUDGING_PURPOSE)
    corridor.withdraw(reference)
    with pytest.raises(Mistaken, match="nothing is left to do"):
        corridor.do(lambda unit, at: assign(unit, reference, to="second", by=FIRST, at=at))


def test_an_assessed_case_is_not_received_again_nor_assessed_out_of_turn(corridor: Corridor) -> None:
    reference = corridor.received(police_request(countersigned=""))
    with pytest.raises(Mistaken, match="cannot become"):
        corridor.assess(reference)


def test_each_request_of_a_file_is_a_case_with_a_key_of_its_own(corridor: Corridor) -> None:
    with corridor.open_unit() as unit:
        references = [receive(unit, police_request(), at=corridor.tick(), by=asker(KENT)) for _ in range(3)]
    assert len({corridor.key_of(reference) for reference in references}) == 3
