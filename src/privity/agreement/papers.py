"""What lies beside a version for anybody to read: papers attached, the plan of a revision, what a change means.

The layout, beside what `reading.py` reads:
    plan.yaml                                   the plan by which the agreement is revised, phase by phase
    <version>/papers/<kind>[-<name>].md         an assessment, or what somebody said who was asked
    <version>/meaning.yaml                      what the version means against the one it amends, as the solver found it
Rules of the room:
- Nothing here decides anything: a version governs by its policy alone.
- A paper that was not published is not here, and the pages say so. None is made up to fill the place.
- What a change means is kept with the digests of both texts; it says nothing about any other text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from privity.agreement.version import Claim, Version
from privity.agreement.written import Unreadable, read_written
from privity.definitions.reference import Slug, VersionName, read_slug

PLAN_FILE, MEANING_FILE, PAPERS = "plan.yaml", "meaning.yaml", "papers"
_PAPER = re.compile(rf"(?P<version>[^/]+)/{PAPERS}/(?P<name>[^/]+)\.md")


class PaperKind(StrEnum):
    """What a paper is."""

    DATA_PROTECTION = "data-protection"
    """An assessment of the effect on data protection."""
    EQUALITY = "equality"
    """An assessment of the effect on equality."""
    CONSULTATION = "consultation"
    """What somebody said who was asked, or who spoke up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper attached to a version. `text` is Markdown; its first heading is the title."""

    version: VersionName
    name: Slug
    kind: PaperKind
    title: str
    text: str


class PhaseStatus(StrEnum):
    """How far a phase of a plan has come."""

    DONE = "done"
    """It is finished."""
    UNDER_WAY = "under-way"
    """It has begun."""
    NOT_BEGUN = "not-begun"
    """It lies ahead."""
    ENDED = "ended"
    """It was given up before it was finished."""
    NOT_ON_RECORD = "not-on-record"
    """The plan said how far it was; what it said is not on record here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase of a plan. `as_at` is the day its status was true, None where that is not known."""

    what: str
    status: PhaseStatus
    as_at: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan by which an agreement is revised, and what became of it."""

    title: str
    says: str
    published: date | None
    source: str
    outcome: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMeaning:
    """What a version means against another, as the solver found it for exactly these two texts."""

    before: VersionName
    after: VersionName
    before_sha256: str
    after_sha256: str
    relation: Claim
    says: tuple[str, ...]

    def is_of(self, before: Version, after: Version) -> bool:
        """Return whether it was worked out for these two texts and no others."""
        return (self.before_sha256, self.after_sha256) == (before.sha256, after.sha256)


def papers_of(files: Mapping[str, str], version: VersionName) -> tuple[Paper, ...]:
    """Return the papers attached to a version, by kind and name.

    Raises: Unreadable: a paper is of no kind, or has no title.
    """
    found = []
    for path, text in sorted(files.items()):
        match = _PAPER.fullmatch(path)
        if match is None or match["version"] != version:
            continue
        kind = next((kind for kind in PaperKind if match["name"].startswith(kind.value)), None)
        first = text.lstrip().partition("\n")[0]
        if kind is None:
            known = ", ".join(kind.value for kind in PaperKind)
            raise Unreadable(path, 1, why="its name says no kind of paper", next_step=f"begin it with one of {known}")
        if not first.startswith("# "):
            raise Unreadable(path, 1, why="it has no title", next_step="begin it with `# ` and its title")
        name = Slug(read_slug(match["name"], what="paper"))
        found.append(Paper(version=version, name=name, kind=kind, title=first.removeprefix("# ").strip(), text=text))
    return tuple(sorted(found, key=lambda paper: (list(PaperKind).index(paper.kind), paper.name)))


def plan_of(files: Mapping[str, str]) -> Plan | None:
    """Return the plan by which an agreement is revised, or None where there is none.

    Raises: Unreadable: the file says something that cannot be.
    """
    if PLAN_FILE not in files:
        return None
    page = read_written(files[PLAN_FILE], PLAN_FILE)
    page.only("title", "says", "published", "source", "outcome", "phases")
    phases = []
    for row in page.at("phases").parts():
        row.only("what", "status", "as_at", "note")
        status, as_at, note = row.at("status"), row.maybe("as_at"), row.maybe("note")
        if status.text() not in tuple(PhaseStatus):
            known = ", ".join(each.value for each in PhaseStatus)
            raise status.fault(f"`{status.text()}` is no status of a phase", f"use one of {known}")
        phases.append(
            Phase(
                what=row.at("what").text(),
                status=PhaseStatus(status.text()),
                as_at=None if as_at is None else as_at.day(),
                note="" if note is None else note.text(),
            )
        )
    published, outcome = page.maybe("published"), page.maybe("outcome")
    return Plan(
        title=page.at("title").text(),
        says=page.at("says").text(),
        published=None if published is None else published.day(),
        source=page.at("source").text(),
        outcome="" if outcome is None else outcome.text(),
        phases=tuple(phases),
    )


def meaning_of(files: Mapping[str, str], before: Version, after: Version) -> KeptMeaning | None:
    """Return what a version means against another, or None where it was not worked out for these two texts.

    Raises: Unreadable: the file says something that cannot be.
    """
    path = f"{after.name}/{MEANING_FILE}"
    if path not in files:
        return None
    page = read_written(files[path], path)
    page.only("before", "after", "before_sha256", "after_sha256", "relation", "says")
    relation = page.at("relation")
    if relation.text() not in tuple(Claim):
        raise relation.fault(f"`{relation.text()}` is no relation", f"use one of {', '.join(tuple(Claim))}")
    kept = KeptMeaning(
        before=VersionName(page.at("before").text()),
        after=VersionName(page.at("after").text()),
        before_sha256=page.at("before_sha256").text(),
        after_sha256=page.at("after_sha256").text(),
        relation=Claim(relation.text()),
        says=page.at("says").texts(),
    )
    return kept if kept.is_of(before, after) else None
