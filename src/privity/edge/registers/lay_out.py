"""Laying a register file out anew, as it stands: after many single changes, or where it has no layout yet.

    1. nobody else may write: neither an import nor a single change, until this is done; everybody may read
    2. tables are read, and the layout is written beside the one in place
    3. the layout takes its place, and what was late is late no more, in one transaction

Rules of the room:
- The layout is bound to the register's digest of that moment. Whatever stops between the two steps of 3 leaves a layout
  that no register claims: it is not read, and the answers come from the tables.
- Records are numbered as before, with gaps where some were taken out; nothing points to a gap.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from privity.edge.registers.column_file import ColumnWriter
from privity.edge.registers.columns import Flags, Ids, Numbers, Vocabulary
from privity.edge.registers.laid_out import Laying, laid_out_path
from privity.edge.registers.name_classes import PACKED
from privity.edge.registers.schema import FORMAT
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.registers.turns import alone
from privity.edge.registers.writer import Progress, closed_to_others, put_in_place, told_by
from privity.errors import Unavailable
from privity.trace.held import GENDERS
from privity.trace.record import NamePart
from privity.trace.spans import Int64s

_AT_ONCE = 200_000
_PEOPLE = """
SELECT pid, nhs_number, given, other, family, born, residence, sensitive, gender, postcode, earlier_families,
       earlier_postcodes
FROM person ORDER BY pid"""
_GENDER_NUMBERS = {gender.value: number for number, gender in enumerate(GENDERS)}
Read = Callable[..., sqlite3.Cursor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """What was laid out: how many records, and how many changes since the last time were taken up."""

    records: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _People:
    """The people of a register as its tables have them; satisfies laid_out.LaidColumns."""

    names: tuple[str, ...]
    postcodes: tuple[str, ...]
    nhs_number: Numbers
    given: Ids
    other: Ids
    family: Ids
    born: Ids
    gender: Ids
    postcode: Ids
    residence: Ids
    sensitive: Flags
    earlier_families: Ids
    earlier_postcodes: Ids

    @property
    def size(self) -> int:
        """Return the number of rows, gaps counted."""
        return len(self.nhs_number)

    def __repr__(self) -> str:
        return f"_People({self.size} rows, hidden)"


def lay_out(path: Path, progress: Progress) -> Laid:
    """Lay a register file out as it stands now, all or nothing.

    Raises: Unavailable: no such file, somebody else writes, or the disk refused. Mistaken: of another format.
    """
    SqliteRegister.open(path).close()
    laid = laid_out_path(path)
    staged, waiting = laid.with_name(laid.name + ".staged"), laid.with_name(laid.name + ".waiting")
    address = f"file:{quote(str(path.resolve()))}?mode=rw"
    try:
        with alone(path), closing(sqlite3.connect(address, uri=True, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = FULL")
            database.execute("BEGIN IMMEDIATE")
            try:
                facts = dict(database.execute("SELECT name, value FROM fact"))
                closed_to_others(staged, waiting)
                with staged.open("w+b") as file:
                    out = ColumnWriter(file, waiting)
                    _write(database.execute, Laying(out), facts, progress)
                    out.end({"format": FORMAT, "imported": facts["digest"]})
                (late,) = database.execute("SELECT count(*) FROM late_person").fetchone()
                for table in ("late_person", "late_key", "late_word"):
                    database.execute(f"DELETE FROM {table}")  # noqa: S608  # names of ours
                database.execute("UPDATE fact SET value = ? WHERE name = 'imported'", (facts["digest"],))
                put_in_place(staged, laid)
                database.execute("COMMIT")
            finally:
                for one in (staged, waiting):
                    one.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(
            "the register was not laid out",
            why=f"the file or the disk refused: {told_by(error)}",
            next_step="check that nobody is changing the register, and that its folder has room; it answers as before",
        ) from error
    progress("the layout is in place", 1.0)
    return Laid(records=int(facts["size"]), late=int(late))


def _write(read: Read, laying: Laying, facts: dict[str, str], progress: Progress) -> None:
    """Write the people, the words, the pairs and the keys of the tables."""
    progress("people", 0.0)
    laying.people(_people(read))
    progress("names", 0.3)
    everybody = np.array(json.loads(facts["classes"])).astype(PACKED).tobytes()
    for part in NamePart:
        rows = read("SELECT token, records, shares FROM name_frequency WHERE part = ?", (part.value,)).fetchall()
        known = {token: shares for token, _, shares in rows}
        shares = {word: known.get(word, everybody) for word in laying.spelt}
        laying.words(part.value, [(token, records) for token, records, _ in rows], shares)
    pairs = np.array(read("SELECT pair, records FROM pair_frequency ORDER BY pair").fetchall(), np.int64).reshape(-1, 2)
    laying.pairs(pairs[:, 0], pairs[:, 1])
    progress("blocking keys", 0.4)
    for _ in laying.entries(_entries(read)):
        pass


def _entries(read: Read) -> Iterator[tuple[Int64s, Int64s]]:
    """Yield the key and the row of every blocking entry, in order, piece by piece."""
    for some in _pieces(read("SELECT key, pid FROM blocking ORDER BY key, pid")):
        entries = np.array(some, np.int64)
        yield entries[:, 0], entries[:, 1] - 1


def _pieces(cursor: sqlite3.Cursor) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Yield the rows of a query, many at a time."""
    while some := cursor.fetchmany(_AT_ONCE):
        yield some


def _people(read: Read) -> _People:
    """Return everybody as columns. Postcodes are numbered anew; names keep the numbers they have."""
    names: dict[int, str] = dict(read("SELECT id, text FROM name"))
    ((rows,),) = read("SELECT COALESCE(MAX(pid), 0) FROM person").fetchall()
    whole = np.zeros((rows, 8), np.int64)
    gender, postcode = np.zeros(rows, np.int32), np.zeros(rows, np.int32)
    postcodes = Vocabulary()
    married: list[tuple[int, int]] = []
    moved: list[tuple[int, int]] = []
    for some in _pieces(read(_PEOPLE)):
        columns = list(zip(*some, strict=True))
        at = np.array(columns[0], np.int64) - 1
        whole[at] = np.array(columns[:8], np.int64).T
        gender[at] = [_GENDER_NUMBERS[one] for one in columns[8]]
        postcode[at] = [postcodes.number(one) for one in columns[9]]
        for row, earlier, left in zip(at.tolist(), columns[10], columns[11], strict=True):
            married += [(row, int(one)) for one in earlier.split(";")] if earlier else []
            moved += [(row, postcodes.number(one)) for one in left.split(";")] if left else []
    _, number, given, other, family, born, residence, sensitive = whole.T
    return _People(
        names=tuple(names.get(one, "") for one in range(max(names, default=0) + 1)),
        postcodes=postcodes.texts(),
        nhs_number=number,
        given=given.astype(np.int32),
        other=other.astype(np.int32),
        family=family.astype(np.int32),
        born=born.astype(np.int32),
        gender=gender,
        postcode=postcode,
        residence=residence.astype(np.int32),
        sensitive=sensitive != 0,
        earlier_families=np.array(married, np.int32).reshape(-1, 2),
        earlier_postcodes=np.array(moved, np.int32).reshape(-1, 2),
    )
