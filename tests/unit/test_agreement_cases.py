"""Trying worked cases: a wrong expectation is found, and a case that cannot be is refused with its line."""

from dataclasses import replace

import pytest
from tests.fakes.agreements import SMALL_INVARIANTS, SMALL_POLICY, shipped, small_files

from privity.agreement.cases import read_cases
from privity.agreement.reading import read_family
from privity.agreement.trial import coverage, try_cases
from privity.agreement.written import Unreadable

CASES = """\
cases:
  - case: found
    says: A student missing for four days.
    source: our own
    purpose: missing-student
    items: [core, telephone]
    facts: {missing_days: 4}
    declarations: all
    expect:
      2024-09:
        standing: needs-judgement
        cites: [welfare]
        struck: {telephone: [closed-list]}
times:
  - case: now
    says: It governs.
    source: our own
    at: 2024-10-01T00:00:00+01:00
    expect: in-force
    by: 2024-09
"""


def _faults(cases: str, **changed: str | None) -> list[str]:
    family = read_family(small_files(cases=cases, **changed))
    return [fault for trial in try_cases(family, read_cases(family)) for fault in trial.faults]


def test_a_right_case_has_no_faults() -> None:
    assert _faults(CASES) == []


WRONG = {
    "standing": ("standing: needs-judgement", "standing: permitted", "it is needs-judgement and should be permitted"),
    "clause": ("cites: [welfare]", "cites: [family-asked]", "it cites welfare and should cite family-asked"),
    "too-few-clauses": ("cites: [welfare]", "cites: []", "it cites welfare and should cite nothing"),
    "strike": ("        struck: {telephone: [closed-list]}\n", "", "it strikes telephone and should strike nothing"),
    "urgency": (
        "        cites: [welfare]",
        "        cites: [welfare]\n        urgency: accepted",
        "the shorter clock is",
    ),
    "governing": ("expect: in-force", "expect: held", "it is in-force and should be held"),
    "by-whom": ("by: 2024-09", "by: 2023-09", "`2024-09` says so and it should be `2023-09`"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_expectation_is_found(name: str) -> None:
    old, new, fault = WRONG[name]
    assert old in CASES
    assert any(told.startswith(fault) for told in _faults(CASES.replace(old, new)))


def test_an_invariant_that_is_needed_is_a_fault() -> None:
    judged = CASES.replace("    declarations: all\n", "    declarations: all\n    judged: {welfare: yes}\n").replace(
        "standing: needs-judgement\n        cites: [welfare]", "standing: permitted\n        cites: [gateway.missing]"
    )
    assert _faults(judged) == []
    needed = SMALL_INVARIANTS.replace('ItemClass::"clinical"', 'ItemClass::"core"')
    told = _faults(judged, invariants=needed)
    assert told == ["an invariant was needed to stop last_known_address, name"]


def test_a_wrong_case_covers_nothing() -> None:
    family = read_family(small_files(cases=CASES.replace("cites: [welfare]", "cites: [family-asked]")))
    (row,) = coverage(family, try_cases(family, read_cases(family)))
    assert len(row.uncited) == row.clauses


IMPOSSIBLE = {
    "no-such-version": ("      2024-09:\n", "      2023-09:\n", "there is no version `2023-09`"),
    "no-such-clause": ("cites: [welfare]", "cites: [mercy]", "`mercy` is no clause or question"),
    "no-such-item": ("items: [core, telephone]", "items: [shoes]", "`shoes` is no data item and no class"),
    "no-such-fact": ("{missing_days: 4}", "{shoe_size: 4}", "`shoe_size` is no fact of the vocabulary"),
    "no-such-standing": ("standing: needs-judgement", "standing: fine", "`fine` is not a word of this place"),
    "told-after-nothing": ("    purpose: missing-student\n", "    like: other\n", "no case `other` stands before"),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_a_case_that_cannot_be_is_refused_with_its_line(name: str) -> None:
    old, new, why = IMPOSSIBLE[name]
    assert old in CASES
    text = CASES.replace(old, new)
    with pytest.raises(Unreadable) as caught:
        read_cases(read_family(small_files(cases=text)))
    assert why in str(caught.value)
    assert caught.value.file == "cases.yaml"
    assert new.strip().split(":")[0].strip("{ ") in text.splitlines()[caught.value.line - 1] or caught.value.line > 1


def test_a_case_told_as_another_takes_over_what_it_does_not_change() -> None:
    more = CASES.replace(
        "times:\n",
        "  - case: vanished\n    says: As found, and the days are not stated.\n    source: our own\n    like: found\n"
        "    facts: {missing_days: ~}\n    expect:\n      2024-09:\n        standing: incomplete\n"
        "        cites: [missing-long-enough]\n        struck: {telephone: [closed-list]}\ntimes:\n",
    )
    assert _faults(more) == []


def test_a_family_without_a_file_of_cases_has_none() -> None:
    cases = read_cases(replace(shipped("police"), cases="", found=""))
    assert (cases.requests, cases.times) == ((), ())


def test_a_policy_made_laxer_turns_a_case_wrong() -> None:
    assert _faults(CASES, policy=SMALL_POLICY.replace(">= 3", ">= 5")) != []
