"""Two clicks, two officers and a day nobody expected, in real browsers in front of the real database."""

import sqlite3
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser
from tests.functional.browsing import CHROMIUM, sits_down
from tests.functional.test_demo import Demo

from privity.ledger.entry_kind import EntryKind

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]
FIRST, SECOND, ADMINISTRATOR = "a.okafor", "c.mistry", "m.ford"


def rows(demo: Demo, asked: str, *filled: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(demo.data / "privity.sqlite") as database:
        return database.execute(asked, filled).fetchall()


def judged_cases(demo: Demo) -> list[str]:
    """Return cases nobody has judged yet, the newest first."""
    asked = "SELECT reference FROM state WHERE status = 'judging-purpose' AND assigned_to = '' ORDER BY due DESC"
    return [reference for (reference,) in rows(demo, asked)]


def times_taken(demo: Demo, reference: str) -> int:
    kind = EntryKind.ASSIGNMENT_CHANGED.value
    ((count,),) = rows(demo, "SELECT COUNT(*) FROM history WHERE reference = ? AND kind = ?", reference, kind)
    return int(count)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_a_double_click_acts_once(browser: Browser, world: tuple[str, Demo], scripts: bool) -> None:
    address, demo = world
    reference = judged_cases(demo)[0]
    officer = sits_down(browser, address, FIRST, scripts=scripts)
    page = officer.at(f"/cases/{reference}/")
    page.locator("main button:has-text('Take this case')").dblclick()
    page.wait_for_load_state("networkidle")
    assert "In charge: Adaeze Okafor" in officer.at(f"/cases/{reference}/").inner_text("main")
    assert times_taken(demo, reference) == 1
    officer.leaves()


def test_of_two_officers_who_press_on_one_case_the_later_is_told_and_changes_nothing(
    browser: Browser, world: tuple[str, Demo]
) -> None:
    address, demo = world
    reference = judged_cases(demo)[0]
    first, second = (sits_down(browser, address, who) for who in (FIRST, SECOND))
    for officer in (first, second):
        officer.at(f"/cases/{reference}/")
    first.presses("Take this case")
    second.presses("Take this case")
    assert "There is a problem" in second.says()
    assert "In charge: Adaeze Okafor" in second.at(f"/cases/{reference}/").inner_text("main")
    assert times_taken(demo, reference) == 1
    first.leaves()
    second.leaves()


def test_a_bank_holiday_proclaimed_late_moves_an_open_case_and_the_case_says_so(
    browser: Browser, world: tuple[str, Demo]
) -> None:
    address, demo = world
    ((reference, due),) = rows(
        demo, "SELECT reference, due FROM state WHERE closed_on = '' AND due <> '' ORDER BY due DESC LIMIT 1"
    )
    # A Tuesday to Thursday before the day it is due: no bank holiday of the list falls on one of these by chance.
    late = date.fromisoformat(due) - timedelta(days=7)
    late -= timedelta(days={0: 4, 4: 1, 5: 2, 6: 3}.get(late.weekday(), 0))
    keeper = sits_down(browser, address, ADMINISTRATOR)
    page = keeper.at("/administration/bank-holidays/")
    page.fill("input[name=day]", late.isoformat())
    page.fill("input[name=name]", "Day of thanksgiving")
    keeper.presses("Put on record")
    assert "moved" in keeper.says()
    officer = sits_down(browser, address, FIRST)
    told = officer.at(f"/cases/{reference}/").inner_text("main")
    assert "Due date moved" in told
    assert "was proclaimed a bank holiday (Day of thanksgiving)" in told
    ((moved,),) = rows(demo, "SELECT due FROM state WHERE reference = ?", reference)
    assert moved > due
    keeper.presses("It was a mistake")
    assert rows(demo, "SELECT due FROM state WHERE reference = ?", reference) == [(due,)]
    keeper.leaves()
    officer.leaves()
