"""All requests that could ever be made under a family, as logic: what varies, and what is fixed.

Rules of the room:
- What varies is exactly what Cedar is shown: requester, item, purpose, facts, declarations, answers.
- In a closed world the groups are those of the vocabulary. In an open one anybody may be in any group and
  any item in any class: what is proved there holds whatever the catalogue becomes.
- A derived fact is no free choice: it follows from the offence and the statutes a version is pinned to.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from privity.agreement.evaluation import parse_policy
from privity.agreement.policy import as_tree
from privity.agreement.proposition import (
    LARGEST_NUMBER,
    Attribute,
    Compiler,
    Surroundings,
    both,
    declared_sorts,
    either,
    no,
    quoted,
)
from privity.agreement.schema import entity_type, enumerations, item_parents
from privity.agreement.version import Effect, Version
from privity.agreement.vocabulary import NOT_COUNTERSIGNED, NOT_STATED, Term, Vocabulary
from privity.definitions.item import DataItem
from privity.request.form import FieldKind

Value = bool | int | str
Situation = Mapping[str, Value]
"""One possible request: the name of everything that varies, with its value."""
SOMEBODY_ELSE = "somebody-else"
"""An organisation that the vocabulary does not know."""
SOMETHING_ELSE = "something-else"
"""A data item that nobody has thought of yet."""
GIVEN = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One thing that varies. `values` are tried in this order when a request is made as small as it can be."""

    name: str
    kind: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """The requests possible under a family. `lines` declare them; `variables` say what can be read back."""

    vocabulary: Vocabulary
    is_open: bool
    variables: tuple[Variable, ...]
    lines: tuple[str, ...]
    around: Surroundings


@lru_cache(maxsize=32)
def possible(version: Version, *, is_open: bool) -> Possible:
    """Return the requests possible under the family of a version.

    Args: is_open: let anybody be in any group and any item in any class.
    """
    return _possible(version.vocabulary, is_open=is_open, limits=_limits(version))


def _limits(version: Version) -> tuple[int, ...]:
    """Return the numbers worth trying: nought and both sides of every number the policy names."""
    named = {number for statement in parse_policy(version.policy) for number in _numbers(statement)}
    near = {close for number in named for close in (number - 1, number, number + 1)}
    return tuple(sorted({0} | {number for number in near if 0 <= number <= LARGEST_NUMBER}))


def _numbers(value: object) -> Iterator[int]:
    if isinstance(value, Mapping):
        found = value.get("Value")
        if isinstance(found, int) and not isinstance(found, bool):
            yield found
        for part in value.values():
            yield from _numbers(part)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            yield from _numbers(part)


def _possible(words: Vocabulary, *, is_open: bool, limits: tuple[int, ...]) -> Possible:
    organisations = tuple(dict.fromkeys(str(member) for group in words.organisations for member in group.members))
    lists = {
        "Organisation": (*organisations, SOMEBODY_ELSE),
        "DataItem": (*item_parents(words), SOMETHING_ELSE),
        "Action": ("Disclose",),
        **enumerations(words),
    }
    groups = {
        f"principal in OrgGroup {group.name}": _any("principal", "Organisation", group.members)
        for group in words.organisations
    }
    parents = item_parents(words)
    inside = {name: [item for item in parents if name in parents[item]] for name in lists["ItemClass"]}
    classes = {
        f"resource in ItemClass {name}": _any("resource", "DataItem", members) for name, members in inside.items()
    }
    memberships = groups | classes
    variables = tuple(_variables(words, lists, memberships, is_open=is_open, limits=limits))
    lines = declared_sorts(lists)
    for variable in variables:
        lines += _declared(variable)
    for fact in words.facts:
        if fact.kind is not FieldKind.WHOLE_NUMBER:
            kind = "Answer" if fact.kind is FieldKind.YES_NO else entity_type(fact.name)
            silent = f"(= {quoted(f'context.{fact.name}')} {quoted(f'{kind} {NOT_STATED}')})"
            lines += _defined(f"context.{fact.name} {GIVEN}", no(silent))
    if not is_open:
        for name, meant in memberships.items():
            lines += [f"(declare-const {quoted(name)} Bool)", f"(assert (= {quoted(name)} {meant}))"]
    around = Surroundings(
        attributes=_attributes(words),
        records=frozenset({(), ("declared",), ("judged",)}),
        principal_kind="Organisation",
        resource_kind="DataItem",
        memberships=frozenset(memberships),
    )
    return Possible(vocabulary=words, is_open=is_open, variables=variables, lines=tuple(lines), around=around)


def _any(variable: str, kind: str, words: Iterable[str]) -> str:
    return either(*(f"(= {quoted(variable)} {quoted(f'{kind} {word}')})" for word in words))


