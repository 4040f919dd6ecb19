"""Cedar as logic: what a version decides, as SMT-LIB text that any solver can read.

Rules of the room:
- An expression becomes two terms: whether Cedar can evaluate it, and what it is then. A statement that
  cannot be evaluated is skipped by Cedar, so it stands only where both are true.
- An operator outside the language of agreements is refused, never guessed at.
- Names in the text are ours and are read back: `judged public_interest`, `2017-01 stands lost-contact`.
Source: the shape (a pair of terms for each expression) is that of Cedar's own symbolic compiler, SymCC.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from privity.agreement.policy import Tree, as_tree
from privity.errors import Mistaken

TRUE, FALSE = "true", "false"
_TWO_SIDED = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "contains", "&&", "||"})
LARGEST_NUMBER = 2**31 - 1
"""Whole numbers of a request are refused above this before Cedar sees them."""


class NotLogic(Mistaken):
    """A statement uses something outside the language of agreements."""

    def __init__(self, operator: str) -> None:
        super().__init__(
            "nothing was proved",
            why=f"`{operator}` is outside the language that can be proved about",
            next_step="say it with comparisons, `in`, `contains`, `has` and the logical words",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An expression: `ok` says whether it can be evaluated, `value` what it is; both are SMT-LIB text.

    `kind` is `Bool`, `Long`, `Set` or the name of an entity type. `entity` is the id of a literal entity,
    `variable` the name of a scope variable, `parts` the members of a literal set.
    """

    ok: str
    value: str
    kind: str
    entity: str = ""
    variable: str = ""
    parts: tuple["Term", ...] = ()


def quoted(name: str) -> str:
    """Return a name as SMT-LIB writes it."""
    assert not {"|", "\\"} & set(name), "our names hold neither bar nor backslash"
    return f"|{name}|"


def both(*terms: str) -> str:
    """Return the conjunction of some terms, shortened where one is a constant."""
    found = [term for term in dict.fromkeys(terms) if term != TRUE]
    if FALSE in found:
        return FALSE
    return TRUE if not found else found[0] if len(found) == 1 else f"(and {' '.join(found)})"


def either(*terms: str) -> str:
    """Return the disjunction of some terms, shortened where one is a constant."""
    found = [term for term in dict.fromkeys(terms) if term != FALSE]
    if TRUE in found:
        return TRUE
    return FALSE if not found else found[0] if len(found) == 1 else f"(or {' '.join(found)})"


def no(term: str) -> str:
    """Return the negation of a term."""
    return {TRUE: FALSE, FALSE: TRUE}.get(term) or f"(not {term})"


