"""The pages in a real browser: for everybody, at the width of a desk and of a telephone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.fakes.cases import reference_of
from tests.functional.browsing import CHROMIUM, PHONE, faults, signed_in, spilt, tabs_to
from tests.functional.serving import PASSWORD, served

PUBLIC = ("/", "/agreements/police/2017-01/", "/statistics/", "/ledger/", "/accessibility/", "/sign-in/", "/nothing/")
REASONS = "The offence is grave, and nobody else can say where the suspect lives."

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


def case(name: str, further: str = "") -> str:
    return f"/cases/{reference_of(name)}/{further}"


OFFICERS = (
    "/cases/",
    "/cases/?reference=PRV-1",
    "/your-role/",
    case("judging-purpose"),
    case("half-judged"),
    case("collected"),
    case("to-approve", "questions/public_interest/"),
    case("identity-none", "identity/"),
    case("to-ask", "ask/"),
    case("to-release", "release/"),
)
GUARDIANS = (case("purpose-divided"), case("protected", "protected/"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("browsed")) as where:
        yield where


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_can_be_used_by_everybody(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page()
    assert faults(page, address, path) == []
    page.close()


def test_the_pages_of_officers_and_guardians_can_be_used_by_everybody(browser: Browser, address: str) -> None:
    for staff_id, paths in (("okafor", OFFICERS), ("lindqvist", GUARDIANS)):
        with signed_in(browser, address, staff_id, password=PASSWORD) as context:
            for path in paths:
                page = context.new_page()
                assert (path, faults(page, address, path)) == (path, [])
                page.close()


def test_an_officer_judges_a_purpose_without_javascript(browser: Browser, address: str) -> None:
    with signed_in(browser, address, "okafor", scripts=False, password=PASSWORD) as context:
        page = context.new_page()
        page.goto(address + case("without-script"))
        page.click("text=Record your view")
        page.check("#answer")
        page.check("#factor-serious-crime")
        page.fill("#reasons", REASONS)
        page.click("main button:has-text('Record your view')")
        page.wait_for_url(f"**{case('without-script')}")
        assert "Your view is recorded." in page.inner_text("main")


def test_an_officer_judges_a_purpose_by_keyboard_alone(browser: Browser, address: str) -> None:
    with signed_in(browser, address, "rahman", password=PASSWORD) as context:
        page = context.new_page()
        page.goto(address + case("short", "questions/public_interest/"))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
        tabs_to(page, "answer")
        page.keyboard.press("Space")
        tabs_to(page, "reasons")
        page.keyboard.type(REASONS)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{case('short')}")
        assert "Your view is recorded." in page.inner_text("main")


def test_two_presses_lead_past_everything_to_the_list_and_to_the_next_step(browser: Browser, address: str) -> None:
    focused = "document.activeElement.textContent.trim()"
    with signed_in(browser, address, "rahman", password=PASSWORD) as context:
        page = context.new_page()
        page.goto(address + "/cases/")
        for words in ("Skip to main content", "Skip to the list of cases"):
            page.keyboard.press("Tab")
            assert page.evaluate(focused) == words
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "queue-name"
        for _ in range(2):
            page.keyboard.press("Tab")
            if page.evaluate(focused).startswith("PRV-"):
                break
        assert page.evaluate(focused).startswith("PRV-")
        page.goto(address + case("to-divide"))
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate(focused) == "Skip to the next step"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(focused) == "Record your view"


def test_paper_has_the_whole_table_whole_references_and_no_way_around(browser: Browser, address: str) -> None:
    with signed_in(browser, address, "okafor", password=PASSWORD) as context:
        page = context.new_page()
        page.goto(address + "/cases/")
        page.emulate_media(media="print")
        around = (".nhsuk-header", ".desk-filter-shell", ".desk-views", ".nhsuk-button", ".nhsuk-footer")
        assert [gone for gone in around if page.is_visible(f"{gone} >> nth=0")] == []
        said = page.evaluate("getComputedStyle(document.querySelector('a[data-whole]'), '::after').content")
        assert re.fullmatch(r'"PRV-[0-9A-Z]{26}"', said)
        led = page.evaluate("getComputedStyle(document.querySelector('.desk-counts a'), '::after').content")
        assert led in ('""', "none"), "an address within the site is none on paper"
        assert page.evaluate("getComputedStyle(document.querySelector('.desk-queue')).breakInside") == "auto"
        page.goto(address + case("short"))
        assert page.is_visible("details.nhsuk-details >> nth=0 >> li >> nth=0"), "what is behind a press is printed"


def test_a_mistake_moves_the_reader_to_the_summary_and_from_there_to_the_field(browser: Browser, address: str) -> None:
    with signed_in(browser, address, "okafor", password=PASSWORD) as context:
        page = context.new_page()
        page.goto(address + case("to-divide", "questions/public_interest/"))
        page.click("main button:has-text('Record your view')")
        page.wait_for_selector(".nhsuk-error-summary:focus")
        page.click("text=Write your reasons >> nth=0")
        page.wait_for_selector("#reasons:focus")


def test_names_of_forty_letters_without_a_blank_make_no_page_wider_than_its_window(
    browser: Browser, address: str
) -> None:
    with signed_in(browser, address, "okafor", password=PASSWORD) as context:
        page = context.new_page()
        for path, width in ((path, width) for path in ("/cases/", case("collected")) for width in (1280, PHONE, 320)):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{address}{path}")
            page.evaluate(LENGTHEN, "Wolfeschlegelsteinhausenbergerdorffschmidt")
            assert (path, width, spilt(page)) == (path, width, 0)


LENGTHEN = """name => {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (words.nextNode()) if (/Police|Okafor/.test(words.currentNode.textContent)) found.push(words.currentNode);
  if (!found.length) throw new Error("no name stands on the page");
  for (const one of found) one.textContent = one.textContent.replace(/[A-Z][a-z]+/, name);
}"""
