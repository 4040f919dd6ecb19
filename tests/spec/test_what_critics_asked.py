"""What the critics asked for, row by row of the domain's table, each with the tests that hold it or why none can.

Source: domain.md 7. A row is held by tests whose names read as what was asked; where something asked for cannot be a
test of a program, the reason stands here.
"""

import ast
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from tests.fakes.agreements import case_asked, shipped, shipped_version
from tests.fakes.corridor import FIRST, KENT, SECOND, asker, police_request
from tests.fakes.corridors import memory_corridor

from privity.agreement.assessment import Standing
from privity.agreement.evaluation import assess_asked
from privity.casework.judge import close_protected, determine_identity, determine_purpose
from privity.casework.lifecycle import Status
from privity.casework.receive import receive
from privity.casework.release import intend, release
from privity.casework.screen import screen
from privity.casework.trace import trace_subject
from privity.definitions.reference import CaseReference, Slug
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What somebody asked for. `held_by` are `file::test`; `beyond` is what no test can hold, and why."""

    who: str
    what: str
    held_by: tuple[str, ...]
    beyond: str = ""


def row(who: str, what: str, *held_by: str, beyond: str = "") -> Row:
    return Row(who=who, what=what, held_by=held_by, beyond=beyond)


ASKED = (
    row(
        "Committee 32",
        "health data to law enforcement only for serious crime",
        "spec/test_what_critics_asked.py::test_no_immigration_offence_opens_a_request_under_any_wording_of_2018",
        "spec/test_what_critics_asked.py::test_no_offence_is_disclosed_upon_without_a_named_person",
        "spec/test_agreement_proofs.py::test_a_version_that_excludes_immigration_offences_by_name_is_not_moved_by_the_statutes",
    ),
    row(
        "Committee letter",
        "suspend; the public interest test done again; no renewal on a stale code",
        "integration/test_suspending.py::test_within_a_second_the_page_and_the_corridor_of_another_process_stop",
        "integration/test_suspending.py::test_a_sealed_answer_does_not_leave_while_its_agreement_is_suspended",
        "contract/test_acts_on_debts.py::test_a_debt_checked_under_terms_now_suspended_stays_behind",
        "functional/test_agreement_command.py::test_a_stale_agreement_is_told_with_what_it_relied_on",
        "integration/test_suspending.py::test_two_people_end_a_suspension_at_the_pages_and_the_public_is_told_from_when_to_when",
        "contract/test_acts_on_the_purpose.py::test_a_permit_is_read_back_from_two_recorded_views_and_from_nothing_else",
        beyond="a stale text is named so where it is put forward and confirmed, and two people decide; a machine that "
        "forbade it would also forbid publishing what did govern",
    ),
    row(
        "Committee 37",
        "the custodian decides alone; the department approves nothing and sees nobody",
        "unit/test_authorisation.py::test_every_cell_of_the_matrix_is_as_the_rules_in_other_words_say",
        "functional/test_pages_cases.py::test_other_roles_see_no_case_and_are_told_what_they_can_see",
    ),
    row(
        "Committee 5, fact sheet",
        "nothing in force without text, assessments and consultation; the gap is shown",
        "unit/test_agreement_lifecycle.py::test_nothing_comes_into_force_unpublished_or_unassessed",
        "integration/test_situation_through_time.py::test_agreements_online_show_plan_papers_and_what_a_change_means",
    ),
    row(
        "Committee 23",
        "case by case",
        "integration/test_api.py::test_a_file_becomes_cases_and_a_wrong_one_none",
        "unit/test_two_officers.py::test_a_purpose_is_approved_by_two_people",
        "spec/test_what_critics_asked.py::test_n_requests_take_n_decisions_by_two_people_each_with_its_own_moment",
        "spec/test_what_critics_asked.py::test_no_operation_there_is_acts_on_more_than_one_case",
    ),
    row(
        "GMC",
        "only where clear public interest: reasons, and not pasted ones",
        "unit/test_two_officers.py::test_an_answer_without_reasons_is_a_tick_and_no_determination",
        "unit/test_two_officers.py::test_pasted_reasons_are_noticed_and_own_words_are_not",
        "integration/test_custody_pages.py::test_pasted_reasons_are_told_on_the_case_once_both_are_in_and_own_words_are_not",
        "integration/test_custody_pages.py::test_a_closed_case_with_pasted_reasons_is_read_whatever_the_lot_says",
    ),
    row(
        "GMC, DOTW, NAT",
        "serious as the GMC has it",
        "spec/test_worked_cases.py::test_the_home_office_columns_of_the_reference_hold",
        "spec/test_agreement_proofs.py::test_statutes_that_moved_would_have_widened_a_version_that_trusts_to_maxima_so_versions_are_pinned",
        "unit/test_agreement_lifecycle.py::test_statutes_are_read_as_they_stood_and_what_has_moved_is_told",
        beyond="what the GMC means by serious is a judgement: two people answer it, with the readings beside",
    ),
    row(
        "BMA",
        "no mission creep",
        "spec/test_agreement_proofs.py::test_everything_claimed_of_a_shipped_version_is_proved",
        "spec/test_what_critics_asked.py::test_an_unlisted_purpose_opens_nothing_under_any_version",
    ),
    row(
        "BMA, RCGP",
        "patients told, practices aware",
        "unit/test_leaflet.py::test_under_an_agreement_the_leaflet_names_who_can_ask_what_and_since_when",
        "integration/test_people_asking.py::test_only_the_guardian_delays_and_only_with_reasons_and_a_review_within_ninety_days",
        "integration/test_people_asking.py::test_what_was_sealed_about_a_person_is_found_by_whom_two_people_named",
        "integration/test_people_told.py::test_when_a_delay_has_ended_the_person_is_told_again_and_then_forgotten",
        "integration/test_answers_alike.py::test_what_is_told_later_leaves_an_answer_the_same_to_the_byte",
        beyond="a list of what is withheld would itself tell; the reasons are on record and reviewed by a day, and "
        "what was withheld is told when that day has passed",
    ),
    row(
        "NDG",
        "reasonable expectations: published before it takes effect",
        "unit/test_agreement_lifecycle.py::test_nothing_comes_into_force_unpublished_or_unassessed",
        beyond="whether people expect it is for those who consult them; the papers of a version hold what was said",
    ),
    row(
        "PHE",
        "statistics by quarter, with the changes of terms marked",
        "unit/test_publication.py::test_every_row_closes_and_every_cell_is_the_true_count",
        "unit/test_publication.py::test_a_change_of_terms_is_marked_with_the_day_it_took_effect",
        "integration/test_public_pages.py::test_the_live_table_stands_still_for_a_month_whatever_is_done_meanwhile",
        beyond="the deterrent effect itself shows in nobody's requests; it needs research among patients",
    ),
    row(
        "MRN, Liberty, ground 1",
        "proportionate: no field beyond agreement, request and need",
        "property/test_disclosure_bounds.py::test_what_leaves_is_within_the_permit_and_within_the_record",
        "contract/test_acts_on_debts.py::test_only_the_closed_list_goes_out_and_nothing_says_what_the_care_was",
    ),
    row(
        "grounds 2 to 4",
        "no discrimination: errors by group, refusals by class of request, an alarm on disparity",
        "unit/test_trace_fairness.py::test_the_worst_group_comes_first_and_a_group_above_twice_the_bound_fails_the_gate",
        "unit/test_statistics_classes.py::test_every_class_closes_and_the_classes_add_up_to_their_requester",
        "unit/test_statistics_classes.py::test_an_alarm_is_told_with_requester_class_and_quarter",
        "unit/test_health_words.py::test_a_surname_a_street_or_a_sum_is_nobodys_diagnosis",
    ),
    row(
        "ground 5",
        "data protection: retention, destruction, overdue is a breach",
        "integration/test_watching.py::test_a_pack_is_due_overdue_and_escalated_on_its_days",
        "integration/test_destroying.py::test_after_two_people_allowed_it_nothing_of_the_case_is_in_the_files_and_the_ledger_still_proves",
    ),
    row(
        "counsel",
        "the address of a trafficked woman who lives with her trafficker",
        "contract/test_acts_of_safety.py::test_nothing_is_intended_or_released_without_a_screen",
        "contract/test_acts_of_safety.py::test_a_household_that_may_hide_somebody_is_the_guardians",
        "contract/test_acts_of_safety.py::test_a_letter_goes_instead_of_the_address_and_the_requester_learns_only_that",
        "contract/test_the_six_of_the_screen.py::test_household_at_risk",
        "contract/test_the_six_of_the_screen.py::test_address_changed_since_approval",
        "integration/test_people_protected.py::test_somebody_protected_after_approval_is_answered_as_no_trace",
    ),
    row(
        "Windrush",
        "wrong people pursued: the element `not a British citizen`",
        "spec/test_what_critics_asked.py::test_a_british_citizen_is_refused_and_a_long_residence_is_put_to_a_person",
    ),
    row(
        "DOTW",
        "in what form sharing continues: who is newly in and out",
        "spec/test_worked_cases.py::test_read_as_a_replacement_2018_makes_possible_what_2017_refused_and_read_as_a_narrowing_it_does_not",
        "spec/test_agreement_proofs.py::test_what_a_change_means_is_told_with_one_example_each_way",
    ),
    row(
        "Liberty",
        "a firewall: prohibitions that later versions cannot drop",
        "spec/test_agreement_proofs.py::test_everything_claimed_of_a_shipped_version_is_proved",
        "integration/test_suspending.py::test_one_person_alone_or_for_other_files_ends_nothing",
        beyond="what a family promises for good is in its invariants, proved of every version",
    ),
    row(
        "Digital Health",
        "representations and judgements published",
        "unit/test_agreement_papers.py::test_what_was_said_of_the_memorandum_is_attached_and_no_assessment_is_made_up",
    ),
    row(
        "fact sheet",
        "another address is lawful; what is true now",
        "integration/test_people_protected.py::test_an_address_for_letters_is_read_as_one_only_while_it_holds",
        "integration/test_situation_through_time.py::test_on_the_day_of_the_fact_sheet_the_page_says_suspended_and_announced_and_unwritten",
    ),
    row(
        "BJGP",
        "practices that still ask for proof of address",
        "unit/test_leaflet.py::test_the_leaflet_is_a_tagged_pdf_the_same_every_time_and_larger_in_large_print",
        beyond="whether a practice hangs the notice up is the practice's; it is there to print",
    ),
)


@cache
def names_in(name: str) -> frozenset[str]:
    tree = ast.parse((TESTS / name).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.who)
def test_what_was_asked_is_held_by_tests_there_are(asked: Row) -> None:
    assert asked.held_by
    for held in asked.held_by:
        name, _, test = held.partition("::")
        assert test in names_in(name), held


def test_every_row_of_the_table_is_here() -> None:
    assert len(ASKED) == 21
    assert len({asked.who for asked in ASKED}) == len(ASKED)


WORDINGS_OF_2018 = ("2018-05", "2018-05-minister", "2018-05-statement", "2018-05-plan")
"""As announced; read on top of the terms of 2017 instead, the criteria keep immigration offences that are serious."""
HOME_OFFICE = ("2017-01", "2018-05-conjunctive", *WORDINGS_OF_2018)


@pytest.mark.parametrize("wording", WORDINGS_OF_2018)
def test_no_immigration_offence_opens_a_request_under_any_wording_of_2018(wording: str) -> None:
    version = shipped_version(f"home-office@{wording}")
    asked, seen = case_asked("home-office")["1"], 0
    for offence in offences("home-office"):
        if offence.startswith("ia1971-"):
            facts = frozenset(fact for fact in asked.facts if fact[0] != "offence") | {("offence", Slug, Slug(offence))}
            assert assess_asked(version, replace(asked, facts=facts)).standing is Standing.REFUSED, offence
            seen += 1
    assert seen >= 5


@pytest.mark.parametrize("name", ["police@2017-01", *(f"home-office@{one}" for one in HOME_OFFICE)])
def test_no_offence_is_disclosed_upon_without_a_named_person(name: str) -> None:
    family = name.partition("@")[0]
    version = shipped_version(name)
    case = {"police": "30", "home-office": "1"}[family]
    asked = replace(case_asked(family)[case], judged=frozenset())
    for offence in offences(family):
        facts = frozenset(fact for fact in asked.facts if fact[0] != "offence") | {("offence", Slug, Slug(offence))}
        found = assess_asked(version, replace(asked, facts=facts))
        assert found.standing not in (Standing.PERMITTED, Standing.ORDERED), offence
        assert not found.permitted_items


def test_an_unlisted_purpose_opens_nothing_under_any_version() -> None:
    asked = replace(case_asked("home-office")["1"], purpose=Slug("visa-check"))
    for version in shipped("home-office").versions:
        with pytest.raises(Mistaken):
            assess_asked(version, asked)


def test_a_british_citizen_is_refused_and_a_long_residence_is_put_to_a_person() -> None:
    version = shipped_version("home-office@2017-01")
    assert assess_asked(version, case_asked("home-office")["22"]).standing is Standing.REFUSED
    assert assess_asked(version, case_asked("home-office")["23"]).standing is Standing.NEEDS_RULING


def test_n_requests_take_n_decisions_by_two_people_each_with_its_own_moment() -> None:
    corridor, count = memory_corridor(), 6
    with corridor.open_unit() as unit:
        sent = [receive(unit, police_request(), at=corridor.now, by=asker(KENT)) for _ in range(count)]
    for reference in sent:
        corridor.assess(reference)
    for number, reference in enumerate(sent):
        for who in (FIRST, SECOND):
            corridor.view(reference, who, True)
        standing = [corridor.read(one).status for one in sent]
        assert standing.count(Status.APPROVED) == number + 1, "a decision on one is a decision on no other"
    views = [view for reference in sent for view in corridor.read(reference).determinations]
    assert len(views) == 2 * count
    assert len({view.at for view in views}) == 2 * count, "each is recorded with the moment it was given"
    decided = [entry for entry in corridor.entries() if entry.kind is EntryKind.PURPOSE_DECIDED]
    assert len({entry.case for entry in decided}) == len(decided) == count


def test_no_operation_there_is_acts_on_more_than_one_case() -> None:
    """Every act that decides, reads the register or lets something leave takes one reference, and no list of them."""
    for act in (determine_purpose, determine_identity, close_protected, trace_subject, screen, intend, release):
        taken = get_type_hints(act)
        assert [name for name, kind in taken.items() if kind is CaseReference] == ["reference"], act.__name__
        assert not [name for name, kind in taken.items() if name != "return" and CaseReference in get_args(kind)]


def offences(family: str) -> tuple[str, ...]:
    """Return every offence code a family's vocabulary publishes."""
    fact = shipped(family).vocabulary.fact("offence")
    assert fact is not None
    return tuple(slug for slug, _ in fact.choices)
