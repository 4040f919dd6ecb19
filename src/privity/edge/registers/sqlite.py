"""The register in one SQLite file: read by many threads, replaced whole, or changed one person at a time.

Rules of the room:
- A change is one durable transaction (changes.py); a reader sees all of it or nothing.
- The file needs no companion once nobody writes: it can be copied. The layout beside it (laid_out.py) only saves time.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from privity.edge.registers.changes import Transaction
from privity.edge.registers.columns import Numbers, RegisterColumns
from privity.edge.registers.connections import Connections
from privity.edge.registers.limits import NOBODY, People, movement, refuse_suspicious
from privity.edge.registers.live import LiveTables
from privity.edge.registers.register_csv import read_register
from privity.edge.registers.rows import unreadable
from privity.edge.registers.tables import Row
from privity.edge.registers.writer import Agreed, Progress, nothing_more, told_by, write_register
from privity.errors import Mistaken, Unavailable

_VALUES_AT_ONCE = 10_000


class Population(Protocol):
    """Whatever can be written as a register: it has its people as checked columns."""

    @property
    def columns(self) -> RegisterColumns:
        """Return the people."""
        ...


def build(population: Population, path: Path, progress: Progress | None = None) -> None:
    """Write a population as a register file, all or nothing.

    Raises: Unavailable: the disk refused.
    """
    write_register(population.columns, path, progress)


def mark_of(path: Path) -> tuple[int, int]:
    """Return which file lies there, so that another in its place is noticed."""
    lies = path.stat()
    return lies.st_dev, lies.st_ino


class SqliteRegister(LiveTables):
    """A register file open for reading, by as many threads as like."""

    def __init__(self, path: Path) -> None:
        self._path, self._mark = path, mark_of(path)
        self._connections = Connections(self._connect)
        super().__init__()

    @classmethod
    def open(cls, path: Path) -> "SqliteRegister":
        """Return the register in the file.

        Raises: Unavailable: no such file, or unreadable. Mistaken: a register of another format.
        """
        if not path.is_file():
            raise Unavailable(
                "the register was not opened",
                why=f"there is no file `{path.name}`",
                next_step="import one with `privity register import`",
            )
        return cls(path)

    def close(self) -> None:
        """Close all connections. The register is not read afterwards."""
        self._connections.close()

    def __enter__(self) -> "SqliteRegister":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _file(self) -> Path:
        return self._path

    def _among(self, query: str, values: Sequence[Any], before: Sequence[Any] = ()) -> list[Row]:
        rows: list[Row] = []
        for start in range(0, len(values), _VALUES_AT_ONCE):
            some = values[start : start + _VALUES_AT_ONCE]
            rows += self._rows(f"{query} IN ({','.join('?' * len(some))})", [*before, *some])
        return rows

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a query.

        Raises: Unavailable: the file cannot be read.
        """
        connection: sqlite3.Connection | None = None
        try:
            connection = self._connections.lend()
            rows: list[Row] = connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise Unavailable(
                "the register was not read",
                why=f"the file is damaged or no register: {told_by(error)}",
                next_step="import the register again from its source",
            ) from error
        self._connections.take_back(connection)
        return rows

    def _connect(self) -> sqlite3.Connection:
        """Return a new read-only connection, to the file that was opened and no other that took its name.

        Raises: Unavailable: another has; what was begun in one register is not ended in the other.
        """
        address = f"file:{quote(str(self._path.resolve()))}?mode=ro"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        if mark_of(self._path) != self._mark:
            connection.close()
            raise Unavailable(
                "the register was not read",
                why="another was imported in its place at this moment",
                next_step="do it once more: it is read from the new one then",
            )
        connection.execute("PRAGMA cache_size = -32768")
        connection.execute("PRAGMA mmap_size = 2147418112")
        return connection


class _SqliteTransaction:
    """A connection within BEGIN IMMEDIATE and COMMIT."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query."""
        return self._connection.execute(query, values).fetchall()

    def run(self, command: str, values: Sequence[Any] = ()) -> None:
        """Run a command."""
        self._connection.execute(command, values)


@contextmanager
def changing(path: Path) -> Iterator[Transaction]:
    """Open a register file to change people in it; all changes inside are one durable transaction.

    Raises: Unavailable: no such file, or the disk refused. Nothing is changed then.
    """
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=rw", uri=True, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        yield _SqliteTransaction(connection)
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise Unavailable(
            "the register was not changed",
            why=f"the file refused: {told_by(error)}",
            next_step="check that the register exists and is writable; nothing was changed",
        ) from error
    finally:
        if connection is not None:
            connection.close()


def import_csv(
    source: Path,
    path: Path,
    progress: Progress | None = None,
    expected_digest: str = "",
    confirmed_by: tuple[str, ...] = (),
    agreed: Agreed = nothing_more,
    kept: Numbers = NOBODY,
) -> RegisterColumns:
    """Write the register in a CSV or Parquet file as a register file, all or nothing, and return what was written.

    Args:   expected_digest: SHA-256 the file must have, or empty.
            confirmed_by: who confirms a file that moves the register in place beyond limits (limits.py).
            agreed: called once all is staged, before it is in place.
            kept: the NHS numbers that practices protect.
    Raises: RowsRefused: any row is wrong. Mistaken: the file is, its digest differs, or it moves too much.
            Unavailable: the disk.
    """
    check_digest(source, expected_digest)
    columns = read_register(source)
    if path.is_file():
        with SqliteRegister.open(path) as before:
            moved = movement(before.people(), People(columns.nhs_number, columns.sensitive), kept)
        refuse_suspicious(moved, confirmed_by)
    write_register(columns, path, progress, agreed)
    return columns


def check_digest(source: Path, expected: str) -> None:
    """Refuse a file that has not the SHA-256 it should; an empty one allows any.

    Raises: Mistaken: it has another. Unavailable: it cannot be read.
    """
    if expected and _file_digest(source) != expected.lower():
        raise Mistaken(
            "the register was not accepted",
            why="the file does not have the SHA-256 that was given",
            next_step="fetch the file again, or correct the digest; nothing was taken",
        )


def _file_digest(source: Path) -> str:
    try:
        with source.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable("register", error) from error
