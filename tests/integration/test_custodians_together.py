"""Several custodians' figures on one page: what each published, added up, and nobody's changed."""

import csv
import io
from argparse import Namespace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import Corridor
from tests.fakes.published import a_world, ledger_of, published_quarters
from tests.integration.test_public_pages import published
from tests.integration.test_situation_through_time import visitor as visitor  # noqa: PLC0414  the fixture is theirs

from privity.errors import Mistaken
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.statistics.combine import combine
from privity.statistics.publication import Publication
from privity.statistics.suppression import Suppression

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

PAGE, TABLE = "/statistics/2017Q1/together/", "/statistics/2017Q1/together.csv"


def of_another(setting: Suppression, seed: int, *, made_up: bool = False) -> Publication:
    """Return what another custodian, or another demonstration, published of the first quarter of 2017."""
    entries = ledger_of(a_world(Random(seed)), seed)
    if made_up:
        first = Entry(kind=EntryKind.INSTANCE_OPENED, at=entries[0].at, eid=bytes(16), facts={"demonstration": True})
        entries = [first, *entries]
    every = published_quarters(entries, setting, origin=f"custodian-{seed}.example/ledger")
    return next(made for made in every if made.quarter.name == "2017Q1")


@pytest.fixture
def others(tmp_path: Path) -> tuple[Path, Path]:
    """Return files of two more custodians, one of them in bands."""
    files = []
    for setting, seed in ((Suppression.EXACT, 1), (Suppression.BANDED, 2)):
        made = of_another(setting, seed)
        (tmp_path / made.file_name).write_bytes(made.text)
        files.append(tmp_path / made.file_name)
    return files[0], files[1]


def include(instance: "Instance", *files: Path) -> int:
    """Do what the command does, in this process, which has the instance open already."""
    from privity.edge.commands import statistics_instance

    return statistics_instance._include(instance, Namespace(publications=list(files), json=False))


def test_three_custodians_are_added_up_and_ranges_are_told_as_ranges(
    visitor: "Client", instance: "Instance", corridor: Corridor, others: tuple[Path, Path]
) -> None:
    corridor.sealed()
    published(instance, Suppression.EXACT)
    assert visitor.get(PAGE).status_code == 404
    assert "other custodian" not in visitor.get("/statistics/2017Q1/").content.decode()
    assert include(instance, *others) == 0
    assert include(instance, *others) == 0, "once more changes nothing"
    assert "those of 2 other custodians" in visitor.get("/statistics/2017Q1/").content.decode()
    page = visitor.get(PAGE).content.decode()
    for words in ("custodian-1.example/ledger", "custodian-2.example/ledger", "(this custodian)", "the sum is a range"):
        assert words in page
    rows = list(csv.DictReader(line for line in visitor.get(TABLE).content.decode().splitlines() if line[0] != "#"))
    police = next(row for row in rows if row["requester"] == "police")
    exact = next(row for row in of_another(Suppression.EXACT, 1).contents["requesters"] if row["requester"] == "police")  # type: ignore[attr-defined]  # a list of rows
    least = exact["outcomes"]["traced"] + 1
    assert int(police["traced:least"]) >= least
    assert int(police["traced:most"]) > int(police["traced:least"])
    assert {row["period"] for row in rows} == {"2017Q1"}


def test_figures_of_our_own_twice_or_changed_are_not_included(
    instance: "Instance", others: tuple[Path, Path], tmp_path: Path
) -> None:
    exact, banded = others
    assert include(instance, exact) == 0
    theirs = of_another(Suppression.BANDED, 1)
    (tmp_path / "again.json").write_bytes(theirs.text)
    own = published(instance, Suppression.EXACT)
    (tmp_path / "own.json").write_bytes(own.text)
    (tmp_path / "text.json").write_text("{}", encoding="utf-8")
    wrong = exact.read_bytes().replace(b'"traced":', b'"traced":"x","z":', 1)
    (tmp_path / "wrong.json").write_bytes(wrong)
    before = sorted(instance.data.other_custodians.iterdir())
    for name, why in (
        ("again.json", "figures never change"),
        ("own.json", "counted already"),
        ("text.json", "not those of a publication"),
        ("wrong.json", "was not read"),
    ):
        with pytest.raises(Mistaken, match=why):
            include(instance, banded, tmp_path / name)
        assert sorted(instance.data.other_custodians.iterdir()) == before, "all of them or none"


def test_invented_figures_are_not_added_to_real_ones(instance: "Instance", tmp_path: Path) -> None:
    made = of_another(Suppression.EXACT, 1, made_up=True)
    (tmp_path / made.file_name).write_bytes(made.text)
    with pytest.raises(Mistaken, match="a demonstration's, and invented"):
        include(instance, tmp_path / made.file_name)
    with pytest.raises(Mistaken, match="some are of a demonstration"):
        combine([made, of_another(Suppression.EXACT, 2)])


def test_a_file_that_cannot_be_read_shows_no_page_rather_than_a_sum_without_it(
    visitor: "Client", instance: "Instance", others: tuple[Path, Path]
) -> None:
    published(instance, Suppression.EXACT)
    assert include(instance, *others) == 0
    (instance.data.other_custodians / "spoilt.json").write_text("{", encoding="utf-8")
    assert visitor.get(PAGE).status_code == 404
    assert visitor.get("/statistics/2017Q1/").status_code == 200, "our own figures stay"


def test_the_table_names_each_publication_by_its_digest(
    visitor: "Client", instance: "Instance", others: tuple[Path, Path]
) -> None:
    assert include(instance, *others) == 0
    head = [line for line in io.StringIO(visitor.get(TABLE).content.decode()) if line.startswith("#")]
    assert len(head) == 3
    assert all("sha256" in line for line in head[1:])
