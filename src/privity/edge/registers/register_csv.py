"""The register as a file, CSV or Parquet: read into checked columns, or written from them.

A file whose name ends in `.parquet` is read as Parquet, every other as CSV; the checks are the same.
Columns: docs/reference/synthetic-data.md. Lists are separated by `;`, days are ISO, `sensitive` is true or false.
`residence` addresses are the plain address columns; the correspondence address has its own.
"""

import csv
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np

from privity.definitions.person import (
    LONGEST_ADDRESS_LINE,
    LONGEST_NAME,
    Gender,
    NhsNumber,
    read_postcode,
)
from privity.edge.registers.column_csv import YES_NO, Odd, csv_pieces, read_in_columns
from privity.edge.registers.columns import GENDERS, Ids, RegisterColumns, Vocabulary
from privity.edge.registers.parquet import is_parquet, parquet_pieces, parquet_rows, write_texts
from privity.edge.registers.rows import RowReader, RowsRefused, read_day, read_table
from privity.errors import Mistaken, Unavailable

LINES = tuple(f"address_line_{number}" for number in range(1, 6))
CORRESPONDENCE_LINES = tuple(f"correspondence_line_{number}" for number in range(1, 6))
COLUMNS = (
    "nhs_number", "family_name", "given_name", "other_given_names", "previous_family_names", "date_of_birth",
    "gender", "postcode", "previous_postcodes", *LINES, "gp_practice_code", "registered_on", "deceased_on",
    "sensitive", *CORRESPONDENCE_LINES, "correspondence_postcode", "name_origin",
)  # fmt: skip
REQUIRED = ("nhs_number", "family_name", "given_name", "date_of_birth", "gender", "postcode", "sensitive")
_NO_DAY = date.min


def read_register(path: Path) -> RegisterColumns:
    """Return the register written in a CSV or Parquet file.

    Raises: RowsRefused: any row is wrong. Mistaken: the file is. Unavailable: it cannot be read, or what reads Parquet
            is not installed.
    """
    pieces = parquet_pieces(path, COLUMNS, REQUIRED) if is_parquet(path) else csv_pieces(path, REQUIRED)
    try:
        return read_in_columns(pieces, LINES, CORRESPONDENCE_LINES)
    except Odd:
        return read_row_by_row(path)


