"""Whom the tracer serves worse: error and coverage by group, worst first, and a gate that fails.

Rules of the room:
- Groups exist for evaluation only. The tracer reads none of them, and no group has a threshold of its own.
- Every share has its exact 95% interval; a group too small to tell is said to be so.
- The gate fails where a group's observed wrong-person rate exceeds twice the certified one. Chance is no excuse: where
  a group is too small to resolve the rate, more of it is to be traced.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from privity.trace.evaluation import Judged, Report, Share, by_group, report

MOST_TIMES_ALPHA = 2


class Verdict(StrEnum):
    """What the gate says of one group."""

    WITHIN = "within"
    """Its wrong-person rate is at most twice alpha."""
    TOO_FEW = "too few to tell"
    """None was wrong, and one error alone would have been above twice alpha."""
    EXCEEDS = "exceeds"
    """Its wrong-person rate is above twice alpha."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group: how many traces, what share of its present people was found, what share of proposals was wrong."""

    trait: str
    name: str
    traces: int
    found: Share
    wrong_person: Share
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """All groups, the worst first, and everybody."""

    alpha: float
    everybody: Report
    groups: tuple[Group, ...]

    @property
    def holds(self) -> bool:
        """Return whether no group exceeds twice alpha."""
        return all(one.verdict is not Verdict.EXCEEDS for one in self.groups)

    @property
    def undecided(self) -> tuple[Group, ...]:
        """Return the groups too small to tell."""
        return tuple(one for one in self.groups if one.verdict is Verdict.TOO_FEW)

    @property
    def worst_found(self) -> Group | None:
        """Return the group of which the smallest share is found, None where there are no groups."""
        return min(self.groups, key=lambda one: one.found.share, default=None)


def fairness(judged: Iterable[Judged], *, alpha: float) -> Fairness:
    """Return error and coverage by group, the highest wrong-person rate first, then the lowest coverage."""
    judged = tuple(judged)
    groups = [_group(trait, name, one, alpha) for (trait, name), one in by_group(judged).items()]
    groups.sort(key=lambda one: (-one.wrong_person.share, one.found.share, one.trait, one.name))
    return Fairness(alpha=alpha, everybody=report(judged), groups=tuple(groups))


def _group(trait: str, name: str, found: Report, alpha: float) -> Group:
    return Group(
        trait=trait,
        name=name,
        traces=found.traces,
        found=found.recall,
        wrong_person=found.wrong_person,
        verdict=_verdict(found.wrong_person, MOST_TIMES_ALPHA * alpha),
    )


def _verdict(wrong: Share, limit: float) -> Verdict:
    """Return whether a share is within the limit, above it, or whether that cannot be told."""
    if wrong.share > limit:
        return Verdict.EXCEEDS
    return Verdict.TOO_FEW if wrong.of * limit < 1 else Verdict.WITHIN
