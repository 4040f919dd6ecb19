"""What the critics asked for, row by row of the domain's table, each with the tests that hold it or why none can.

Source: domain.md 7. A row is held by tests whose names read as what was asked; where something asked for cannot be a
test of a program, the reason stands here.
"""

import ast
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from tests.fakes.agreements import case_asked, shipped, shipped_version

from privity.agreement.assessment import Standing
from privity.agreement.evaluation import assess_asked
from privity.definitions.reference import Slug
from privity.errors import Mistaken

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
    ),
    row(
        "GMC",
        "only where clear public interest: reasons, and not pasted ones",
        "unit/test_two_officers.py::test_an_answer_without_reasons_is_a_tick_and_no_determination",
        "unit/test_two_officers.py::test_pasted_reasons_are_noticed_and_own_words_are_not",
    ),
    row(
        "GMC, DOTW, NAT",
        "serious as the GMC has it",
        "spec/test_worked_cases.py::test_the_home_office_columns_of_the_reference_hold",
        "spec/test_agreement_proofs.py::test_statutes_that_moved_would_have_widened_a_version_that_trusts_to_maxima_so_versions_are_pinned",
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
    ),
    row(
        "counsel",
        "the address of a trafficked woman who lives with her trafficker",
        "contract/test_acts_of_safety.py::test_nothing_is_intended_or_released_without_a_screen",
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


def offences(family: str) -> tuple[str, ...]:
    """Return every offence code a family's vocabulary publishes."""
    fact = shipped(family).vocabulary.fact("offence")
    assert fact is not None
    return tuple(slug for slug, _ in fact.choices)
