"""A register in Parquet is taken as its CSV is: the same register, and the same refusals by row and column."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from privity.edge.commands.console import main
from privity.edge.registers import parquet
from privity.edge.registers.column_csv import Odd, read_in_columns
from privity.edge.registers.parquet import parquet_pieces
from privity.edge.registers.register_csv import (
    COLUMNS,
    CORRESPONDENCE_LINES,
    LINES,
    REQUIRED,
    read_register,
    read_row_by_row,
    write_csv,
    write_register_file,
)
from privity.edge.registers.sqlite import SqliteRegister, import_csv
from privity.edge.synthetic import people
from privity.errors import Mistaken, Unavailable

arrow = pytest.importorskip("pyarrow")
tables = pytest.importorskip("pyarrow.parquet")

GOOD: Mapping[str, Sequence[Any]] = {
    "nhs_number": [9990000018, 9990000026, 9990000034],
    "family_name": ["Quill", "Reed", None],
    "given_name": ["Ada", "Bo", "Cy"],
    "previous_family_names": [["Doe", "Roe"], [], None],
    "date_of_birth": [date(1985, 4, 3), date(1990, 1, 1), date(1901, 12, 31)],
    "gender": ["female", "male", "unknown"],
    "postcode": ["QX1 1AA", "QX1 1AB", None],
    "registered_on": [datetime(2001, 5, 6), None, None],  # noqa: DTZ001  Parquet's moments of a day have no zone
    "sensitive": [False, True, False],
    "what_nobody_asked_for": [1.5, 2.5, 3.5],
}


def written(path: Path, columns: Mapping[str, Any] = GOOD, **other: Any) -> Path:
    tables.write_table(arrow.table({**columns, **other}), path)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Mistaken) as refused:
        read_register(path)
    return str(refused.value)


def test_the_same_people_in_csv_and_in_parquet_are_the_same_register(tmp_path: Path) -> None:
    columns = people.generate(700, 31).columns
    write_csv(columns, tmp_path / "one.csv")
    write_register_file(columns, tmp_path / "two.parquet")
    assert read_register(tmp_path / "two.parquet").digest() == read_register(tmp_path / "one.csv").digest()
    import_csv(tmp_path / "two.parquet", tmp_path / "two.sqlite")
    with SqliteRegister.open(tmp_path / "two.sqlite") as register:
        assert (register.size, register.digest) == (700, columns.digest())


def test_days_lists_numbers_and_truths_are_taken_as_they_are_meant(tmp_path: Path) -> None:
    path = written(tmp_path / "r.parquet")
    by_columns = read_in_columns(parquet_pieces(path, COLUMNS, REQUIRED), LINES, CORRESPONDENCE_LINES)
    assert by_columns.digest() == read_row_by_row(path).digest()
    assert by_columns.nhs_number.tolist() == GOOD["nhs_number"]
    assert date.fromordinal(int(by_columns.registered[0])) == date(2001, 5, 6)
    assert by_columns.sensitive.tolist() == [False, True, False]
    earlier = [(row, by_columns.names[number]) for row, number in by_columns.earlier_families.tolist()]
    assert earlier == [(0, "Doe"), (0, "Roe")]


def test_categories_are_texts_and_names_of_columns_may_be_in_capitals(tmp_path: Path) -> None:
    loud = {name.upper(): values for name, values in GOOD.items()}
    gender = arrow.array(GOOD["gender"]).dictionary_encode()
    one = read_register(written(tmp_path / "one.parquet", loud | {"GENDER": gender}))
    assert one.digest() == read_register(written(tmp_path / "two.parquet")).digest()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"nhs_number": [9990000018, 9990000026, 9990000035]}, "row 3, column `nhs_number`"),
        ({"nhs_number": [9990000018, 9990000018, 9990000034]}, "it stands in row 1 too"),
        ({"postcode": ["QX1 1AA", "NOWHERE", ""]}, "row 2, column `postcode`"),
        ({"sensitive": [True, None, False]}, "row 2, column `sensitive`: it is neither true nor false"),
        ({"given_name": ["Ada", None, "Cy"], "family_name": ["Quill", None, "Reed"]}, "there is no name at all"),
        ({"nhs_number": [9990000018.0, 9990000026.0, 9990000034.0]}, "column `nhs_number` holds values of the kind"),
        ({"date_of_birth": [datetime(1985, 4, 3, 7)] * 3}, "`date_of_birth` holds a time of day"),  # noqa: DTZ001
        ({"previous_family_names": [["Doe;Roe"], [], []]}, "holds a `;` within a list"),
        ({"given_name": ["Ada", "x" * 20_000, "Cy"]}, "column `given_name` is too long in row 2"),
        ({"Gender": ["female"] * 3}, "names a column twice"),
    ],
)
def test_what_a_register_may_not_hold_is_refused_by_row_and_column(
    other: dict[str, Any], said: str, tmp_path: Path
) -> None:
    told = refusal(written(tmp_path / "r.parquet", **other))
    assert said in told
    assert "nothing was taken" in told
    assert not [value for value in ("NOWHERE", "9990000035", "Quill", "Doe") if value in told]


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    few = {name: values for name, values in GOOD.items() if name not in ("sensitive", "gender")}
    assert "its header lacks `gender`, `sensitive`" in refusal(written(tmp_path / "r.parquet", few))


def test_what_is_no_parquet_or_was_cut_off_is_refused(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole.parquet").read_bytes()
    for number, content in enumerate((b"", b"PAR1", b"nhs_number,sensitive\n", whole[: len(whole) // 2], whole[:-9])):
        path = tmp_path / f"{number}.parquet"
        path.write_bytes(content)
        assert "it is no Parquet file, or it is damaged" in refusal(path)
    changed = bytearray(whole)
    changed[40:80] = bytes(40)
    (tmp_path / "changed.parquet").write_bytes(changed)
    with pytest.raises(Mistaken):
        read_register(tmp_path / "changed.parquet")
    with pytest.raises(Unavailable, match="no such file"):
        read_register(tmp_path / "none.parquet")
    (tmp_path / "folder.parquet").mkdir()
    with pytest.raises(Unavailable, match="is a directory"):
        read_register(tmp_path / "folder.parquet")


def test_a_file_that_says_it_has_more_rows_than_any_country_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "MOST_ROWS", 2)
    with pytest.raises(Odd):
        read_in_columns(parquet_pieces(written(tmp_path / "r.parquet"), COLUMNS, REQUIRED), LINES, CORRESPONDENCE_LINES)
    assert "more than 2 rows" in refusal(tmp_path / "r.parquet")


def test_digest_limits_and_two_people_hold_for_parquet_too(tmp_path: Path) -> None:
    register, columns = tmp_path / "r.sqlite", people.generate(300, 5).columns
    write_register_file(columns, tmp_path / "all.parquet")
    digest = sha256((tmp_path / "all.parquet").read_bytes()).hexdigest()
    with pytest.raises(Mistaken, match="does not have the SHA-256"):
        import_csv(tmp_path / "all.parquet", register, None, "0" * 64)
    import_csv(tmp_path / "all.parquet", register, None, digest)
    few = written(tmp_path / "few.parquet")
    with pytest.raises(Mistaken, match="records would be gone"):
        import_csv(few, register)
    import_csv(few, register, confirmed_by=("a.okafor", "b.lewis"))
    with SqliteRegister.open(register) as taken:
        assert taken.size == 3


def test_the_commands_take_and_write_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, register = str(tmp_path / "made.parquet"), str(tmp_path / "r.sqlite")
    assert main(["register", "generate", "--people", "200", "--out", made, "--json"]) == 0
    assert main(["register", "import", made, "--register", register]) == 0
    assert main(["register", "update", str(written(tmp_path / "new.parquet")), "--register", register]) == 0
    (tmp_path / "who.csv").write_text(
        "reference,family_name,given_name,date_of_birth\n1,Quill,Ada,1985-04-03\n", encoding="utf-8"
    )
    capsys.readouterr()
    assert main(["trace", str(tmp_path / "who.csv"), "--register", made, "--json"]) == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_without_the_library_the_extra_is_named_and_csv_still_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "r.parquet")
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    assert main(["register", "import", str(path), "--register", str(tmp_path / "r.sqlite")]) == 3
    assert "use CSV, or install the extra `parquet`" in capsys.readouterr().err
    assert main(["register", "generate", "--people", "20", "--out", str(tmp_path / "r2.parquet")]) == 3
    assert main(["register", "generate", "--people", "20", "--out", str(tmp_path / "r2.csv")]) == 0
    assert not (tmp_path / "r.sqlite").exists()
