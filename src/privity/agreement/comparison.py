"""Two versions side by side, by clause and in plain words.

Rules of the room:
- Clauses are compared by our name for them, never by line or number.
- A change of rule is told from a change of wording: the first changes what is decided.
- What a change means for requests (newly possible, newly refused) is for narrowing and replay to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from privity.agreement.version import Clause, Version
from privity.definitions.item import DataItem

TERMS = ("The clock", "How long information is kept", "How information travels", "Who decides")
"""What a version says beside its clauses."""


class ChangeKind(StrEnum):
    """How a clause differs between two versions."""

    ADDED = "added"
    """Only the later version has it."""
    REMOVED = "removed"
    """Only the earlier version has it."""
    RULE_CHANGED = "rule changed"
    """Both have it, and it decides differently."""
    REWORDED = "reworded"
    """Both have it, and it decides alike in other words."""
    SAME = "same"
    """Nothing changed but perhaps its number."""


SENTENCES = (
    "New (%(number)s): %(says)s",
    "Gone (was %(number)s): %(says)s",
    "Changed (%(number)s): %(says)s Before: %(before)s",
    "Changed (%(number)s): %(says)s Same words.",
    "Reworded (%(number)s), same rule: %(says)s",
    "Newly among the items that may leave: %(item)s.",
    "No longer among the items that may leave: %(item)s.",
    "%(what)s changed.",
    *TERMS,
)
"""What is said around the agreement's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseChange:
    """One clause before and after; one of the two is None where it was added or removed."""

    name: str
    kind: ChangeKind
    before: Clause | None
    after: Clause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All differences between two versions of one family. `words` tells them in sentences."""

    before: Version
    after: Version
    clauses: tuple[ClauseChange, ...]
    items_added: frozenset[DataItem]
    items_removed: frozenset[DataItem]
    words: tuple[str, ...]


def compare(before: Version, after: Version) -> Comparison:
    """Return the differences between two versions, in the order of the later one, removed clauses last."""
    changes = tuple(_changes(before, after))
    added, removed = after.items - before.items, before.items - after.items
    return Comparison(
        before=before,
        after=after,
        clauses=changes,
        items_added=added,
        items_removed=removed,
        words=tuple(_words(before, after, changes, added, removed)),
    )


def _changes(before: Version, after: Version) -> Iterator[ClauseChange]:
    for clause in after.clauses:
        earlier = before.clause(clause.name)
        yield ClauseChange(name=clause.name, kind=_kind(earlier, clause), before=earlier, after=clause)
    for clause in before.clauses:
        if after.clause(clause.name) is None:
            yield ClauseChange(name=clause.name, kind=ChangeKind.REMOVED, before=clause, after=None)


def _kind(before: Clause | None, after: Clause) -> ChangeKind:
    if before is None:
        return ChangeKind.ADDED
    deciding = (before.rule, before.consequence, before.unstated, before.ordered)
    if deciding != (after.rule, after.consequence, after.unstated, after.ordered):
        return ChangeKind.RULE_CHANGED
    reworded = (before.says, before.cure) != (after.says, after.cure)
    return ChangeKind.REWORDED if reworded else ChangeKind.SAME


def _words(
    before: Version,
    after: Version,
    changes: tuple[ClauseChange, ...],
    added: frozenset[DataItem],
    removed: frozenset[DataItem],
) -> Iterator[str]:
    """Yield the differences in sentences."""
    for change in changes:
        yield from _sentence(change)
    for item in sorted(added):
        yield f"Newly among the items that may leave: {item.words}."
    for item in sorted(removed):
        yield f"No longer among the items that may leave: {item.words}."
    were = (before.clock, before.retention, before.transport, before.decided_by)
    are = (after.clock, after.retention, after.transport, after.decided_by)
    for what, was, now in zip(TERMS, were, are, strict=True):
        if was != now:
            yield f"{what} changed."


def _sentence(change: ClauseChange) -> Iterator[str]:
    match change.kind:
        case ChangeKind.ADDED if change.after is not None:
            yield f"New ({change.after.number}): {change.after.says}"
        case ChangeKind.REMOVED if change.before is not None:
            yield f"Gone (was {change.before.number}): {change.before.says}"
        case ChangeKind.RULE_CHANGED if change.before is not None and change.after is not None:
            was = f"Before: {change.before.says}" if change.before.says != change.after.says else "Same words."
            yield f"Changed ({change.after.number}): {change.after.says} {was}"
        case ChangeKind.REWORDED if change.after is not None:
            yield f"Reworded ({change.after.number}), same rule: {change.after.says}"
        case _:
            return
