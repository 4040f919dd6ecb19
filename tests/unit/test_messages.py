"""Every sentence of the pages, as a translator gets it."""

import json

import pytest
from tests.functional.pseudo_language import marked

from privity.casework.one_sentence import SENTENCES
from privity.definitions.item import DataItem
from privity.edge.commands.console import main
from privity.edge.web.drawing import spoken_in_english
from privity.edge.web.messages import catalogue, messages
from privity.protection.registration import EFFECTS_OF_A_FLAG


def test_sentences_of_templates_views_and_rooms_without_a_language_are_all_listed() -> None:
    listed = messages()
    for sentence in (
        "How do I protect myself?",
        "The protection is registered and counts from its first day.",
        *SENTENCES,
        *EFFECTS_OF_A_FLAG,
        DataItem.LAST_KNOWN_ADDRESS.words,
    ):
        assert sentence in listed, sentence
    assert any(isinstance(message, tuple) for message in listed), "singular and plural stand together"
    assert all(places for places in listed.values())


def test_the_catalogue_is_a_gettext_template_with_every_sentence_quoted() -> None:
    text = catalogue()
    assert text.startswith('msgid ""')
    assert text.count("\nmsgid ") == len(messages())
    for line in text.splitlines():
        assert line == "" or line.startswith(("#", "msg", '"')), line


def test_the_command_prints_them_for_people_and_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["messages"]) == 0
    assert 'msgid "How do I protect myself?"' in capsys.readouterr().out
    assert main(["messages", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["messages"]) == len(messages())


def test_marks_of_the_made_up_language_keep_what_a_sentence_is_filled_with() -> None:
    assert marked("From %(day)s:") % {"day": "1 May"} == "⟦From 1 May:⟧"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("lost_contact", "Lost contact"),
        ("gp-practice", "GP practice"),
        ("england-and-wales", "England and Wales"),
        ("home-office", "Home Office"),
        ("national-crime-agency", "National Crime Agency"),
        ("prince-of-waleses", "Prince of waleses"),
    ],
)
def test_a_word_of_a_vocabulary_is_spoken_with_the_capitals_people_write(word: str, said: str) -> None:
    assert spoken_in_english(word) == said
