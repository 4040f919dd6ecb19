"""The one sentence a clinician can say: true in force, suspended, ended, and with no agreement at all."""

from datetime import UTC, date, datetime

import pytest
from tests.fakes.desk import FakeDesk

from privity.casework.desk import Situation
from privity.casework.one_sentence import one_sentence

DAY = date(2026, 11, 20)
LINES = FakeDesk(DAY).situation(datetime(2026, 11, 20, tzinfo=UTC)).lines


@pytest.mark.parametrize("standing", ["suspended", "none"])
def test_whoever_has_no_agreement_in_force_is_not_named(standing: str) -> None:
    silent = tuple(line for line in LINES if line.standing == standing)
    assert silent
    sentence = one_sentence(Situation(on=DAY, lines=silent))
    assert sentence == "Today nothing about you is given to anybody through this service."
    assert one_sentence(Situation(on=DAY, lines=())) == sentence


def test_whoever_has_one_is_named_and_nobody_else() -> None:
    sentence = one_sentence(Situation(on=DAY, lines=LINES))
    for line in LINES:
        assert (line.requester in sentence) == (line.standing == "in-force")
    assert sentence.count(".") == 1, "it is one sentence"
