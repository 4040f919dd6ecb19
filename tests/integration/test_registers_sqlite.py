"""The register file: what it gives back, what it counts, and what it never shows."""

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from privity.definitions.person import NhsNumber, PersonId
from privity.edge.registers import sqlite, writer
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.synthetic import people
from privity.errors import Mistaken, Unavailable
from privity.trace.blocking import postcode_keys, word_hash
from privity.trace.record import NOWHERE

PEOPLE = 4_000


@pytest.fixture(scope="module")
def population() -> people.SyntheticPopulation:
    return people.generate(PEOPLE, 7)


@pytest.fixture(scope="module")
def path(population: people.SyntheticPopulation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("register") / "register.sqlite"
    sqlite.build(population, path)
    return path


@pytest.fixture
def register(path: Path) -> Iterator[SqliteRegister]:
    with SqliteRegister.open(path) as register:
        yield register


def number(population: people.SyntheticPopulation, row: int) -> NhsNumber:
    return NhsNumber(f"{population.columns.nhs_number[row]:010d}")


def person_of(population: people.SyntheticPopulation, row: int) -> PersonId:
    return PersonId(int(population.columns.nhs_number[row]))


def test_every_person_is_found_by_their_number_and_read_back_whole(
    register: SqliteRegister, population: people.SyntheticPopulation
) -> None:
    columns = population.columns
    assert register.size == PEOPLE
    assert register.digest == columns.digest()
    for row in range(0, PEOPLE, 97):
        person = register.find_nhs_number(number(population, row))
        assert person == int(number(population, row).digits)
        read = register.demographics(person)
        assert read.nhs_number == number(population, row)
        assert read.family_name == columns.names[columns.family[row]]
        assert read.given_name == columns.names[columns.given[row]]
        assert read.date_of_birth.toordinal() == columns.born[row]
        assert read.sensitive == columns.sensitive[row]


def test_a_correspondence_address_is_kept_apart_and_never_stands_in_for_a_residence(
    register: SqliteRegister, population: people.SyntheticPopulation
) -> None:
    columns = population.columns
    rows = np.flatnonzero(columns.correspondence)
    assert len(rows) > PEOPLE * 0.005
    homeless = 0
    for row in rows.tolist():
        read = register.demographics(person_of(population, row))
        assert read.correspondence is not None
        assert read.correspondence != read.residence
        assert read.correspondence.postcode == columns.postcodes[columns.correspondence_postcode[row]]
        homeless += read.residence is None
    assert homeless > 0


def test_a_correspondence_address_is_no_key(register: SqliteRegister, population: people.SyntheticPopulation) -> None:
    columns = population.columns
    row = int(np.flatnonzero((columns.correspondence != 0) & (columns.residence == 0))[0])
    read = register.record(person_of(population, row))
    assert read.place.postcode == ""
    postcode = columns.postcodes[columns.correspondence_postcode[row]]
    assert read.row not in [one.row for one in register.candidates(_place_keys(postcode, read.family))]


def _place_keys(postcode: str, names: tuple[str, ...]) -> list[int]:
    from privity.trace.blocking import name_hash

    hashes = np.array([name_hash(name) for name in names], np.uint64)
    return [int(key) for key in postcode_keys(np.full(len(names), word_hash(postcode), np.uint64), hashes)]


def test_a_sensitive_record_is_read_for_a_trace_without_its_place(
    register: SqliteRegister, population: people.SyntheticPopulation
) -> None:
    columns = population.columns
    rows = np.flatnonzero(columns.sensitive).tolist()
    assert rows
    for row in rows:
        read = register.record(person_of(population, row))
        assert read.sensitive
        assert read.place == NOWHERE
        keys = _place_keys(columns.postcodes[columns.postcode[row]], read.family)
        assert read.row not in [one.row for one in register.candidates(keys)]


def test_reads_of_records_are_counted_and_reads_of_counts_are_not(
    register: SqliteRegister, population: people.SyntheticPopulation
) -> None:
    assert register.reads == 0
    register.births(1980)
    register.postcode_frequency("QA1 1AA")
    assert register.reads == 0
    register.candidates([1, 2, 3])
    register.demographics(person_of(population, 0))
    register.find_nhs_number(number(population, 3))
    assert register.reads == 3


def test_many_keys_are_looked_up_in_parts_and_each_record_comes_once(register: SqliteRegister) -> None:
    keys = [key for (key,) in register._rows("SELECT key FROM blocking WHERE pid < 300")]
    assert len(keys) > 2_000
    found = [one.row for one in register.candidates(keys)]
    assert found == sorted(set(found))
    assert set(range(1, 300)) <= set(found)


def test_threads_read_side_by_side(register: SqliteRegister) -> None:
    seen: list[int] = []

    def read() -> None:
        seen.extend(register.demographics(person).person for person in register.everybody()[:199])

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == sorted(register.everybody()[:199] * 4)
    assert register.reads == 4 * 199


def test_a_number_that_nobody_bears_any_more_is_said_to_be_gone(register: SqliteRegister) -> None:
    for read in (register.demographics, register.record):
        with pytest.raises(Mistaken, match="holds nobody of that number any more"):
            read(PersonId(9434765919))


def test_a_file_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="there is no file"):
        SqliteRegister.open(tmp_path / "none.sqlite")


