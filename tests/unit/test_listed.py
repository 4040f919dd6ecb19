"""The queue as a file: no cell is a formula, no number is negative, and the order is the one given."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from privity.casework.desk import QueueLine
from privity.casework.lifecycle import OWNERS, Status
from privity.casework.listed import COLUMNS, listed_as_csv, plain_cell
from privity.definitions.reference import CaseReference

LINE = QueueLine(
    reference=CaseReference("PRV-" + "0" * 26),
    organisation="Kent Police",
    purpose="to-investigate",
    status=Status.JUDGING_PURPOSE,
    owner=OWNERS[Status.JUDGING_PURPOSE],
    received_on=date(2026, 11, 2),
    due=date(2026, 11, 30),
    working_days_left=5,
    urgent=False,
    assigned_to="A. Okafor",
)


def read(*lines: QueueLine) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(listed_as_csv(lines))))


def test_a_case_is_a_line_of_what_the_queue_shows() -> None:
    assert read(LINE) == [
        {
            "case": LINE.reference,
            "requester": "Kent Police",
            "purpose": "to-investigate",
            "status": "judging-purpose",
            "standing": Status.JUDGING_PURPOSE.words,
            "officer": "A. Okafor",
            "received_on": "2026-11-02",
            "due": "2026-11-30",
            "working_days_left": "5",
            "working_days_late": "0",
            "urgent": "no",
        }
    ]
    assert tuple(read(LINE)[0]) == COLUMNS


def test_a_late_case_is_so_many_days_late_and_a_stopped_clock_has_none() -> None:
    late, stopped = replace(LINE, working_days_left=-3, urgent=True), replace(LINE, working_days_left=None, due=None)
    found = [(one["due"], one["working_days_left"], one["working_days_late"]) for one in read(late, stopped)]
    assert found == [("2026-11-30", "0", "3"), ("", "", "")]
    assert read(late)[0]["urgent"] == "yes"


@pytest.mark.parametrize("name", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "  @x"])
def test_what_starts_like_a_formula_is_text(name: str) -> None:
    assert plain_cell(name) == f"'{name}"
    assert read(replace(LINE, assigned_to=name))[0]["officer"].startswith("'")


@pytest.mark.parametrize("name", ["", "A. Okafor", "O'Neill", "Smith-Jones", "a@b.example", "1+1"])
def test_other_text_stays_as_it_is(name: str) -> None:
    assert plain_cell(name) == name


def test_the_order_is_the_one_given_and_the_reader_has_their_own_words() -> None:
    second = replace(LINE, organisation='Essex Police, "East"')
    assert [one["requester"] for one in read(second, LINE)] == ['Essex Police, "East"', "Kent Police"]
    assert "standing in other words" in listed_as_csv([LINE], lambda _: "standing in other words")
    assert read() == []
