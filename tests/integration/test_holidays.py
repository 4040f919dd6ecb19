"""A bank holiday proclaimed late: open cases move and say so, answered ones stay, and nothing moves twice."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, KENT, SECOND, Corridor, asker, police_request

from privity.casework.lifecycle import Status
from privity.definitions.day import CalendarEnds
from privity.definitions.reference import CaseReference
from privity.edge.commands.watch import look
from privity.edge.demonstration.setting_up import publish_until
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

CALENDAR = "england-and-wales"
RECEIVED = datetime(2022, 9, 12, 9, tzinfo=UTC)
"""The Monday after the funeral of 19 September was proclaimed: the list holds that one."""
PROCLAIMED = datetime(2022, 9, 13, 10, tzinfo=UTC)
MOURNING = date(2022, 9, 20)
"""A Tuesday that no list knows: the day after the real one, so that the tests bring their own."""


@pytest.fixture
def desk(corridor: Corridor, instance: "Instance") -> "Instance":
    """Return the instance with every agreement published, in the week before the holiday is proclaimed."""
    begins = datetime(2017, 1, 2, tzinfo=UTC)
    publish_until(instance, begins, after=datetime(1, 1, 1, tzinfo=UTC))
    publish_until(instance, RECEIVED, after=begins)
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    corridor.now = RECEIVED
    return instance


def due(corridor: Corridor, reference: CaseReference) -> str:
    return corridor.read(reference).state.due


def proclaim(desk: "Instance", day: date = MOURNING, at: datetime = PROCLAIMED) -> int:
    return desk.calendars.proclaim(CALENDAR, day, "Day of mourning", by=ADMINISTRATORS[0], at=at)


def kinds_in_ledger(desk: "Instance") -> list[EntryKind]:
    return [one.entry.kind for one in desk.log.entries()]


def test_open_cases_move_by_one_working_day_and_every_page_and_the_ledger_say_so(
    desk: "Instance", corridor: Corridor
) -> None:
    reference = corridor.received()
    before = due(corridor, reference)
    shown_before = desk.requester_desk.own(reference, by=asker(KENT), at=PROCLAIMED)
    assert proclaim(desk) == 1
    file = corridor.read(reference)
    assert before == "2022-10-11"
    assert file.state.due == "2022-10-12"
    words = "20 September 2022 was proclaimed a bank holiday (Day of mourning)"
    assert words in file.history[-1].words
    own = desk.requester_desk.own(reference, by=asker(KENT), at=PROCLAIMED)
    assert words in own.moved
    assert own.clock is not None
    assert "20 September 2022 does not count: Day of mourning." in own.clock.steps()
    assert own.tag != shown_before.tag, "whoever polls notices"
    at_the_desk = desk.desk.case(reference, by=FIRST, at=PROCLAIMED)
    assert words in at_the_desk.moved
    assert at_the_desk.clock is not None
    assert at_the_desk.clock.due == date(2022, 10, 12)
    entry = [one.entry for one in desk.log.entries() if one.entry.kind is EntryKind.DUE_MOVED][-1]
    assert entry.facts["due"] == "2022-10-12"
    assert entry.facts["due_before"] == "2022-10-11"
    told = next(one.entry for one in desk.log.entries() if one.entry.kind is EntryKind.HOLIDAY_PROCLAIMED)
    assert dict(told.facts) == {"calendar": CALENDAR, "day": "2022-09-20"}


def test_nothing_moves_twice_and_a_move_that_was_cut_off_goes_on(desk: "Instance", corridor: Corridor) -> None:
    references = [corridor.received(police_request(reference=f"KP/{number}")) for number in range(3)]
    assert proclaim(desk) == 3
    size = desk.log.size()
    assert desk.calendars.move_open_cases(PROCLAIMED + timedelta(hours=1)) == 0
    assert desk.log.size() == size
    assert {due(corridor, one) for one in references} == {"2022-10-12"}
    from privity.edge.store.case_rows import State

    # As after a crash between the proclamation and the last case: the kept day is the one from before.
    State.objects.filter(reference=references[1]).update(due="2022-10-11")
    assert desk.calendars.move_open_cases(PROCLAIMED + timedelta(hours=1)) == 1


def test_an_answered_case_stays_where_it_was(desk: "Instance", corridor: Corridor) -> None:
    answered = corridor.received()
    corridor.withdraw(answered)
    before = due(corridor, answered)
    assert proclaim(desk) == 0
    assert due(corridor, answered) == before
    assert corridor.read(answered).status is Status.WITHDRAWN
    assert desk.desk.case(answered, by=FIRST, at=PROCLAIMED).moved == ""
    clock = desk.desk.case(answered, by=FIRST, at=PROCLAIMED).clock
    assert clock is not None
    assert clock.due == date.fromisoformat(before)


def test_a_case_with_the_requester_finds_the_day_when_it_is_answered(desk: "Instance", corridor: Corridor) -> None:
    reference = corridor.received()
    corridor.now = datetime(2022, 9, 12, 12, tzinfo=UTC)
    corridor.ask(reference)
    assert proclaim(desk) == 0, "no day is due while the clock stands still"
    corridor.now = datetime(2022, 9, 14, 9, tzinfo=UTC)
    corridor.answer(reference)
    assert due(corridor, reference) == "2022-10-14", "two days with the requester and the holiday"


def test_a_mistaken_proclamation_is_taken_back_and_the_cases_move_back(desk: "Instance", corridor: Corridor) -> None:
    reference = corridor.received()
    proclaim(desk)
    later = PROCLAIMED + timedelta(hours=1)
    assert desk.calendars.take_back(CALENDAR, MOURNING, by=ADMINISTRATORS[1], at=later) == 1
    assert due(corridor, reference) == "2022-10-11"
    assert "was taken back" in corridor.read(reference).history[-1].words
    assert kinds_in_ledger(desk)[-2:] == [EntryKind.HOLIDAY_WITHDRAWN, EntryKind.DUE_MOVED]
    (line,) = desk.calendars.proclaimed(by=ADMINISTRATORS[0])
    assert line.withdrawn_at == later
    with pytest.raises(Mistaken, match="none was proclaimed here"):
        desk.calendars.take_back(CALENDAR, MOURNING, by=ADMINISTRATORS[1], at=later)
    assert proclaim(desk, at=later + timedelta(hours=1)) == 1, "and it can be proclaimed again"


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2022, 9, 24), "Saturday or Sunday"),
        (date(2022, 12, 26), "is a bank holiday already"),
        (date(2022, 8, 1), "days back"),
    ],
)
def test_a_day_that_cannot_be_proclaimed_is_refused_and_nothing_is_written(
    desk: "Instance", day: date, why: str
) -> None:
    size = desk.log.size()
    with pytest.raises(Mistaken, match=why):
        proclaim(desk, day)
    assert desk.log.size() == size


def test_a_day_beyond_the_list_is_refused_since_nobody_knows_the_rest_of_that_year(desk: "Instance") -> None:
    with pytest.raises(CalendarEnds):
        proclaim(desk, date(2035, 5, 8))


@pytest.mark.parametrize("name", ["", "ab", "x" * 81, "with\x00zero"])
def test_a_name_nobody_can_read_is_refused(desk: "Instance", name: str) -> None:
    with pytest.raises(Mistaken, match="its name"):
        desk.calendars.proclaim(CALENDAR, MOURNING, name, by=ADMINISTRATORS[0], at=PROCLAIMED)


def test_only_an_administrator_keeps_the_calendar(desk: "Instance") -> None:
    for who in (FIRST, SECOND, asker(KENT)):
        with pytest.raises(Mistaken, match="your role"):
            desk.calendars.proclaim(CALENDAR, MOURNING, "Day of mourning", by=who, at=PROCLAIMED)
        with pytest.raises(Mistaken, match="your role"):
            desk.calendars.proclaimed(by=who)
    with pytest.raises(Mistaken, match="no agreement counts"):
        desk.calendars.proclaim("atlantis", MOURNING, "Day of mourning", by=ADMINISTRATORS[0], at=PROCLAIMED)


def test_the_funeral_of_2022_moves_cases_received_before_it_was_proclaimed(
    desk: "Instance", corridor: Corridor
) -> None:
    corridor.now = datetime(2022, 9, 8, 9, tzinfo=UTC)
    reference = corridor.received()
    assert due(corridor, reference) == "2022-10-06", "nobody knew yet"
    look(desk, datetime(2022, 9, 10, 18, tzinfo=UTC))
    assert due(corridor, reference) == "2022-10-07"
    assert "19 September 2022 was proclaimed a bank holiday" in corridor.read(reference).history[-1].words


def test_the_coming_holidays_hold_what_was_proclaimed(desk: "Instance") -> None:
    proclaim(desk)
    assert (MOURNING, "Day of mourning") in desk.calendars.coming(CALENDAR, PROCLAIMED)
    assert CALENDAR in desk.calendars.names()
