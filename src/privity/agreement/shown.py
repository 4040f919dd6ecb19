"""What Cedar is shown of a request: everything but the person, and a word for every silence."""

from collections.abc import Mapping
from types import MappingProxyType

from privity.agreement.assessment import Asked
from privity.agreement.policy import as_tree
from privity.agreement.schema import entity_type
from privity.agreement.version import Version
from privity.agreement.vocabulary import NO, NOT_COUNTERSIGNED, NOT_STATED, YES
from privity.definitions.reference import Slug
from privity.request.form import FieldKind
from privity.request.tracing_request import FactValue, TracingRequest

_NOTHING: Mapping[str, FactValue] = MappingProxyType({})
_NO_ANSWERS: Mapping[Slug, bool] = MappingProxyType({})


def asked_of(
    request: TracingRequest,
    *,
    gateway: Mapping[str, FactValue] = _NOTHING,
    judged: Mapping[Slug, bool] = _NO_ANSWERS,
) -> Asked:
    """Return what an agreement may look at of a request: everything but the person.

    Args: gateway: facts the gateway itself has seen. judged: answers given so far, by question.
    """
    facts = request.facts if not gateway else {**request.facts, **gateway}
    signature = request.countersignature
    return Asked(
        requester=request.requester,
        family=request.family,
        purpose=request.purpose,
        items=request.items,
        facts=frozenset((name, value.__class__, value) for name, value in facts.items()),
        declarations=request.declarations,
        judged=frozenset(judged.items()),
        countersigned_by=NOT_COUNTERSIGNED if signature is None else signature.rank,
        urgency=request.urgency,
    )


def _entity(kind: str, word: str) -> Mapping[str, object]:
    return {"__entity": {"type": kind, "id": word}}


def context_of(version: Version, asked: Asked, stated: Mapping[str, FactValue]) -> dict[str, object]:
    """Return Cedar's context but for the judgements; every silence has its own word."""
    words = version.vocabulary
    context: dict[str, object] = {"purpose": _entity("Purpose", asked.purpose)}
    for fact in words.facts:
        value = stated.get(fact.name)
        if fact.kind is FieldKind.WHOLE_NUMBER:
            if value is not None:
                context[fact.name] = value
        elif fact.kind is FieldKind.YES_NO:
            answer = NOT_STATED if value is None else (YES if value else NO)
            context[fact.name] = _entity("Answer", answer)
        else:
            context[fact.name] = _entity(entity_type(fact.name), NOT_STATED if value is None else str(value))
    for threshold in words.derived:
        offence = stated.get(threshold.offence)
        term = words.term(None if offence is None else Slug(str(offence)), threshold, version.statutes_as_at)
        context[threshold.name] = _entity(entity_type(threshold.name), term.value)
    if words.ranks:
        context["countersigned_by"] = _entity("Rank", asked.countersigned_by)
    context["declared"] = {row.name: row.name in asked.declarations for row in words.declarations}
    return context


def judging(plain: Mapping[str, object], version: Version, answers: Mapping[Slug, bool]) -> Mapping[str, object]:
    """Return the context with answers put in; a question without an answer is taken as answered no."""
    judged = {question.name: answers.get(question.name, False) for question in version.vocabulary.questions}
    return {**plain, "judged": judged}


def unstated_of(version: Version, plain: Mapping[str, object]) -> frozenset[str]:
    """Return the names of the facts that have no value of their own, derived ones included."""
    missing = set()
    for name in [
        *(fact.name for fact in version.vocabulary.facts),
        *(row.name for row in version.vocabulary.derived),
    ]:
        value = plain.get(name)
        if value is None or (isinstance(value, Mapping) and as_tree(value["__entity"])["id"] == NOT_STATED):
            missing.add(name)
    return frozenset(missing)


def cedar_request(version: Version, asked: Asked, item: str) -> dict[str, object]:
    """Return one request about one item as Cedar reads it; unanswered questions are answered no."""
    plain = context_of(version, asked, {name: value for name, _, value in asked.facts})
    return {
        "principal": {"type": "Organisation", "id": asked.requester},
        "action": {"type": "Action", "id": "Disclose"},
        "resource": {"type": "DataItem", "id": item},
        "context": judging(plain, version, dict(asked.judged)),
    }
