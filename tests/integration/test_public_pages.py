"""Published figures and agreements as anybody gets them from an instance, and as an auditor recomputes them."""

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.calendars import ENGLAND
from tests.fakes.corridor import Corridor
from tests.integration.test_situation_through_time import visitor as visitor  # noqa: PLC0414  the fixture is theirs

from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY
from privity.edge.commands.console import main
from privity.edge.tiles.export import export_log
from privity.errors import Mistaken
from privity.statistics.publication import Publication
from privity.statistics.quarter import Quarter
from privity.statistics.suppression import Suppression

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

QUARTER = Quarter(year=2017, number=1)
AFTERWARDS = datetime(2017, 4, 3, 9, tzinfo=UTC)


def published(
    instance: "Instance", setting: Suppression, at: datetime = AFTERWARDS, quarter: Quarter = QUARTER
) -> Publication:
    from privity.edge.wiring.public_statistics import publish_quarters

    (made,) = publish_quarters(
        instance.store, instance.log, [quarter], calendar=ENGLAND, setting=setting, by=GATEWAY, at=at
    )
    return made


def test_a_quarter_is_published_once_and_served_as_the_bytes_its_digest_names(
    visitor: "Client", instance: "Instance", corridor: Corridor
) -> None:
    corridor.sealed()
    made = published(instance, Suppression.EXACT)
    answer = visitor.get("/statistics/2017Q1/publication.json")
    assert sha256(answer.content).hexdigest() == made.sha256
    assert made.sha256 in answer["Content-Disposition"]
    rows = json.loads(answer.content)["requesters"]
    assert [row["outcomes"]["traced"] for row in rows] == [1]
    page = visitor.get("/statistics/2017Q1/").content.decode()
    assert "January to March 2017" in page
    assert visitor.get("/statistics/quarters/").status_code == 200
    with pytest.raises(Mistaken, match="are out"):
        published(instance, Suppression.BANDED)


def test_a_quarter_that_is_not_over_is_not_published(instance: "Instance") -> None:
    with pytest.raises(Mistaken, match="is not over"):
        published(instance, Suppression.EXACT, at=datetime(2017, 3, 31, 22, tzinfo=UTC))


def test_where_figures_are_banded_no_page_shows_an_exact_one(
    visitor: "Client", instance: "Instance", corridor: Corridor
) -> None:
    corridor.sealed()
    published(instance, Suppression.BANDED)
    assert "0-9" in visitor.get("/statistics/2017Q1/").content.decode()
    assert visitor.get("/statistics/")["Location"] == "/statistics/quarters/"
    for path in ("/statistics/2017.csv", "/statistics/2017.json"):
        assert visitor.get(path).status_code == 404
    with pytest.raises(Mistaken, match="no exact ones are out"):
        instance.desk.statistics(None, AFTERWARDS)  # what the interface asks, too


def test_a_year_with_a_banded_quarter_is_never_shown_for_less_its_exact_quarters_it_tells_what_the_bands_hide(
    visitor: "Client", instance: "Instance", corridor: Corridor
) -> None:
    corridor.sealed()
    published(instance, Suppression.BANDED)
    corridor.now = AFTERWARDS
    corridor.sealed()
    later = datetime(2017, 8, 3, 9, tzinfo=UTC)
    published(instance, Suppression.EXACT, at=later, quarter=Quarter(year=2017, number=2))
    assert visitor.get("/statistics/")["Location"] == "/statistics/quarters/"
    for path in ("/statistics/2017.csv", "/statistics/2017.json", "/statistics/2017/"):
        assert visitor.get(path).status_code in (302, 404)
    for year in (2017, None):
        with pytest.raises(Mistaken, match="no exact ones are out"):
            instance.desk.statistics(year, later)


