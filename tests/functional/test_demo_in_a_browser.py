"""The demonstration as it is served, in a real browser: what is shared, figures, queue, one case, ledger."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from tests.functional.browsing import CHROMIUM, PHONE, chromium, serving
from tests.functional.test_demo import Demo, a_demo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return a_demo(tmp_path_factory.mktemp("served") / "privity-demo")


@pytest.fixture(scope="module")
def address(demo: Demo) -> Iterator[str]:
    with serving(demo) as where:
        yield where


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        seen = browser.new_page(viewport={"width": PHONE, "height": 844})
        complaints: list[str] = []
        seen.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        seen.on("pageerror", lambda error: complaints.append(str(error)))
        yield seen
        assert complaints == []


def test_a_person_with_a_phone_reads_what_is_shared_how_often_and_where_the_ledger_stands(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/")
    said = page.inner_text("main")
    assert "Made-up data" in page.inner_text("body")
    assert "no agreement has been in force since 9 November 2018" in said

    page.goto(f"{address}/statistics/")
    assert "It adds up" in page.inner_text("main")

    page.goto(f"{address}/ledger/")
    assert "privity.example/ledger/" in page.inner_text("main")


def test_an_officer_signs_in_and_finds_a_living_desk_and_a_case_with_its_history(page: Page, address: str) -> None:
    page.goto(f"{address}/cases/")
    page.fill("input[name=staff_id]", "c.mistry")
    page.fill("input[name=password]", "open-the-register-please")
    page.click("button[type=submit]")
    assert page.url == f"{address}/cases/"
    shown = page.inner_text("main")
    for words in ("Overdue", "Purpose review", "Waiting for the requester"):
        assert words in shown

    page.click("a[href^='/cases/PRV-']")

    case = page.inner_text("main")
    assert "History" in case
    assert "Ledger entry" in case
    assert "What the agreement says" in case
