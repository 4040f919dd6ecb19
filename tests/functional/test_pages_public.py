"""The pages anybody can read, and signing in."""

import csv
import io
import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.functional.serving import served
from tests.functional.visiting import Visitor, signed_in

PUBLIC = (
    "/",
    "/agreements/police/2017-01/",
    "/statistics/",
    "/statistics/2016/",
    "/ledger/",
    "/accessibility/",
    "/sign-in/",
    "/nothing-here/",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("pages")) as where:
        yield where


@pytest.fixture
def anybody(address: str) -> Visitor:
    return Visitor(address)


def test_the_first_page_says_that_the_home_office_has_had_no_agreement_since_2018(anybody: Visitor) -> None:
    page = anybody.get("/")
    assert page.status == 200
    assert "Nothing is given to Home Office: no agreement has been in force since 9 November 2018." in page.text
    assert "Home Office : nothing is shared. No agreement is in force." in page.text


def test_the_first_page_says_what_may_leave_for_what_who_decides_and_how_long_it_is_kept(anybody: Visitor) -> None:
    text = anybody.get("/").text
    for words in ("last known address", "To investigate a serious crime", "Two officers", "At most 180 days"):
        assert words in text
    assert "That was 23 days after it took effect." in text


def test_a_demonstration_says_on_every_page_that_it_is_made_up(anybody: Visitor) -> None:
    for path in PUBLIC:
        assert "Made-up data." in anybody.get(path).text, path


def test_an_agreement_stands_clause_by_clause_beside_its_rules(anybody: Visitor) -> None:
    page = anybody.get("/agreements/police/2017-01/")
    clause = page.html.split('id="c1.1"')[1].split("</section>")[0]
    assert "To investigate a serious crime." in clause
    assert "@id(&#34;gateway.crime&#34;)" in clause
    assert "Rules without a clause in the words" in page.text


def test_an_agreement_nobody_published_is_not_found_with_what_why_and_what_next(anybody: Visitor) -> None:
    page = anybody.get("/agreements/police/2099/")
    assert page.status == 404
    for words in ("The agreement was not found", "no such version", "choose one that is published"):
        assert words in page.text


def test_page_csv_and_json_of_the_statistics_tell_the_same_figures(anybody: Visitor) -> None:
    page = anybody.get("/statistics/2016/")
    table = list(csv.DictReader(io.StringIO(anybody.get("/statistics/2016.csv").html)))
    told = json.loads(anybody.get("/statistics/2016.json").html)
    assert [row["received"] for row in table] == [str(row["received"]) for row in (*told["rows"], told["total"])]
    assert "It adds up: 11,169 = 1,840 + 0 + 270 + 6,501 + 2,519 + 24 + 3 + 12." in page.text
    assert "None of this year’s is overdue." in page.text
    assert [row["destruction-overdue"] for row in table] == [
        str(row["destruction-overdue"]) for row in (*told["rows"], told["total"])
    ]
    for row in (*told["rows"], told["total"]):
        outcomes = [row[name] for name in row if name not in ("requester", "received", "destruction-overdue")]
        assert sum(outcomes) == row["received"]
        for count in (row["received"], *outcomes):
            assert f"{count:,}" in page.text


def test_a_year_without_requests_is_not_found(anybody: Visitor) -> None:
    for path in ("/statistics/1999/", "/statistics/1999.csv", "/statistics/1999.json"):
        assert anybody.get(path).status == 404


def test_the_ledger_page_gives_the_exact_command_and_the_checkpoint_alone_is_plain_text(anybody: Visitor) -> None:
    page = anybody.get("/ledger/")
    note = anybody.get("/ledger/checkpoint")
    assert "privity ledger verify ledger \\ --key custodian.example/ledger+1a2b3c4d+" in page.text
    assert f"{anybody.address}/ledger/checkpoint" in page.text
    assert note.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert note.html.startswith("custodian.example/ledger\n48128\n")


def test_hash_tiles_are_served_as_they_lie_and_entries_have_no_address(anybody: Visitor) -> None:
    tile = anybody.get("/ledger/tile/0/000")
    assert (tile.status, tile.headers["Content-Type"]) == (200, "application/octet-stream")
    assert "immutable" in tile.headers["Cache-Control"]
    assert "max-age=60" in anybody.get("/ledger/checkpoint").headers["Cache-Control"]
    for path in ("tile/entries/000", "tile/0/001", "tile/0/../../checkpoint", "ledger-key"):
        assert anybody.get(f"/ledger/{path}").status == 404


def test_unknown_and_wrong_are_told_the_same_thing(address: str) -> None:
    unknown, wrong = Visitor(address).sign_in("nobody", "x" * 12), Visitor(address).sign_in("okafor", "x" * 12)
    assert unknown.status == wrong.status == 422
    assert unknown.text == wrong.text
    assert "Your staff identifier or your password is not right" in wrong.text


def test_signing_in_leads_back_to_the_page_asked_for_and_never_to_another_site(address: str) -> None:
    visitor = Visitor(address)
    asked = visitor.get("/cases/?view=mine")
    assert asked.headers["Location"] == "/sign-in/?next=/cases/%3Fview%3Dmine"
    assert visitor.sign_in("okafor", after="/cases/?view=mine").headers["Location"] == "/cases/?view=mine"
    assert Visitor(address).sign_in("okafor", after="//evil.example/").headers["Location"] == "/cases/"


def test_after_signing_out_the_cases_are_closed(address: str) -> None:
    visitor = signed_in(address, "okafor")
    assert visitor.get("/cases/").status == 200
    assert visitor.post("/sign-out/", {}).status == 302
    assert visitor.get("/cases/").status == 302


def test_a_form_from_elsewhere_is_refused_with_a_page_of_ours(address: str) -> None:
    page = Visitor(address).post("/sign-in/", {"staff_id": "okafor", "password": "x"})
    assert page.status == 403
    assert "The form was not accepted" in page.text


@pytest.mark.parametrize("path", PUBLIC)
def test_no_page_holds_an_inline_style_a_bare_script_or_an_address_outside(anybody: Visitor, path: str) -> None:
    page = anybody.get(path)
    policy = page.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert "unsafe" not in policy
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page.html)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page.html)
    scripts = re.findall(r"<script\b[^>]*>", page.html)
    assert all("src=" in script or f'nonce="{nonce[1]}"' in script for script in scripts), scripts


def test_what_the_pages_name_is_there_to_be_fetched(anybody: Visitor) -> None:
    named = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', anybody.get("/").html))
    assert named == {
        "/static/privity/pages.css",
        "/static/privity/start.js",
        "/static/privity/images/mark.svg",
        "/static/privity/fonts/inter-latin-wght-normal.woff2",
    }
    for path in named:
        with urllib.request.urlopen(anybody.address + path, timeout=30) as answer:
            assert answer.status == 200


def test_the_program_says_that_it_lives_and_that_it_is_ready(anybody: Visitor) -> None:
    assert anybody.get("/healthz/live").html == "live\n"
    ready = anybody.get("/healthz/ready")
    assert (ready.status, ready.html) == (200, "ready\n")
    assert "no-store" in ready.headers["Cache-Control"]


def test_pages_without_an_instance_behind_them_say_so_and_are_not_ready(tmp_path: Path) -> None:
    with served(tmp_path / "shut", "--shut") as where:
        visitor = Visitor(where)
        assert visitor.get("/healthz/live").status == 200
        assert visitor.get("/healthz/ready").status == 503
        page = visitor.get("/")
        assert page.status == 503
        assert "privity serve" in page.text
