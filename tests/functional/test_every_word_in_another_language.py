"""The desk in a made-up language in which every sentence is marked: what is not marked never went through gettext."""

import re
import sqlite3
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.functional.browsing import PASSWORD
from tests.functional.pseudo_language import CLOSING, CODE, OPENING, letters_of, marked
from tests.functional.test_demo import Demo
from tests.functional.visiting import Visitor

from privity.edge.demonstration.cast import BODIES, EVERYBODY

OFFICER, ADMINISTRATOR = "a.okafor", "m.ford"
SENTENCE = re.compile(r"\w+(?:[ ,;:’']+\w+){2,}")
"""Three words in a row: what reads as language, if two of them are common words."""
LOWER = re.compile(r"\b[a-z]{2,}\b")
SHELF = Path(__file__).parents[2] / "agreements"
NAMES = [*(officer.name for officer in EVERYBODY), *(body.words for body in BODIES)]
WRITTEN_BY_PEOPLE = ("(made up)", "made-up case", "made-up request", "Simulated", "made up:")
"""The mark of whatever a simulated person typed."""


class Shown(HTMLParser):
    """The text of a page's main part, block by block, as a reader sees it."""

    INLINE = frozenset({"a", "span", "strong", "em", "b", "i", "br", "time", "abbr", "small", "code"})
    SILENT = frozenset({"script", "style", "textarea", "option", "title"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self._silent = self._main = 0
        self.feed(html)

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self._main += tag == "main"
        self._silent += tag in self.SILENT
        if tag not in self.INLINE:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._main -= tag == "main"
        self._silent -= tag in self.SILENT
        if tag not in self.INLINE:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self._main and not self._silent:
            self.blocks[-1] += data


def squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


@pytest.fixture(scope="module")
def agreed() -> str:
    """Return every word the agreements of the shelf are made of."""
    files = [path for path in sorted(SHELF.rglob("*")) if path.is_file() and path.suffix in (".yaml", ".md", ".cedar")]
    return squeezed(" ".join(path.read_text(encoding="utf-8") for path in files))


def outside_marks(block: str) -> str:
    """Return what stands outside every pair of marks."""
    depth, kept = 0, []
    for letter in block:
        depth += letter == OPENING
        if not depth:
            kept.append(letter)
        depth -= letter == CLOSING
    assert depth == 0, block
    return "".join(kept)


def loose(html: str, agreed: str) -> list[str]:
    """Return the sentences of a page that went through no translation, but for what the parties or people wrote."""
    found = []
    for block in Shown(html).blocks:
        left = outside_marks(block)
        for sentence in SENTENCE.findall(left):
            typed = any(mark in block for mark in WRITTEN_BY_PEOPLE)
            theirs = squeezed(sentence) in agreed or any(name in sentence for name in NAMES)
            if not typed and not theirs and len(LOWER.findall(sentence)) > 1:
                found.append(sentence)
    return found


def reading(address: str, staff_id: str) -> Visitor:
    visitor = Visitor(address)
    assert visitor.sign_in(staff_id, PASSWORD).status == 302
    visitor.get("/")
    assert visitor.post("/language/", {"language": CODE, "next": "/"}).status == 302
    return visitor


def links(html: str, start: str) -> list[str]:
    return list(dict.fromkeys(re.findall(rf'href="({start}[^"?#]*)"', html)))


def one_of_each_status(demo: Demo) -> list[str]:
    with sqlite3.connect(demo.data / "privity.sqlite") as database:
        rows = database.execute("SELECT status, MAX(reference) FROM state GROUP BY status ORDER BY status").fetchall()
    return [reference for _status, reference in rows]


def test_cases_in_every_state_tell_their_history_in_the_readers_language(
    spoken_world: tuple[str, Demo], agreed: str
) -> None:
    address, demo = spoken_world
    officer = reading(address, OFFICER)
    found: dict[str, list[str]] = {}
    for reference in one_of_each_status(demo):
        page = officer.get(f"/cases/{reference}/")
        assert page.status == 200
        assert marked("Request received") in page.html
        assert marked("The request was received.") in page.html
        found[reference] = loose(page.html, agreed)
    assert len(found) > 10
    assert {reference: words for reference, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("staff_id", "paths"),
    [
        (OFFICER, ("/cases/", "/workload/", "/your-role/")),
        ("p.reid", ("/requests/",)),
        ("g.hale", ("/guardian/", "/guardian/samples/", "/challenges/")),
        ("d.oversight", ("/oversight/", "/challenges/")),
        ("t.auditor", ("/your-role/",)),
        (ADMINISTRATOR, ("/administration/", "/administration/people/", "/administration/organisations/")),
    ],
)
def test_what_everybody_finds_first_is_said_in_the_readers_language(
    spoken_world: tuple[str, Demo], agreed: str, staff_id: str, paths: tuple[str, ...]
) -> None:
    visitor = reading(spoken_world[0], staff_id)
    for path in paths:
        page = visitor.get(path)
        assert page.status == 200, path
        assert (path, loose(page.html, agreed)) == (path, [])


def test_a_letter_is_written_in_the_language_of_whoever_gets_it_and_not_of_whoever_reads_it(
    spoken_world: tuple[str, Demo], agreed: str
) -> None:
    address, demo = spoken_world
    english = Visitor(address)
    assert english.sign_in(OFFICER, PASSWORD).status == 302
    shown = letters_of(demo)
    assert {kind for kind, _, _ in shown} == {"refusal", "disclosure"}
    for kind, reference, _ in shown:
        page = english.get(f"/cases/{reference}/letters/{kind}/")
        assert page.status == 200
        (letter,) = re.findall(r"(?s)<article.*?</article>", page.html)
        assert f'lang="{CODE}" dir="rtl"' in letter
        assert loose(f"<main>{letter}</main>", agreed) == []
        assert "Back to the case" in page.html, "the page around it is in the reader's language"


def test_letters_to_everybody_else_stay_english(spoken_world: tuple[str, Demo]) -> None:
    address, demo = spoken_world
    told = {organisation for _, _, organisation in letters_of(demo)}
    with sqlite3.connect(demo.data / "privity.sqlite") as database:
        rows = database.execute(
            "SELECT s.reference, o.organisation FROM state s JOIN opening o ON o.reference = s.reference"
            " WHERE s.status = 'refused'"
        ).fetchall()
    other = next(reference for reference, organisation in rows if organisation not in told)
    page = reading(address, OFFICER).get(f"/cases/{other}/letters/refusal/")
    (letter,) = re.findall(r"(?s)<article.*?</article>", page.html)
    assert 'lang="en-gb" dir="ltr"' in letter
    assert OPENING not in letter
