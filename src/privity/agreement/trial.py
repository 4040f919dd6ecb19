"""Trying the worked cases: outcome, cited clauses, invariants, and which clauses no case turns on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from privity.agreement.anchors import ANCHORS_FILE, drift
from privity.agreement.assessment import Assessment, ItemOutcome
from privity.agreement.cases import CASES_FILE, Case, Cases, Expected, GoverningExpected, TimedCase, UrgencyExpected
from privity.agreement.evaluation import assess_asked
from privity.agreement.in_force import Held, InForce, NoAgreement, governing
from privity.agreement.reading import with_invariants
from privity.agreement.version import Family, Version
from privity.definitions.reference import VersionName


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How one case fared under one version, or at one instant. `faults` is empty where it is right."""

    case: str
    says: str
    under: str
    faults: tuple[str, ...]
    line: int
    file: str = CASES_FILE
    assessment: Assessment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The clauses of a version that no right case cites."""

    version: VersionName
    clauses: int
    uncited: tuple[str, ...]


def try_cases(family: Family, cases: Cases) -> tuple[Trial, ...]:
    """Return how every case fared under every version it is meant for, then the cases about time."""
    trials = [_try(family, case, expected) for case in cases.requests for expected in case.expected]
    drifted = (_try_anchors(version) for version in family.versions if version.anchors)
    return (*trials, *(_try_timed(family, case) for case in cases.times), *drifted)


def _try_anchors(version: Version) -> Trial:
    """Return whether words and rules still are what a person read side by side."""
    found = tuple(drift(version))
    return Trial(
        case="words and rules",
        says="Every clause's words and rule are as a person last read them together.",
        under=version.reference,
        faults=tuple(f"`{row.clause}` (policy.cedar:{row.line}) {row.what}: read both, then accept" for row in found),
        line=found[0].line if found else 1,
        file=f"{version.name}/{ANCHORS_FILE}",
    )


def _try(family: Family, case: Case, expected: Expected) -> Trial:
    version = family.version(expected.version)
    assert version is not None, "reading a case makes sure that its versions exist"
    assessment = assess_asked(version, case.asked)
    faults = (*differences(assessment, expected), *_needed_invariants(family, version, case, assessment))
    return Trial(
        case=case.name,
        says=case.says,
        under=version.reference,
        faults=faults,
        line=expected.line,
        file=case.file,
        assessment=assessment,
    )


def differences(assessment: Assessment, expected: Expected) -> Iterator[str]:
    """Yield what is not as expected, one sentence each."""
    cited = {clause.ref.clause for clause in assessment.cited}
    asked = {question.name for question in assessment.open_questions}
    struck = {row.item: {clause.ref.clause for clause in row.cited} for row in assessment.struck_items}
    if assessment.standing is not expected.standing:
        yield f"it is {assessment.standing.value} and should be {expected.standing.value}"
    if cited != expected.cites:
        yield f"it cites {_listed(cited)} and should cite {_listed(expected.cites)}"
    if expected.asks and asked != expected.asks:
        yield f"it asks {_listed(asked)} and should ask {_listed(expected.asks)}"
    if struck != dict(expected.struck):
        yield f"it strikes {_listed(struck)} and should strike {_listed(expected.struck)}, or by other clauses"
    if _urgency(assessment) is not expected.urgency:
        yield f"the shorter clock is {_urgency(assessment).value} and should be {expected.urgency.value}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(str(name) for name in names)) or "nothing"


def _urgency(assessment: Assessment) -> UrgencyExpected:
    if not assessment.urgency.asked:
        return UrgencyExpected.NOT_ASKED
    return UrgencyExpected.ACCEPTED if assessment.urgency.accepted else UrgencyExpected.REFUSED


def _needed_invariants(family: Family, version: Version, case: Case, assessment: Assessment) -> Iterator[str]:
    """Yield a fault where an invariant changes what may leave: it must never be needed."""
    if not family.invariants:
        return
    guarded = assess_asked(with_invariants(version, family.invariants), case.asked)
    allowed = {row.item for row in assessment.items if row.outcome is ItemOutcome.PERMITTED}
    still = {row.item for row in guarded.items if row.outcome is ItemOutcome.PERMITTED}
    if allowed != still:
        yield f"an invariant was needed to stop {_listed(allowed - still)}"


def _try_timed(family: Family, case: TimedCase) -> Trial:
    match governing(family, case.at):
        case InForce(version=version):
            found, by = GoverningExpected.IN_FORCE, str(version.name)
        case Held(instrument=instrument):
            found, by = GoverningExpected.HELD, str(instrument.name)
        case NoAgreement(instrument=ending):
            found, by = GoverningExpected.NO_AGREEMENT, "" if ending is None else str(ending.name)
    faults = []
    if found is not case.expected:
        faults.append(f"it is {found.value} and should be {case.expected.value}")
    if by != case.by:
        faults.append(f"`{by}` says so and it should be `{case.by}`")
    return Trial(
        case=case.name,
        says=case.says,
        under=f"{family.name} on {case.at.isoformat()}",
        faults=tuple(faults),
        line=case.line,
    )


def coverage(family: Family, trials: tuple[Trial, ...]) -> tuple[Coverage, ...]:
    """Return for each version which clauses no right case cites, whether for the whole or for one item."""
    rows = []
    for version in family.versions:
        cited = {
            clause.ref.clause
            for trial in trials
            if trial.assessment is not None and not trial.faults and trial.under == version.reference
            for clauses in (trial.assessment.cited, *(row.cited for row in trial.assessment.items))
            for clause in clauses
        }
        rows.append(
            Coverage(
                version=version.name,
                clauses=len(version.clauses),
                uncited=tuple(clause.name for clause in version.clauses if clause.name not in cited),
            )
        )
    return tuple(rows)
