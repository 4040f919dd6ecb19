"""The pages about the program: what they point at is there, and each can be found."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "assets").glob("*.md")})
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"\{#([\w.-]+)\}|(?:id|name)=\"([\w.-]+)\"")


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Yield what a page points at in this repository: the file, and the place in it."""
    for found in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
        if not found.startswith(("http://", "https://", "mailto:")):
            file, _, place = found.partition("#")
            yield file, place


def places(page: Path) -> set[str]:
    """Return the places of a page that can be pointed at: its headings as they are addressed, and marks."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    spelled = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return spelled | {one or other for one, other in MARK.findall(text)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_link_of_a_page_leads_nowhere(page: Path) -> None:
    for file, place in links(page):
        target = page.parent / file if file else page
        assert target.exists(), file
        assert not place or target.suffix != ".md" or place in places(target), f"{file}#{place}"


@pytest.mark.parametrize("folder", ["how-to", "reference"])
def test_every_page_stands_in_the_list_of_what_to_read(folder: str) -> None:
    listed = {file for file, _ in links(ROOT / "docs" / "README.md")}
    pages = {f"{folder}/{page.name}" for page in (ROOT / "docs" / folder).glob("*.md")}
    assert pages
    assert pages <= listed


def test_every_picture_is_shown_somewhere() -> None:
    shown = {(page.parent / file).resolve() for page in PAGES for file, _ in links(page)}
    pictures = {path.resolve() for path in (ROOT / "docs" / "pictures").iterdir()}
    assert pictures
    assert pictures <= shown


def test_every_decision_opens_with_its_number() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert len(pages) > 50
    for page in pages:
        first = page.read_text(encoding="utf-8").partition("\n")[0]
        assert re.match(rf"# {int(page.name[:4])}\. [A-Z]", first), page.name


def test_every_security_property_names_modules_and_tests_that_are_there() -> None:
    text = (ROOT / "SECURITY-PROPERTIES.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1:-1] for row in text.splitlines() if row.startswith("| ")][1:]
    assert len(rows) > 50
    for told, upheld, tested in rows:
        for module in re.findall(r"`([\w/]+\.py)`", upheld):
            assert (ROOT / "src" / "privity" / module).exists(), f"{told}: {module}"
        named = re.findall(r"`((?:tests/)?\w[\w/]*\.py)`", tested)
        assert named or "lint-imports" in tested, told
        for test in named:
            assert (ROOT / test).exists() or list((ROOT / "tests").rglob(test)), f"{told}: {test}"
