"""From the clauses that fired to a standing that can be cited and argued with.

Rules of the room:
- A clause that fired stands against. What follows from it is written on it: refuse, return or refer.
- Where its condition reads a fact nobody stated, what follows is what the clause says of silence.
- A reserved clause whose question was answered no refuses; one that nobody answered waits.
- Where no gateway is open, the gateways themselves are cited: none of them fits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from privity.agreement.assessment import (
    Answer,
    Asked,
    Assessment,
    Finding,
    ItemFinding,
    ItemOutcome,
    Standing,
    UrgencyFinding,
)
from privity.agreement.version import Clause, Consequence, Effect, Version
from privity.agreement.vocabulary import QuestionKind, ReservedQuestion
from privity.definitions.clause import CitedClause
from privity.definitions.item import DataItem
from privity.definitions.reference import Slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the engine said of one data item: the forbids that fired, and the clauses that apply."""

    allowed: bool
    fired: frozenset[str]
    applying: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Against:
    """One clause that stands against, and what follows from it. `open` clauses wait for an answer."""

    clause: Clause
    follows: Consequence
    open: bool


def _against(
    version: Version, verdict: Verdict, answered: Mapping[Slug, bool], unstated: frozenset[str]
) -> tuple[_Against, ...]:
    """Return the clauses that stand against, in the order of the policy."""
    found = []
    for clause, name, _ in _all_met(version):
        if name not in verdict.fired or clause.consequence is None:
            continue
        if clause.question is not None:
            open_still = clause.question not in answered
            follows = clause.consequence if open_still else Consequence.REFUSE
        else:
            open_still = False
            follows = clause.unstated if clause.facts & unstated else clause.consequence
        found.append(_Against(clause=clause, follows=follows, open=open_still))
    return tuple(found)


def _gateways(version: Version, verdict: Verdict) -> tuple[Clause, ...]:
    """Return the gateways that are open."""
    return tuple(
        clause for clause in version.clauses if clause.effect is Effect.PERMIT and clause.name in verdict.applying
    )


def _is_struck(version: Version, verdict: Verdict, gateway_elsewhere: bool) -> bool:
    """Return whether the item itself is what the agreement bars, not the request."""
    barred = any(clause.reads_item and clause.name in verdict.fired for clause in version.clauses)
    return barred or (gateway_elsewhere and not _gateways(version, verdict))


def _standing(version: Version, verdict: Verdict, against: Sequence[_Against]) -> tuple[Standing, tuple[Clause, ...]]:
    """Return the standing of one item and the clauses that carry it."""
    refusing = tuple(row.clause for row in against if not row.open and row.follows is Consequence.REFUSE)
    gateways = _gateways(version, verdict)
    if refusing:
        return Standing.REFUSED, refusing
    if not gateways:
        return Standing.REFUSED, tuple(row for row in version.clauses if row.effect is Effect.PERMIT)
    returning = tuple(row.clause for row in against if not row.open and row.follows is Consequence.RETURN)
    if returning:
        return Standing.INCOMPLETE, returning
    rulings = tuple(row.clause for row in against if row.follows is Consequence.REFER)
    if rulings:
        return Standing.NEEDS_RULING, rulings
    if against:
        return Standing.NEEDS_JUDGEMENT, tuple(row.clause for row in against)
    ordered = any(clause.ordered for clause in gateways)
    return (Standing.ORDERED if ordered else Standing.PERMITTED), gateways


_OUTCOMES = {
    Standing.PERMITTED: ItemOutcome.PERMITTED,
    Standing.ORDERED: ItemOutcome.PERMITTED,
    Standing.REFUSED: ItemOutcome.REFUSED,
    Standing.NEEDS_JUDGEMENT: ItemOutcome.NEEDS,
    Standing.NEEDS_RULING: ItemOutcome.NEEDS,
    Standing.INCOMPLETE: ItemOutcome.NEEDS,
}


