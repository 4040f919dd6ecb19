"""Who is proposed, who goes to the officers, and who is not traced."""

from dataclasses import replace
from datetime import date

import pytest
from tests.fakes.register import MemoryRegister, nhs_number, record

from privity.definitions.person import Gender, Particulars
from privity.edge.registers.models import default_model
from privity.errors import Mistaken
from privity.trace.comparison import Field, Level
from privity.trace.outcome import MOST_CANDIDATES, TraceResult, TraceState
from privity.trace.record import RegisterRecord
from privity.trace.tracer import trace

MODEL = default_model()
COUNTRY = 1_000_000
BORN = date(1985, 4, 13)
ASKED = Particulars(family_name="Quillfeather", given_name="Marguerite", date_of_birth=BORN)
SHE = record(1, "Marguerite", "Quillfeather", "1985-04-13", postcode="QA1 1AA", moved=["QB2 2BB"])


def traced(asked: Particulars, *records: RegisterRecord) -> TraceResult:
    return trace(asked, MemoryRegister(records, size=COUNTRY), MODEL)


def level(result: TraceResult, field: Field) -> Level:
    assert result.best is not None
    return next(one.level for one in result.best.evidence if one.field is field)


def test_a_person_whose_rare_name_and_birthday_agree_is_proposed() -> None:
    result = traced(ASKED, SHE)
    assert result.state is TraceState.PROPOSED
    assert result.best is not None
    assert result.best.person == SHE.number
    assert result.touched == 1


def test_a_person_of_whom_the_register_knows_nothing_is_untraced() -> None:
    result = traced(ASKED, record(1, "Peter", "Nobody", "1961-11-28"))
    assert result.state is TraceState.UNTRACED
    assert result.candidates == ()
    assert result.probability_absent == 1.0


def test_a_common_name_with_only_the_year_right_leaves_absence_likelier() -> None:
    smiths = [record(n, "John", "Smith", f"{1940 + n}-02-03") for n in range(1, 40)]
    others = [record(n, f"Given{n}x", f"Family{n}x", f"{1930 + n % 70}-06-07") for n in range(40, 2000)]
    asked = Particulars(family_name="Smith", given_name="John", date_of_birth=date(1960, 11, 28))
    result = trace(asked, MemoryRegister(smiths + others), MODEL)
    assert result.state is not TraceState.PROPOSED
    assert result.touched > 0
    assert result.probability_absent > 0.5


def test_two_records_that_fit_alike_are_ambiguous_and_neither_is_picked() -> None:
    twin = record(2, "Marguerite", "Quillfeather", "1985-04-13")
    result = traced(ASKED, SHE, twin)
    assert result.state is TraceState.REVIEW
    assert result.ambiguous
    assert len(result.candidates) == 2
    assert result.best is not None
    assert result.runner_up_probability > result.best.probability / 2


def test_a_postcode_decides_between_two_namesakes_born_on_the_same_day() -> None:
    others = [record(n, "John", "Smith", f"{1930 + n % 70}-02-{1 + n % 28:02}") for n in range(3, 300)]
    others += [record(n, f"Given{n}x", f"Family{n}x", f"{1930 + n % 70}-06-07") for n in range(300, 1000)]
    pair = [record(n, "John", "Smith", "1985-04-13", postcode=f"QA{n} 1AA") for n in (1, 2)]
    asked = Particulars(family_name="Smith", given_name="John", date_of_birth=BORN, postcode="QA1 1AA")
    result = trace(asked, MemoryRegister(pair + others, size=20_000), MODEL)
    assert not result.ambiguous
    assert result.best is not None
    assert result.best.person == pair[0].number


def test_two_records_of_one_rare_name_and_birthday_are_for_a_person_to_judge_whatever_the_postcode() -> None:
    twin = record(2, "Marguerite", "Quillfeather", "1985-04-13", postcode="QC3 3CC")
    result = traced(replace(ASKED, postcode="QA1 1AA"), SHE, twin)
    assert result.state is TraceState.REVIEW
    assert [one.person for one in result.candidates] == [SHE.number, twin.number]


def test_without_a_date_of_birth_nobody_is_ever_proposed() -> None:
    asked = replace(ASKED, date_of_birth=None, postcode="QA1 1AA", gender=Gender.FEMALE)
    result = traced(asked, SHE)
    assert result.best is not None
    assert result.best.probability > MODEL.propose_at
    assert result.state is TraceState.REVIEW


