"""What an author should look at in a family that reads well: stale, doubtful, late or untested.

A fault in form is an error when the family is read. What stands here is a warning: the agreement can
govern, and somebody should look at it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from privity.agreement.cases import CASES_FILE, read_cases
from privity.agreement.in_force import publication_gap_days
from privity.agreement.reading import AGREEMENT_FILE
from privity.agreement.trial import coverage, try_cases
from privity.agreement.version import Family, Version, VersionState
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


def is_stale(version: Version, today: date) -> bool:
    """Return whether the version relies on something that has ended."""
    return any(row.until is not None and row.until < today for row in version.relies_on)


def _of_version(version: Version, today: date) -> Iterator[Warned]:
    file = f"{version.name}/{AGREEMENT_FILE}"
    for row in version.relies_on:
        if row.until is not None and row.until < today:
            yield Warned(
                file=file,
                line=1,
                what=f"stale: it relies on `{row.what}`, which ended on {british(row.until)}",
                next_step="revise the agreement, or withdraw it",
            )
    late = publication_gap_days(version)
    if late:
        yield Warned(
            file=file,
            line=1,
            what=f"it took effect {late} days before it was published",
            next_step="publish before effect next time; the gap stays shown",
        )
    if version.state is VersionState.WRITTEN and version.published_at is None:
        yield Warned(file=file, line=1, what="it was never published", next_step="publish it, or mark it announced")
    doubtful = [row for row in (*version.legal_basis, *version.sources, *version.relies_on) if not row.verified]
    if doubtful or not version.retention.verified:
        yield Warned(
            file=file,
            line=1,
            what=f"{len(doubtful) + (not version.retention.verified)} statements are marked unverified",
            next_step="check them against a source, or keep the mark",
        )