def read_row_by_row(path: Path) -> RegisterColumns:
    """Return the same, every row by itself: this reading knows what is wrong in which.

    Raises: RowsRefused: any row is wrong. Mistaken: the file is. Unavailable: it cannot be read.
    """
    gathering = _Gathering()
    reader = RowReader()
    for row, fields in _rows(path):
        reader.take(row, fields)
        gathering.take(reader)
        if reader.is_full:
            break
    if reader.errors:
        raise RowsRefused("the register was not accepted", reader.errors)
    return gathering.columns()


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield row numbers and fields."""
    if is_parquet(path):
        return parquet_rows(path, COLUMNS, REQUIRED)
    return read_table(path, what="register", required=REQUIRED)


class _Gathering:
    """Collects rows into columns."""

    def __init__(self) -> None:
        self._names, self._postcodes, self._addresses = Vocabulary(), Vocabulary(), Vocabulary()
        self._practices, self._origins = Vocabulary(), Vocabulary()
        self._seen: dict[str, int] = {}
        self._rows: list[tuple[int, ...]] = []
        self._families: list[tuple[int, int]] = []
        self._moves: list[tuple[int, int]] = []

    def take(self, reader: RowReader) -> None:
        """Add one row, or remember in the reader what is wrong with it."""
        name = self._names.number
        family, given = (reader.word(column, LONGEST_NAME) for column in ("family_name", "given_name"))
        if not family and not given:
            reader.wrong("family_name", "there is no name at all", "give a family name or a given name")
        postcode = reader.read("postcode", read_postcode, "")
        correspondence_postcode = reader.read("correspondence_postcode", read_postcode, "")
        place = len(self._rows)
        for earlier in reader.text("previous_family_names").split(";"):
            if earlier.strip():
                self._families.append((place, name(_checked_name(reader, earlier.strip()))))
        for earlier in reader.text("previous_postcodes").split(";"):
            if earlier.strip():
                moved = self._postcodes.number(_checked_postcode(reader, earlier))
                self._moves.append((place, moved))
        self._rows.append(
            (
                self._number(reader),
                name(family),
                name(given),
                name(reader.word("other_given_names", LONGEST_NAME)),
                _born(reader).toordinal(),
                GENDERS.index(_gender(reader)),
                self._postcodes.number(postcode),
                self._addresses.number(_lines(reader, LINES)),
                self._postcodes.number(correspondence_postcode),
                self._addresses.number(_lines(reader, CORRESPONDENCE_LINES)),
                self._practices.number(reader.word("gp_practice_code", 12).upper()),
                _day_or_zero(reader, "registered_on"),
                _day_or_zero(reader, "deceased_on"),
                _sensitive(reader),
                self._origins.number(reader.word("name_origin", LONGEST_NAME)),
            )
        )

    def _number(self, reader: RowReader) -> int:
        """Return the NHS number of the row, which no other row may have."""
        text = reader.text("nhs_number").replace(" ", "")
        try:
            NhsNumber(text)
        except Mistaken as error:
            reader.wrong("nhs_number", error.why, "correct it; every record needs one")
            return 0
        first = self._seen.setdefault(text, reader.row)
        if first != reader.row:
            reader.wrong("nhs_number", f"it stands in row {first} too", "keep one record a person")
        return int(text)

    def columns(self) -> RegisterColumns:
        """Return what was collected, checked."""
        table = np.array(self._rows, np.int64).reshape(-1, 15)
        ids = [np.ascontiguousarray(table[:, column], np.int32) for column in range(1, 15)]
        return RegisterColumns(
            names=self._names.texts(),
            postcodes=self._postcodes.texts(),
            addresses=self._addresses.texts(),
            practices=self._practices.texts(),
            origins=self._origins.texts(),
            nhs_number=np.ascontiguousarray(table[:, 0]),
            family=ids[0],
            given=ids[1],
            other=ids[2],
            born=ids[3],
            gender=ids[4],
            postcode=ids[5],
            residence=ids[6],
            correspondence_postcode=ids[7],
            correspondence=ids[8],
            practice=ids[9],
            registered=ids[10],
            deceased=ids[11],
            sensitive=ids[12].astype(np.bool_),
            origin=ids[13],
            earlier_families=np.array(self._families, np.int32).reshape(-1, 2),
            earlier_postcodes=np.array(self._moves, np.int32).reshape(-1, 2),
        )


def _checked_name(reader: RowReader, name: str) -> str:
    if len(name) > LONGEST_NAME:
        reader.wrong("previous_family_names", "one is too long", "separate names by `;`")
        return ""
    return name


def _checked_postcode(reader: RowReader, text: str) -> str:
    try:
        return read_postcode(text)
    except Mistaken as error:
        reader.wrong("previous_postcodes", error.why, "separate postcodes by `;`")
        return ""


def _born(reader: RowReader) -> date:
    born = reader.read("date_of_birth", read_day, _NO_DAY)
    if not reader.text("date_of_birth"):
        reader.wrong("date_of_birth", "it is missing", "every record needs one")
    elif born != _NO_DAY and born.year < 1880:
        reader.wrong("date_of_birth", "it lies before 1880", "check the century")
    return born


def _gender(reader: RowReader) -> Gender:
    text = reader.text("gender").lower() or Gender.UNKNOWN.value
    if text not in {gender.value for gender in Gender}:
        reader.wrong("gender", "it is not one of the four words", "write female, male, other or unknown")
        return Gender.UNKNOWN
    return Gender(text)


def _sensitive(reader: RowReader) -> int:
    answer = YES_NO.get(reader.text("sensitive").lower())
    if answer is None:
        reader.wrong("sensitive", "it is neither true nor false", "write `true` or `false`; empty is no answer")
    return int(answer or False)


def _day_or_zero(reader: RowReader, column: str) -> int:
    day = reader.read(column, read_day, _NO_DAY)
    return 0 if day == _NO_DAY else day.toordinal()


def _lines(reader: RowReader, columns: tuple[str, ...]) -> str:
    return "\n".join(line for column in columns if (line := reader.word(column, LONGEST_ADDRESS_LINE)))


def write_register_file(columns: RegisterColumns, path: Path) -> None:
    """Write the register as Parquet where the name ends so, else as CSV.

    Raises: Unavailable: the disk refused, or what writes Parquet is not installed.
    """
    if is_parquet(path):
        write_texts(path, COLUMNS, _text_rows(columns))
    else:
        write_csv(columns, path)


def write_csv(columns: RegisterColumns, path: Path) -> None:
    """Write the register as CSV.

    Raises: Unavailable: the disk refused.
    """
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(_text_rows(columns))
    except OSError as error:
        raise Unavailable(
            "the register was not written",
            why=(error.strerror or "the system refused").lower(),
            next_step="check that the folder exists, is writable and has room",
        ) from error


def _text_rows(columns: RegisterColumns) -> Iterator[list[str]]:
    """Yield the register row by row, as its CSV fields."""
    families = _listed(columns.earlier_families, columns.names)
    moves = _listed(columns.earlier_postcodes, columns.postcodes)
    for row in range(columns.size):
        yield [
            f"{columns.nhs_number[row]:010d}",
            columns.names[columns.family[row]],
            columns.names[columns.given[row]],
            columns.names[columns.other[row]],
            families.get(row, ""),
            _iso(columns.born[row]),
            GENDERS[columns.gender[row]].value,
            columns.postcodes[columns.postcode[row]],
            moves.get(row, ""),
            *_five(columns.addresses[columns.residence[row]]),
            columns.practices[columns.practice[row]],
            _iso(columns.registered[row]),
            _iso(columns.deceased[row]),
            "true" if columns.sensitive[row] else "false",
            *_five(columns.addresses[columns.correspondence[row]]),
            columns.postcodes[columns.correspondence_postcode[row]],
            columns.origins[columns.origin[row]],
        ]


def _listed(pairs: Ids, texts: tuple[str, ...]) -> dict[int, str]:
    return {
        row: ";".join(texts[number] for _row, number in group)
        for row, group in groupby(pairs.tolist(), key=itemgetter(0))
    }


def _five(lines: str) -> list[str]:
    found = lines.split("\n")
    return found + [""] * (5 - len(found))


def _iso(ordinal: int) -> str:
    return date.fromordinal(int(ordinal)).isoformat() if ordinal else ""
