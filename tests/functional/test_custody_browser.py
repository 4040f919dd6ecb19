"""The custodian's and the department's pages in a real browser, over the demonstration as it is served.

At the width of a desk and of a telephone, by keyboard alone, and without JavaScript.
"""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route
from tests.functional.browsing import CHROMIUM, PHONE, faults, serving, signed_in, spilt, tabs_to
from tests.functional.test_demo import Demo, a_demo

REASONS = "I looked at who is registered there and at what the request says. (made up)"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return a_demo(tmp_path_factory.mktemp("custody") / "privity-demo")


@pytest.fixture(scope="module")
def address(demo: Demo) -> Iterator[str]:
    with serving(demo) as where:
        yield where


def cases_in(demo: Demo, status: str) -> list[str]:
    """Return the addresses of the demonstration's cases in a status."""
    listed = [
        case
        for view in ("open", "closed")
        for case in json.loads(demo.run("case", "list", "--view", view, "--json").stdout)["cases"]
    ]
    return [f"/cases/{case['case']}/" for case in listed if case["status"] == status]


def case_in(demo: Demo, status: str) -> str:
    """Return the address of the first case in a status."""
    return cases_in(demo, status)[0]


def test_the_pages_beside_queue_and_case_can_be_used_by_everybody(browser: Browser, address: str, demo: Demo) -> None:
    identified, sent = case_in(demo, "identified"), case_in(demo, "sent")
    visits = {
        "a.okafor": (
            f"{identified}safety/",
            f"{sent}holds/",
            f"{sent}incidents/",
            f"{identified}assign/",
            "/workload/",
        ),
        "g.hale": ("/guardian/", "/guardian/overrides/", "/guardian/samples/", "/guardian/suspension/"),
        "d.oversight": ("/oversight/", "/challenges/"),
    }
    for staff_id, paths in visits.items():
        with signed_in(browser, address, staff_id) as context:
            for path in paths:
                page = context.new_page()
                assert (path, faults(page, address, path)) == (path, [])
                page.close()


TILL_ON_ONE_LINE = """async () => {
  const menu = document.querySelector(".nhsuk-header__navigation-list");
  for (let frame = 0; frame < 600 && menu.offsetHeight >= 80; frame++) await new Promise(requestAnimationFrame);
  return menu.offsetHeight < 80;
}"""


def test_the_menu_fits_also_where_the_letters_arrive_after_it_was_measured(browser: Browser, address: str) -> None:
    with signed_in(browser, address, "g.hale") as context:
        page = context.new_page()
        letters: list[Route] = []
        page.route("**/*.woff2", lambda asked, _: letters.append(asked))
        page.goto(f"{address}/guardian/", wait_until="domcontentloaded")
        page.wait_for_selector(".nhsuk-header__menu:not([hidden])")
        assert letters
        assert spilt(page) == 0
        for asked in letters:
            asked.continue_()
        assert page.evaluate("document.fonts.load('1rem \"Inter Variable\"').then(found => found.length)") > 0
        assert spilt(page) == 0
        assert page.evaluate(TILL_ON_ONE_LINE)
        assert spilt(page) == 0


def test_the_safety_screen_is_taken_by_keyboard_alone(browser: Browser, address: str, demo: Demo) -> None:
    with signed_in(browser, address, "a.okafor") as context:
        page = context.new_page()
        page.goto(f"{address}{case_in(demo, 'identified')}safety/")
        for name in ("danger-at-home", "others-at-risk", "change-unexplained"):
            tabs_to(page, name)
            page.keyboard.press("Space")
        tabs_to(page, "course")
        page.keyboard.press("Space")
        tabs_to(page, "reasons")
        page.keyboard.type(REASONS)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/cases/PRV-[0-9A-Z]+/$"))
        assert "The screen is recorded." in page.inner_text("main")


def test_a_letter_is_read_and_posted_on_a_telephone_without_javascript(
    browser: Browser, address: str, demo: Demo
) -> None:
    case = case_in(demo, "forwarding")
    for staff_id in ("a.okafor", "b.lewis", "c.mistry"):
        with signed_in(browser, address, staff_id, scripts=False) as context:
            page = context.new_page()
            page.set_viewport_size({"width": PHONE, "height": 844})
            page.goto(f"{address}{case}")
            if "Your letter waits for a colleague" in page.inner_text("main"):
                continue
            page.click("main a:has-text('Read the letter')")
            page.check("#read")
            page.click("main button:has-text('Record that it is posted')")
            assert "The letter is on its way." in page.inner_text("main")
            return
    raise AssertionError("nobody could post the letter")


def test_the_way_back_after_a_view_leads_to_no_second_one(browser: Browser, address: str, demo: Demo) -> None:
    with signed_in(browser, address, "c.mistry") as context:
        page = context.new_page()
        for case in cases_in(demo, "judging-purpose"):
            page.goto(f"{address}{case}")
            if page.locator("main a:has-text('Record your view')").count():
                break
        page.click("main a:has-text('Record your view')")
        page.check("#answer")
        page.fill("#reasons", REASONS)
        page.click("main button:has-text('Record your view')")
        page.wait_for_url(f"**{case}")
        page.go_back()
        assert not page.locator("main button:has-text('Record your view')").count(), "the form is not offered again"
        page.goto(f"{address}{case}")
        assert page.inner_text("main").count(REASONS) == 1
