"""A second build of Cedar (WebAssembly, under node) answers every worked case as the first does, clause by clause.

Nightly. It needs node, and the package in `tests/second_engine`: `npm ci` there, or name another folder that has
it in PRIVITY_CEDAR_WASM. Without them the test is skipped by name.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import cedarpy
import pytest
from tests.fakes.agreements import FAMILIES, shipped

from privity.agreement.cases import read_cases
from privity.agreement.evaluation import parse_policy
from privity.agreement.policy import as_tree
from privity.agreement.schema import cedar_entities, cedar_schema
from privity.agreement.shown import cedar_request
from privity.agreement.version import Family, Version

HERE = Path(__file__).parents[1] / "second_engine"
INSTALLED = Path(os.environ.get("PRIVITY_CEDAR_WASM", HERE)) / "node_modules"
NODE = shutil.which("node")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NODE is None, reason="node is not installed: the second engine was not asked"),
    pytest.mark.skipif(
        not (INSTALLED / "@cedar-policy" / "cedar-wasm").is_dir(),
        reason="@cedar-policy/cedar-wasm is not installed: the second engine was not asked",
    ),
]


def _questions(family: Family) -> Iterator[tuple[Version, dict[str, object]]]:
    for case in read_cases(family).requests:
        for version in family.versions:
            for item in sorted(case.asked.items):
                yield version, cedar_request(version, case.asked, item.value)


def _first(version: Version, request: dict[str, object]) -> dict[str, object]:
    by_id = {str(as_tree(body["annotations"])["id"]): body for body in parse_policy(version.policy)}
    policies = cedarpy.PolicySet.from_json_str(
        json.dumps({"staticPolicies": by_id, "templates": {}, "templateLinks": []})
    )
    entities = cedarpy.Entities.from_json_str(json.dumps(cedar_entities(version.vocabulary)))
    schema = cedarpy.Schema.from_json_str(json.dumps(cedar_schema(version.vocabulary)))
    found = cedarpy.is_authorized(request, policies, entities, schema)
    return {
        "decision": "allow" if found.allowed else "deny",
        "reasons": sorted(found.diagnostics.reasons),
        "errors": len(found.diagnostics.errors),
    }


def _second(asked: list[tuple[Version, dict[str, object]]]) -> list[dict[str, object]]:
    lines = []
    for version, request in asked:
        by_id = {str(as_tree(body["annotations"])["id"]): body for body in parse_policy(version.policy)}
        whole = {
            "policies": by_id,
            "entities": cedar_entities(version.vocabulary),
            "schema": cedar_schema(version.vocabulary),
            "request": request,
        }
        lines.append(json.dumps(whole))
    assert NODE is not None
    ran = subprocess.run(
        [NODE, str(HERE / "decide.cjs")],
        input="\n".join(lines),
        env={**os.environ, "NODE_PATH": str(INSTALLED)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.mark.parametrize("name", FAMILIES)
def test_a_second_engine_answers_every_case_alike(name: str) -> None:
    asked = list(_questions(shipped(name)))
    assert len(asked) > 10
    answers = _second(asked)
    assert len(answers) == len(asked)
    for (version, request), second in zip(asked, answers, strict=True):
        assert second == _first(version, request), version.reference
