"""Somebody at a page that nobody touches: told before they are signed out, and told that they were."""

import pytest
from playwright.sync_api import Browser, expect
from tests.functional.browsing import CHROMIUM, signs_in
from tests.functional.test_demo import Demo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]
MINUTE = 60 * 1000


def test_whoever_is_away_is_told_before_and_after_they_are_signed_out(
    browser: Browser, world: tuple[str, Demo]
) -> None:
    address, _demo = world
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    signs_in(page, address, "a.okafor")
    page.goto(f"{address}/cases/")
    warning = page.locator("#leaving")
    page.clock.fast_forward(20 * MINUTE)
    page.clock.run_for(6_000)
    assert warning.inner_text() == "", "nobody is hurried before it is time"
    page.clock.fast_forward(6 * MINUTE)
    page.clock.run_for(6_000)
    assert "within five minutes" in warning.inner_text()
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_empty()
    context.clear_cookies()
    page.clock.fast_forward(6 * MINUTE)
    page.locator("#reference").evaluate("field => field.dispatchEvent(new Event('input', {bubbles: true}))")
    expect(warning).not_to_be_empty()
    assert "copy it, sign in again" in warning.inner_text(), "what was typed is not lost unseen"
    context.close()