def test_with_a_date_of_birth_that_does_not_agree_nobody_is_proposed() -> None:
    asked = replace(ASKED, date_of_birth=date(1961, 11, 28), nhs_number=nhs_number(1), postcode="QA1 1AA")
    result = traced(asked, SHE)
    assert result.best is not None
    assert result.best.probability > MODEL.propose_at
    assert result.state is TraceState.REVIEW


def test_a_name_alone_is_refused_and_the_refusal_does_not_repeat_it() -> None:
    with pytest.raises(Mistaken, match="a name alone") as refused:
        traced(replace(ASKED, date_of_birth=None, gender=Gender.FEMALE), SHE)
    assert "Quillfeather" not in str(refused.value)


def test_a_sensitive_record_is_never_proposed_but_flagged_for_the_guardian() -> None:
    hidden = record(1, "Marguerite", "Quillfeather", "1985-04-13", postcode="QA1 1AA", sensitive=True)
    result = traced(ASKED, hidden)
    assert result.best is not None
    assert result.best.probability > MODEL.propose_at
    assert result.best.sensitive
    assert result.state is TraceState.REVIEW


def test_a_sensitive_record_is_not_found_by_where_it_lives() -> None:
    hidden = record(1, "Marguerite", "Quillfeather", "1985-04-13", postcode="QA1 1AA", sensitive=True)
    asked = Particulars(family_name="Quillfeather", given_name="Marguerite", postcode="QA1 1AA")
    by_place_only = replace(asked, given_name="", date_of_birth=date(1930, 5, 6))
    assert traced(by_place_only, SHE).candidates
    assert traced(by_place_only, hidden).candidates == ()


def test_the_place_of_a_sensitive_record_is_no_evidence() -> None:
    hidden = record(1, "Marguerite", "Quillfeather", "1985-04-13", postcode="QA1 1AA", sensitive=True)
    with_place = traced(replace(ASKED, postcode="QA1 1AA"), hidden)
    without = traced(ASKED, hidden)
    assert with_place.best == without.best
    assert level(with_place, Field.PLACE) is Level.MISSING


def test_a_record_cannot_be_built_sensitive_and_with_a_place() -> None:
    with pytest.raises(AssertionError, match="no place here"):
        replace(SHE, sensitive=True)


def test_day_and_month_exchanged_still_find_the_record() -> None:
    asked = replace(ASKED, date_of_birth=date(1985, 3, 4))
    result = traced(asked, record(1, "Marguerite", "Quillfeather", "1985-04-03"))
    assert level(result, Field.BIRTH) is Level.EXCHANGED
    assert result.state is TraceState.PROPOSED


def test_exchanged_names_are_found_and_said_to_be_exchanged() -> None:
    result = traced(replace(ASKED, family_name="Marguerite", given_name="Quillfeather"), SHE)
    assert level(result, Field.ORDER) is Level.CROSSED
    assert level(result, Field.GIVEN) is Level.EXACT
    assert result.state is TraceState.PROPOSED


def test_exchanged_names_are_worth_less_than_straight_ones() -> None:
    crossed = traced(replace(ASKED, family_name="Marguerite", given_name="Quillfeather"), SHE).best
    straight = traced(ASKED, SHE).best
    assert crossed is not None
    assert straight is not None
    assert crossed.weight_bits < straight.weight_bits


def test_one_of_two_family_names_is_part_of_the_other() -> None:
    held = record(1, "Ines", "Quillfeather Bramblewick", "1985-04-13")
    result = traced(Particulars(family_name="Bramblewick", given_name="Ines", date_of_birth=BORN), held)
    assert level(result, Field.FAMILY) is Level.SUBSET
    assert result.state is TraceState.PROPOSED


def test_an_earlier_family_name_is_found() -> None:
    held = record(1, "Marguerite", "Bramblewick", "1985-04-13", earlier=["Quillfeather"])
    assert level(traced(ASKED, held), Field.FAMILY) is Level.ELSEWHERE


def test_a_further_given_name_in_use_is_found() -> None:
    held = record(1, "Anna", "Quillfeather", "1985-04-13", other="Marguerite")
    assert level(traced(ASKED, held), Field.GIVEN) is Level.ELSEWHERE


