"""Whom the tracer serves worse: error and coverage by group, worst first, and a gate that fails.

Rules of the room:
- Groups exist for evaluation only. The tracer reads none of them, and no group has a threshold of its own.
- Every share has its exact 95% interval; a group too small to tell is said to be so.
- The gate fails where a group's observed wrong-person rate exceeds twice the certified one, and the group is large
  enough to resolve that rate: where it was exactly twice the certified one, ten errors or more would be expected.
- A smaller group above it fails where chance alone does not explain it (its interval's lower end is above too); else it
  is a warning, told by name, and more of that group is to be traced. What is published has no group so small.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from privity.trace.evaluation import Judged, Report, Share, by_group, report

MOST_TIMES_ALPHA = 2
ENOUGH_EXPECTED = 10
"""Errors expected at the limit from which a group is large enough to resolve it."""


class Verdict(StrEnum):
    """What the gate says of one group."""

    WITHIN = "within"
    """Its wrong-person rate is at most twice alpha."""
    TOO_FEW = "too few to tell"
    """None was wrong, and one error alone would have been above twice alpha."""
    WARNING = "above, too few to tell"
    """Its observed rate is above twice alpha, in a group so small that chance may explain it."""
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
        """Return the groups too small to tell, those above the limit among them."""
        return tuple(one for one in self.groups if one.verdict in (Verdict.TOO_FEW, Verdict.WARNING))

    @property
    def warned(self) -> tuple[Group, ...]:
        """Return the groups above the limit that are too small to tell."""
        return tuple(one for one in self.groups if one.verdict is Verdict.WARNING)

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
        resolved = wrong.of * limit >= ENOUGH_EXPECTED or wrong.low > limit
        return Verdict.EXCEEDS if resolved else Verdict.WARNING
    return Verdict.TOO_FEW if wrong.of * limit < 1 else Verdict.WITHIN
