"""A model as Splink settings, and back: the same fields, levels, m and u, said in SQL for one database.

Each compared field becomes a column that holds the level already found (`given_name_level` ...) where SQL has no
words for it, as for token conflicts; Splink then trains and combines levels, which is what it is for.

Rules of the room:
- The model file is the source; settings are written for one dialect and thrown away.
- Coming back, only m, u and the share present are taken; what Privity chooses itself stays the model's.
- A level Splink has not trained keeps the model's numbers.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

from privity.errors import Mistaken
from privity.trace.comparison import LEVELS, Field, Level
from privity.trace.model import LevelOdds, Model

_PREFIX = "Level "
_SMALLEST = 1e-9


class Dialect(StrEnum):
    """Whose SQL the settings are written in."""

    DUCKDB = "duckdb"
    """DuckDB quotes identifiers with double quotes."""
    SPARK = "spark"
    """Spark quotes identifiers with backticks; double quotes are text there."""
    POSTGRES = "postgres"
    """As DuckDB, for these settings."""
    SQLITE = "sqlite"
    """As DuckDB, for these settings."""


def splink_settings(model: Model, register_rows: int, dialect: Dialect) -> str:
    """Return Splink settings (JSON) of a model: compare table `pairs`, one row a candidate pair, by level columns.

    Args: register_rows: of the register the pairs are from; sets the prior of two random records.
    """
    comparisons = [_comparison(model, field, dialect) for field in LEVELS]
    tree = {
        "link_type": "link_only",
        "probability_two_random_records_match": model.present / max(register_rows, 1),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "sql_dialect": dialect.value,
        "unique_id_column_name": "unique_id",
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.{_quoted('pair', dialect)} = r.{_quoted('pair', dialect)}"}
        ],
    }
    return json.dumps(tree, indent=1) + "\n"


def level_column(field: Field) -> str:
    """Return the name of the column that holds the level of a field."""
    return f"{field.value}_level"


def _comparison(model: Model, field: Field, dialect: Dialect) -> dict[str, object]:
    column = level_column(field)
    found = _quoted(f"{column}_r", dialect)
    levels: list[dict[str, object]] = [
        {"sql_condition": f"{found} IS NULL", "label_for_charts": "missing", "is_null_level": True}
    ]
    for level in LEVELS[field]:
        odds = model.odds[field, level]
        levels.append(
            {
                "sql_condition": f"{found} = '{level.value}'",
                "label_for_charts": f"{_PREFIX}{level.value}",
                "m_probability": odds.m,
                "u_probability": odds.u,
            }
        )
    return {"output_column_name": column, "comparison_levels": levels}


def _quoted(name: str, dialect: Dialect) -> str:
    return f"`{name}`" if dialect is Dialect.SPARK else f'"{name}"'


def from_splink(text: str, model: Model, register_rows: int) -> Model:
    """Return the model with the m, u and share present of Splink settings, as trained or saved by Splink.

    Raises: Mistaken: they are not settings of a model of Privity.
    """
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused("they are not JSON") from error
    comparisons = tree.get("comparisons") if isinstance(tree, dict) else None
    if not isinstance(comparisons, list):
        raise _refused("they have no comparisons")
    odds = dict(model.odds)
    known = {level_column(field): field for field in LEVELS}
    for comparison in comparisons:
        field = known.get(str(comparison.get("output_column_name"))) if isinstance(comparison, Mapping) else None
        if field is None:
            raise _refused("a comparison is of no field that Privity compares")
        _take(odds, field, comparison)
    prior = tree.get("probability_two_random_records_match")
    if isinstance(prior, bool) or not isinstance(prior, int | float) or not 0 < prior < 1:
        raise _refused("they do not say how likely two random records match")
    present = min(max(prior * max(register_rows, 1), 0.001), 0.999)
    return replace(model, odds=MappingProxyType(_whole(odds)), present=present, certificate=None, calibration=None)


def _take(odds: dict[tuple[Field, Level], LevelOdds], field: Field, comparison: Mapping[str, object]) -> None:
    """Take m and u of each level of one comparison."""
    levels = comparison.get("comparison_levels")
    if not isinstance(levels, list):
        raise _refused(f"`{level_column(field)}` has no levels")
    for one in levels:
        label = str(one.get("label_for_charts", "")) if isinstance(one, Mapping) else ""
        if not label.startswith(_PREFIX):
            continue
        name = label.removeprefix(_PREFIX)
        level = next((level for level in LEVELS[field] if level.value == name), None)
        if level is None:
            raise _refused(f"`{level_column(field)}` has a level that Privity does not know")
        m, u = one.get("m_probability"), one.get("u_probability")
        before = odds[field, level]
        odds[field, level] = LevelOdds(_probability(m, before.m), _probability(u, before.u))


def _probability(value: object, otherwise: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return otherwise
    return min(max(float(value), _SMALLEST), 1 - _SMALLEST)


def _whole(odds: Mapping[tuple[Field, Level], LevelOdds]) -> dict[tuple[Field, Level], LevelOdds]:
    """Return the odds with the m of each field adding up to 1."""
    whole: dict[tuple[Field, Level], LevelOdds] = {}
    for field, levels in LEVELS.items():
        total = sum(odds[field, level].m for level in levels)
        for level in levels:
            whole[field, level] = LevelOdds(odds[field, level].m / total, odds[field, level].u)
    return whole


def _refused(why: str) -> Mistaken:
    next_step = "use settings that `privity trace splink-export` wrote"
    return Mistaken("the Splink settings were not accepted", why=why, next_step=next_step)