def assessment(
    version: Version,
    asked: Asked,
    verdicts: Mapping[DataItem, Verdict],
    *,
    unstated: frozenset[str],
    engine: str,
) -> Assessment:
    """Return the whole answer from the engine's verdict on each item.

    Args: unstated: names of facts without a value. engine: name and version, stamped on the answer.
    """
    answered = dict(asked.judged)
    distinct = set(verdicts.values())
    gateway_somewhere = any(_gateways(version, verdict) for verdict in distinct)
    rows = {verdict: _against(version, verdict, answered, unstated) for verdict in distinct}
    outcomes = {
        verdict: _outcome(version, verdict, rows[verdict], gateway_somewhere=gateway_somewhere) for verdict in distinct
    }
    in_order = [item for item in DataItem if item in verdicts]
    first = next((item for item in in_order if not outcomes[verdicts[item]].struck), in_order[0])
    leading = verdicts[first]
    against = rows[leading]
    standing, carrying = _standing(version, leading, against)
    return Assessment(
        family=version.family,
        version=version.name,
        policy_sha256=version.policy_sha256,
        vocabulary_sha256=version.vocabulary.sha256,
        engine=engine,
        standing=standing,
        items=tuple(_item_finding(item, outcomes[verdicts[item]]) for item in in_order),
        findings=_findings(version, leading, rows),
        open_questions=_open_questions(version, standing, against),
        cures=_cures(against, standing),
        cited=tuple(clause.cited for clause in carrying),
        urgency=_urgency(version, asked),
        unstated=frozenset(name for row in against for name in row.clause.facts & unstated if not row.open),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _ItemOutcome:
    """Where the items of one verdict stand, and by which clauses."""

    outcome: ItemOutcome
    cited: tuple[CitedClause, ...]
    struck: bool
    live: tuple[Slug, ...]


def _outcome(
    version: Version, verdict: Verdict, against: Sequence[_Against], *, gateway_somewhere: bool
) -> _ItemOutcome:
    struck = _is_struck(version, verdict, gateway_somewhere)
    if not struck:
        standing, carrying = _standing(version, verdict, against)
        outcome = _OUTCOMES[standing]
    else:
        outcome = ItemOutcome.REFUSED
        carrying = tuple(row.clause for row in against if row.clause.reads_item) or tuple(
            clause for clause in version.clauses if clause.effect is Effect.PERMIT
        )
    waits = outcome is ItemOutcome.NEEDS and all(row.open for row in against)
    live = dict.fromkeys(row.clause.question for row in against if row.clause.question is not None) if waits else {}
    return _ItemOutcome(
        outcome=outcome, cited=tuple(clause.cited for clause in carrying), struck=struck, live=tuple(live)
    )


def _item_finding(item: DataItem, found: _ItemOutcome) -> ItemFinding:
    """Return the finding on an item. An answer can only open, so the one set needed is all live questions.

    evaluation.py holds exactly that against every combination of answers before anything is said.
    """
    return ItemFinding(
        item=item,
        outcome=found.outcome,
        cited=found.cited,
        struck=found.struck,
        needs=(found.live,) if found.live else (),
        vetoes=tuple((question,) for question in found.live),
    )


def _findings(version: Version, leading: Verdict, rows: Mapping[Verdict, Sequence[_Against]]) -> tuple[Finding, ...]:
    """Return a finding for every clause that applies, in the order of the policy.

    A clause that tells items apart is not met as soon as one item asked for does not meet it.
    """
    standing_against = {row.clause.name: row for row in rows[leading]}
    on_items = {row.clause.name: row for found in rows.values() for row in found if row.clause.reads_item}
    found = []
    for clause, name, met in _all_met(version):
        row = standing_against.get(name) or on_items.get(name)
        if row is not None:
            found.append(_finding(version, clause, row))
        elif name in leading.applying:
            found.append(met)
    return tuple(found)


@lru_cache(maxsize=64)
def _all_met(version: Version) -> tuple[tuple[Clause, str, Finding], ...]:
    """Return each clause with its name and the finding that it is met, which is the same for every request."""
    return tuple(
        (
            clause,
            clause.name,
            Finding(clause=clause.cited, answer=Answer.MET, consequence=clause.consequence),
        )
        for clause in version.clauses
    )


def _finding(version: Version, clause: Clause, row: _Against) -> Finding:
    question = None if clause.question is None else version.vocabulary.question(clause.question)
    return Finding(
        clause=clause.cited,
        answer=Answer.RESERVED if row.open else Answer.NOT_MET,
        consequence=row.follows,
        question=question,
        cure="" if row.open else clause.cure,
    )


def _open_questions(version: Version, standing: Standing, against: Iterable[_Against]) -> tuple[ReservedQuestion, ...]:
    """Return the questions that wait, rulings first; none where no answer could help."""
    if standing not in (Standing.NEEDS_JUDGEMENT, Standing.NEEDS_RULING):
        return ()
    names = dict.fromkeys(row.clause.question for row in against if row.clause.question is not None)
    questions = [version.vocabulary.question(name) for name in names]
    return tuple(sorted(questions, key=lambda question: question.kind is not QuestionKind.RULING))


def _cures(against: Iterable[_Against], standing: Standing) -> tuple[str, ...]:
    """Return what the requester could do, for the clauses that carry a return or a refusal."""
    if standing not in (Standing.INCOMPLETE, Standing.REFUSED):
        return ()
    return tuple(row.clause.cure for row in against if row.clause.cure and not row.open)


def _urgency(version: Version, asked: Asked) -> UrgencyFinding:
    """Return whether the grounds given for a shorter clock are ones the agreement knows.

    Source: S1: a shorter time may be asked for in exceptional circumstances; no number of days is reported.
    """
    terms = version.clock
    known = dict(version.vocabulary.exceptional)
    if not asked.urgency:
        reason = "no shorter clock was asked for"
        accepted = False
    elif asked.urgency in known:
        reason = known[Slug(asked.urgency)]
        accepted = True
    else:
        reason = "the grounds given are none of the exceptional circumstances the agreement lists"
        accepted = False
    urgent = terms.urgent_working_days
    return UrgencyFinding(
        asked=bool(asked.urgency),
        accepted=accepted,
        reason=reason,
        working_days=urgent if accepted and urgent is not None else terms.working_days,
        sooner=accepted and urgent is None,
    )
