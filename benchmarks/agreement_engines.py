"""The same policies in Cedar, Rego and CEL: same clauses, same requests, same answers; who is how fast.

Not part of `run.py`: it needs two engines that the program does not use
(`pip install -r benchmarks/agreement_engines_requirements.txt`). The policies are translated by this script from the
shipped Cedar text, and every engine must name the same clauses on every worked case before anything is timed.
CPU time; best of interleaved rounds; ratios are to the engine's own validated call.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import cedarpy
import cel
from regorus import Engine

from privity.agreement.assessment import Asked
from privity.agreement.cases import read_cases
from privity.agreement.evaluation import assess_afresh, parse_policy
from privity.agreement.policy import Tree, as_tree
from privity.agreement.reading import read_family
from privity.agreement.schema import cedar_entities, cedar_schema, item_parents
from privity.agreement.shown import cedar_request
from privity.agreement.version import Version
from privity.definitions.reference import VersionName
from privity.edge.settings.shelf import default_shelf, shelf_files

ROUNDS = 7
VERSIONS = ("2017-01", "2018-05")
Input = Mapping[str, object]
Answer = frozenset[str]


def flat(version: Version, asked: Asked, item: str) -> Input:
    """Return one request as plain JSON: words for entities, the groups of requester and item beside them."""
    request = cedar_request(version, asked, item)
    groups = [row.name for row in version.vocabulary.organisations if asked.requester in row.members]
    return {
        "principal": str(asked.requester),
        "principal_groups": groups,
        "resource": item,
        "resource_classes": list(item_parents(version.vocabulary)[item]),
        "context": _plain(request["context"]),
    }


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        if "__entity" in value:
            return as_tree(value["__entity"])["id"]
        return {key: _plain(part) for key, part in value.items()}
    return value


def _clauses(version: Version) -> Iterator[tuple[str, Tree]]:
    for body in parse_policy(version.policy):
        yield str(as_tree(body["annotations"])["id"]), body


def _scope(body: Tree, member: Callable[[str, str, bool], str]) -> Iterator[str]:
    for part in ("principal", "resource"):
        scope = as_tree(body[part])
        if scope["op"] != "All":
            yield member(part, str(as_tree(scope["entity"])["id"]), scope["op"] == "in")


def cel_term(tree: Tree) -> str:
    """Return an expression in CEL."""
    ((operator, body),) = tree.items()
    match operator:
        case "Value":
            return json.dumps(_plain(body))
        case "Var":
            return str(body)
        case ".":
            return f"{cel_term(as_tree(as_tree(body)['left']))}.{as_tree(body)['attr']}"
        case "has":
            return f"has({cel_term(as_tree(as_tree(body)['left']))}.{as_tree(body)['attr']})"
        case "!":
            return f"!({cel_term(as_tree(as_tree(body)['arg']))})"
        case "Set":
            assert isinstance(body, Sequence)
            return f"[{', '.join(cel_term(as_tree(part)) for part in body)}]"
    left, right = cel_term(as_tree(as_tree(body)["left"])), cel_term(as_tree(as_tree(body)["right"]))
    if operator == "contains":
        return f"({right} in {left})"
    if operator == "in":
        return f"({right} in {left}_{'groups' if left == 'principal' else 'classes'})"
    return f"({left} {operator} {right})"


def in_cel(version: Version) -> Callable[[Input], Answer]:
    """Return the version as one CEL expression: a list of the clauses that stand."""
    parts = []
    for name, body in _clauses(version):
        terms = list(
            _scope(
                body,
                lambda part, word, above: (
                    f"({json.dumps(word)} in {part}_{'groups' if part == 'principal' else 'classes'})"
                    if above
                    else f"({part} == {json.dumps(word)})"
                ),
            )
        )
        for condition in _conditions(body):
            term = cel_term(as_tree(condition["body"]))
            terms.append(term if condition["kind"] == "when" else f"!({term})")
        parts.append(f"({' && '.join(terms) or 'true'}) ? [{json.dumps(name)}] : []")
    program = cel.compile(" + ".join(f"({part})" for part in parts))
    return lambda asked: frozenset(program.execute(dict(asked)))


def _conditions(body: Tree) -> Sequence[Tree]:
    listed = body["conditions"]
    assert isinstance(listed, Sequence)
    return [as_tree(part) for part in listed]


class Rego:
    """A version as one Rego module. Alternatives and negations become rules of their own."""

    def __init__(self, version: Version) -> None:
        self._rules: list[str] = []
        for name, body in _clauses(version):
            terms = list(
                _scope(
                    body,
                    lambda part, word, above: (
                        f"{json.dumps(word)} in input.{part}_{'groups' if part == 'principal' else 'classes'}"
                        if above
                        else f"input.{part} == {json.dumps(word)}"
                    ),
                )
            )
            for condition in _conditions(body):
                term = self._term(as_tree(condition["body"]))
                terms.append(term if condition["kind"] == "when" else f"not {self._rule(term)}")
            self._rules.append(f"stands contains {json.dumps(name)} if {{ {'; '.join(terms) or 'true'} }}")
        module = "package agreement\nimport rego.v1\n" + "\n".join(self._rules)
        self._engine = Engine()
        self._engine.add_policy("agreement.rego", module)

    def _rule(self, *bodies: str) -> str:
        name = f"part_{len(self._rules)}"
        self._rules += [f"{name} if {{ {body} }}" for body in bodies]
        return name

    def _term(self, tree: Tree) -> str:
        ((operator, body),) = tree.items()
        match operator:
            case "Value":
                return json.dumps(_plain(body))
            case "Var":
                return f"input.{body}"
            case "." | "has":
                inner = as_tree(body)
                path = f"{self._term(as_tree(inner['left']))}.{inner['attr']}"
                return path if operator == "." else f"{path} == {path}"
            case "!":
                return f"not {self._rule(self._term(as_tree(as_tree(body)['arg'])))}"
            case "Set":
                assert isinstance(body, Sequence)
                return f"[{', '.join(self._term(as_tree(part)) for part in body)}]"
        left, right = self._term(as_tree(as_tree(body)["left"])), self._term(as_tree(as_tree(body)["right"]))
        if operator == "&&":
            return f"{left}; {right}"
        if operator == "||":
            return self._rule(left, right)
        if operator == "contains":
            return f"{right} in {left}"
        if operator == "in":
            return f"{right} in {left}_{'groups' if left == 'input.principal' else 'classes'}"
        return f"{left} {operator} {right}"

    def __call__(self, asked: Input) -> Answer:
        # As JSON: handed over as a mapping, no and yes arrive as numbers, and nought counts as true in Rego.
        self._engine.set_input_json(json.dumps(asked))
        return frozenset(self._engine.eval_rule("data.agreement.stands"))


def in_cedar(version: Version, *, validated: bool) -> Callable[[Mapping[str, object]], Answer]:
    """Return the engine's own call: the clauses that decided."""
    by_id = dict(_clauses(version))
    whole = {"staticPolicies": by_id, "templates": {}, "templateLinks": []}
    policies = cedarpy.PolicySet.from_json_str(json.dumps(whole))
    entities = cedarpy.Entities.from_json_str(json.dumps(cedar_entities(version.vocabulary)))
    schema = cedarpy.Schema.from_json_str(json.dumps(cedar_schema(version.vocabulary))) if validated else None
    return lambda asked: frozenset(cedarpy.is_authorized(asked, policies, entities, schema).diagnostics.reasons)


