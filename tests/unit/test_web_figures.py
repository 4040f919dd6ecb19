"""The public table: rows that add up, and bars of one scale."""

import csv
import json
from dataclasses import replace
from datetime import date

import pytest

from privity.casework.desk import StatisticsLine, StatisticsView
from privity.edge.web.chart import GAP, WIDTH, bars
from privity.edge.web.figures import OUTCOMES, as_csv, as_json, figures
from privity.errors import Impossible
from privity.statistics.live import read_live_table

POLICE = StatisticsLine(
    requester="Police",
    received=12,
    rejected=1,
    unreadable=2,
    refused=2,
    traced=3,
    untraced=2,
    withdrawn=1,
    held=0,
    open=1,
)
NOBODY = StatisticsLine(requester="Nobody", received=0, **dict.fromkeys(OUTCOMES, 0))
VIEW = StatisticsView(
    year=2017,
    years=(2017,),
    until=date(2017, 10, 31),
    lines=(POLICE, NOBODY),
    total=replace(POLICE, requester="All"),
)


def test_a_row_that_does_not_add_up_is_never_shown() -> None:
    with pytest.raises(Impossible, match="does not add up"):
        figures(replace(VIEW, lines=(replace(POLICE, open=0),)))


def test_a_total_that_is_not_the_sum_of_its_columns_is_never_shown() -> None:
    crossed = replace(VIEW.total, traced=2, untraced=3)
    with pytest.raises(Impossible, match="`traced` is not the sum"):
        figures(replace(VIEW, total=crossed))


def test_the_csv_has_one_row_a_requester_and_a_total() -> None:
    lines = as_csv(figures(VIEW)).split("\r\n")
    assert lines[0] == "year,requester,received," + ",".join((*OUTCOMES, "destruction-overdue", "until"))
    assert lines[1:4] == [
        "2017,Police,12,1,2,2,3,2,1,0,1,0,2017-10-31",
        "2017,Nobody,0,0,0,0,0,0,0,0,0,0,2017-10-31",
        "2017,All,12,1,2,2,3,2,1,0,1,0,2017-10-31",
    ]


def test_what_is_downloaded_from_a_demonstration_says_so_in_every_row_and_is_read_back() -> None:
    real, invented = (
        list(csv.DictReader(as_csv(figures(VIEW), made_up=made_up).splitlines())) for made_up in (False, True)
    )
    assert {row["made-up"] for row in invented} == {"yes"}
    assert not any("made-up" in row for row in real)
    told = as_json(figures(VIEW), made_up=True).encode()
    assert json.loads(told)["made-up"] is True
    assert read_live_table(told) == read_live_table(as_json(figures(VIEW)).encode())


def test_every_count_is_drawn_in_the_box_and_no_two_segments_touch() -> None:
    longest, empty = bars(figures(VIEW))
    assert empty.segments == ()
    assert {segment.outcome: segment.count for segment in longest.segments} == {
        "traced": 3, "untraced": 2, "refused": 2, "rejected": 1, "unreadable": 2, "withdrawn": 1, "open": 1,
    }  # fmt: skip
    for left, right in zip(longest.segments, longest.segments[1:], strict=False):
        assert right.start - (left.start + left.width) == pytest.approx(GAP)
    assert longest.segments[-1].start + longest.segments[-1].width <= WIDTH
