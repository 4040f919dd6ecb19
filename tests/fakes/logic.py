"""Random policies and requests in the language of agreements, far wilder than the house style allows.

Half of the attribute reads are of optional attributes without a guard, and some expressions compare things of
different types, so that evaluation errors are common: those are where a translation into logic goes wrong.
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from privity.agreement.evaluation import parse_policy, policy_text
from privity.agreement.possible import GIVEN, Possible, Situation, Value
from privity.agreement.schema import enumerations
from privity.agreement.version import Version

Tree = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wild:
    """A source of random statements and requests over the words of one version."""

    version: Version
    chance: random.Random

    def policy(self) -> str:
        """Return two to five statements as Cedar text, each with an id."""
        statements = [self._statement(place) for place in range(self.chance.randint(2, 5))]
        return policy_text(statements)

    def _statement(self, place: int) -> Tree:
        kinds = ["when", "unless"]
        conditions = [
            {"kind": self.chance.choice(kinds), "body": self._truth(3)} for _ in range(self.chance.randint(0, 2))
        ]
        return {
            "effect": self.chance.choice(["permit", "permit", "forbid"]),
            "annotations": {"id": f"clause-{place}"},
            "principal": self._scope("OrgGroup", "Organisation"),
            "action": self.chance.choice([{"op": "All"}, {"op": "==", "entity": {"type": "Action", "id": "Disclose"}}]),
            "resource": self._scope("ItemClass", "DataItem"),
            "conditions": conditions,
        }

    def _scope(self, above: str, own: str) -> Tree:
        way = self.chance.random()
        if way < 0.5:
            return {"op": "All"}
        if way < 0.8:
            return {"op": "in", "entity": self._id(above)}
        return {"op": "==" if way < 0.9 else "in", "entity": self._id(own)}

    def _id(self, kind: str) -> Mapping[str, str]:
        words = self.version.vocabulary
        if kind == "Organisation":
            known = [str(member) for group in words.organisations for member in group.members][:4]
        elif kind == "DataItem":
            known = ["name", "last_known_address", "diagnosis"]
        else:
            known = list(enumerations(words)[kind])
        return {"type": kind, "id": self.chance.choice(known)}

    def _truth(self, depth: int) -> Tree:
        ways = ["=="] * 2 + ["has", "number", "number", "in", "contains", "plain", "constant"]
        if depth > 0:
            ways += ["&&", "||", "!"] * 3
        way = self.chance.choice(ways)
        if way in ("&&", "||"):
            return {way: {"left": self._truth(depth - 1), "right": self._truth(depth - 1)}}
        if way == "!":
            return {"!": {"arg": self._truth(depth - 1)}}
        made: Tree = {
            "==": self._same,
            "has": self._has,
            "number": self._number,
            "in": self._in,
            "contains": self._contains,
            "plain": self._plain,
            "constant": self._constant,
        }[way]()
        return made

    def _attribute(self, *path: str) -> Tree:
        tree: Tree = {"Var": "context"}
        for name in path:
            tree = {".": {"left": tree, "attr": name}}
        return tree

    def _lists(self) -> list[tuple[str, str]]:
        """Return the attributes that hold a word of a list, with the type of the list."""
        words = self.version.vocabulary
        found = [("purpose", "Purpose")]
        for fact in words.facts:
            if fact.kind.value == "yes-no":
                found.append((fact.name, "Answer"))
            elif fact.kind.value == "one-of":
                found.append((fact.name, "".join(part.capitalize() for part in fact.name.split("_"))))
        return found + [(row.name, "".join(p.capitalize() for p in row.name.split("_"))) for row in words.derived]

    def _numbers(self) -> list[str]:
        return [fact.name for fact in self.version.vocabulary.facts if fact.kind.value == "whole-number"]

    def _word(self, kind: str) -> Tree:
        return {"Value": {"__entity": self._id(kind)}}

    def _same(self) -> Tree:
        name, kind = self.chance.choice(self._lists())
        other = kind if self.chance.random() < 0.9 else self.chance.choice(["Purpose", "Answer"])
        sides = {"left": self._attribute(name), "right": self._word(other)}
        return {self.chance.choice(["==", "!="]): sides}

    def _has(self) -> Tree:
        name = self.chance.choice([*self._numbers(), self._lists()[0][0], "nothing_of_the_kind"])
        return {"has": {"left": {"Var": "context"}, "attr": name}}

    def _number(self) -> Tree:
        if not self._numbers():
            return self._same()
        limit = {"Value": self.chance.choice([0, 5, 12, 13, 499, 500, 1000])}
        name = self.chance.choice(self._numbers())
        sides = [self._attribute(name), limit]
        if self.chance.random() < 0.3:
            sides.reverse()
        return {self.chance.choice(["<", "<=", ">", ">=", "==", "!="]): {"left": sides[0], "right": sides[1]}}

    def _in(self) -> Tree:
        way = self.chance.random()
        if way < 0.3:
            return {"in": {"left": {"Var": "principal"}, "right": self._word("OrgGroup")}}
        if way < 0.6:
            return {"in": {"left": {"Var": "resource"}, "right": self._word("ItemClass")}}
        if way < 0.75:
            return {"in": {"left": {"Var": "resource"}, "right": self._word("DataItem")}}
        name, kind = self.chance.choice(self._lists())
        among = {"Set": [self._word(kind) for _ in range(self.chance.randint(1, 3))]}
        return {"in": {"left": self._attribute(name), "right": among}}

    def _contains(self) -> Tree:
        name, kind = self.chance.choice(self._lists())
        among = {"Set": [self._word(kind) for _ in range(self.chance.randint(1, 4))]}
        return {"contains": {"left": among, "right": self._attribute(name)}}

    def _plain(self) -> Tree:
        words = self.version.vocabulary
        names = [("declared", row.name) for row in words.declarations] + [
            ("judged", row.name) for row in words.questions
        ]
        return self._attribute(*self.chance.choice(names))

    def _constant(self) -> Tree:
        way = self.chance.random()
        if way < 0.2 and self._numbers():
            return self._attribute(self.chance.choice(self._numbers()))
        if way < 0.4:
            return self._attribute("nothing_of_the_kind")
        return {"Value": self.chance.random() < 0.5}

    def situation(self, space: Possible) -> Situation:
        """Return one random request."""
        found: dict[str, Value] = {}
        for variable in space.variables:
            if variable.kind == "Int":
                found[variable.name] = self.chance.choice([0, 4, 5, 11, 12, 13, 499, 500, 999, 1000, 2**31 - 1])
            elif variable.name.endswith(f" {GIVEN}"):
                found[variable.name] = self.chance.random() < 0.6
            else:
                found[variable.name] = self.chance.choice(variable.values)
        return found


def clause_ids(policy: str) -> Sequence[str]:
    """Return the ids of a policy's statements in their order."""
    return [json.loads(json.dumps(body))["annotations"]["id"] for body in parse_policy(policy)]
