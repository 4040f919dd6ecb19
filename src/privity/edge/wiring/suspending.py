"""Suspending an agreement in one step: an instrument written, checked and published in one transaction.

A suspension only narrows, so one person may do it at once; lifting it widens, and takes two and a publication.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from privity.agreement.as_published import BINDING, altered
from privity.agreement.in_force import InForce
from privity.agreement.making import Governs
from privity.agreement.reading import read_family
from privity.agreement.version import InstrumentKind
from privity.casework.enrol import publish
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import AgreementFamily, VersionName
from privity.edge.store.instance_rows import Publication, PublishedFile
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.published import PublishedAgreements
from privity.errors import Mistaken
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS
from privity.request.due import british

VERSION = "version"
SOURCE = "The guardian of the custodian"


def suspend_agreement(
    store: Store, agreements: PublishedAgreements, family: str, *, reasons: str, by: Officer, at: datetime
) -> str:
    """Suspend an agreement and return the name of the instrument.

    Raises: Mistaken: no version of it is in force, or the reasons are too short or too long.
    """
    said = " ".join(reasons.split())
    if not SHORTEST_REASONS <= len(said) <= LONGEST_REASONS:
        raise _refused(
            f"the reasons hold {len(said)} characters, not {SHORTEST_REASONS} to {LONGEST_REASONS}",
            "say why, in words that everybody may read",
        )
    if not isinstance(agreements.governing(AgreementFamily(family), at), InForce):
        raise _refused("no version of it is in force", "choose an agreement that is in force")
    before = published_files(family)
    name = _free_name(before, at)
    files = {**before, **_instrument(name, said, at)}
    read_family(files)  # nothing is published that could not be read again
    with store.unit() as unit:
        publish(
            unit,
            family=family,
            number=agreements.publications(family) + 1,
            kind="suspension",
            name=name,
            sha256=agreements.keep(files),
            in_force_from=civil_day(at),
            by=by,
            seconded_by=by,
            at=at,
        )
    return name


def with_acts_laid_here(family: str, files: Mapping[str, str]) -> Mapping[str, str]:
    """Return a family's files with every act upon it that was published here as it was published.

    A suspension placed at the press of a button lies on no shelf, and one that was lifted here stands unlifted on it:
    whoever publishes a new text from the shelf must neither end the one nor revive the other.
    """
    names = Publication.objects.filter(reference=family).values_list("name", flat=True)
    acts = {f"instruments/{name}/" for name in names}
    kept = _kept(family) or {}
    laid = {path: text for path, text in kept.items() if any(path.startswith(act) for act in acts)}
    here = {path.rpartition("/")[0] for path in laid}
    return {**{path: text for path, text in files.items() if path.rpartition("/")[0] not in here}, **laid}


def to_publish(family: str, kind: str, name: str, shelf: Mapping[str, str]) -> Mapping[str, str]:
    """Return a family's files as they stand once one version or instrument of it is published from the shelf.

    What was published before stays as it was published: two people agree on one text, and on no other that lies beside
    it. An instrument changes nothing but itself, a version may bring new words, and either may bring papers and
    translations beside the versions.
    Raises: Mistaken: a published text or word is another on the shelf; the version would govern by another moment
            than the disclosure; or the files could not be read again.
    """
    kept = _kept(family)
    texts = Publication.objects.filter(reference=family, kind__in=(VERSION, "announcement"))
    versions = frozenset(texts.values_list("name", flat=True))
    if kept is not None and kind != VERSION:
        beside = {path: text for path, text in shelf.items() if _lies_beside(path, versions)}
        act = {path: text for path, text in shelf.items() if path.startswith(f"instruments/{name}/")}
        files: Mapping[str, str] = {**kept, **beside, **act}
    else:
        files = with_acts_laid_here(family, shelf)
        if changed := altered(kept or {}, files, versions):
            raise _unpublished(
                f"`{changed[0]}` is published, and the shelf has another",
                "put it back as it was published, and write the change as a version of its own, with new words for it",
            )
    known = read_family(files)
    version = known.version(VersionName(name))
    if version is not None and version.commencement.governs is not Governs.DISCLOSURE:
        raise _unpublished(
            "it leaves cases under way to the text before, and here every answer leaves by the text then in force",
            "let it govern `disclosure`",
        )
    return files


def _lies_beside(path: str, versions: Collection[str]) -> bool:
    folder, _, file = path.partition("/")
    return folder in versions and file not in BINDING


def _unpublished(why: str, next_step: str) -> Mistaken:
    return Mistaken("it was not published", why=why, next_step=next_step)


def published_files(family: str) -> Mapping[str, str]:
    """Return a family's files as they were published last.

    Raises: Mistaken: nothing of it has been published here.
    """
    files = _kept(family)
    if files is None:
        raise _refused("it has not been published here", "choose an agreement that is in force")
    return files


def _kept(family: str) -> Mapping[str, str] | None:
    newest = Publication.objects.filter(reference=family).order_by("-id").values_list("sha256", flat=True).first()
    kept = PublishedFile.objects.filter(sha256=newest).values_list("files", flat=True).first()
    files: dict[str, str] | None = json.loads(kept) if kept is not None else None
    return files


def _free_name(files: Mapping[str, str], at: datetime) -> str:
    base = f"{civil_day(at).isoformat()}-suspension"
    taken = {path.split("/")[1] for path in files if path.startswith("instruments/")}
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _instrument(name: str, reasons: str, at: datetime) -> dict[str, str]:
    """Return the instrument's two files. JSON strings are YAML strings, whatever stands in them."""
    day = british(civil_day(at))
    title = f"Suspension of {day}"
    page = {
        "kind": InstrumentKind.QUEUE.value,
        "title": title,
        "says": f"From {day} every request is held. {reasons}",
        "effective_from": at.replace(microsecond=0).isoformat(),
    }
    lines = [
        f"{key}: {value if key in ('kind', 'effective_from') else json.dumps(value, ensure_ascii=False)}"
        for key, value in page.items()
    ]
    sources = f"sources:\n  - {{what: {json.dumps(SOURCE)}, note: {json.dumps(reasons, ensure_ascii=False)}}}"
    folder = f"instruments/{name}"
    return {
        f"{folder}/instrument.yaml": "\n".join([*lines, sources, ""]),
        f"{folder}/text.md": f"# {title}\n\n{reasons}\n",
    }


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("the agreement was not suspended", why=why, next_step=next_step)
