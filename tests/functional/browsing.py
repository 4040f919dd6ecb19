"""The demonstration served as an operator serves it, people at real browsers in front of it, and their screenshots."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from tests.functional.test_demo import Demo, a_demo

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PASSWORD = "open-the-register-please"
DESK, PHONE, NARROWEST = 1360, 390, 320
"""Widths of a window, in pixels."""
DESKTOP, TELEPHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
REASONS = "The offence is grave, nobody else knows where the suspect lives, and the intrusion is small beside it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Somebody made up who is on the register, lives alone, and bears a family name nobody else has."""

    given_name: str
    family_name: str
    born: date
    postcode: str
    address: tuple[str, ...]


def people_sought(demo: Demo) -> Sequence[Sought]:
    """Return people of the demonstration's register whom a request can be about."""
    with sqlite3.connect(demo.data / "register.sqlite") as register:
        rows = register.execute(
            "SELECT g.text, f.text, p.born, p.postcode, a.lines FROM person p"
            " JOIN name g ON g.id = p.given JOIN name f ON f.id = p.family JOIN address a ON a.id = p.residence"
            " WHERE p.sensitive = 0 AND p.deceased = 0 AND p.postcode <> '' AND p.correspondence_postcode = ''"
            " AND p.born < 730000"
            " AND (SELECT COUNT(*) FROM person q WHERE q.family = p.family) = 1"
            " AND (SELECT COUNT(*) FROM person q WHERE q.residence = p.residence) = 1 ORDER BY p.pid LIMIT 20"
        ).fetchall()
    return [
        Sought(
            given_name=given,
            family_name=family,
            born=date.fromordinal(born),
            postcode=postcode,
            address=tuple(lines.splitlines()),
        )
        for given, family, born, postcode, lines in rows
    ]


