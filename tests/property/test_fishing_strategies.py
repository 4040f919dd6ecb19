"""Somebody who tries many near-copies is noticed by the fourth; a year of ordinary requests is not."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from privity.definitions.person import NhsNumber, Particulars, check_digit
from privity.edge.registers.particulars_csv import read_fields
from privity.edge.synthetic.particulars import draw
from privity.edge.synthetic.people import generate
from privity.request.fishing import FROM, REMEMBERED, WINDOW, Pattern, Seen, is_pattern, plain, seen_with, traits

FIRST_DAY = date(2017, 1, 3)
GIVEN = ("Aurelia", "Bartholomew", "Chimamanda", "Dimitrios", "Eszter")
FAMILY = ("Goldenquist", "Silverstrand", "Featherstonehaugh", "Okonkwo", "Nguyen")
SPELT = ("Aurelia", "Aurélia", "Aureliah", "Aurely", "Aurel", "Aurella", "Aureliya", "Aurelija")


class Memory:
    """What is remembered, as the act keeps it, with nothing blinded."""

    def __init__(self) -> None:
        self.kept: dict[tuple[Pattern, str], tuple[Seen, ...]] = {}

    def look(self, asked: Particulars, reference: str, on: date) -> set[Pattern]:
        found = set()
        for trait in traits(asked, reference):
            key = (trait.pattern, trait.held)
            one = Seen(digest=trait.varied, case=reference, on=on)
            self.kept[key] = seen_with(self.kept.get(key, ()), one)
            if is_pattern(trait.pattern, self.kept[key]):
                found.add(trait.pattern)
        return found


def somebody(rng: random.Random) -> Particulars:
    return Particulars(
        family_name=rng.choice(FAMILY),
        given_name=rng.choice(GIVEN),
        date_of_birth=date(1950, 1, 1) + timedelta(days=rng.randrange(18_000)),
        postcode="ZQ9 8XW",
        address_lines=(f"{rng.randrange(1, 99)} Gilded Row",),
    )


def number(nine: int) -> NhsNumber:
    digit = check_digit(str(nine))
    return number(nine + 1) if digit == 10 else NhsNumber(f"{nine}{digit}")


def birthdays(start: Particulars, rng: random.Random) -> Iterator[Particulars]:
    """One name, one day after the other or days drawn from sixty years."""
    step = rng.choice((1, 7, 30, 365, 0))
    for place in range(8):
        assert start.date_of_birth is not None
        days = place * step if step else rng.randrange(20_000)
        yield replace(start, date_of_birth=start.date_of_birth + timedelta(days=days), address_lines=(), postcode="")


def spellings(start: Particulars, rng: random.Random) -> Iterator[Particulars]:
    """One date of birth, and a name spelt in many ways, now and then exchanged."""
    for spelt in rng.sample(SPELT, len(SPELT)):
        one = replace(start, given_name=spelt, postcode="", address_lines=())
        if rng.random() < 0.5:
            one = replace(one, given_name=one.family_name, family_name=one.given_name)
        yield one


def relatives(start: Particulars, _rng: random.Random) -> Iterator[Particulars]:
    """One family name and birthday, and every given name there is."""
    for given in (*GIVEN, *SPELT):
        yield replace(start, given_name=given, postcode="", address_lines=())


def grid(start: Particulars, rng: random.Random) -> Iterator[Particulars]:
    """A few spellings times a few birthdays, so that neither alone is seen four times early."""
    assert start.date_of_birth is not None
    born = [start.date_of_birth.replace(day=day, month=6) for day in rng.sample(range(1, 29), 3)]
    pairs = [(spelt, day) for spelt in ("Aurelia", "Aurelya", "Aureliah") for day in born]
    for spelt, day in rng.sample(pairs, len(pairs)):
        yield replace(start, given_name=spelt, date_of_birth=day, postcode="", address_lines=())


def postcode_and_birthday(start: Particulars, rng: random.Random) -> Iterator[Particulars]:
    """Whoever was born that day and lives there."""
    pairs = [(given, family) for given in GIVEN for family in FAMILY]
    for given, family in rng.sample(pairs, 8):
        yield replace(start, given_name=given, family_name=family)


def run_of_numbers(start: Particulars, rng: random.Random) -> Iterator[Particulars]:
    """NHS numbers one after the other."""
    first = rng.randrange(940_000_000, 949_000_000) // 1_000 * 1_000
    for place in range(8):
        yield Particulars(
            family_name=rng.choice(FAMILY) + str(place), nhs_number=number(first + 13 * place), given_name=str(place)
        )


def the_same_again(start: Particulars, _rng: random.Random) -> Iterator[Particulars]:
    """The very same person, under ever new references, with accents and capitals to look different."""
    for place in range(8):
        yield replace(start, given_name=start.given_name.upper() if place % 2 else start.given_name, address_lines=())


STRATEGIES: tuple[Callable[[Particulars, random.Random], Iterator[Particulars]], ...] = (
    birthdays,
    spellings,
    relatives,
    grid,
    postcode_and_birthday,
    run_of_numbers,
    the_same_again,
)


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.__name__)
def test_every_strategy_is_noticed_by_the_fourth_different_attempt(
    strategy: Callable[[Particulars, random.Random], Iterator[Particulars]],
) -> None:
    for seed in range(150):
        rng, memory = random.Random(f"{strategy.__name__}:{seed}"), Memory()
        different: set[tuple[object, ...]] = set()
        noticed = 0
        for place, probe in enumerate(strategy(somebody(rng), rng)):
            # Others' requests lie in between: they neither hide the pattern nor make one.
            memory.look(somebody(random.Random(f"{seed}:{place}:other")), f"other/{place}", FIRST_DAY)
            names = "|".join(sorted((plain(probe.given_name), plain(probe.family_name))))
            different.add((names, probe.date_of_birth, probe.nhs_number, strategy is the_same_again and place))
            if memory.look(probe, f"REF/{place}", FIRST_DAY + timedelta(days=place * rng.randrange(1, 9))):
                noticed = len(different)
                break
        assert 0 < noticed <= 4, (strategy.__name__, seed)


def looked(people: Iterator[Particulars]) -> list[bool]:
    memory = Memory()
    return [bool(memory.look(one, f"PRV-{place}", FIRST_DAY)) for place, one in enumerate(people)]


def test_one_name_without_a_birthday_and_place_after_place_is_noticed_by_the_fourth() -> None:
    places = (f"ZQ{place} 8XW" for place in range(5))
    tried = (Particulars(family_name="Goldenquist", given_name="Aurelia", postcode=place) for place in places)
    assert looked(tried) == [False] * 3 + [True] * 2


def test_the_same_name_and_place_without_a_birthday_is_the_same_person() -> None:
    again = (Particulars(family_name="Goldenquist", given_name="Aurelia", postcode="ZQ9 8XW") for _ in range(5))
    assert looked(again) == [False] * 3 + [True] * 2


def test_a_street_asked_for_without_a_door_is_noticed_by_the_sixth() -> None:
    names = (f"Name{place * 7919}" for place in range(7))
    street = (Particulars(family_name=name, given_name=name[::-1], postcode="ZQ9 8XW") for name in names)
    assert looked(street) == [False] * 5 + [True] * 2


def test_a_home_asked_for_person_by_person_is_noticed_by_the_sixth() -> None:
    memory = Memory()
    found = [
        memory.look(
            Particulars(
                family_name=f"Name{place * 7919}",
                given_name=f"Person{place}",
                date_of_birth=date(1950 + 5 * place, 3, 2),
                postcode="ZQ9 8XW",
                address_lines=("1 Gilded Row",),
            ),
            f"R/{place}",
            FIRST_DAY,
        )
        for place in range(FROM[Pattern.HOME])
    ]
    assert [bool(one) for one in found] == [False] * 5 + [True]


def test_a_year_of_ordinary_requests_raises_next_to_nothing() -> None:
    memory, alarms, count = Memory(), 0, 8_127
    for place, drawn in enumerate(draw(generate(30_000, 7), count, 3)):
        day = FIRST_DAY + timedelta(days=330 * place // count)
        alarms += bool(memory.look(read_fields(drawn.fields), f"HO/{place}", day))
    assert alarms <= count * 0.001, f"{alarms} of {count}"


def test_what_is_remembered_has_a_fixed_size_and_an_end() -> None:
    seen: tuple[Seen, ...] = ()
    for place in range(200):
        seen = seen_with(seen, Seen(digest=str(place), case="PRV-1", on=FIRST_DAY))
    assert len(seen) == REMEMBERED
    later = Seen(digest="later", case="PRV-2", on=FIRST_DAY + WINDOW + timedelta(days=1))
    assert seen_with(seen, later) == (later,)


def test_a_trait_tells_nobody_who_was_asked_for() -> None:
    for trait in traits(somebody(random.Random(1)), "R/1"):
        assert repr(trait) == f"Trait({trait.pattern})"
