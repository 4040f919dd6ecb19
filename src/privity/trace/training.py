"""Counting levels into a model: m from pairs known to be the same person, u from pairs known not to be.

Rules of the room:
- Every level keeps half a count, so that nothing unseen becomes impossible, and no m falls below one in a
  thousand: particulars that somebody made up cannot show that a mistake is rarer than that.
- A missing field is not counted: a model says nothing about what is missing.
"""

import json
from collections import Counter
from collections.abc import Iterable

from privity.trace.comparison import LEVELS, Field, Level, Sought, compare, levels_of
from privity.trace.record import RegisterRecord

Counts = Counter[tuple[Field, Level]]
_UNSEEN = 0.5
_LEAST_M = 0.001
_LEAST_U = 1e-6


def seen_levels(asked: Sought, held: RegisterRecord) -> list[tuple[Field, Level]]:
    """Return the levels one pair shows, missing ones left out; names are crossed where only that fits."""
    comparison = compare(asked, held)
    straight, crossed = comparison.straight, comparison.crossed
    contradicts = Level.DIFFERENT in (straight.given.level, straight.family.level)
    fits = not {Level.DIFFERENT, Level.MISSING} & {crossed.given.level, crossed.family.level}
    levels = levels_of(comparison, crossed if contradicts and fits else straight)
    return [(field, level) for field, level in levels.items() if level is not Level.MISSING]


def count(pairs: Iterable[Iterable[tuple[Field, Level]]]) -> Counts:
    """Return how often each level of each field was seen."""
    seen: Counts = Counter()
    for levels in pairs:
        seen.update(levels)
    return seen


def model_text(same: Counts, different: Counts, *, name: str, provenance: str, settings: dict[str, object]) -> str:
    """Return a model file written from the counts.

    Args: settings: the numbers of model.Model that are chosen, not counted, keyed as in the file.
    """
    fields = {field.value: _field(same, different, field) for field in LEVELS}
    tree = {"format": 1, "name": name, "provenance": provenance, **settings, "fields": fields}
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"


def _field(same: Counts, different: Counts, field: Field) -> dict[str, dict[str, float]]:
    """Return m and u of every level of one field, as the file holds them."""
    levels = LEVELS[field]
    m = [max(_share(same, field, level), _LEAST_M) for level in levels]
    return {
        level.value: {
            "m": _rounded(one / sum(m)),
            "u": _rounded(max(_share(different, field, level), _LEAST_U)),
        }
        for level, one in zip(levels, m, strict=True)
    }


def _share(seen: Counts, field: Field, level: Level) -> float:
    """Return the share of one level among those counted for its field."""
    levels = LEVELS[field]
    total = sum(seen[field, one] for one in levels) + _UNSEEN * len(levels)
    return (seen[field, level] + _UNSEEN) / total


def _rounded(number: float) -> float:
    return float(f"{number:.6g}")