def deciding(version: Version, stands: Answer) -> Answer:
    """Return what Cedar calls the reasons: the forbids that stand, or else the permits."""
    forbids = {clause.name for clause in version.clauses if clause.effect.value == "forbid"}
    return (stands & forbids) or stands


def compare(version: Version, every: Sequence[Asked]) -> None:
    """Hold the engines to one another on every request, then time them."""
    items = [min(asked.items).value for asked in every]
    flats = [flat(version, asked, item) for asked, item in zip(every, items, strict=True)]
    requests = [cedar_request(version, asked, item) for asked, item in zip(every, items, strict=True)]
    cel_says, rego_says = in_cel(version), Rego(version)
    cedar_says, bare = in_cedar(version, validated=True), in_cedar(version, validated=False)
    wrong = 0
    for request, asked in zip(requests, flats, strict=True):
        truth = cedar_says(request)
        wrong += deciding(version, cel_says(asked)) != truth or deciding(version, rego_says(asked)) != truth
    runs: dict[str, tuple[Callable[..., object], Sequence[object]]] = {
        "cedarpy, request validated": (cedar_says, requests),
        "cedarpy, not validated": (bare, requests),
        "ours, with explanation": (lambda asked: assess_afresh(version, asked), every),
        "Rego (regorus)": (rego_says, flats),
        "CEL (common-expression-language)": (cel_says, flats),
    }
    best = dict.fromkeys(runs, 0.0)
    for _ in range(ROUNDS):
        for name, (run, rows) in runs.items():
            start = time.process_time()
            for row in rows:
                run(row)
            best[name] = max(best[name], len(rows) / (time.process_time() - start))
    print(f"{version.reference}: {len(version.clauses)} clauses, {len(every)} requests, {wrong} answered otherwise")
    for name, rate in best.items():
        print(f"  {name:<34}{rate:>9,.0f}/s{rate / best['cedarpy, request validated']:>7.2f}")
    if wrong:
        sys.exit(1)


def main() -> None:
    """Compare the engines on the Home Office's versions."""
    family = read_family(shelf_files(default_shelf())["home-office"])
    every = [case.asked for case in read_cases(family).requests]
    for name in VERSIONS:
        version = family.version(VersionName(name))
        assert version is not None, "the version is shipped"
        compare(version, every)


if __name__ == "__main__":
    main()
