"""A disk as a power cut leaves it: what a process asked of the disk is recorded, and images of the moment are rebuilt.

    record      run a process under strace and keep every write, wait, renaming and truncation below a folder
    Disk        what is on the disk for sure, and what was asked for and not waited for
    images      the files as they may be found after a cut at a moment: what was not waited for is there, gone, or torn

Rules of the module:
- Only what was waited for is sure: a file's bytes after `fsync` of the file, a name after `fsync` of its folder.
- Of the names not waited for, any number of the oldest may be there: file systems keep the order of their journal.
- Of the bytes not waited for, any write may be there, be missing, or end at a sector, whatever came after it.
- The shared-memory file of the write-ahead log is memory: no power cut leaves it.
Source: reliability F4 and F5 (a recorder of writes and waits; unsynced writes dropped or torn at 512 bytes).
"""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
CALLS = (
    "openat,write,pwrite64,writev,pwritev,ftruncate,truncate,fallocate,fsync,fdatasync,sync,syncfs,"
    "rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,link,linkat,symlink,symlinkat,sendfile,copy_file_range"
)
_CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)[^=]*")
_OPENED = re.compile(r"\d+<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
MEMORY = "-shm"
KEPT = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing asked for: `write`, `cut`, `wait`, `wait-all`, `make`, `folder`, `rename`, `link`, `remove`, `said`."""

    what: str
    path: str = ""
    to: str = ""
    offset: int = -1
    content: bytes = b""


def record(command: Sequence[str], trace: Path, *, cwd: Path, env: Mapping[str, str]) -> str:
    """Run a command to its end, note what it asks of the disk, and return what it said."""
    words = ["strace", "-f", "-o", str(trace), "-y", "-xx", "-s", "100000000", "-e", f"trace={CALLS}", *command]
    ran = subprocess.run(words, cwd=cwd, env=dict(env), capture_output=True, text=True, check=False, timeout=1_200)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


def asked_of(trace: Path, root: Path) -> Iterator[Asked]:
    """Yield what was asked below a folder, and what was said to the world, in order."""
    for line in trace.read_text(encoding="ascii").splitlines():
        assert "unfinished" not in line, "a second thread writes: its calls cannot be put in order"
        found = _CALL.fullmatch(line.partition(" ")[2].strip())
        if found and int(found[3]) >= 0:
            opened = [_plain(name) for name in _OPENED.findall(found[2])]
            texts = [_bytes(text) for text in _TEXT.findall(found[2])]
            yield from (
                _of_file(found[1], found[2], opened[0], texts, str(root))
                if opened
                else _of_name(found[1], found[2], [text.decode() for text in texts], str(root))
            )


def _of_file(call: str, words: str, opened: str, texts: list[bytes], root: str) -> Iterator[Asked]:
    """Yield what was asked of an open file."""
    if words.startswith("1<"):
        assert call == "write"
        yield Asked(what="said", content=texts[0])
    elif opened.startswith(root):
        last = words.rpartition(", ")[2]
        match call:
            case "write":
                yield Asked(what="write", path=opened, content=texts[0])
            case "pwrite64":
                yield Asked(what="write", path=opened, content=texts[0], offset=int(last))
            case "ftruncate":
                yield Asked(what="cut", path=opened, offset=int(last))
            case "fsync" | "fdatasync":
                yield Asked(what="wait", path=opened)
            case _:
                raise AssertionError(f"`{call}` is not understood")


def _of_name(call: str, words: str, names: list[str], root: str) -> Iterator[Asked]:
    """Yield what was asked of a name."""
    if call in ("sync", "syncfs"):
        yield Asked(what="wait-all")
    elif any(name.startswith(root) for name in names):
        match call:
            case "openat":
                if "O_CREAT" in words:
                    yield Asked(what="make", path=names[0])
                if "O_TRUNC" in words:
                    yield Asked(what="cut", path=names[0], offset=0)
            case "rename" | "link":
                yield Asked(what=call, path=names[0], to=names[1])
            case "unlink":
                yield Asked(what="remove", path=names[0])
            case "mkdir":
                yield Asked(what="folder", path=names[0])
            case _:
                raise AssertionError(f"`{call}` is not understood")


def _plain(name: str) -> str:
    return _bytes(name).decode() if name.startswith("\\x") else name


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass(slots=True)
class _File:
    """One file's bytes: those on the disk for sure, and what was asked of it since, up to what a reader sees."""

    sure: bytearray = field(default_factory=bytearray)
    seen: int = 0
    waiting: list[Asked] = field(default_factory=list)

    def ask(self, asked: Asked) -> None:
        at = self.seen if asked.offset < 0 else asked.offset
        self.waiting.append(Asked(what=asked.what, offset=at, content=asked.content))
        self.seen = at if asked.what == "cut" else max(self.seen, at + len(asked.content))

    def settle(self) -> None:
        for asked in self.waiting:
            _apply(self.sure, asked)
        self.waiting.clear()

    def found(self, rng: Random) -> bytes:
        content = bytearray(self.sure)
        for asked in self.waiting:
            luck = rng.random()
            if luck < KEPT:
                _apply(content, asked)
            elif luck < KEPT + 0.2 and len(asked.content) > SECTOR:
                torn = rng.randrange(SECTOR, len(asked.content), SECTOR)
                _apply(content, Asked(what="write", offset=asked.offset, content=asked.content[:torn]))
        return bytes(content)


def _apply(content: bytearray, asked: Asked) -> None:
    if len(content) < asked.offset:
        content.extend(bytes(asked.offset - len(content)))
    if asked.what == "cut":
        del content[asked.offset :]
    else:
        content[asked.offset : asked.offset + len(asked.content)] = asked.content


@dataclass(slots=True)
class Disk:
    """A folder on a disk, from files that were there for sure."""

    root: Path
    names: dict[str, _File] = field(default_factory=dict)
    sure: dict[str, _File] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    waiting: list[tuple[str, str, _File | None]] = field(default_factory=list)
    """Namings not waited for, oldest first: what, of which name, and for which file."""

    @classmethod
    def holding(cls, root: Path) -> "Disk":
        """Return a disk on which everything that is in a folder now is there for sure."""
        disk = cls(root=root)
        for path in sorted(root.rglob("*")):
            if path.is_dir():
                disk.folders.add(str(path))
            elif not path.name.endswith(MEMORY):
                content = path.read_bytes()
                disk.names[str(path)] = disk.sure[str(path)] = _File(sure=bytearray(content), seen=len(content))
        return disk

    def take(self, asked: Asked) -> None:
        """Take one thing that was asked for."""
        if asked.path.endswith(MEMORY):
            return
        match asked.what:
            case "write" | "cut":
                self.names[asked.path].ask(asked)
            case "make" if asked.path not in self.names:
                self.names[asked.path] = _File()
                self.waiting.append(("name", asked.path, self.names[asked.path]))
            case "rename":
                self.names[asked.to] = self.names.pop(asked.path)
                self.waiting += [("name", asked.to, self.names[asked.to]), ("remove", asked.path, None)]
            case "link":
                self.names[asked.to] = self.names[asked.path]
                self.waiting.append(("name", asked.to, self.names[asked.to]))
            case "remove":
                del self.names[asked.path]
                self.waiting.append(("remove", asked.path, None))
            case "folder":
                self.waiting.append(("folder", asked.path, None))
            case "wait":
                self._wait(asked.path)
            case "wait-all":
                for file in self.names.values():
                    file.settle()
                self._name(len(self.waiting))

    def unsure(self) -> list[str]:
        """Return what was asked for below the folder and not waited for, by name."""
        bytes_waiting = [path for path, file in self.names.items() if file.waiting]
        return sorted({*bytes_waiting, *(path for _, path, _ in self.waiting)})

    def found(self, rng: Random) -> dict[str, bytes]:
        """Return the files as they may be found after a cut now, by their names below the folder."""
        names, folders = dict(self.sure), set(self.folders)
        for what, path, file in self.waiting[: rng.randint(0, len(self.waiting))]:
            _rename(names, folders, what, path, file)
        there = {path: file for path, file in names.items() if _is_reached(path, folders, str(self.root))}
        return {str(Path(path).relative_to(self.root)): file.found(rng) for path, file in there.items()}

    def _wait(self, path: str) -> None:
        if path in self.names:
            self.names[path].settle()
            return
        # Waiting for a folder makes the names in it sure; those asked for before it, elsewhere, come with the journal.
        last = max((at for at, (_, name, _) in enumerate(self.waiting) if str(Path(name).parent) == path), default=-1)
        self._name(last + 1)

    def _name(self, count: int) -> None:
        for what, path, file in self.waiting[:count]:
            _rename(self.sure, self.folders, what, path, file)
        del self.waiting[:count]


def _rename(names: dict[str, _File], folders: set[str], what: str, path: str, file: _File | None) -> None:
    if what == "folder":
        folders.add(path)
    elif file is None:
        names.pop(path, None)
    else:
        names[path] = file


def _is_reached(path: str, folders: set[str], root: str) -> bool:
    parent = str(Path(path).parent)
    return parent == root or (parent in folders and _is_reached(parent, folders, root))


def write_image(found: Mapping[str, bytes], place: Path) -> None:
    """Lay an image out as files."""
    for name, content in found.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
