"""Proofs on the small agreement: each thing that can go wrong is found, with a request that Cedar has run."""

import pytest

pytest.importorskip("z3", reason="the solver z3 is not installed: nothing was proved")

from dataclasses import replace

from tests.fakes.agreements import SMALL_INVARIANTS, SMALL_POLICY, small_files, small_version

from privity.agreement import witness as witness_room
from privity.agreement.claims import Found, Proof, prove, relation, versus
from privity.agreement.examples import as_case, examples
from privity.agreement.matrix import matrix
from privity.agreement.narrowing import Prover, Undecided
from privity.agreement.possible import possible, version_lines
from privity.agreement.proposition import NotLogic
from privity.agreement.reading import read_family
from privity.agreement.version import Claim
from privity.agreement.witness import WitnessRefuted
from privity.definitions.reference import Slug


def _proofs(policy: str = SMALL_POLICY, invariants: str = SMALL_INVARIANTS) -> dict[str, Proof]:
    family = read_family(small_files(policy=policy, invariants=invariants))
    return {proof.name: proof for proof in prove(family, family.versions[0])}


def _changed(old: str, new: str) -> str:
    assert old in SMALL_POLICY
    return SMALL_POLICY.replace(old, new)


def test_a_closed_list_by_class_alone_lets_out_what_lies_in_two_classes() -> None:
    proof = _proofs()["never-clinical"]
    assert proof.found is Found.FAILED
    assert proof.witness is not None
    assert proof.witness.ran == (("university@2024-09", True),)
    assert proof.witness.situation["resource in ItemClass clinical"] is True


NEVER_CLINICAL = """
@id("never-clinical")
@clause("2")
@says("Clinical information never leaves.")
@consequence("refuse")
forbid (principal, action, resource in ItemClass::"clinical");
"""


def test_a_bar_of_its_own_holds_whatever_the_catalogue_becomes() -> None:
    proofs = _proofs(SMALL_POLICY + NEVER_CLINICAL)
    assert {name: proof.found for name, proof in proofs.items() if not name.startswith("use.")} == {
        "never-clinical": Found.PROVED,
        "only-named-parties": Found.PROVED,
        "never-without-judgement": Found.PROVED,
        "invariant.never-clinical": Found.PROVED,
        "never-errs": Found.PROVED,
    }


def test_without_its_judgement_a_request_gets_through_and_is_shown() -> None:
    without = SMALL_POLICY[: SMALL_POLICY.index('@id("welfare")')]
    family = read_family(small_files(policy=without, text="".join(f"## {n} {{#c{n}}}\n" for n in range(1, 6))))
    proofs = {proof.name: proof for proof in prove(family, family.versions[0])}
    assert proofs["never-without-judgement"].found is Found.FAILED


def test_a_clause_that_can_never_stand_is_dead() -> None:
    dead = _changed("context.earlier_requests >= 5", "context.earlier_requests >= 5 && context.earlier_requests < 5")
    proof = _proofs(dead)["use.not-too-often"]
    assert proof.found is Found.FAILED
    assert "dead" in proof.says
    assert proof.line > 1


def test_a_clause_that_only_adds_a_reason_is_noted_as_shadowed() -> None:
    proof = _proofs()["use.closed-list"]
    assert (proof.found, "shadowed" in proof.says) == (Found.NOTED, True)


CLAIMS = {
    "narrower": (">= 3", ">= 5", Claim.NARROWS),
    "wider": (">= 3", ">= 2", Claim.WIDENS),
    "same": (">= 3", "> 2", Claim.RESTATES),
    "neither": (">= 3 }", "!= 7 }", Claim.INCOMPARABLE),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_two_versions_relate_as_they_do(name: str) -> None:
    old, new, expected = CLAIMS[name]
    before = small_version()
    pair = versus(before, small_version(policy=_changed(old, new)))
    holds, more, less = relation(pair)
    if name == "neither":
        assert holds is Claim.INCOMPARABLE
        assert more is not None
        assert less is not None
        assert less.situation["context.missing_days"] == 7
    else:
        assert holds is expected
        assert (more is None) == (expected in (Claim.NARROWS, Claim.RESTATES))


def test_a_witness_that_cedar_contradicts_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness_room, "discloses", lambda *_, **__: False)
    pair = versus(small_version(), small_version(policy=_changed(">= 3", ">= 2")))
    with pytest.raises(WitnessRefuted, match="nothing was proved"):
        pair.newly_possible()


def test_a_solver_that_gives_up_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    version = small_version()
    space = possible(version, is_open=False)
    prover = Prover([*space.lines, *version_lines(space, version, "now")], space.variables)
    monkeypatch.setattr("privity.agreement.narrowing.z3.unknown", prover._solver.check())
    with pytest.raises(Undecided, match="gave up"):
        prover.can_be({"now allows": True})


def test_what_is_outside_the_language_is_refused_and_not_guessed_at() -> None:
    version = small_version()
    odd = SMALL_POLICY.replace("context.missing_days >= 3", "context.missing_days + 1 >= 3")
    space = possible(version, is_open=False)
    with pytest.raises(NotLogic, match="outside the language"):
        version_lines(space, replace(version, policy=odd), "now")


def test_every_clause_gets_a_request_that_turns_on_it() -> None:
    version = small_version()
    found = {row.clause: row for row in examples(version)}
    assert set(found) == {clause.name for clause in version.clauses}
    assert found["missing-long-enough"].assessment.standing.value == "incomplete"
    case = as_case(found["family-asked"])
    assert "source: found by the solver" in case
    assert "cites: [family-asked]" in case


def test_the_matrix_tells_what_could_leave_and_what_always_stands_before_it() -> None:
    (cell,) = matrix(small_version())
    assert (cell.requester, cell.purpose, cell.alone) == (Slug("police-force"), Slug("missing-student"), False)
    assert [item.value for item in cell.items] == ["name", "last_known_address"]
    assert [question.name for question in cell.always] == ["welfare"]
