"""What is proved of a version: what can never happen, what no clause may do, and what an amendment claims.

Rules of the room:
- Safety is proved for an open world: whoever may join a group and whatever item may be invented.
- Amendments are compared within the published words: a narrowing permits nothing new.
- A claim that fails shows the smallest request, after Cedar has run it. A clause that never decides is told.
- Every proof is a text that another solver can check; `expects` says what that solver must answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from privity.agreement.evaluation import parse_policy
from privity.agreement.narrowing import Prover
from privity.agreement.policy import as_tree
from privity.agreement.possible import Possible, Value, possible, version_lines
from privity.agreement.proposition import quoted
from privity.agreement.reading import with_invariants
from privity.agreement.version import Claim, Effect, Family, Version
from privity.agreement.vocabulary import QuestionKind
from privity.agreement.witness import Witness, witness

OLD, NEW = "before", "now"


class Found(StrEnum):
    """What became of one claim."""

    PROVED = "proved"
    """It holds for every possible request."""
    FAILED = "failed"
    """A request shows that it does not hold."""
    NOTED = "noted"
    """Nothing is claimed; the author should know it."""


class Expects(StrEnum):
    """What a solver must answer to the published text of a proof."""

    UNSAT = "unsat"
    """There is no such request."""
    SAT = "sat"
    """There is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One claim about one version, what became of it, and the text it was decided by."""

    version: str
    name: str
    says: str
    found: Found
    witness: Witness | None = None
    script: str = ""
    expects: Expects = Expects.UNSAT
    file: str = ""
    line: int = 1


def script(lines: list[str], wanted: Mapping[str, Value], title: str, expects: Expects) -> str:
    """Return a question as a complete SMT-LIB text: declarations, what is wanted, and the answer expected."""
    heading = [f"; {title}", "(set-logic ALL)", f"(set-info :status {expects.value})"]
    asserted = [f"(assert {quoted(name) if value else f'(not {quoted(name)})'})" for name, value in wanted.items()]
    return "\n".join([*heading, *lines, *asserted, "(check-sat)", ""])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What must never be: the names and values for which no request may exist."""

    name: str
    says: str
    wanted: Mapping[str, Value]


def prove(family: Family, version: Version) -> tuple[Proof, ...]:
    """Return everything that is claimed of a version, proved or refuted, and what its author should know.

    Raises: Undecided: the solver gave up. WitnessRefuted: Cedar contradicts the solver.
    """
    return (*_safety(family, version), *clause_use(version), *amendment(family, version))


def _safety(family: Family, version: Version) -> Iterator[Proof]:
    """Yield the proofs that hold for every possible request, in an open world."""
    space = possible(version, is_open=True)
    guarded = with_invariants(version, family.invariants) if family.invariants else version
    lines = [*space.lines, *version_lines(space, version, NEW), *version_lines(space, guarded, OLD)]
    prover = Prover(lines, space.variables)
    for question in _never(family, version):
        found = prover.smallest(question.wanted)
        yield Proof(
            version=version.reference,
            name=question.name,
            says=question.says,
            found=Found.PROVED if found is None else Found.FAILED,
            witness=None if found is None else witness(space, found, [(version, True)]),
            script=script(lines, question.wanted, f"{version.reference}: {question.says}", Expects.UNSAT),
        )
    erring: dict[str, Value] = {f"{NEW} errs": True}
    can_err = prover.can_be(erring)
    says = "No clause can fail to be evaluated."
    yield Proof(
        version=version.reference,
        name="never-errs",
        says=says,
        found=Found.FAILED if can_err else Found.PROVED,
        script=script(lines, erring, f"{version.reference}: {says}", Expects.UNSAT),
    )


def _never(family: Family, version: Version) -> Iterator[_Question]:
    leaves = {f"{NEW} allows": True}
    yield _Question(
        name="never-clinical",
        says="No request of any shape yields a clinical item.",
        wanted={**leaves, "resource in ItemClass clinical": True},
    )
    groups = {f"principal in OrgGroup {row.name}": False for row in family.vocabulary.organisations}
    yield _Question(
        name="only-named-parties", says="Nobody gets anything but the named parties.", wanted=leaves | groups
    )
    judged = {f"judged {row.name}": False for row in version.questions if row.kind is QuestionKind.JUDGEMENT}
    yield _Question(
        name="never-without-judgement",
        says="Nothing leaves unless a named person has weighed the case.",
        wanted=leaves | judged,
    )
    for statement in parse_policy(family.invariants) if family.invariants else ():
        notes = as_tree(statement["annotations"])
        yield _Question(
            name=f"invariant.{notes['id']}",
            says=f"Never needed: {notes['says']}",
            wanted={**leaves, f"{OLD} stands invariant.{notes['id']}": True},
        )


