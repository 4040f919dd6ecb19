"""Cases the solver finds: for every clause a request that turns on it.

Rules of the room:
- A request turns on a clause when the clause alone makes the difference; where another clause always decides
  with it, when it is cited as a reason.
- A found case is written down with what Cedar and the room say of it today, to be read by a person once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from privity.agreement.assessment import Asked, Assessment
from privity.agreement.claims import NEW, decides_alone
from privity.agreement.evaluation import assess_asked
from privity.agreement.narrowing import Prover
from privity.agreement.possible import Situation, Value, possible, version_lines
from privity.agreement.version import Clause, Consequence, Effect, Version
from privity.agreement.vocabulary import NOT_COUNTERSIGNED
from privity.agreement.witness import asked_in, sentence
from privity.definitions.item import DataItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A request found for one clause of one version, and what the version says of it."""

    name: str
    says: str
    version: Version
    clause: str
    asked: Asked
    assessment: Assessment


def examples(version: Version, clauses: Iterable[str] | None = None) -> Iterator[Example]:
    """Yield a request for every clause, or for those named, that turns on it; none where none exists.

    Raises: Undecided: the solver gave up.
    """
    space = possible(version, is_open=False)
    prover = Prover([*space.lines, *version_lines(space, version, NEW)], space.variables)
    wanted = None if clauses is None else set(clauses)
    for clause in version.clauses:
        if wanted is None or clause.name in wanted:
            found = _turning_on(prover, version, clause)
            if found is not None:
                says = sentence(version.vocabulary, found)
                yield example(
                    version, clause.name, f"found.{version.name}.{clause.name}", says, asked_in_case(version, found)
                )


def example(version: Version, clause: str, name: str, says: str, asked: Asked) -> Example:
    """Return a request with what the version says of it."""
    return Example(
        name=name, says=says, version=version, clause=clause, asked=asked, assessment=assess_asked(version, asked)
    )


def asked_in_case(version: Version, situation: Situation) -> Asked:
    """Return a situation as a case asks it: rulings answered where they were needed, judgements left open."""
    asked = asked_in(version.vocabulary, situation)
    return replace(asked, judged=frozenset(row for row in asked.judged if situation.get(f"judged {row[0]}")))


def _turning_on(prover: Prover, version: Version, clause: Clause) -> Situation | None:
    """Return the smallest request that the clause decides alone, or else one in which it is cited."""
    first: dict[str, Value] = {}
    alone = prover.smallest(decides_alone(version, clause.name), first=first)
    if alone is not None and _cites(version, clause.name, alone):
        return alone
    for wanted in _settings(version, clause):
        found = prover.smallest(wanted, first=first)
        if found is not None and _cites(version, clause.name, found):
            return found
    return None


def _settings(version: Version, clause: Clause) -> Iterator[Mapping[str, Value]]:
    """Yield what surrounds a clause that never decides alone: as little else as possible standing with it."""
    stands: dict[str, Value] = {f"{NEW} stands {clause.name}": True}
    graver = _graver(version, clause)
    yield stands | {f"{NEW} opens": True} | graver
    yield stands | graver
    yield stands


def _graver(version: Version, clause: Clause) -> dict[str, Value]:
    """Return the silence of every clause that would speak before this one."""
    order = [Consequence.REFUSE, Consequence.RETURN, Consequence.REFER]
    if clause.effect is Effect.PERMIT or clause.consequence is None:
        return {f"{NEW} bars": False}
    before = order[: order.index(clause.consequence)]
    return {
        f"{NEW} stands {row.name}": False
        for row in version.clauses
        if row.consequence in before and row.question is None and row.name != clause.name
    }


def _cites(version: Version, name: str, situation: Situation) -> bool:
    assessment = assess_asked(version, asked_in_case(version, situation))
    cited = {row.ref.clause for row in assessment.cited}
    return name in cited | {row.ref.clause for found in assessment.items for row in found.cited}


def as_case(found: Example) -> str:
    """Return a found request as an entry of a file of cases."""
    asked, assessment = found.asked, found.assessment
    facts = {name: _written(value) for name, _, value in sorted(asked.facts)}
    lines = [
        f"  - case: {found.name}",
        f"    says: {_text(found.says)}",
        "    source: found by the solver",
        f"    requester: {asked.requester}",
        f"    purpose: {asked.purpose}",
        f"    items: {_list(item.value for item in DataItem if item in asked.items)}",
    ]
    if facts:
        lines.append(f"    facts: {{{', '.join(f'{name}: {value}' for name, value in facts.items())}}}")
    lines.append(f"    declarations: {_list(sorted(asked.declarations))}")
    if asked.judged:
        answers = (f"{name}: {'yes' if value else 'no'}" for name, value in sorted(asked.judged))
        lines.append(f"    judged: {{{', '.join(answers)}}}")
    if asked.countersigned_by != NOT_COUNTERSIGNED:
        lines.append(f"    countersigned_by: {asked.countersigned_by}")
    return "\n".join([*lines, "    expect:", *_expected(found.version, assessment)])


def _expected(version: Version, assessment: Assessment) -> list[str]:
    lines = [
        f"      {version.name}:",
        f"        standing: {assessment.standing.value}",
        f"        cites: {_list(row.ref.clause for row in assessment.cited)}",
    ]
    if assessment.open_questions:
        lines.append(f"        asks: {_list(row.name for row in assessment.open_questions)}")
    if assessment.struck_items:
        lines.append("        struck:")
        lines += [
            f"          {row.item.value}: {_list(clause.ref.clause for clause in row.cited)}"
            for row in assessment.struck_items
        ]
    return lines


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _text(says: str) -> str:
    return '"' + says.replace('"', "'") + '"'


def _list(words: Iterable[str] | Sequence[str]) -> str:
    return f"[{', '.join(words)}]"
