"""Writing a register file: staged beside its place, made durable, then put there in one step."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np

from privity.edge.registers.column_file import ColumnWriter
from privity.edge.registers.columns import GENDERS, Ids, RegisterColumns
from privity.edge.registers.keys import (
    birth_frequencies,
    blocking_pieces,
    name_words,
    pair_frequencies,
    postcode_frequencies,
    word_frequencies,
)
from privity.edge.registers.laid_out import Laying, laid_out_path
from privity.edge.registers.name_classes import learn_classes
from privity.edge.registers.schema import FORMAT, INDEXES, TABLES
from privity.edge.registers.turns import alone
from privity.errors import PrivityError, Unavailable
from privity.trace.spans import Int64s

_AT_ONCE = 500_000
_GENDERS = tuple(gender.value for gender in GENDERS)
Progress = Callable[[str, float], None]
"""Told what is being done, and how far the whole is, 0 to 1."""


Agreed = Callable[[RegisterColumns], object]
"""Called once everything is staged and before any of it is in place; what it raises stops it all."""


def nothing_more(_columns: RegisterColumns) -> None:
    """Agree to what was staged: nobody else has to know of it."""


def write_register(
    columns: RegisterColumns, path: Path, progress: Progress | None = None, agreed: Agreed = nothing_more
) -> None:
    """Write the register to `path`, all or nothing. A file already there is replaced only at the end.

    Raises: Unavailable: the disk refused, or the register is being written by somebody else. PrivityError: it was not
            agreed to.
    """
    tell = progress or (lambda _what, _share: None)
    staged, laid = path.with_name(path.name + ".staged"), laid_out_path(path)
    laying, waiting = laid.with_name(laid.name + ".staged"), laid.with_name(laid.name + ".waiting")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone(path):
            closed_to_others(staged, laying, waiting)
            with laying.open("w+b") as file, sqlite3.connect(staged, isolation_level=None) as database:
                out = ColumnWriter(file, waiting)
                out.end({"format": FORMAT, "imported": _fill(database, columns, tell, Laying(out))})
            database.close()
            _ask(agreed, columns, staged, laying, waiting)
            put_in_place(laying, laid)
            put_in_place(staged, path)
    except (OSError, sqlite3.Error) as error:
        _clear(staged, laying, waiting)
        raise Unavailable(
            "the register file was not written",
            why=f"the disk refused: {told_by(error)}",
            next_step="check that the folder exists, is writable and has room; nothing was taken",
        ) from error
    tell("the register is in place", 1.0)


def closed_to_others(*files: Path) -> None:
    """Begin files anew that only their owner can read: everybody and where they live will stand in them."""
    for file in files:
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)


def told_by(error: OSError | sqlite3.Error) -> str:
    """Return what the system or SQLite gives as its reason, without any text that could hold what was written."""
    if isinstance(error, OSError):
        return (error.strerror or "no reason given").lower()
    return getattr(error, "sqlite_errorname", "no reason given")


def _fill(database: sqlite3.Connection, columns: RegisterColumns, tell: Progress, laying: Laying) -> str:
    """Write all tables and return the digest. The staged file needs no journal: it counts only once it is whole."""
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(TABLES)
    database.execute("BEGIN")
    for table, rows in table_rows(columns, tell, laying):
        database.executemany(f"INSERT INTO {table} VALUES ({_MARKS[table]})", rows)  # noqa: S608  # names of ours
    tell("indexes", 0.9)
    for index in INDEXES:
        database.execute(index)
    database.execute("COMMIT")
    return str(database.execute("SELECT value FROM fact WHERE name = 'imported'").fetchone()[0])


_MARKS = {
    table: ", ".join("?" * width)
    for table, width in (
        ("fact", 2), ("name", 2), ("address", 2), ("person", 17), ("blocking", 2), ("name_frequency", 4),
        ("pair_frequency", 2), ("birth_frequency", 3), ("postcode_frequency", 2), ("evaluation_origin", 2),
    )
}  # fmt: skip


def table_rows(
    columns: RegisterColumns, tell: Progress, laying: Laying | None = None
) -> Iterable[tuple[str, Iterable[Sequence[object]]]]:
    """Yield every table's name with its rows, in the order of its key. Each must be used before the next.

    Args: laying: lays the register out as well, where it is to be.
    """
    tell("people", 0.1)
    yield "name", enumerate(columns.names)
    yield "address", enumerate(columns.addresses)
    origins = ((row + 1, columns.origins[columns.origin[row]]) for row in np.flatnonzero(columns.origin).tolist())
    yield "evaluation_origin", origins
    yield "person", _person_rows(columns)
    if laying:
        laying.people(columns)
    tell("frequencies", 0.35)
    words = name_words(columns)
    classes = learn_classes(columns, words)
    place = {text: number for number, text in enumerate(words.texts)}
    for part, counted in word_frequencies(words).items():
        shares = classes.packed(part)
        if laying:
            laying.words(part, counted, dict(zip(words.texts, shares, strict=True)))
        yield "name_frequency", [(part, token, seen, shares[place[token]]) for token, seen in counted]
    pairs, records = pair_frequencies(words, columns.size)
    if laying:
        laying.pairs(pairs, records)
    yield "pair_frequency", zip(pairs.tolist(), records.tolist(), strict=True)
    yield "birth_frequency", birth_frequencies(columns)
    yield "postcode_frequency", postcode_frequencies(columns)
    digest = columns.digest()
    facts = {
        "format": FORMAT,
        "size": str(columns.size),
        "digest": digest,
        "imported": digest,
        "revision": "0",
        **classes.facts(),
    }
    yield "fact", sorted(facts.items())
    tell("blocking keys", 0.5)
    pieces = blocking_pieces(columns, words)
    yield "blocking", _blocking(laying.entries(pieces) if laying else pieces)


def _blocking(pieces: Iterable[tuple[Int64s, Int64s]]) -> Iterable[tuple[int, int]]:
    """Yield the blocking entries, a piece at a time turned into numbers of Python."""
    for keys, rows in pieces:
        for start in range(0, len(keys), _AT_ONCE):
            piece = slice(start, start + _AT_ONCE)
            yield from zip(keys[piece].tolist(), (rows[piece] + 1).tolist(), strict=True)


def _person_rows(columns: RegisterColumns) -> Iterable[tuple[object, ...]]:
    """Yield the rows of the person table; a person's number is the row's, from 1."""
    for start in range(0, columns.size, _AT_ONCE):
        yield from _some_people(columns, start, min(start + _AT_ONCE, columns.size))


def _some_people(columns: RegisterColumns, start: int, end: int) -> Iterable[tuple[object, ...]]:
    """Return the rows of the person table from one row to before another."""
    texts, some = columns.postcodes, slice(start, end)
    earlier_families = _joined(_of_rows(columns.earlier_families, start, end), str)
    earlier_postcodes = _joined(_of_rows(columns.earlier_postcodes, start, end), texts.__getitem__)
    rows = range(start, end)
    return zip(
        range(start + 1, end + 1),
        columns.nhs_number[some].tolist(),
        columns.given[some].tolist(),
        columns.other[some].tolist(),
        columns.family[some].tolist(),
        [earlier_families.get(row, "") for row in rows],
        columns.born[some].tolist(),
        [_GENDERS[number] for number in columns.gender[some].tolist()],
        [texts[number] for number in columns.postcode[some].tolist()],
        columns.residence[some].tolist(),
        [earlier_postcodes.get(row, "") for row in rows],
        [texts[number] for number in columns.correspondence_postcode[some].tolist()],
        columns.correspondence[some].tolist(),
        [columns.practices[number] for number in columns.practice[some].tolist()],
        columns.registered[some].tolist(),
        columns.deceased[some].tolist(),
        columns.sensitive[some].astype("int8").tolist(),
        strict=True,
    )


def _of_rows(pairs: Ids, start: int, end: int) -> Ids:
    """Return the pairs of some rows; rows ascend."""
    first, last = np.searchsorted(pairs[:, 0], (start, end))
    return pairs[first:last]


def _joined(pairs: Ids, text: Callable[[int], str]) -> dict[int, str]:
    """Return, for each row named in the pairs, its texts joined by semicolons."""
    return {
        row: ";".join(text(number) for _row, number in group)
        for row, group in groupby(pairs.tolist(), key=itemgetter(0))
    }


def _ask(agreed: Agreed, columns: RegisterColumns, *staged: Path) -> None:
    """Ask whether what is staged may be put in place, and clear it away where it may not.

    Raises: PrivityError: it may not.
    """
    try:
        agreed(columns)
    except PrivityError:
        _clear(*staged)
        raise


def _clear(*staged: Path) -> None:
    for one in staged:
        one.unlink(missing_ok=True)


def put_in_place(staged: Path, path: Path) -> None:
    """Make the staged file durable and give it its name."""
    with staged.open("rb+") as file:
        os.fsync(file.fileno())
    staged.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
