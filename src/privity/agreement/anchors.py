"""Every clause's words against its rule, as a person last read them side by side.

Rules of the room:
- For each clause two digests are kept: of its section of the text, and of its rule and what follows from it.
- Words changed and rule not, or rule changed and words not: somebody must read both and say that they agree.
- A version without anchors was never read side by side; lint says so.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from privity.agreement.version import Clause, Version
from privity.agreement.written import read_written

ANCHORS_FILE = "anchors.yaml"
_ANCHOR = re.compile(r"\{#c([0-9]+(?:\.[0-9]+)*)\}")
_DIGITS = 16
_HEADING = """\
# Digests of each clause's words (its section of text.md and what it says when cited) and of its rule.
# Written by `privity agreement anchors --write`, after a person has read words and rule side by side.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A clause whose words or rule changed since a person last read them together."""

    clause: str
    what: str
    line: int


def sections(text: str) -> Mapping[str, str]:
    """Return the section of each numbered heading, by its number, blanks folded."""
    found: dict[str, list[str]] = {}
    number = ""
    for line in text.splitlines():
        match = _ANCHOR.search(line)
        if match or line.startswith("#"):
            number = match.group(1) if match else ""
        if number:
            found.setdefault(number, []).append(line)
    return {number: " ".join(" ".join(lines).split()) for number, lines in found.items()}


def _digests(version: Version, clause: Clause, section: str) -> tuple[str, str]:
    words = "\n".join((section, clause.says, clause.cure))
    follows = "" if clause.consequence is None else clause.consequence.value
    rule = "\n".join((clause.rule, follows, clause.unstated.value, str(clause.ordered)))
    return _short(words), _short(rule)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def anchors(version: Version) -> str:
    """Return the anchors of a version as they are today, as the text of a file."""
    prose = sections(version.text)
    lines = []
    for clause in version.clauses:
        words, rule = _digests(version, clause, prose[clause.number])
        lines.append(f"{clause.name}: {{words: {words}, rule: {rule}}}")
    return _HEADING + "\n".join(lines) + "\n"


def drift(version: Version) -> Iterator[Drift]:
    """Yield the clauses whose words and rule were not read together as they are now.

    Raises: Unreadable: the file of anchors is not well formed.
    """
    if not version.anchors:
        return
    page = read_written(version.anchors, f"{version.name}/{ANCHORS_FILE}")
    for body in page.entries().values():
        body.only("words", "rule")
    kept = {name: (body.at("words").text(), body.at("rule").text()) for name, body in page.entries().items()}
    prose = sections(version.text)
    for clause in version.clauses:
        if clause.name not in kept:
            yield Drift(
                clause=clause.name, what="is new, and nobody has read its words beside its rule", line=clause.line
            )
            continue
        words, rule = _digests(version, clause, prose[clause.number])
        changed_words = kept[clause.name][0] != words
        changed_rule = kept[clause.name][1] != rule
        if changed_words and changed_rule:
            yield Drift(clause=clause.name, what="has changed in words and rule", line=clause.line)
        elif changed_words:
            yield Drift(
                clause=clause.name, what="says something else than before, and its rule is the same", line=clause.line
            )
        elif changed_rule:
            yield Drift(clause=clause.name, what="has another rule than before, and says the same", line=clause.line)
    gone = set(kept) - {clause.name for clause in version.clauses}
    yield from (Drift(clause=name, what="is gone from the policy", line=1) for name in sorted(gone))
