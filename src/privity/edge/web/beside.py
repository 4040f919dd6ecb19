"""The words of an agreement beside its rules, clause by clause. Text in, values out.

The words are Markdown of a small kind: `#` the title, `##` a chapter, `###` a clause with its anchor
`{#c1.1}`. The rules are Cedar; each statement begins with `@id` and names its clause with `@clause("1.1")`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^(#{1,3})\s+(.*?)\s*(?:\{#c([0-9][0-9.]*[a-z]?)\})?\s*$")
_STATEMENT = re.compile(r"(?m)^(?=@id\()")
_NAME = re.compile(r'^@id\("([^"]+)"\)')
_CLAUSE = re.compile(r'^@clause\("([^"]+)"\)', re.MULTILINE)
_COMMENT_AFTER = re.compile(r"(?:\n\s*//[^\n]*|\n\s*)+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One Cedar statement; findings cite it by its `name`."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A heading with its paragraphs and, where it is a clause, the rules that carry it.

    `depth` is 1 for the title, 2 for a chapter, 3 for a clause. `clause` is empty outside clauses.
    """

    depth: int
    heading: str
    clause: str
    paragraphs: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """An agreement as two columns. `unworded` holds rules whose clause has no words in the text."""

    title: str
    passages: tuple[Passage, ...]
    unworded: tuple[Rule, ...]


def side_by_side(words: str, rules: str) -> SideBySide:
    """Return an agreement's words with each clause's rules beside them; no rule and no word is dropped."""
    carried: dict[str, list[Rule]] = {}
    for clause, rule in _statements(rules):
        carried.setdefault(clause, []).append(rule)
    passages = []
    for depth, heading, clause, lines in _passages(words):
        passages.append(
            Passage(
                depth=depth,
                heading=heading,
                clause=clause,
                paragraphs=tuple(_paragraphs(lines)),
                rules=tuple(carried.pop(clause, ())) if clause else (),
            )
        )
    title = next((passage.heading for passage in passages if passage.depth == 1), "")
    left = tuple(rule for rules_left in carried.values() for rule in rules_left)
    return SideBySide(title=title, passages=tuple(passages), unworded=left)


def _statements(rules: str) -> Iterator[tuple[str, Rule]]:
    for part in _STATEMENT.split(rules):
        named, clause = _NAME.search(part), _CLAUSE.search(part)
        if named and clause:
            yield clause.group(1), Rule(name=named.group(1), text=_COMMENT_AFTER.sub("", part).rstrip())


def _passages(words: str) -> Iterator[tuple[int, str, str, list[str]]]:
    depth, heading, clause = 1, "", ""
    lines: list[str] = []
    for line in words.splitlines():
        found = _HEADING.match(line)
        if not found:
            lines.append(line)
            continue
        if heading or any(line.strip() for line in lines):
            yield depth, heading, clause, lines
        depth, heading, clause, lines = len(found[1]), found[2], found[3] or "", []
    yield depth, heading, clause, lines


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Yield paragraphs: lines joined, split at empty lines and before list items."""
    gathered: list[str] = []
    for line in [*lines, ""]:
        stripped = line.strip()
        if (not stripped or stripped.startswith("- ")) and gathered:
            yield " ".join(gathered)
            gathered = []
        if stripped:
            gathered.append(stripped.removeprefix("- "))
