"""What was sent is acknowledged unread; reading it makes a request of it, or sends it back."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fakes.agreements import GOLDEN_NAME
from tests.fakes.corridor import HOME_OFFICE, KENT, SENT, Corridor, asker, police_request

from privity.agreement.version import InstrumentKind
from privity.casework.letters import reasons
from privity.casework.lifecycle import Status
from privity.casework.progress import Progress, progress_of
from privity.casework.read_sent import faults_of
from privity.casework.receive import acknowledge
from privity.casework.send_again import fields_again
from privity.definitions.item import DataItem
from privity.definitions.reference import AgreementFamily
from privity.errors import Impossible, Mistaken
from privity.request.fishing import WINDOW


def test_an_acknowledgement_writes_the_same_whatever_was_sent(corridor: Corridor) -> None:
    told = []
    for changed in ({}, {"date_of_birth": "1979-02-31"}, {"items": "medication"}, {"purpose": "curiosity"}):
        reference = corridor.acknowledge(**changed)
        (entry,) = corridor.entries_of(reference)
        named = sorted(entry.commitments)
        told.append((entry.kind, entry.facts, entry.role, entry.organisation, entry.agreement, named))
        file = corridor.read(reference)
        assert (file.status, progress_of(file)) == (Status.RECEIVED, Progress.RECEIVED)
        with pytest.raises(Impossible, match="has not been read"):
            _ = file.request
    assert told == [told[0]] * 4


def test_what_could_be_read_is_a_request_and_is_no_longer_kept_as_it_was_sent(corridor: Corridor) -> None:
    reference = corridor.acknowledge()
    assert GOLDEN_NAME in str(corridor.read(reference).stated)
    file = corridor.read_in(reference)
    assert file.status is Status.JUDGING_PURPOSE
    assert file.submission is not None
    assert (file.submission.sent, file.stated) == ("", {})
    assert file.request.family_name == GOLDEN_NAME
    assert corridor.kinds(reference) == ["case.opened", "request.read", "case.assessed"]
    assert not corridor.register.read_for, "nobody was looked up"


def test_it_is_judged_as_a_request_that_was_read_before_it_was_taken(corridor: Corridor) -> None:
    late = corridor.read_in(corridor.acknowledge(HOME_OFFICE, purpose="curiosity"))
    assert late.status is Status.UNREADABLE
    sent = corridor.read_in(corridor.acknowledge(items="medication"))
    clinical = police_request(items=frozenset({DataItem.MEDICATION}), reference="KP/2")
    read_first = corridor.read(corridor.received(clinical))
    assert sent.status is read_first.status is Status.REFUSED
    assert reasons(sent) == reasons(read_first)


WRONG = {
    "no such day": ({"date_of_birth": "1979-02-31"}, "date_of_birth"),
    "a number for a name": ({"family_name": "12345"}, "family_name"),
    "a wrong check digit": ({"nhs_number": "9434765918"}, "nhs_number"),
    "no postcode": ({"postcode": "NOWHERE"}, "postcode"),
    "no purpose": ({"purpose": "curiosity"}, "purpose"),
    "nobody": ({"family_name": "", "given_name": ""}, "family_name"),
    "a formula": ({"statement": "=1+1"}, "statement"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_read_goes_back_with_what_to_mend_and_nothing_of_it_is_repeated(
    corridor: Corridor, wrong: str
) -> None:
    changed, field = WRONG[wrong]
    reference = corridor.acknowledge(**changed)
    file = corridor.read_in(reference)
    assert (file.status, progress_of(file)) == (Status.UNREADABLE, Progress.UNREADABLE)
    assert [fault.column for fault in faults_of(file)] == [field]
    assert file.state.closed_on
    assert file.asked is None
    assert file.stated == {**SENT, **changed}, "kept as it was sent, under the case's own key"
    last = corridor.entries_of(reference)[-1]
    assert (last.kind.value, last.facts) == ("case.unreadable", {"status": "unreadable", "faults": 1})
    assert not any(value and value in file.submission.faults for value in changed.values() if file.submission)


def test_reading_twice_or_after_it_was_taken_back_does_nothing(corridor: Corridor) -> None:
    for reference in (corridor.acknowledge(), corridor.acknowledge(postcode="NOWHERE", your_reference="KP/2")):
        corridor.read_in(reference)
        before = corridor.kinds(reference)
        corridor.read_in(reference)
        assert corridor.kinds(reference) == before
    corridor.withdraw(taken_back := corridor.acknowledge(your_reference="KP/3"))
    assert corridor.read_in(taken_back).status is Status.WITHDRAWN
    assert corridor.kinds(taken_back) == ["case.opened", "case.withdrawn"]


def test_what_is_received_while_the_agreement_is_suspended_is_read_and_held(corridor: Corridor) -> None:
    reference = corridor.acknowledge()
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now)
    assert corridor.read_in(reference).status is Status.HELD


def test_a_body_that_is_no_party_is_not_acknowledged(corridor: Corridor) -> None:
    police = AgreementFamily("police")
    with corridor.open_unit() as unit, pytest.raises(Mistaken, match="the request was not taken"):
        acknowledge(unit, SENT, family=police, due=None, by=asker(HOME_OFFICE), at=corridor.tick())


def test_a_reference_that_is_no_text_is_listed_without_what_is_none(corridor: Corridor) -> None:
    file = corridor.read(corridor.acknowledge(your_reference=" K\x00P/\x1b7\ud8001\n" + "x" * 200))
    assert file.opening.requester_reference.startswith("KP/71")
    assert len(file.opening.requester_reference) <= 100
    assert file.stated["your_reference"].startswith(" K\x00P"), "what was sent is kept to the letter"


def test_a_request_sent_twice_says_which_one_came_first_and_goes_on(corridor: Corridor) -> None:
    first = corridor.read_in(corridor.acknowledge())
    again = corridor.read_in(corridor.acknowledge())
    third = corridor.read_in(corridor.acknowledge(your_reference="KP/2", officer="DC Oakes"))
    assert first.repeat is None
    assert again.repeat is not None
    assert third.repeat is not None
    assert {again.repeat.earlier, third.repeat.earlier} == {first.reference}
    assert again.status is third.status is first.status
    assert corridor.kinds(again.reference) == ["case.opened", "request.read", "case.repeats", "case.assessed"]
    row = corridor.read(corridor.received(replace(police_request(), particulars=first.tracing_request().particulars)))
    assert row.repeat is not None, "a row of a file is a request like any other"


def test_another_question_about_the_same_person_is_no_repeat(corridor: Corridor) -> None:
    corridor.read_in(corridor.acknowledge())
    other = corridor.read_in(corridor.acknowledge(items="name"))
    assert other.repeat is None


@pytest.mark.parametrize("ended", ["unreadable", "returned", "refused", "withdrawn"])
def test_a_request_that_went_back_is_sent_again_without_being_called_a_repeat(corridor: Corridor, ended: str) -> None:
    changed = {
        "unreadable": {"postcode": "NOWHERE"},
        "returned": {"countersigned_by": "", "countersigned_rank": ""},
        "refused": {"items": "medication"},
        "withdrawn": {},
    }[ended]
    before = corridor.read_in(corridor.acknowledge(**changed))
    if ended == "withdrawn":
        before = corridor.withdraw(before.reference)
    assert before.status.value == ended
    assert corridor.read_in(corridor.acknowledge()).repeat is None


def test_the_same_after_the_window_is_no_repeat(corridor: Corridor) -> None:
    corridor.read_in(corridor.acknowledge())
    corridor.now += WINDOW + timedelta(days=2)
    assert corridor.read_in(corridor.acknowledge()).repeat is None


def test_the_same_from_another_body_is_no_repeat_and_says_nothing_of_the_first(corridor: Corridor) -> None:
    corridor.read_in(corridor.acknowledge(KENT))
    other = corridor.read_in(corridor.acknowledge(HOME_OFFICE))
    assert other.repeat is None


def test_what_was_sent_back_can_be_mended_field_by_field_and_must_be_countersigned_anew(corridor: Corridor) -> None:
    unreadable = corridor.read_in(corridor.acknowledge(postcode="NOWHERE"))
    again = fields_again(unreadable)
    assert (again["postcode"], again["family_name"]) == ("NOWHERE", GOLDEN_NAME)
    assert "countersigned_by" not in again
    returned = corridor.read_in(corridor.acknowledge(countersigned_rank="", countersigned_by=""))
    mended = {**fields_again(returned), "countersigned_by": "Insp. Hale", "countersigned_rank": "inspector"}
    assert corridor.read_in(corridor.acknowledge(**mended)).status is Status.JUDGING_PURPOSE
    with pytest.raises(Mistaken, match="was not sent back"):
        fields_again(corridor.read(corridor.received(police_request(reference="KP/9"))))


def test_what_was_sent_stands_in_no_entry(corridor: Corridor) -> None:
    reference = corridor.acknowledge(date_of_birth="1979-02-31")
    corridor.read_in(reference)
    told = json.dumps([[entry.facts, entry.outcome, sorted(entry.commitments)] for entry in corridor.entries()])
    assert GOLDEN_NAME not in told
    assert "submission/1.sent" in told, "committed to"
