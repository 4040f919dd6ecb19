"""Blindness: whose views a person may read."""

from dataclasses import replace
from datetime import date

from tests.fakes.cases import FIRST_OFFICER, GUARDIAN, SECOND_OFFICER, a_case

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import Status
from privity.definitions.party import StaffId
from privity.edge.web.views_given import readable_views

TODAY = date(2026, 11, 20)
DIVIDED = a_case("divided", Status.PURPOSE_DIVIDED, TODAY, age=5)


def readers(file: CaseFile, staff_id: str) -> list[str]:
    return [view.staff_id for view in readable_views(file, StaffId(staff_id))]


def alike(file: CaseFile, staff_id: str) -> list[tuple[str, ...]]:
    return [view.alike for view in readable_views(file, StaffId(staff_id))]


def test_one_view_alone_is_read_by_its_author_and_nobody_else() -> None:
    waiting = replace(DIVIDED, determinations=DIVIDED.determinations[:1])
    assert readers(waiting, FIRST_OFFICER) == [FIRST_OFFICER]
    assert readers(waiting, SECOND_OFFICER) == []
    assert readers(waiting, GUARDIAN) == []


def test_both_views_are_read_by_everybody_at_the_desk_once_both_are_in() -> None:
    for reader in (FIRST_OFFICER, SECOND_OFFICER, GUARDIAN):
        assert readers(DIVIDED, reader) == [FIRST_OFFICER, SECOND_OFFICER]


def test_views_on_another_question_stay_closed_though_the_first_question_is_settled() -> None:
    other = replace(DIVIDED.determinations[0], number=3, question="offence-is-covered")
    file = replace(DIVIDED, determinations=(*DIVIDED.determinations, other))
    assert readers(file, SECOND_OFFICER) == [FIRST_OFFICER, SECOND_OFFICER]
    assert readers(file, FIRST_OFFICER) == [FIRST_OFFICER, SECOND_OFFICER, FIRST_OFFICER]


def test_whose_reasons_are_pasted_is_told_beside_both_views_and_of_that_question_alone() -> None:
    mine, theirs = DIVIDED.determinations
    for reader in (FIRST_OFFICER, SECOND_OFFICER, GUARDIAN):
        assert alike(DIVIDED, reader) == [(), ()], "each wrote their own words"
        pasted = replace(DIVIDED, determinations=(mine, replace(theirs, reasons=mine.reasons)))
        assert alike(pasted, reader) == [(SECOND_OFFICER,), (FIRST_OFFICER,)]
        elsewhere = replace(theirs, reasons=mine.reasons, version="police@2016-01-01")
        assert not any(alike(replace(DIVIDED, determinations=(mine, elsewhere)), reader))


def test_before_both_are_in_nobody_learns_that_a_view_repeats_another() -> None:
    mine, theirs = DIVIDED.determinations
    other = replace(mine, number=3, question="offence-is-covered")
    file = replace(DIVIDED, determinations=(mine, theirs, other))
    assert alike(file, FIRST_OFFICER) == [(), (), ()]
    assert alike(replace(DIVIDED, determinations=(mine,)), FIRST_OFFICER) == [()]


def test_what_the_guardian_wrote_on_a_protected_record_is_the_guardians_alone() -> None:
    written = replace(
        DIVIDED.determinations[0],
        stage="identity",
        question="protected-record",
        answer=False,
        staff_id=GUARDIAN,
        role="guardian",
    )
    file = replace(DIVIDED, determinations=(written,))
    assert readers(file, GUARDIAN) == [GUARDIAN]
    assert readers(file, FIRST_OFFICER) == []
