"""Every register store reads and changes people alike: the SQLite file, and PostgreSQL where it is on the machine."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tests.fakes import postgres

from privity.definitions.person import Address, Demographics, Gender, NhsNumber, Particulars, PersonId
from privity.edge.commands.console import main
from privity.edge.registers import sqlite
from privity.edge.registers.changes import Change, Transaction, put, take_out
from privity.edge.registers.models import default_model
from privity.edge.registers.particulars_csv import read_fields
from privity.edge.registers.postgres import PostgresRegister, changing_postgres, write_postgres
from privity.edge.registers.sqlite import SqliteRegister, changing
from privity.edge.registers.tables import RegisterTables
from privity.edge.synthetic import particulars, people
from privity.errors import Mistaken, Unavailable
from privity.trace.comparison import Field, Level
from privity.trace.outcome import TraceState
from privity.trace.tracer import trace

PEOPLE, SEED = 400, 8
TABLES = ("person", "blocking", "birth_frequency", "postcode_frequency")


@dataclass(frozen=True)
class Store:
    """One way to keep a register."""

    write: Callable[[people.SyntheticPopulation], None]
    open: Callable[[], RegisterTables]
    changing: Callable[[], AbstractContextManager[Transaction]]


@pytest.fixture(scope="module")
def population() -> people.SyntheticPopulation:
    return people.generate(PEOPLE, SEED)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if postgres.missing():
        pytest.skip(f"PostgreSQL is not tried here: {postgres.missing()}")
    with TemporaryDirectory() as folder, postgres.server(Path(folder) / "server") as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path, population: people.SyntheticPopulation) -> Store:
    if request.param == "sqlite":
        path = tmp_path / "register.sqlite"
        made = Store(
            write=lambda one: sqlite.build(one, path),
            open=lambda: SqliteRegister.open(path),
            changing=lambda: changing(path),
        )
    else:
        where: str = request.getfixturevalue("address")
        made = Store(
            write=lambda one: write_postgres(one.columns, where),
            open=lambda: PostgresRegister(where),
            changing=lambda: changing_postgres(where),
        )
    made.write(population)
    return made


@contextmanager
def opened(store: Store) -> Iterator[RegisterTables]:
    register = store.open()
    try:
        yield register
    finally:
        register.close()


def newcomer(**changes: Any) -> Demographics:
    held = Demographics(
        person=PersonId(0), nhs_number=NhsNumber("9434765919"), family_name="Zzyzxworth", given_name="Quillon",
        other_given_names="", previous_family_names=(), date_of_birth=date(1971, 5, 23), gender=Gender.MALE,
        residence=Address(lines=("1 Blank Row", "Nowhereton"), postcode="QV1 1AA"), correspondence=None,
        gp_practice_code="Z00001", registered_on=date(2001, 2, 3), deceased_on=None, sensitive=False,
    )  # fmt: skip
    return replace(held, **changes)


SOUGHT = Particulars(
    family_name="Zzyzxworth", given_name="Quillon", date_of_birth=date(1971, 5, 23), postcode="QV1 1AA"
)
MODEL = default_model()


def contents(register: RegisterTables) -> dict[str, list[tuple[object, ...]]]:
    """Return what the tables hold, names and addresses spelled out so that their numbers do not matter."""
    found: dict[str, list[tuple[object, ...]]] = {
        table: sorted(register._rows(f"SELECT * FROM {table}")) for table in TABLES if table != "person"
    }
    found["words"] = sorted(register._rows("SELECT part, token, records FROM name_frequency"))
    found["person"] = [(register.demographics(person),) for person in register.everybody()]
    return found


def test_traces_are_those_of_the_file(store: Store, population: people.SyntheticPopulation, tmp_path: Path) -> None:
    sqlite.build(population, tmp_path / "beside.sqlite")
    asked = [read_fields(one.fields) for one in particulars.draw(population, 40, SEED)]
    with opened(store) as register, SqliteRegister.open(tmp_path / "beside.sqlite") as beside:
        assert [trace(one, register, MODEL) for one in asked] == [trace(one, beside, MODEL) for one in asked]
        assert register.digest == beside.digest
        assert register.origins() == beside.origins()


def test_a_newcomer_is_found_by_the_next_trace_of_a_register_already_open(store: Store) -> None:
    with opened(store) as register:
        assert trace(SOUGHT, register, MODEL).state is TraceState.UNTRACED
        before = (register.size, register.digest)
        with store.changing() as inside:
            put(inside, Change(demographics=newcomer()))
        result = trace(SOUGHT, register, MODEL)
        assert result.state is TraceState.PROPOSED
        assert result.best is not None
        assert result.best.person == int(newcomer().nhs_number.digits)
        assert register.size == before[0] + 1
        assert register.digest != before[1]
        assert register.revision == 1


def test_whoever_moves_is_found_at_both_addresses_and_shown_at_the_new_one(store: Store) -> None:
    moved = newcomer(residence=Address(lines=("2 Other Row",), postcode="QV2 2BB"))
    with store.changing() as inside:
        put(inside, Change(demographics=newcomer()))
        put(inside, Change(demographics=moved))
    with opened(store) as register:
        person = PersonId(int(moved.nhs_number.digits))
        assert register.demographics(person).residence == moved.residence
        for postcode in ("QV1 1AA", "QV2 2BB"):
            result = trace(replace(SOUGHT, postcode=postcode, date_of_birth=None), register, MODEL)
            assert result.candidates[0].person == person
        assert register.postcode_frequency("QV1 1AA") == 1


def test_whoever_becomes_protected_is_not_found_by_place_any_more(store: Store) -> None:
    with store.changing() as inside:
        put(inside, Change(demographics=newcomer()))
        put(inside, Change(demographics=newcomer(sensitive=True)))
    with opened(store) as register:
        for one in trace(replace(SOUGHT, date_of_birth=None), register, MODEL).candidates:
            assert next(field.level for field in one.evidence if field.field is Field.PLACE) is Level.MISSING
        assert register.postcode_frequency("QV1 1AA") == 0
        result = trace(SOUGHT, register, MODEL)
        assert result.best is not None
        assert result.best.sensitive
        assert result.state is not TraceState.PROPOSED


def test_in_and_out_again_leaves_every_table_as_it_was(store: Store, population: people.SyntheticPopulation) -> None:
    number = NhsNumber(f"{population.columns.nhs_number[7]:010d}")
    with opened(store) as register:
        before = contents(register)
        person = register.find_nhs_number(number)
        assert person is not None
        kept = register.demographics(person)
        earlier = register.record(person).place.previous
        with store.changing() as inside:
            put(inside, Change(demographics=newcomer(given_name="Éowyn-Rose", previous_family_names=("Qqqq",))))
            assert take_out(inside, newcomer().nhs_number)
            assert not take_out(inside, newcomer().nhs_number)
            put(inside, Change(demographics=replace(kept, family_name="Vvvvv")))
            put(inside, Change(demographics=kept, earlier_postcodes=earlier))
        assert contents(register) == before
        assert register.revision == 4


def _put_and_fail(inside: Transaction) -> None:
    put(inside, Change(demographics=newcomer()))
    put(inside, Change(demographics=newcomer(family_name="", given_name="")))


def test_a_change_that_fails_half_way_changes_nothing(store: Store) -> None:
    with opened(store) as register:
        before = (register.digest, contents(register))
        with pytest.raises(Mistaken), store.changing() as inside:
            _put_and_fail(inside)
        assert (register.digest, contents(register)) == before


def test_on_the_command_line_a_database_is_taken_in_traced_updated_and_guarded(
    address: str, population: people.SyntheticPopulation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_postgres(population.columns, address)
    name = f"postgresql://privity@/postgres?host={dict(part.split('=') for part in address.split())['host']}"
    source, few, asked = (str(tmp_path / file) for file in ("all.csv", "few.csv", "asked.csv"))
    assert main(["register", "generate", "--people", "300", "--seed", "9", "--out", source]) == 0
    assert main(["register", "generate", "--people", "40", "--seed", "77", "--out", few]) == 0
    made = ["request", "generate", "--people", "300", "--people-seed", "9", "--count", "10", "--absent", "0"]
    assert main([*made, "--out", asked, "--truth", str(tmp_path / "truth.csv")]) == 0
    with changing_postgres(address) as inside:
        inside.run("DROP SCHEMA IF EXISTS register CASCADE")
    assert main(["register", "import", source, "--register", name]) == 0
    capsys.readouterr()
    assert main(["trace", asked, "--register", name, "--json"]) == 0
    assert '"proposed"' in capsys.readouterr().out
    assert main(["register", "update", few, "--register", name, "--json"]) == 0
    assert '{"changed": 40}' in capsys.readouterr().out
    assert main(["register", "import", few, "--register", name]) == 2
    assert "records would be gone" in capsys.readouterr().err
    with PostgresRegister(name) as register:
        assert register.revision == 40


def test_another_register_in_its_place_is_noticed_by_whoever_has_the_database_open(
    address: str, population: people.SyntheticPopulation
) -> None:
    other = people.generate(PEOPLE // 2, SEED + 1)
    asked = [read_fields(one.fields) for one in particulars.draw(other, 20, SEED)]
    write_postgres(population.columns, address)
    with PostgresRegister(address) as register:
        for one in asked:
            trace(one, register, MODEL)
        write_postgres(other.columns, address)
        found = [trace(one, register, MODEL) for one in asked]
        with PostgresRegister(address) as afresh:
            assert found == [trace(one, afresh, MODEL) for one in asked]
        assert (register.size, register.digest, register.revision) == (PEOPLE // 2, other.columns.digest(), 0)


def test_an_update_from_a_file_changes_people_in_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held, source = str(tmp_path / "held.sqlite"), str(tmp_path / "changes.csv")
    assert main(["register", "generate", "--people", "100", "--seed", "9", "--out", held]) == 0
    assert main(["register", "generate", "--people", "100", "--seed", "9", "--out", source]) == 0
    before = SqliteRegister.open(Path(held))
    somebody = before.everybody()[0]
    first = before.demographics(somebody)
    assert main(["register", "update", source, "--register", held]) == 0
    assert "100 records put in" in capsys.readouterr().out
    assert before.demographics(somebody) == first
    assert (before.size, before.revision) == (100, 100)


def test_a_record_without_a_name_is_refused() -> None:
    with pytest.raises(Mistaken, match="has no name"):
        Change(demographics=newcomer(family_name="", given_name=""))


def test_a_register_that_is_not_there_is_unavailable(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Unavailable), changing(tmp_path / "none.sqlite") as inside:
        take_out(inside, newcomer().nhs_number)


def test_a_schema_with_a_name_that_could_be_code_is_refused() -> None:
    with pytest.raises(Mistaken, match="schema"):
        PostgresRegister("host=nowhere", "a; drop")


def test_an_unreachable_server_is_unavailable_and_its_message_is_not_repeated() -> None:
    with pytest.raises(Unavailable) as refused:
        PostgresRegister("host=/nowhere-at-all dbname=nobody")
    assert "nobody" not in str(refused.value)
