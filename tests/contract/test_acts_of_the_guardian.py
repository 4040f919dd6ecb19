"""Offers of the second view, questions reserved to the guardian, samples, chasers: walked over both units of work."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from tests.fakes.corridor import FIRST, GUARDIAN, SECOND, THIRD, Corridor

from privity.agreement.version import InstrumentKind
from privity.casework.case_file import CaseFile
from privity.casework.correspond import chase
from privity.casework.instance_records import SampleRecord
from privity.casework.lifecycle import Status
from privity.casework.notifications import EventKind, events
from privity.casework.offering import offer_second, standing_offer
from privity.casework.public_desk import PublicUnit
from privity.casework.records import AssessmentRecord
from privity.casework.sampling import Finding, Root, draw_sample, drawn, review_case, sample_size
from privity.casework.writing import write_act
from privity.definitions.party import Officer, StaffId
from privity.definitions.reference import CaseReference, Slug
from privity.errors import Mistaken
from privity.judgement.determination import Stage
from privity.judgement.second import OFFER_STANDS_FOR
from privity.ledger.entry_kind import EntryKind

QUESTION = Slug("public_interest")
JUDGES = {who.staff_id: 0 for who in (FIRST, SECOND)} | {THIRD.staff_id: 5}
ROOT = Root(size=48211, sha256="5a" * 32)
REFERENCES = tuple(f"PRV-{number:026d}" for number in range(300))


def offered(corridor: Corridor, reference: CaseReference, judges: dict[StaffId, int] = JUDGES) -> CaseFile:
    return corridor.do(
        lambda unit, at: offer_second(unit, reference, Stage.PURPOSE, QUESTION, judges=judges, draw=b"lot", at=at)
    )


def draw(
    corridor: Corridor, period: str, references: Sequence[str], by: Officer = GUARDIAN, alike: Sequence[str] = ()
) -> SampleRecord:
    return corridor.do(
        lambda unit, at: draw_sample(cast(PublicUnit, unit), period, references, ROOT, alike=alike, by=by, at=at)
    )


def review(corridor: Corridor, period: str, reference: CaseReference, by: Officer = GUARDIAN) -> CaseFile:
    return corridor.do(
        lambda unit, at: review_case(
            cast(PublicUnit, unit), period, reference, Finding.SOUND, words="Read from end to end.", by=by, at=at
        )
    )


def test_the_second_view_is_kept_for_whoever_was_asked_and_the_first_did_not_choose(corridor: Corridor) -> None:
    reference = corridor.received()
    assert offered(corridor, reference).offers == (), "nobody has given a first view"
    corridor.view(reference, FIRST, True)
    file = offered(corridor, reference)
    assert file.offers[0].offered_to == SECOND.staff_id
    assert offered(corridor, reference).offers == file.offers, "nobody is asked twice"
    with pytest.raises(Mistaken, match="the officer who was asked"):
        corridor.view(reference, THIRD, True)
    assert corridor.view(reference, SECOND, True).status is Status.APPROVED
    assert "second" not in corridor.read(reference).history[-1].words


def test_an_offer_lapses_so_that_nobodys_absence_stops_a_case(corridor: Corridor) -> None:
    reference = corridor.received()
    corridor.view(reference, FIRST, True)
    offered(corridor, reference)
    corridor.now += OFFER_STANDS_FOR
    assert standing_offer(corridor.read(reference), Stage.PURPOSE, corridor.now) is None
    assert corridor.view(reference, THIRD, True).status is Status.APPROVED


def test_where_nobody_else_can_judge_nobody_is_asked(corridor: Corridor) -> None:
    reference = corridor.received()
    corridor.view(reference, FIRST, True)
    assert offered(corridor, reference, {FIRST.staff_id: 0}).offers == ()


def _reserved(corridor: Corridor, reference: CaseReference) -> None:
    """Let the newest assessment say that its questions are the guardian's, as a vocabulary can."""
    before = corridor.read(reference).assessment
    questions = [{**found, "by": ["guardian"]} for found in json.loads(before.questions)]
    again: AssessmentRecord = replace(before, number=before.number + 1, questions=json.dumps(questions))
    with corridor.open_unit() as unit:
        write_act(
            unit,
            unit.case(reference),
            EntryKind.CASE_ASSESSED,
            at=corridor.tick(),
            by=FIRST,
            words="Assessed again.",
            records=(again,),
        )


def test_a_question_the_agreement_reserves_to_the_guardian_is_not_settled_by_two_officers(corridor: Corridor) -> None:
    reference = corridor.received()
    _reserved(corridor, reference)
    corridor.view(reference, FIRST, True)
    with pytest.raises(Mistaken, match="not yours to answer"):
        corridor.view(reference, SECOND, True)
    assert offered(corridor, reference).offers == (), "the second is the guardian, whom nobody offers"
    assert corridor.view(reference, GUARDIAN, True).status is Status.APPROVED
    assert corridor.trace(reference).status is Status.JUDGING_IDENTITY