def equal(left: str, right: str) -> str:
    """Return the equality of two terms."""
    return TRUE if left == right else f"(= {left} {right})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of the context: its kind, its term, and whether it is there (`true` where always)."""

    kind: str
    term: str
    given: str = TRUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the names of a policy mean: attributes by path, and what is known to be a member of what.

    `memberships` names the truths `<variable> in <type> <id>`; anything not listed is no member.
    """

    attributes: Mapping[tuple[str, ...], Attribute]
    records: frozenset[tuple[str, ...]]
    principal_kind: str
    resource_kind: str
    memberships: frozenset[str]

    def membership(self, variable: str, kind: str, entity: str) -> str:
        """Return the truth that the principal or the resource lies in an entity of another type."""
        name = f"{variable} in {kind} {entity}"
        return quoted(name) if name in self.memberships else FALSE


@dataclass(frozen=True, slots=True)
class Compiler:
    """Turns statements in Cedar's JSON form into terms."""

    around: Surroundings

    def statement(self, statement: Tree) -> Term:
        """Return the term of one statement: whether it stands, once it can be evaluated."""
        parts = [
            self._scope("principal", as_tree(statement["principal"])),
            self._scope("action", as_tree(statement["action"])),
            self._scope("resource", as_tree(statement["resource"])),
        ]
        listed = statement["conditions"]
        assert isinstance(listed, Sequence), "Cedar's JSON form holds a list of conditions"
        for part in listed:
            body = self.term(as_tree(as_tree(part)["body"]))
            wanted = body if as_tree(part)["kind"] == "when" else _negated(body)
            parts.append(wanted)
        whole = parts[0]
        for part in parts[1:]:
            whole = _and(whole, part)
        return whole

    def _scope(self, variable: str, scope: Tree) -> Term:
        operator = str(scope["op"])
        if operator == "All":
            return _truth(TRUE)
        if operator not in ("==", "in") or "slot" in scope:
            raise NotLogic(f"{variable} {operator}")
        named = [scope["entity"]] if "entity" in scope else scope["entities"]
        assert isinstance(named, Sequence), "a scope names one entity or a list of them"
        asked = self._variable(variable)
        found = [_literal(as_tree(entity)) for entity in named]
        if operator == "==":
            return _truth(_equal(asked, found[0]))
        return _truth(either(*(self._within(asked, entity) for entity in found)))

    def term(self, tree: Tree) -> Term:
        """Return the term of an expression.

        Raises: NotLogic: an operator is outside the language of agreements.
        """
        ((operator, body),) = tree.items()
        match operator:
            case "Value":
                return _value(body)
            case "Var":
                return self._variable(str(body))
            case "Set":
                assert isinstance(body, Sequence), "a set holds a list"
                return _set([self.term(as_tree(part)) for part in body])
            case ".":
                return self._attribute(as_tree(body))
            case "has":
                return self._has(as_tree(body))
            case "!":
                return _negated(self.term(as_tree(as_tree(body)["arg"])))
            case _:
                return self._between(operator, body)

    def _between(self, operator: str, body: object) -> Term:
        """Return the term of an operator with two sides."""
        if operator not in _TWO_SIDED:
            raise NotLogic(operator)
        left, right = self._sides(body)
        match operator:
            case "&&":
                return _and(left, right)
            case "||":
                return _negated(_and(_negated(left), _negated(right)))
            case "==":
                return Term(ok=both(left.ok, right.ok), value=_equal(left, right), kind="Bool")
            case "!=":
                return Term(ok=both(left.ok, right.ok), value=no(_equal(left, right)), kind="Bool")
            case "in":
                return self._in(left, right)
            case "contains":
                return _contains(left, right)
            case _:
                numbers = both(left.ok, right.ok, _is(left, "Long"), _is(right, "Long"))
                value = f"({operator} {left.value} {right.value})" if numbers != FALSE else FALSE
                return Term(ok=numbers, value=value, kind="Bool")

    def _sides(self, body: object) -> tuple[Term, Term]:
        tree = as_tree(body)
        return self.term(as_tree(tree["left"])), self.term(as_tree(tree["right"]))

    def _variable(self, name: str) -> Term:
        if name == "context":
            return Term(ok=TRUE, value="", kind="Record")
        if name == "action":
            return Term(ok=TRUE, value=quoted("Action Disclose"), kind="Action", entity="Disclose", variable="action")
        kind = self.around.principal_kind if name == "principal" else self.around.resource_kind
        return Term(ok=TRUE, value=quoted(name), kind=kind, variable=name)

    def _path(self, tree: Tree) -> tuple[str, ...] | None:
        if tree.get("Var") == "context":
            return ()
        if "." in tree:
            inner = as_tree(tree["."])
            before = self._path(as_tree(inner["left"]))
            return None if before is None else (*before, str(inner["attr"]))
        return None

    def _attribute(self, body: Tree) -> Term:
        before = self._path(as_tree(body["left"]))
        if before is None:
            raise NotLogic(f".{body['attr']}")
        path = (*before, str(body["attr"]))
        if path in self.around.records:
            return Term(ok=TRUE, value="", kind="Record")
        found = self.around.attributes.get(path)
        if found is None:
            return Term(ok=FALSE, value=FALSE, kind="Bool")
        return Term(ok=found.given, value=found.term, kind=found.kind)

    def _has(self, body: Tree) -> Term:
        before = self._path(as_tree(body["left"]))
        if before is None:
            raise NotLogic("has")
        path = (*before, str(body["attr"]))
        found = self.around.attributes.get(path)
        there = TRUE if path in self.around.records else FALSE if found is None else found.given
        return _truth(there)

    def _in(self, left: Term, right: Term) -> Term:
        among = right.parts if right.kind == "Set" else (right,)
        value = either(*(self._within(left, part) for part in among))
        return Term(ok=both(left.ok, right.ok, *(part.ok for part in right.parts)), value=value, kind="Bool")

    def _within(self, left: Term, right: Term) -> str:
        """Return whether one entity is the other or lies below it. Only scope variables lie below anything."""
        same = _equal(left, right)
        if not left.variable or left.variable == "action" or not right.entity:
            return same
        return either(same, self.around.membership(left.variable, right.kind, right.entity))


def _truth(value: str) -> Term:
    return Term(ok=TRUE, value=value, kind="Bool")


def _is(term: Term, kind: str) -> str:
    return TRUE if term.kind == kind else FALSE


def _literal(entity: Tree) -> Term:
    kind, word = str(entity["type"]), str(entity["id"])
    return Term(ok=TRUE, value=quoted(f"{kind} {word}"), kind=kind, entity=word)


def _value(body: object) -> Term:
    if isinstance(body, bool):
        return _truth(TRUE if body else FALSE)
    if isinstance(body, int):
        return Term(ok=TRUE, value=str(body) if body >= 0 else f"(- {-body})", kind="Long")
    if isinstance(body, Mapping) and "__entity" in body:
        return _literal(as_tree(body["__entity"]))
    raise NotLogic(type(body).__name__)


def _set(parts: Sequence[Term]) -> Term:
    return Term(ok=both(*(part.ok for part in parts)), value="", kind="Set", parts=tuple(parts))


def _equal(left: Term, right: Term) -> str:
    """Return whether two values are the same; values of different types never are."""
    if left.kind != right.kind:
        return FALSE
    if left.kind in ("Set", "Record"):
        raise NotLogic("== between sets or records")
    return equal(left.value, right.value)


def _as_truth(term: Term) -> Term:
    """Return a term that a logical word may take; anything but a truth cannot be evaluated there."""
    return term if term.kind == "Bool" else Term(ok=FALSE, value=FALSE, kind="Bool")


def _negated(term: Term) -> Term:
    truth = _as_truth(term)
    return Term(ok=truth.ok, value=no(truth.value), kind="Bool")


def _and(first: Term, second: Term) -> Term:
    """Return the conjunction as Cedar evaluates it: the right side only where the left is true."""
    left, right = _as_truth(first), _as_truth(second)
    return Term(ok=both(left.ok, either(no(left.value), right.ok)), value=both(left.value, right.value), kind="Bool")


def _contains(left: Term, right: Term) -> Term:
    ok = both(left.ok, right.ok, _is(left, "Set"))
    return Term(ok=ok, value=either(*(_equal(part, right) for part in left.parts)), kind="Bool")


def declared_sorts(lists: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the declarations of closed lists: each a datatype whose words are its only values."""
    found = []
    for kind, words in lists.items():
        values = " ".join(f"({quoted(f'{kind} {word}')})" for word in words)
        found.append(f"(declare-datatypes (({quoted(kind)} 0)) (({values})))")
    return found
