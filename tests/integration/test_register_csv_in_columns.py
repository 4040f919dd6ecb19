"""A register's CSV is read by columns: what is taken, and what is refused, is what reading row by row finds."""

import csv
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from privity.edge.registers import column_csv
from privity.edge.registers.column_csv import Odd, csv_pieces, read_in_columns
from privity.edge.registers.columns import RegisterColumns
from privity.edge.registers.register_csv import (
    CORRESPONDENCE_LINES,
    LINES,
    REQUIRED,
    read_register,
    read_row_by_row,
    write_csv,
)
from privity.edge.synthetic import people
from privity.errors import Mistaken

Rows = list[list[str]]
PEOPLE = 400


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    path = tmp_path_factory.mktemp("table") / "register.csv"
    write_csv(people.generate(PEOPLE, 21).columns, path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def by_columns(path: Path) -> RegisterColumns:
    return read_in_columns(csv_pieces(path, REQUIRED), LINES, CORRESPONDENCE_LINES)


def written(rows: Rows, path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def without(rows: Rows, *columns: str) -> Rows:
    kept = [place for place, name in enumerate(rows[0]) if name not in columns]
    return [[row[place] for place in kept] for row in rows]


def changed(rows: Rows, column: str, change: Callable[[str], str], row: int | None = None) -> Rows:
    at = rows[0].index(column)
    return [
        rows[0],
        *(
            [*one[:at], change(one[at]), *one[at + 1 :]] if row in (None, place) else one
            for place, one in enumerate(rows[1:], 1)
        ),
    ]


GOOD: dict[str, Callable[[Rows], Rows]] = {
    "as written": lambda rows: rows,
    "header only": lambda rows: rows[:1],
    "blank lines": lambda rows: [rows[0], [], *rows[1:200], [], *rows[200:]],
    "spaces everywhere": lambda rows: [
        rows[0],
        *([f"  {cell} " if cell else cell for cell in row] for row in rows[1:]),
    ],
    "grouped NHS numbers": lambda rows: changed(rows, "nhs_number", lambda one: f"{one[:3]} {one[3:6]} {one[6:]}"),
    "capitals": lambda rows: changed(changed(rows, "gender", str.upper), "sensitive", str.title),
    "small postcodes": lambda rows: changed(rows, "postcode", lambda one: one.lower().replace(" ", "")),
    "days without hyphens": lambda rows: changed(rows, "date_of_birth", lambda one: one.replace("-", "")),
    "a gender missing": lambda rows: changed(rows, "gender", lambda _one: "", row=7),
    "several earlier names": lambda rows: changed(rows, "previous_family_names", lambda _one: "Doe; ;Roe ", row=9),
    "only what must be there": lambda rows: without(rows, *set(rows[0]) - set(REQUIRED)),
    "an unknown column": lambda rows: [[*row, "more"] for row in rows],
    "an address of blanks": lambda rows: changed(rows, "address_line_2", lambda _one: " "),
}
BAD: dict[str, Callable[[Rows], Rows]] = {
    "a wrong check digit": lambda rows: changed(rows, "nhs_number", lambda one: one[:9] + str(9 - int(one[9])), row=3),
    "a number of eleven digits": lambda rows: changed(rows, "nhs_number", lambda one: one + "1", row=3),
    "lengths that make up for each other": lambda rows: changed(
        changed(rows, "nhs_number", lambda one: one + "1", row=3), "nhs_number", lambda one: one[:-1], row=4
    ),
    "a number of foreign digits": lambda rows: changed(rows, "nhs_number", lambda _one: "٣" * 10, row=3),
    "a number twice": lambda rows: [*rows, rows[5]],
    "no name": lambda rows: changed(changed(rows, "family_name", lambda _one: "", 2), "given_name", lambda _one: "", 2),
    "a day that is none": lambda rows: changed(rows, "date_of_birth", lambda _one: "1985-02-30", row=8),
    "no day of birth": lambda rows: changed(rows, "date_of_birth", lambda _one: "", row=8),
    "born before 1880": lambda rows: changed(rows, "date_of_birth", lambda _one: "1879-12-31", row=8),
    "dead before birth": lambda rows: changed(rows, "deceased_on", lambda _one: "1881-01-01", row=8),
    "a gender of no word": lambda rows: changed(rows, "gender", lambda _one: "x", row=8),
    "protection left open": lambda rows: changed(rows, "sensitive", lambda _one: "", row=8),
    "no postcode": lambda rows: changed(rows, "postcode", lambda _one: "NOWHERE", row=8),
    "an earlier postcode that is none": lambda rows: changed(rows, "previous_postcodes", lambda _one: "LS1 4AP;X", 8),
    "a name too long": lambda rows: changed(rows, "given_name", lambda _one: "a" * 400, row=8),
    "a tab in a name": lambda rows: changed(rows, "given_name", lambda _one: "a\tb", row=8),
    "two lines in one": lambda rows: changed(rows, "address_line_1", lambda one: f"{one}\n{rows[8][10]}", row=8),
    "a long practice": lambda rows: changed(rows, "gp_practice_code", lambda _one: "Z" * 20, row=8),
    "a short row": lambda rows: [*rows, rows[1][:-1]],
    "a column twice": lambda rows: [[*row, row[1]] for row in rows],
    "a column missing": lambda rows: without(rows, "sensitive"),
    "a column missing and no rows": lambda rows: without(rows[:1], "sensitive"),
    "many faults": lambda rows: changed(rows, "postcode", lambda _one: "?"),
}


@pytest.mark.parametrize("kind", GOOD)
def test_what_is_in_order_is_read_by_columns_and_is_the_same(kind: str, table: Rows, tmp_path: Path) -> None:
    path = written(GOOD[kind](table), tmp_path / "register.csv")
    one, two = by_columns(path), read_row_by_row(path)
    assert one.digest() == two.digest()
    assert one.origins[one.origin[0]] == two.origins[two.origin[0]] if one.size else two.size == 0
    for field in fields(RegisterColumns):
        found, expected = getattr(one, field.name), getattr(two, field.name)
        if isinstance(expected, np.ndarray):
            assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
        else:
            assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("kind", BAD)
def test_what_is_not_in_order_is_left_to_the_rows_and_refused_in_their_words(
    kind: str, table: Rows, tmp_path: Path
) -> None:
    path = written(BAD[kind](table), tmp_path / "register.csv")
    with pytest.raises(Odd):
        by_columns(path)
    with pytest.raises(Mistaken) as by_row:
        read_row_by_row(path)
    with pytest.raises(Mistaken) as refused:
        read_register(path)
    assert str(refused.value) == str(by_row.value)


def test_pieces_make_one_register(table: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(table, tmp_path / "register.csv")
    whole = by_columns(path).digest()
    monkeypatch.setattr(column_csv, "_AT_ONCE", 37)
    assert by_columns(path).digest() == whole
