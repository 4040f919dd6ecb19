"""A custodian's own words: added by one, taken back by another, in force at once for debts that wait."""

from dataclasses import replace
from datetime import date

import pytest
from tests.fakes.corridor import ADMINISTRATORS, GUARDIAN, Corridor
from tests.fakes.debts import DebtWalk, a_debt, as_public

from privity.casework.debt_lifecycle import DebtStanding as D
from privity.casework.kept_out import add_word, own_words, take_word_back
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

FORD = ADMINISTRATORS[0]


@pytest.fixture
def walk(corridor: Corridor) -> DebtWalk:
    return DebtWalk(corridor).at(date(2017, 2, 28)).enrol().at(date(2017, 3, 1))


def add(walk: DebtWalk, word: str) -> str:
    return walk.corridor.do(lambda unit, at: add_word(as_public(unit), word, by=FORD, at=at)).word


def take_back(walk: DebtWalk, word: str) -> None:
    walk.corridor.do(lambda unit, at: take_word_back(as_public(unit), word, by=GUARDIAN, at=at))


def words(walk: DebtWalk) -> frozenset[str]:
    return walk.corridor.do(lambda unit, _at: own_words(unit))


def test_a_debt_that_was_ready_stays_behind_once_a_word_of_it_is_kept_out(walk: DebtWalk) -> None:
    reference = walk.take(replace(a_debt(), note="Seen by the Willowbank team.")).reference
    walk.checked(reference)
    assert walk.case(reference).standing is D.READY
    add(walk, "WILLOWBANK")
    run = walk.run("2017-02")
    assert (run.reports, run.left_behind) == (0, 1)
    assert walk.case(reference).standing is D.RETURNED
    kinds = [entry.kind for entry in walk.corridor.entries() if entry.kind is not EntryKind.LEDGER_PADDING]
    assert kinds[-2] is EntryKind.DEBT_ASSESSED


def test_a_report_is_taken_back_without_a_word_that_is_kept_out_since_and_is_not_held_up_by_it(walk: DebtWalk) -> None:
    reference = walk.take(replace(a_debt(), finance_reference="INV-WILLOWBANK-7")).reference
    walk.checked(reference)
    walk.run("2017-02")
    add(walk, "willowbank")
    walk.at(date(2017, 4, 3)).settle(reference)
    walk.checked(reference)
    assert walk.run("2017-03").retractions == 1
    before, after = (str([line.values for line in made.lines]) for made in walk.sealer.kept)
    assert "WILLOWBANK" in before
    assert "WILLOWBANK" not in after
    assert "Reported on 2017-03-01" in after
    assert [line.reference for line in walk.sealer.kept[-1].retractions] == [reference]


def test_a_word_let_pass_again_stops_nothing(walk: DebtWalk) -> None:
    add(walk, "Willowbank")
    note = replace(a_debt(), note="Seen by the Willowbank team.")
    assert walk.take(note).standing is D.RETURNED
    take_back(walk, "willowbank")
    assert words(walk) == frozenset()
    assert walk.take(replace(note, finance_reference="INV/2")).standing is D.CHECKING


def test_a_word_is_kept_once_as_it_is_looked_for_and_the_ledger_does_not_say_it(walk: DebtWalk) -> None:
    assert add(walk, " Clínica ") == "clinica"
    for again in ("clinica", "CLINICA", "ab", "two words", "", "x" * 41):
        with pytest.raises(Mistaken):
            add(walk, again)
    with pytest.raises(Mistaken, match="not kept out"):
        take_back(walk, "another")
    entry = walk.corridor.entries()[-1]
    assert (entry.kind, dict(entry.facts)) == (EntryKind.HEALTH_WORD_ADDED, {})
    take_back(walk, "clinica")
    assert walk.corridor.entries()[-1].kind is EntryKind.HEALTH_WORD_WITHDRAWN
    assert add(walk, "clinica") == "clinica", "it can be kept out again"
