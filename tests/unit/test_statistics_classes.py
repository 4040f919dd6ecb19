"""Refusals by class of request: rates that everybody computes alike, and an alarm that is neither deaf nor shrill."""

from collections import Counter
from dataclasses import replace
from math import sqrt
from random import Random

import pytest
from tests.fakes.calendars import ENGLAND
from tests.fakes.published import PURPOSES, World, a_world, ledger_of, published_quarters

from privity.statistics.classes import WHOLE, Apart, Decided, exactly, in_bands, stands_apart, wilson
from privity.statistics.counts import Column
from privity.statistics.publication import Publication, publication, read_publication, told_apart
from privity.statistics.stories import Stories
from privity.statistics.suppression import Suppression

WORLD = a_world(Random(11))
ENTRIES = ledger_of(WORLD, 11)


def rows_of(made: Publication) -> list[dict[str, object]]:
    rows = made.contents["requesters"]
    assert isinstance(rows, list)
    return rows


def of_class(refused: int, approved: int) -> Decided:
    return exactly({Column.REFUSED: refused, Column.TRACED: approved})


@pytest.mark.parametrize(
    ("hits", "of"), [(0, 1), (1, 1), (0, 40), (3, 40), (20, 40), (40, 40), (1583, 7437), (1, 90_000)]
)
def test_the_interval_is_wilsons_rounded_outwards(hits: int, of: int) -> None:
    z, share = 1.96, hits / of
    middle, half = share + z * z / (2 * of), z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = ((middle + sign * half) / (1 + z * z / of) for sign in (-1, 1))
    least, most = wilson(hits, of)
    assert least <= WHOLE * low + 1e-9
    assert WHOLE * high - 1e-9 <= most
    assert least >= WHOLE * low - 1.001
    assert most <= WHOLE * high + 1.001


def test_of_nothing_decided_nothing_is_said() -> None:
    nothing = of_class(0, 0)
    assert nothing.interval == (0, WHOLE)
    assert nothing.rate is None
    assert stands_apart(nothing, [of_class(50, 0)]) is Apart.WITH_THE_OTHERS
    assert stands_apart(of_class(50, 0), []) is Apart.WITH_THE_OTHERS


def test_a_class_surely_refused_more_often_stands_apart_and_one_that_chance_explains_does_not() -> None:
    assert stands_apart(of_class(45, 5), [of_class(30, 70), of_class(20, 80)]) is Apart.MORE_OFTEN
    assert stands_apart(of_class(0, 60), [of_class(30, 70)]) is Apart.LESS_OFTEN
    assert stands_apart(of_class(4, 6), [of_class(30, 70)]) is Apart.WITH_THE_OTHERS


def test_the_alarm_is_rare_where_every_class_is_refused_alike() -> None:
    rng, alarms = Random(5), 0
    for _ in range(400):
        one, rest = (Counter(rng.random() < 0.2 for _ in range(size)) for size in (40, 200))
        alarms += stands_apart(of_class(one[True], one[False]), [of_class(rest[True], rest[False])]) is not (
            Apart.WITH_THE_OTHERS
        )
    assert alarms <= 8, "two intervals of 95% that do not touch are far rarer than one in twenty"


def test_in_bands_the_interval_is_all_that_the_bands_leave_open() -> None:
    known = in_bands([12, 3], [25])
    assert known.refused == (10, 28)
    assert known.approved == (20, 29)
    low, high = known.interval
    assert low <= WHOLE * 10 / 39 < low + 1
    assert high - 1 < WHOLE * 28 / 48 <= high
    assert in_bands([0], [0]).interval == (0, WHOLE)
    assert known.rate is None


def test_every_class_closes_and_the_classes_add_up_to_their_requester() -> None:
    for made in published_quarters(ENTRIES, Suppression.EXACT):
        for row in rows_of(made):
            classes, summed = row["classes"], Counter[str]()
            assert isinstance(classes, list)
            assert [part["class"] for part in classes] == sorted(PURPOSES[str(row["requester"])])
            for part in classes:
                true = WORLD.counts(made.quarter, str(row["requester"]), part["class"])
                assert Counter(part["outcomes"]) + Counter() == true["outcomes"]
                assert Counter(part["refusals"]) + Counter() == true["refusals"]
                assert part["received"] == sum(part["outcomes"].values())
                summed.update(part["outcomes"])
            assert dict(summed) == row["outcomes"]


def test_an_alarm_is_told_with_requester_class_and_quarter() -> None:
    quarter = published_quarters(ENTRIES, Suppression.EXACT)[0].quarter
    inside = [each for each in WORLD.requests if quarter.covers(each.received)]
    asked = next(each for each in inside if each.family == "home-office")
    refused = replace(asked, column=Column.REFUSED, reason="public-interest", purpose="welfare")
    approved = replace(asked, column=Column.TRACED, reason="", purpose="serious-crime")
    made = published_quarters(ledger_of(World((*[refused] * 40, *[approved] * 40)), 1), Suppression.EXACT)[0]
    assert told_apart(made) == (
        f"home-office, requests for serious crime: refused less often than its other requests ({quarter.name})",
        f"home-office, requests for welfare: refused more often than its other requests ({quarter.name})",
    )


@pytest.mark.parametrize("setting", [Suppression.EXACT, Suppression.BANDED])
def test_what_was_published_before_there_were_classes_is_counted_again_as_it_was(setting: Suppression) -> None:
    stories = Stories().see(ENTRIES)
    quarter = published_quarters(ENTRIES, setting)[0].quarter
    before = publication(stories, quarter, origin="o", calendar=ENGLAND, setting=setting, made_as=2)
    assert read_publication(before.text).contents == before.contents
    assert b"class" not in before.text
    assert [row["requester"] for row in rows_of(before)] == sorted(PURPOSES)
    assert told_apart(before) == ()


def test_requests_of_a_ledger_that_did_not_say_what_for_are_a_class_of_their_own() -> None:
    silent = [replace(entry, facts={k: v for k, v in entry.facts.items() if k != "purpose"}) for entry in ENTRIES]
    for row in rows_of(published_quarters(silent, Suppression.EXACT)[0]):
        classes = row["classes"]
        assert isinstance(classes, list)
        assert [part["class"] for part in classes] == ["not-recorded"]
