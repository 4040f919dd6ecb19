"""The register and the particulars as CSV: taken whole, or refused by row and column."""

import csv
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from tests.fakes.register import nhs_number

from privity.definitions.person import Gender
from privity.edge.registers.particulars_csv import read_particulars
from privity.edge.registers.register_csv import COLUMNS, read_register, write_csv
from privity.edge.registers.rows import MOST_ERRORS, RowsRefused
from privity.edge.registers.sqlite import SqliteRegister, import_csv
from privity.edge.synthetic import people
from privity.errors import Mistaken, Unavailable

GOOD = {
    "nhs_number": nhs_number(1).digits,
    "family_name": "Quillfeather",
    "given_name": "Marguerite",
    "date_of_birth": "1985-04-13",
    "gender": "female",
    "postcode": "qa11aa",
    "previous_family_names": "Bramblewick; Ash",
    "previous_postcodes": "QB2 2BB;QC3 3CC",
    "address_line_1": "1 High Street",
    "address_line_2": "Quayford",
    "correspondence_line_1": "PO Box 7",
    "correspondence_postcode": "QD4 4DD",
    "sensitive": "false",
}


def written(path: Path, *rows: dict[str, str], header: Sequence[str] = COLUMNS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def refused(path: Path) -> tuple[tuple[int, str], ...]:
    with pytest.raises(RowsRefused) as found:
        read_register(path)
    text = str(found.value)
    assert "nothing was taken" in text
    assert "Quillfeather" not in text
    assert all(error.what and error.next_step for error in found.value.errors)
    return tuple((error.row, error.column) for error in found.value.errors)


def test_a_row_is_taken_with_residence_and_correspondence_apart(tmp_path: Path) -> None:
    register_path = tmp_path / "register.sqlite"
    import_csv(written(tmp_path / "register.csv", GOOD), register_path)
    with SqliteRegister.open(register_path) as register:
        read = register.demographics(register.everybody()[0])
    assert read.residence is not None
    assert read.correspondence is not None
    assert read.residence.lines == ("1 High Street", "Quayford")
    assert read.residence.postcode == "QA1 1AA"
    assert read.correspondence.lines == ("PO Box 7",)
    assert read.previous_family_names == ("Bramblewick", "Ash")
    assert read.gender is Gender.FEMALE
    assert read.registered_on is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("nhs_number", "9990000011"),
        ("nhs_number", ""),
        ("nhs_number", "１２３４５６７８９０"),
        ("family_name", "Q" * 101),
        ("family_name", "line\nfeed"),
        ("date_of_birth", ""),
        ("date_of_birth", "13/04/1985"),
        ("date_of_birth", "1985-02-30"),
        ("date_of_birth", "1785-04-13"),
        ("gender", "woman"),
        ("postcode", "nowhere"),
        ("previous_postcodes", "QB2 2BB;nowhere"),
        ("registered_on", "yesterday"),
        ("sensitive", ""),
        ("sensitive", "perhaps"),
        ("correspondence_postcode", "???"),
        ("address_line_1", "x" * 101),
        ("gp_practice_code", "x" * 20),
    ],
)
def test_a_wrong_value_is_refused_by_row_and_column(tmp_path: Path, column: str, value: str) -> None:
    rows = ({**GOOD, "nhs_number": nhs_number(2).digits}, {**GOOD, column: value})
    found = refused(written(tmp_path / "register.csv", *rows))
    assert [name for _row, name in found] == [column]


def test_a_number_that_stands_twice_is_refused_with_the_row_of_the_first(tmp_path: Path) -> None:
    path = written(tmp_path / "register.csv", GOOD, GOOD)
    with pytest.raises(RowsRefused, match="it stands in row 2 too"):
        read_register(path)


def test_all_errors_are_told_at_once_up_to_a_limit(tmp_path: Path) -> None:
    rows = [{**GOOD, "nhs_number": "1", "gender": "woman"} for _ in range(MOST_ERRORS)]
    found = refused(written(tmp_path / "register.csv", *rows))
    assert found[:2] == ((2, "nhs_number"), (2, "gender"))
    assert len(found) == MOST_ERRORS


