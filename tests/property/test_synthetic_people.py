"""The synthetic people and their particulars: the same from the same seed, and as varied as promised."""

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from privity.definitions.person import NhsNumber
from privity.edge.registers import sqlite
from privity.edge.registers.models import default_model
from privity.edge.registers.particulars_csv import read_fields
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.synthetic import particulars, people
from privity.edge.synthetic.names import FamilyForm, GivenForm, traditions, womens_form
from privity.errors import Mistaken
from privity.trace.blocking import query_keys
from privity.trace.outcome import TraceState
from privity.trace.tracer import trace

PEOPLE = 20_000


@cache
def population() -> people.SyntheticPopulation:
    return people.generate(PEOPLE, 1)


@cache
def drawn() -> tuple[particulars.DrawnParticulars, ...]:
    return tuple(particulars.draw(population(), 1_000, 1, 0.21))


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> SqliteRegister:
    path = Path(tmp_path_factory.mktemp("register")) / "register.sqlite"
    sqlite.build(population(), path)
    return SqliteRegister.open(path)


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert people.generate(2_000, 5).columns.digest() == people.generate(2_000, 5).columns.digest()
    assert people.generate(2_000, 5).columns.digest() != people.generate(2_000, 6).columns.digest()


def test_the_same_seed_gives_the_same_particulars_and_another_seed_others() -> None:
    assert particulars.draw(population(), 200, 3) == particulars.draw(population(), 200, 3)
    assert particulars.draw(population(), 200, 3) != particulars.draw(population(), 200, 4)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_even_a_handful_of_people_can_be_generated(count: int) -> None:
    assert people.generate(count, 1).columns.size == count


@pytest.mark.parametrize("count", [0, -1, people.MOST_PEOPLE + 1])
def test_more_people_than_synthetic_numbers_are_refused(count: int) -> None:
    with pytest.raises(Mistaken, match="range of NHS numbers"):
        people.generate(count, 1)


def test_every_number_lies_in_the_synthetic_range_and_every_place_in_no_real_area() -> None:
    columns = population().columns
    assert columns.nhs_number.min() >= 9_990_000_000
    assert {postcode[0] for postcode in columns.postcodes if postcode} <= set("QVX")


def test_there_are_at_least_twenty_traditions_of_every_form_and_all_are_used() -> None:
    kinds = traditions()
    assert len({kind.key for kind in kinds}) >= 20
    assert {kind.form for kind in kinds} == set(FamilyForm)
    assert {kind.given for kind in kinds} == set(GivenForm)
    assert sum(kind.share for kind in kinds) == pytest.approx(1)
    assert set(np.unique(population().tradition)) == set(range(len(kinds)))


def test_womens_forms_follow_the_ending() -> None:
    assert womens_form("Kowalski") == "Kowalska"
    assert womens_form("Nowak") == "Nowak"
    assert womens_form("Kazlauskas") == "Kazlauskienė"


def test_the_marks_that_protect_are_as_common_as_promised() -> None:
    columns = population().columns
    assert 0.001 < columns.sensitive.mean() < 0.006
    assert 0.006 < (columns.correspondence != 0).mean() < 0.015
    assert (columns.deceased != 0).any()
    assert len(np.unique(columns.earlier_families[:, 0])) > PEOPLE * 0.02
    assert len(np.unique(columns.earlier_postcodes[:, 0])) > PEOPLE * 0.4


def test_the_1st_of_january_is_far_commoner_in_some_traditions_than_in_others() -> None:
    columns, kinds = population().columns, traditions()
    starts = dict.fromkeys(_new_years(), True)
    shares = {}
    for number, kind in enumerate(kinds):
        born = columns.born[population().tradition == number].tolist()
        shares[kind.key] = sum(day in starts for day in born) / len(born)
    assert shares["somali"] > 0.12
    assert shares["british"] < 0.01


def _new_years() -> list[int]:
    from datetime import date

    return [date(year, 1, 1).toordinal() for year in range(1900, 2017)]


def test_twins_share_their_day_and_their_household() -> None:
    pairs = Counter(zip(population().household.tolist(), population().columns.born.tolist(), strict=True))
    assert sum(number > 1 for number in pairs.values()) > 20


def test_particulars_name_at_least_twelve_kinds_of_error_and_are_all_readable() -> None:
    kinds = {kind for one in drawn() for kind in one.errors}
    assert len(kinds) >= 12
    for one in drawn():
        read_fields(one.fields)


def test_the_absent_are_as_many_as_asked_for_and_the_present_truly_present(register: SqliteRegister) -> None:
    absent = [one for one in drawn() if not one.truth]
    assert 0.17 < len(absent) / len(drawn()) < 0.25
    assert all(register.find_nhs_number(NhsNumber(one.truth)) for one in drawn() if one.truth)
    assert not any(one.fields["nhs_number"] for one in absent)


def test_nobody_is_absent_or_everybody_is_when_asked_for() -> None:
    assert all(one.truth for one in particulars.draw(population(), 50, 1, 0.0))
    assert not any(one.truth for one in particulars.draw(population(), 50, 1, 1.0))
    with pytest.raises(Mistaken, match="between 0 and 1"):
        particulars.draw(population(), 50, 1, 1.1)


def test_particulars_do_not_show_their_values_when_printed() -> None:
    one = drawn()[0]
    assert one.fields["family_name"] not in repr(one)
    assert one.truth == "" or one.truth not in repr(one)


def test_blocking_finds_98_in_a_hundred_of_the_present(register: SqliteRegister) -> None:
    present = [one for one in drawn() if one.truth]
    found = 0
    for one in present:
        asked = read_fields(one.fields)
        records = register.candidates(query_keys(asked, register.birth_years))
        numbers = {f"{record.number:010d}" for record in records}
        found += one.truth in numbers
    assert found / len(present) >= 0.98


def test_traces_of_synthetic_people_find_most_and_name_hardly_anybody_wrongly(register: SqliteRegister) -> None:
    model = default_model()
    right = wrong = 0
    for one in drawn():
        result = trace(read_fields(one.fields), register, model)
        if result.state is TraceState.PROPOSED:
            assert result.best is not None
            person = register.find_nhs_number(NhsNumber(one.truth)) if one.truth else None
            right += result.best.person == person
            wrong += result.best.person != person
    assert right / sum(bool(one.truth) for one in drawn()) > 0.85
    assert wrong <= 3