def test_no_view_on_an_identity_is_recorded_while_the_agreement_is_suspended(corridor: Corridor) -> None:
    reference = corridor.approved()
    corridor.trace(reference)
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now)
    held = corridor.name_record(reference, FIRST, 1)
    assert held.status is Status.HELD
    assert not [view for view in held.determinations if view.stage == "identity"]


def test_the_requester_is_reminded_of_a_question_once_a_day_and_told_by_mail(corridor: Corridor) -> None:
    reference = corridor.received()
    with pytest.raises(Mistaken, match="no question is with it"):
        corridor.do(lambda unit, at: chase(unit, reference, by=FIRST, at=at))
    corridor.ask(reference)
    told = len(events(corridor.read(reference), corridor.now))
    file = corridor.do(lambda unit, at: chase(unit, reference, by=SECOND, at=at))
    assert file.status is Status.WITH_REQUESTER
    assert file.state.due == "", "the clock stands still"
    with pytest.raises(Mistaken, match="it was reminded today"):
        corridor.do(lambda unit, at: chase(unit, reference, by=FIRST, at=at))
    after = events(corridor.read(reference), corridor.now)
    assert len(after) == told + 1
    assert len({event.key for event in after if event.kind is EventKind.QUESTION}) == 2
    corridor.now += timedelta(days=1)
    corridor.do(lambda unit, at: chase(unit, reference, by=FIRST, at=at))


def test_a_sample_is_drawn_by_the_root_and_not_by_a_person(corridor: Corridor) -> None:
    chosen = drawn(REFERENCES, ROOT, "2017-02")
    assert len(chosen) == sample_size(300) == 6
    assert drawn(tuple(reversed(REFERENCES)), ROOT, "2017-02") == chosen, "the order they come in does not matter"
    assert drawn(REFERENCES, Root(size=1, sha256="00" * 32), "2017-02") != chosen
    assert drawn(REFERENCES, ROOT, "2017-01") != chosen
    assert [sample_size(closed) for closed in (0, 3, 40, 1_000, 90_000)] == [0, 3, 5, 20, 50]


def test_cases_with_pasted_reasons_are_read_as_well_and_stand_after_those_the_lot_drew(corridor: Corridor) -> None:
    by_lot = drawn(REFERENCES, ROOT, "2017-01")
    left_out = sorted(set(REFERENCES).difference(by_lot))[:2]
    corridor.now += timedelta(days=400)
    record = draw(corridor, "2017-01", REFERENCES, alike=[*reversed(left_out), by_lot[0], "PRV-of-another-month"])
    assert json.loads(record.drawn) == [*by_lot, *left_out]
    assert (record.population, corridor.entries()[-1].facts["drawn"]) == (300, len(by_lot) + 2)


def test_a_month_is_drawn_once_when_it_is_over_and_by_the_guardian(corridor: Corridor) -> None:
    reference = corridor.sealed()
    month = corridor.now.date().isoformat()[:7]
    with pytest.raises(Mistaken, match="the month is not over"):
        draw(corridor, month, [reference])
    corridor.now += timedelta(days=40)
    for period, references, by, why in (
        (month, [reference], FIRST, "only the guardian"),
        (month, [], GUARDIAN, "no case was closed"),
        ("2017-13", [reference], GUARDIAN, "is no month"),
    ):
        with pytest.raises(Mistaken, match=why):
            draw(corridor, period, references, by)
    record = draw(corridor, month, [reference])
    assert json.loads(record.drawn) == [reference]
    assert corridor.entries()[-1].facts["root"] == ROOT.sha256
    with pytest.raises(Mistaken, match="drawn before"):
        draw(corridor, month, [reference])


def test_the_guardian_reads_a_drawn_case_and_says_once_what_was_found(corridor: Corridor) -> None:
    reference, other = corridor.sealed(), corridor.sealed()
    month = corridor.now.date().isoformat()[:7]
    corridor.now += timedelta(days=40)
    draw(corridor, month, [reference])
    for case, by in ((other, GUARDIAN), (reference, FIRST)):
        with pytest.raises(Mistaken, match="was not drawn"):
            review(corridor, month, case, by)
    file = review(corridor, month, reference)
    assert (file.reviews[0].finding, file.status) == ("sound", Status.SEALED)
    assert corridor.entries_of(reference)[-1].facts["finding"] == "sound"
    with pytest.raises(Mistaken, match="has been read"):
        review(corridor, month, reference)
