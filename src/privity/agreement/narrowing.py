"""The door to z3: is there a request for which this holds, and which is the smallest. Nothing else imports it.

Rules of the room:
- The solver reads the same SMT-LIB text that is published, so what is proved is what can be checked.
- `unknown` is no proof: it raises, and nothing is taken from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import z3

from privity.agreement.possible import Situation, Value, Variable
from privity.errors import Impossible

LONGEST_SEARCH_MS = 20_000
ENGINE = f"z3 {z3.get_version_string()}"


class Undecided(Impossible):
    """The solver gave up, so nothing is known."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "nothing was proved", why=f"the solver gave up: {why}", next_step="split the clause and prove again"
        )


class Prover:
    """Answers questions about one script. Every question is a set of names and the values they shall have."""

    def __init__(self, lines: Iterable[str], variables: Sequence[Variable]) -> None:
        self._context = z3.Context()
        self._solver = z3.Solver(ctx=self._context)
        self._solver.set("timeout", LONGEST_SEARCH_MS)
        self._solver.from_string("\n".join(lines))
        self._variables = tuple(variables)
        self._constants = _constants(self._solver.assertions())

    def _wanted(self, name: str, value: Value) -> Any:
        """Return the truth that a name has a value; a name the script does not constrain holds freely."""
        constant = self._constants.get(name)
        if constant is None:
            return z3.BoolVal(True, ctx=self._context)
        if isinstance(value, bool):
            return constant if value else z3.Not(constant)
        if isinstance(value, int):
            return constant == value
        sort = constant.sort()
        words = {str(sort.constructor(place).name()): place for place in range(sort.num_constructors())}
        return constant == sort.constructor(words[f"{sort.name()} {value}"])()

    def _holds(self, truths: Sequence[Any]) -> bool:
        self._solver.push()
        try:
            self._solver.add(*truths)
            found = self._solver.check()
            if found == z3.unknown:
                raise Undecided(self._solver.reason_unknown())
            return bool(found == z3.sat)
        finally:
            self._solver.pop()

    def can_be(self, wanted: Mapping[str, Value]) -> bool:
        """Return whether some request gives every name its value.

        Raises: Undecided: the solver gave up.
        """
        return self._holds([self._wanted(name, value) for name, value in wanted.items()])

    def smallest(self, wanted: Mapping[str, Value], *, first: Mapping[str, Value] | None = None) -> Situation | None:
        """Return the smallest request that gives every name its value, or None where there is none.

        Each thing that varies takes the first of its values that is still possible, in its order; `first`
        names values to be tried before any other.

        Raises: Undecided: the solver gave up.
        """
        truths = [self._wanted(name, value) for name, value in wanted.items()]
        if not self._holds(truths):
            return None
        found: dict[str, Value] = {}
        for name, value in (first or {}).items():
            if self._holds([*truths, self._wanted(name, value)]):
                truths.append(self._wanted(name, value))
                found[name] = value
        for variable in self._variables:
            if variable.name not in found:
                found[variable.name] = self._least(variable, truths)
        return found

    def _least(self, variable: Variable, truths: list[Any]) -> Value:
        """Return the first value still possible, and hold to it from now on."""
        if variable.name not in self._constants:
            return variable.values[0]
        for value in variable.values:
            narrower = self._wanted(variable.name, value)
            if value == variable.values[-1] and variable.kind != "Int":
                truths.append(narrower)
                return value
            if self._holds([*truths, narrower]):
                truths.append(narrower)
                return value
        value = self._any_number(variable, truths)
        truths.append(self._wanted(variable.name, value))
        return value

    def _any_number(self, variable: Variable, truths: Sequence[Any]) -> int:
        self._solver.push()
        try:
            self._solver.add(*truths)
            if self._solver.check() != z3.sat:
                raise Undecided(self._solver.reason_unknown())
            return int(self._solver.model().eval(self._constants[variable.name], model_completion=True).as_long())
        finally:
            self._solver.pop()

    def value_of(self, fixed: Mapping[str, Value], names: Sequence[str]) -> tuple[bool, ...]:
        """Return which truths follow once everything that varies is fixed. For holding this up to Cedar."""
        truths = [self._wanted(name, value) for name, value in fixed.items()]
        self._solver.push()
        try:
            self._solver.add(*truths)
            if self._solver.check() != z3.sat:
                raise Undecided("the values given contradict the script")
            model = self._solver.model()
            return tuple(bool(z3.is_true(model.eval(self._constants[name], model_completion=True))) for name in names)
        finally:
            self._solver.pop()


def _constants(assertions: Iterable[Any]) -> dict[str, Any]:
    """Return every free name of the script by its spelling."""
    found: dict[str, Any] = {}
    waiting = list(assertions)
    seen: set[int] = set()
    while waiting:
        term = waiting.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            found[str(term.decl().name())] = term
        waiting.extend(term.children())
    return found
