"""Administrators, auditors and a new person in a real browser: passkeys, keyboard alone, no script, both widths."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.functional.browsing import CHROMIUM, PASSWORD, PHONE, faults, serving, signed_in, signs_in, tabs_to
from tests.functional.test_demo import Demo, a_demo

HALF = re.compile(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}")
KEEPERS = (
    "/administration/",
    "/administration/people/",
    "/administration/people/new/",
    "/administration/people/a.okafor/",
    "/administration/waiting/",
    "/administration/organisations/",
    "/administration/certificates/",
    "/administration/systems/",
    "/administration/bank-holidays/",
    "/administration/agreements/",
    "/your-account/",
    "/your-account/second-proof/",
)
AUDITORS = ("/audit/", "/audit/entries/0/", "/audit/entries/30/")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return a_demo(tmp_path_factory.mktemp("people") / "privity-demo")


@pytest.fixture(scope="module")
def address(demo: Demo) -> Iterator[str]:
    """Serve the demonstration under the name `localhost`, which passkeys can be made for."""
    with serving(demo, host="localhost") as where:
        yield where


@pytest.mark.parametrize(("staff_id", "paths"), [("m.ford", KEEPERS), ("t.auditor", AUDITORS)])
def test_the_pages_of_administrators_and_auditors_can_be_used_by_everybody(
    browser: Browser, address: str, staff_id: str, paths: tuple[str, ...]
) -> None:
    with signed_in(browser, address, staff_id) as context:
        for path in paths:
            page = context.new_page()
            assert (path, faults(page, address, path)) == (path, [])
            page.close()


def test_a_passkey_is_made_in_a_browser_and_signs_in_with_it(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": PHONE, "height": 844}) as context:
        page = context.new_page()
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        signs_in(page, address, "c.mistry")
        page.goto(f"{address}/your-account/second-proof/")
        page.fill("#called", "made-up telephone")
        page.click("text=Make a passkey >> nth=-1")
        page.wait_for_selector("text=Your recovery codes")
        codes = HALF.findall(page.inner_text("main"))
        assert len(codes) == 10
        page.click("text=I have kept them")
        page.goto(f"{address}/your-account/")
        assert "made-up telephone" in page.inner_text("main")
        page.click("header button:has-text('Sign out')")
        signs_in(page, address, "c.mistry")
        page.wait_for_url("**/sign-in/second/")
        assert [one["id"] for one in Axe().run(page).response["violations"]] == []
        page.click("button:has-text('Use a passkey')")
        page.wait_for_url("**/cases/")
        page.click("header button:has-text('Sign out')")
        signs_in(page, address, "c.mistry")
        page.fill("#code", codes[0])
        page.press("#code", "Enter")
        page.wait_for_url("**/cases/")


def test_an_app_is_enrolled_and_asked_for_without_javascript(browser: Browser, address: str) -> None:
    with signed_in(browser, address, "d.kowalska", scripts=False) as context:
        page = context.new_page()
        page.goto(f"{address}/your-account/second-proof/")
        app = pyotp.TOTP((page.text_content("details .desk-reference") or "").replace(" ", ""))
        page.fill("#code", app.now())
        page.press("#code", "Enter")
        assert "Your recovery codes" in page.inner_text("main")
        codes = HALF.findall(page.inner_text("main"))
        page.click("header button:has-text('Sign out')")
        signs_in(page, address, "d.kowalska")
        assert page.url == f"{address}/sign-in/second/"
        page.fill("#code", app.now())
        page.press("#code", "Enter")
        assert "was used already" in page.inner_text(".nhsuk-error-summary")
        page.fill("#code", codes[1])
        page.press("#code", "Enter")
        assert page.url == f"{address}/cases/"


def test_two_administrators_enrol_a_person_by_keyboard_alone(browser: Browser, address: str) -> None:
    with signed_in(browser, address, "m.ford") as context:
        page = context.new_page()
        page.goto(f"{address}/administration/people/new/")
        for field, typed in (("name", "Nia Newcomer"), ("staff_id", "n.newcomer")):
            tabs_to(page, field)
            page.keyboard.type(typed)
        tabs_to(page, "role")
        page.keyboard.type("Audi")
        press_button(page, "Put forward")
        assert "Hand this over now" in page.inner_text("main")
        first = HALF.findall(page.inner_text("main"))
    with signed_in(browser, address, "n.shah") as context:
        page = context.new_page()
        page.goto(f"{address}/administration/waiting/")
        assert "Nia Newcomer" in page.inner_text("main")
        press_button(page, "Confirm n.newcomer")
        second = HALF.findall(page.inner_text("main"))
    assert len(first) == len(second) == 1
    with browser.new_context(viewport={"width": PHONE, "height": 844}) as context:
        page = context.new_page()
        page.goto(f"{address}/sign-in/set-up/")
        halves = {"staff_id": "n.newcomer", "first": first[0], "second": second[0]}
        for field, value in {**halves, "password": PASSWORD, "again": PASSWORD}.items():
            tabs_to(page, field)
            page.keyboard.type(value)
        press_button(page, "Set the password")
        signs_in(page, address, "n.newcomer")
        page.wait_for_url("**/audit/")


def press_button(page: Page, words: str) -> None:
    for _ in range(80):
        held = page.evaluate("document.activeElement.tagName + '|' + document.activeElement.textContent")
        if held.startswith("BUTTON|") and " ".join(held[7:].split()) == words:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the button `{words}` cannot be reached with the Tab key")