def _variables(
    words: Vocabulary,
    lists: Mapping[str, Sequence[str]],
    memberships: Mapping[str, str],
    *,
    is_open: bool,
    limits: tuple[int, ...],
) -> Iterator[Variable]:
    """Yield what varies, in the order in which a request is made small: the plain first, few answers needed."""
    core = sorted(
        {item for members in words.item_classes.values() for item in members},
        key=lambda item: (item is not DataItem.LAST_KNOWN_ADDRESS, list(DataItem).index(item)),
    )
    items = dict.fromkeys([*(item.value for item in core), *lists["DataItem"]])
    for name in memberships if is_open else ():
        yield Variable(name=name, kind="Bool", values=(False, True))
    yield Variable(name="resource", kind="DataItem", values=tuple(items))
    yield Variable(name="principal", kind="Organisation", values=tuple(lists["Organisation"]))
    yield Variable(name="context.purpose", kind="Purpose", values=tuple(lists["Purpose"]))
    for question in words.questions:
        yield Variable(name=f"judged {question.name}", kind="Bool", values=(False, True))
    for fact in words.facts:
        name = f"context.{fact.name}"
        if fact.kind is FieldKind.WHOLE_NUMBER:
            yield Variable(name=f"{name} {GIVEN}", kind="Bool", values=(False, True))
            yield Variable(name=name, kind="Int", values=limits)
        else:
            kind = "Answer" if fact.kind is FieldKind.YES_NO else entity_type(fact.name)
            yield Variable(name=name, kind=kind, values=tuple(_silence_first(lists[kind])))
    if words.ranks:
        yield Variable(name="context.countersigned_by", kind="Rank", values=tuple(_silence_first(lists["Rank"])))
    for declaration in words.declarations:
        yield Variable(name=f"declared {declaration.name}", kind="Bool", values=(False, True))


def _silence_first(listed: Sequence[str]) -> list[str]:
    return sorted(listed, key=lambda word: word not in (NOT_STATED, NOT_COUNTERSIGNED))


def _declared(variable: Variable) -> list[str]:
    name = quoted(variable.name)
    kind = variable.kind if variable.kind in ("Bool", "Int") else quoted(variable.kind)
    lines = [f"(declare-const {name} {kind})"]
    if variable.kind == "Int":
        lines.append(f"(assert (and (<= 0 {name}) (<= {name} {LARGEST_NUMBER})))")
    return lines


def _attributes(words: Vocabulary) -> dict[tuple[str, ...], Attribute]:
    """Return the attributes of the context but for the derived ones, which belong to a version."""
    found: dict[tuple[str, ...], Attribute] = {}
    found[("purpose",)] = Attribute(kind="Purpose", term=quoted("context.purpose"))
    for fact in words.facts:
        name = quoted(f"context.{fact.name}")
        if fact.kind is FieldKind.WHOLE_NUMBER:
            given = quoted(f"context.{fact.name} {GIVEN}")
            found[(fact.name,)] = Attribute(kind="Long", term=name, given=given)
        else:
            kind = "Answer" if fact.kind is FieldKind.YES_NO else entity_type(fact.name)
            found[(fact.name,)] = Attribute(kind=kind, term=name)
    if words.ranks:
        found[("countersigned_by",)] = Attribute(kind="Rank", term=quoted("context.countersigned_by"))
    for declaration in words.declarations:
        term = quoted(f"declared {declaration.name}")
        found[("declared", declaration.name)] = Attribute(kind="Bool", term=term)
    for question in words.questions:
        found[("judged", question.name)] = Attribute(kind="Bool", term=quoted(f"judged {question.name}"))
    return found


def version_lines(space: Possible, version: Version, tag: str) -> list[str]:
    """Return what a version says of every possible request, under names that begin with `tag`.

    For each clause `<tag> stands <clause>`; for the whole `<tag> errs`, `<tag> opens` (some gateway stands),
    `<tag> bars` (some forbid stands) and `<tag> allows`.

    Raises: NotLogic: a statement is outside the language of agreements.
    """
    lines: list[str] = []
    attributes = dict(space.around.attributes)
    for row in version.vocabulary.derived:
        term = f"{tag} {row.name}"
        kind = entity_type(row.name)
        follows = quoted(f"{kind} {Term.NOT_RECORDED.value}")
        for word in (None, *(offence.code for offence in version.vocabulary.offences)):
            value = version.vocabulary.term(word, row, version.statutes_as_at)
            asked = quoted(f"{entity_type(row.offence)} {NOT_STATED if word is None else word}")
            is_it = f"(= {quoted(f'context.{row.offence}')} {asked})"
            follows = f"(ite {is_it} {quoted(f'{kind} {value.value}')} {follows})"
        lines += [f"(declare-const {quoted(term)} {quoted(kind)})", f"(assert (= {quoted(term)} {follows}))"]
        attributes[(row.name,)] = Attribute(kind=kind, term=quoted(term))
    around = Surroundings(
        attributes=attributes,
        records=space.around.records,
        principal_kind=space.around.principal_kind,
        resource_kind=space.around.resource_kind,
        memberships=space.around.memberships,
    )
    return lines + _clause_lines(Compiler(around), version, tag)


def _clause_lines(compiler: Compiler, version: Version, tag: str) -> list[str]:
    lines: list[str] = []
    opens: list[str] = []
    bars: list[str] = []
    errs: list[str] = []
    for statement in parse_policy(version.policy):
        name = str(as_tree(statement["annotations"])["id"])
        term = compiler.statement(statement)
        stands = f"{tag} stands {name}"
        lines += _defined(stands, both(term.ok, term.value))
        errs.append(no(term.ok))
        (opens if statement["effect"] == Effect.PERMIT else bars).append(quoted(stands))
    lines += _defined(f"{tag} opens", either(*opens))
    lines += _defined(f"{tag} bars", either(*bars))
    lines += _defined(f"{tag} errs", either(*errs))
    return lines + _defined(f"{tag} allows", both(quoted(f"{tag} opens"), no(quoted(f"{tag} bars"))))


def _defined(name: str, meant: str) -> list[str]:
    return [f"(declare-const {quoted(name)} Bool)", f"(assert (= {quoted(name)} {meant}))"]
