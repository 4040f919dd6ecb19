"""Counting levels into a model: m from pairs known to be the same person, u from pairs known not to be.

Without labels, m is found by expectation-maximisation over traces: every candidate counts as far as it is
likely to be the person sought, and absence takes its part.

Rules of the room:
- Every level keeps half a count, so that nothing unseen becomes impossible, and no m falls below one in a
  thousand: particulars that somebody made up cannot show that a mistake is rarer than that.
- A missing field is not counted: a model says nothing about what is missing.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2

from privity.trace.comparison import LEVELS, Field, Level
from privity.trace.model import FORMAT, Model
from privity.trace.record import ComparedRecord
from privity.trace.record_levels import Sought, compare, levels_of
from privity.trace.weight import Weighed, posterior

Counts = dict[tuple[Field, Level], float]
_UNSEEN = 0.5
_LEAST_M = 0.001
_LEAST_U = 1e-6
_TOO_UNLIKELY = 1e-6


def seen_levels(asked: Sought, held: ComparedRecord) -> list[tuple[Field, Level]]:
    """Return the levels one pair shows, missing ones left out; names are crossed where only that fits."""
    comparison = compare(asked, held)
    straight, crossed = comparison.names.straight, comparison.names.crossed
    fits = crossed is not None and not {Level.DIFFERENT, Level.MISSING} & {crossed.given.level, crossed.family.level}
    levels = levels_of(comparison, crossed if crossed is not None and fits else straight)
    return [(field, level) for field, level in levels.items() if level is not Level.MISSING]


def count(pairs: Iterable[Iterable[tuple[Field, Level]]]) -> Counts:
    """Return how often each level of each field was seen."""
    seen: Counter[tuple[Field, Level]] = Counter()
    for levels in pairs:
        seen.update(levels)
    return dict(seen)


def model_text(same: Counts, different: Counts, *, name: str, provenance: str, settings: dict[str, object]) -> str:
    """Return a model file written from the counts.

    Args: settings: the numbers of model.Model that are chosen, not counted, keyed as in the file.
    """
    fields = {field.value: _field(same, different, field) for field in LEVELS}
    tree = {"format": FORMAT, "name": name, "provenance": provenance, **settings, "fields": fields}
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
    total = sum(seen.get((field, one), 0.0) for one in levels) + _UNSEEN * len(levels)
    return (seen.get((field, level), 0.0) + _UNSEEN) / total


def _rounded(number: float) -> float:
    return float(f"{number:.6g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What expectation-maximisation found: expected counts of levels among true pairs, and the share present."""

    same: Counts
    present: float
    rounds: int


def expect(traced: Sequence[Sequence[Weighed]], register_rows: int, model: Model, *, rounds: int = 12) -> Expected:
    """Return expected counts from traces without any label, by expectation-maximisation.

    1. the posterior over each trace's candidates, and absence, says how much each counts as the person sought
    2. levels are counted so weighted, which gives new m; the share present is the mean of what is left of absence
    3. every weight moves by log2(new m / old m), and again
    Args: traced: the records of each trace as weighed by `model` (tracer.weigh_all).
    """
    m = {pair: odds.m for pair, odds in model.odds.items()}
    present = model.present
    same: Counts = {}
    for _ in range(rounds):
        same = {}
        found = 0.0
        for weighed in traced:
            moved = [_moved(one, m, model) for one in weighed]
            chances = posterior(moved, register_rows, replace(model, present=present))
            found += 1 - chances.absent
            for one, chance in zip(moved, chances.candidates, strict=True):
                if chance > _TOO_UNLIKELY:
                    _add(same, one, chance)
        present = min(max(found / max(len(traced), 1), _LEAST_M), 1 - _LEAST_M)
        m = {pair: max(_share(same, *pair), _LEAST_M) for pair in m}
    return Expected(same=same, present=_rounded(present), rounds=rounds)


def _moved(one: Weighed, m: Mapping[tuple[Field, Level], float], model: Model) -> Weighed:
    """Return the record with its weights under another m. What a rare name is worth beside u stays as it was."""
    fields = tuple(
        (field, level, bits if level is Level.MISSING else bits + log2(m[field, level] / model.odds[field, level].m))
        for field, level, bits in one.worth.fields
    )
    worth = one.worth._replace(fields=fields, weight_bits=sum(bits for _field, _level, bits in fields))
    return Weighed(one.record, worth)


def _add(same: Counts, one: Weighed, chance: float) -> None:
    for field, level, _bits in one.worth.fields:
        if level is not Level.MISSING:
            same[field, level] = same.get((field, level), 0.0) + chance


def chosen(model: Model, present: float) -> dict[str, object]:
    """Return the numbers of a model that are chosen and not counted, as the file holds them."""
    return {
        "present": present,
        "missed": model.missed,
        "relatives": model.relatives,
        "twin_share": model.twin_share,
        "propose_at": model.propose_at,
        "review_at": model.review_at,
        "ambiguous_within_bits": model.ambiguous_within_bits,
        "bound": {"alpha": model.bound.alpha, "confidence": model.bound.confidence, "certified": False},
    }


def rewritten(model: Model, *, name: str, provenance: str) -> str:
    """Return a model file with the odds of a model, without calibration."""
    fields = {
        field.value: {
            level.value: {"m": _rounded(model.odds[field, level].m), "u": _rounded(model.odds[field, level].u)}
            for level in levels
        }
        for field, levels in LEVELS.items()
    }
    tree = {"format": FORMAT, "name": name, "provenance": provenance, **chosen(model, model.present), "fields": fields}
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"
