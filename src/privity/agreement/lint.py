"""What an author should look at in a family that reads well: stale, doubtful, late or untested.

A fault in form is an error when the family is read. What stands here is a warning: the agreement can
govern, and somebody should look at it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from privity.agreement.cases import CASES_FILE, read_cases
from privity.agreement.lifecycle import obstacles
from privity.agreement.reading import AGREEMENT_FILE
from privity.agreement.statutes import moved
from privity.agreement.translated import faults_of
from privity.agreement.trial import coverage, try_cases
from privity.agreement.version import Consequence, Family, Version, VersionState
from privity.request.due import british


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something to look at: where, what and what next."""

    file: str
    line: int
    what: str
    next_step: str


def lint(family: Family, today: date) -> tuple[Warned, ...]:
    """Return what an author should look at.

    Args:   today: the day on which reliances are judged stale.
    Raises: Unreadable: the worked cases say something that cannot be.
    """
    found = [row for version in family.versions for row in _of_version(version, today)]
    found += [
        Warned(file=fault.file, line=1, what=f"not shown: {fault.what}", next_step=fault.next_step)
        for translation in family.translations
        for fault in faults_of(translation, family)
    ]
    trials = try_cases(family, read_cases(family))
    found += [
        Warned(
            file=CASES_FILE,
            line=1,
            what=f"no worked case of `{row.version}` turns on {', '.join(row.uncited)}",
            next_step="tell a request that only this clause decides",
        )
        for row in coverage(family, trials)
        if row.uncited
    ]
    if not family.invariants:
        found.append(
            Warned(
                file="invariants.cedar",
                line=1,
                what="nothing is written down that must never happen",
                next_step="write the prohibitions that may never be needed, clinical information first",
            )
        )
    return tuple(found)


def ended_reliances(version: Version, today: date) -> tuple[tuple[str, date], ...]:
    """Return what a version relies on that has ended, each with the day on which it did."""
    return tuple((row.what, row.until) for row in version.relies_on if row.until is not None and row.until < today)


def _of_version(version: Version, today: date) -> Iterator[Warned]:
    file = f"{version.name}/{AGREEMENT_FILE}"
    for what, until in ended_reliances(version, today):
        yield Warned(
            file=file,
            line=1,
            what=f"stale: it relies on `{what}`, which ended on {british(until)}",
            next_step="revise the agreement, or withdraw it",
        )
    yield from _of_lifecycle(version, file)
    yield from _of_statutes(version, file, today)
    if not version.anchors:
        yield Warned(
            file=f"{version.name}/text.md",
            line=1,
            what="nobody has read its words beside its rules",
            next_step="read them side by side, then run `privity agreement anchors --write`",
        )
    for clause in version.clauses:
        if clause.consequence is Consequence.RETURN and not clause.cure:
            yield Warned(
                file=f"{version.name}/policy.cedar",
                line=clause.line,
                what=f"`{clause.name}` sends a request back and does not say what would mend it",
                next_step="add @cure",
            )
    doubtful = [row for row in (*version.legal_basis, *version.sources, *version.relies_on) if not row.verified]
    if doubtful or not version.retention.verified:
        yield Warned(
            file=file,
            line=1,
            what=f"{len(doubtful) + (not version.retention.verified)} statements are marked unverified",
            next_step="check them against a source, or keep the mark",
        )


def _of_statutes(version: Version, file: str, today: date) -> Iterator[Warned]:
    """Yield the offences that have moved across a threshold since the day the version is pinned to."""
    crossed = [row.offence.code for row in moved(version, today)]
    if crossed:
        yield Warned(
            file=file,
            line=1,
            what=f"the statutes moved since {british(version.statutes_as_at)}, which the version keeps to: now "
            f"{', '.join(crossed)} would be answered otherwise",
            next_step="leave it pinned, or agree an amendment that says what is meant now",
        )


def _of_lifecycle(version: Version, file: str) -> Iterator[Warned]:
    """Yield what should have been done before the version took effect."""
    if version.state is VersionState.ANNOUNCED:
        return
    for what in obstacles(version):
        if version.making.is_history:
            told = f"history that could not be repeated here: {what}, and it governed all the same"
            yield Warned(file=file, line=1, what=told, next_step="keep the record; the gap stays shown")
        else:
            yield Warned(file=file, line=1, what=f"it cannot govern on its stated day: {what}", next_step=_STEP)
    if version.making.consulted.on is None and not version.making.is_history:
        yield Warned(file=file, line=1, what="nobody was consulted", next_step="consult, and publish what was said")


_STEP = "take the step and record its day under `making`"
