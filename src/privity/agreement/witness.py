"""One possible request as a person can read it and as Cedar can run it.

Rules of the room:
- Nothing the solver found is shown before Cedar has run it.
- A situation names everything that varies; what is silent is left out of the sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from privity.agreement.assessment import Asked
from privity.agreement.evaluation import discloses
from privity.agreement.possible import GIVEN, SOMEBODY_ELSE, SOMETHING_ELSE, Possible, Situation
from privity.agreement.version import Version
from privity.agreement.vocabulary import NO, NOT_COUNTERSIGNED, NOT_STATED, YES, Fact, Vocabulary
from privity.definitions.item import DataItem, ItemClass
from privity.definitions.party import OrganisationId
from privity.definitions.reference import Slug
from privity.errors import Impossible
from privity.request.form import FieldKind
from privity.request.tracing_request import FactValue


class WitnessRefuted(Impossible):
    """The solver and Cedar disagree on one request, so nothing the solver said may be believed."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"nothing was proved about `{reference}`",
            why="Cedar decides the request that the solver found otherwise than the solver does",
            next_step="report the version and the request: the translation into logic is wrong",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A request that shows something. `says` tells it in one sentence; `ran` says what Cedar answered where."""

    situation: Situation
    asked: Asked
    item: str
    says: str
    ran: tuple[tuple[str, bool], ...]


def witness(space: Possible, situation: Situation, answers: Sequence[tuple[Version, bool]]) -> Witness:
    """Return a request the solver found, once Cedar has given the same answers to it.

    Args:   answers: versions, and whether the solver says that each would let the item leave.
    Raises: WitnessRefuted: Cedar decides otherwise.
    """
    asked = asked_in(space.vocabulary, situation)
    store = entities_in(space, situation)
    item = str(situation["resource"])
    for version, expected in answers:
        if discloses(version, asked, item=item, entities=store) is not expected:
            raise WitnessRefuted(version.reference)
    return Witness(
        situation=situation,
        asked=asked,
        item=item,
        says=sentence(space.vocabulary, situation),
        ran=tuple((version.reference, expected) for version, expected in answers),
    )


def asked_in(words: Vocabulary, situation: Situation) -> Asked:
    """Return a situation as a request. An item nobody has thought of yet becomes a name."""
    item = str(situation["resource"])
    facts = dict(_facts(words, situation))
    return Asked(
        requester=OrganisationId(str(situation["principal"])),
        family=words.family,
        purpose=Slug(str(situation["context.purpose"])),
        items=frozenset({DataItem.NAME if item == SOMETHING_ELSE else DataItem(item)}),
        facts=frozenset((name, value.__class__, value) for name, value in facts.items()),
        declarations=frozenset(row.name for row in words.declarations if situation[f"declared {row.name}"]),
        judged=frozenset((row.name, True) for row in words.questions if situation[f"judged {row.name}"]),
        countersigned_by=Slug(str(situation.get("context.countersigned_by", NOT_COUNTERSIGNED))),
    )


def _facts(words: Vocabulary, situation: Situation) -> Iterator[tuple[str, FactValue]]:
    for fact in words.facts:
        value = _stated(fact, situation)
        if value is not None:
            yield fact.name, value


def _stated(fact: Fact, situation: Situation) -> FactValue | None:
    """Return the value of a fact, or None where it is not stated."""
    value = situation[f"context.{fact.name}"]
    if fact.kind is FieldKind.WHOLE_NUMBER:
        return int(value) if situation[f"context.{fact.name} {GIVEN}"] else None
    if value == NOT_STATED:
        return None
    return {YES: True, NO: False}[Slug(str(value))] if fact.kind is FieldKind.YES_NO else Slug(str(value))


def entities_in(space: Possible, situation: Situation) -> list[Mapping[str, object]]:
    """Return the requester and the item with whatever they belong to in this situation."""
    around: dict[str, tuple[str, str, list[str]]] = {
        "principal": ("Organisation", "OrgGroup", [row.name for row in space.vocabulary.organisations]),
        "resource": ("DataItem", "ItemClass", [*(kind.value for kind in ItemClass), *space.vocabulary.item_classes]),
    }
    return [
        {
            "uid": {"type": kind, "id": str(situation[variable])},
            "attrs": {},
            "parents": [
                {"type": above, "id": str(name)}
                for name in names
                if _belongs(space, situation, variable, above, str(name))
            ],
        }
        for variable, (kind, above, names) in around.items()
    ]


def _belongs(space: Possible, situation: Situation, variable: str, above: str, name: str) -> bool:
    if space.is_open:
        return bool(situation[f"{variable} in {above} {name}"])
    if above == "OrgGroup":
        groups = {str(row.name): row.members for row in space.vocabulary.organisations}
        return situation[variable] in groups[name]
    if situation[variable] == SOMETHING_ELSE:
        return False
    item = DataItem(str(situation[variable]))
    return name == item.item_class.value or item in space.vocabulary.item_classes.get(Slug(name), frozenset())


def sentence(words: Vocabulary, situation: Situation) -> str:
    """Return a situation in one sentence; what was not stated, declared or answered is left out."""
    who = _who(str(situation["principal"]))
    purpose = dict(words.purposes)[Slug(str(situation["context.purpose"]))]
    told = [f"{who} asks for {_item_words(str(situation['resource']))}, {purpose}"]
    for fact in words.facts:
        value = _stated(fact, situation)
        if value is not None:
            told.append(f"{fact.name.replace('_', ' ')}: {_value_words(fact, value)}")
    rank = situation.get("context.countersigned_by", NOT_COUNTERSIGNED)
    if rank != NOT_COUNTERSIGNED:
        told.append(f"countersigned by: {dict(words.ranks)[Slug(str(rank))]}")
    declared = [row.name for row in words.declarations if situation[f"declared {row.name}"]]
    if declared:
        every = len(declared) == len(words.declarations)
        told.append("everything declared" if every else f"declared: {_listed(declared)}")
    answered = [row.words for row in words.questions if situation[f"judged {row.name}"]]
    if answered:
        told.append(f"found by a named person: {'; '.join(answered)}")
    return "; ".join(told) + "."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _who(principal: str) -> str:
    return "an organisation nobody named" if principal == SOMEBODY_ELSE else f"`{principal}`"


def _item_words(item: str) -> str:
    return "an item nobody has thought of yet" if item == SOMETHING_ELSE else DataItem(item).words


def _value_words(fact: Fact, value: FactValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    return dict(fact.choices)[Slug(value)]