def test_before_anything_is_published_nobody_sees_a_figure_and_the_page_says_when_there_will_be_one(
    visitor: "Client", instance: "Instance", corridor: Corridor
) -> None:
    corridor.sealed()
    assert visitor.get("/statistics/")["Location"] == "/statistics/quarters/"
    page = visitor.get("/statistics/quarters/").content.decode()
    assert "Figures come out when a quarter is over" in page
    assert visitor.get("/statistics/2017.json").status_code == 404
    with pytest.raises(Mistaken, match="no exact ones are out"):
        instance.desk.statistics(None, AFTERWARDS)


def test_the_live_table_stands_still_for_a_month_whatever_is_done_meanwhile(
    instance: "Instance", corridor: Corridor
) -> None:
    first = corridor.approved()
    published(instance, Suppression.EXACT)
    shown = instance.desk.statistics(2017, AFTERWARDS)
    assert (shown.total.received, shown.total.open, shown.until) == (1, 1, date(2017, 3, 31))
    assert instance.desk.statistics(None, corridor.now).until < civil_day(corridor.now).replace(day=1)
    corridor.now = AFTERWARDS
    corridor.withdraw(first)
    corridor.approved()
    assert instance.desk.statistics(2017, AFTERWARDS + timedelta(days=27)) == shown
    moved = instance.desk.statistics(2017, AFTERWARDS + timedelta(days=28))
    assert (moved.total.received, moved.total.withdrawn, moved.total.open) == (2, 1, 1)
    assert moved.until == date(2017, 4, 30)


def test_an_auditor_recomputes_a_publication_from_an_export_and_notices_a_changed_figure(
    instance: "Instance", corridor: Corridor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corridor.sealed()
    made = published(instance, Suppression.EXACT)
    export_log(instance.log, tmp_path / "ledger")
    file = tmp_path / made.file_name
    key = str(instance.note_signer.verifier)
    for text, code, said in (
        (made.text, 0, "Recomputed"),
        (made.text.replace(b'"traced":1', b'"traced":2'), 1, "Different"),
    ):
        file.write_bytes(text)
        assert main(["statistics", "verify", str(file), "--ledger", str(tmp_path / "ledger"), "--key", key]) == code
        assert said in capsys.readouterr().out


def test_an_auditor_finds_the_live_table_of_a_year_in_the_ledger_and_notices_a_changed_one(
    instance: "Instance", corridor: Corridor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from privity.edge.web.figures import as_json, figures

    corridor.sealed()
    published(instance, Suppression.EXACT)
    shown = as_json(figures(instance.desk.statistics(2017, AFTERWARDS)))
    corridor.now = AFTERWARDS
    corridor.approved()
    export_log(instance.log, tmp_path / "ledger")
    key, file = str(instance.note_signer.verifier), tmp_path / "requests-2017.json"
    changed = shown.replace('"traced": 1', '"traced": 0').replace('"open": 0', '"open": 1')
    late = shown.replace('"destruction-overdue": 0', '"destruction-overdue": 1')
    for text, code, said in (
        (shown, 0, "Recomputed"),
        (changed.replace("2017", "2016"), 1, "Different"),
        (late, 1, "Different"),
    ):
        file.write_text(text, encoding="utf-8")
        assert main(["statistics", "verify", str(file), "--ledger", str(tmp_path / "ledger"), "--key", key]) == code
        assert said in capsys.readouterr().out
    file.write_text(shown.replace('"traced": 1', '"traced": 2'), encoding="utf-8")
    assert main(["statistics", "verify", str(file), "--ledger", str(tmp_path / "ledger"), "--key", key]) == 2
    assert "do not add up" in capsys.readouterr().err


def test_the_pages_of_agreements_and_the_notice_are_there_before_anything_is_agreed(visitor: "Client") -> None:
    assert "No agreement has been published here." in visitor.get("/agreements/").content.decode()
    assert "Today nothing about you is given to anybody" in visitor.get("/notice/").content.decode()
    assert visitor.get("/agreements/register.csv").status_code == 200
    assert visitor.get("/agreements/police/2017-01/2018-01/").status_code == 404
