"""Sealed papers speak the language of whoever gets them; what the agreement says, and what programs read, stays."""

import re
from dataclasses import replace
from datetime import date
from html import escape

import pytest
from tests.fakes.packs import disclosed_pack
from tests.functional.pseudo_language import CLOSING, OPENING, marked

from privity.definitions.language import IN_ENGLISH, Tongue, is_translation
from privity.definitions.party import OrganisationId
from privity.disclosure import debt_receipt, notice, renderings
from privity.disclosure.debt_receipt import DebtReceipt, receipt_html, receipt_text
from privity.disclosure.notice import Notice, NoticeKind, notice_html, notice_text
from privity.disclosure.pack import Answer, Outcome, Pack
from privity.disclosure.renderings import answer_headings, answer_html, answer_json, answer_text

MADE_UP = Tongue(code="ar", say=marked)
THEIRS = re.compile(r"^- ")


def no_trace() -> Pack:
    return replace(disclosed_pack(), answer=Answer(outcome=Outcome.NO_TRACE))


def recall(kind: NoticeKind = NoticeKind.RECALL) -> Notice:
    return Notice(
        case=disclosed_pack().case,
        requester=OrganisationId("kent-police"),
        requester_reference="K/1",
        kind=kind,
        pack_sha256="ab" * 32,
        issued_on=date(2026, 5, 1),
        act_by=date(2026, 5, 8),
    )


@pytest.mark.parametrize("pack", [disclosed_pack(), no_trace()], ids=["disclosed", "no trace"])
def test_every_line_of_an_answer_is_in_its_language_but_for_what_the_agreement_says(pack: Pack) -> None:
    text = answer_text(pack, MADE_UP).decode()
    paragraphs = text.replace("\r\n", "\n").split("\n")
    assert text.count(OPENING) == text.count(CLOSING) > 8
    cited = " ".join(f"{clause.ref}: {clause.says}" for clause in pack.clauses)
    loose = [
        line
        for line in paragraphs
        if line and OPENING not in line and CLOSING not in line and THEIRS.sub("", line) not in cited
    ]
    assert loose == []


def test_the_page_of_an_answer_says_which_language_it_is_in_and_which_way_it_runs() -> None:
    assert b'<html lang="ar" dir="rtl">' in answer_html(disclosed_pack(), MADE_UP)
    assert b'<html lang="cy" dir="ltr">' in answer_html(disclosed_pack(), Tongue(code="cy", say=marked))
    assert b'<html lang="en-GB">' in answer_html(disclosed_pack())
    told = answer_headings(disclosed_pack(), MADE_UP)
    assert (told["language"], told["direction"]) == ("ar", "rtl")


def test_what_programs_read_is_the_same_in_every_language() -> None:
    before = answer_json(disclosed_pack())
    answer_html(disclosed_pack(), MADE_UP)
    assert answer_json(disclosed_pack()) == before
    assert OPENING.encode() not in before


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_line_of_a_notice_is_in_its_language(kind: NoticeKind) -> None:
    text = notice_text(recall(kind), MADE_UP).decode()
    assert text.count(OPENING) == text.count(CLOSING) >= 5
    assert b'dir="rtl"' in notice_html(recall(kind), MADE_UP)
    assert notice_text(recall(kind)) == notice_text(recall(kind), IN_ENGLISH)


def test_a_receipt_has_its_english_words_below_for_the_ledgers_digest_is_over_them() -> None:
    receipt = DebtReceipt(
        reference="DEBT-1",
        finance_reference="INV/7",
        name="Somebody Made Up",
        recipient="home-office",
        reported_on=date(2026, 1, 5),
        settled_on=date(2026, 2, 1),
        never_right=False,
        retracted_on=date(2026, 3, 5),
        acknowledged_on=None,
        given_on=date(2026, 3, 6),
        origin="privity.example/ledger/1",
    )
    page = receipt_html(receipt, MADE_UP).decode()
    above, _, below = page.partition("<hr>")
    assert 'lang="ar" dir="rtl"' in above
    assert above.count(OPENING) == above.count(CLOSING) > len(receipt.lines)
    assert all(escape(line) in below for line in receipt.lines)
    assert OPENING not in below
    assert OPENING.encode() not in receipt_text(receipt)
    assert "<hr>" not in receipt_html(receipt).decode(), "in English there is nothing to put below"


def test_every_sentence_of_a_paper_can_be_translated_with_what_it_is_filled_in_with() -> None:
    for sentence in (*renderings.SENTENCES, *notice.SENTENCES, *debt_receipt.SENTENCES):
        assert is_translation(sentence, marked(sentence)), sentence
