"""The Cedar schema and catalogue that a vocabulary generates. Nothing here is written by hand twice.

Rules of the room:
- Closed lists are enumerated entity types; a yes-or-no fact is an `Answer`, whose third value is silence.
- Declarations and judgements are required truths; only whole numbers may be absent, behind `has`.
"""

from collections.abc import Mapping, Sequence

from privity.agreement.vocabulary import NO, NOT_COUNTERSIGNED, NOT_STATED, YES, Fact, Term, Vocabulary
from privity.definitions.item import DataItem, ItemClass
from privity.request.form import FieldKind

Json = Mapping[str, object]


def entity_type(fact_name: str) -> str:
    """Return the Cedar type of a closed list, e.g. `WelfareConcern` of `welfare_concern`."""
    return "".join(part.capitalize() for part in fact_name.split("_"))


def enumerations(vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """Return every closed list of a family: Cedar type to its words."""
    lists: dict[str, tuple[str, ...]] = {
        "OrgGroup": tuple(group.name for group in vocabulary.organisations),
        "ItemClass": (*(kind.value for kind in ItemClass), *vocabulary.item_classes),
        "Purpose": tuple(word for word, _ in vocabulary.purposes),
        "Answer": (YES, NO, NOT_STATED),
    }
    if vocabulary.ranks:
        lists["Rank"] = (NOT_COUNTERSIGNED, *(word for word, _ in vocabulary.ranks))
    for fact in vocabulary.facts:
        if fact.kind is FieldKind.ONE_OF:
            lists[entity_type(fact.name)] = (*(word for word, _ in fact.choices), NOT_STATED)
    for threshold in vocabulary.derived:
        lists[entity_type(threshold.name)] = tuple(term.value for term in Term)
    return lists


def item_parents(vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """Return each data item with the classes it belongs to. The catalogue of items is the house's own."""
    return {
        item.value: (
            item.item_class.value,
            *sorted(name for name, members in vocabulary.item_classes.items() if item in members),
        )
        for item in DataItem
    }


def cedar_schema(vocabulary: Vocabulary) -> Json:
    """Return the schema in Cedar's JSON form."""
    types: dict[str, Json] = {kind: {"enum": list(words)} for kind, words in enumerations(vocabulary).items()}
    types["Organisation"] = {"memberOfTypes": ["OrgGroup"]}
    types["DataItem"] = {"memberOfTypes": ["ItemClass"]}
    disclose = {
        "principalTypes": ["Organisation"],
        "resourceTypes": ["DataItem"],
        "context": {"type": "Record", "attributes": _attributes(vocabulary)},
    }
    return {"": {"entityTypes": types, "actions": {"Disclose": {"appliesTo": disclose}}}}


def _attributes(vocabulary: Vocabulary) -> Json:
    attributes: dict[str, Json] = {"purpose": _entity("Purpose")}
    for fact in vocabulary.facts:
        attributes[fact.name] = _fact_type(fact)
    for threshold in vocabulary.derived:
        attributes[threshold.name] = _entity(entity_type(threshold.name))
    if vocabulary.ranks:
        attributes["countersigned_by"] = _entity("Rank")
    attributes["declared"] = _truths([declaration.name for declaration in vocabulary.declarations])
    attributes["judged"] = _truths([question.name for question in vocabulary.questions])
    return attributes


def _entity(name: str) -> Json:
    return {"type": "Entity", "name": name}


def _truths(names: Sequence[str]) -> Json:
    return {"type": "Record", "attributes": {name: {"type": "Boolean"} for name in names}}


def _fact_type(fact: Fact) -> Json:
    match fact.kind:
        case FieldKind.YES_NO:
            return _entity("Answer")
        case FieldKind.ONE_OF:
            return _entity(entity_type(fact.name))
        case FieldKind.WHOLE_NUMBER:
            return {"type": "Long", "required": False}


def cedar_entities(vocabulary: Vocabulary) -> list[Json]:
    """Return the entity store: organisations in their groups, data items in their classes."""
    groups: dict[str, list[str]] = {}
    for group in vocabulary.organisations:
        for member in group.members:
            groups.setdefault(member, []).append(group.name)
    organisations = [_placed("Organisation", name, "OrgGroup", parents) for name, parents in groups.items()]
    items = [_placed("DataItem", name, "ItemClass", parents) for name, parents in item_parents(vocabulary).items()]
    return organisations + items


def _placed(kind: str, name: str, parent_kind: str, parents: Sequence[str]) -> Json:
    return {
        "uid": {"type": kind, "id": name},
        "attrs": {},
        "parents": [{"type": parent_kind, "id": parent} for parent in parents],
    }
