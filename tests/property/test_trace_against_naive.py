"""The tracer against naive references: every pair compared, keys and counts computed one by one."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.register import MemoryRegister

from privity.definitions.person import Particulars
from privity.edge.registers import keys as register_keys
from privity.edge.registers import sqlite
from privity.edge.registers.models import default_model
from privity.edge.registers.particulars_csv import read_fields
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.synthetic import particulars, people
from privity.trace.blocking import query_keys, record_keys
from privity.trace.comparison import Level, compare_names
from privity.trace.normalise import name_tokens
from privity.trace.outcome import TraceState
from privity.trace.record import NamePart
from privity.trace.record_levels import compare, levels_of, sought
from privity.trace.scales import Scales
from privity.trace.tracer import trace
from privity.trace.weight import posterior

PEOPLE, ASKED, SEED = 600, 60, 5
MODEL = default_model()


@cache
def population() -> people.SyntheticPopulation:
    return people.generate(PEOPLE, SEED)


@cache
def asked() -> tuple[Particulars, ...]:
    return tuple(read_fields(one.fields) for one in particulars.draw(population(), ASKED, SEED))


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> SqliteRegister:
    path = Path(tmp_path_factory.mktemp("register")) / "register.sqlite"
    sqlite.build(population(), path)
    return SqliteRegister.open(path)


@pytest.fixture(scope="module")
def naive(register: SqliteRegister) -> MemoryRegister:
    records = [register.record(person) for person in register.everybody()]
    assert len(records) == PEOPLE
    words = [
        (part, token)
        for part in NamePart
        for (token,) in register._rows("SELECT token FROM name_frequency WHERE part = ?", (part.value,))
    ]
    shares = {word: register.class_shares(*word) for word in words}
    return MemoryRegister(records, classes=register.classes, shares=shares)


def test_every_record_is_filed_under_the_keys_computed_for_it_alone(
    register: SqliteRegister, naive: MemoryRegister
) -> None:
    filed: dict[int, set[int]] = {}
    for key, pid in register._rows("SELECT key, pid FROM blocking"):
        filed.setdefault(pid, set()).add(key)
    for record in (register.record(person) for person in register.everybody()):
        assert filed[record.row] == record_keys(record)


def test_the_counts_of_names_births_and_postcodes_are_those_counted_one_by_one(
    register: SqliteRegister, naive: MemoryRegister
) -> None:
    for part in NamePart:
        counted = register._rows("SELECT token, records FROM name_frequency WHERE part = ?", (part.value,))
        assert counted
        assert all(naive.name_frequency(part, token) == records for token, records in counted)
        assert register.name_frequency(part, "nobodybearsthis") == 0
    assert register.birth_years == naive.birth_years
    assert all(register.births(year) == naive.births(year) for year in register.birth_years)
    counted = register._rows("SELECT postcode, records FROM postcode_frequency")
    assert all(naive.postcode_frequency(postcode) == records for postcode, records in counted)


@pytest.mark.parametrize("number", range(ASKED))
def test_a_trace_is_the_same_in_the_file_and_in_memory(
    register: SqliteRegister, naive: MemoryRegister, number: int
) -> None:
    assert trace(asked()[number], register, MODEL) == trace(asked()[number], naive, MODEL)


def test_whoever_is_proposed_is_the_likeliest_when_every_record_is_compared(
    register: SqliteRegister, naive: MemoryRegister
) -> None:
    everybody = MemoryRegister(naive.records, compare_all=True, classes=naive.classes)
    for one in asked():
        blocked, whole = trace(one, register, MODEL), trace(one, everybody, MODEL)
        if blocked.state is TraceState.PROPOSED:
            assert blocked.best is not None
            assert whole.best is not None
            assert blocked.best.person == whole.best.person


def test_the_posterior_is_a_probability_over_the_candidates_and_absence(naive: MemoryRegister) -> None:
    for one in asked():
        scales = Scales(sought(one), naive, MODEL)
        found = naive.candidates(query_keys(one, naive.birth_years))
        weighed = [scales.weigh(record) for record in found]
        chances = posterior(weighed, naive.size, MODEL)
        assert sum(chances.candidates) + chances.absent == pytest.approx(1)
        for reading in weighed:
            worth = reading.worth
            assert worth.weight_bits == pytest.approx(sum(bits for _field, _level, bits in worth.fields))


NAMES = st.text(alphabet="abcdeghiklmnoprstuwyzÉłß'- ", min_size=1, max_size=14)


@settings(max_examples=300, deadline=None)
@given(asked=NAMES, held=NAMES)
def test_names_agree_the_same_from_both_sides_where_no_side_is_longer(asked: str, held: str) -> None:
    one, two = name_tokens(asked), name_tokens(held)
    found, back = compare_names(one, two), compare_names(two, one)
    if len(one) == len(two) == 1:
        assert found.level is back.level
    assert (found.level is Level.EXACT) == (back.level is Level.EXACT)
    assert set(found.resting_on) <= set(two)


@settings(max_examples=300, deadline=None)
@given(text=NAMES)
def test_reading_a_name_twice_changes_nothing(text: str) -> None:
    once = name_tokens(text)
    assert set(name_tokens(" ".join(once))) <= set(once) or len(once) > 1
    assert all(token == token.lower() and token.isalpha() for token in once)


def test_a_better_reading_of_the_names_never_weighs_less_than_the_straight_one(naive: MemoryRegister) -> None:
    for one in asked():
        scales = Scales(sought(one), naive, MODEL)
        for record in naive.candidates(query_keys(one, naive.birth_years)):
            comparison = compare(sought(one), record)
            straight, other = comparison.names.straight, comparison.names.other
            names = scales._reading(straight.order, straight.given, straight.family, other)
            levels = comparison.gender, comparison.place, comparison.number
            worth = scales._better((names,), scales._day(record.born), *levels)
            assert scales.weigh(record).worth.weight_bits >= worth.weight_bits
            shown = {field: level for field, level, _ in worth.fields}
            assert shown == levels_of(comparison, comparison.names.straight)


def test_keys_sorted_in_many_pieces_are_those_sorted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = population().columns
    words = register_keys.name_words(columns)
    whole = [
        pair for piece in register_keys.blocking_pieces(columns, words) for pair in zip(*map(list, piece), strict=True)
    ]
    monkeypatch.setattr(register_keys, "_PIECE", 300)
    pieces = list(register_keys.blocking_pieces(columns, words))
    assert len(pieces) > 10
    assert [pair for piece in pieces for pair in zip(*map(list, piece), strict=True)] == whole == sorted(set(whole))