def test_the_1st_of_january_is_worth_less_where_many_are_said_to_be_born_on_it() -> None:
    others = [record(n, "Peter", "Nobody", "1985-01-01") for n in range(2, 102)]
    others += [record(n, "Paul", "Nobody", f"1985-{1 + n % 12:02}-17") for n in range(102, 202)]
    asked = replace(ASKED, date_of_birth=date(1985, 1, 1))
    new_year = traced(asked, record(1, "Marguerite", "Quillfeather", "1985-01-01"), *others).best
    ordinary = traced(ASKED, SHE, *others).best
    assert new_year is not None
    assert ordinary is not None

    def bits(field: Field) -> tuple[float, float]:
        assert new_year is not None
        assert ordinary is not None
        return (
            next(one.weight_bits for one in new_year.evidence if one.field is field),
            next(one.weight_bits for one in ordinary.evidence if one.field is field),
        )

    assert bits(Field.BIRTH)[0] < bits(Field.BIRTH)[1] - 5


def test_a_rare_name_is_worth_more_than_a_common_one() -> None:
    others = [record(n, "John", "Smith", f"1970-02-{1 + n % 28:02}") for n in range(2, 500)]
    rare = traced(ASKED, SHE, *others).best
    common = traced(
        Particulars(family_name="Smith", given_name="John", date_of_birth=BORN),
        record(1, "John", "Smith", "1985-04-13"),
        *others,
    ).best
    assert rare is not None
    assert common is not None
    assert rare.weight_bits > common.weight_bits + 10


def test_a_relative_at_the_same_address_is_not_proposed_for_an_absent_sibling() -> None:
    brother = record(1, "Peregrine", "Quillfeather", "1985-04-13", postcode="QA1 1AA", line="1 High Street")
    asked = replace(ASKED, postcode="QA1 1AA", address_lines=("1 High Street",))
    assert traced(asked, brother).state is not TraceState.PROPOSED


def test_the_evidence_adds_up_to_the_weight_and_shows_no_value() -> None:
    best = traced(replace(ASKED, postcode="QB2 2BB"), SHE).best
    assert best is not None
    assert sum(one.weight_bits for one in best.evidence) == pytest.approx(best.weight_bits)
    assert {one.field for one in best.evidence} == set(Field)
    told = repr(best)
    assert not any(secret in told for secret in ("Quillfeather", "quillfeather", "1985", "QB2"))


def test_at_most_five_candidates_are_shown() -> None:
    alike = [record(n, "Marguerite", "Quillfeather", "1985-04-13") for n in range(1, 12)]
    result = traced(ASKED, *alike)
    assert len(result.candidates) == MOST_CANDIDATES
    assert result.touched == 11
    assert result.ambiguous


def test_an_empty_register_traces_nobody() -> None:
    result = trace(ASKED, MemoryRegister([]), MODEL)
    assert result.state is TraceState.UNTRACED


def test_the_result_names_the_model_and_its_bound_is_certified_only_on_registers_of_the_size_it_was_shown_on() -> None:
    result = traced(ASKED, SHE)
    assert result.model == f"{MODEL.name}@{MODEL.digest[:12]}"
    assert result.bound.certified
    assert "made-up people only" in result.bound.words
    small = trace(ASKED, MemoryRegister([SHE], size=50), MODEL)
    assert not small.bound.certified
    assert "not certified" in small.bound.words


def test_a_family_that_lives_where_the_particulars_say_speaks_against_a_namesake_elsewhere() -> None:
    asked = Particulars(family_name="Quillfeather", given_name="Marguerite", date_of_birth=BORN, postcode="QC3 3CC")
    brother = record(2, "Aurelius", "Quillfeather", "1988-02-03", postcode="QC3 3CC")
    neighbour = record(2, "Aurelius", "Nobody", "1988-02-03", postcode="QC3 3CC")
    by_family, by_stranger = traced(asked, SHE, brother), traced(asked, SHE, neighbour)
    assert by_family.best is not None
    assert by_stranger.best is not None
    assert by_family.best.person == by_stranger.best.person == SHE.number
    assert by_family.best.probability < by_stranger.best.probability
    assert by_family.probability_absent > by_stranger.probability_absent
