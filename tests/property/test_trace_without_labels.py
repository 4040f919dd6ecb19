"""Expectation-maximisation finds without labels what counting finds with them."""

from pathlib import Path

import pytest

from privity.edge.registers.models import default_model
from privity.edge.synthetic.trials import Design, make_trial
from privity.errors import Mistaken
from privity.trace.comparison import Field, Level
from privity.trace.model import read_model
from privity.trace.record_levels import sought
from privity.trace.tracer import weigh_all
from privity.trace.training import chosen, count, expect, model_text, rewritten, seen_levels

DESIGN = Design(people=4_000, people_seed=3, labels=1_200, label_seed=4)
MODEL = default_model()


def test_m_and_the_share_present_are_found_without_a_label(tmp_path: Path) -> None:
    made = make_trial(DESIGN, tmp_path / "register.sqlite")
    traced, pairs = [], []
    for one in made.asked():
        try:
            traced.append(weigh_all(one.particulars, made.register, MODEL)[0])
        except Mistaken:
            continue
        if one.truth is not None:
            pairs.append((sought(one.particulars), made.register.record(one.truth)))
    found = expect(traced, made.register.size, MODEL)
    labelled = count(seen_levels(asked, held) for asked, held in pairs)
    settings = chosen(MODEL, found.present)
    without, with_labels = (
        read_model(model_text(counts, labelled, name="one", provenance="a test", settings=settings))
        for counts in (found.same, labelled)
    )
    assert found.present == pytest.approx(len(pairs) / len(traced), abs=0.03)
    for pair in ((Field.GIVEN, Level.EXACT), (Field.FAMILY, Level.EXACT), (Field.BIRTH, Level.EXACT)):
        assert without.odds[pair].m == pytest.approx(with_labels.odds[pair].m, abs=0.03)


def test_a_model_rewritten_keeps_its_odds() -> None:
    again = read_model(rewritten(MODEL, name="again", provenance="a test"))
    assert again.calibration is None
    for pair, odds in MODEL.odds.items():
        assert again.odds[pair].m == pytest.approx(odds.m, rel=1e-5)
