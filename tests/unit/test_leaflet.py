"""The leaflet and the short answer: true under an agreement, a suspension, an announcement, and with none at all."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.fakes.desk import FakeDesk

from privity.casework.desk import Manner, SharedLine, Situation
from privity.casework.leaflet import leaflet, short_answer
from privity.casework.one_sentence import one_sentence
from privity.edge.wiring.leaflet_pdf import leaflet_pdf

DAY = date(2026, 11, 20)
POLICE, SUSPENDED, ENDED = FakeDesk(DAY).situation(datetime(2026, 11, 20, tzinfo=UTC)).lines
BILLS = replace(POLICE, requester="Department of Health", manner=Manner.REPORTED)
LETTERS = replace(POLICE, requester="Charities", manner=Manner.FORWARDED)


def told(*lines: SharedLine) -> str:
    made = leaflet(Situation(on=DAY, lines=lines), "custodian.example/leaflet/", str)
    return "\n".join(part for asked in made.questions for part in (asked.asked, *asked.lines, *asked.points))


def short(*lines: SharedLine) -> str:
    return " ".join(short_answer(Situation(on=DAY, lines=lines)))


def test_under_an_agreement_the_leaflet_names_who_can_ask_what_and_since_when() -> None:
    words = told(POLICE)
    assert "Police can be given some of your details today. Nobody else can." in words
    assert "Police: can ask since 2017-01-01." in words
    assert "last known address" in words
    assert "Never given out: next appointment" in words


@pytest.mark.parametrize("line", [SUSPENDED, ENDED])
def test_under_a_suspension_and_after_the_end_nothing_is_given_and_no_item_is_listed(line: SharedLine) -> None:
    words = told(line)
    assert "Nothing about you is given to anybody here today." in words
    assert "nothing is given out" in words
    assert "Some of this can be given out" not in words


def test_with_no_agreement_at_all_nobody_can_ask() -> None:
    assert "Nobody can ask here." in told()
    assert short() == "Nothing about you is given to anybody here today."


def test_terms_that_were_only_announced_are_told_and_said_to_change_nothing() -> None:
    words = told(replace(SUSPENDED, announced_on=date(2018, 5, 9)))
    assert "new terms were announced on 2018-05-09. Nobody has written them down. They change nothing here." in words


def test_bills_are_reported_and_letters_passed_on_and_neither_is_somebody_asking() -> None:
    assert "Nobody else can." in short(POLICE, BILLS)
    assert "Department of Health" not in short(POLICE, BILLS).partition(" can be given")[0]
    assert short(POLICE, BILLS).endswith("Hospitals can report unpaid bills of visitors from abroad.")
    assert short(LETTERS) == "Nothing about you is given to anybody here today."
    assert "a letter can be passed on to you" in told(LETTERS)
    assert "That does not show reports of unpaid bills." in told(POLICE, BILLS)
    assert "unpaid bills" not in told(POLICE, LETTERS)
    sentences = {
        lines: one_sentence(Situation(on=DAY, lines=lines)) for lines in ((POLICE, BILLS), (BILLS,), (LETTERS,))
    }
    assert (
        "unpaid hospital bills of overseas visitors can be reported to Department of Health" in sentences[POLICE, BILLS]
    )
    assert sentences[(BILLS,)].startswith(
        "Today nothing about you is given to anybody through this service, but unpaid"
    )
    assert sentences[(LETTERS,)] == "Today nothing about you is given to anybody through this service."
    assert all(sentence.count(".") == 1 for sentence in sentences.values())


def test_the_leaflet_is_a_tagged_pdf_the_same_every_time_and_larger_in_large_print() -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    made = leaflet(Situation(on=DAY, lines=(POLICE, SUSPENDED, ENDED)), "custodian.example/leaflet/", str)
    ordinary, large = (leaflet_pdf(made, language="en-gb", large=size) for size in (False, True))
    for pdf in (ordinary, large):
        assert pdf.startswith(b"%PDF")
        assert b"pdfuaid:part" in pdf
    assert ordinary == leaflet_pdf(made, language="en-gb", large=False)
    assert large.count(b"/Type /Page\n") >= ordinary.count(b"/Type /Page\n")
    assert large != ordinary
