"""Writing a log out as a folder that anybody can verify.

Rules of the module:
- The folder appears whole or not at all: it is written beside its place, synced, and renamed into it.
- `checkpoint` is written last, so that even a half-written folder never claims more than it holds.
- Only an earlier export is ever replaced, and only by a log of the same origin that is no shorter.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from privity.edge.tiles.directory import FolderUnreadable
from privity.errors import Impossible, Mistaken, Unavailable
from privity.ledger.checkpoint import Checkpoint, NoteRefused, read_body, read_note
from privity.ledger.tiles import CHECKPOINT, LogReader, bundles, hash_tiles

FILES_OF_AN_EXPORT = {CHECKPOINT, "tile"}


class ExportRefused(Mistaken):
    """The place named for the export holds something that must not be replaced."""

    def __init__(self, out: Path, why: str) -> None:
        super().__init__(f"nothing was exported to `{out}`", why=why, next_step="name a folder that does not exist yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written: how many entries, in how many files."""

    checkpoint: Checkpoint
    files: int


def export_log(
    log: LogReader,
    out: Path,
    *,
    note: bytes | None = None,
    with_entries: bool = True,
    on_file: Callable[[str], None] | None = None,
) -> Exported:
    """Write the log as a folder of tiles, bundles and the checkpoint.

    Args:   note: the checkpoint to write it at; without one, its latest.
            with_entries: for auditors. Without, only hashes go out, which is what everybody may have.
            on_file: told the name of each file once it is written.
    Raises: ExportRefused: `out` holds something else, or a longer or another log. Unavailable: the disk
            refused, or the log has no checkpoint yet.
    """
    note = note or log.read(CHECKPOINT)
    if note is None:
        raise Unavailable(
            "nothing was exported",
            why="the ledger has no checkpoint yet",
            next_step="run `privity ledger checkpoint`",
        )
    checkpoint = read_claim(note)
    check_place(out, checkpoint)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            files = 0
            for name, content in files_of(log, checkpoint.size, note, with_entries=with_entries):
                write_synced(staged / name, content)
                files += 1
                if on_file:
                    on_file(name)
            staged.chmod(0o755)
            _put_in_place(staged, out)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as refusal:
        raise FolderUnreadable(out, refusal) from refusal
    return Exported(checkpoint=checkpoint, files=files)


def read_claim(note: bytes) -> Checkpoint:
    """Return what a checkpoint says, whoever signed it."""
    return read_body(read_note(note).text)


def files_of(log: LogReader, size: int, note: bytes, *, with_entries: bool) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file of a log of that size, its checkpoint last.

    Raises: Impossible: the log does not hold what its size calls for.
    """
    for address in (*(bundles(size) if with_entries else ()), *hash_tiles(size)):
        content = log.read(address.name)
        if content is None:
            raise Impossible(
                f"`{address.name}` was not exported",
                why="the ledger does not hold it, though its size calls for it",
                next_step="run `privity doctor` and restore the ledger from a copy that verifies",
            )
        yield address.name, content
    yield CHECKPOINT, note


def check_place(out: Path, checkpoint: Checkpoint) -> None:
    """Refuse a place whose content is not an earlier state of the same log."""
    try:
        content = {child.name for child in out.iterdir()} if out.exists() else set()
        if not content:
            return
        if not content <= FILES_OF_AN_EXPORT or CHECKPOINT not in content:
            raise ExportRefused(out, "the folder holds other files than an export")
        earlier = read_body(read_note((out / CHECKPOINT).read_bytes()).text)
    except NotADirectoryError:
        raise ExportRefused(out, "it is a file") from None
    except OSError as refusal:
        raise FolderUnreadable(out, refusal) from refusal
    except NoteRefused:
        raise ExportRefused(out, "its checkpoint cannot be read, and may be evidence") from None
    if earlier.origin != checkpoint.origin or earlier.size > checkpoint.size:
        raise ExportRefused(out, "it holds another log, or more of this one than there is now: keep it as evidence")


def write_synced(place: Path, content: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(staged: Path, out: Path) -> None:
    """Rename the staged folder into place; an earlier export steps aside first and is removed last."""
    sync_folders(staged)
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-earlier-", dir=out.parent))
    earlier = aside / out.name
    try:
        if out.exists():
            out.rename(earlier)
        staged.rename(out)
    except OSError:
        if earlier.exists():
            earlier.rename(out)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    sync_folder(out.parent)


def sync_folders(root: Path) -> None:
    """Wait until the names of a folder, and of those below it, are on the disk."""
    for folder, _, _ in os.walk(root):
        sync_folder(Path(folder))


def sync_folder(folder: Path) -> None:
    """Wait until the names in one folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
