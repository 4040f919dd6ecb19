"""What the pages are drawn with: the files are those that were built, and templates keep the rules of the room."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from privity.casework.lifecycle import Status
from privity.edge.web.acts_told import TOLD
from privity.ledger.entry_kind import EntryKind

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "assets" / "manifest.sha256"
STATIC = ROOT / "src/privity/edge/web/static/privity"
PAGES = sorted((ROOT / "src/privity/edge/web/pages").glob("*.jinja"))
NOT_OF_ONE_CASE = (
    "epoch.",
    "instance.", "register.imported", "register.updated",
    "agreement.", "organisation.", "officer.", "role.", "certificate.",
    "factor.", "proposal.", "program.",
    "batch.", "alert.", "approach.", "statistics.", "protection.", "ledger.", "restore.", "backup.", "tracer.",
    "case.shredded", "health-word.", "holiday.", "collation.", "sample.", "readings.",
)  # fmt: skip


def test_every_file_is_the_one_that_was_built() -> None:
    written = dict(line.split("  ")[::-1] for line in MANIFEST.read_text(encoding="ascii").splitlines())
    found = {
        path.relative_to(ROOT).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in STATIC.rglob("*")
        if path.is_file()
    }
    assert found == written


def test_style_and_script_ask_nothing_of_another_site_and_hold_no_protected_mark() -> None:
    for name in ("pages.css", "nhsuk-frontend.min.js", "start.js"):
        text = (STATIC / name).read_text(encoding="utf-8")
        assert "http" not in text.replace("http://www.w3.org/", ""), name
        assert "Frutiger" not in text
    for named in re.findall(r'url\("?([^")]+)"?\)', (STATIC / "pages.css").read_text(encoding="utf-8")):
        assert named.startswith("data:") or (STATIC / named).is_file(), named
    assert "Inter Variable" in (STATIC / "pages.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_template_has_no_inline_style_no_raw_text_and_no_half_condition(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=\"", text)
    assert not re.search(r"\|\s*safe|\bMarkup\b|autoescape", text)
    assert not re.search(r'"(?:html|attributes)":', text), "the macros do not escape these"
    for expression in re.findall(r"\{\{(.*?)\}\}", re.sub(r'"[^"]*"', '""', text), re.DOTALL):
        assert expression.count(" if ") <= expression.count(" else "), expression


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_word_of_a_template_can_be_translated(page: Path) -> None:
    text = re.sub(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!DOCTYPE html>", " ", page.read_text(encoding="utf-8"))
    assert not re.findall(r"[A-Za-z]{2,}", re.sub(r"(?s)<[^>]*>", " ", text))


def test_every_act_of_a_case_has_words_of_its_own() -> None:
    of_a_case = {kind for kind in EntryKind if not kind.value.startswith(NOT_OF_ONE_CASE)}
    assert of_a_case == set(TOLD)


def test_every_status_has_a_colour() -> None:
    parts = (ROOT / "src/privity/edge/web/pages/parts.jinja").read_text(encoding="utf-8")
    assert set(re.findall(r'"([a-z-]+)": "[a-z-]+"', parts)) == {status.value for status in Status}
