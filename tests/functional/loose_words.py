"""What a page says outside every pair of marks of the made-up language: words that went through no translation."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from tests.functional.pseudo_language import CLOSING, OPENING

from privity.definitions.language import ENGLISH
from privity.edge.demonstration.cast import BODIES, EVERYBODY, PRACTICE_WORDS

WORDS = re.compile(r"[^\W\d_]+(?:[ ’'-]+[^\W\d_]+)*")
"""Words in a row: what reads as language, if one of them has a few small letters."""
LOWER = re.compile(r"[a-z]{3,}")
DIGITS = re.compile(r"\b(?=[0-9a-f]*[0-9])[0-9a-f]{6,}\b")
"""Part of a digest."""
PIECE = 3
"""Blanks in the shortest piece of a sentence that is taken for the parties' own."""
SHELF = Path(__file__).parents[2] / "agreements"
NAMES = [*(officer.name for officer in EVERYBODY), *(body.words for body in BODIES), PRACTICE_WORDS]
"""What people and organisations are called."""
WRITTEN_BY_PEOPLE = ("made up", "made-up case", "made-up request", "Simulated")
"""The mark of whatever a simulated person typed."""
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
READ_ALOUD = ("aria-label", "alt", "placeholder", "title", "content")
"""Attributes that somebody sees or hears."""


class Shown(HTMLParser):
    """The text of a page, block by block, as a reader sees or hears it."""

    INLINE = frozenset({"a", "span", "strong", "em", "b", "i", "br", "time", "abbr", "small", "tspan"})
    SILENT = frozenset({"script", "style", "textarea", "code", "pre"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self._silent = self._english = 0
        self._open: list[bool] = []
        self.english: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        given = dict(attributes)
        if tag not in VOID:
            self._open.append(tag != "html" and given.get("lang") == ENGLISH)
            self._english += self._open[-1]
        if tag not in self.INLINE:
            self.blocks.append("")
        for name in READ_ALOUD:
            if given.get(name) and not (tag == "meta" and given.get("name") != "description"):
                self.blocks[-1:] = [given[name] or "", self.blocks[-1]]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.blocks[-1:] = [given.get("value") or "", self.blocks[-1]]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT
        if tag not in VOID and self._open:
            self._english -= self._open.pop()
        if tag not in self.INLINE:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self._english and not self._silent:
            self.english.append(data)
            self.blocks[-1] += "|"
        elif not self._silent:
            self.blocks[-1] += data


def squeezed(text: str) -> str:
    """Return the words of a text and nothing else."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The words the parties wrote: all of them in a row, and what stands alone in a file as a name or value."""

    text: str
    values: frozenset[str]

    def says(self, words: str) -> bool:
        """Return whether words are the parties': a whole value, or a piece long enough to be theirs."""
        found = squeezed(words)
        return found in self.values or (found.count(" ") >= PIECE and found in self.text)


def words_of_agreements() -> Agreed:
    """Return every word the agreements of the shelf are made of."""
    files = [path for path in sorted(SHELF.rglob("*")) if path.is_file() and path.suffix in (".yaml", ".md", ".cedar")]
    texts = [path.read_text(encoding="utf-8") for path in files]
    values = {squeezed(value) for text in texts for value in re.findall(r"[^\n:\"{}\[\],#]+", text)}
    folders = {squeezed(path.name) for path in SHELF.rglob("*") if path.is_dir()}
    return Agreed(text=squeezed(" ".join(texts)), values=frozenset(values | folders))


def outside_marks(block: str) -> str:
    """Return what stands outside every pair of marks, with a bar where one stood."""
    depth, kept = 0, []
    for letter in block:
        depth += letter == OPENING
        if not depth:
            kept.append(letter)
        depth -= letter == CLOSING
        kept += ["|"] if letter == CLOSING and not depth else []
    assert depth == 0, block
    return "".join(kept)


def loose(html: str, agreed: Agreed) -> list[str]:
    """Return what a page says in no translation, but for what the parties or people wrote."""
    found = []
    for block in Shown(html).blocks:
        left = DIGITS.sub("|", outside_marks(block))
        for name in NAMES:
            left = left.replace(name, "|")
        for words in WORDS.findall(left):
            typed = any(mark in block for mark in WRITTEN_BY_PEOPLE)
            if not typed and not agreed.says(words) and LOWER.findall(words):
                found.append(words)
    return found
