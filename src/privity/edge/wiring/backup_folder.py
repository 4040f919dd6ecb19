"""A folder of files with a signed list of them: what a backup is, and the copy of the keys beside it.

    LIST        a signed note: a title, then one JSON object: what is known of the folder, and every file with its
                length and SHA-256

Rules of the module:
- The folder appears whole or not at all: it is written beside its place, synced, and renamed into it.
- A folder is what its list says, file for file: one missing, changed or too many is refused, by its name.
- A list is believed under a key: the one somebody gives, or else the one the list names, which then only says that
  the list has not been damaged.
- Files are copied while they are hashed, so what was checked is what was taken.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from privity.edge.seals.note_keys import read_verifier_key
from privity.edge.tiles.export import sync_folder, sync_folders
from privity.errors import Mistaken, Unavailable
from privity.ledger.checkpoint import LONGEST_NOTE, NoteSigner, open_note, read_note, sign_note

READ_AT_ONCE = 1 << 20


class BackupRefused(Mistaken):
    """The folder is not what its list says, or has none."""

    exit_code = 1

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            "nothing was restored",
            why=f"`{name}` {why}",
            next_step="take another copy of the backup; keep this one, it may be evidence",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One file of a folder."""

    name: str
    size: int
    sha256: str

    def __post_init__(self) -> None:
        path = PurePosixPath(self.name)
        if path.is_absolute() or ".." in path.parts or not path.parts or str(path) != self.name:
            raise BackupRefused("LIST", "names a file outside the folder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list says. `note` is the list as it is signed; its SHA-256 is what the folder is called in the ledger."""

    known: Mapping[str, object]
    files: tuple[Listed, ...]
    note: bytes

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the list."""
        return sha256(self.note).hexdigest()

    def text(self, name: str) -> str:
        """Return something the list knows that is text.

        Raises: BackupRefused: it does not know it.
        """
        value = self.known.get(name)
        if not isinstance(value, str):
            raise BackupRefused("LIST", f"does not say its `{name}`")
        return value


@contextmanager
def staged(out: Path, what: str) -> Iterator[Path]:
    """Yield a folder beside `out` that takes its place, whole and on the disk, when the block ends.

    Raises: Mistaken: there is something at `out`. Unavailable: the disk refused; nothing is left at `out`.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Mistaken(
            f"nothing was written to `{out}`",
            why="there is something already",
            next_step="name a folder that does not exist yet, or an empty one",
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as refusal:
        raise _disk(what, refusal) from refusal
    try:
        yield folder
        sync_folders(folder)
        folder.rename(out)
        sync_folder(out.parent)
    except OSError as refusal:
        raise _disk(what, refusal) from refusal
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_listing(
    folder: Path, title: str, name: str, known: Mapping[str, object], by: Sequence[NoteSigner]
) -> Listing:
    """Write the list of a folder's files, signed, and return it."""
    files = tuple(sorted((listed(folder, path) for path in _files_in(folder)), key=lambda one: one.name))
    lines = [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in files]
    text = json.dumps({**known, "files": lines}, sort_keys=True, indent=1)
    note = sign_note(f"{title}\n{text}\n", by)
    write_file(folder / name, note)
    return Listing(known=dict(known), files=files, note=note)


def read_listing(folder: Path, title: str, name: str, *, keys: Sequence[str] = ()) -> Listing:
    """Return what the list of a folder says, once a key has signed it.

    Args:   keys: verifier keys of the log that wrote it; without any, the one the list names.
    Raises: BackupRefused: no list, damaged, or under another key. Unavailable: it does not open.
    """
    note = _read_note(folder / name, name)
    try:
        text = read_note(note).text
        head, _, rest = text.partition("\n")
        known = json.loads(rest)
        lines = known.pop("files")
        files = tuple(Listed(name=one["name"], size=one["size"], sha256=one["sha256"]) for one in lines)
        open_note(note, [read_verifier_key(key) for key in keys or [str(known["key"])]])
    except Mistaken as refusal:
        raise BackupRefused(name, f"is not believed: {refusal.why}") from refusal
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise BackupRefused(name, "cannot be read") from wrong
    if head != title:
        raise BackupRefused(name, f"is the list of something else than `{title}`")
    return Listing(known=known, files=files, note=note)


def take_files(folder: Path, listing: Listing, name: str, *, to: Callable[[Listed], Path | None]) -> None:
    """Copy a folder's files, each checked as it is copied; the folder must hold them and nothing else.

    Args:   to: where each goes, or None for one that is checked and left where it is.
    Raises: BackupRefused: one is missing, changed or too many. Unavailable: the disk refused.
    """
    try:
        found = {path.relative_to(folder).as_posix() for path in _files_in(folder)} - {name}
        for stranger in sorted(found - {one.name for one in listing.files}):
            raise BackupRefused(stranger, "is not on the list")
        for one in listing.files:
            if one.name not in found:
                raise BackupRefused(one.name, "is missing")
            _take(folder / one.name, one, to(one))
    except OSError as refusal:
        raise _disk("nothing was restored", refusal) from refusal


def write_file(place: Path, content: bytes, *, secret: bool = False) -> None:
    """Write a new file and wait until it is on the disk.

    Raises: OSError: the disk refused, or there is one.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def listed(folder: Path, path: Path) -> Listed:
    """Return the line of one file."""
    digest = sha256()
    with path.open("rb") as file:
        while portion := file.read(READ_AT_ONCE):
            digest.update(portion)
    return Listed(name=path.relative_to(folder).as_posix(), size=path.stat().st_size, sha256=digest.hexdigest())


def _take(source: Path, one: Listed, place: Path | None) -> None:
    digest, size = sha256(), 0
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as file, (place or Path(os.devnull)).open("wb") as out:
        if place is not None:
            place.chmod(0o600)
        while portion := file.read(READ_AT_ONCE):
            digest.update(portion)
            size += len(portion)
            out.write(portion)
        out.flush()
        if place is not None:
            os.fsync(out.fileno())
    if size != one.size or digest.hexdigest() != one.sha256:
        raise BackupRefused(one.name, "is not the file that was listed: it was cut, or changed")


def _files_in(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise BackupRefused(path.relative_to(folder).as_posix(), "is neither a file nor a folder")
        if path.is_file():
            yield path


def _read_note(place: Path, name: str) -> bytes:
    try:
        with place.open("rb") as file:
            return file.read(LONGEST_NOTE + 1)
    except FileNotFoundError:
        raise BackupRefused(name, "is missing: this is no backup of ours") from None
    except OSError as refusal:
        raise _disk("nothing was restored", refusal) from refusal


def _disk(what: str, refusal: OSError) -> Unavailable:
    return Unavailable(
        what,
        why=f"the disk refused ({(refusal.strerror or 'no reason given').lower()})",
        next_step="make room or put the rights in order, and try again",
    )
