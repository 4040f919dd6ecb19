"""Small counts are hidden by the published rule; the vectors are those of the register of January 2020."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.statistics.counts import Column, Counts, total
from privity.statistics.suppression import HIDDEN, Suppression, shown
from privity.statistics.table import HEADINGS, table_of

SMALL, EXACT = Suppression.SMALL_HIDDEN, Suppression.EXACT


def reg_row(requester: str, rejected: int, traced: int, untraced: int, received: int) -> Counts:
    return Counts(
        requester=requester,
        received=received,
        rejected=rejected,
        refused=0,
        traced=traced,
        untraced=untraced,
        withdrawn=0,
        held=0,
        open=0,
    )


JANUARY_2020 = (
    reg_row("Police", 12, 3, 1, 16),
    reg_row("Court order", 3, 15, 11, 29),
    reg_row("NCA", 1, 0, 0, 1),
    reg_row("CCRC", 1, 0, 0, 1),
)
"""Source: domain.md 6 (REG)."""


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (JANUARY_2020[0], ["10", "*", "*", "15"]),
        (JANUARY_2020[1], ["*", "15", "10", "30"]),
        (JANUARY_2020[2], ["*", "0", "0", "*"]),
        (JANUARY_2020[3], ["*", "0", "0", "*"]),
        (total(JANUARY_2020), ["15", "20", "10", "45"]),
    ],
    ids=lambda part: part.requester if isinstance(part, Counts) else None,
)
def test_the_register_of_january_2020_is_shown_as_the_rule_says(row: Counts, cells: list[str]) -> None:
    assert [shown(count, SMALL) for count in (row.rejected, row.traced, row.untraced, row.received)] == cells


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0"), (1, "*"), (7, "*"), (8, "10"), (9, "10"), (10, "10"), (12, "10"), (13, "15"), (17, "15"), (18, "20")],
)
def test_one_to_seven_are_hidden_and_the_rest_rounded_to_five(count: int, told: str) -> None:
    assert shown(count, SMALL) == told
    assert shown(count, EXACT) == str(count)


@given(st.integers(0, 100_000))
def test_what_is_shown_is_within_two_of_the_truth_and_never_small(count: int) -> None:
    told = shown(count, SMALL)
    if told == HIDDEN:
        assert 1 <= count <= 7
    else:
        assert int(told) % 5 == 0
        assert abs(int(told) - count) <= 2
        assert count == 0 or int(told) >= 10


def test_totals_are_computed_first_and_hidden_by_the_same_rule() -> None:
    table = table_of(JANUARY_2020, SMALL)
    received, rejected, unreadable, refused, traced, untraced, *rest = table.total.cells
    assert (received, rejected, unreadable, refused) == ("45", "15", "0", "0")
    assert (traced, untraced, rest) == ("20", "10", ["0", "0", "0"])
    assert table.setting is SMALL
    exact = table_of(JANUARY_2020, EXACT)
    assert exact.total.cells[:6] == ("47", "17", "0", "0", "18", "12")


def test_every_column_has_a_heading_and_every_row_a_cell_for_each() -> None:
    assert set(HEADINGS) == {"received", *Column}
    table = table_of(JANUARY_2020, EXACT)
    assert {len(row.cells) for row in (*table.rows, table.total)} == {len(table.headings)}


def test_a_table_of_nothing_is_a_table_of_noughts() -> None:
    assert set(table_of((), SMALL).total.cells) == {"0"}
