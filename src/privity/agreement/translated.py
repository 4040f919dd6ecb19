"""The words of a version in another language: for reading, and never in force.

    <version>/translations/<language>.md     begins with `Translation of text.md, SHA-256 …`, then the words

Rules of the module:
- A translation governs nothing: it is no part of a version or of its digest, no rule names it and no decision cites it.
- It is of one text, named by digest. Beside any other it is not shown.
- It has the title, the chapters and every clause of that text, in the same order and with the same anchors, or it is
  not shown at all: half an agreement reads like a whole one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from privity.agreement.version import Family, Translation, Version
from privity.definitions.reference import VersionName

FOLDER = "translations"
_FILE = re.compile(r"(?P<version>[a-z0-9-]+)/translations/(?P<language>[a-z]{2,3}(?:-[a-z0-9]{2,8})*)\.md")
_OF = re.compile(r"Translation of text\.md, SHA-256 ([0-9a-f]{64})")
_HEADING = re.compile(r"^(#{1,3})\s+\S(?:.*?\{#c([0-9][0-9.]*[a-z]?)\}\s*$)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a translation is not shown: what is wrong with it and what to do."""

    file: str
    what: str
    next_step: str


def translations_of(files: Mapping[str, str]) -> tuple[Translation, ...]:
    """Return every translation among a family's files, by version and language."""
    found = []
    for path, text in sorted(files.items()):
        if match := _FILE.fullmatch(path):
            first, _, words = text.partition("\n")
            of = _OF.fullmatch(first.strip())
            found.append(
                Translation(
                    version=VersionName(match["version"]),
                    language=match["language"],
                    of_sha256=of[1] if of else "",
                    text=words.strip() + "\n",
                )
            )
    return tuple(found)


def faults_of(translation: Translation, family: Family) -> Iterator[Fault]:
    """Yield why a translation cannot be shown; nothing where it can."""
    file = f"{translation.version}/{FOLDER}/{translation.language}.md"
    version = family.version(translation.version)
    if version is None:
        yield Fault(file=file, what="it translates a version that is not there", next_step="put it beside its version")
        return
    if translation.of_sha256 != version.text_sha256:
        yield Fault(
            file=file,
            what="it does not say that it is of the words that stand beside it",
            next_step=f"read it again, then begin it with `Translation of text.md, SHA-256 {version.text_sha256}`",
        )
    wanted, there = _outline(version.text), _outline(translation.text)
    missing = [clause for _, clause in wanted if clause and clause not in {one for _, one in there}]
    strange = [clause for _, clause in there if clause and clause not in {one for _, one in wanted}]
    if missing:
        yield Fault(file=file, what=f"it has no clause {', '.join(missing)}", next_step="translate every clause")
    if strange:
        yield Fault(file=file, what=f"it has clauses the text has not: {', '.join(strange)}", next_step="take them out")
    if not missing and not strange and wanted != there:
        yield Fault(
            file=file,
            what="its headings are not those of the text, in their order",
            next_step="keep title, chapters and clauses as they stand, each with its anchor",
        )


def words_in(family: Family, version: Version, language: str) -> str:
    """Return the words of a version in a language, or nothing where there is no translation that may be shown."""
    for translation in family.translations:
        if (translation.version, translation.language) == (version.name, language.lower()):
            return "" if any(True for _ in faults_of(translation, family)) else translation.text
    return ""


def _outline(text: str) -> list[tuple[int, str]]:
    """Return the headings of a text in their order: how deep each stands, and the clause it begins."""
    found = (_HEADING.match(line) for line in text.splitlines())
    return [(len(heading[1]), heading[2] or "") for heading in found if heading]
