"""A version's page in plain words, made from the version itself and from nothing else.

Rules of the room:
- Nothing is added: every sentence is in the agreement, or follows from it by a stated rule.
- What is doubtful is on the page too, under its own heading.
- The three layers of a change stand apart: the words, the clauses, and what it means for requests.
"""

import difflib
from collections.abc import Iterator, Sequence
from enum import StrEnum

from privity.agreement.anchors import sections
from privity.agreement.comparison import compare
from privity.agreement.plain_words import PlainWords, plain_words
from privity.agreement.version import Version
from privity.request.due import british

NOT_WORKED_OUT = ("What it means for requests was not worked out here.",)


def page(version: Version, before: Version | None, meaning: Sequence[str] = NOT_WORKED_OUT) -> str:
    """Return the page of a version as Markdown.

    Args: before: the version to tell the changes from, or None. meaning: what the change means, in sentences.
    """
    words = plain_words(version)
    lines = [f"# {words.title}", "", words.summary, ""]
    if not words.governed:
        lines += ["**Announced criteria, encoded by us. They were never a text and never governed.**", ""]
    for heading, listed in _parts(words):
        lines += [f"## {heading}", "", *(f"- {told}" for told in listed), ""]
    if before is not None:
        lines += list(_changes(before, version, meaning))
    lines += ["## Where this comes from", "", *(f"- {told}" for told in (*words.legal_basis, *words.sources)), ""]
    if words.unverified:
        lines += ["## What could not be verified", "", *(f"- {told}" for told in words.unverified), ""]
    lines.append(f"Text {version.text_sha256[:12]}, policy {version.policy_sha256[:12]}. Clause numbers are ours.")
    return "\n".join(lines) + "\n"


def _parts(words: PlainWords) -> Iterator[tuple[str, Sequence[str]]]:
    yield "What may leave", words.may_leave
    yield "What never leaves", words.never_leaves
    yield "To whom", words.to_whom
    yield "For what", words.purposes
    yield (
        "On what conditions",
        [f"{row.says} ({row.clause.number}; {row.otherwise})" for row in words.conditions],
    )
    yield "Who decides", (f"{words.decided_by}.", *words.reserved)
    yield "How fast", (words.clock,)
    yield "How long it may be kept", (words.kept,)
    yield "How it travels", (f"{words.transport}.",)
    until = "" if words.until is None else f" until {british(words.until.date())}"
    yield "Since when", (f"From {british(words.since.date())}{until}. {words.published}",)


def _changes(before: Version, after: Version, meaning: Sequence[str]) -> Iterator[str]:
    yield f"## What changed since {before.name}"
    layers = (
        ("In words", list(changed_words(before, after))),
        ("In clauses", list(compare(before, after).words)),
        ("In meaning", list(meaning)),
    )
    for heading, told in layers:
        yield ""
        yield f"### {heading}"
        yield ""
        yield from (f"- {sentence}" for sentence in told or ("Nothing.",))
    yield ""


class WordChange(StrEnum):
    """What became of a stretch of words."""

    KEPT = "kept"
    """It stands in both."""
    GONE = "gone"
    """Only the earlier text has it."""
    NEW = "new"
    """Only the later text has it."""


Stretch = tuple[WordChange, str]


def changed_words(before: Version, after: Version) -> Iterator[str]:
    """Yield how the words of each clause changed, deleted words in brackets and new ones between bars."""
    marks = {WordChange.KEPT: "{}", WordChange.GONE: "[{}]", WordChange.NEW: "|{}|"}
    for number, stretches in changed_stretches(before, after):
        yield f"{number}: {' '.join(marks[what].format(words) for what, words in stretches)}"


def changed_stretches(before: Version, after: Version) -> Iterator[tuple[str, tuple[Stretch, ...]]]:
    """Yield the number of each clause whose words changed, with its words in stretches kept, gone and new."""
    was, now = sections(before.text), sections(after.text)
    numbers = {clause.name: clause.number for clause in before.clauses}
    for clause in after.clauses:
        earlier = numbers.get(clause.name)
        if earlier is None:
            continue
        old, new = _plain(was[earlier], earlier), _plain(now[clause.number], clause.number)
        if old != new:
            yield clause.number, tuple(_stretches(old, new))


def _plain(section: str, number: str) -> list[str]:
    """Return the words of a section without its heading marks, its number and its anchor."""
    words = [word for word in section.split() if not word.startswith(("#", "{#"))]
    return words[1:] if words[:1] == [number] else words


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    for what, i, j, k, m in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what == "equal":
            yield WordChange.KEPT, " ".join(old[i:j])
            continue
        if j > i:
            yield WordChange.GONE, " ".join(old[i:j])
        if m > k:
            yield WordChange.NEW, " ".join(new[k:m])
