"""The next import of the register puts people into other rows: who a case is about does not hang on it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from tests.fakes.corridor import FIRST, GUARDIAN, SECOND, Corridor
from tests.fakes.guarded_register import TWO
from tests.integration.test_people_asking import Shelf
from tests.integration.test_tracing_never import asked_about, known, people

from privity.casework.judge import IDENTITY_QUESTION
from privity.casework.lifecycle import Status
from privity.casework.permits import identity_permit
from privity.casework.set_aside import set_aside
from privity.casework.trace import show_candidates
from privity.definitions.person import Demographics, PersonId
from privity.definitions.reference import CaseReference
from privity.edge.registers.changes import take_out
from privity.edge.registers.models import default_model
from privity.edge.registers.register_csv import write_csv
from privity.edge.registers.sqlite import build, changing, import_csv
from privity.edge.synthetic.people import generate
from privity.edge.wiring.registers import GuardedRegister
from privity.errors import Mistaken

if TYPE_CHECKING:
    from privity.edge.wiring.published import PublishedAgreements

POPULATION = generate(3_000, 1)


@pytest.fixture
def register_file(tmp_path: Path) -> Path:
    path = tmp_path / "register.sqlite"
    build(POPULATION, path)
    return path


@pytest.fixture
def guarded(register_file: Path, corridor: Corridor) -> GuardedRegister:
    made = GuardedRegister(path=register_file, model=default_model)
    corridor.register = made  # type: ignore[assignment]  # the real one in place of the counting one
    return made


@pytest.fixture
def somebody(register_file: Path) -> Demographics:
    return next(one for one in people(register_file) if not one.sensitive and one.residence and not one.deceased_on)


def turned_round(register_file: Path) -> None:
    """Import the same people again, the last of them first, as a source that sorts otherwise would send them."""
    sent = register_file.with_name("sent.csv")
    write_csv(POPULATION.columns, sent)
    header, *rows = sent.read_text(encoding="utf-8").splitlines(keepends=True)
    sent.write_text("".join([header, *reversed(rows)]), encoding="utf-8")
    import_csv(sent, register_file)


def traced(corridor: Corridor, somebody: Demographics) -> CaseReference:
    reference = asked_about(corridor, known(somebody, place=True), 1)
    corridor.trace(reference)
    assert corridor.read(reference).candidates()[0].person == somebody.person
    return reference


def named(corridor: Corridor, somebody: Demographics) -> CaseReference:
    reference = traced(corridor, somebody)
    for officer in (FIRST, SECOND):
        corridor.name_record(reference, officer, somebody.person)
    return reference


def test_two_officers_are_shown_whom_the_trace_found_whatever_is_imported_meanwhile(
    corridor: Corridor, guarded: GuardedRegister, register_file: Path, somebody: Demographics
) -> None:
    reference = traced(corridor, somebody)
    turned_round(register_file)
    shown = corridor.do(lambda unit, at: show_candidates(unit, guarded, reference, by=FIRST, at=at))
    assert shown[0] == somebody


def test_what_leaves_is_of_whom_they_named_whatever_is_imported_meanwhile(
    corridor: Corridor, guarded: GuardedRegister, register_file: Path, somebody: Demographics
) -> None:
    from privity.edge.wiring.public_disclosed import disclosures_about

    reference = named(corridor, somebody)
    turned_round(register_file)
    assert guarded.record(identity_permit(corridor.read(reference), IDENTITY_QUESTION)) == somebody
    corridor.screen(reference)
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.read(reference).status is Status.SEALED
    shelf = cast("PublishedAgreements", Shelf())
    assert [each.case for each in disclosures_about(somebody.person, shelf, corridor.read)] == [reference]
    others = [one for one in people(register_file) if one.person != somebody.person]
    assert not any(disclosures_about(one.person, shelf, corridor.read) for one in others[:50] + others[-50:])


def test_whoever_has_left_the_register_since_is_not_disclosed_and_it_says_so(
    corridor: Corridor, guarded: GuardedRegister, register_file: Path, somebody: Demographics
) -> None:
    reference = named(corridor, somebody)
    with changing(register_file) as inside:
        take_out(inside, somebody.nhs_number)
    with pytest.raises(Mistaken, match="holds nobody of that number any more") as refused:
        corridor.screen(reference)
    assert "traced again" in refused.value.next_step
    assert somebody.nhs_number.digits not in str(refused.value)
    assert corridor.read(reference).status is Status.IDENTIFIED
    why = "The register holds nobody of that number any more."
    corridor.do(lambda unit, at: set_aside(unit, reference, reasons=why, by=FIRST, at=at))
    corridor.trace(reference)
    assert somebody.person not in {one.person for one in corridor.read(reference).candidates()}


def test_whom_an_answer_is_about_is_not_whom_was_named_on_a_trace_that_was_set_aside(corridor: Corridor) -> None:
    from privity.edge.wiring.public_disclosed import disclosures_about

    corridor.register.finds = TWO
    reference = corridor.approved()
    corridor.trace(reference)
    for who, choice in ((FIRST, 1), (SECOND, 2), (GUARDIAN, 1)):
        corridor.name_record(reference, who, choice)
    why = "The source has corrected the register since, so look again."
    corridor.do(lambda unit, at: set_aside(unit, reference, reasons=why, by=GUARDIAN, at=at))
    corridor.trace(reference)
    for who in (FIRST, SECOND):
        corridor.name_record(reference, who, 2)
    corridor.screen(reference)
    corridor.intend(reference)
    corridor.release(reference)
    shelf = cast("PublishedAgreements", Shelf())
    told = {person: disclosures_about(PersonId(person), shelf, corridor.read) for person in (1, 2)}
    assert {person: len(about) for person, about in told.items()} == {1: 0, 2: 1}


def test_a_row_of_the_register_that_an_earlier_version_wrote_down_is_nobody(
    corridor: Corridor, guarded: GuardedRegister, somebody: Demographics
) -> None:
    permit = identity_permit(corridor.read(named(corridor, somebody)), IDENTITY_QUESTION)
    with pytest.raises(Mistaken, match="holds nobody of that number any more"):
        guarded.record(replace(permit, person=cast("type(somebody.person)", 17)))  # type: ignore[valid-type]


def test_nothing_of_the_candidates_but_their_number_is_on_record(
    corridor: Corridor, guarded: GuardedRegister, somebody: Demographics
) -> None:
    (trace,) = corridor.read(traced(corridor, somebody)).traces
    assert {key for one in json.loads(trace.candidates) for key in one} == {
        "person", "probability", "weight_bits", "evidence",
    }  # fmt: skip
    assert somebody.family_name not in trace.candidates
    assert guarded.tracer_in_use().register_rows == trace.register_rows == POPULATION.columns.size
