"""An attacker with a solver and every public figure: eight quarters, the feed of events, and the size of the ledger.

Source: reliability.md S9 and T19: no hidden cell pinned, and every small count keeps at least eight possible values.
"""

from random import Random

import pytest
from tests.fakes.attacker import Attacker, Cell, learn_span, small
from tests.fakes.published import FAMILIES, PURPOSES, a_world, ledger_of, published_quarters

from privity.statistics.classes import WHOLE
from privity.statistics.combine import combine
from privity.statistics.counts import Column
from privity.statistics.suppression import Suppression, shown

WIDEST_ACCEPTED = 8
APPROVED = (Column.TRACED.value, Column.UNTRACED.value)


def learn_rate(attacker: Attacker, row: dict[str, int], refused: list[Cell], approved: list[Cell]) -> None:
    """Learn what the interval of a class's rate says: low and high bound refused of refused and approved."""
    low, high = row["refusal-low-per-mille"], row["refusal-high-per-mille"]
    attacker.knows_weighted(dict.fromkeys(refused, WHOLE - low) | dict.fromkeys(approved, -low), 0)
    attacker.knows_weighted(dict.fromkeys(refused, high - WHOLE) | dict.fromkeys(approved, high), 0)


def attack(seed: int) -> list[tuple[Cell, int]]:
    """Return the feasible width of every small count of a made-up world that publishes in bands."""
    world = a_world(Random(seed))
    entries = ledger_of(world, seed)
    true: dict[Cell, int] = {}
    attacker = Attacker()
    for made in published_quarters(entries, Suppression.BANDED):
        rows = made.contents["requesters"]
        assert isinstance(rows, list)
        for row in rows:
            counted = world.counts(made.quarter, row["requester"], row["class"])
            keys: dict[str, list[Cell]] = {"outcomes": [], "refusals": []}
            for part, kept in keys.items():
                for name, cell in row[part].items():
                    key = (made.quarter.name, row["requester"], row["class"], part, name)
                    attacker.knows(key, *learn_span(cell))
                    true[key] = counted[part][name]
                    kept.append(key)
            learn_rate(attacker, row, keys["refusals"], [key for key in keys["outcomes"] if key[-1] in APPROVED])
    # A class has a row once it was ever asked for, so somewhere in its rows there is a request.
    for requester, purpose in {(key[1], key[2]) for key in attacker.cells}:
        attacker.knows_sum([key for key in attacker.cells if key[1:3] == (requester, purpose)], 1, len(entries))
    # What the ledger's size gives away: every request has at least two entries, and all of them are counted somewhere.
    attacker.knows_sum(tuple(attacker.cells), 0, len(entries) // 2)
    rng = Random(seed)
    found = small(true)
    return [(cell, attacker.width(cell)) for cell in rng.sample(found, min(len(found), 60))]


@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_pinned_where_figures_are_published_in_bands(seed: int) -> None:
    widths = attack(seed)
    assert len(widths) >= 20, "the world has too few small counts to say anything"
    assert min(width for _, width in widths) >= WIDEST_ACCEPTED


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 210))
def test_nothing_is_pinned_in_two_hundred_worlds(seed: int) -> None:
    assert min(width for _, width in attack(seed)) >= WIDEST_ACCEPTED


def test_the_attacker_is_good_enough_to_pin_counts_hidden_by_the_usual_rule() -> None:
    """Without this the other tests could not fail: hidden and rounded cells beside an exact total are solved."""
    true = {("traced",): 3, ("untraced",): 12, ("refused",): 0}
    attacker = Attacker()
    for cell, count in true.items():
        attacker.knows(cell, *learn_span(shown(count, Suppression.SMALL_HIDDEN)))
    assert attacker.width(("traced",)) == 7
    attacker.knows_sum(tuple(true), 15, 15)
    attacker.knows(("untraced",), 12, 12)  # as an earlier edition, a later one or another table would have it
    assert attacker.width(("traced",)) == 1


def test_a_band_beside_an_exact_total_would_be_solved_so_no_banded_publication_has_one() -> None:
    entries = ledger_of(a_world(Random(3)), 3)
    for made in published_quarters(entries, Suppression.BANDED):
        assert "total" not in made.contents
        rows = made.contents["requesters"]
        assert isinstance(rows, list)
        for row in rows:
            rates = {"refusal-low-per-mille", "refusal-high-per-mille", "apart"}
            assert set(row) == {"requester", "class", "outcomes", "refusals", "destruction-overdue", *rates}
            assert Column.REFUSED.value not in row["outcomes"]
            assert not any(isinstance(cell, int) for part in ("outcomes", "refusals") for cell in row[part].values())


def test_several_custodians_figures_combine_without_narrowing_any_of_them() -> None:
    exact = published_quarters(ledger_of(a_world(Random(1)), 1), Suppression.EXACT, origin="one.example/ledger")[0]
    banded = published_quarters(ledger_of(a_world(Random(2)), 2), Suppression.BANDED, origin="two.example/ledger")[0]
    combined = combine([exact, banded])
    assert combined.custodians == ("one.example/ledger", "two.example/ledger")
    assert [name for name, _ in combined.rows] == sorted(FAMILIES)
    for name, cells in combined.rows:
        for column, span in cells:
            alone = dict(dict(combine([exact]).rows)[name])[column]
            assert alone.least == alone.most
            assert span.least >= alone.least
            bands = len(PURPOSES[name]) * (4 if column is Column.REFUSED else 1)
            assert span.most - span.least == 9 * bands, "one band for each class, four where refusals have four reasons"
