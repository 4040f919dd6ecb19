"""Somebody who fishes, walked through the acts: a custodian that approves everything still reads for three, not four.

Each strategy sends its requests as a body sends them, two people approve every one at once, and the trace is asked for
at once: the worst custodian there could be. What is counted is how many different people the register was read for.
At night a thousand and fifty; the strategies themselves are those of tests/property/test_fishing_strategies.py.

Source: reliability.md T1, S12: no more than three people confirmed by an actor, and an alert before the fourth.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.fakes.corridor import FIRST, GUARDIAN, KENT, SECOND, Corridor, asker, officer, police_request
from tests.fakes.corridors import memory_corridor
from tests.property.test_fishing_strategies import STRATEGIES, somebody

from privity.casework.fishing import SENDER_ALLOWANCE, AlertAnswer, alerts_of, answer_alert
from privity.casework.receive import receive
from privity.casework.watch_records import AlertRecord
from privity.definitions.party import Officer, OrganisationId, Role
from privity.definitions.person import Particulars
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.request.fishing import FROM, WINDOW, Pattern, plain

ORGANISATION = OrganisationId(KENT)
MOST_CONFIRMED = 3
Strategy = Callable[[Particulars, random.Random], Iterator[Particulars]]


def alerts(corridor: Corridor) -> Sequence[AlertRecord]:
    with corridor.open_unit() as unit:
        return tuple(alerts_of(unit, ORGANISATION))


def send(corridor: Corridor, person: Particulars, number: int, *, by: Officer | None = None) -> CaseReference:
    """Send one request and have it approved by two people at once."""
    asked = replace(police_request(reference=f"KP/{number}"), particulars=person)
    reference = corridor.do(lambda unit, at: receive(unit, asked, at=at, by=by or asker(KENT)))
    corridor.assess(reference)
    return reference


def is_traced(corridor: Corridor, reference: CaseReference) -> bool:
    """Approve a request and return whether the register was read for it."""
    for who in (FIRST, SECOND):
        corridor.view(reference, who, True)
    before = len(corridor.register.read_for)
    with suppress(Mistaken):
        corridor.trace(reference)
    return len(corridor.register.read_for) > before


def told_apart(person: Particulars, number: int, *, by_number: bool) -> object:
    """Return what makes two attempts two, and not the same person sent twice."""
    names = "|".join(sorted((plain(person.given_name), plain(person.family_name))))
    return (names, person.date_of_birth, person.nhs_number, by_number and number)


def confirmed(corridor: Corridor, people: Iterator[Particulars], gaps: random.Random, *, same: bool) -> tuple[int, int]:
    """Return for how many different people the register was read, and how many were sent before the first alert."""
    read_for: set[object] = set()
    sent: set[object] = set()
    noticed = 0
    for number, person in enumerate(people):
        one = told_apart(person, number, by_number=same)
        sent.add(one)
        reference = send(corridor, person, number)
        if is_traced(corridor, reference):
            read_for.add(one)
        if not noticed and alerts(corridor):
            noticed = len(sent)
        corridor.now += timedelta(days=gaps.randrange(0, 9))
    return len(read_for), noticed


def walk(corridor: Corridor, strategy: Strategy, seed: int) -> None:
    rng = random.Random(f"{strategy.__name__}:{seed}")
    people = strategy(somebody(rng), rng)
    read_for, noticed = confirmed(corridor, people, rng, same=strategy.__name__ == "the_same_again")
    assert 0 < noticed <= MOST_CONFIRMED + 1, (strategy.__name__, seed)
    assert read_for <= MOST_CONFIRMED, (strategy.__name__, seed)
    assert len(corridor.register.read_for) <= 2 * MOST_CONFIRMED + 2, "the same person sent again is no further person"


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.__name__)
def test_a_strategy_confirms_three_people_at_most_however_freely_everything_is_approved(
    corridor: Corridor, strategy: Strategy
) -> None:
    walk(corridor, strategy, 7_001)


@pytest.mark.slow
@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.__name__)
def test_a_hundred_and_fifty_of_each_strategy_confirm_three_people_at_most(
    strategy: Strategy,
) -> None:
    for seed in range(150):
        walk(memory_corridor(), strategy, seed)


def people_at_one_door() -> Iterator[Particulars]:
    for number in range(8):
        yield Particulars(
            family_name=f"Name{number * 7919}",
            given_name=f"Person{number}",
            date_of_birth=date(1950 + 5 * number, 3, 2),
            postcode="ZQ9 8XW",
            address_lines=("1 Gilded Row",),
        )


def test_a_home_asked_for_person_by_person_is_read_for_five_and_not_the_sixth(corridor: Corridor) -> None:
    read_for, noticed = confirmed(corridor, people_at_one_door(), random.Random(1), same=False)
    assert (read_for, noticed) == (FROM[Pattern.HOME] - 1, FROM[Pattern.HOME])


def test_the_same_person_again_and_again_under_one_reference_is_read_for_three_times(corridor: Corridor) -> None:
    read = []
    for _ in range(6):
        read.append(is_traced(corridor, send(corridor, somebody(random.Random(5)), 1)))
        corridor.now += timedelta(days=7)
    assert read == [True] * 3 + [False] * 3
    assert {one.pattern for one in alerts(corridor)} == {Pattern.SAME_PERSON.value}


def test_two_officers_of_one_body_who_take_turns_are_one_body(corridor: Corridor) -> None:
    turns = [officer(f"turn-{one}", Role.REQUESTING_OFFICER, KENT) for one in range(2)]
    start = somebody(random.Random(3))
    assert start.date_of_birth is not None
    traced = 0
    for number in range(6):
        person = replace(
            start, date_of_birth=start.date_of_birth + timedelta(days=number), postcode="", address_lines=()
        )
        traced += is_traced(corridor, send(corridor, person, number, by=turns[number % 2]))
    assert traced == MOST_CONFIRMED


def test_a_pattern_called_harmless_goes_on_and_the_next_case_of_it_is_looked_at_again(corridor: Corridor) -> None:
    start, rng = somebody(random.Random(4)), random.Random(4)
    people = list(STRATEGIES[0](start, rng))
    sent = [send(corridor, person, number) for number, person in enumerate(people[:4])]
    assert not is_traced(corridor, sent[3])
    for alert in alerts(corridor):
        corridor.do(
            lambda unit, at, number=alert.number: answer_alert(  # type: ignore[misc]  # binds the loop's name
                unit,
                ORGANISATION,
                number,
                AlertAnswer.HARMLESS,
                reasons="The force sent a list of aliases that one man is known to use.",
                by=GUARDIAN,
                at=at,
            )
        )
    corridor.trace(sent[3])
    again = send(corridor, people[4], 4)
    assert [alert.answer for alert in alerts(corridor)].count("") >= 1, "a fifth is another question"
    assert not is_traced(corridor, again)


def test_more_requests_than_one_sender_was_expected_to_send_are_told_to_people() -> None:
    corridor = memory_corridor()
    sender = asker(KENT)
    for number in range(SENDER_ALLOWANCE.at_once + 1):
        person = Particulars(
            family_name=f"{'abcdefghij'[number % 10]}{number * 7919}xyz",
            given_name=f"{'klmnopqrst'[number // 10 % 10]}{number}",
            date_of_birth=date(1930, 1, 1) + timedelta(days=37 * number),
        )
        asked = replace(police_request(reference=f"KP/{number}"), particulars=person)
        with corridor.open_unit() as unit:
            receive(unit, asked, at=corridor.now, by=sender)
    assert [alert.pattern for alert in alerts(corridor)] == [Pattern.VOLUME]


def test_whoever_asks_less_often_than_once_in_thirty_days_is_not_noticed_and_that_is_known(corridor: Corridor) -> None:
    """The limit of the watch (decision 48): twelve a year, each approved by two people one by one."""
    start = somebody(random.Random(5))
    assert start.date_of_birth is not None
    pause = WINDOW // (FROM[Pattern.BIRTHDAYS] - 1) + timedelta(days=1)
    assert pause == timedelta(days=31)
    for number in range(5):
        person = replace(
            start, date_of_birth=start.date_of_birth + timedelta(days=number), postcode="", address_lines=()
        )
        assert is_traced(corridor, send(corridor, person, number))
        corridor.now += pause
    assert not alerts(corridor)