def clause_use(version: Version) -> Iterator[Proof]:
    """Yield what each clause is good for: failed where it can never stand, noted where it never decides alone."""
    space = possible(version, is_open=False)
    prover = Prover([*space.lines, *version_lines(space, version, NEW)], space.variables)
    for clause in version.clauses:
        stands: dict[str, Value] = {f"{NEW} stands {clause.name}": True}
        if not prover.can_be(stands):
            found, told = Found.FAILED, "dead: no request could ever meet it"
        elif not prover.can_be(stands | decides_alone(version, clause.name)):
            found, told = (
                Found.NOTED,
                "shadowed: whatever it decides, another clause decides too; it only adds a reason",
            )
        else:
            continue
        yield Proof(
            version=version.reference,
            name=f"use.{clause.name}",
            says=f"{clause.number} `{clause.name}` is {told}.",
            found=found,
            file=f"{version.name}/policy.cedar",
            line=clause.line,
        )


def decides_alone(version: Version, name: str) -> dict[str, Value]:
    """Return what must be for one clause to make the whole difference: all others of its kind are silent."""
    clause = version.clause(name)
    assert clause is not None, "the clause is one of the version"
    silent = [row.name for row in version.clauses if row.effect is clause.effect and row.name != name]
    rest: dict[str, Value] = {f"{NEW} stands {row}": False for row in silent}
    if clause.effect is Effect.FORBID:
        return rest | {f"{NEW} opens": True, f"{NEW} stands {name}": True}
    return rest | {f"{NEW} bars": False, f"{NEW} stands {name}": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Versus:
    """Two versions of a family within the published words, ready to be asked about."""

    before: Version
    after: Version
    space: Possible
    lines: tuple[str, ...]
    prover: Prover

    def newly_possible(self, more: Mapping[str, Value] | None = None) -> Witness | None:
        """Return the smallest request that only the later version lets through, run through Cedar."""
        return self._shown({f"{NEW} allows": True, f"{OLD} allows": False}, more, later=True)

    def newly_refused(self, more: Mapping[str, Value] | None = None) -> Witness | None:
        """Return the smallest request that only the earlier version lets through, run through Cedar."""
        return self._shown({f"{NEW} allows": False, f"{OLD} allows": True}, more, later=False)

    def _shown(self, wanted: Mapping[str, Value], more: Mapping[str, Value] | None, *, later: bool) -> Witness | None:
        found = self.prover.smallest({**wanted, **(more or {})})
        return None if found is None else witness(self.space, found, [(self.after, later), (self.before, not later)])


def versus(before: Version, after: Version) -> Versus:
    """Return two versions side by side, as logic."""
    space = possible(after, is_open=False)
    lines = [*space.lines, *version_lines(space, before, OLD), *version_lines(space, after, NEW)]
    return Versus(before=before, after=after, space=space, lines=tuple(lines), prover=Prover(lines, space.variables))


def relation(pair: Versus) -> tuple[Claim, Witness | None, Witness | None]:
    """Return how the later version relates to the earlier, with the requests newly possible and newly refused."""
    more, less = pair.newly_possible(), pair.newly_refused()
    if more is None:
        return (Claim.RESTATES if less is None else Claim.NARROWS), more, less
    return (Claim.WIDENS if less is None else Claim.INCOMPARABLE), more, less


def amendment(family: Family, version: Version) -> Iterator[Proof]:
    """Yield whether a version relates to the one it amends as it claims, and as others said of it."""
    before = None if version.amends is None else family.version(version.amends)
    if before is None or version.claim is None:
        return
    pair = versus(before, version)
    holds, more, less = relation(pair)
    yield _claimed(pair, version.claim, holds, more, less)
    if version.said_to is not None and version.said_to is not holds:
        yield Proof(
            version=version.reference,
            name="said-to",
            says=f"It was said to be one that {_DOES[version.said_to]}. That is not so, as the request above shows.",
            found=Found.NOTED,
        )


_DOES = {
    Claim.NARROWS: "narrows: it permits nothing new",
    Claim.WIDENS: "widens: it refuses nothing that was possible",
    Claim.RESTATES: "restates: it decides every request alike",
    Claim.INCOMPARABLE: "does not nest: some requests are newly possible, others newly refused",
}


def _claimed(pair: Versus, claim: Claim, holds: Claim, more: Witness | None, less: Witness | None) -> Proof:
    """Return the proof of a claim. Whoever claims `narrows` is right too where nothing changed at all."""
    right = holds is claim or (holds is Claim.RESTATES and claim in (Claim.NARROWS, Claim.WIDENS))
    wanted: dict[str, Value] = {f"{NEW} allows": True, f"{OLD} allows": False}
    if claim is Claim.WIDENS:
        wanted = {f"{NEW} allows": False, f"{OLD} allows": True}
    expects = Expects.SAT if claim is Claim.INCOMPARABLE else Expects.UNSAT
    says = f"Against {pair.before.reference}, it {_DOES[claim]}."
    shown = (more or less) if claim in (Claim.RESTATES, Claim.INCOMPARABLE) else less if claim is Claim.WIDENS else more
    return Proof(
        version=pair.after.reference,
        name=f"amends.{claim.value}",
        says=says if right else f"{says} That is not so: it {_DOES[holds]}.",
        found=Found.PROVED if right else Found.FAILED,
        witness=shown if claim is Claim.INCOMPARABLE or not right else None,
        script=script(list(pair.lines), wanted, f"{pair.after.reference}: {says}", expects),
        expects=expects,
    )
