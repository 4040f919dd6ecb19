"""Traces beside the truth: what a model is calibrated, certified and judged on.

Rules of the room:
- A label is a trace whose truth is known: the number of the person's record, or that there is none.
- A score is 0 where a trace may not be proposed however likely: such a trace counts, and is never accepted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from privity.definitions.person import Particulars, PersonId
from privity.errors import Mistaken
from privity.trace.certificate import Labelled
from privity.trace.evaluation import Judged
from privity.trace.model import Model
from privity.trace.outcome import TraceResult, TraceState
from privity.trace.record import RegisterReader
from privity.trace.signs import signs_of
from privity.trace.tracer import is_eligible, likeliest, trace, weigh_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The signs of the likeliest record, and whether it is the person sought."""

    signs: tuple[float, ...]
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One trace beside the truth, with the score it is accepted by."""

    score: float
    right: bool
    judged: Judged
    touched: int


def example(particulars: Particulars, truth: PersonId | None, register: RegisterReader, model: Model) -> Example | None:
    """Return the example one trace gives, None where nothing was compared or a name alone was given."""
    try:
        weighed, chances = weigh_all(particulars, register, model)
    except Mistaken:
        return None
    if not weighed:
        return None
    best = likeliest(weighed, chances)
    signs = signs_of(weighed, chances, best, register.size)
    return Example(signs=signs, right=truth is not None and weighed[best].record.person == truth)


def scored(
    particulars: Particulars,
    truth: PersonId | None,
    register: RegisterReader,
    model: Model,
    *,
    traits: tuple[tuple[str, str], ...] = (),
) -> Scored:
    """Trace and set beside the truth.

    Args: truth: None for a person who is not in the register.
    """
    try:
        result = trace(particulars, register, model)
    except Mistaken:
        judged = Judged(
            present=truth is not None, proposed=False, proposed_right=False, truth_is_candidate=False, traits=traits
        )
        return Scored(score=0.0, right=False, judged=judged, touched=0)
    best = result.best
    right = best is not None and truth is not None and best.person == truth
    proposed = result.state is TraceState.PROPOSED
    judged = Judged(
        present=truth is not None,
        proposed=proposed,
        proposed_right=proposed and right,
        truth_is_candidate=any(one.person == truth for one in result.candidates),
        traits=traits,
    )
    return Scored(score=score_of(result), right=right, judged=judged, touched=result.touched)


def score_of(result: TraceResult) -> float:
    """Return the probability a trace is accepted by: 0 where it may not be proposed whatever its probability."""
    best = result.best
    if best is None or result.ambiguous or not is_eligible(best):
        return 0.0
    return best.probability


def labelled(some: Sequence[Scored], *, register_rows: int, register_digest: str) -> Labelled:
    """Return scored traces on one register as a certificate is made of them."""
    return Labelled(
        register_rows=register_rows,
        register_digest=register_digest,
        scores=np.array([one.score for one in some], np.float64),
        right=np.array([one.right for one in some], np.bool_),
        absent=sum(not one.judged.present for one in some),
    )
