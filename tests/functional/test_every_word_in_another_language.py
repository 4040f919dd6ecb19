"""The desk in a made-up language in which every sentence is marked: what is not marked never went through gettext."""

import re
import sqlite3

import pytest
from tests.functional.browsing import PASSWORD
from tests.functional.loose_words import Agreed, loose
from tests.functional.pseudo_language import CODE, OPENING, letters_of, marked
from tests.functional.test_demo import Demo
from tests.functional.visiting import Visitor
from tests.functional.walking import reader

OFFICER, ADMINISTRATOR = "a.okafor", "m.ford"


def one_of_each_status(demo: Demo) -> list[str]:
    with sqlite3.connect(demo.data / "privity.sqlite") as database:
        rows = database.execute("SELECT status, MAX(reference) FROM state GROUP BY status ORDER BY status").fetchall()
    return [reference for _status, reference in rows]


def test_cases_in_every_state_tell_their_history_in_the_readers_language(
    spoken_world: tuple[str, Demo], agreed: Agreed
) -> None:
    address, demo = spoken_world
    officer = reader(address, OFFICER)
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
    spoken_world: tuple[str, Demo], agreed: Agreed, staff_id: str, paths: tuple[str, ...]
) -> None:
    visitor = reader(spoken_world[0], staff_id)
    for path in paths:
        page = visitor.get(path)
        assert page.status == 200, path
        assert (path, loose(page.html, agreed)) == (path, [])


def test_a_letter_is_written_in_the_language_of_whoever_gets_it_and_not_of_whoever_reads_it(
    spoken_world: tuple[str, Demo], agreed: Agreed
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
        assert loose(letter, agreed) == []
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
    page = reader(address, OFFICER).get(f"/cases/{other}/letters/refusal/")
    (letter,) = re.findall(r"(?s)<article.*?</article>", page.html)
    assert 'lang="en-gb" dir="ltr"' in letter
    assert OPENING not in letter
