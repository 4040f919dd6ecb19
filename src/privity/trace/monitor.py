"""Watching a certified tracer at work: when its proposals must stop, and when its promise is broken.

    share      the share of recent traces without proposal, beside the share of the certificate's own traces without
               one; far above it, more people are absent than the certificate allows for, and proposals are suspended
    evidence   a bet, renewed with every identity that officers determine, against the wrong-person rate being
               at most alpha; where the promise holds, it exceeds 1/(1-confidence) with chance 1-confidence at
               most, however long and however often one looks

Rules of the room:
- Both are values: the old one and one outcome give the new one. No state is kept here.
- Suspended means that officers still see the candidates, and that none of them is called a proposal.
- An identity that officers leave open is not evidence either way.
- Like is compared with like. Nobody sees who is absent; what is seen, here and among the certificate's labels alike, is
  who ends without a proposal, whatever the reason: absent, not sure enough, no date of birth, or protected.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, log, log1p

from privity.trace.certificate import Certificate
from privity.trace.evaluation import at_most

WINDOW = 200
"""How many recent traces the share is taken over."""
FEWEST = 40
"""Below so many traces nothing is concluded from their share."""
_SURE = 0.001
_BETS = (2.0, 5.0, 20.0, 100.0)
_MOST_RATE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentTraces:
    """The outcomes of the last traces, newest last: true where there was no proposal."""

    unproposed: tuple[bool, ...] = ()

    def with_one(self, *, proposed: bool) -> "RecentTraces":
        """Return the window after one more trace."""
        return RecentTraces(unproposed=(*self.unproposed, not proposed)[-WINDOW:])

    @property
    def share(self) -> float:
        """Return the share without proposal, 0 of nothing."""
        return sum(self.unproposed) / len(self.unproposed) if self.unproposed else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """Why automatic proposals are suspended."""

    share: float
    most: float
    traces: int

    @property
    def words(self) -> str:
        """Return the reason in plain words."""
        return (
            f"{self.share:.0%} of the last {self.traces} traces had no proposal, and the certificate allows for "
            f"{self.most:.0%}: more people may be absent than it was shown with, so nobody is proposed"
        )


def suspension(recent: RecentTraces, certificate: Certificate) -> Suspension | None:
    """Return why proposals are suspended, or None while the share lies within what was certified.

    It lies outside where so many without proposal would be seen in one of a thousand windows at most.
    """
    traces, missing = len(recent.unproposed), sum(recent.unproposed)
    if traces < FEWEST or not missing:
        return None
    most = certificate.most_unproposed
    if 1 - at_most(missing - 1, traces, most) > _SURE:
        return None
    return Suspension(share=recent.share, most=most, traces=traces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The bets against `the wrong-person rate is at most alpha`, one for each rate bet on instead.

    INVARIANT: while the rate is at most alpha, the expected wealth never exceeds 1.
    """

    alpha: float
    confidence: float
    determined: int = 0
    wrong: int = 0
    log_wealth: tuple[float, ...] = field(default=(0.0,) * len(_BETS))

    def with_one(self, *, wrong: bool) -> "Evidence":
        """Return the evidence after officers determined the identity of one more proposal."""
        return Evidence(
            alpha=self.alpha,
            confidence=self.confidence,
            determined=self.determined + 1,
            wrong=self.wrong + wrong,
            log_wealth=tuple(
                wealth + (log(rate / self.alpha) if wrong else log1p(-rate) - log1p(-self.alpha))
                for wealth, rate in zip(self.log_wealth, _rates(self.alpha), strict=True)
            ),
        )

    @property
    def against(self) -> float:
        """Return the evidence against the promise: 1 is none, 20 refutes it at 95%."""
        return sum(exp(min(wealth, 700.0)) for wealth in self.log_wealth) / len(self.log_wealth)

    @property
    def is_broken(self) -> bool:
        """Return whether the promise is refuted, at the confidence of the certificate."""
        return self.against >= 1 / (1 - self.confidence)

    @property
    def words(self) -> str:
        """Return what the determinations say, in plain words."""
        seen = f"{self.wrong} of {self.determined} proposals were found to be somebody else"
        if self.is_broken:
            return f"{seen}: that refutes a wrong-person rate of at most {self.alpha:g}; no more are proposed"
        return f"{seen}: nothing yet against a wrong-person rate of at most {self.alpha:g}"


def evidence_after(certificate: Certificate, *, right: int, wrong: int) -> Evidence:
    """Return the evidence after so many determinations, in whatever order they came: only their counts weigh."""
    return Evidence(
        alpha=certificate.alpha,
        confidence=certificate.confidence,
        determined=right + wrong,
        wrong=wrong,
        log_wealth=tuple(
            wrong * log(rate / certificate.alpha) + right * (log1p(-rate) - log1p(-certificate.alpha))
            for rate in _rates(certificate.alpha)
        ),
    )


def evidence_of(certificate: Certificate, wrong: Sequence[bool] = ()) -> Evidence:
    """Return the evidence after some determinations, each saying whether the proposal was wrong."""
    found = Evidence(alpha=certificate.alpha, confidence=certificate.confidence)
    for one in wrong:
        found = found.with_one(wrong=one)
    return found


def _rates(alpha: float) -> tuple[float, ...]:
    return tuple(min(alpha * bet, _MOST_RATE) for bet in _BETS)
