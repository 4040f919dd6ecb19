"""The safety screen and the forwarded letter, walked over both units of work: nothing leaves that was not looked at."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fakes import golden
from tests.fakes.corridor import (
    ADMINISTRATORS,
    FIRST,
    GUARDIAN,
    KENT,
    SECOND,
    Corridor,
    a_certificate,
    police_request,
)

from privity.agreement.version import InstrumentKind
from privity.casework.case_file import CaseFile
from privity.casework.certificates import revoke
from privity.casework.enrol import approve_certificate, enrol_certificate
from privity.casework.forward_letter import (
    Envelope,
    draft_letter,
    forward_letter,
    return_to_guardian,
    show_envelope,
)
from privity.casework.judge import close_protected
from privity.casework.lifecycle import Status
from privity.casework.screen import Parked, show_screen
from privity.casework.trace import show_candidates
from privity.definitions.item import DataItem
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.person import Address
from privity.definitions.reference import CaseReference
from privity.disclosure.pack import Outcome
from privity.disclosure.safety import Concern, Course, SafetyAnswer
from privity.errors import Mistaken, RefusedOnRecord
from privity.ledger.entry_kind import EntryKind
from privity.protection.household import Household

ELSEWHERE = Address(lines=("The Refuge", "1 Quiet Street"), postcode="LS1 4AP")
WORDS = "Somebody would like to hear from you. You need not answer."
NO_SCREEN, CHANGED = "no safety screen stands", "has changed since"


def found(corridor: Corridor, reference: CaseReference) -> set[str]:
    return set(json.loads(corridor.read(reference).screens[-1].concerns))


def letter(corridor: Corridor, reference: CaseReference, by: Officer = FIRST) -> CaseFile:
    return corridor.do(lambda unit, at: draft_letter(unit, reference, words=WORDS, by=by, at=at))


def post(corridor: Corridor, reference: CaseReference, by: Officer = SECOND) -> CaseFile | Parked:
    return corridor.do(lambda unit, at: forward_letter(unit, corridor.gateway, reference, by=by, at=at))


def envelope(corridor: Corridor, reference: CaseReference, by: Officer = SECOND) -> Envelope:
    return corridor.do(lambda unit, at: show_envelope(unit, corridor.gateway, reference, by=by, at=at))


def seen_by(corridor: Corridor, reference: CaseReference, who: Officer) -> None:
    corridor.do(lambda unit, at: show_candidates(unit, corridor.register, reference, by=who, at=at))


def test_nothing_is_intended_or_released_without_a_screen(corridor: Corridor) -> None:
    reference = corridor.identified()
    before = corridor.read(reference), len(corridor.entries())
    with pytest.raises(Mistaken, match=NO_SCREEN):
        corridor.intend(reference)
    assert (corridor.read(reference), len(corridor.entries())) == before
    corridor.screen(reference)
    assert corridor.kinds(reference)[-2:] == ["register.read", "safety.screened"]
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.read(reference).status is Status.SEALED


def test_a_screen_lasts_a_day(corridor: Corridor) -> None:
    reference = corridor.ready()
    corridor.intend(reference)
    corridor.now += timedelta(hours=24, minutes=1)
    with pytest.raises(Mistaken, match=NO_SCREEN):
        corridor.release(reference)
    assert corridor.sealer.packs == []


def _moves_house(corridor: Corridor) -> None:
    corridor.register.people[1] = replace(corridor.register.people[1], residence=ELSEWHERE)


def _has_a_child_move_in(corridor: Corridor) -> None:
    corridor.register.households[1] = Household(others=1, children=1, protected=0)


def _has_letters_sent_elsewhere(corridor: Corridor) -> None:
    corridor.register.people[1] = replace(corridor.register.people[1], correspondence=ELSEWHERE)


def _has_died(corridor: Corridor) -> None:
    corridor.register.people[1] = replace(corridor.register.people[1], deceased_on=corridor.now.date())


def _has_a_new_certificate(corridor: Corridor) -> None:
    with corridor.open_unit() as unit:
        enrol_certificate(unit, a_certificate(KENT, 2), by=ADMINISTRATORS[0], at=corridor.tick())
        approve_certificate(unit, a_certificate(KENT, 2), by=ADMINISTRATORS[1], at=corridor.tick())


@pytest.mark.parametrize(
    "change",
    [_moves_house, _has_a_child_move_in, _has_letters_sent_elsewhere, _has_died, _has_a_new_certificate],
    ids=lambda change: change.__name__.strip("_"),
)
def test_whatever_changes_after_the_screen_stops_the_release(
    corridor: Corridor, change: Callable[[Corridor], None]
) -> None:
    reference = corridor.ready()
    corridor.intend(reference)
    change(corridor)
    with pytest.raises(Mistaken, match=CHANGED):
        corridor.release(reference)
    assert corridor.sealer.packs == []
    assert corridor.read(reference).status is Status.IDENTIFIED
    corridor.screen(reference)
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.read(reference).status is Status.SEALED


def test_who_saw_the_screen_and_then_answers_it_answers_what_they_saw(corridor: Corridor) -> None:
    reference = corridor.identified()
    _, sight = corridor.do(lambda unit, at: show_screen(unit, corridor.gateway, reference, by=FIRST, at=at))
    _moves_house(corridor)
    with pytest.raises(Mistaken, match="has changed since you opened it"):
        corridor.screen(reference, seen=sight.digest())


def test_a_screen_that_is_refused_leaves_its_reading_of_the_register_on_record(corridor: Corridor) -> None:
    reference = corridor.identified()
    before = corridor.entries_of(reference)
    with pytest.raises(RefusedOnRecord, match="does not let you choose that"):
        corridor.screen(reference, answer=SafetyAnswer.YES)
    added = corridor.entries_of(reference)[len(before) :]
    assert [entry.kind for entry in added] == [EntryKind.REGISTER_READ]
    assert corridor.read(reference).screens == ()


def test_an_envelope_nobody_may_see_leaves_its_reading_of_the_register_on_record(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.screen(reference, Course.LETTER)
    letter(corridor, reference)
    corridor.register.people[1] = golden.demographics(1, sensitive=True)
    before = corridor.entries_of(reference)
    for act in (post, envelope):
        with pytest.raises(RefusedOnRecord, match="no longer lets a letter go"):
            act(corridor, reference)
    added = corridor.entries_of(reference)[len(before) :]
    assert [entry.kind for entry in added] == [EntryKind.REGISTER_READ] * 2
    assert corridor.read(reference).letters[0].forwarded_at == ""


def test_an_address_is_compared_with_the_one_the_judges_saw(corridor: Corridor) -> None:
    unseen = corridor.ready()
    assert Concern.ADDRESS_UNSEEN.value in found(corridor, unseen)
    reference = corridor.approved()
    corridor.trace(reference)
    for who in (FIRST, SECOND):
        seen_by(corridor, reference, who)
        corridor.name_record(reference, who, 1)
    corridor.screen(reference)
    assert found(corridor, reference) == set()
    _moves_house(corridor)
    corridor.screen(reference)
    assert found(corridor, reference) == {Concern.ADDRESS_CHANGED.value}


@pytest.mark.parametrize("answer", [SafetyAnswer.YES, SafetyAnswer.UNSURE])
def test_an_officer_who_is_not_sure_cannot_go_on_and_the_guardian_decides(
    corridor: Corridor, answer: SafetyAnswer
) -> None:
    reference = corridor.identified()
    with pytest.raises(Mistaken, match="does not let you choose that"):
        corridor.screen(reference, answer=answer)
    corridor.screen(reference, Course.GUARDIAN, answer=answer)
    assert corridor.read(reference).status is Status.HARM_REVIEW
    with pytest.raises(Mistaken, match="waits for the guardian"):
        corridor.screen(reference, Course.GO_ON, by=SECOND)
    with pytest.raises(Mistaken, match="nothing was released"):
        corridor.intend(reference)
    corridor.screen(reference, Course.GO_ON, by=GUARDIAN, answer=answer)
    assert corridor.read(reference).status is Status.IDENTIFIED
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.read(reference).status is Status.SEALED


@pytest.mark.parametrize(
    "home",
    [None, Household(others=1, children=0, protected=1), Household(others=9, children=0, protected=0)],
    ids=["uncounted", "a protected neighbour", "a refuge"],
)
def test_a_household_that_may_hide_somebody_is_the_guardians(corridor: Corridor, home: Household | None) -> None:
    corridor.register.households[1] = home
    reference = corridor.identified()
    with pytest.raises(Mistaken, match="does not let you choose that"):
        corridor.screen(reference)
    corridor.screen(reference, Course.GUARDIAN)
    assert corridor.read(reference).status is Status.HARM_REVIEW


def test_a_household_does_not_matter_where_nothing_leaves_that_says_where(corridor: Corridor) -> None:
    corridor.register.households[1] = None
    reference = corridor.identified(police_request(items=frozenset({DataItem.NAME, DataItem.DATE_OF_BIRTH})))
    corridor.screen(reference)
    assert found(corridor, reference) == set()


def test_the_guardian_can_withhold_and_the_answer_is_no_trace(corridor: Corridor) -> None:
    reference = corridor.identified()
    with pytest.raises(Mistaken, match="does not let you choose that"):
        corridor.screen(reference, Course.WITHHOLD)
    corridor.screen(reference, Course.GUARDIAN)
    corridor.screen(reference, Course.WITHHOLD, by=GUARDIAN, answer=SafetyAnswer.YES)
    assert corridor.read(reference).status is Status.UNIDENTIFIED
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.sealer.packs[0].answer.outcome is Outcome.NO_TRACE


def test_a_record_protected_before_the_screen_can_only_go_to_the_guardian(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.register.people[1] = golden.demographics(1, sensitive=True)
    for course in (Course.GO_ON, Course.LETTER):
        for who in (FIRST, GUARDIAN):
            with pytest.raises(Mistaken, match="does not let you choose that"):
                corridor.screen(reference, course, by=who)
    corridor.screen(reference, Course.GUARDIAN)
    assert corridor.read(reference).status is Status.PROTECTED
    reasons = "Nothing of this record may leave, and here is why."
    corridor.do(lambda unit, at: close_protected(unit, reference, reasons=reasons, by=GUARDIAN, at=at))
    assert corridor.read(reference).status is Status.UNIDENTIFIED


def test_a_revoked_certificate_is_told_and_without_one_nothing_goes_on(corridor: Corridor) -> None:
    reference = corridor.identified()
    with corridor.open_unit() as unit:
        certificate = unit.certificates(corridor.read(reference).organisation)[0]
        revoke(unit, OrganisationId(KENT), certificate.sha256, reason="lost", by=ADMINISTRATORS[0], at=corridor.tick())
    with pytest.raises(Mistaken, match="does not let you choose that"):
        corridor.screen(reference)
    _has_a_new_certificate(corridor)
    corridor.screen(reference)
    assert Concern.CERTIFICATE_REVOKED.value in found(corridor, reference)


def test_a_suspension_takes_the_case_from_the_screen(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now)
    assert corridor.screen(reference) == Parked(status=Status.HELD)
    assert corridor.read(reference).screens == ()


def test_a_letter_goes_instead_of_the_address_and_the_requester_learns_only_that(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.screen(reference, Course.LETTER)
    with pytest.raises(Mistaken, match="draft the letter first"):
        post(corridor, reference)
    letter(corridor, reference)
    with pytest.raises(Mistaken, match="a second person reads and posts it"):
        post(corridor, reference, FIRST)
    with pytest.raises(Mistaken, match="a second person reads and posts it"):
        envelope(corridor, reference, FIRST)
    seen = envelope(corridor, reference)
    assert (seen.address.postcode, seen.is_for_letters) == (golden.POSTCODE, False)
    post(corridor, reference)
    file = corridor.read(reference)
    assert (file.status, file.letters[0].forwarded_by) == (Status.FORWARDED, SECOND.staff_id)
    assert corridor.entries_of(reference)[-1].outcome == "letter-forwarded"
    corridor.intend(reference)
    corridor.release(reference)
    (pack,) = corridor.sealer.packs
    assert (pack.answer.outcome, pack.answer.items) == (Outcome.FORWARDED, ())
    file = corridor.read(reference)
    assert file.status is Status.SEALED
    assert file.pack is not None
    assert (file.pack.answer, json.loads(file.pack.items)) == ("forwarded", ["letter_forwarded"])


def test_a_letter_goes_to_the_address_for_letters_where_there_is_one(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.screen(reference, Course.LETTER)
    letter(corridor, reference)
    _has_letters_sent_elsewhere(corridor)
    assert (envelope(corridor, reference).address, envelope(corridor, reference).is_for_letters) == (ELSEWHERE, True)


def test_no_letter_goes_to_whoever_is_protected_meanwhile(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.screen(reference, Course.LETTER)
    letter(corridor, reference)
    corridor.register.people[1] = golden.demographics(1, sensitive=True)
    for act in (post, envelope):
        with pytest.raises(Mistaken, match="no longer lets a letter go"):
            act(corridor, reference)
    corridor.do(lambda unit, at: return_to_guardian(unit, reference, by=SECOND, at=at))
    assert corridor.read(reference).status is Status.HARM_REVIEW


def test_no_letter_goes_while_the_agreement_is_suspended(corridor: Corridor) -> None:
    reference = corridor.identified()
    corridor.screen(reference, Course.LETTER)
    letter(corridor, reference)
    lifted = corridor.now + timedelta(days=3)
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now, lifted)
    assert post(corridor, reference) == Parked(status=Status.HELD)
    corridor.now = lifted
    assert corridor.assess(reference).status is Status.FORWARDING, "the letter is not undone"


def test_the_ledger_says_that_a_screen_was_taken_and_nothing_of_what_it_found(corridor: Corridor) -> None:
    corridor.register.households[1] = Household(others=3, children=2, protected=0)
    reference = corridor.ready()
    entry = corridor.entries_of(reference)[-1]
    assert dict(entry.facts) == {"course": "go-on", "status": "identified"}
    file = corridor.read(reference)
    assert (file.screens[0].others, file.screens[0].children) == (3, 2)
    assert "children" not in file.history[-1].words
