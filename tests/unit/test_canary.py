"""The canary itself: it hears what it is there to hear."""

import logging

import pytest
from hypothesis import settings
from tests.fakes.golden import GIVEN, GOLDEN_WORDS, demographics, particulars
from tests.fakes.ledger import example_entry

from privity.errors import Mistaken
from privity.ledger.entry import EntryRefused


@pytest.fixture
def heard(nobody_is_named: list[str]) -> list[str]:
    return nobody_is_named


def test_a_name_in_a_log_line_is_heard(heard: list[str]) -> None:
    logging.getLogger("privity.anything").warning("the person is %s", GIVEN)
    assert any(GIVEN in line for line in heard)
    heard.clear()


def test_a_name_in_a_message_of_ours_is_heard(heard: list[str]) -> None:
    Mistaken("nothing was done", why=f"`{GIVEN}` is not known", next_step="try again")
    assert any(GIVEN in line for line in heard)
    heard.clear()


def test_a_name_in_a_ledger_entry_is_heard_even_where_the_entry_is_refused(heard: list[str]) -> None:
    entry = example_entry(1)
    with pytest.raises(EntryRefused):
        type(entry)(kind=entry.kind, at=entry.at, eid=entry.eid, outcome=GIVEN)
    assert any(GIVEN in line for line in heard)
    heard.clear()


@pytest.mark.parametrize("held", [particulars(), demographics(), particulars().nhs_number, demographics().residence])
def test_what_holds_a_person_does_not_show_one(held: object) -> None:
    assert not [word for word in GOLDEN_WORDS if word in repr(held) or word in f"{held}"]


def test_hypothesis_finds_the_same_examples_every_day() -> None:
    assert settings.default is not None
    assert settings.default.deadline is None
