"""The door to Cedar: parsing, checking and deciding. No other module imports the engine.

How one request is decided, exactly and with few calls:
1. Data items the policy cannot tell apart are asked about once.
2. All open questions are first taken as answered no. The house style (policy.py) lets an answer only open,
   so the clauses that fire now are all that could ever stand against the request.
3. One call tells which forbids fire, which clauses apply and which gateway is open: to the forbids as
   written it adds, for every clause, a forbid that fires where the clause applies (its guard). A forbid
   added never turns a refusal into a permit, and the engine names every forbid that fires.
4. Where no forbid of the agreement fires, the agreement itself is asked. Where nothing but open questions
   stands against, it is asked about every combination of answers to those in one batch: none allowed is
   refused, all but the favourable refused is needs judgement.
5. Any diagnostic of the engine, and any answer that is neither yes nor no, is no decision.
"""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import cedarpy

from privity.agreement.assessment import Asked, Assessment
from privity.agreement.policy import Tree, as_tree, entities
from privity.agreement.schema import cedar_entities, cedar_schema, item_parents
from privity.agreement.shown import asked_of, cedar_request, context_of, judging, unstated_of
from privity.agreement.standing import Verdict, assessment
from privity.agreement.strange_words import mistaken, refuse_strange_words
from privity.agreement.version import Effect, Version
from privity.agreement.vocabulary import (
    FactSource,
    Vocabulary,
)
from privity.definitions.item import DataItem
from privity.definitions.reference import Slug
from privity.errors import Impossible, Mistaken
from privity.request.tracing_request import FactValue, TracingRequest

ENGINE = "cedarpy 4.12.2 (Cedar 4.12.0)"
"""Stamped on every assessment. A test holds it against the installed engine."""
REMEMBERED = 8_192
"""How many assessments are kept; the least recently used goes first."""
MOST_OPEN_QUESTIONS = 8
GUARD = "applies: "
"""Sets the ids of guards apart from the names of clauses, which hold no blank."""
_NOTHING: Mapping[str, FactValue] = MappingProxyType({})
_NO_ANSWERS: Mapping[Slug, bool] = MappingProxyType({})


class EvaluationFailed(Impossible):
    """The engine gave no clean answer, so there is no decision and nothing leaves."""

    def __init__(self, version: Version, why: str) -> None:
        super().__init__(
            f"no decision was reached under `{version.reference}`",
            why=why,
            next_step="nothing leaves; correct the agreement and assess again",
        )


class PolicyUnreadable(Mistaken):
    """A Cedar text does not parse."""

    def __init__(self, why: str) -> None:
        super().__init__("the policy was not understood", why=why, next_step="correct the Cedar text")


@lru_cache(maxsize=128)
def parse_policy(text: str) -> tuple[Tree, ...]:
    """Return the statements of a Cedar text in the order written, in Cedar's JSON form.

    Raises: PolicyUnreadable: it does not parse, or holds a template.
    """
    try:
        parsed = json.loads(cedarpy.policies_to_json_str(text))
    except ValueError as error:
        raise PolicyUnreadable(" ".join(str(error).split())) from error
    if parsed["templates"]:
        raise PolicyUnreadable("it holds a template, and templates are not used in agreements")
    numbered = parsed["staticPolicies"].items()
    return tuple(as_tree(body) for _, body in sorted(numbered, key=lambda pair: int(pair[0][len("policy") :])))


def policy_text(statements: Sequence[Tree]) -> str:
    """Return statements in Cedar's JSON form as a Cedar text, in their order."""
    numbered = {f"policy{place}": dict(body) for place, body in enumerate(statements)}
    whole = {"staticPolicies": numbered, "templates": {}, "templateLinks": []}
    return cedarpy.policies_from_json_str(json.dumps(whole))


