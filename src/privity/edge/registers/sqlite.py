"""The register in one SQLite file: read by many threads, written only by replacing it whole.

Rules of the room:
- Every call that yields records is counted: unapproved requests must cause none.
- A sensitive record leaves its place behind when it is read for a trace.
"""

import sqlite3
import threading
from collections.abc import Sequence
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import numpy as np

from privity.definitions.person import Address, Demographics, Gender, NhsNumber, PersonId
from privity.edge.registers.columns import RegisterColumns
from privity.edge.registers.register_csv import read_register
from privity.edge.registers.schema import FORMAT
from privity.edge.registers.writer import Progress, write_register
from privity.errors import Impossible, Mistaken, Unavailable
from privity.trace.blocking import number_keys
from privity.trace.normalise import door, name_tokens
from privity.trace.record import NOWHERE, Births, NamePart, Place, RegisterRecord

_FOR_TRACE = """
SELECT pid, nhs_number, given, other, family, earlier_families, born, gender, postcode, lines,
       earlier_postcodes, sensitive
FROM (SELECT DISTINCT pid FROM blocking WHERE key IN ({marks})) CROSS JOIN person USING (pid)
CROSS JOIN address ON address.id = residence
"""
_WHOLE = """
SELECT pid, nhs_number, given.text, other.text, family.text, earlier_families, born, gender,
       postcode, residence.lines, correspondence_postcode, correspondence.lines,
       practice, registered, deceased, sensitive
FROM person
JOIN name AS given ON given.id = person.given
JOIN name AS other ON other.id = person.other
JOIN name AS family ON family.id = person.family
JOIN address AS residence ON residence.id = person.residence
JOIN address AS correspondence ON correspondence.id = person.correspondence
WHERE pid = ?
"""
Row = tuple[Any, ...]
"""A row as sqlite3 hands it out; it never leaves this module."""
_KEYS_AT_ONCE = 500
_REMEMBERED = 500_000


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


