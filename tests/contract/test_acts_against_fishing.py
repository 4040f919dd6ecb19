"""Fishing is noticed when requests come in and before anybody is traced, over both units of work."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.fakes.corridor import FIRST, GUARDIAN, KENT, SECOND, Corridor, police_request

from privity.casework.fishing import AlertAnswer, OverAllowance, alerts_of, answer_alert, mark_of, take_from_allowance
from privity.casework.lifecycle import Status
from privity.casework.watch_records import AlertRecord
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.fishing import Pattern
from privity.request.tracing_request import TracingRequest
from privity.trace.budget import OFFICER_ALLOWANCE

REASONS = "The force has sent a list of aliases that one man is known to use."
ORGANISATION = OrganisationId(KENT)


def born(day: int) -> TracingRequest:
    request = police_request(reference=f"KP/{day}")
    return replace(request, particulars=replace(request.particulars, date_of_birth=date(1963, 11, day)))


def alerts(corridor: Corridor) -> list[AlertRecord]:
    with corridor.open_unit() as unit:
        return list(alerts_of(unit, ORGANISATION))


def answer(corridor: Corridor, what: AlertAnswer) -> None:
    corridor.do(
        lambda unit, at: answer_alert(unit, ORGANISATION, 1, what, reasons=REASONS, by=GUARDIAN, at=at),
    )


def test_near_copies_raise_one_alert_that_grows_and_names_nobody(corridor: Corridor) -> None:
    sent = [corridor.receive(born(day)) for day in (1, 2, 3)]
    assert alerts(corridor) == []
    sent += [corridor.receive(born(day)) for day in (4, 5)]
    found = {alert.pattern: alert for alert in alerts(corridor)}
    with corridor.open_unit() as unit:
        assert json.loads(found[Pattern.BIRTHDAYS].cases) == sorted(mark_of(unit, reference) for reference in sent)
    assert found[Pattern.BIRTHDAYS].staff_id == f"desk@{KENT}"
    told = [entry for entry in corridor.entries() if entry.kind in (EntryKind.ALERT_RAISED, EntryKind.ALERT_GROWN)]
    of_birthdays = [entry for entry in told if entry.facts["pattern"] == Pattern.BIRTHDAYS]
    assert [entry.kind for entry in of_birthdays] == [EntryKind.ALERT_RAISED, EntryKind.ALERT_GROWN]
    assert {entry.organisation for entry in told} == {KENT}
    assert [entry.facts["count"] for entry in of_birthdays] == [4, 5]


def approved(corridor: Corridor, day: int) -> CaseReference:
    return corridor.approved(born(day))


def test_a_case_that_fits_a_pattern_is_not_traced_before_the_guardian_called_it_harmless(corridor: Corridor) -> None:
    sent = [approved(corridor, day) for day in (1, 2, 3, 4)]
    entries = len(corridor.entries())
    for reference in sent:
        with pytest.raises(Mistaken, match="look alike"):
            corridor.trace(reference)
    assert corridor.register.read_for == []
    assert len(corridor.entries()) == entries
    for number in range(1, len(alerts(corridor)) + 1):
        corridor.do(
            lambda unit, at, number=number: answer_alert(  # type: ignore[misc]  # binds the loop's name
                unit, ORGANISATION, number, AlertAnswer.HARMLESS, reasons=REASONS, by=GUARDIAN, at=at
            )
        )
    assert corridor.trace(sent[0]).status is Status.JUDGING_IDENTITY


def test_what_the_guardian_calls_fishing_is_never_traced(corridor: Corridor) -> None:
    sent = [approved(corridor, day) for day in (1, 2, 3, 4)]
    answer(corridor, AlertAnswer.FISHING)
    with pytest.raises(Mistaken, match="look alike"):
        corridor.trace(sent[-1])
    assert corridor.register.read_for == []


def test_only_the_guardian_answers_an_alert_with_reasons_and_once(corridor: Corridor) -> None:
    for day in (1, 2, 3, 4):
        corridor.receive(born(day))
    for who, reasons in ((FIRST, REASONS), (GUARDIAN, "fine")):
        with pytest.raises(Mistaken, match="answered by the guardian"):
            corridor.do(
                lambda unit, at, who=who, reasons=reasons: answer_alert(  # type: ignore[misc]  # binds the loop's names
                    unit, ORGANISATION, 1, AlertAnswer.HARMLESS, reasons=reasons, by=who, at=at
                )
            )
    answer(corridor, AlertAnswer.HARMLESS)
    with pytest.raises(Mistaken, match="answered already"):
        answer(corridor, AlertAnswer.FISHING)
    (told,) = [entry for entry in corridor.entries() if entry.kind is EntryKind.ALERT_ANSWERED]
    assert told.facts["answer"] == "harmless"


def test_another_organisations_requests_make_no_pattern_together(corridor: Corridor) -> None:
    for day in (1, 2, 3):
        corridor.receive(born(day))
    court = replace(born(4), requester=OrganisationId("family-court"), family="court-order")  # type: ignore[arg-type]  # a name
    corridor.receive(court)
    assert alerts(corridor) == []


def test_an_officers_allowance_of_traces_ends_says_until_when_and_comes_back(corridor: Corridor) -> None:
    with corridor.open_unit() as unit:
        for _ in range(OFFICER_ALLOWANCE.at_once):
            take_from_allowance(unit, FIRST, at=corridor.now)
        with pytest.raises(OverAllowance, match="come back after") as over:
            take_from_allowance(unit, FIRST, at=corridor.now)
        take_from_allowance(unit, SECOND, at=corridor.now)
        assert timedelta(0) < over.value.until - corridor.now <= 2 * OFFICER_ALLOWANCE.every
        take_from_allowance(unit, FIRST, at=over.value.until)


def test_what_is_remembered_is_kept_with_the_act_and_lost_with_it(corridor: Corridor) -> None:
    request = born(1)

    def fail() -> None:
        with corridor.open_unit() as unit:
            from privity.casework.receive import receive

            receive(unit, request, at=corridor.tick(), by=FIRST)
            raise ZeroDivisionError

    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            fail()
    for day in (2, 3, 4):
        corridor.receive(born(day))
    assert alerts(corridor) == [], "requests that were never taken count for nothing"
