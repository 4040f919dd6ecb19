"""What a page says outside every pair of marks of the made-up language: words that went through no translation.

What may stand without a mark, and why:
- what a page itself marks as English (`lang`): the agreements' own words, letters to whoever reads English, the
  description of the interface. Each of them is looked for in the agreements, so that nothing hides behind the mark;
- what a page marks as not to be translated, and code: names, what people wrote, references, the ledger's own words;
- names of people and organisations of the demonstration, and what it marks as made up.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from tests.functional.pseudo_language import CLOSING, OPENING

from privity.definitions.language import ENGLISH
from privity.edge.demonstration.cast import BODIES, EVERYBODY, PRACTICE, PRACTICE_WORDS
from privity.ledger.entry_kind import EntryKind

WORDS = re.compile(r"[^\W\d_]+(?:[ ’'-]+[^\W\d_]+)*")
"""Words in a row: what reads as language, if one of them has a few small letters."""
LOWER = re.compile(r"[a-z]{3,}")
DIGITS = re.compile(r"\b[0-9a-f]{8}\b|\b(?=[0-9a-f]*[0-9])[0-9a-f]{6,}\b|\b[0-9A-Za-z+/]{20,}\b")
"""Part of a digest or a key."""
STAFF = re.compile(r"\b[a-z]\.[a-z]+\b")
"""A staff identifier."""
PIECE = 3
"""Blanks in the shortest piece of a sentence that is taken for the parties' own."""
SHELF = Path(__file__).parents[2] / "agreements"
NAMES = sorted(
    [
        *(officer.name for officer in EVERYBODY),
        *(body.words for body in BODIES),
        *(body.name for body in BODIES),
        *(PRACTICE, PRACTICE_WORDS, "Privity", "English", "PDF", "privity.example"),
        *(f"({kind.value})" for kind in EntryKind),
        "Synthetic CA (for demonstration only)",
    ],
    key=len,
    reverse=True,
)
"""What people, organisations, this program and its language are called; the ledger's own words behind ours."""
MADE_UP = ("made up", "made-up case", "made-up request", "Simulated")
"""The mark of whatever a simulated person typed."""
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
READ_ALOUD = ("aria-label", "alt", "placeholder", "title", "content")
"""Attributes that somebody sees or hears."""


class Shown(HTMLParser):
    """The text of a page, block by block, as a reader sees or hears it, and what it marks as English."""

    INLINE = frozenset({"a", "span", "strong", "em", "b", "i", "br", "time", "abbr", "small", "tspan", "bdi"})
    SILENT = frozenset({"script", "style", "textarea", "code", "pre"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.english: list[str] = []
        self.titles: list[str] = []
        self._open: list[tuple[bool, bool, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag not in VOID:
            silent = tag in self.SILENT or given.get("translate") == "no"
            self._open.append((silent, tag != "html" and given.get("lang") == ENGLISH, tag in ("title", "option")))
        self._ends(tag)
        for name in READ_ALOUD:
            words = given.get(name)
            if words and not (tag == "meta" and given.get("name") != "description"):
                self.blocks[-1:] = [words, self.blocks[-1]]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.blocks[-1:] = [given.get("value") or "", self.blocks[-1]]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._open:
            self._open.pop()
        self._ends(tag)

    def handle_data(self, data: str) -> None:
        silent, english, title = (any(kind) for kind in zip(*self._open, strict=True)) if self._open else (False,) * 3
        if silent:
            self.blocks[-1] += "|"
        elif english:
            self.english.append(data)
            self.blocks[-1] += "|"
        elif title:
            self.titles.append(data)
        else:
            self.blocks[-1] += data

    def _ends(self, tag: str) -> None:
        if tag not in self.INLINE:
            self.blocks.append("")


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


def _words(block: str, agreed: Agreed) -> list[str]:
    if any(mark in block for mark in MADE_UP):
        return []
    # A title of the parties' may hold a name: it is looked for before names are taken out.
    left = "|".join(piece for piece in outside_marks(block).split("|") if not agreed.says(piece))
    for name in NAMES:
        left = left.replace(name, "|")
    left = STAFF.sub("|", DIGITS.sub("|", left))
    return [words for words in WORDS.findall(left) if LOWER.search(words)]


def loose(html: str, agreed: Agreed, *, english: bool = True) -> list[str]:
    """Return what a page says in no translation.

    Args: english: whether what the page marks as English must be the agreements' own.
    """
    shown = Shown(html)
    found = [words for block in shown.blocks for words in _words(block, agreed) if not agreed.says(words)]
    found += [words for title in shown.titles for words in _words(title, agreed) if squeezed(words) not in agreed.text]
    if english:
        theirs = set(agreed.text.split())
        found += [text for text in shown.english if not set(squeezed(text).split()) <= theirs and _words(text, agreed)]
    return found