def test_a_refused_file_leaves_the_register_as_it_was(tmp_path: Path) -> None:
    register_path = tmp_path / "register.sqlite"
    import_csv(written(tmp_path / "good.csv", GOOD), register_path)
    with pytest.raises(RowsRefused):
        import_csv(written(tmp_path / "bad.csv", GOOD, {**GOOD, "gender": "woman"}), register_path)
    with SqliteRegister.open(register_path) as register:
        assert register.size == 1


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "r.csv", GOOD, header=[name for name in COLUMNS if name != "sensitive"])
    with pytest.raises(Mistaken, match="its header lacks `sensitive`"):
        read_register(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "its header lacks"),
        ("nhs_number,family_name\nGrün,1".encode("latin-1"), "it is not UTF-8"),
        (b"reference,reference\n1,2\n", "its header"),
    ],
)
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    with pytest.raises(Mistaken, match=why):
        read_register(path)


def test_a_field_of_a_million_characters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Mistaken, match="malformed or too long"):
        read_register(written(tmp_path / "r.csv", {**GOOD, "address_line_1": "x" * 1_000_000}))


def test_a_row_with_too_many_fields_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "r.csv", GOOD)
    path.write_text(path.read_text(encoding="utf-8").rstrip() + ",one more\n", encoding="utf-8")
    with pytest.raises(Mistaken, match="fields and the header"):
        read_register(path)


def test_a_file_that_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        read_register(tmp_path / "none.csv")


def test_a_digest_that_differs_refuses_the_file(tmp_path: Path) -> None:
    source = written(tmp_path / "r.csv", GOOD)
    with pytest.raises(Mistaken, match="SHA-256"):
        import_csv(source, tmp_path / "r.sqlite", None, "0" * 64)
    assert not (tmp_path / "r.sqlite").exists()
    import_csv(source, tmp_path / "r.sqlite", None, sha256(source.read_bytes()).hexdigest())
    assert (tmp_path / "r.sqlite").exists()


def test_the_generated_register_comes_back_the_same_by_way_of_csv(tmp_path: Path) -> None:
    columns = people.generate(3_000, 9).columns
    write_csv(columns, tmp_path / "r.csv")
    assert read_register(tmp_path / "r.csv").digest() == columns.digest()


def test_particulars_are_read_under_our_header_and_under_that_of_mesh(tmp_path: Path) -> None:
    ours = tmp_path / "ours.csv"
    ours.write_text(
        "reference,family_name,given_name,date_of_birth,gender\nA1,Ash,Ann,1985-04-13,female\n", encoding="utf-8"
    )
    mesh = tmp_path / "mesh.csv"
    mesh.write_text(
        "UNIQUE_REFERENCE,NHS_NO,FAMILY_NAME,GIVEN_NAME,DATE_OF_BIRTH,GENDER,ADDRESS_LINE1\nA1,,Ash,Ann,19850413,2,\n",
        encoding="utf-8",
    )
    assert read_particulars(ours) == read_particulars(mesh)
    assert read_particulars(ours)[0].particulars.gender is Gender.FEMALE


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",Ash,Ann,1985-04-13,female", "reference"),
        ("A1,Ash,Ann,1985-04-31,female", "date_of_birth"),
        ("A1,Ash,Ann,1985-04-13,lady", "gender"),
        ("A1,,,1985-04-13,female", ""),
    ],
)
def test_wrong_particulars_are_refused_by_row_and_column(tmp_path: Path, row: str, column: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(f"reference,family_name,given_name,date_of_birth,gender\n{row}\n", encoding="utf-8")
    with pytest.raises(RowsRefused) as found:
        read_particulars(path)
    assert [(error.row, error.column) for error in found.value.errors] == [(2, column)]


def test_a_file_that_moves_too_much_needs_two_people(tmp_path: Path) -> None:
    numbers = people.generate(60, 3).columns.nhs_number.tolist()
    rows = [{**GOOD, "nhs_number": f"{number:010d}"} for number in numbers]
    register_path = tmp_path / "register.sqlite"
    import_csv(written(tmp_path / "all.csv", *rows), register_path)
    few = written(tmp_path / "few.csv", *rows[:40])
    with pytest.raises(Mistaken, match="20 records would be gone"):
        import_csv(few, register_path)
    with SqliteRegister.open(register_path) as register:
        assert register.size == 60
    import_csv(few, register_path, confirmed_by=("a.okafor", "b.lewis"))
    with SqliteRegister.open(register_path) as register:
        assert register.size == 40
