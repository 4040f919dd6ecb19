"""The layout beside a register file saves time and changes no answer: it may be missing, stale or cut off."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest

from privity.definitions.person import Address, Demographics, NhsNumber, Particulars
from privity.edge.commands.console import main
from privity.edge.registers import lay_out as module
from privity.edge.registers import sqlite
from privity.edge.registers.changes import Change, put, take_out
from privity.edge.registers.column_file import map_columns
from privity.edge.registers.laid_out import laid_out_path
from privity.edge.registers.lay_out import Laid, lay_out
from privity.edge.registers.models import default_model
from privity.edge.registers.particulars_csv import read_fields
from privity.edge.registers.sqlite import SqliteRegister, changing
from privity.edge.registers.turns import alone
from privity.edge.synthetic import particulars, people
from privity.errors import Mistaken, Unavailable
from privity.trace.batch import trace_batch
from privity.trace.tracer import trace

MODEL = default_model()
PEOPLE, SEED = 2_000, 12
NEARLY = 1e-9


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Particulars]]:
    path = tmp_path_factory.mktemp("written") / "register.sqlite"
    population = people.generate(PEOPLE, SEED)
    sqlite.build(population, path)
    return path, [read_fields(one.fields) for one in particulars.draw(population, 200, SEED)]


@pytest.fixture
def path(written: tuple[Path, list[Particulars]], tmp_path: Path) -> Path:
    found = tmp_path / "register.sqlite"
    copyfile(written[0], found)
    copyfile(laid_out_path(written[0]), laid_out_path(found))
    return found


def sought_as(held: Demographics) -> Particulars:
    return Particulars(
        family_name=held.family_name,
        given_name=held.given_name,
        date_of_birth=held.date_of_birth,
        postcode=held.residence.postcode if held.residence else "",
    )


def assert_as_alone(register: SqliteRegister, many: Sequence[Particulars]) -> None:
    batch = trace_batch(many, register, MODEL)
    for place, one in enumerate(many):
        try:
            alone = trace(one, register, MODEL)
        except Mistaken:
            assert batch.refused[place]
            continue
        together = batch.result(place)
        assert together.state is alone.state
        assert together.compared == alone.compared
        assert together.present == alone.present
        assert [one.person for one in together.candidates] == [one.person for one in alone.candidates]
        assert [one.probability for one in together.candidates] == pytest.approx(
            [one.probability for one in alone.candidates], abs=NEARLY
        )
        assert together.probability_absent == pytest.approx(alone.probability_absent, abs=NEARLY)


def test_a_register_open_for_batches_follows_every_change(path: Path, written: tuple[Path, list[Particulars]]) -> None:
    many = written[1]
    with SqliteRegister.open(path) as register:
        assert register._layout() is not None
        assert_as_alone(register, many)
        before = [register.demographics(one) for one in register.everybody()[:60]]
        home = Address(lines=("9 New Row", "Elsewhere"), postcode="QV9 9QV")
        moved = [replace(one, residence=home) for one in before[:20]]
        named = [replace(one, family_name="Quorndon-Zabriskie", given_name="Xanthe Ottoline") for one in before[20:40]]
        hidden = [replace(one, sensitive=True) for one in before[40:50]]
        newcomer = replace(before[0], nhs_number=NhsNumber("9434765919"), family_name="Zzyzxworth")
        with changing(path) as inside:
            for one in [*moved, *named, *hidden, newcomer]:
                put(inside, Change(demographics=one))
            for one in before[50:]:
                assert take_out(inside, one.nhs_number)
        changed = [sought_as(one) for one in [*before, *moved, *named, *hidden, newcomer]]
        assert_as_alone(register, [*changed, *many])
        batch = trace_batch([sought_as(newcomer), *map(sought_as, before[50:])], register, MODEL)
        assert batch.candidates(0)[0] == register.find_nhs_number(newcomer.nhs_number)
        assert {one.person for one in before[50:]}.isdisjoint(batch.compared.person.tolist())
        with changing(path) as inside:
            put(inside, Change(demographics=replace(newcomer, family_name="Yarnthorpe")))
        assert_as_alone(register, [sought_as(newcomer), sought_as(replace(newcomer, family_name="Yarnthorpe"))])


def test_a_row_that_is_used_again_is_read_as_it_is_now(path: Path) -> None:
    with SqliteRegister.open(path) as register:
        last = register.demographics(register.everybody()[-1])
        other = replace(last, nhs_number=NhsNumber("9434765919"), given_name="Quillon", family_name="Zzyzxworth")
        with changing(path) as inside:
            take_out(inside, last.nhs_number)
            put(inside, Change(demographics=other))
            assert inside.rows("SELECT pid FROM person WHERE nhs_number = 9434765919") == [(PEOPLE,)]
        assert_as_alone(register, [sought_as(last), sought_as(other)])


@pytest.mark.parametrize("harm", ["missing", "of another import", "cut off", "empty"])
def test_without_a_layout_of_the_register_the_answers_are_the_same(
    harm: str, path: Path, written: tuple[Path, list[Particulars]], tmp_path: Path
) -> None:
    layout = laid_out_path(path)
    if harm == "missing":
        layout.unlink()
    elif harm == "of another import":
        sqlite.build(people.generate(50, 3), tmp_path / "other.sqlite")
        laid_out_path(tmp_path / "other.sqlite").replace(layout)
    else:
        layout.write_bytes(layout.read_bytes()[: 100_000 if harm == "cut off" else 0])
    with SqliteRegister.open(path) as register, SqliteRegister.open(written[0]) as whole:
        assert register._layout() is None
        one, two = (trace_batch(written[1], some, MODEL) for some in (register, whole))
    assert np.array_equal(one.best, two.best)
    assert np.array_equal(one.proposed, two.proposed)
    assert one.compared.chances == pytest.approx(two.compared.chances, abs=NEARLY)


def late(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as database:
        return [database.execute(f"SELECT count(*) FROM late_{one}").fetchone()[0] for one in ("person", "key", "word")]


def quiet(_what: str, _share: float) -> None:
    """Tell nobody."""


def test_a_register_laid_out_as_imported_gets_the_layout_that_import_wrote(path: Path) -> None:
    imported = map_columns(laid_out_path(path))
    assert imported is not None
    laid_out_path(path).unlink()
    assert lay_out(path, quiet) == Laid(records=PEOPLE, late=0)
    again = map_columns(laid_out_path(path))
    assert again is not None
    assert again.facts == imported.facts
    assert set(again.arrays) == set(imported.arrays)
    for name, array in imported.arrays.items():
        assert again.arrays[name].dtype == array.dtype, name
        assert np.array_equal(again.arrays[name], array), name


def test_a_register_laid_out_after_many_changes_answers_as_before_and_nothing_is_late(
    path: Path, written: tuple[Path, list[Particulars]]
) -> None:
    many = written[1]
    with SqliteRegister.open(path) as reading, SqliteRegister.open(path) as never_asked:
        assert reading._layout() is not None
        before = [reading.demographics(one) for one in reading.everybody()[:40]]
        newcomer = replace(before[0], nhs_number=NhsNumber("9434765919"), family_name="Quorndon-Zabriskie")
        with changing(path) as inside:
            for one in before[:20]:
                put(inside, Change(demographics=replace(one, family_name="Quorndon Zabriskie", sensitive=True)))
            for one in before[20:]:
                assert take_out(inside, one.nhs_number)
            put(inside, Change(demographics=newcomer))
        asked = [*many, *map(sought_as, [*before, newcomer])]
        whole = trace_batch(asked, reading, MODEL)
        state = reading.digest, reading.revision, reading.size
        assert lay_out(path, quiet) == Laid(records=PEOPLE - 19, late=41)
        assert late(path) == [0, 0, 0]
        with SqliteRegister.open(path) as anew:
            assert (anew.digest, anew.revision, anew.size) == state
            layout = anew._layout()
            assert layout is not None
            assert not len(layout[1].people)
            for register in (anew, reading, never_asked):
                again = trace_batch(asked, register, MODEL)
                assert np.array_equal(again.best, whole.best)
                assert again.compared.chances == pytest.approx(whole.compared.chances, abs=NEARLY)
                assert_as_alone(register, asked)
            with changing(path) as inside:
                put(inside, Change(demographics=replace(newcomer, family_name="Yarnthorpe")))
            for register in (anew, reading, never_asked):
                assert_as_alone(register, [sought_as(newcomer), sought_as(replace(newcomer, family_name="Yarnthorpe"))])
                assert register._layout() is not None


def test_what_was_late_when_it_was_laid_out_is_not_missed_by_whoever_was_just_reading(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqliteRegister.open(path) as register:
        moved = replace(register.demographics(register.everybody()[0]), family_name="Quorndon", given_name="Xanthe")
        with changing(path) as inside:
            put(inside, Change(demographics=moved))
        read = register._read_late

        def just_then() -> object:
            lay_out(path, quiet)
            monkeypatch.undo()
            return read()

        monkeypatch.setattr(register, "_read_late", just_then)
        assert trace(sought_as(moved), register, MODEL).compared == (moved.person,)
        assert trace(sought_as(moved), register, MODEL).compared == (moved.person,)


def test_a_register_is_not_laid_out_while_it_is_imported_nor_imported_while_laid_out(path: Path) -> None:
    there = laid_out_path(path).read_bytes()
    with alone(path):
        with pytest.raises(Unavailable, match="imported or laid out at this moment"):
            lay_out(path, quiet)
        with pytest.raises(Unavailable, match="imported or laid out at this moment"):
            sqlite.build(people.generate(50, 3), path)
    assert laid_out_path(path).read_bytes() == there
    assert sorted(one.name for one in path.parent.iterdir()) == ["register.sqlite", "register.sqlite.columns"]
    assert lay_out(path, quiet).records == PEOPLE


def test_a_disk_that_refuses_leaves_register_and_layout_as_they_were(
    path: Path, written: tuple[Path, list[Particulars]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqliteRegister.open(path) as register:
        named = replace(register.demographics(register.everybody()[0]), family_name="Quorndon")
        with changing(path) as inside:
            put(inside, Change(demographics=named))
        before = late(path)

        def full(_staged: Path, _path: Path) -> None:
            raise OSError

        monkeypatch.setattr(module, "put_in_place", full)
        with pytest.raises(Unavailable, match="answers as before"):
            lay_out(path, quiet)
        assert late(path) == before
        assert sorted(one.name for one in path.parent.iterdir()) == ["register.sqlite", "register.sqlite.columns"]
        assert register._layout() is not None
        assert_as_alone(register, [sought_as(named), *written[1][:50]])


def test_the_command_lays_a_register_file_out_and_refuses_a_database(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["register", "lay-out", "--register", str(path)]) == 0
    assert capsys.readouterr().out == "2,000 records laid out, 0 of them changed since the last time\n"
    assert main(["register", "lay-out", "--register", "postgres://nobody@nowhere/none"]) != 0
    assert "a database needs no layout" in capsys.readouterr().err
    assert main(["register", "lay-out", "--register", str(path.with_name("none.sqlite"))]) != 0
    assert "there is no file" in capsys.readouterr().err


def test_a_protected_record_leaves_no_postcode_in_the_layout(path: Path) -> None:
    with SqliteRegister.open(path) as register:
        layout = register._layout()
        assert layout is not None
        protected = [held.row for held in map(register.record, register.everybody()) if held.sensitive]
        assert protected
        held = layout[0].held(np.array(protected, np.int64))
        assert not held.postcode.any()
        assert not len(held.moved)
