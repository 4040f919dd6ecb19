"""The agreements this gateway has published, as the public reads them: all versions, what changed, the register."""

from collections.abc import Mapping, Sequence

from privity.agreement.comparison import compare
from privity.agreement.register_entry import register_entry
from privity.agreement.version import Family, Instrument, Version, VersionState
from privity.casework.public_desk import AgreementLine, Differences, VersionLine
from privity.definitions.day import civil_day
from privity.edge.store.instance_rows import Publication
from privity.edge.wiring.calling import heading
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.situation import requester_words


def agreement_lines(agreements: PublishedAgreements) -> tuple[AgreementLine, ...]:
    """Return every agreement with its versions and instruments, by the day they took effect."""
    found = []
    for name, family in sorted(agreements.families().items()):
        out = _published_names(name)
        versions = [_version(version) for version in family.versions if version.name in out]
        acts = [_instrument(act) for act in family.instruments if act.name in out]
        lines = sorted([*versions, *acts], key=lambda line: (line.effective, line.name))
        found.append(
            AgreementLine(family=name, requester=heading(requester_words(agreements, name)), lines=tuple(lines))
        )
    return tuple(found)


def differences(agreements: PublishedAgreements, family: str, before: str, after: str) -> Differences:
    """Return what changed between two published versions.

    Raises: Mistaken: one of them is not published.
    """
    found = compare(agreements.version(family, before), agreements.version(family, after))
    clauses = tuple(
        (
            change.name,
            change.kind.value,
            change.before.says if change.before else "",
            change.after.says if change.after else "",
        )
        for change in found.clauses
    )
    return Differences(words=tuple(found.words), clauses=clauses)


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


def _version(version: Version) -> VersionLine:
    return VersionLine(
        name=version.name,
        kind="version",
        title=version.title,
        effective=civil_day(version.effective_from),
        published_on=civil_day(version.published_at) if version.published_at else None,
        was_text=version.state is VersionState.WRITTEN,
    )


def _instrument(act: Instrument) -> VersionLine:
    return VersionLine(
        name=act.name,
        kind=act.kind.value,
        title=act.title,
        effective=civil_day(act.effective_from),
        published_on=None,
        was_text=True,
    )
