"""Labels traced in batches: what training, certifying and trying share.

Rule of the module: a batch is cut for memory alone; the answers do not hang on where it is cut.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import numpy as np

from privity.edge.synthetic.trials import Asked
from privity.trace.boosting import Flags, Floats
from privity.trace.held import BatchReader
from privity.trace.labels import Scored, examples, scored
from privity.trace.model import Model

AT_ONCE = 10_000


def scored_in_batches(
    asked: Iterable[Asked], register: BatchReader, model: Model, tell: Callable[[int], None] = lambda _done: None
) -> list[Scored]:
    """Trace everybody asked for and set each beside the truth; `tell` hears how many are done."""
    found: list[Scored] = []
    for some in _batches(asked):
        found += scored(
            [one.particulars for one in some],
            [one.truth for one in some],
            [one.traits for one in some],
            register,
            model,
        )
        tell(len(found))
    return found


def examples_in_batches(asked: Iterable[Asked], register: BatchReader, model: Model) -> tuple[Floats, Flags, Flags]:
    """Return signs and truth of every trace that compared something, and whether the person sought is present."""
    parts = [
        examples([one.particulars for one in some], [one.truth for one in some], register, model)
        for some in _batches(asked)
    ]
    signs, right, present = zip(*parts, strict=True)
    return np.concatenate(signs), np.concatenate(right), np.concatenate(present)


def _batches(asked: Iterable[Asked]) -> Iterator[list[Asked]]:
    drawn = iter(asked)
    while some := list(islice(drawn, AT_ONCE)):
        yield some
