"""The first page is true at every moment: in force, suspended, announced and unwritten, ended, with no agreement."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from html import unescape
from re import sub
from typing import TYPE_CHECKING

import pytest

from privity.casework.enrol import publish
from privity.edge.demonstration.cast import GUARDIAN, OFFICERS
from privity.edge.settings.shelf import default_shelf, shelf_files

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance


@pytest.fixture
def visitor(instance: "Instance") -> "Iterator[Client]":
    """Return somebody at the public pages of an instance in which nobody has acted yet."""
    from django.test import Client

    from privity.edge.web import door, public_door
    from privity.edge.wiring.public_desk import public_desk

    door.open_with(instance.desk)
    public_door.open_public_with(public_desk(instance))
    yield Client(SERVER_NAME="127.0.0.1")
    door._DESK.desk, public_door._DESK.desk = None, None


BEGINS = datetime(2017, 1, 1, 9, tzinfo=UTC)
HAPPENED = (
    ("version", "2017-01", date(2017, 1, 1)),
    ("renewal", "2017-12-20-renewal", date(2017, 12, 20)),
    ("announcement", "2018-05", date(2018, 5, 9)),
    ("suspension", "2018-05-09-queue", date(2018, 5, 9)),
    ("withdrawal", "2018-11-09-withdrawal", date(2018, 11, 9)),
)


FILES = shelf_files(default_shelf())["home-office"]


def home_office(instance: "Instance", *kinds: str, files: Mapping[str, str] = FILES) -> None:
    """Publish what happened to the Home Office's agreement, of these kinds only."""
    for kind, name, day in HAPPENED:
        if kind in kinds:
            with instance.store.unit() as unit:
                publish(
                    unit,
                    family="home-office",
                    number=instance.agreements.publications("home-office") + 1,
                    kind=kind,
                    name=name,
                    sha256=instance.agreements.keep(files),
                    in_force_from=day,
                    by=OFFICERS[0],
                    seconded_by=GUARDIAN,
                    at=max(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), BEGINS),
                )


def read(visitor: "Client", monkeypatch: pytest.MonkeyPatch, day: date, path: str = "/") -> str:
    from privity.edge.web import door

    monkeypatch.setattr(door, "now", lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    main = visitor.get(path).content.decode().partition("<main")[2]
    return " ".join(unescape(sub(r"<[^>]+>", " ", main)).split())


def test_while_an_agreement_is_in_force_the_page_says_since_when_and_how_late_it_was_published(
    visitor: "Client", instance: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    home_office(instance, "version", "renewal", "announcement", "suspension", "withdrawal")
    page = read(visitor, monkeypatch, date(2017, 6, 1))
    assert "The Home Office can be given some of your details today. Nobody else can." in page
    assert "In force since 1 January 2017." in page
    assert "That was 23 days after it took effect." in page
    assert "announced" not in page, "what lies ahead is not told as if it were now"
    assert "1 January 2017: Home Office, a new text took effect" in page


def test_on_the_day_of_the_fact_sheet_the_page_says_suspended_and_announced_and_unwritten(
    visitor: "Client", instance: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    home_office(instance, "version", "renewal", "announcement", "suspension", "withdrawal")
    page = read(visitor, monkeypatch, date(2018, 7, 17))
    assert "Nothing about you is given to anybody here today." in page
    assert "Nothing is given to the Home Office: requests have been on hold since 9 May 2018." in page
    assert "New terms were announced on 9 May 2018. Nobody has written them down as an agreement." in page
    assert "20 December 2017: Home Office, the text was confirmed" in page
    assert "Today nothing about you is given to anybody through this service." in page
    notice = read(visitor, monkeypatch, date(2018, 7, 17), "/notice/")
    assert "Home Office: nothing is shared. The agreement is suspended." in notice
    leaflet = read(visitor, monkeypatch, date(2018, 7, 17), "/leaflet/")
    assert "Home Office: nothing is given out. Requests have been on hold since 9 May 2018." in leaflet
    assert "new terms were announced on 9 May 2018. Nobody has written them down." in leaflet


def test_announced_terms_change_nothing_about_an_agreement_that_is_still_in_force(
    visitor: "Client", instance: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    home_office(instance, "version", "announcement")
    page = read(visitor, monkeypatch, date(2018, 7, 17))
    assert "In force since 1 January 2017." in page
    assert "They are not written down, so they change nothing here." in page
    assert "to investigate an immigration offence" in page, "the text of 2017 is what counts"


def test_after_the_end_nothing_is_given_and_the_announcement_is_history(
    visitor: "Client", instance: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    home_office(instance, "version", "renewal", "announcement", "suspension", "withdrawal")
    page = read(visitor, monkeypatch, date(2018, 12, 1))
    assert "Nothing is given to the Home Office: no agreement has been in force since 9 November 2018." in page
    assert "They are not written down" not in page
    assert "9 May 2018: Home Office, new terms were announced, and not written down" in page


def test_with_no_agreement_at_all_nothing_is_shared_with_anybody(
    visitor: "Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    page = read(visitor, monkeypatch, date(2017, 6, 1))
    assert "No agreement has been published here. Nothing is shared with anybody." in page
    assert "Nothing about you is given to anybody here today." in page
    assert "Nobody can ask here." in read(visitor, monkeypatch, date(2017, 6, 1), "/leaflet/")


def test_agreements_online_show_plan_papers_and_what_a_change_means(
    visitor: "Client", instance: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    home_office(instance, "version", "renewal", "announcement", "suspension", "withdrawal")
    day = date(2018, 12, 1)
    listed = read(visitor, monkeypatch, day, "/agreements/")
    assert "In effect for 23 days before it was published." in listed
    assert "(announced, never written down)" in listed
    assert "What changed from 2017-01 to 2018-05" in listed
    change = read(visitor, monkeypatch, day, "/agreements/home-office/2017-01/2018-05/")
    assert "Neither is stricter: some requests are newly possible, and others are newly refused." in change
    assert "Newly possible: the Home Office asks for last known address, to consider the deportation" in change
    assert "Word by word" in change
    papers = read(visitor, monkeypatch, day, "/agreements/home-office/2017-01/papers/")
    assert "Assessed the effect on data protection None published." in papers
    assert "What the health committee of the House of Commons said" in papers
    plan = read(visitor, monkeypatch, day, "/plans/home-office/")
    assert "How far: not on record" in plan
    for path in (
        "/plans/police/",
        "/agreements/home-office/2017-01/2018-05-plan/",
        "/agreements/police/2017-01/papers/",
    ):
        assert visitor.get(path).status_code == 404, path


def test_a_meaning_that_is_of_other_texts_is_not_shown(
    visitor: "Client", instance: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = FILES["2018-05/meaning.yaml"]
    files = {**FILES, "2018-05/meaning.yaml": kept.replace("before_sha256: ", "before_sha256: 00")}
    home_office(instance, "version", "announcement", files=files)
    change = read(visitor, monkeypatch, date(2018, 12, 1), "/agreements/home-office/2017-01/2018-05/")
    assert "This was not worked out for these two texts." in change
    assert "Newly possible" not in change


def test_the_leaflet_is_served_as_a_pdf_in_both_sizes(
    visitor: "Client", instance: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("typst", reason="typst is not installed")
    home_office(instance, "version")
    for path in ("/leaflet.pdf", "/leaflet-large.pdf"):
        answer = visitor.get(path)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
