"""What a change of version means for requests: what is newly possible, what newly refused, one example each.

A third layer beside the words and the clauses (comparison.py). Every example was run through Cedar.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from privity.agreement.claims import NEW, OLD, Versus, relation, versus
from privity.agreement.possible import Value
from privity.agreement.version import Claim, Version
from privity.agreement.witness import Witness
from privity.definitions.item import DataItem
from privity.definitions.reference import Slug

SENTENCES = (
    "Every possible request is decided as before.",
    "Nothing is newly possible; that is proved for every possible request.",
    "Opened, %(purpose)s: %(items)s.",
    "Shut, %(purpose)s: %(items)s.",
    "Newly possible: %(example)s",
    "Newly refused: %(example)s",
)
"""What is said around the agreement's own words and the solver's examples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What changes for one purpose: an example newly possible and one newly refused, where there is any.

    `gained` and `lost` are the data items for which the purpose opened, or shut, altogether.
    """

    purpose: Slug
    words: str
    newly_possible: Witness | None
    newly_refused: Witness | None
    gained: tuple[DataItem, ...]
    lost: tuple[DataItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one version means against another: how they relate, and what shifts for which purpose."""

    before: Version
    after: Version
    relation: Claim
    shifts: tuple[Shift, ...]


def meaning(before: Version, after: Version) -> Meaning:
    """Return what the later version means for requests, against the earlier.

    Raises: Undecided: the solver gave up. WitnessRefuted: Cedar contradicts the solver.
    """
    pair = versus(before, after)
    holds, _, _ = relation(pair)
    return Meaning(before=before, after=after, relation=holds, shifts=tuple(_shifts(pair)))


def _shifts(pair: Versus) -> Iterator[Shift]:
    for purpose, words in pair.after.vocabulary.purposes:
        within: Mapping[str, Value] = {"context.purpose": purpose}
        more, less = pair.newly_possible(within), pair.newly_refused(within)
        if more is None and less is None:
            continue
        was = open_items(pair, OLD, within)
        now = open_items(pair, NEW, within)
        yield Shift(
            purpose=purpose,
            words=words,
            newly_possible=more,
            newly_refused=less,
            gained=tuple(item for item in DataItem if item in now - was),
            lost=tuple(item for item in DataItem if item in was - now),
        )


def open_items(pair: Versus, tag: str, within: Mapping[str, Value]) -> frozenset[DataItem]:
    """Return the items that some request of this kind can obtain."""
    return frozenset(
        item for item in DataItem if pair.prover.can_be({f"{tag} allows": True, "resource": item.value, **within})
    )


def told(found: Meaning) -> Iterator[str]:
    """Yield the meaning in sentences."""
    if found.relation is Claim.RESTATES:
        yield "Every possible request is decided as before."
    if found.relation is Claim.NARROWS:
        yield "Nothing is newly possible; that is proved for every possible request."
    for shift in found.shifts:
        if shift.gained:
            yield f"Opened, {shift.words}: {_items(shift.gained)}."
        if shift.lost:
            yield f"Shut, {shift.words}: {_items(shift.lost)}."
        if shift.newly_possible is not None:
            yield f"Newly possible: {shift.newly_possible.says}"
        if shift.newly_refused is not None:
            yield f"Newly refused: {shift.newly_refused.says}"


def _items(items: tuple[DataItem, ...]) -> str:
    return ", ".join(item.words for item in items)
