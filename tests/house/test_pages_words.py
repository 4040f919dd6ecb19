"""Every word on a page goes through gettext, so that the pages can be read in another language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

WEB = Path(__file__).parents[2] / "src" / "privity" / "edge" / "web"
PAGES = sorted((WEB / "pages").glob("*.jinja"))
VIEWS = sorted(WEB.glob("*.py"))
TAG = re.compile(r"<[^>]*>", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(r'\b(?:aria-label|alt|title|placeholder)="([^"]*[A-Za-z][^"]*)"')
WORDS = re.compile(r"[A-Za-z]{2,}")
NOT_WORDS = frozenset({"SHA", "CSV", "JSON", "NHS", "PRV", "amp", "nbsp", "hellip", "ndash", "lt", "gt", "quot"})
"""Names and marks that are the same in every language."""
SPEAKING = frozenset({"Problem", "success", "info", "warning", "error"})
"""What a view puts words of its own on a page with."""
GETTEXT = frozenset({"_", "gettext", "ngettext", "pgettext"})


def environment() -> jinja2.Environment:
    return jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def bare_text(source: str) -> Iterator[str]:
    """Yield what stands on a page as it is written: outside of tags and of expressions."""
    text = "".join(
        piece.data if isinstance(piece, nodes.TemplateData) else "\x00"
        for output in environment().parse(source).find_all(nodes.Output)
        for piece in output.nodes
    )
    yield from (found for found in SPOKEN_ATTRIBUTE.findall(text) if WORDS.search(found))
    for found in WORDS.findall(TAG.sub(" ", re.sub(r"&[a-z]+;", " ", text))):
        if found not in NOT_WORDS:
            yield found


def bare_literals(source: str) -> Iterator[str]:
    """Yield sentences in expressions that no gettext call surrounds."""
    tree = environment().parse(source)
    spoken = {
        id(literal)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for literal in call.find_all(nodes.Const)
    }
    for literal in tree.find_all(nodes.Const):
        if isinstance(literal.value, str) and id(literal) not in spoken and is_sentence(literal.value):
            yield literal.value


def is_sentence(text: str) -> bool:
    """Return whether a literal reads as words for a person, and not as a name for a machine."""
    return bool(re.match(r"[A-Z][a-z]+(?: [a-z]+)+", text))


def spoken_in_view(source: str) -> Iterator[str]:
    """Yield words a view shows to a person without asking gettext."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in SPEAKING:
            given = [*call.args, *(one.value for one in call.keywords if one.arg == "words")]
            yield from (
                str(one.value) for one in given if isinstance(one, ast.Constant) and WORDS.search(str(one.value))
            )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_word_of_a_page_goes_through_gettext(page: Path) -> None:
    source = page.read_text(encoding="utf-8")
    assert list(bare_text(source)) == []
    assert list(bare_literals(source)) == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_whatever_a_view_says_goes_through_gettext(view: Path) -> None:
    assert list(spoken_in_view(view.read_text(encoding="utf-8"))) == []


def test_the_search_finds_what_it_looks_for() -> None:
    assert list(bare_text("<h1>Hello {{ name }}</h1>")) == ["Hello"]
    assert list(bare_text('<nav aria-label="Way back">{{ _("Back") }}</nav>')) == ["Way back"]
    assert list(bare_text('<p class="big" id="x">{{ _("Back") }}</p>')) == []
    assert list(bare_literals('{{ button({"text": "Send the answer"}) }}')) == ["Send the answer"]
    assert list(bare_literals('{{ button({"text": _("Send the answer")}) }}')) == []
    assert list(spoken_in_view('messages.success(request, "Done.")')) == ["Done."]
    assert list(spoken_in_view('messages.success(request, _("Done."))')) == []
