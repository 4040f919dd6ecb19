"""Several custodians' published figures of one quarter, side by side with this one's and added up.

Rules of the module:
- What others published lies beside the data, byte for byte as they did, and is theirs: it is counted by nobody here,
  and the page names each one's ledger and digest, so that a reader can have each of them counted again.
- A custodian is there once a quarter. A second publication of the same ledger for the same quarter is refused.
- A file there that cannot be read is a defect that an operator mends; meanwhile the page is not shown at all, because a
  sum that silently leaves somebody out is wrong.
"""

from collections.abc import Sequence
from pathlib import Path

from privity.casework.public_desk import Together, TogetherSource
from privity.edge.wiring.public_statistics import published_statistics
from privity.edge.wiring.published import PublishedAgreements
from privity.errors import Mistaken, Unavailable
from privity.statistics.combine import combine
from privity.statistics.publication import Publication, read_publication
from privity.statistics.quarter import Quarter

LARGEST = 4_000_000
"""Bytes of one publication."""
MOST = 2_000
"""Files that are looked at; more is a mistake, and would make a page slow."""


def include(folder: Path, texts: Sequence[bytes], *, own: str, made_up: bool = False) -> tuple[Publication, ...]:
    """Keep other custodians' publications, all of them or none, and return them.

    Args:   own: the name of this custodian's own ledger. made_up: whether this custodian's own figures are invented.
    Raises: Mistaken: one is no publication that can be added up, is our own, differs from one that is there, or is
            invented where the others are not.
            Unavailable: the folder cannot be read or written.
    """
    kept = list(_kept(folder))
    made = tuple(read_publication(text) for text in texts)
    for each in made:
        combine([each])
        if each.contents["origin"] == own:
            raise _not_included("it is this custodian's own, and is counted already", "give the others'")
        if each.is_made_up is not made_up:
            raise _not_included(
                "its figures are a demonstration's, and invented" if each.is_made_up else "ours here are invented",
                "keep invented figures and real ones apart",
            )
        if any(_about(other) == _about(each) and other.text != each.text for other in kept):
            raise _not_included(
                f"another of `{each.contents['origin']}` for `{each.quarter.name}` is there, and figures never change",
                "ask that custodian which one it published, and take the other away",
            )
        kept.append(each)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in made:
            (folder / each.file_name).write_bytes(each.text)
    except OSError as refusal:
        raise Unavailable(
            f"`{folder}` was not written",
            why=(refusal.strerror or "the operating system refused").lower(),
            next_step="make room, or let this account write there, and give all the files again",
        ) from refusal
    return made


def together(folder: Path, agreements: PublishedAgreements, quarter: Quarter) -> Together | None:
    """Return one quarter over all custodians; None where nobody else's figures of it are here.

    Raises: Mistaken: a file that lies there is no publication, or a custodian is there twice.
    """
    others = [made for made in _kept(folder) if made.quarter == quarter]
    own = next((each for each in published_statistics(agreements) if each.publication.quarter == quarter), None)
    if not others:
        return None
    all_of_them = [*([own.publication] if own else []), *others]
    return Together(
        quarter=quarter,
        combined=combine(all_of_them),
        sources=tuple(
            TogetherSource(
                origin=str(made.contents["origin"]),
                setting=made.setting,
                file_name=made.file_name,
                sha256=made.sha256,
                is_own=own is not None and made is own.publication,
            )
            for made in sorted(all_of_them, key=lambda made: str(made.contents["origin"]))
        ),
        names=own.names if own else {},
    )


def _about(made: Publication) -> tuple[object, str]:
    return made.contents["origin"], made.quarter.name


def _kept(folder: Path) -> tuple[Publication, ...]:
    """Return what other custodians published, as far as it lies here."""
    files = sorted(folder.glob("*.json"))[:MOST] if folder.is_dir() else []
    try:
        texts = [file.read_bytes() for file in files if file.stat().st_size <= LARGEST]
    except OSError as refusal:
        raise Unavailable(
            "other custodians' figures were not read",
            why=(refusal.strerror or "the operating system refused").lower(),
            next_step="let this account read the folder `other-custodians`",
        ) from refusal
    return tuple(map(read_publication, texts))


def _not_included(why: str, next_step: str) -> Mistaken:
    return Mistaken("nothing was included", why=why, next_step=next_step)
