"""Many traced at once get the answers that each gets alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.register import MemoryRegister, nhs_number, record

from privity.definitions.person import Gender, Particulars
from privity.edge.registers import sqlite
from privity.edge.registers.models import default_model
from privity.edge.registers.particulars_csv import read_fields
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.synthetic import particulars, people
from privity.errors import Mistaken
from privity.trace import batch
from privity.trace.batch import trace_batch
from privity.trace.blocking import MOST_COMPARED, batch_keys, pair_key, pair_keys, query_keys, word_hash
from privity.trace.comparison import Field, compare_names
from privity.trace.held import BatchReader
from privity.trace.model import Model
from privity.trace.name_book import LEVELS_IN_ORDER, NameBook
from privity.trace.names import names_of
from privity.trace.normalise import name_tokens
from privity.trace.outcome import MOST_CANDIDATES, TraceResult
from privity.trace.record import RegisterRecord
from privity.trace.tracer import trace

MODEL = default_model()
NEARLY = 1e-9
WORDS = (
    "Maria", "Marie", "Mary", "Kim", "Huong", "Nhung", "Smith", "Smyth", "Smithe", "Jones", "O", "Mohammed", "Muhammad",
    "Ali", "Aly", "Van", "Berg", "Vanberg", "Garcia", "Lopez", "Bill", "William", "J",
)  # fmt: skip
DAYS = tuple(date(year, month, day) for year in (1980, 1981, 1990) for month, day in ((1, 1), (2, 3), (3, 2), (2, 13)))
POSTCODES = ("", "LS1 4AP", "LS1 4AQ", "M1 1AA")
LINES = ("", "1 High Street", "2 Low Road")
GENDERS = tuple(Gender)
names = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)


@st.composite
def held(draw: st.DrawFn, serial: int) -> RegisterRecord:
    return record(
        serial,
        draw(names.filter(bool)),
        draw(names),
        draw(st.sampled_from(DAYS)).isoformat(),
        other=draw(names),
        earlier=draw(st.lists(names.filter(bool), max_size=2)),
        gender=draw(st.sampled_from(GENDERS)),
        postcode=draw(st.sampled_from(POSTCODES)),
        line=draw(st.sampled_from(LINES)),
        moved=draw(st.lists(st.sampled_from(POSTCODES[1:]), max_size=2, unique=True)),
        sensitive=draw(st.booleans()),
    )


asked_for = st.builds(
    Particulars,
    family_name=names,
    given_name=names.filter(bool),
    other_given_names=names,
    date_of_birth=st.none() | st.sampled_from(DAYS),
    gender=st.sampled_from(GENDERS),
    nhs_number=st.none() | st.integers(0, 12).map(nhs_number),
    postcode=st.sampled_from(POSTCODES),
    address_lines=st.sampled_from([(), LINES[1:2], LINES[2:]]),
)


def said(result: TraceResult) -> tuple[object, ...]:
    """Return what a trace answers but for its probabilities."""
    levels = [[(one.field, one.level, one.words) for one in candidate.evidence] for candidate in result.candidates]
    who = [(one.person, one.sensitive) for one in result.candidates]
    return result.state, who, levels, result.ambiguous, result.compared, result.present, result.model, result.bound


def measured(result: TraceResult) -> list[float]:
    """Return all that a trace measures."""
    found = [result.probability_absent, result.runner_up_probability]
    for one in result.candidates:
        found += [one.probability, one.weight_bits, *(field.weight_bits for field in one.evidence)]
    return found


def assert_alike(many: Sequence[Particulars], register: BatchReader, model: Model, *, may_propose: bool = True) -> int:
    """Trace all at once and one by one, and return how many were traced."""
    batch, traced = trace_batch(many, register, model, may_propose=may_propose), 0
    assert len(batch) == len(many)
    for place, one in enumerate(many):
        try:
            alone = trace(one, register, model, may_propose=may_propose)
        except Mistaken as refusal:
            assert batch.refused[place]
            with pytest.raises(Mistaken, match=refusal.why):
                batch.result(place)
            continue
        together = batch.result(place)
        assert said(together) == said(alone)
        assert measured(together) == pytest.approx(measured(alone), abs=NEARLY, rel=NEARLY)
        assert batch.candidates(place) == [candidate.person for candidate in alone.candidates]
        assert batch.state(place) is alone.state
        traced += 1
    return traced


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_batch_answers_as_each_trace_alone_on_any_register(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    register = MemoryRegister([data.draw(held(serial)) for serial in range(1, size + 1)])
    many = data.draw(st.lists(asked_for, min_size=1, max_size=6))
    assert_alike(many, register, MODEL, may_propose=data.draw(st.booleans()))


@pytest.mark.parametrize("seed", [5, 6])
def test_a_batch_answers_as_each_trace_alone_on_a_register_file(seed: int, tmp_path: Path) -> None:
    population = people.generate(3_000, seed)
    sqlite.build(population, tmp_path / "register.sqlite")
    drawn = particulars.draw(population, 400, seed, child_share=0.1)
    many = [read_fields(one.fields) for one in drawn]
    many += [replace(one, date_of_birth=None) for one in many[:20]]
    many += [replace(one, postcode="", date_of_birth=None, nhs_number=None) for one in many[20:30]]
    with SqliteRegister.open(tmp_path / "register.sqlite") as register:
        protected = sum(register.record(person).sensitive for person in register.everybody())
        assert protected > 0
        assert 400 <= assert_alike(many, register, MODEL) <= len(many) - 10
        plain = replace(MODEL, calibration=None, certificate=None)
        assert assert_alike(many[:100], register, plain) == 100


def test_a_batch_shows_no_more_candidates_than_a_trace_alone() -> None:
    twins = [record(serial, "Kim", "Huong", "1980-02-03") for serial in range(1, 10)]
    batch = trace_batch(
        [Particulars(given_name="Kim", family_name="Huong", date_of_birth=date(1980, 2, 3))],
        MemoryRegister(twins),
        MODEL,
    )
    assert len(batch.candidates(0)) == MOST_CANDIDATES
    assert batch.compared.touched.tolist() == [9]
    assert batch.ambiguous.all()
    assert not batch.proposed.any()


def test_of_too_many_filed_the_same_are_compared_in_a_batch_as_alone() -> None:
    crowd = [record(one, "Mohammed", "Ali", f"19{50 + one % 40}-01-01", postcode="LS1 4AP") for one in range(1, 500)]
    register = MemoryRegister([*crowd, record(500, "Mohammed", "Ali", "1990-02-03")])
    asked = Particulars(given_name="Mohammed", family_name="Ali", date_of_birth=date(1990, 2, 3), postcode="LS1 4AP")
    nobody_born = replace(asked, date_of_birth=None, postcode="LS1 4AQ")
    assert assert_alike([asked, nobody_born], register, MODEL) == 2
    batch = trace_batch([asked, nobody_born], register, MODEL)
    assert batch.compared.touched.tolist() == [MOST_COMPARED, MOST_COMPARED]
    assert batch.candidates(0)[0] == register.records[-1].number


def test_an_empty_batch_and_a_batch_in_which_nobody_is_like_anybody_answer() -> None:
    register = MemoryRegister([record(1, "Kim", "Huong", "1980-02-03")])
    assert len(trace_batch([], register, MODEL)) == 0
    nobody = Particulars(given_name="Zygmunt", family_name="Quill", date_of_birth=date(1951, 6, 7))
    assert assert_alike([nobody], register, MODEL) == 1


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(names, names), min_size=1, max_size=12))
def test_names_compared_by_the_array_reach_the_level_they_reach_one_by_one(pairs: list[tuple[str, str]]) -> None:
    asked, kept = ([name_tokens(pair[side]) for pair in pairs] for side in (0, 1))
    held_names = names_of(kept)
    book = NameBook(held_names, asked)
    there = [place + 1 if name else 0 for place, name in enumerate(kept)]
    levels, resting = book.compare(book.numbers(asked), np.array(there, np.int64))
    book.settle()
    for level, words, one, two in zip(levels.tolist(), resting.tolist(), asked, kept, strict=True):
        alone = compare_names(one, two)
        assert LEVELS_IN_ORDER[level] is alone.level
        assert book.name(words) == alone.resting_on


@settings(max_examples=50, deadline=None)
@given(st.lists(asked_for, min_size=1, max_size=6))
def test_the_keys_of_a_batch_are_those_of_each_alone(many: list[Particulars]) -> None:
    years = range(1978, 1983)
    places, keys = batch_keys(many, years)
    for place, one in enumerate(many):
        assert tuple(np.unique(keys[places == place]).tolist()) == query_keys(one, years)


@given(st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_a_pair_of_words_is_counted_under_one_key_whether_asked_alone_or_with_many(given_word: str, word: str) -> None:
    alone = pair_key(given_word, word)
    many = pair_keys(np.array([word_hash(given_word)], np.uint64), np.array([word_hash(word)], np.uint64))
    assert many.tolist() == [alone]


def test_evidence_is_told_in_the_same_order() -> None:
    register = MemoryRegister([record(1, "Kim", "Huong", "1980-02-03")])
    one = Particulars(given_name="Kim", family_name="Huong", date_of_birth=date(1980, 2, 3))
    fields = [[found.field for found in result.candidates[0].evidence] for result in (
        trace(one, register, MODEL), trace_batch([one], register, MODEL).result(0)
    )]  # fmt: skip
    assert fields[0] == fields[1]
    assert set(fields[0]) == set(Field)


def test_a_batch_compared_in_parts_on_several_threads_answers_as_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    population = people.generate(2_000, 7)
    sqlite.build(population, tmp_path / "register.sqlite")
    many = [read_fields(one.fields) for one in particulars.draw(population, 300, 7)]
    many[5] = replace(many[5], postcode="", date_of_birth=None, nhs_number=None)
    with SqliteRegister.open(tmp_path / "register.sqlite") as register:
        whole = trace_batch(many, register, MODEL)
        for workers in (2, 3, 7):
            monkeypatch.setattr(batch, "MOST_WORKERS", workers)
            monkeypatch.setattr(batch, "WORTH_A_WORKER", 20)
            parts = trace_batch(many, register, MODEL)
            for place in range(len(many)):
                if whole.refused[place]:
                    assert parts.refused[place]
                    continue
                one, two = whole.result(place), parts.result(place)
                assert said(two) == said(one)
                assert measured(two) == pytest.approx(measured(one), abs=NEARLY, rel=NEARLY)
            assert np.array_equal(parts.compared.first, whole.compared.first)
            assert np.array_equal(parts.compared.ask, whole.compared.ask)
        assert assert_alike(many, register, MODEL) == len(many) - 1
        assert len(register._connections._idle) <= 7


def test_many_pairs_of_one_person_sought_are_one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST_WORKERS", 4)
    monkeypatch.setattr(batch, "WORTH_A_WORKER", 2)
    twins = MemoryRegister([record(serial, "Kim", "Huong", "1980-02-03") for serial in range(1, 40)])
    asked = Particulars(given_name="Kim", family_name="Huong", date_of_birth=date(1980, 2, 3))
    nobody = Particulars(given_name="Zygmunt", family_name="Quill", date_of_birth=date(1951, 6, 7))
    assert assert_alike([nobody, asked, nobody], twins, MODEL) == 3
    assert assert_alike([asked, asked], twins, MODEL) == 2
