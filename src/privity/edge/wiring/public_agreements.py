"""The agreements this gateway has published, as the public reads them: all versions, what changed, the register."""

import re
from collections.abc import Mapping, Sequence

from privity.agreement.comparison import ChangeKind, compare
from privity.agreement.page import changed_stretches
from privity.agreement.papers import Plan, meaning_of, papers_of, plan_of
from privity.agreement.plain_words import plain_words
from privity.agreement.register_entry import register_entry
from privity.agreement.version import Family, Instrument, Version, VersionState
from privity.casework.calling import heading
from privity.casework.public_desk import AgreementLine, Attached, Differences, StepLine, VersionLine
from privity.definitions.day import civil_day
from privity.edge.store.instance_rows import Publication
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.situation import requester_words
from privity.errors import Mistaken


def agreement_lines(agreements: PublishedAgreements) -> tuple[AgreementLine, ...]:
    """Return every agreement with its versions and instruments, by the day they took effect."""
    found = []
    for name, family in sorted(agreements.families().items()):
        out = _published_names(name)
        files = agreements.files(name)
        versions = [_version(version, files) for version in family.versions if version.name in out]
        acts = [_instrument(act) for act in family.instruments if act.name in out]
        lines = sorted([*versions, *acts], key=lambda line: (line.effective, line.name))
        found.append(
            AgreementLine(
                family=name,
                requester=heading(requester_words(agreements, name)),
                lines=tuple(lines),
                has_plan=plan_of(files) is not None,
            )
        )
    return tuple(found)


def differences(agreements: PublishedAgreements, family: str, before: str, after: str) -> Differences:
    """Return what changed between two published versions.

    Raises: Mistaken: one of them is not published.
    """
    was, now = agreements.version(family, before), agreements.version(family, after)
    found, kept = compare(was, now), meaning_of(agreements.files(family), was, now)
    clauses = tuple(
        (
            change.name,
            change.kind.value,
            change.before.says if change.before else "",
            change.after.says if change.after else "",
        )
        for change in found.clauses
        if change.kind is not ChangeKind.SAME
    )
    return Differences(
        words=tuple(found.words),
        wording=tuple(changed_stretches(was, now)),
        clauses=clauses,
        relation=kept.relation.value if kept else "",
        meaning=tuple(_readable(sentence, requester_words(agreements, family)) for sentence in kept.says)
        if kept
        else (),
    )


def _readable(sentence: str, requester: str) -> str:
    """Return an example with its requester as people call it; the solver's own name stands between backticks."""
    return re.sub(r"`[^`]+`", requester, sentence, count=1)


def attached(agreements: PublishedAgreements, family: str, name: str) -> Attached:
    """Return what lies beside a version.

    Raises: Mistaken: no such version is published.
    """
    version = agreements.version(family, name)
    words = plain_words(version)
    steps = (
        ("Asked those concerned", version.making.consulted),
        ("Assessed the effect on data protection", version.making.data_protection),
        ("Assessed the effect on equality", version.making.equality),
    )
    return Attached(
        title=version.title,
        steps=tuple(StepLine(what=what, on=step.on, note=step.note) for what, step in steps),
        papers=papers_of(agreements.files(family), version.name),
        sources=words.sources,
        unverified=words.unverified,
    )


def plan(agreements: PublishedAgreements, family: str) -> Plan:
    """Return the plan by which an agreement is revised.

    Raises: Mistaken: there is none.
    """
    found = plan_of(agreements.files(family))
    if found is None:
        raise Mistaken("the plan was not found", why="none was published", next_step="look at the list of agreements")
    return found


def register_of(agreements: PublishedAgreements) -> Sequence[Mapping[str, str]]:
    """Return every published version in the fields of the public register."""
    return [
        register_entry(family, version)
        for name, family in sorted(agreements.families().items())
        for version in _written(family, _published_names(name))
    ]


def _written(family: Family, published: set[str]) -> list[Version]:
    return [version for version in family.versions if version.name in published]


def _published_names(family: str) -> set[str]:
    return set(Publication.objects.filter(reference=family).values_list("name", flat=True))


def _version(version: Version, files: Mapping[str, str]) -> VersionLine:
    return VersionLine(
        name=version.name,
        kind="version",
        title=version.title,
        effective=civil_day(version.effective_from),
        published_on=civil_day(version.published_at) if version.published_at else None,
        was_text=version.state is VersionState.WRITTEN,
        amends=version.amends or "",
        papers=len(papers_of(files, version.name)),
    )


def _instrument(act: Instrument) -> VersionLine:
    return VersionLine(
        name=act.name,
        kind=act.kind.value,
        title=act.title,
        effective=civil_day(act.effective_from),
        published_on=None,
        was_text=True,
        until=civil_day(act.lifted_at) if act.lifted_at else None,
    )
