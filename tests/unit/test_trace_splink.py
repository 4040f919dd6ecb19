"""Models as Splink settings, and back."""

import json

import pytest

from privity.edge.registers.models import default_model
from privity.errors import Mistaken
from privity.trace.comparison import LEVELS, Field, Level
from privity.trace.splink_settings import Dialect, from_splink, level_column, splink_settings

MODEL = default_model()


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_model_comes_back_as_it_went(dialect: Dialect) -> None:
    back = from_splink(splink_settings(MODEL, 1_000, dialect), MODEL, 1_000)
    assert back.present == pytest.approx(MODEL.present)
    for pair, odds in MODEL.odds.items():
        assert back.odds[pair].m == pytest.approx(odds.m, rel=1e-5)
        assert back.odds[pair].u == pytest.approx(odds.u)


def test_what_splink_trained_is_taken_and_what_it_did_not_train_is_kept() -> None:
    tree = json.loads(splink_settings(MODEL, 1_000, Dialect.DUCKDB))
    gender = next(one for one in tree["comparisons"] if one["output_column_name"] == level_column(Field.GENDER))
    gender["comparison_levels"][1]["m_probability"] = 0.5
    gender["comparison_levels"][2]["m_probability"] = 0.5
    gender["comparison_levels"][2]["u_probability"] = "level not observed in training dataset"
    back = from_splink(json.dumps(tree), MODEL, 1_000)
    assert back.odds[Field.GENDER, Level.EXACT].m == pytest.approx(0.5)
    assert back.odds[Field.GENDER, Level.DIFFERENT].u == MODEL.odds[Field.GENDER, Level.DIFFERENT].u
    assert back.certificate is None


def test_every_level_has_its_condition_in_the_dialect() -> None:
    for dialect, mark in ((Dialect.SPARK, "`"), (Dialect.DUCKDB, '"')):
        tree = json.loads(splink_settings(MODEL, 1_000, dialect))
        for field, comparison in zip(LEVELS, tree["comparisons"], strict=True):
            conditions = [one["sql_condition"] for one in comparison["comparison_levels"]]
            assert conditions[0] == f"{mark}{field.value}_level_r{mark} IS NULL"
            assert len(conditions) == 1 + len(LEVELS[field])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not JSON"),
        ("{}", "no comparisons"),
        ('{"comparisons": [{"output_column_name": "shoe"}]}', "no field"),
        ('{"comparisons": []}', "how likely"),
    ],
)
def test_other_settings_are_refused(text: str, why: str) -> None:
    with pytest.raises(Mistaken, match=why):
        from_splink(text, MODEL, 1_000)
