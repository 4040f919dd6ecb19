"""Breaking a policy on purpose, one condition at a time, to see whether anything notices.

Rules of the room:
- A mutant is one policy with one condition deleted, turned round, moved by one, or short of one word.
- It is caught by the reading of it (house style, Cedar's own validation), by a worked case, or by a proof.
- A mutant that nothing catches comes with a request that would: write the case. Where no request tells it
  from the original, the condition is idle and should go.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from privity.agreement.cases import Case, Cases, Expected
from privity.agreement.evaluation import assess_asked, parse_policy, policy_text
from privity.agreement.policy import Tree, as_tree
from privity.agreement.reading import read_clauses
from privity.agreement.trial import differences
from privity.agreement.version import Consequence, Version
from privity.agreement.written import Unreadable

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", "<=": ">", ">": "<="}


class CaughtBy(StrEnum):
    """What noticed a mutant."""

    READING = "reading"
    """The house style or Cedar's validation refuses it."""
    CASE = "case"
    """A worked case comes out otherwise."""
    PROOF = "proof"
    """A claim about the version no longer holds."""
    NOTHING = "nothing"
    """Nobody noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One policy with one thing changed. `says` names the clause and the change."""

    clause: str
    says: str
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of one mutant. `version` is None where it could not even be read."""

    mutant: Mutant
    caught_by: CaughtBy
    told: str
    version: Version | None


def mutants(version: Version) -> Iterator[Mutant]:
    """Yield every mutant of a version, in the order of its clauses."""
    statements = parse_policy(version.policy)
    for place, statement in enumerate(statements):
        name = str(as_tree(statement["annotations"])["id"])
        yield _mutant(statements, place, None, name, "deleted")
        for says, changed in _changed_statements(statement):
            yield _mutant(statements, place, changed, name, says)


def _mutant(statements: Sequence[Tree], place: int, changed: Tree | None, name: str, says: str) -> Mutant:
    kept = [*statements[:place], *([] if changed is None else [changed]), *statements[place + 1 :]]
    return Mutant(clause=name, says=f"`{name}`: {says}", policy=policy_text(kept))


def _changed_statements(statement: Tree) -> Iterator[tuple[str, Tree]]:
    for part in ("principal", "action", "resource"):
        if as_tree(statement[part])["op"] != "All":
            yield f"{part} of the scope deleted", {**statement, part: {"op": "All"}}
    listed = cast("Sequence[Tree]", statement["conditions"])
    for place, condition in enumerate(listed):
        kind, body = str(condition["kind"]), as_tree(condition["body"])
        without = [*listed[:place], *listed[place + 1 :]]
        yield f"{kind} deleted", {**statement, "conditions": without}
        for says, changed in _changed(body):
            swapped = [*listed[:place], {**condition, "body": changed}, *listed[place + 1 :]]
            yield f"{kind}: {says}", {**statement, "conditions": swapped}
    notes = as_tree(statement["annotations"])
    for consequence in Consequence:
        if "consequence" in notes and notes["consequence"] != consequence:
            yield (
                f"consequence {consequence.value}",
                {**statement, "annotations": {**notes, "consequence": consequence}},
            )


def _changed(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """Yield every expression that differs from this one in a single place."""
    ((operator, body),) = tree.items()
    if operator in ("&&", "||"):
        sides = as_tree(body)
        left, right = as_tree(sides["left"]), as_tree(sides["right"])
        yield f"one side of {operator} deleted (the left)", right
        yield f"one side of {operator} deleted (the right)", left
        yield f"{operator} turned round", {("||" if operator == "&&" else "&&"): body}
        yield from ((says, {operator: {"left": changed, "right": right}}) for says, changed in _changed(left))
        yield from ((says, {operator: {"left": left, "right": changed}}) for says, changed in _changed(right))
        return
    if operator == "!":
        yield "! deleted", as_tree(as_tree(body)["arg"])
        return
    if operator == "has":
        return
    if operator in _OPPOSITE:
        yield f"{operator} turned round", {_OPPOSITE[operator]: body}
    else:
        yield f"{operator} turned round", {"!": {"arg": tree}}
    if isinstance(body, Mapping):
        yield from _changed_operands(operator, body)


def _changed_operands(operator: str, body: Tree) -> Iterator[tuple[str, Tree]]:
    """Yield the comparison with a limit moved by one, or with one word less in its list."""
    for side in ("left", "right"):
        operand = body.get(side)
        if not isinstance(operand, Mapping):
            continue
        number = operand.get("Value")
        if isinstance(number, int) and not isinstance(number, bool):
            for moved in (number - 1, number + 1):
                yield f"limit moved to {moved}", {operator: {**body, side: {"Value": moved}}}
        words = operand.get("Set")
        if isinstance(words, Sequence) and len(words) > 1:
            for place, word in enumerate(words):
                rest = [*words[:place], *words[place + 1 :]]
                yield f"{_spelled(as_tree(word))} left out", {operator: {**body, side: {"Set": rest}}}


def _spelled(word: Tree) -> str:
    value = word.get("Value")
    return str(as_tree(as_tree(value)["__entity"])["id"]) if isinstance(value, Mapping) else str(value)


def broken(version: Version, mutant: Mutant) -> Version:
    """Return the version with the mutant's policy.

    Raises: Unreadable: the policy breaks the house style or does not fit the schema.
    """
    clauses = read_clauses(version.vocabulary, version.name, f"{version.name}/policy.cedar", mutant.policy)
    return replace(
        version, policy=mutant.policy, clauses=clauses, sha256=f"{version.sha256} but {mutant.says}", policy_sha256=""
    )


def try_mutant(version: Version, mutant: Mutant, cases: Cases) -> Tried:
    """Return whether the reading or a worked case notices a mutant."""
    try:
        changed = broken(version, mutant)
    except Unreadable as error:
        return Tried(mutant=mutant, caught_by=CaughtBy.READING, told=error.why, version=None)
    for case, expected in _likeliest_first(version, mutant, cases):
        fault = next(iter(differences(assess_asked(changed, case.asked), expected)), None)
        if fault is not None:
            return Tried(mutant=mutant, caught_by=CaughtBy.CASE, told=f"{case.name}: {fault}", version=changed)
    return Tried(mutant=mutant, caught_by=CaughtBy.NOTHING, told="", version=changed)


def _likeliest_first(version: Version, mutant: Mutant, cases: Cases) -> list[tuple[Case, Expected]]:
    """Return the cases of a version, those that cite the clause first: they notice most."""
    own = [
        (case, expected) for case in cases.requests for expected in case.expected if expected.version == version.name
    ]
    return sorted(own, key=lambda row: mutant.clause not in row[1].cites)
