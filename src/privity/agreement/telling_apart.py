"""A request that tells a broken policy from the whole one, where there is any.

Asked in this order, and shown only if the two really answer it differently:
1. one lets something leave that the other does not;
2. the clause stands under one and not under the other, with nothing graver standing beside it;
3. the clause stands under both, every fact it reads being stated, so that its consequence is what differs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from privity.agreement.assessment import Assessment
from privity.agreement.cases import Case, Cases, Expected, UrgencyExpected
from privity.agreement.claims import NEW, OLD, Versus, versus
from privity.agreement.evaluation import assess_asked
from privity.agreement.examples import Example, asked_in_case, example
from privity.agreement.mutation import CaughtBy, Tried, mutants, try_mutant
from privity.agreement.possible import GIVEN, Situation, Value
from privity.agreement.version import Clause, Consequence, Effect, Version
from privity.agreement.witness import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """All mutants of a version: which were caught by what, which nobody could catch, and the cases found.

    `alike` are mutants that decide every request as the whole policy does. `found` are new cases, one for
    each clause or mutant that no case turned on.
    """

    version: Version
    tried: tuple[Tried, ...]
    alike: tuple[Tried, ...]
    found: tuple[Example, ...]

    @property
    def missed(self) -> tuple[Tried, ...]:
        """Return the mutants that some request tells apart and nothing catches."""
        return tuple(row for row in self.tried if row.caught_by is CaughtBy.NOTHING)


def break_on_purpose(version: Version, cases: Cases, *, prefix: str = "found") -> Broken:
    """Return what becomes of every mutant of a version, and a case for each that nothing catches.

    Raises: Undecided: the solver gave up.
    """
    tried: list[Tried] = []
    alike: list[Tried] = []
    found: list[Example] = []
    more: list[Case] = []
    for mutant in mutants(version):
        row = try_mutant(version, mutant, cases)
        missed = row.caught_by is CaughtBy.NOTHING and row.version is not None
        if missed and try_mutant(version, mutant, _only(more)).caught_by is CaughtBy.NOTHING:
            assert row.version is not None, "a mutant that cases were tried on could be read"
            told = telling_apart(version, row.version, mutant.clause, f"{prefix}.{version.name}.{len(found) + 1}")
            if told is None:
                alike.append(row)
                continue
            found.append(told)
            more.append(as_expected(told))
        tried.append(row)
    return Broken(version=version, tried=tuple(tried), alike=tuple(alike), found=tuple(found))


def _only(requests: Sequence[Case]) -> Cases:
    return Cases(requests=tuple(requests), times=())


def as_expected(found: Example) -> Case:
    """Return a found request as a case that expects what the version says of it."""
    assessment = found.assessment
    expected = Expected(
        version=found.version.name,
        standing=assessment.standing,
        cites=frozenset(row.ref.clause for row in assessment.cited),
        asks=frozenset(row.name for row in assessment.open_questions),
        struck={row.item: frozenset(clause.ref.clause for clause in row.cited) for row in assessment.struck_items},
        urgency=UrgencyExpected.NOT_ASKED,
        line=1,
    )
    return Case(
        name=found.name,
        says=found.says,
        source="found by the solver",
        asked=found.asked,
        expected=(expected,),
        line=1,
    )


def telling_apart(whole: Version, changed: Version, clause: str, name: str) -> Example | None:
    """Return the smallest request that two policies answer differently, or None where there is none."""
    pair = versus(whole, changed)
    for situation in _situations(pair, whole, changed, clause):
        asked = asked_in_case(whole, situation)
        if _visible(assess_asked(whole, asked)) != _visible(assess_asked(changed, asked)):
            return example(whole, clause, name, sentence(whole.vocabulary, situation), asked)
    return None


def _visible(assessment: Assessment) -> object:
    """Return what a case can hold an assessment to."""
    struck = [(row.item, [clause.ref.clause for clause in row.cited]) for row in assessment.struck_items]
    asks = [row.name for row in assessment.open_questions]
    return assessment.standing, [row.ref.clause for row in assessment.cited], asks, struck


def _situations(pair: Versus, whole: Version, changed: Version, clause: str) -> Iterator[Situation]:
    for wanted in _wanted(whole, changed, clause):
        found = pair.prover.smallest(wanted)
        if found is not None:
            yield found


def _wanted(whole: Version, changed: Version, clause: str) -> Iterator[Mapping[str, Value]]:
    for first, second in ((OLD, NEW), (NEW, OLD)):
        yield {f"{first} allows": True, f"{second} allows": False}
    before, after = whole.clause(clause), changed.clause(clause)
    if before is None:
        return
    graver = _silent(whole, before)
    for stands, silent in ((OLD, NEW), (NEW, OLD)):
        if after is not None:
            differs: dict[str, Value] = {f"{stands} stands {clause}": True, f"{silent} stands {clause}": False}
            yield differs | graver | {f"{OLD} opens": True}
            yield differs | graver
            yield differs | _stated(whole, before)
            yield differs
    stated = {f"{OLD} stands {clause}": True, **_stated(whole, before)}
    yield stated | graver | {f"{OLD} opens": True}
    yield stated | graver
    yield stated


def _silent(version: Version, clause: Clause) -> dict[str, Value]:
    """Return the silence of every other clause that could speak before this one, or beside it."""
    if clause.effect is Effect.PERMIT:
        return {f"{OLD} bars": False}
    return {
        f"{OLD} stands {row.name}": False
        for row in version.clauses
        if row.effect is Effect.FORBID
        and row.name != clause.name
        and (row.question is None or clause.consequence is Consequence.REFER)
    }


def _stated(version: Version, clause: Clause) -> dict[str, Value]:
    """Return that every fact the clause reads was stated, so that its own consequence follows."""
    derived = {row.name: row.offence for row in version.vocabulary.derived}
    facts = {fact.name for fact in version.vocabulary.facts}
    return {f"context.{name} {GIVEN}": True for name in {derived.get(name, name) for name in clause.facts} & facts}
