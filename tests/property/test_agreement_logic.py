"""The translation of Cedar into logic, held up to Cedar itself on random policies and requests.

Every pair is decided by Cedar (which forbids and permits stand, what is the answer) and by the solver reading our
text. 5,000 pairs here, 100,000 nightly; no mismatch is ever accepted.
"""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace

import cedarpy
import pytest

pytest.importorskip("z3", reason="the solver z3 is not installed: nothing about proofs was tested")

from tests.fakes.agreements import shipped_version
from tests.fakes.logic import Wild, clause_ids

from privity.agreement.narrowing import Prover
from privity.agreement.possible import Possible, Situation, possible, version_lines
from privity.agreement.schema import cedar_schema
from privity.agreement.shown import cedar_request
from privity.agreement.version import Version
from privity.agreement.witness import asked_in, entities_in

NIGHTLY = os.environ.get("PRIVITY_NIGHTLY") == "1"
PAIRS = 100_000 if NIGHTLY else 5_000
REQUESTS_A_POLICY = 25
VERSIONS = ("home-office@2018-05", "debt-reporting@2016-04", "police@2017-01", "letter-forwarding@2017-01")


def _cedar(version: Version, space: Possible, policy: str, situation: Situation) -> tuple[bool, bool]:
    """Return Cedar's answer, and whether some statement could not be evaluated."""
    asked = asked_in(version.vocabulary, situation)
    request = cedar_request(version, asked, str(situation["resource"]))
    store = json.dumps(list(entities_in(space, situation)))
    result = cedarpy.is_authorized(request, policy, store, json.dumps(cedar_schema(version.vocabulary)))
    assert result.decision is not cedarpy.Decision.NoDecision, result.diagnostics.errors
    return bool(result.allowed), bool(result.diagnostics.errors)


def _pairs(
    version: Version, pairs: int, seed: int
) -> Iterator[tuple[tuple[bool, bool], tuple[bool, bool], str, Situation]]:
    wild = Wild(version=version, chance=random.Random(seed))
    space = possible(version, is_open=True)
    for _ in range(pairs // REQUESTS_A_POLICY):
        policy = wild.policy()
        changed = replace(version, policy=policy, sha256=policy)
        assert len(set(clause_ids(policy))) == len(clause_ids(policy))
        prover = Prover([*space.lines, *version_lines(space, changed, "now")], space.variables)
        for _ in range(REQUESTS_A_POLICY):
            situation = wild.situation(space)
            allowed, errs = prover.value_of(situation, ["now allows", "now errs"])
            yield (allowed, errs), _cedar(version, space, policy, situation), policy, situation


@pytest.mark.parametrize("reference", VERSIONS)
def test_the_solver_and_cedar_agree_on_every_random_policy_and_request(reference: str) -> None:
    seed = random.SystemRandom().randrange(2**32) if NIGHTLY else 20180509
    erring = allowing = 0
    for ours, cedars, policy, situation in _pairs(shipped_version(reference), PAIRS // len(VERSIONS), seed):
        assert ours == cedars, f"seed {seed}: {policy} {situation}"
        erring += cedars[1]
        allowing += cedars[0]
    pairs = PAIRS // len(VERSIONS)
    assert erring > pairs // 20, "too few of the random policies err to have tested errors"
    assert pairs // 20 < allowing < pairs * 19 // 20, "the random policies nearly all answer alike"