@contextmanager
def serving(demo: Demo, *, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve a demonstration on a free port, and stop it as an operator would; yields its address.

    Args: host: the name in the address; passkeys are made for `localhost` and not for a number.
    """
    command = [sys.executable, "-m", "privity.edge.commands.console", "serve", "--bind", "127.0.0.1:0"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PRIVITY", "DJANGO"))}
    server = subprocess.Popen(
        [*command, "--data", str(demo.data), "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    assert server.stdout is not None
    try:
        yield f"http://{host}:{json.loads(server.stdout.readline())['port']}"
    finally:
        server.send_signal(signal.SIGTERM)
        stopped = server.wait(timeout=30)
        server.stdout.close()
    assert stopped == 0


@contextmanager
def living(folder: Path, *, before: Callable[[Demo], None] = lambda _demo: None) -> Iterator[tuple[str, Demo]]:
    """Serve a demonstration; yields its address and what it printed.

    Args: before: what is done to it before it is served.
    """
    demo = a_demo(folder / "privity-demo")
    before(demo)
    with serving(demo) as address:
        yield address, demo


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


def signs_in(page: Page, address: str, staff_id: str, password: str = PASSWORD) -> None:
    """Type name and password into the sign-in page and press Enter."""
    page.goto(f"{address}/sign-in/")
    page.fill("#staff_id", staff_id)
    page.fill("#password", password)
    with page.expect_navigation():
        page.press("#password", "Enter")


def signed_in(
    browser: Browser,
    address: str,
    staff_id: str,
    *,
    password: str = PASSWORD,
    scripts: bool = True,
) -> BrowserContext:
    """Return a browser's window in which somebody has signed in."""
    context = browser.new_context(viewport={"width": DESK, "height": 900}, java_script_enabled=scripts)
    page = context.new_page()
    signs_in(page, address, staff_id, password)
    page.close()
    return context


def spilt(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def faults(page: Page, address: str, path: str) -> list[str]:
    """Return all that is wrong with a page at three widths: axe, sideways scrolling, outside requests, noise."""
    found: list[str] = []
    page.on("request", lambda asked: found.append(asked.url) if not asked.url.startswith(address) else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda said: found.append(said.text) if _is_noise(said, address + path) else None)
    for width in (DESK, PHONE, NARROWEST):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found += [f"{width}: {spilt(page)} pixels too wide"] if spilt(page) else []
        if width != NARROWEST:
            violations = Axe().run(page).response["violations"]
            found += [f"{width}: {broken['id']} {broken['nodes'][0]['html']}" for broken in violations]
    return found


def _is_noise(said: ConsoleMessage, where: str) -> bool:
    """Return whether a browser complains of more than that the page itself was answered as none or as wrong."""
    return said.type == "error" and not (said.text.startswith("Failed to load") and said.location["url"] == where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at a browser of their own, signed in. Whatever their browser complains of is kept."""

    address: str
    context: BrowserContext
    page: Page
    complaints: list[str]

    def at(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(self.address + path)
        return self.page

    def presses(self, words: str) -> None:
        """Press the button or link of that name, and wait for the page it leads to."""
        target = self.page.locator(f"main button:has-text('{words}'), main a:has-text('{words}')").first
        with self.page.expect_navigation():
            target.click()

    def says(self) -> str:
        """Return what the page says, as its reader sees it."""
        return self.page.inner_text("main")

    def looks_again(self) -> None:
        """Look at a request again until it has been read, as its page says to: within seconds."""
        for _ in range(20):
            if "Received, being read" not in self.says():
                return
            self.page.wait_for_timeout(500)
            self.presses("Look again")
        raise AssertionError("the request was not read within ten seconds")

    def leaves(self) -> None:
        """Close the browser; nothing may have been complained of, and nothing asked of another site."""
        self.context.close()
        assert self.complaints == []


def sits_down(
    browser: Browser, address: str, staff_id: str, *, telephone: bool = False, scripts: bool = True
) -> Person:
    """Return somebody signed in at a browser of their own."""
    context = browser.new_context(
        viewport=TELEPHONE if telephone else DESKTOP,  # type: ignore[arg-type]  # a size is a size
        java_script_enabled=scripts,
        accept_downloads=True,
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
    page.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(address) else None)
    signs_in(page, address, staff_id)
    return Person(address=address, context=context, page=page, complaints=complaints)


def write_request(person: Person, sought: Sought, reference: str) -> None:
    """Write a request page by page, until it is to be checked."""
    page = person.at("/requests/")
    person.presses("New request")
    page.fill("#your_reference", reference)
    page.check("input[name=purpose][value=criminal-investigation]")
    page.fill("#statement", "A murder inquiry. The suspect left the address we hold.")
    person.presses("Save and continue")
    page.fill("#family_name", sought.family_name)
    page.fill("#given_name", sought.given_name)
    page.fill("#date_of_birth", f"{sought.born:%d/%m/%Y}")
    page.fill("#postcode", sought.postcode)
    page.fill("#address_line_1", sought.address[0])
    person.presses("Save and continue")
    page.select_option("#offence", "murder")
    page.select_option("#person_is", "suspect")
    page.check("input[name=aids_investigation][value=yes]")
    page.check("input[name=this_person][value=yes]")
    person.presses("Save and continue")
    page.check("input[name=items][value=name]")
    page.check("input[name=items][value=last_known_address]")
    person.presses("Save and continue")


def picture(person: Person, name: str) -> None:
    """Take a screenshot; where `PRIVITY_PICTURES` is `yes` it goes into the docs."""
    # The page itself, not the menu above it: that is what a reader of the docs looks for.
    person.page.locator("main").evaluate("main => main.scrollIntoView()")
    shot = person.page.screenshot()
    assert shot.startswith(b"\x89PNG")
    if os.environ.get("PRIVITY_PICTURES") == "yes":
        PICTURES.mkdir(exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(shot)


def tabs_to(page: Page, wanted: str, most: int = 120) -> None:
    """Press Tab until an element with that identifier, or whose words are these, has the focus."""
    for _ in range(most):
        here = page.evaluate("[document.activeElement.id, (document.activeElement.textContent || '').trim()]")
        if wanted in here:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"`{wanted}` cannot be reached with the Tab key")


def ledger_kinds(demo: Demo) -> dict[int, str]:
    """Return what every entry of the ledger is of, by its index."""
    with sqlite3.connect(demo.data / "privity.sqlite") as database:
        leaves = database.execute("SELECT idx, leaf FROM log_entry").fetchall()
    return {index: json.loads(bytes(leaf))["t"] for index, leaf in leaves}
