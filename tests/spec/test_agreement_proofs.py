"""What is claimed of every shipped agreement is proved, a second solver agrees, and no broken condition is missed."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

pytest.importorskip("z3", reason="the solver z3 is not installed: nothing was proved")

from tests.fakes.agreements import FAMILIES, every_version, shipped, shipped_version

from privity.agreement.cases import read_cases
from privity.agreement.claims import Expects, Found, Proof, prove, relation, versus
from privity.agreement.meaning import meaning, told
from privity.agreement.papers import MEANING_FILE, meaning_of
from privity.agreement.telling_apart import break_on_purpose
from privity.agreement.trial import coverage, try_cases
from privity.agreement.version import Claim, Version
from privity.edge.commands.agreement_prove import meaning_text
from privity.edge.settings.shelf import default_shelf

VERSIONS = [version.reference for version in every_version()]


@lru_cache(maxsize=32)
def _proofs(reference: str) -> tuple[Proof, ...]:
    version = shipped_version(reference)
    return prove(shipped(version.family), version)


def _named(reference: str, name: str) -> Proof:
    return next(proof for proof in _proofs(reference) if proof.name == name)


@pytest.mark.parametrize("reference", VERSIONS)
def test_everything_claimed_of_a_shipped_version_is_proved(reference: str) -> None:
    proofs = _proofs(reference)
    assert [proof.says for proof in proofs if proof.found is Found.FAILED] == []
    names = {proof.name for proof in proofs if proof.found is Found.PROVED}
    assert {"never-clinical", "only-named-parties", "never-without-judgement", "never-errs"} <= names
    assert any(name.startswith("invariant.") for name in names)


@pytest.mark.parametrize("reference", VERSIONS)
def test_the_published_texts_of_the_proofs_are_those_of_the_agreement_as_it_is(reference: str) -> None:
    family, _, name = reference.partition("@")
    folder = default_shelf() / family / name / "proofs"
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.smt2")}
    assert kept == {f"{proof.name}.smt2": proof.script for proof in _proofs(reference) if proof.script}


@pytest.mark.parametrize("reference", VERSIONS)
def test_the_published_meaning_of_a_change_is_what_the_solver_finds_for_the_texts_as_they_are(reference: str) -> None:
    family, _, name = reference.partition("@")
    version = shipped_version(reference)
    file = default_shelf() / family / name / MEANING_FILE
    assert file.exists() is bool(version.amends)
    if version.amends:
        before = shipped_version(f"{family}@{version.amends}")
        text = file.read_text(encoding="utf-8")
        assert text == meaning_text(before, version), "write it anew: privity agreement prove --write"
        kept = meaning_of({f"{name}/{MEANING_FILE}": text}, before, version)
        assert kept is not None
        assert kept.says == tuple(told(meaning(before, version)))
        assert meaning_of({f"{name}/{MEANING_FILE}": text}, version, version) is None, "it is of no other texts"


def _cvc5_says(text: str) -> str:
    cvc5 = pytest.importorskip("cvc5", reason="the solver cvc5 is not installed: no second solver was asked")
    solver = cvc5.Solver()
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "proof")
    answer = ""
    while not (command := parser.nextCommand()).isNull():
        answer = command.invoke(solver, parser.getSymbolManager()).strip() or answer
    return answer


@pytest.mark.parametrize("reference", VERSIONS)
def test_a_second_solver_answers_every_published_proof_alike(reference: str) -> None:
    family, _, name = reference.partition("@")
    texts = sorted(Path(default_shelf() / family / name / "proofs").glob("*.smt2"))
    assert texts
    for path in texts:
        text = path.read_text(encoding="utf-8")
        assert _cvc5_says(text) == ("sat" if "(set-info :status sat)" in text else "unsat"), path.name


def test_the_criteria_of_may_2018_as_a_replacement_do_not_narrow_and_the_witness_is_the_known_one() -> None:
    proof = _named("home-office@2018-05", "amends.incomparable")
    assert proof.found is Found.PROVED
    assert proof.expects is Expects.SAT
    assert proof.witness is not None
    facts = {name: value for name, _, value in proof.witness.asked.facts}
    assert facts["offence"] == "grievous-bodily-harm"
    assert facts["citizenship"] == "not-british"
    assert facts["conviction"] == "convicted-in-uk"
    assert facts["sentence_months"] == 12
    assert dict(proof.witness.ran) == {"home-office@2018-05": True, "home-office@2017-01": False}
    assert _named("home-office@2018-05", "said-to").found is Found.NOTED


def test_the_criteria_of_may_2018_on_top_of_the_terms_of_2017_narrow_them() -> None:
    proof = _named("home-office@2018-05-conjunctive", "amends.narrows")
    assert (proof.found, proof.witness) == (Found.PROVED, None)


@pytest.mark.parametrize("wording", ["minister", "statement", "plan"])
def test_no_published_wording_narrows_the_terms_of_2017(wording: str) -> None:
    assert _named(f"home-office@2018-05-{wording}", "amends.incomparable").found is Found.PROVED


def _as_the_statutes_stood_in_2023(reference: str) -> Claim:
    version = shipped_version(reference)
    later = replace(version, statutes_as_at=date(2023, 1, 1), sha256=f"{version.sha256} in 2023")
    return relation(versus(version, later))[0]


def test_statutes_that_moved_would_have_widened_a_version_that_trusts_to_maxima_so_versions_are_pinned() -> None:
    assert _as_the_statutes_stood_in_2023("home-office@2018-05-conjunctive") is Claim.WIDENS


def test_a_version_that_excludes_immigration_offences_by_name_is_not_moved_by_the_statutes() -> None:
    assert _as_the_statutes_stood_in_2023("home-office@2018-05") is Claim.RESTATES


def test_the_threshold_of_2016_widens_what_may_be_reported() -> None:
    assert _named("debt-reporting@2016-04", "amends.widens").found is Found.PROVED


def test_every_clause_of_every_shipped_version_decides_some_case() -> None:
    for name in FAMILIES:
        family = shipped(name)
        trials = try_cases(family, read_cases(family))
        assert [fault for trial in trials for fault in trial.faults] == []
        assert {row.version: row.uncited for row in coverage(family, trials) if row.uncited} == {}


@pytest.mark.parametrize("reference", VERSIONS)
def test_no_condition_can_be_deleted_or_turned_round_unnoticed(reference: str) -> None:
    version: Version = shipped_version(reference)
    result = break_on_purpose(version, read_cases(shipped(version.family)))
    assert [row.mutant.says for row in result.missed] == []
    assert len(result.tried) > 40
    alike = [row.mutant.says for row in result.alike if "consequence" not in row.mutant.says]
    assert alike == [], "an idle condition decides nothing: it should go"


def test_what_a_change_means_is_told_with_one_example_each_way() -> None:
    found = meaning(shipped_version("home-office@2017-01"), shipped_version("home-office@2018-05"))
    assert found.relation is Claim.INCOMPARABLE
    possible = {shift.purpose for shift in found.shifts if shift.newly_possible is not None}
    refused = {shift.purpose for shift in found.shifts if shift.newly_refused is not None}
    assert possible == {"serious-crime", "public-security"}
    assert refused == {"immigration-offence", "welfare"}
    assert any(line.startswith("Newly possible: `home-office` asks") for line in told(found))
