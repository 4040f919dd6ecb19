"""Every page that can be reached by links, as everybody who can sign in: for everybody to use, and light to fetch.

A walk of some minutes: it runs at night. `test_pages_browser` looks at the pages of the desk in every build.
"""

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.functional.browsing import CHROMIUM, DESKTOP, TELEPHONE, Person, sits_down
from tests.functional.test_demo import Demo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]
EVERYBODY = (
    "",
    "p.reid",
    "h.lane",
    "a.okafor",
    "g.hale",
    "d.oversight",
    "t.auditor",
    "m.ford",
    "s.abbas",
)
"""The empty name is whoever has not signed in."""
MOST_BYTES = 100 * 1024
"""What a page may cost once the style sheet, the script and the fonts are there."""
MOST_OF_A_KIND = 2
"""Pages of one kind that are looked at: cases in different states, say."""
ALLOWED: frozenset[tuple[str, str]] = frozenset()
"""Findings of axe, and where, that are the design system's own and listed by name."""
KIND = re.compile(r"PRV-[0-9A-Z]{26}|[0-9a-f]{32,64}|\d{4}-\d{2}(?:-[a-z]+)?|\d+|(?<=agreements/)[a-z-]+")
NO_PAGES = (".csv", ".json", ".pdf", ".txt", "/export/", "/checkpoint", "/tile/", "/sign-out/", "/static/", "/api/")


def links(page: Page, address: str) -> Iterator[str]:
    """Yield the addresses of this site that a page links to."""
    for href in page.eval_on_selector_all("a[href]", "found => found.map(one => one.href)"):
        path = href.removeprefix(address).partition("#")[0]
        if href.startswith(address) and path and not any(word in path for word in NO_PAGES):
            yield path


def weight(page: Page) -> int:
    """Return how many bytes came over the line for a page."""
    counted = page.evaluate(
        "performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
        ".reduce((sum, entry) => sum + entry.transferSize, 0)"
    )
    return int(counted)


def walked(person: Person) -> Iterator[str]:
    """Yield the pages a person comes to by links, some of every kind."""
    waiting, seen, kinds = ["/", "/your-role/", "/requests/", "/cases/"], set[str](), dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        kind = KIND.sub("*", path.partition("?")[0])
        if path in seen or kinds.get(kind, 0) >= MOST_OF_A_KIND:
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = person.page.goto(person.address + path)
        assert answer is not None
        assert answer.status in (200, 403, 404), (path, answer.status)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield path
        waiting += links(person.page, person.address)


@pytest.mark.parametrize("staff_id", EVERYBODY)
def test_every_page_can_be_used_by_everybody_and_weighs_little(
    browser: Browser, world: tuple[str, Demo], staff_id: str
) -> None:
    address, _demo = world
    if staff_id:
        person = sits_down(browser, address, staff_id)
    else:
        context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]  # a size is a size
        person = Person(address=address, context=context, page=context.new_page(), complaints=[])
    faults, first, count = [], True, 0
    for path in walked(person):
        count += 1
        if not first and weight(person.page) > MOST_BYTES:
            faults.append(f"{path}: {weight(person.page)} bytes")
        first = False
        for size in (DESKTOP, TELEPHONE):
            person.page.set_viewport_size(size)  # type: ignore[arg-type]  # as above
            person.page.goto(address + path)  # drawn at this width: the menu measures itself once it is there
            spilt = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            faults += [f"{path} at {size['width']}: {spilt} pixels too wide"] if spilt else []
            for broken in Axe().run(person.page).response["violations"]:
                if (broken["id"], KIND.sub("*", path)) not in ALLOWED:
                    faults.append(f"{path} at {size['width']}: {broken['id']} {json.dumps(broken['nodes'][0]['html'])}")
        person.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # as above
    assert faults == []
    assert count >= 8, "the walk came to pages"
    person.leaves()
