"""The pictures of the docs: each is shown somewhere with words for whoever cannot see it, and none is heavy."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
SHOWN = re.compile(r"!\[([^\]]*)\]\(\.\./pictures/([a-z-]+\.png)\)")
HEAVIEST = 200 * 1024


def test_every_picture_is_shown_described_and_light() -> None:
    shown = {name: words for page in DOCS.glob("how-to/*.md") for words, name in SHOWN.findall(page.read_text("utf-8"))}
    there = {path.name: path for path in (DOCS / "pictures").glob("*.png")}
    assert set(shown) <= set(there), "a page shows a picture that is not there"
    assert set(there) == set(shown), "a picture is there that no page shows"
    assert all(len(words) > 8 for words in shown.values()), "a picture has no words"
    for name, path in there.items():
        assert path.stat().st_size <= HEAVIEST, name
