"""Keeping the public folder of a log: what is there stays readable at every moment, and it only grows.

Rules of the module:
- Tiles first, each renamed into place whole; then the checkpoint, which claims them; then what it no longer needs goes.
- Whoever reads meanwhile finds the old checkpoint with its tiles or the new one with its own, never half a folder.
- A tile that is there and says something else is written anew: what is public is what the log holds.
"""

import os
import tempfile
from pathlib import Path

from privity.edge.tiles.directory import DirectoryLog, FolderUnreadable
from privity.edge.tiles.export import (
    Exported,
    check_place,
    export_log,
    files_of,
    read_claim,
    sync_folder,
    sync_folders,
    write_synced,
)
from privity.ledger.tiles import CHECKPOINT, LogReader


def update_public(log: LogReader, out: Path, note: bytes) -> Exported:
    """Bring a public folder up to a checkpoint: hash tiles and that checkpoint, nothing else.

    Raises: ExportRefused: `out` holds something else, or a longer or another log. Unavailable: the disk refused.
    """
    checkpoint = read_claim(note)
    check_place(out, checkpoint)
    if not (out / CHECKPOINT).exists():
        return export_log(log, out, note=note, with_entries=False)
    public = DirectoryLog(root=out)
    try:
        wanted = set[str]()
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as folder:
            staged = Path(folder) / "next"
            for name, content in files_of(log, checkpoint.size, note, with_entries=False):
                wanted.add(name)
                if public.read(name) != content:
                    if name == CHECKPOINT:
                        sync_folders(out)
                    write_synced(staged, content)
                    (out / name).parent.mkdir(parents=True, exist_ok=True)
                    staged.chmod(0o644)
                    staged.replace(out / name)
        sync_folder(out)
        for name in [name for name in public.names() if name not in wanted]:
            (out / name).unlink()
        _remove_empty(out)
    except OSError as refusal:
        raise FolderUnreadable(out, refusal) from refusal
    return Exported(checkpoint=checkpoint, files=len(wanted))


def _remove_empty(out: Path) -> None:
    """Remove folders that nothing lies in any more."""
    for folder, inner, files in os.walk(out, topdown=False):
        if not inner and not files and Path(folder) != out:
            Path(folder).rmdir()
