"""Copying the tables of a running instance: as they were at one moment, with every case under its own key.

Steps of a copy:
    1 a reading transaction is begun on the database; whatever is written meanwhile is not seen, and waits for nothing
    2 every table is made anew in the copy and filled, rows of cases left out
    3 the rows of each case are put under the case's key; what only this machine needs is left out
    4 indexes and triggers are made, and the copy is on the disk when this returns

Rules of the module:
- No row of a case is ever written to the copy as it is, so no free page of it holds one.
- For SQLite. PostgreSQL is copied by its own tools (docs/how-to/back-up-and-restore.md).
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from privity.edge.store.epoch_keys import EpochKeys
from privity.edge.store.raw_tables import FileTables, quoted
from privity.edge.store.sealed_cases import (
    KeptDays,
    cases_in,
    first_days,
    in_shares,
    keep_sealed,
    keys_for,
    rows_of,
    sealed_text,
    tables_of_cases,
)
from privity.edge.store.statements import places
from privity.errors import Unavailable

LEFT_BEHIND = ("django_session", "token", "attempts")
"""What a restore must not bring back (who was signed in), or what means nothing elsewhere. Their tables stay, empty."""
ROWS_TOGETHER = 2_000
PATIENCE_SECONDS = 20
_SCHEMA = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
_OF_NO_CASE = " WHERE reference NOT IN (SELECT reference FROM case_key WHERE SUBSTR(reference, 1, 4) = 'PRV-')"


class NotCopied(Unavailable):
    """The database could not be copied."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "no backup was made", why=why, next_step="look at the disk and at `privity doctor`, and try again"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a copy holds: the newest checkpoint of its ledger as a signed note, and how many cases under their keys."""

    note: bytes
    cases: int


def copy_database(source: Path, out: Path, ring: EpochKeys, *, kept_days: KeptDays, as_of: date) -> Copied:
    """Copy the database of an instance, and return what is in the copy.

    Args:   ring: the keys of the months. kept_days: how long cases are kept here. as_of: the day of the copy.
    Raises: NotCopied: the database or the disk refused. KeyNotOpened: a case's key does not open.
    """
    try:
        with _opened(source) as reading, _opened(out) as writing:
            reading.connection.execute("BEGIN")
            copied = _copy(reading, writing, ring, kept_days, as_of)
            writing.connection.commit()
        _wait_for(out)
    except (sqlite3.Error, OSError) as refusal:
        raise NotCopied(f"the database could not be copied ({type(refusal).__name__})") from refusal
    return copied


def copy_plain(source: Path, out: Path) -> None:
    """Copy a database that holds nothing of a case, such as the register, as it stands at one moment.

    Raises: NotCopied: the database or the disk refused.
    """
    try:
        with _opened(source) as reading, _opened(out) as writing:
            reading.connection.backup(writing.connection)
        _wait_for(out)
    except (sqlite3.Error, OSError) as refusal:
        raise NotCopied(f"`{source.name}` could not be copied ({type(refusal).__name__})") from refusal


@contextmanager
def _opened(file: Path) -> Iterator[FileTables]:
    with closing(sqlite3.connect(file, timeout=PATIENCE_SECONDS, isolation_level=None)) as connection:
        yield FileTables(connection)


def _copy(reading: FileTables, writing: FileTables, ring: EpochKeys, kept_days: KeptDays, as_of: date) -> Copied:
    # The copy is nobody's yet: it is waited for once, at the end.
    writing.send("PRAGMA journal_mode=OFF")
    writing.send("PRAGMA synchronous=OFF")
    writing.send("BEGIN")
    schema = reading.fetch(_SCHEMA)
    columns, of_cases = reading.columns(), tables_of_cases(reading)
    for kind, name, statement in schema:
        if kind == "table" and name in columns:
            writing.send(statement)
            if name not in LEFT_BEHIND:
                _fill(reading, writing, name, columns[name], only=_OF_NO_CASE if name in of_cases else "")
    if reading.fetch("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"):
        writing.send("DELETE FROM sqlite_sequence")
        _fill(reading, writing, "sqlite_sequence", ("name", "seq"))
    cases = _seal(reading, writing, of_cases, ring, kept_days, as_of)
    for kind, _, statement in schema:
        if kind in ("index", "trigger"):
            writing.send(statement)
    newest = reading.fetch("SELECT note FROM log_checkpoint ORDER BY id DESC LIMIT 1")
    if not newest:
        raise NotCopied("its ledger has no checkpoint yet")
    return Copied(note=bytes(newest[0][0]), cases=cases)


def _fill(reading: FileTables, writing: FileTables, table: str, columns: tuple[str, ...], *, only: str = "") -> None:
    names = ", ".join(map(quoted, columns))
    found = reading.each(f"SELECT {names} FROM {quoted(table)}{only}")  # noqa: S608  names are the database's
    insert = f"INSERT INTO {quoted(table)} ({names}) VALUES ({places(columns)})"  # noqa: S608  names are the database's
    while rows := list(islice(found, ROWS_TOGETHER)):
        writing.send_many(insert, rows)


def _seal(
    reading: FileTables,
    writing: FileTables,
    of_cases: Mapping[str, tuple[str, ...]],
    ring: EpochKeys,
    kept_days: KeptDays,
    as_of: date,
) -> int:
    """Write the rows of every case under its key; return how many cases that were.

    A case that an earlier restore holds shut lies under its key already, and was copied as it lies.
    """
    shut = {str(reference) for (reference,) in reading.fetch("SELECT reference FROM sealed_case")}
    references = [one for one in cases_in(reading) if one not in shut]
    for share in in_shares(references):
        keys = keys_for(reading, ring, share)
        found = rows_of(reading, of_cases, share)
        days = first_days(reading, of_cases, found, kept_days, as_of)
        keep_sealed(writing, [(one, days[one], sealed_text(one, rows, keys[one])) for one, rows in found.items()])
    return len(references) + len(shut)


def _wait_for(file: Path) -> None:
    """Wait until a file and its name are on the disk."""
    for place in (file, file.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
