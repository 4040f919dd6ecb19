"""Replaying past requests, comparing versions, and telling a version in plain words."""

from dataclasses import replace

from tests.fakes.agreements import (
    GOLDEN_NAME,
    SMALL_POLICY,
    case_asked,
    every_version,
    overstay_request,
    shipped,
    shipped_version,
    small_asked,
    small_version,
)

from privity.agreement.assessment import Standing
from privity.agreement.comparison import ChangeKind, compare
from privity.agreement.plain_words import plain_words
from privity.agreement.replay import replay, replay_asked
from privity.agreement.vocabulary import Term, request_form
from privity.definitions.item import DataItem
from privity.definitions.reference import Slug
from privity.request.form import FieldKind

V2017 = shipped_version("home-office@2017-01")
V2018 = shipped_version("home-office@2018-05")
CASES = case_asked("home-office")


def test_a_year_of_overstay_requests_would_have_been_refused_in_2018_because_the_purpose_was_dropped() -> None:
    result = replay([overstay_request()] * 5 + [CASES["19"]], V2018)
    (overstay, missing_child) = result.classes
    assert (overstay.count, overstay.outcome) == (5, "refused")
    assert [clause.ref.clause for clause in overstay.cited] == ["purposes"]
    assert (missing_child.count, missing_child.outcome) == (1, "needs-judgement")


def test_an_outcome_depends_on_a_fact_that_was_never_recorded_and_the_fact_is_named() -> None:
    found = replay_asked(CASES["11-no-sentence"], V2018)
    assert found.standing is None
    assert found.outcome == "depends on sentence_months"


def test_a_recorded_sentence_settles_what_the_replay_says() -> None:
    assert replay_asked(CASES["10"], V2018).standing is Standing.NEEDS_JUDGEMENT
    assert replay_asked(CASES["11"], V2018).standing is Standing.NEEDS_RULING


def test_where_every_value_of_an_unrecorded_fact_ends_alike_the_outcome_is_certain() -> None:
    certain = SMALL_POLICY.replace(">= 3 }", ">= 0 }")
    found = replay_asked(small_asked(facts={}), small_version(policy=certain))
    assert (found.standing, found.depends_on) == (Standing.NEEDS_JUDGEMENT, ())
    assert replay_asked(small_asked(facts={}), small_version()).depends_on == ("missing_days",)


def test_a_missing_declaration_is_no_missing_fact() -> None:
    assert replay_asked(CASES["2"], V2017).standing is Standing.INCOMPLETE


def test_a_replay_names_nobody() -> None:
    assert GOLDEN_NAME not in repr(replay([overstay_request()], V2018))


def test_two_versions_are_compared_by_clause_and_told_in_sentences() -> None:
    comparison = compare(V2017, V2018)
    kinds = {change.name: change.kind for change in comparison.clauses}
    assert kinds["never-clinical"] is ChangeKind.SAME
    assert kinds["gateway.offence"] is ChangeKind.REMOVED
    assert kinds["gateway.serious-crime"] is ChangeKind.ADDED
    assert kinds["purposes"] is ChangeKind.RULE_CHANGED
    assert any(words.startswith("Gone (was 1.1): The Home Office may ask") for words in comparison.words)


def test_other_words_for_the_same_rule_are_told_from_another_rule() -> None:
    reworded = small_version(policy=SMALL_POLICY.replace("The family has been asked.", "The family was asked."))
    kinds = {change.name: change.kind for change in compare(small_version(), reworded).clauses}
    assert kinds["family-asked"] is ChangeKind.REWORDED
    assert [kind for name, kind in kinds.items() if name != "family-asked"] == [ChangeKind.SAME] * 5


def test_a_version_compared_with_itself_differs_in_nothing() -> None:
    for version in every_version():
        assert compare(version, version).words == ()


def test_plain_words_tell_what_leaves_to_whom_and_what_never_does() -> None:
    words = plain_words(V2017)
    assert "last known address" in words.may_leave
    assert set(words.may_leave).isdisjoint(words.never_leaves)
    assert words.to_whom == ("Home Office",)
    assert words.published == "Published 23 days after it took effect."
    assert words.clock.startswith("A request is answered within 20 working days.")
    assert any(
        row.clause.name == "escape" and row.otherwise == "a named person rules first" for row in words.conditions
    )
    assert any(line.startswith("The memorandum itself") for line in words.unverified)


def test_criteria_that_were_only_announced_are_told_as_never_having_governed() -> None:
    assert plain_words(V2017).governed
    assert not plain_words(V2018).governed
    assert plain_words(V2018).published == "It was never published."


def test_no_shipped_version_opens_a_clinical_item_and_the_home_office_never_gets_the_practice() -> None:
    assert all(item.item_class.value != "clinical" for version in every_version() for item in version.items)
    assert DataItem.GP_CONTACT not in V2017.items | V2018.items


def test_a_version_names_the_purposes_it_opens_and_not_those_of_other_versions() -> None:
    assert [purpose for purpose, _ in V2017.purposes] == ["immigration-offence", "welfare"]
    assert "serious-crime" in {purpose for purpose, _ in V2018.purposes}


def test_the_form_asks_for_facts_and_declarations_and_not_for_what_the_gateway_sees() -> None:
    form = request_form(small_version().vocabulary)
    assert [(field.name, field.is_declaration) for field in form.fields] == [
        ("missing_days", False),
        ("offence", False),
        ("asked_the_family", True),
    ]
    assert form.fields[0].kind is FieldKind.WHOLE_NUMBER
    assert form.fields[0].required_for == {"missing-student"}


def test_the_police_form_lists_ranks_from_the_lowest_to_the_highest() -> None:
    form = request_form(shipped("police").vocabulary)
    assert [rank for rank, _ in form.ranks][:3] == ["constable", "sergeant", "inspector"]


def test_the_longest_sentence_is_the_one_in_law_on_the_day_asked_about() -> None:
    vocabulary = shipped("home-office").vocabulary
    (threshold,) = vocabulary.derived
    overstay = Slug("ia1971-s24-1-b-i")
    assert vocabulary.term(overstay, threshold, V2018.statutes_as_at) is Term.BELOW
    later = replace(V2018, statutes_as_at=V2018.statutes_as_at.replace(year=2023)).statutes_as_at
    assert vocabulary.term(overstay, threshold, later) is Term.AT_LEAST
    assert vocabulary.term(Slug("ia1971-s24-d1"), threshold, V2018.statutes_as_at) is Term.NOT_RECORDED
    assert vocabulary.term(Slug("murder"), threshold, V2018.statutes_as_at) is Term.NOT_RECORDED
    assert vocabulary.term(None, threshold, V2018.statutes_as_at) is Term.NOT_STATED


def test_a_later_statute_does_not_bring_an_excluded_offence_back() -> None:
    overstay = Slug("ia1971-s24-1-b-i")
    drifted = replace(V2018, statutes_as_at=V2018.statutes_as_at.replace(year=2023), sha256="drifted")
    asked = replace(
        CASES["8-as-serious"],
        facts=frozenset(row for row in CASES["10"].facts if row[0] != "offence") | {("offence", str, overstay)},
    )
    found = replay_asked(asked, drifted)
    assert (found.standing, [clause.ref.clause for clause in found.cited]) == (
        Standing.REFUSED,
        ["immigration-offences-excluded"],
    )
