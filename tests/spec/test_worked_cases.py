"""The worked cases of every shipped agreement: outcome and clause, as their files tell them."""

from dataclasses import replace

import pytest
from tests.fakes.agreements import FAMILIES, case_asked, clauses, every_version, shipped, shipped_version

from privity.agreement.assessment import ItemOutcome, Standing
from privity.agreement.cases import Cases, read_cases
from privity.agreement.evaluation import assess_asked
from privity.agreement.reading import read_clauses
from privity.agreement.trial import Trial, coverage, try_cases
from privity.agreement.version import Version
from privity.definitions.item import DataItem

TRIALS = [trial for name in FAMILIES for trial in try_cases(shipped(name), read_cases(shipped(name)))]


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: f"{trial.under}-{trial.case}")
def test_a_worked_case_ends_as_told_and_by_the_clauses_told(trial: Trial) -> None:
    assert trial.faults == ()


REFERENCE = """
1 needs-judgement refused | 2 incomplete refused | 3 refused refused | 4 incomplete refused
5 needs-judgement refused | 7 needs-ruling needs-ruling | 8 needs-judgement refused | 10 refused needs-judgement
11 refused needs-ruling | 14 refused needs-ruling | 15 refused needs-ruling | 17 refused needs-judgement
19 needs-judgement needs-judgement | 20 needs-ruling needs-ruling | 22 refused refused | 23 needs-ruling refused
25 needs-judgement refused | 26 refused refused | 27 incomplete refused | 28 needs-judgement refused
"""


@pytest.mark.parametrize("row", REFERENCE.replace("\n", "|").strip("|").split("|"), ids=lambda row: row.strip())
def test_the_home_office_columns_of_the_reference_hold(row: str) -> None:
    name, under_2017, under_2018 = row.split()
    asked = case_asked("home-office")[name]
    assert assess_asked(shipped_version("home-office@2017-01"), asked).standing == Standing(under_2017)
    assert assess_asked(shipped_version("home-office@2018-05"), asked).standing == Standing(under_2018)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_clause_decides_a_worked_case(family: str) -> None:
    trials = try_cases(shipped(family), read_cases(shipped(family)))
    assert [row.uncited for row in coverage(shipped(family), trials)] == [()] * len(shipped(family).versions)


def test_an_overstay_request_is_refused_under_the_criteria_of_2018_because_immigration_offences_were_dropped() -> None:
    assessment = assess_asked(shipped_version("home-office@2018-05"), case_asked("home-office")["1"])
    assert assessment.standing is Standing.REFUSED
    assert [clause.says for clause in assessment.cited] == ["Immigration offences no longer open a request."]


def test_read_as_a_replacement_2018_makes_possible_what_2017_refused_and_read_as_a_narrowing_it_does_not() -> None:
    asked = case_asked("home-office")["10-granted"]
    assert clauses(assess_asked(shipped_version("home-office@2017-01"), asked)) == {"purposes"}
    assert assess_asked(shipped_version("home-office@2018-05"), asked).standing is Standing.PERMITTED
    assert assess_asked(shipped_version("home-office@2018-05-conjunctive"), asked).standing is Standing.REFUSED


def test_items_outside_the_list_are_struck_and_the_rest_of_the_request_stands() -> None:
    assessment = assess_asked(shipped_version("home-office@2017-01"), case_asked("home-office")["25"])
    assert {row.item for row in assessment.struck_items} == {
        DataItem.TELEPHONE,
        DataItem.EMAIL,
        DataItem.NEXT_APPOINTMENT,
    }
    standing = {row.item for row in assessment.items if row.outcome is not ItemOutcome.REFUSED}
    assert standing == shipped_version("home-office@2017-01").items


def test_urgency_without_an_exceptional_reason_is_refused_and_the_request_is_kept() -> None:
    assessment = assess_asked(shipped_version("home-office@2017-01"), case_asked("home-office")["28"])
    assert assessment.standing is Standing.NEEDS_JUDGEMENT
    assert (assessment.urgency.accepted, assessment.urgency.working_days) == (False, 20)


def test_what_a_requester_can_mend_comes_with_how() -> None:
    assessment = assess_asked(shipped_version("police@2017-01"), case_asked("police")["31"])
    assert assessment.cures == ("Have the request countersigned by an inspector or a higher rank.",)


@pytest.mark.parametrize("version", every_version(), ids=lambda version: version.reference)
def test_taking_any_one_clause_out_of_a_policy_turns_a_worked_case_wrong(version: Version) -> None:
    family = replace(shipped(version.family), invariants="")
    cases = read_cases(family)
    unnoticed = []
    for clause in version.clauses:
        thinner = version.policy.replace(clause.policy, "")
        left = read_clauses(version.vocabulary, version.name, "policy.cedar", thinner)
        assert {row.name for row in left} == {row.name for row in version.clauses} - {clause.name}
        mutant = replace(version, policy=thinner, clauses=left, sha256=f"{version.sha256} without {clause.name}")
        others = tuple(row for row in family.versions if row != version)
        trials = try_cases(replace(family, versions=(*others, mutant)), _expecting(cases, version, clause.name))
        if not any(trial.faults for trial in trials):
            unnoticed.append(clause.name)
    assert unnoticed == []


def _expecting(cases: Cases, version: Version, clause: str) -> Cases:
    """Return the cases that name a clause in what they expect of a version: those that should notice its loss."""
    named = [
        replace(case, expected=tuple(row for row in case.expected if row.version == version.name))
        for case in cases.requests
        if any(row.version == version.name and clause in row.cites.union(*row.struck.values()) for row in case.expected)
    ]
    return Cases(requests=tuple(named), times=())