def policy_faults(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what Cedar's own validation finds wrong with a policy against the generated schema."""
    schema = _schema(json.dumps(cedar_schema(vocabulary)))
    return tuple(" ".join(str(fault).split()) for fault in cedarpy.validate_policies(text, schema).errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Engine:
    """The parsed texts of one version, which data items it cannot tell apart, and which clauses always apply."""

    policies: cedarpy.PolicySet
    telling: cedarpy.PolicySet
    entities: cedarpy.Entities
    schema: cedarpy.Schema
    alike: Mapping[DataItem, DataItem]
    always: frozenset[str]
    questions: Mapping[str, Slug | None]
    gateways: frozenset[str]


@lru_cache(maxsize=32)
def _schema(text: str) -> cedarpy.Schema:
    return cedarpy.Schema.from_json_str(text)


@lru_cache(maxsize=32)
def _store(text: str) -> cedarpy.Entities:
    return cedarpy.Entities.from_json_str(text)


@lru_cache(maxsize=64)
def _engine(version: Version) -> _Engine:
    statements = parse_policy(version.policy)
    by_id = {str(as_tree(body["annotations"])["id"]): body for body in statements}
    return _Engine(
        policies=_policy_set(by_id),
        telling=_policy_set(
            {name: body for name, body in by_id.items() if body["effect"] == Effect.FORBID}
            | {f"{GUARD}{name}": _guard(body) for name, body in by_id.items()}
        ),
        entities=_store(json.dumps(cedar_entities(version.vocabulary))),
        schema=_schema(json.dumps(cedar_schema(version.vocabulary))),
        alike=_alike(version.vocabulary, statements),
        always=frozenset(name for name, body in by_id.items() if _always_applies(body)),
        questions={clause.name: clause.question for clause in version.clauses},
        gateways=frozenset(clause.name for clause in version.clauses if clause.effect is Effect.PERMIT),
    )


@lru_cache(maxsize=64)
def _gateway_facts(version: Version) -> frozenset[str]:
    """Return the names of the facts that only the gateway states."""
    return frozenset(row.name for row in version.vocabulary.facts if row.source is FactSource.GATEWAY)


def _policy_set(by_id: Mapping[str, Tree]) -> cedarpy.PolicySet:
    """Return a set whose engine ids are our clause names, so that diagnostics cite clauses."""
    whole = {"staticPolicies": dict(by_id), "templates": {}, "templateLinks": []}
    return cedarpy.PolicySet.from_json_str(json.dumps(whole))


def _guard(statement: Tree) -> Tree:
    """Return a forbid that fires where the statement applies: its scope and its `when`."""
    listed = statement["conditions"]
    assert isinstance(listed, Sequence), "Cedar's JSON form holds a list of conditions"
    applies = [part for part in listed if as_tree(part)["kind"] == "when"]
    return {**statement, "effect": "forbid", "conditions": applies}


def _always_applies(statement: Tree) -> bool:
    """Return whether a statement applies to every request: no scope and no `when`."""
    anybody = all(as_tree(statement[part])["op"] == "All" for part in ("principal", "action", "resource"))
    return anybody and not _guard(statement)["conditions"]


def _alike(vocabulary: Vocabulary, statements: Sequence[Tree]) -> Mapping[DataItem, DataItem]:
    """Return for each data item the first item that no statement can tell from it."""
    named = {entity for body in statements for entity in entities(body)}
    classes = {word for kind, word in named if kind == "ItemClass"}
    literally = {word for kind, word in named if kind == "DataItem"}
    first: dict[tuple[frozenset[str], str], DataItem] = {}
    alike = {}
    for name, parents in item_parents(vocabulary).items():
        mark = (frozenset(parents) & classes, name if name in literally else "")
        alike[DataItem(name)] = first.setdefault((frozenset(mark[0]), mark[1]), DataItem(name))
    return alike


def assess(
    version: Version,
    request: TracingRequest,
    *,
    gateway: Mapping[str, FactValue] = _NOTHING,
    judged: Mapping[Slug, bool] = _NO_ANSWERS,
) -> Assessment:
    """Return what a version says of a request, with the clauses that say it.

    Args:   gateway: facts the gateway itself has seen. judged: answers given so far, by question.
    Raises: EvaluationFailed: the engine gave no clean answer. Mistaken: a word that is not published.
    """
    own = _gateway_facts(version)
    if not gateway.keys() <= own:
        raise mistaken(version, f"`{min(gateway.keys() - own)}` is not a fact the gateway states")
    if not own.isdisjoint(request.facts):
        raise mistaken(version, "it states a fact that only the gateway states")
    return assess_asked(version, asked_of(request, gateway=gateway, judged=judged))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdicts:
    """The engine's verdict on each item, and the facts that had no value."""

    verdicts: Mapping[DataItem, Verdict]
    unstated: frozenset[str]


@lru_cache(maxsize=REMEMBERED)
def assess_asked(version: Version, asked: Asked) -> Assessment:
    """Return the assessment of what was asked. Pure, so results are remembered.

    Raises: EvaluationFailed: the engine gave no clean answer. Mistaken: a word that is not published.
    """
    return _assessed(version, asked, _remembered_verdicts)


def assess_afresh(version: Version, asked: Asked) -> Assessment:
    """Return the same assessment with nothing remembered: for measuring, and for holding the memory to it.

    Raises: EvaluationFailed: the engine gave no clean answer. Mistaken: a word that is not published.
    """
    return _assessed(version, asked, _verdicts)


def forget() -> None:
    """Forget every remembered answer."""
    assess_asked.cache_clear()
    _remembered_verdicts.cache_clear()


def _assessed(version: Version, asked: Asked, verdicts_of: Callable[[Version, Asked], _Verdicts]) -> Assessment:
    refuse_strange_words(version, asked)
    alike = _engine(version).alike
    shown = frozenset(alike[item] for item in asked.items)
    found = verdicts_of(version, replace(asked, items=shown, urgency=""))
    return assessment(
        version,
        asked,
        {item: found.verdicts[alike[item]] for item in asked.items},
        unstated=found.unstated,
        engine=ENGINE,
    )


def _verdicts(version: Version, asked: Asked) -> _Verdicts:
    """Return the engine's verdict on each item; the items are such that the policy tells each from the others."""
    engine = _engine(version)
    answered = dict(asked.judged)
    plain = context_of(version, asked, {name: value for name, _, value in asked.facts})
    unfavourable = judging(plain, version, answered)
    questions = [(item, unfavourable) for item in sorted(asked.items)]
    verdicts = {}
    for (item, _), told in zip(questions, _ask(version, engine.telling, questions, asked), strict=True):
        fired = frozenset(name for name in told.reasons if not name.startswith(GUARD))
        applying = frozenset(name.removeprefix(GUARD) for name in told.reasons if name.startswith(GUARD))
        allowed = not fired and _ask(version, engine.policies, [(item, unfavourable)], asked, checked=True)[0].allowed
        if told.allowed or not fired | engine.always <= applying:
            raise EvaluationFailed(version, f"the clauses on `{item.value}` do not explain the answer")
        verdicts[item] = Verdict(allowed=allowed, fired=fired, applying=applying)
    _check_by_possible_worlds(version, asked, verdicts, plain, answered)
    return _Verdicts(verdicts=verdicts, unstated=unstated_of(version, plain))


_remembered_verdicts = lru_cache(maxsize=REMEMBERED)(_verdicts)
"""Requests for items the policy cannot tell apart share one verdict."""


def discloses(version: Version, asked: Asked, *, item: str, entities: Sequence[Mapping[str, object]]) -> bool:
    """Return Cedar's own answer on one item of one possible request, with nothing of ours in between.

    Unanswered questions count as answered no.
    Args:   item: the id of the item, known or not. entities: who and what belongs where, in Cedar's form.
    Raises: EvaluationFailed: the engine gave no clean answer.
    """
    engine = _engine(version)
    store = cedarpy.Entities.from_json_str(json.dumps(list(entities)))
    (result,) = cedarpy.is_authorized_batch(
        [cedar_request(version, asked, item)], engine.policies, store, engine.schema
    )
    if result.diagnostics.errors or result.decision is cedarpy.Decision.NoDecision:
        raise EvaluationFailed(version, "a clause could not be evaluated")
    return bool(result.allowed)


def _check_by_possible_worlds(
    version: Version,
    asked: Asked,
    verdicts: Mapping[DataItem, Verdict],
    plain: Mapping[str, object],
    answered: Mapping[Slug, bool],
) -> None:
    """Hold the verdicts against every combination of answers to the open questions, in one batch.

    Where something else stands against, no answer can help, because a forbid that reads no answer fires in
    every world. Otherwise only the combination with every answer in favour may allow. Anything else would
    mean that the house style was not kept. The world in which every answer is no has been asked already.
    """
    questions = _engine(version).questions
    worlds: list[tuple[DataItem, Mapping[str, object]]] = []
    expected: list[bool] = []
    for item, verdict in verdicts.items():
        live = sorted({question for name in verdict.fired if (question := questions[name]) is not None})
        hopeless = _is_hopeless(version, verdict, answered)
        if verdict.allowed != (not live and not hopeless):
            raise EvaluationFailed(version, f"the clauses on `{item.value}` do not explain the answer")
        if hopeless or not live:
            continue
        if len(live) > MOST_OPEN_QUESTIONS:
            raise EvaluationFailed(version, f"{len(live)} questions are open at once")
        for answers in itertools.product((False, True), repeat=len(live)):
            if any(answers):
                world = {**answered, **dict(zip(live, answers, strict=True))}
                worlds.append((item, judging(plain, version, world)))
                expected.append(all(answers))
    results = _ask(version, _engine(version).policies, worlds, asked, checked=True) if worlds else []
    for (item, _), result, allowed in zip(worlds, results, expected, strict=True):
        if result.allowed != allowed:
            raise EvaluationFailed(version, f"the answers on `{item.value}` do not agree among themselves")


def _is_hopeless(version: Version, verdict: Verdict, answered: Mapping[Slug, bool]) -> bool:
    """Return whether no answer to an open question could allow."""
    engine = _engine(version)
    decided = any(engine.questions[name] is None or engine.questions[name] in answered for name in verdict.fired)
    return decided or not engine.gateways & verdict.applying


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """One clean answer of the engine."""

    allowed: bool
    reasons: frozenset[str]


def _ask(
    version: Version,
    policies: cedarpy.PolicySet,
    questions: Sequence[tuple[DataItem, Mapping[str, object]]],
    asked: Asked,
    *,
    checked: bool = False,
) -> list[_Decided]:
    """Return the engine's answers to a batch, one for each.

    Args:   checked: the same request was held against the schema before, but for answers yes or no.

    Raises: EvaluationFailed: an answer came with a diagnostic error, or is neither yes nor no.
    """
    engine = _engine(version)
    batch = [
        {
            "principal": {"type": "Organisation", "id": asked.requester},
            "action": {"type": "Action", "id": "Disclose"},
            "resource": {"type": "DataItem", "id": item.value},
            "context": context,
        }
        for item, context in questions
    ]
    results = cedarpy.is_authorized_batch(batch, policies, engine.entities, None if checked else engine.schema)
    if len(results) != len(batch):
        raise EvaluationFailed(version, "the engine answered fewer questions than it was asked")
    for result in results:
        if result.diagnostics.errors or result.decision is cedarpy.Decision.NoDecision:
            raise EvaluationFailed(version, "a clause could not be evaluated")
    return [_Decided(allowed=bool(result.allowed), reasons=frozenset(result.diagnostics.reasons)) for result in results]
