"""Traces beside the truth: what a model is calibrated, certified and judged on.

Rules of the room:
- A label is a trace whose truth is known: the number of the person's record, or that there is none.
- A score is 0 where a trace may not be proposed however likely: such a trace counts, and is never accepted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from privity.definitions.person import Particulars, PersonId
from privity.trace.batch import compare_batch, trace_batch
from privity.trace.blocking import Int64s
from privity.trace.boosting import Flags, Floats
from privity.trace.certificate import Labelled
from privity.trace.evaluation import Judged
from privity.trace.held import BatchReader
from privity.trace.model import Model
from privity.trace.tracer import is_name_only

Traits = tuple[tuple[str, str], ...]
"""The groups a person belongs to, e.g. `("gender", "female")`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One trace beside the truth, with the score it is accepted by.

    `compared` is whether the record of the person sought was among those compared, shown or not.
    """

    score: float
    right: bool
    judged: Judged
    touched: int
    compared: bool


def examples(
    many: Sequence[Particulars], truths: Sequence[PersonId | None], register: BatchReader, model: Model
) -> tuple[Floats, Flags, Flags]:
    """Return the signs of the likeliest record of each trace, whether it is the person sought, and who is present.

    Traces in which nothing was compared, and those of a name alone, are left out.
    """
    refused = np.array([is_name_only(one) for one in many], np.bool_)
    compared = compare_batch(many, refused, register, model)
    found = np.flatnonzero(compared.best >= 0)
    sought = _numbers(truths)[found]
    return compared.signs[found], compared.person[compared.best[found]] == sought, sought >= 0


def scored(
    many: Sequence[Particulars],
    truths: Sequence[PersonId | None],
    traits: Sequence[Traits],
    register: BatchReader,
    model: Model,
) -> list[Scored]:
    """Trace many and set each beside the truth.

    Args: truths: None for a person who is not in the register. traits: the groups each belongs to.
    """
    batch = trace_batch(many, register, model)
    sought = _numbers(truths)
    right = batch.best == sought
    among = batch.compared.person == sought[batch.compared.ask]
    compared = np.bincount(batch.compared.ask, weights=among, minlength=len(sought)) > 0
    found: list[Scored] = []
    for place, (truth, groups) in enumerate(zip(truths, traits, strict=True)):
        proposed = bool(batch.proposed[place])
        judged = Judged(
            present=truth is not None,
            proposed=proposed,
            proposed_right=proposed and bool(right[place]),
            truth_is_candidate=truth is not None and truth in batch.candidates(place),
            traits=groups,
        )
        found.append(
            Scored(
                score=float(batch.score[place]),
                right=bool(right[place]),
                judged=judged,
                touched=int(batch.compared.touched[place]),
                compared=bool(compared[place]),
            )
        )
    return found


def _numbers(truths: Sequence[PersonId | None]) -> Int64s:
    """Return who is sought, -2 for nobody in the register: a batch has -1 where nobody was found."""
    return np.array([-2 if truth is None else truth for truth in truths], np.int64)


def labelled(some: Sequence[Scored], *, register_rows: int, register_digest: str) -> Labelled:
    """Return scored traces on one register as a certificate is made of them."""
    return Labelled(
        register_rows=register_rows,
        register_digest=register_digest,
        scores=np.array([one.score for one in some], np.float64),
        right=np.array([one.right for one in some], np.bool_),
        absent=sum(not one.judged.present for one in some),
    )
