"""Every page for everybody, and what its forms answer, in a language in which every sentence is marked.

A page in some roles is walked in every build; everything, with every form sent empty, at night.
"""

from collections.abc import Iterator

import pytest
from tests.functional.browsing import living
from tests.functional.loose_words import Agreed, loose, outside_marks
from tests.functional.pseudo_language import CODE, marked, speak
from tests.functional.test_demo import Demo
from tests.functional.visiting import Answer
from tests.functional.walking import Manner, reader, sent_empty, sent_filled, walked

from privity.edge.demonstration.cast import SIGN_IN_AS

EVERYBODY = ("", *(officer.staff_id for officer, _ in SIGN_IN_AS))
"""The empty name is whoever has not signed in."""
IN_EVERY_BUILD = ("", "t.auditor", "m.ford")
"""The public, and the two roles whose pages show most words of ours."""


@pytest.fixture(scope="module")
def whole_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Demo]]:
    """Return a demonstration of its own: whoever sends every form leaves things otherwise than they were."""
    with living(tmp_path_factory.mktemp("whole"), before=speak) as served:
        yield served


def found_loose(path: str, page: Answer, agreed: Agreed) -> list[str]:
    """Return what a page says in no translation; letters and the interface's description are English as a whole."""
    english = not ("/letters/" in path or path.startswith("/api/"))
    return [f"{path}: {words}" for words in loose(page.html, agreed, english=english)]


@pytest.mark.parametrize("staff_id", IN_EVERY_BUILD)
def test_one_page_of_every_kind_says_nothing_outside_a_translation(
    spoken_world: tuple[str, Demo], agreed: Agreed, staff_id: str
) -> None:
    pages = list(walked(reader(spoken_world[0], staff_id), 1))
    assert len(pages) > 20, "the walk came to pages"
    assert [words for path, page in pages for words in found_loose(path, page, agreed)] == []
    assert all(f'lang="{CODE}" dir="rtl"' in page.html or f'lang="{CODE}"' in page.html for _, page in pages)


@pytest.mark.slow
@pytest.mark.parametrize("staff_id", EVERYBODY)
def test_no_page_and_no_form_says_anything_outside_a_translation(
    whole_world: tuple[str, Demo], agreed: Agreed, staff_id: str
) -> None:
    visitor = reader(whole_world[0], staff_id)
    found, pages = [], list(walked(visitor, 2))
    for path, page in pages:
        found += found_loose(path, page, agreed)
    for path, page in pages:
        for where, answer in sent_empty(visitor, path, page):
            found += found_loose(where, answer, agreed)
    assert found == []
    assert len(pages) > 20


@pytest.mark.slow
@pytest.mark.parametrize("manner", Manner)
@pytest.mark.parametrize("staff_id", EVERYBODY)
def test_no_form_that_is_filled_in_answers_with_anything_outside_a_translation(
    whole_world: tuple[str, Demo], agreed: Agreed, staff_id: str, manner: Manner
) -> None:
    visitor = reader(whole_world[0], staff_id)
    found, sent = [], 0
    for path, page in list(walked(visitor, 2)):
        for where, answer in sent_filled(visitor, path, page, manner):
            found += found_loose(where, answer, agreed)
            sent += 1
    assert found == []
    assert sent > 1


def test_what_is_left_outside_marks_is_found(agreed: Agreed) -> None:
    page = f"<main><p>{marked('Said')} and this is not</p><input type=submit value=Go></main>"
    assert loose(page, agreed) == ["and this is not"]
    assert loose('<p lang="en-gb">Words that nobody has agreed on whatsoever.</p>', agreed) != []
    assert loose('<p aria-label="Close it"></p>', agreed) == ["Close it"]
    assert outside_marks(f"a{marked('b')}c") == "a|c"


def test_an_error_is_said_in_the_readers_language_with_what_it_is_filled_in_with(
    spoken_world: tuple[str, Demo],
) -> None:
    visitor = reader(spoken_world[0], "a.okafor")
    page = visitor.get("/cases/?reference=nonsense")
    assert page.status == 422
    assert marked("the reference does not have the form ‘PRV-’ and 26 letters and digits") in page.html
    assert marked("copy the reference from the acknowledgement") in page.html
    assert "the reference does not" not in outside_marks(page.html)


def test_an_error_with_numbers_in_it_is_said_in_the_readers_language_too(spoken_world: tuple[str, Demo]) -> None:
    visitor = reader(spoken_world[0], "a.okafor")
    visitor.get("/cases/")
    assert visitor.post("/filters/", {"name": "X" * 61, "asked": ""}).status == 302
    told = visitor.get("/cases/").html
    assert marked("a name has 1 to 60 characters, and nobody keeps more than 20") in told


def test_a_reference_keeps_its_order_on_a_page_that_runs_from_right_to_left(spoken_world: tuple[str, Demo]) -> None:
    page = reader(spoken_world[0], "a.okafor").get("/cases/")
    assert 'dir="rtl"' in page.html
    assert "\u2066PRV-" in page.html
    assert ">PRV-" not in page.html, "the ellipsis would stand before it"
