"""The layout beside a register file saves time and changes no answer: it may be missing, stale or cut off."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest

from privity.definitions.person import Address, Demographics, NhsNumber, Particulars, PersonId
from privity.edge.registers import sqlite
from privity.edge.registers.changes import Change, put, take_out
from privity.edge.registers.laid_out import laid_out_path
from privity.edge.registers.models import default_model
from privity.edge.registers.particulars_csv import read_fields
from privity.edge.registers.sqlite import SqliteRegister, changing
from privity.edge.synthetic import particulars, people
from privity.errors import Mistaken
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
        before = [register.demographics(PersonId(pid)) for pid in range(1, 61)]
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


def test_a_number_that_is_given_again_is_read_as_it_is_now(path: Path) -> None:
    with SqliteRegister.open(path) as register:
        last = register.demographics(PersonId(PEOPLE))
        other = replace(last, nhs_number=NhsNumber("9434765919"), given_name="Quillon", family_name="Zzyzxworth")
        with changing(path) as inside:
            take_out(inside, last.nhs_number)
            assert put(inside, Change(demographics=other)) == PEOPLE
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


def test_a_protected_record_leaves_no_postcode_in_the_layout(path: Path) -> None:
    with SqliteRegister.open(path) as register:
        layout = register._layout()
        assert layout is not None
        protected = [pid for pid in register.everybody() if register.record(pid).sensitive]
        assert protected
        held = layout[0].held(np.array(protected, np.int64))
        assert not held.postcode.any()
        assert not len(held.moved)
