"""What lies on the shelf of agreements and can be published: read whole, named by the digest of every file together."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from privity.agreement.lint import ended_reliances
from privity.agreement.reading import read_family
from privity.agreement.version import Family, InstrumentKind, VersionState
from privity.casework.account_records import Change, Outcome
from privity.casework.calling import CALLED, heading, named
from privity.casework.keeper import ShelfLine
from privity.casework.record import canonical, read_moment
from privity.definitions.day import civil_day
from privity.edge.settings.shelf import shelf_files
from privity.edge.store.instance_rows import Publication
from privity.edge.store.people_rows import Proposal
from privity.errors import Mistaken

KINDS = {
    InstrumentKind.QUEUE: "suspension",
    InstrumentKind.PROHIBITION: "prohibition",
    InstrumentKind.WITHDRAWAL: "withdrawal",
}
"""What a publication calls the instruments that can be published."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The shelf an instance publishes from."""

    root: Path

    def files(self, family: str) -> Mapping[str, str]:
        """Return the files of one family.

        Raises: Mistaken: there is no such family. Unavailable: a file cannot be read.
        """
        found = shelf_files(self.root)
        if family not in found:
            raise _refused("there is no such family on the shelf", "choose one that is listed")
        return found[family]

    def lines(self, today: date) -> Sequence[ShelfLine]:
        """Return everything on the shelf that can be published, newest effect first within its family.

        Raises: Unavailable: a file cannot be read. Mistaken: a file is not as an agreement is written.
        """
        published = {(row.reference, row.name): read_moment(row.at) for row in Publication.objects.all()}
        waits = set(
            Proposal.objects.filter(change=Change.PUBLICATION.value, outcome=Outcome.WAITING.value).values_list(
                "about", "content"
            )
        )
        lines: list[ShelfLine] = []
        for name, files in sorted(shelf_files(self.root).items()):
            family = read_family(files)
            ended = {str(version.name): ended_reliances(version, today) for version in family.versions}
            for content, title in _publishable(family, digest(files)):
                lines.append(
                    ShelfLine(
                        family=name,
                        words=named(name) if name in CALLED else heading(name.replace("-", " ")),
                        kind=content["kind"],
                        name=content["name"],
                        title=title,
                        effective_from=date.fromisoformat(content["in_force_from"]),
                        published_at=published.get((name, content["name"])),
                        waits=(name, canonical(content)) in waits,
                        ended=ended.get(content["name"], ()),
                    )
                )
        return lines

    def content(self, family: str, name: str) -> Mapping[str, str]:
        """Return what a proposal to publish one version or instrument says.

        Raises: Mistaken: there is no such one.
        """
        files = self.files(family)
        for content, _ in _publishable(read_family(files), digest(files)):
            if content["name"] == name:
                return content
        raise _refused("there is no such version or instrument on the shelf", "choose one that is listed")

    def must_lie_there(self, family: str, content: Mapping[str, str]) -> None:
        """Raise unless exactly this can be published now.

        Raises: Mistaken: it is published already, is not there, or the files are others by now.
        """
        if Publication.objects.filter(reference=family, name=content["name"]).exists():
            raise _refused("it is published already", "look at the list of agreements")
        if dict(self.content(family, content["name"])) != dict(content):
            raise _refused("the files on the shelf are not the ones that were put forward", "put them forward again")


def digest(files: Mapping[str, str]) -> str:
    """Return the digest under which files are kept when they are published."""
    return hashlib.sha256(canonical(dict(files)).encode()).hexdigest()


def _publishable(family: Family, sha256: str) -> Iterator[tuple[dict[str, str], str]]:
    found = [
        (version.effective_from, "version", version.name, version.title)
        for version in family.versions
        if version.state is VersionState.WRITTEN
    ] + [(act.effective_from, KINDS[act.kind], act.name, act.title) for act in family.instruments if act.kind in KINDS]
    for effective, kind, name, title in sorted(found, reverse=True):
        day = civil_day(effective).isoformat()
        yield {"kind": kind, "name": name, "sha256": sha256, "in_force_from": day}, title


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("nothing was changed", why=why, next_step=next_step)
