"""The spool: a folder per requester, from which somebody or something else collects.

    <folder>/<organisation>/<sha256>.eml          the sealed pack
    <folder>/<organisation>/<sha256>.tlog-proof   the proof that the ledger tells of it

Rules of the module:
- A file appears whole or not at all, and is on the disk before `send` returns.
- The proof is there before the pack is, so that whoever sees a pack can check it.
- A pack is never rewritten: the same bytes again are left as they are, other bytes are refused.
"""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from privity.casework.ports import Outgoing
from privity.errors import Impossible, Unavailable

PACK_SUFFIX = ".eml"
PROOF_SUFFIX = ".tlog-proof"
_ORGANISATION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


class SpoolFull(Unavailable):
    """The folder does not take the file. The pack stays in the outbox."""

    def __init__(self, refusal: OSError) -> None:
        super().__init__(
            "a pack was not handed over",
            why=f"the spool folder refused it ({(refusal.strerror or 'no reason given').lower()})",
            next_step="make room or put its rights in order, then run `privity outbox run` again",
        )


@dataclass(frozen=True, slots=True)
class Spool:
    """A transport that writes files into `folder`."""

    folder: Path

    def send(self, message: Outgoing) -> None:
        """Write the proof and the pack, durably.

        Raises: SpoolFull: the folder refused. Impossible: the bytes are not those of the digest, or the
                organisation's name is no folder name.
        """
        self.send_all((message,))

    def send_all(self, messages: Sequence[Outgoing]) -> None:
        """Write proofs and packs, all of them durable when this returns.

        The disk is waited for three times, however many there are: once for the contents, then for the proofs'
        names, then for the packs', so that whoever sees a pack finds its proof even after a power cut.
        Raises: as `send`; then none is promised, and all can be sent again.
        """
        proofs: list[tuple[Path, Path]] = []
        packs: list[tuple[Path, Path]] = []
        try:
            for message in messages:
                place = self._place(message)
                proofs += _drafted(place / f"{message.sha256}{PROOF_SUFFIX}", message.proof.encode())
                pack = place / f"{message.sha256}{PACK_SUFFIX}"
                if pack.exists() and pack.read_bytes() != message.sealed:
                    raise _not_ours()
                packs += _drafted(pack, message.sealed)
            # Contents before names: a name never stands over bytes that are not on the disk.
            _wait_for_disk([draft for draft, _ in (*proofs, *packs)])
            for drafts in (proofs, packs):
                for draft, target in drafts:
                    draft.replace(target)
                _wait_for_disk(sorted({target.parent for _, target in drafts}))
        except OSError as refusal:
            for draft, _ in (*proofs, *packs):
                with suppress(OSError):
                    draft.unlink(missing_ok=True)
            raise SpoolFull(refusal) from refusal

    def forget(self, organisation: str, digests: Sequence[str]) -> None:
        """Remove what is still here of these packs, drafts included, and wait until their names are gone from the disk.

        Raises: SpoolFull: the folder refused.
        """
        place = self.folder / organisation
        try:
            names = {f"{dot}{digest}.*" for digest in digests for dot in ("", ".")}
            here = [path for name in sorted(names) for path in place.glob(name)]
            for path in here:
                path.unlink(missing_ok=True)
            if here:
                _wait_for_disk([place])
        except OSError as refusal:
            raise SpoolFull(refusal) from refusal

    def _place(self, message: Outgoing) -> Path:
        if sha256(message.sealed).hexdigest() != message.sha256 or not _ORGANISATION.fullmatch(message.organisation):
            raise _not_ours()
        place = self.folder / message.organisation
        if not place.is_dir():
            # A folder's own name is on the disk only once the folder above it has been waited for.
            place.mkdir(parents=True, exist_ok=True)
            _wait_for_disk([place.parent, place.parent.parent])
        return place


def _drafted(target: Path, content: bytes) -> list[tuple[Path, Path]]:
    """Write a file beside its place, to be renamed once it is on the disk; nothing where it stands already."""
    if target.exists() and target.read_bytes() == content:
        return []
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return [(draft, target)]


FEW = 8
"""From how many files on one wait for the whole disk is cheaper than one for each."""


def _wait_for_disk(paths: Sequence[Path]) -> None:
    """Return when these files or folders are on the disk."""
    if len(paths) > FEW:
        os.sync()
        return
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _not_ours() -> Impossible:
    return Impossible(
        "a pack was not handed over",
        why="its bytes do not fit its digest, or the name of its organisation is no folder name",
        next_step="report this: run `privity audit`, nothing has left",
    )
