"""A version in plain words: what may leave, to whom, for what, on what conditions, who decides, since when.

A structured value; the pages and letters that show it add nothing to it.
"""

from dataclasses import dataclass
from datetime import datetime

from privity.agreement.lifecycle import publication_gap_days
from privity.agreement.version import Clause, Consequence, Effect, Footing, PartyRole, Version, VersionState
from privity.definitions.item import DataItem, ItemClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition, with what follows where it is not met, in words."""

    clause: Clause
    says: str
    otherwise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainWords:
    """A version as anybody can read it. Doubtful statements are listed in `unverified`, never left out."""

    title: str
    summary: str
    governed: bool
    may_leave: tuple[str, ...]
    never_leaves: tuple[str, ...]
    to_whom: tuple[str, ...]
    purposes: tuple[str, ...]
    conditions: tuple[Condition, ...]
    reserved: tuple[str, ...]
    decided_by: str
    clock: str
    kept: str
    transport: str
    since: datetime
    until: datetime | None
    published: str
    legal_basis: tuple[str, ...]
    sources: tuple[str, ...]
    unverified: tuple[str, ...]


_OTHERWISE = {
    Consequence.REFUSE: "otherwise the request is refused",
    Consequence.RETURN: "otherwise the request goes back to be completed",
    Consequence.REFER: "a named person rules first",
}


def plain_words(version: Version) -> PlainWords:
    """Return a version in plain words."""
    footings = (*version.legal_basis, *version.sources, *version.relies_on)
    return PlainWords(
        title=version.title,
        summary=version.summary,
        governed=version.state is VersionState.WRITTEN,
        may_leave=tuple(item.words for item in DataItem if item in version.items),
        never_leaves=tuple(item.words for item in DataItem if item.item_class is ItemClass.CLINICAL),
        to_whom=tuple(row.words for row in version.parties if row.role is PartyRole.REQUESTER),
        purposes=tuple(row.says for row in version.clauses if row.effect is Effect.PERMIT),
        conditions=tuple(_condition(row) for row in version.clauses if row.consequence is not None),
        reserved=tuple(question.ask for question in version.questions),
        decided_by=version.decided_by,
        clock=_clock(version),
        kept=version.retention.words,
        transport=version.transport,
        since=version.effective_from,
        until=version.effective_to,
        published=_published(version),
        legal_basis=tuple(_footing(row) for row in version.legal_basis),
        sources=tuple(_footing(row) for row in version.sources),
        unverified=tuple(_footing(row) for row in footings if not row.verified),
    )


def _condition(clause: Clause) -> Condition:
    assert clause.consequence is not None, "conditions are forbids, and forbids have a consequence"
    return Condition(clause=clause, says=clause.says, otherwise=_OTHERWISE[clause.consequence])


def _clock(version: Version) -> str:
    terms = version.clock
    ordinary = f"A request is answered within {terms.working_days} working days."
    if not version.vocabulary.exceptional:
        return ordinary
    if terms.urgent_working_days is None:
        return f"{ordinary} In exceptional circumstances sooner; no number of days was published."
    return f"{ordinary} In exceptional circumstances within {terms.urgent_working_days}."


def _published(version: Version) -> str:
    if version.published_at is None:
        return "It was never published."
    late = publication_gap_days(version)
    return "Published before it took effect." if late == 0 else f"Published {late} days after it took effect."


def _footing(footing: Footing) -> str:
    return f"{footing.what}: {footing.note}" if footing.note else footing.what
