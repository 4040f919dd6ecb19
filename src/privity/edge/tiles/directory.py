"""A log in a folder, as exported or as mirrored from any C2SP tlog-tiles log.

Rules of the module:
- A file that is not there is told apart from one that cannot be read: the first is a finding, the second is
  the world's doing.
- No more of a file is read than a log's largest file may hold, plus one byte.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from privity.errors import Unavailable
from privity.ledger.tiles import CHECKPOINT, LENGTH_PREFIX, LONGEST_LEAF, TILE_WIDTH, NoSuchTile, read_tile_name

LARGEST_FILE = TILE_WIDTH * (LENGTH_PREFIX + LONGEST_LEAF)


class FolderUnreadable(Unavailable):
    """The folder, or a file in it, did not open."""

    def __init__(self, where: Path, refusal: OSError) -> None:
        super().__init__(
            f"`{where}` was not read",
            why=(refusal.strerror or "the operating system refused").lower(),
            next_step="name the folder of an exported ledger, and check that you may read it",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryLog:
    """A log read from the files below `root`."""

    root: Path

    def names(self) -> Iterator[str]:
        """Yield the name of every file below the folder.

        Raises: FolderUnreadable: a folder cannot be listed.
        """
        for folder, _, files in os.walk(self.root, onerror=_refuse):
            for file in files:
                yield (Path(folder) / file).relative_to(self.root).as_posix()

    def read(self, name: str) -> bytes | None:
        """Return one file's content, or None where there is none.

        Raises: FolderUnreadable: it is there and does not open.
        """
        place = self.root / name
        try:
            with place.open("rb") as file:
                return file.read(LARGEST_FILE + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as refusal:
            raise FolderUnreadable(place, refusal) from refusal


def public_file(root: Path, name: str) -> bytes | None:
    """Return what everybody may have of a published folder: its checkpoint or a hash tile, never entries.

    Returns: None where there is no such file, or it is none for everybody.
    Raises:  FolderUnreadable: it is there and does not open.
    """
    if name != CHECKPOINT:
        try:
            if read_tile_name(name).level is None:
                return None
        except NoSuchTile:
            return None
    return DirectoryLog(root=root).read(name)


def _refuse(refusal: OSError) -> None:
    raise FolderUnreadable(Path(refusal.filename), refusal)
