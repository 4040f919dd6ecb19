"""Counting levels into a model: m from pairs known to be the same person, u from pairs known not to be.

Rules of the room:
- Every level keeps half a count, so that nothing unseen becomes impossible.
- A missing field is not counted: a model says nothing about what is missing.
"""

import json
from collections import Counter
from collections.abc import Iterable

from privity.trace.comparison import LEVELS, Field, Level

Counts = Counter[tuple[Field, Level]]
_UNSEEN = 0.5
_LEAST = 1e-6


def count(pairs: Iterable[Iterable[tuple[Field, Level]]]) -> Counts:
    """Return how often each level of each field was seen."""
    seen: Counts = Counter()
    for levels in pairs:
        seen.update(levels)
    return seen


def model_text(
    same: Counts, different: Counts, *, name: str, provenance: str, settings: dict[str, object]
) -> str:
    """Return a model file written from the counts.

    Args: settings: the numbers of model.Model that are chosen, not counted, keyed as in the file.
    """
    fields = {
        field.value: {
            level.value: {
                "m": _share(same, field, level),
                "u": max(_share(different, field, level), _LEAST),
            }
            for level in levels
        }
        for field, levels in LEVELS.items()
    }
    tree = {"format": 1, "name": name, "provenance": provenance, **settings, "fields": fields}
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"


def _share(seen: Counts, field: Field, level: Level) -> float:
    """Return the share of one level among those counted for its field."""
    levels = LEVELS[field]
    total = sum(seen[field, one] for one in levels) + _UNSEEN * len(levels)
    return float(f"{(seen[field, level] + _UNSEEN) / total:.6g}")