class SqliteRegister:
    """A register file open for reading; satisfies trace.record.RegisterReader.

    One connection a thread. The file is never changed in place, so what was read once stays true.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._opened: list[sqlite3.Connection] = []
        self._names: dict[int, tuple[str, ...]] = {}
        self._frequencies: dict[tuple[str, str], int] = {}
        self._reads = 0
        facts: dict[str, str] = dict(self._rows("SELECT name, value FROM fact"))
        if facts.get("format") != FORMAT:
            raise Mistaken(
                "the register was not opened",
                why=f"it is of format `{facts.get('format')}` and this version reads `{FORMAT}`",
                next_step="import the register again from its source",
            )
        self._size = int(facts["size"])
        self._digest = facts["digest"]
        births = self._rows("SELECT year, people, on_new_year FROM birth_frequency ORDER BY year")
        self._births = {year: Births(people=people, on_new_year=on_new_year) for year, people, on_new_year in births}
        self._birth_years = range(min(self._births), max(self._births) + 1) if self._births else range(0)

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
        """Close the connections of all threads. The register cannot be read afterwards."""
        with self._lock:
            opened, self._opened = self._opened, []
        for connection in opened:
            connection.close()
        self._local = threading.local()

    def __enter__(self) -> "SqliteRegister":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def size(self) -> int:
        """Return the number of records."""
        return self._size

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the content, as it was written."""
        return self._digest

    @property
    def birth_years(self) -> range:
        """Return the years of birth from the first to the last in the register."""
        return self._birth_years

    @property
    def reads(self) -> int:
        """Return how many calls read records since the register was opened."""
        with self._lock:
            return self._reads

    def candidates(self, keys: Sequence[int]) -> Sequence[RegisterRecord]:
        """Return the records filed under any of the keys, each once, by number. Counts as one read."""
        self._count_read()
        found: dict[int, RegisterRecord] = {}
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            query = _FOR_TRACE.format(marks=",".join("?" * len(some)))
            for row in self._rows(query, some):
                if row[0] not in found:
                    found[row[0]] = self._record(row)
        return [found[pid] for pid in sorted(found)]

    def demographics(self, person: PersonId) -> Demographics:
        """Return one whole record, residence and correspondence address apart. Counts as one read.

        Raises: Impossible: the register has no such record.
        """
        self._count_read()
        found = self._rows(_WHOLE, (person,))
        if not found:
            raise Impossible(
                "the record was not read",
                why="the register holds no record of that number",
                next_step="trace the request again: the register was replaced since",
            )
        return self._demographics(found[0])

    def by_number(self, number: NhsNumber) -> RegisterRecord | None:
        """Return the record with the NHS number as the tracer sees it, or None. Counts as one read."""
        keys = number_keys(np.array([int(number.digits)], np.uint64)).tolist()
        return next((one for one in self.candidates(keys) if one.nhs_number == number), None)

    def find_nhs_number(self, number: NhsNumber) -> PersonId | None:
        """Return who bears the NHS number, or None. Counts as one read."""
        self._count_read()
        found = self._rows("SELECT pid FROM person WHERE nhs_number = ?", (int(number.digits),))
        return PersonId(found[0][0]) if found else None

    def name_frequency(self, part: NamePart, token: str) -> int:
        """Return how many records bear the word in that part of the name."""
        asked = (part.value, token)
        known = self._frequencies.get(asked)
        if known is None:
            found = self._rows("SELECT records FROM name_frequency WHERE part = ? AND token = ?", asked)
            known = found[0][0] if found else 0
            if len(self._frequencies) >= _REMEMBERED:
                self._frequencies.clear()
            self._frequencies[asked] = known
        return known

    def births(self, year: int) -> Births:
        """Return the counts for one year of birth."""
        return self._births.get(year, Births(people=0, on_new_year=0))

    def postcode_frequency(self, postcode: str) -> int:
        """Return how many records live or lived at the postcode, sensitive ones left out."""
        found = self._rows("SELECT records FROM postcode_frequency WHERE postcode = ?", (postcode,))
        return int(found[0][0]) if found else 0

    def origins(self) -> dict[str, str]:
        """Return NHS number to name origin, for evaluation of a synthetic register; else empty."""
        found = self._rows("SELECT nhs_number, origin FROM person JOIN evaluation_origin USING (pid)")
        return {f"{number:010d}": origin for number, origin in found}

    def _record(self, row: Row) -> RegisterRecord:
        pid, number, given, other, family, earlier, born, gender, postcode, lines, moved, sensitive = row
        place = NOWHERE
        if not sensitive:
            first_line = lines.partition("\n")[0]
            place = Place(postcode=postcode, door=door(first_line), previous=_listed(moved))
        return RegisterRecord(
            person=PersonId(pid),
            nhs_number=NhsNumber(f"{number:010d}"),
            given=self._name(given),
            other=self._name(other),
            family=self._name(family),
            previous_families=tuple(self._name(int(one)) for one in _listed(earlier)),
            date_of_birth=date.fromordinal(born),
            gender=Gender(gender),
            place=place,
            sensitive=bool(sensitive),
        )

    def _demographics(self, row: Row) -> Demographics:
        (pid, number, given, other, family, earlier, born, gender, postcode, lines) = row[:10]
        (correspondence_postcode, correspondence_lines, practice, registered, deceased, sensitive) = row[10:]
        return Demographics(
            person=PersonId(pid),
            nhs_number=NhsNumber(f"{number:010d}"),
            family_name=family,
            given_name=given,
            other_given_names=other,
            previous_family_names=tuple(self._text(int(one)) for one in _listed(earlier)),
            date_of_birth=date.fromordinal(born),
            gender=Gender(gender),
            residence=_address(lines, postcode),
            correspondence=_address(correspondence_lines, correspondence_postcode),
            gp_practice_code=practice,
            registered_on=date.fromordinal(registered) if registered else None,
            deceased_on=date.fromordinal(deceased) if deceased else None,
            sensitive=bool(sensitive),
        )

    def _name(self, number: int) -> tuple[str, ...]:
        """Return the words of a name by its number, remembered once read."""
        if number == 0:
            return ()
        known = self._names.get(number)
        if known is None:
            known = name_tokens(self._text(number))
            if len(self._names) >= _REMEMBERED:
                self._names.clear()
            self._names[number] = known
        return known

    def _text(self, number: int) -> str:
        return str(self._rows("SELECT text FROM name WHERE id = ?", (number,))[0][0])

    def _count_read(self) -> None:
        with self._lock:
            self._reads += 1

    def _rows(self, query: str, values: Sequence[int | str] = ()) -> list[Row]:
        """Return all rows of a query, on this thread's connection.

        Raises: Unavailable: the file cannot be read.
        """
        try:
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._connect()
            return connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise Unavailable(
                "the register was not read",
                why=f"the file is damaged or no register: {type(error).__name__}",
                next_step="import the register again from its source",
            ) from error

    def _connect(self) -> sqlite3.Connection:
        """Return a new read-only connection for this thread."""
        address = f"file:{quote(str(self._path.resolve()))}?mode=ro&immutable=1"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        connection.execute("PRAGMA cache_size = -32768")
        connection.execute("PRAGMA mmap_size = 1073741824")
        self._local.connection = connection
        with self._lock:
            self._opened.append(connection)
        return connection


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _address(lines: str, postcode: str) -> Address | None:
    """Return an address, or None where neither line nor postcode is there."""
    if not lines and not postcode:
        return None
    return Address(lines=tuple(lines.split("\n")) if lines else (), postcode=postcode)


def import_csv(
    source: Path, path: Path, progress: Progress | None = None, expected_digest: str = ""
) -> RegisterColumns:
    """Write the register in a CSV file as a register file, all or nothing, and return what was written.

    Args:   expected_digest: SHA-256 the CSV file must have, or empty.
    Raises: RowsRefused: any row is wrong. Mistaken: the file is, or its digest differs. Unavailable: the disk.
    """
    if expected_digest and _file_digest(source) != expected_digest.lower():
        raise Mistaken(
            "the register was not accepted",
            why="the file does not have the SHA-256 that was given",
            next_step="fetch the file again, or correct the digest; nothing was taken",
        )
    columns = read_register(source)
    write_register(columns, path, progress)
    return columns


def _file_digest(source: Path) -> str:
    try:
        with source.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unavailable(
            "the register was not read", why=type(error).__name__, next_step="check the name of the file"
        ) from error
