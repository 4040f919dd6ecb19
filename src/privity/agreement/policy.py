"""House style of a policy: what each Cedar statement reads, and whether it keeps the rules of the room.

Rules of the house, each a fault with its line where it is broken:
- Every statement carries @id, @clause and @says; ids are unique; a forbid carries @consequence.
- A permit is a gateway: scope and purpose. Its scope names who, what act and which items. It reads no
  declaration, no judgement and no stated fact but those its purpose turns on, and has no `unless`.
- A forbid has at most one `when` (to what it applies) and at most one `unless` (one atom: the condition).
- Declarations and judgements are read in the `unless` of a forbid and nowhere else. So every one of them,
  once true, can only open: the exact answer over open judgements follows from the clauses that fired.
- A ruling refers, a judgement refuses; a missing declaration returns or refuses.
- No templates, no `like`, no extension types: they cannot be proved about.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from privity.agreement.schema import enumerations, item_parents
from privity.agreement.version import Clause, Consequence, Effect
from privity.agreement.vocabulary import QuestionKind, Vocabulary
from privity.agreement.written import Unreadable
from privity.definitions.clause import ClauseRef
from privity.definitions.reference import AgreementFamily, Slug, VersionName

Tree = Mapping[str, object]
"""One expression or statement in Cedar's documented JSON form."""

