"""Writing a register file: staged beside its place, made durable, then put there in one step."""

import os
import sqlite3
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from privity.edge.registers.columns import GENDERS, Ids, RegisterColumns
from privity.edge.registers.keys import (
    birth_frequencies,
    blocking_rows,
    name_words,
    postcode_frequencies,
    word_frequencies,
)
from privity.edge.registers.schema import FORMAT, INDEXES, TABLES
from privity.errors import Unavailable

Progress = Callable[[str, float], None]
"""Told what is being done, and how far the whole is, 0 to 1."""


def write_register(columns: RegisterColumns, path: Path, progress: Progress | None = None) -> None:
    """Write the register to `path`, all or nothing. A file already there is replaced only at the end.

    Raises: Unavailable: the disk refused.
    """
    tell = progress or (lambda _what, _share: None)
    staged = path.with_name(path.name + ".staged")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        staged.unlink(missing_ok=True)
        with sqlite3.connect(staged, isolation_level=None) as database:
            _fill(database, columns, tell)
        database.close()
        _put_in_place(staged, path)
    except (OSError, sqlite3.Error) as error:
        staged.unlink(missing_ok=True)
        raise Unavailable(
            "the register file was not written",
            why=f"the disk refused: {type(error).__name__}",
            next_step="check that the folder exists, is writable and has room; nothing was taken",
        ) from error
    tell("the register is in place", 1.0)


def _fill(database: sqlite3.Connection, columns: RegisterColumns, tell: Progress) -> None:
    """Write all tables. The staged file needs no journal: it counts only once it is whole."""
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(TABLES)
    database.execute("BEGIN")
    tell("people", 0.1)
    _write_texts(database, columns)
    database.executemany(
        "INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _person_rows(columns)
    )
    tell("frequencies", 0.35)
    words = name_words(columns)
    for part, counted in word_frequencies(words).items():
        database.executemany(
            "INSERT INTO name_frequency VALUES (?, ?, ?)", ((part, token, seen) for token, seen in counted)
        )
    database.executemany("INSERT INTO birth_frequency VALUES (?, ?, ?)", birth_frequencies(columns))
    database.executemany("INSERT INTO postcode_frequency VALUES (?, ?)", postcode_frequencies(columns))
    tell("blocking keys", 0.5)
    keys, rows = blocking_rows(columns, words)
    database.executemany("INSERT INTO blocking VALUES (?, ?)", zip(keys.tolist(), (rows + 1).tolist(), strict=True))
    tell("indexes", 0.9)
    facts = {"format": FORMAT, "size": str(columns.size), "digest": columns.digest()}
    database.executemany("INSERT INTO fact VALUES (?, ?)", sorted(facts.items()))
    database.execute(INDEXES)
    database.execute("COMMIT")


def _write_texts(database: sqlite3.Connection, columns: RegisterColumns) -> None:
    database.executemany("INSERT INTO name VALUES (?, ?)", enumerate(columns.names))
    database.executemany("INSERT INTO address VALUES (?, ?)", enumerate(columns.addresses))
    origins = ((pid, columns.origins[number]) for pid, number in enumerate(columns.origin.tolist(), 1) if number)
    database.executemany("INSERT INTO evaluation_origin VALUES (?, ?)", origins)


def _person_rows(columns: RegisterColumns) -> Iterable[tuple[object, ...]]:
    """Yield the rows of the person table; a person's number is the row's, from 1."""
    texts = columns.postcodes
    earlier_families = _joined(columns.earlier_families, [str(number) for number in range(len(columns.names))])
    earlier_postcodes = _joined(columns.earlier_postcodes, texts)
    everyone = range(columns.size)
    return zip(
        range(1, columns.size + 1),
        columns.nhs_number.tolist(),
        columns.given.tolist(),
        columns.other.tolist(),
        columns.family.tolist(),
        [earlier_families.get(row, "") for row in everyone],
        columns.born.tolist(),
        [GENDERS[number].value for number in columns.gender.tolist()],
        [texts[number] for number in columns.postcode.tolist()],
        columns.residence.tolist(),
        [earlier_postcodes.get(row, "") for row in everyone],
        [texts[number] for number in columns.correspondence_postcode.tolist()],
        columns.correspondence.tolist(),
        [columns.practices[number] for number in columns.practice.tolist()],
        columns.registered.tolist(),
        columns.deceased.tolist(),
        columns.sensitive.astype("int8").tolist(),
        strict=True,
    )


def _joined(pairs: Ids, texts: tuple[str, ...] | list[str]) -> dict[int, str]:
    """Return, for each row named in the pairs, its texts joined by semicolons."""
    return {
        row: ";".join(texts[number] for _row, number in group)
        for row, group in groupby(pairs.tolist(), key=itemgetter(0))
    }


def _put_in_place(staged: Path, path: Path) -> None:
    """Make the staged file durable and give it its name."""
    with staged.open("rb+") as file:
        os.fsync(file.fileno())
    staged.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
