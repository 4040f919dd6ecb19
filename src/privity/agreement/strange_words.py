"""Words that an agreement does not publish are refused before any engine sees them."""

from privity.agreement.assessment import Asked
from privity.agreement.version import Version
from privity.agreement.vocabulary import NOT_COUNTERSIGNED
from privity.errors import Mistaken
from privity.request.form import FieldKind
from privity.request.tracing_request import FactValue


def mistaken(version: Version, why: str) -> Mistaken:
    """Return the refusal of a request that cannot be read under a version."""
    return Mistaken(
        f"the request was not assessed under `{version.reference}`",
        why=why,
        next_step="use the words the agreement publishes",
    )


def refuse_strange_words(version: Version, asked: Asked) -> None:
    """Refuse every word that the vocabulary does not publish, before the engine sees it."""
    words = version.vocabulary
    if asked.family != version.family:
        raise mistaken(version, f"it was made under `{asked.family}`")
    if not asked.items:
        raise mistaken(version, "it asks for no data item")
    if asked.purpose not in {word for word, _ in words.purposes}:
        raise mistaken(version, "its purpose is not one the agreement publishes")
    for name, _, value in asked.facts:
        _refuse_strange_fact(version, name, value)
    strange = asked.declarations - {row.name for row in words.declarations}
    strange |= {name for name, _ in asked.judged} - {row.name for row in words.questions}
    if strange:
        raise mistaken(version, f"`{min(strange)}` is no declaration or question of the agreement")
    ranks = {NOT_COUNTERSIGNED, *(rank for rank, _ in words.ranks)}
    if words.ranks and asked.countersigned_by not in ranks:
        raise mistaken(version, "the rank of the countersignature is not one the agreement publishes")


def _refuse_strange_fact(version: Version, name: str, value: FactValue) -> None:
    fact = version.vocabulary.fact(name)
    if fact is None:
        raise mistaken(version, f"`{name}` is no fact of the agreement")
    if fact.kind is FieldKind.YES_NO:
        fits = isinstance(value, bool)
    elif fact.kind is FieldKind.WHOLE_NUMBER:
        fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    else:
        fits = value in {word for word, _ in fact.choices}
    if not fits:
        raise mistaken(version, f"the value of `{name}` is not one it can have")