KNOWN_ANNOTATIONS = frozenset({"id", "clause", "says", "consequence", "unstated", "cure", "standing"})
_OPERATORS = frozenset(
    {"==", "!=", "<", "<=", ">", ">=", "in", "contains", "has", ".", "&&", "||", "!", "Value", "Var", "Set"}
)
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "contains"})
_ID = re.compile(r'@id\("([^"]*)"\)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an expression reads: attribute paths of the context, and variables of the scope."""

    paths: frozenset[tuple[str, ...]]
    variables: frozenset[str]

    def under(self, name: str) -> frozenset[str]:
        """Return the names read below one record of the context, e.g. below `judged`."""
        return frozenset(path[1] for path in self.paths if len(path) > 1 and path[0] == name)

    @property
    def facts(self) -> frozenset[str]:
        """Return the facts read: what lies directly in the context, but for the purpose."""
        plain = {path[0] for path in self.paths if path[0] not in ("declared", "judged", "purpose")}
        return frozenset(plain)


def as_tree(value: object) -> Tree:
    """Return one node of the JSON form. Cedar made it, so anything but a mapping is our own mistake."""
    assert isinstance(value, Mapping), "Cedar's JSON form holds a mapping here"
    return value


def _path(tree: Tree) -> tuple[str, ...] | None:
    """Return `a.b` of `context.a.b`, or None where the expression is no such path."""
    if tree.get("Var") == "context":
        return ()
    if "." in tree or "has" in tree:
        inner = as_tree(tree.get(".") or tree["has"])
        before = _path(as_tree(inner["left"]))
        return None if before is None else (*before, str(inner["attr"]))
    return None


def _children(tree: Tree) -> Iterator[Tree]:
    """Yield the expressions directly inside an expression."""
    for body in tree.values():
        if isinstance(body, Mapping):
            yield from (as_tree(part) for key, part in body.items() if key in ("left", "right", "arg"))
        elif isinstance(body, Sequence) and not isinstance(body, str):
            yield from (as_tree(part) for part in body)


def reading(*trees: Tree) -> Reading:
    """Return all that some expressions read."""
    paths: set[tuple[str, ...]] = set()
    variables: set[str] = set()
    waiting = list(trees)
    while waiting:
        tree = waiting.pop()
        path = _path(tree)
        if path:
            paths.add(path)
        elif "Var" in tree:
            variables.add(str(tree["Var"]))
        else:
            waiting.extend(_children(tree))
    return Reading(paths=frozenset(paths), variables=frozenset(variables - {"context"}))


def operators(tree: Tree) -> Iterator[str]:
    """Yield every operator an expression uses."""
    yield from tree
    for child in _children(tree):
        yield from operators(child)


def entities(value: object) -> Iterator[tuple[str, str]]:
    """Yield every entity a statement names, as type and id. Parsed JSON is plain dicts and lists."""
    if isinstance(value, dict):
        if set(value) == {"type", "id"}:
            yield str(value["type"]), str(value["id"])
        for part in value.values():
            yield from entities(part)
    elif isinstance(value, list):
        for part in value:
            yield from entities(part)


def is_atom(tree: Tree) -> bool:
    """Return whether an expression is one condition: a truth, a comparison, or a guarded comparison."""
    if _path(tree):
        return True
    if "&&" in tree:
        both = as_tree(tree["&&"])
        left, right = as_tree(both["left"]), as_tree(both["right"])
        return "has" in left and is_atom(right) and reading(left).paths == reading(right).paths
    return len(tree) == 1 and next(iter(tree)) in _COMPARISONS and not _nested(tree)


def _nested(tree: Tree) -> bool:
    """Return whether a comparison holds another condition inside."""
    inner = {operator for child in _children(tree) for operator in operators(child)}
    return bool(inner & (_COMPARISONS | {"&&", "||", "!"}))


def conditions(statement: Tree, kind: str) -> tuple[Tree, ...]:
    """Return the bodies of a statement's `when` or `unless` conditions."""
    listed = statement["conditions"]
    assert isinstance(listed, Sequence), "Cedar's JSON form holds a list of conditions"
    return tuple(as_tree(as_tree(part)["body"]) for part in listed if as_tree(part)["kind"] == kind)


def scope_reads_item(statement: Tree) -> bool:
    """Return whether the scope of a statement tells data items apart."""
    return as_tree(statement["resource"])["op"] != "All"


class Statements:
    """The statements of one policy text, read into clauses one by one."""

    def __init__(
        self, *, family: AgreementFamily, version: VersionName, file: str, text: str, vocabulary: Vocabulary
    ) -> None:
        self._family = family
        self._version = version
        self._file = file
        self._lines = text.splitlines()
        self._vocabulary = vocabulary
        self._facts = {fact.name for fact in vocabulary.facts} | {row.name for row in vocabulary.derived}
        self._catalogue = catalogue(vocabulary)
        self._line_of = {
            match.group(1): number for number, line in enumerate(self._lines, start=1) if (match := _ID.search(line))
        }

    def clauses(self, statements: Sequence[Tree]) -> tuple[Clause, ...]:
        """Return the clauses of a policy in the order written.

        Raises: Unreadable: a statement breaks a rule of the house.
        """
        seen: set[str] = set()
        found = []
        for statement in statements:
            clause = self._clause(statement)
            if clause.name in seen:
                raise self._fault(clause.name, f"the id `{clause.name}` stands twice", "rename one of them")
            seen.add(clause.name)
            found.append(clause)
        return tuple(found)

    def _fault(self, name: str, why: str, next_step: str) -> Unreadable:
        return Unreadable(self._file, self._line_of.get(name, 1), why=why, next_step=next_step)

    def _clause(self, statement: Tree) -> Clause:
        notes = self._annotations(statement)
        name = notes["id"]
        effect = Effect(str(statement["effect"]))
        when, unless = conditions(statement, "when"), conditions(statement, "unless")
        required = reading(*unless)
        self._check_words(name, statement, reading(*when), required)
        if effect is Effect.PERMIT:
            self._check_gateway(name, notes, when, unless)
            self._check_gateway_scope(name, statement)
        else:
            self._check_condition(name, notes, when, unless, by_scope=scope_reads_item(statement))
        judged = required.under("judged")
        declared = required.under("declared")
        return Clause(
            ref=ClauseRef(family=self._family, version=self._version, clause=name),
            number=notes["clause"],
            says=notes["says"],
            effect=effect,
            consequence=Consequence(notes["consequence"]) if effect is Effect.FORBID else None,
            unstated=self._consequence(name, notes.get("unstated", Consequence.RETURN.value)),
            cure=notes.get("cure", ""),
            facts=required.facts,
            declaration=Slug(next(iter(declared))) if declared else None,
            question=Slug(next(iter(judged))) if judged else None,
            purposes=frozenset(Slug(word) for kind, word in entities(statement) if kind == "Purpose"),
            reads_item=scope_reads_item(statement) or "resource" in reading(*when, *unless).variables,
            ordered=notes.get("standing") == "ordered",
            rule=_canonical(statement),
            policy=self._wording(name),
            line=self._line_of.get(name, 1),
        )

    def _annotations(self, statement: Tree) -> Mapping[str, str]:
        notes = {key: str(value or "") for key, value in as_tree(statement.get("annotations", {})).items()}
        name = notes.get("id", "")
        for needed in ("id", "clause", "says"):
            if not notes.get(needed):
                raise self._fault(name, f"a statement has no @{needed}", f'add `@{needed}("…")` above it')
        unknown = sorted(set(notes) - KNOWN_ANNOTATIONS)
        if unknown:
            raise self._fault(name, f"@{unknown[0]} is not known", "use the annotations of the how-to page")
        return notes

    def _consequence(self, name: str, written: str) -> Consequence:
        if written not in tuple(Consequence):
            raise self._fault(name, f"`{written}` is no consequence", "write `return`, `refuse` or `refer`")
        return Consequence(written)

    def _check_words(self, name: str, statement: Tree, when: Reading, unless: Reading) -> None:
        """Every word a statement uses is published, and every operator can be proved about."""
        if {("declared",), ("judged",)} & (when.paths | unless.paths):
            raise self._fault(name, "it reads a whole record of answers", "name the one answer it reads")
        known = self._facts | ({"countersigned_by"} if self._vocabulary.ranks else set())
        strange = sorted((when.facts | unless.facts) - known)
        if strange:
            raise self._fault(name, f"`{strange[0]}` is no fact of the vocabulary", "publish it there first")
        for kind, entity in entities(statement):
            if (kind, entity) not in self._catalogue:
                raise self._fault(
                    name, f'`{kind}::"{entity}"` is not in the catalogue', "correct the word or publish it"
                )
        for body in (*conditions(statement, "when"), *conditions(statement, "unless")):
            clever = sorted(set(operators(body)) - _OPERATORS)
            if clever:
                raise self._fault(name, f"`{clever[0]}` is not used in agreements", "say it with comparisons")

    def _check_gateway(self, name: str, notes: Mapping[str, str], when: Sequence[Tree], unless: Sequence[Tree]) -> None:
        reads = reading(*when)
        if unless or reads.under("judged") or reads.under("declared"):
            raise self._fault(
                name,
                "a gateway holds a condition that belongs into a clause of its own",
                "write the condition as its own `forbid … unless`",
            )
        if not any(path == ("purpose",) for path in reads.paths):
            raise self._fault(name, "a gateway names no purpose", "add `context.purpose == …`")
        if "consequence" in notes:
            raise self._fault(name, "a gateway has no consequence", "remove @consequence")

    def _check_gateway_scope(self, name: str, statement: Tree) -> None:
        for part, what in (("principal", "who may ask"), ("action", "what may be done"), ("resource", "which items")):
            if as_tree(statement[part])["op"] == "All":
                raise self._fault(
                    name, f"a gateway does not say {what}", f"write a group, an act and a class of items: `{part} …`"
                )

    def _check_condition(
        self,
        name: str,
        notes: Mapping[str, str],
        when: Sequence[Tree],
        unless: Sequence[Tree],
        *,
        by_scope: bool,
    ) -> None:
        consequence = self._consequence(name, notes.get("consequence", ""))
        if len(when) > 1 or len(unless) > 1:
            raise self._fault(name, "it has more than one `when` or `unless`", "split it into two clauses")
        if unless and not is_atom(unless[0]):
            raise self._fault(name, "its `unless` holds more than one condition", "write one forbid for each condition")
        guard = reading(*when)
        if guard.under("judged") or guard.under("declared"):
            raise self._fault(
                name,
                "a judgement or declaration stands in `when`",
                "read it in the `unless` of a clause of its own, so that an open one never opens a door",
            )
        required = reading(*unless)
        self._check_consequence(name, consequence, required, has_condition=bool(unless))
        tells_items = by_scope or "resource" in guard.variables | required.variables
        if tells_items and (required.paths or consequence is not Consequence.REFUSE):
            raise self._fault(
                name,
                "a clause that tells data items apart holds another condition too",
                "let it refuse the item, and write the condition as a clause of its own",
            )

    def _check_consequence(
        self, name: str, consequence: Consequence, required: Reading, *, has_condition: bool
    ) -> None:
        judged = required.under("judged")
        kinds = {question.name: question.kind for question in self._vocabulary.questions}
        for question in judged:
            if kinds.get(Slug(question)) is None:
                raise self._fault(name, f"`{question}` is no reserved question", "publish its words first")
        ruling = any(kinds[Slug(question)] is QuestionKind.RULING for question in judged)
        if ruling != (consequence is Consequence.REFER):
            raise self._fault(name, "only a ruling refers, and a ruling always does", "correct @consequence")
        if judged and not ruling and consequence is not Consequence.REFUSE:
            raise self._fault(name, "a judgement answered no must refuse", 'write @consequence("refuse")')
        if consequence is Consequence.RETURN and not has_condition:
            raise self._fault(name, "nothing could complete the request", "an absolute bar must refuse")
        strange = required.under("declared") - {row.name for row in self._vocabulary.declarations}
        if strange:
            raise self._fault(name, f"`{min(strange)}` is no declaration", "publish its words first")

    def _wording(self, name: str) -> str:
        """Return the Cedar text of a statement, from its @id to the semicolon."""
        start = self._line_of.get(name, 1) - 1
        end = start
        while end < len(self._lines) - 1 and not self._lines[end].rstrip().endswith(";"):
            end += 1
        return "\n".join(self._lines[start : end + 1])


def _canonical(statement: Tree) -> str:
    """Return a statement without its words, so that a change of rule is told from a change of wording."""
    bare = {key: value for key, value in statement.items() if key != "annotations"}
    return json.dumps(bare, sort_keys=True, separators=(",", ":"))


def catalogue(vocabulary: Vocabulary) -> frozenset[tuple[str, str]]:
    """Return every entity a policy of the family may name, as Cedar type and id."""
    from_lists = {(kind, word) for kind, words in enumerations(vocabulary).items() for word in words}
    members = {("Organisation", str(member)) for group in vocabulary.organisations for member in group.members}
    items = {("DataItem", item) for item in item_parents(vocabulary)}
    return frozenset(from_lists | members | items | {("Action", "Disclose")})