def test_a_file_that_is_no_register_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "wrong.sqlite"
    path.write_bytes(b"not a database, but long enough to be looked at" * 10)
    with pytest.raises(Unavailable, match="damaged or no register"):
        SqliteRegister.open(path)


def test_a_register_of_another_format_is_refused(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "old.sqlite"
    other.write_bytes(path.read_bytes())
    database = sqlite3.connect(other)
    database.execute("UPDATE fact SET value = 'privity-register-0.0' WHERE name = 'format'")
    database.commit()
    database.close()
    with pytest.raises(Mistaken, match="of format"):
        SqliteRegister.open(other)


def test_a_register_is_replaced_whole_and_an_open_one_goes_on_reading_the_old(
    tmp_path: Path, population: people.SyntheticPopulation
) -> None:
    path = tmp_path / "register.sqlite"
    sqlite.build(people.generate(50, 1), path)
    with SqliteRegister.open(path) as old:
        sqlite.build(people.generate(60, 2), path)
        assert len([old.demographics(person) for person in old.everybody()]) == 50
        assert old.find_nhs_number(NhsNumber("9434765919")) is None
        with SqliteRegister.open(path) as new:
            assert (old.size, new.size) == (50, 60)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["register.sqlite", "register.sqlite.columns"]


def test_what_was_begun_in_one_register_is_not_ended_in_another(tmp_path: Path) -> None:
    path = tmp_path / "register.sqlite"
    sqlite.build(people.generate(50, 1), path)
    with SqliteRegister.open(path) as old:
        busy = old._connections.lend()
        sqlite.build(people.generate(60, 2), path)
        with pytest.raises(Unavailable, match="another was imported in its place"):
            old.everybody()
        old._connections.take_back(busy)
        assert len(old.everybody()) == 50


def test_a_build_that_fails_leaves_the_old_register_and_no_remains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "register.sqlite"
    sqlite.build(people.generate(50, 1), path)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(writer, "table_rows", full)
    with pytest.raises(Unavailable, match="nothing was taken"):
        sqlite.build(people.generate(60, 2), path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["register.sqlite", "register.sqlite.columns"]
    with SqliteRegister.open(path) as register:
        assert register.size == 50


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("nhs_number", 9990000001, "its check digit is wrong"),
        ("born", 0, "missing or lies before 1880"),
        ("gender", 9, "not one of the four words"),
        ("postcode", 10**6, "its text is missing"),
        ("family", -1, "its text is missing"),
        ("deceased", 5, "before the date of birth"),
    ],
)
def test_columns_with_a_wrong_value_cannot_be_built(
    population: people.SyntheticPopulation, column: str, value: int, why: str
) -> None:
    wrong = getattr(population.columns, column).copy()
    wrong[17] = value
    with pytest.raises(Mistaken) as refused:
        replace(population.columns, **{column: wrong})
    assert "row 18" in str(refused.value)
    assert why in str(refused.value)


def test_columns_with_one_number_twice_cannot_be_built(population: people.SyntheticPopulation) -> None:
    twice = population.columns.nhs_number.copy()
    twice[20] = twice[10]
    with pytest.raises(Mistaken, match="row 21: it stands in an earlier row too"):
        replace(population.columns, nhs_number=twice)


def test_columns_with_a_malformed_text_cannot_be_built(population: people.SyntheticPopulation) -> None:
    columns = population.columns
    with pytest.raises(Mistaken, match="postcode number 1"):
        replace(columns, postcodes=("", "nowhere", *columns.postcodes[2:]))
    with pytest.raises(Mistaken, match="name number 1"):
        replace(columns, names=("", "x" * 101, *columns.names[2:]))
