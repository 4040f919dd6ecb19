"""The words of a version in another language: whole and of exactly that text, or not shown; never in force."""

from collections.abc import Mapping
from datetime import date

import pytest

from privity.agreement.lint import lint
from privity.agreement.reading import read_family
from privity.agreement.translated import words_in
from privity.agreement.version import Family
from privity.definitions.reference import VersionName
from privity.edge.settings.shelf import default_shelf, shelf_files

FILES = shelf_files(default_shelf())["police"]
NAME = VersionName("2017-01")
TODAY = date(2026, 11, 22)
PLACE = "2017-01/translations/cy.md"


def of(family: Family) -> str:
    version = family.version(NAME)
    assert version is not None
    return f"Translation of text.md, SHA-256 {version.text_sha256}\n\n"


def in_welsh(text: str) -> str:
    """Return a text with every line said to be Welsh, its marks and anchors kept."""
    lines = []
    for line in text.splitlines():
        mark, _, words = line.partition(" ") if line.startswith(("#", "-")) else ("", "", line)
        lines.append(f"{mark} Cymraeg {words}".strip() if words else line)
    return "\n".join(lines)


FAMILY = read_family(FILES)
GOOD = of(FAMILY) + in_welsh(FILES["2017-01/text.md"])


def with_translation(text: str, place: str = PLACE) -> Family:
    return read_family({**FILES, place: text})


def told(family: Family) -> list[str]:
    return [row.what for row in lint(family, TODAY) if row.what.startswith("not shown: ")]


def shown(family: Family, language: str = "cy") -> str:
    version = family.version(NAME)
    assert version is not None
    return words_in(family, version, language)


def test_a_whole_translation_of_this_text_is_shown_in_its_language_and_no_other() -> None:
    family = with_translation(GOOD)
    assert told(family) == []
    assert shown(family).startswith("# Cymraeg ")
    assert shown(family, "CY") == shown(family)
    assert (shown(family, "de"), shown(FAMILY)) == ("", "")


def test_a_translation_is_no_part_of_what_is_in_force() -> None:
    family = with_translation(GOOD)
    before, after = FAMILY.version(NAME), family.version(NAME)
    assert before is not None
    assert after is not None
    assert (before.sha256, before.clauses, before.text) == (after.sha256, after.clauses, after.text)
    assert "Cymraeg" not in str([clause.says for clause in after.clauses])


WRONG: Mapping[str, tuple[str, str]] = {
    "of nothing": (in_welsh(FILES["2017-01/text.md"]), "it does not say that it is of the words"),
    "of another text": (GOOD.replace(of(FAMILY)[32:40], "00000000"), "it does not say that it is of the words"),
    "a clause short": (GOOD.replace(" {#c4.3}", ""), "it has no clause 4.3"),
    "a clause more": (GOOD + "\n### Cymraeg {#c99.1}\n\nCymraeg.\n", "it has clauses the text has not: 99.1"),
    "a chapter more": (GOOD + "\n## Cymraeg\n", "its headings are not those of the text"),
    "empty": ("", "it does not say that it is of the words"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_translation_that_is_not_whole_or_not_of_this_text_is_told_and_not_shown(name: str) -> None:
    text, what = WRONG[name]
    family = with_translation(text)
    assert any(what in row for row in told(family)), told(family)
    assert shown(family) == ""


def test_a_translation_of_a_version_that_is_not_there_is_told() -> None:
    assert told(with_translation(GOOD, "2031-01/translations/cy.md")) == [
        "not shown: it translates a version that is not there"
    ]


@pytest.mark.parametrize("place", ["translations/cy.md", "2017-01/translations/CY.md", "2017-01/translations/a/cy.md"])
def test_what_lies_elsewhere_or_is_named_otherwise_is_no_translation(place: str) -> None:
    assert with_translation(GOOD, place).translations == ()
