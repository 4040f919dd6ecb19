"""How well traces did where the truth is known: shares with intervals, never a bare percentage.

Rules of the room:
- A wrong person is a proposal of a record that is not the person sought, absent people included.
- Intervals are exact (Clopper-Pearson), two-sided, at 95%.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp, lgamma, log, log1p

_TAIL = 0.025
_STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One trace beside the truth. `traits` are the groups it belongs to, e.g. `("gender", "female")`."""

    present: bool
    proposed: bool
    proposed_right: bool
    truth_is_candidate: bool
    traits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`hits` of `of`, with the exact 95% interval for the share behind them."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Return the observed share, 0 of nothing."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a set of traces did.

    `recall` is P(proposed rightly given present);
    `candidate_recall` P(among the candidates shown given present);
    `coverage` P(proposed); `wrong_person` P(not the person sought given proposed);
    `wrong_of_absent` P(somebody proposed given absent).
    """

    traces: int
    recall: Share
    candidate_recall: Share
    coverage: Share
    wrong_person: Share
    wrong_of_absent: Share


def report(judged: Iterable[Judged]) -> Report:
    """Return the report over some traces."""
    judged = tuple(judged)
    present = [one for one in judged if one.present]
    absent = [one for one in judged if not one.present]
    proposed = [one for one in judged if one.proposed]
    return Report(
        traces=len(judged),
        recall=share(sum(one.proposed_right for one in present), len(present)),
        candidate_recall=share(sum(one.truth_is_candidate for one in present), len(present)),
        coverage=share(len(proposed), len(judged)),
        wrong_person=share(sum(not one.proposed_right for one in proposed), len(proposed)),
        wrong_of_absent=share(sum(one.proposed for one in absent), len(absent)),
    )


def by_group(judged: Iterable[Judged]) -> dict[tuple[str, str], Report]:
    """Return a report for each value of each trait, sorted."""
    groups: dict[tuple[str, str], list[Judged]] = {}
    for one in judged:
        for trait in one.traits:
            groups.setdefault(trait, []).append(one)
    return {group: report(groups[group]) for group in sorted(groups)}


def share(hits: int, of: int) -> Share:
    """Return a share with its exact two-sided 95% interval.

    The rarer of hits and misses is what is summed over: among many labels the other would take minutes.
    """
    if 2 * hits > of:
        missed = share(of - hits, of)
        return Share(hits=hits, of=of, low=1 - missed.high, high=1 - missed.low)
    low = 0.0 if hits == 0 else _root(lambda p: 1 - at_most(hits - 1, of, p) - _TAIL)
    high = 1.0 if hits == of else _root(lambda p: _TAIL - at_most(hits, of, p))
    return Share(hits=hits, of=of, low=low, high=high)


def _root(rising: Callable[[float], float]) -> float:
    """Return where a rising function crosses zero between 0 and 1, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def at_most(hits: int, of: int, p: float) -> float:
    """Return P(at most `hits` of `of`), each with probability `p`."""
    if p <= 0:
        return 1.0
    if p >= 1:
        return float(hits >= of)
    logs = log(p), log1p(-p), lgamma(of + 1)
    return sum(
        exp(logs[2] - lgamma(k + 1) - lgamma(of - k + 1) + k * logs[0] + (of - k) * logs[1]) for k in range(hits + 1)
    )
