"""Named arrays in one file, written once and then mapped into memory: the register laid out for many traces at once.

The file is the arrays one after another, then what they are as JSON, then where that begins.

Rules of the room:
- A file is written whole or not at all, and never changed: what changed since is in the register itself.
- What is mapped is only read; a file taken away while it is mapped stays whole for whoever mapped it.
"""

import json
import mmap
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

MAGIC = b"privity-columns\n"
_ALIGNED = 64
_ENDING = len(MAGIC) + 8
_Array = NDArray[Any]


class ColumnWriter:
    """A column file being written."""

    def __init__(self, file: BinaryIO, beside: Path) -> None:
        self._file, self._beside = file, beside
        self._arrays: dict[str, tuple[str, list[int], int]] = {}

    def add(self, name: str, array: _Array) -> None:
        """Write one array."""
        plain = np.ascontiguousarray(array)
        self._begin(name, plain.dtype, list(plain.shape))
        self._file.write(plain.data.cast("B") if plain.size else b"")

    @contextmanager
    def side_by_side(self, one: str, two: str) -> Iterator["TwoColumns"]:
        """Write two arrays whose pieces come together: the second waits in a file of its own."""
        with self._beside.open("w+b") as waiting:
            columns = TwoColumns(self._file, waiting)
            self._begin(one, np.dtype(np.int64), [0])
            yield columns
            self._arrays[one] = ("<i8", [columns.count], self._arrays[one][2])
            self._begin(two, np.dtype(np.int32), [columns.count])
            waiting.seek(0)
            shutil.copyfileobj(waiting, self._file, 1 << 20)
        self._beside.unlink()

    def _begin(self, name: str, kind: np.dtype[Any], shape: list[int]) -> None:
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNED))
        self._arrays[name] = (kind.str, shape, self._file.tell())

    def read(self, name: str) -> _Array:
        """Return an array already written."""
        self._file.flush()
        kind, shape, place = self._arrays[name]
        mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return np.frombuffer(mapped, kind, int(np.prod(shape)), place).reshape(shape)

    def end(self, facts: Mapping[str, str]) -> None:
        """Say what the arrays are, and make the file durable."""
        begins = self._file.tell()
        self._file.write(json.dumps({"facts": dict(facts), "arrays": self._arrays}).encode())
        self._file.write(begins.to_bytes(8, "little") + MAGIC)
        self._file.flush()
        os.fsync(self._file.fileno())


class TwoColumns:
    """Two columns of one length being written, piece by piece: of 64 bits, and of 32."""

    def __init__(self, one: BinaryIO, two: BinaryIO) -> None:
        self._one, self._two = one, two
        self.count = 0

    def add(self, one: NDArray[np.int64], two: NDArray[np.int64]) -> None:
        """Write a piece of both."""
        self.count += len(one)
        self._one.write(one.astype("<i8", copy=False).tobytes())
        self._two.write(two.astype("<i4").tobytes())


@dataclass(frozen=True, slots=True)
class ColumnFile:
    """A column file mapped into memory: its facts and its arrays, by name."""

    facts: Mapping[str, str]
    arrays: Mapping[str, _Array]

    def __repr__(self) -> str:
        return f"ColumnFile({len(self.arrays)} columns, hidden)"


def map_columns(path: Path) -> ColumnFile | None:
    """Return the column file, or None where there is none that is whole."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
    told = _told(mapped)
    if told is None:
        return None
    arrays = {
        name: np.frombuffer(mapped, kind, int(np.prod(shape)), place).reshape(shape)
        for name, (kind, shape, place) in told["arrays"].items()
    }
    return ColumnFile(told["facts"], arrays)


def _told(mapped: mmap.mmap) -> dict[str, Any] | None:
    """Return what the arrays of a file are, None where it was cut off."""
    size = len(mapped)
    if size < _ENDING or mapped[size - len(MAGIC) :] != MAGIC:
        return None
    begins = int.from_bytes(mapped[size - _ENDING : size - len(MAGIC)], "little")
    if begins > size - _ENDING:
        return None
    told: dict[str, Any] = json.loads(mapped[begins : size - _ENDING])
    return told
