"""The measure that public pages are held to, against texts whose age is plain."""

import pytest
from tests.functional.reading_age import reading_age, sentences_of, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("name", 1),
        ("people", 2),
        ("address", 2),
        ("agreement", 3),
        ("asked", 1),
        ("decided", 3),
        ("police", 2),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_childs_text_is_younger_than_a_statutes() -> None:
    child = "The dog ran to the park. It saw a red ball and it was glad."
    statute = (
        "Notwithstanding the aforementioned considerations, the disclosure of demographic information necessitates "
        "a proportionality assessment undertaken by an appropriately authorised professional."
    )
    assert reading_age(child) < 8
    assert reading_age(statute) > 18


def test_headings_and_names_are_not_read_as_sentences() -> None:
    assert sentences_of("National Crime Agency\nAgreement in force\n") == []
    assert reading_age("Statistics") == 0
