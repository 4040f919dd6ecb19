"""Every figure on the public pages: found as a reader finds it, and counted again from the ledger by one command.

What is no count of the ledger is named here, page by page, with the reason; a page with another number fails.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.functional.browsing import CHROMIUM, DESKTOP, chromium, living
from tests.functional.test_demo import Demo, privity

from privity.definitions.day import civil_day
from privity.edge.tiles.directory import DirectoryLog
from privity.ledger.encoding import decode
from privity.ledger.entry import Entry
from privity.ledger.tiles import bundles, read_bundle
from privity.statistics.counts import Column, Fold
from privity.statistics.publication import REASONS

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NO_FIGURE = re.compile(
    rf"\b\d{{1,2}} (?:{MONTHS}) \d{{4}}|(?:{MONTHS})(?: \d{{4}})?(?: to (?:{MONTHS}))? \d{{4}}|\b\d{{4}}Q\d\b"
    r"|\b\d{4}-\d{2}(?:-\d{2})?[\w-]*|\b(?=\w*\d)[0-9a-f]{6,8}(?: [0-9a-f]{6,8})+"
    r"|\b[\w./+-]*[0-9a-f]{7,}\S*|[\w.]+:\d+\S*"
)
"""Days, months, quarters, names of versions, digests, addresses."""
NUMBER = re.compile(r"(?<![\w.,/+-])\d[\d,]*(?:\.\d+)?%?(?![\w])")
QUOTED = ("/agreements/", "/plans/", "/api/")
"""Texts of agreements and of the interface: their numbers are clauses, days and sections of Acts."""
FIGURES = ("/statistics/", "/figures/", "/ledger/")
KINDS_OF_FILE = ("json", "csv", "pdf", "yaml", "html")
NAMED: Mapping[str, frozenset[str]] = {
    "/": frozenset({"180"}),  # days that an agreement lets the asking body keep what it is told
    "/sign-in/set-up/": frozenset({"12"}),  # letters of a password
    "/protect-yourself/": frozenset({"999", "1.", "2.", "3."}),  # whom to call, and the three things to do
    "/disclosed/": frozenset({"16"}),  # the letters of a code
    "/accessibility/": frozenset({"2.2"}),  # the version of a standard
}
"""Numbers on pages without figures: none of them counts anything that happened."""
ANSWERED = ("in-time", "late", "unanswered")
LOOK = """() => ({
  words: document.querySelector("main").innerText,
  links: [...document.querySelectorAll("a[href]")].map(a => a.getAttribute("href")),
  tables: Object.fromEntries([...document.querySelectorAll("main table")].map((t, at) => [
    t.getAttribute("aria-labelledby") || "table-" + at, [...t.querySelectorAll("tr")].map(r =>
      [...r.querySelectorAll("td, th")].map(c => [...c.childNodes].filter(n => !(n.classList &&
        n.classList.contains("nhsuk-table-responsive__heading"))).map(n => n.textContent).join("").trim()))])),
  rows: Object.fromEntries([...document.querySelectorAll("main .nhsuk-summary-list__row")].map(r =>
    [r.children[0].innerText.trim(), r.children[1].innerText.trim()])),
  bars: [...document.querySelectorAll("main .desk-chart__row")].map(r => [
    r.querySelector(".desk-chart__name").innerText.trim(), r.querySelector("title")?.textContent.trim() || "",
    r.querySelector(".desk-chart__sum").innerText.trim()]),
})"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]


@dataclass(frozen=True, slots=True)
class Crawled:
    """Every public page reached by links from the first one, and every file they offer."""

    pages: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, bytes]
    demo: Demo
    export: Path

    def entries(self, size: int) -> list[Entry]:
        """Return the first entries of the exported ledger."""
        log = DirectoryLog(root=self.export)
        leaves = [leaf for one in bundles(size) for leaf in read_bundle(log.read(one.name) or b"", one.width)]
        return [decode(leaf) for leaf in leaves[:size]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("figures")
    with living(folder) as (address, demo), chromium() as browser:
        pages, files = crawl(browser, address)
        # The ledger grows by whatever the served pages publish; the export is made after the crawl, so it holds all.
        exported = demo.run("ledger", "export", "--out", str(folder / "ledger"))
        assert exported.returncode == 0, exported.stderr
        yield Crawled(pages, files, demo, folder / "ledger")


def crawl(browser: Browser, address: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what every page says that links lead to, and the bytes of every file."""
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]  # a size is a size
    todo, pages, files = ["/"], dict[str, Any](), dict[str, bytes]()
    while todo:
        path = todo.pop()
        if path in pages or path in files:
            continue
        if path.rstrip("/").rpartition(".")[2] in KINDS_OF_FILE or path.endswith("/checkpoint"):
            files[path] = page.request.get(address + path).body()
            continue
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        if path.startswith("/api/"):
            continue
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        pages[path] = page.evaluate(LOOK)
        found = [link.partition("#")[0] for link in pages[path]["links"]]
        todo += [link for link in found if link.startswith("/") and not link.startswith("/static/")]
    page.context.close()
    return pages, files


def publications(site: Crawled) -> list[dict[str, Any]]:
    return [json.loads(text) for path, text in sorted(site.files.items()) if path.endswith("publication.json")]


def number(shown: str) -> int:
    return int(shown.replace(",", ""))


def test_one_command_counts_every_publication_and_every_year_again(site: Crawled, tmp_path: Path) -> None:
    wanted = [path for path in site.files if path.startswith("/statistics/") and path.endswith(".json")]
    assert len(wanted) >= 5, "four quarters and a year; the present month is no year's yet"
    for path in wanted:
        (tmp_path / path.strip("/").replace("/", "-")).write_bytes(site.files[path])
    given = [str(file) for file in sorted(tmp_path.iterdir())]
    again = privity("statistics", "verify", *given, "--ledger", str(site.export), "--key", site.demo.key, "--json")
    assert again.returncode == 0, again.stdout + again.stderr
    assert [json.loads(line)["outcome"] for line in again.stdout.splitlines()] == ["recomputed"] * len(wanted)


def test_every_cell_of_a_quarters_page_is_in_the_publication_that_was_counted_again(site: Crawled) -> None:
    for made in publications(site):
        page = site.pages[f"/statistics/{made['period']}/"]
        rows = sorted(made["requesters"], key=lambda row: str(row["requester"]))
        counted = [[row["received"], *(row["outcomes"][column.value] for column in Column)] for row in rows]
        total = [made["total"]["received"], *(made["total"]["outcomes"][column.value] for column in Column)]
        assert cells(page["tables"]["outcomes"]) == [*counted, total]
        assert cells(page["tables"]["refusals"]) == [[row["refusals"][reason] for reason in REASONS] for row in rows]
        # What was taken back stands among the outcomes, and was answered neither in time nor late.
        timely = [[row["timeliness"][one] for one in ANSWERED] + [row["destruction-overdue"]] for row in rows]
        assert [[*map(number, row[1:4]), number(row[5])] for row in page["tables"]["timeliness"][1:]] == timely
        found = [row["trace-rate-per-mille"] for row in rows]
        assert [row[4] for row in page["tables"]["timeliness"][1:]] == [rate(one) or "none approved" for one in found]
        classes = [part for row in rows for part in row["classes"]]
        shown = page["tables"]["by-class"][1:]
        for line, part in zip(shown, classes, strict=True):
            decided = sum(part["outcomes"][name] for name in ("refused", "traced", "untraced"))
            least, most = part["refusal-low-per-mille"], part["refusal-high-per-mille"]
            told = f"{part['outcomes']['refused']} / {decided}"
            assert line[1] == told + (f" ({rate(part['refusal-rate-per-mille'])})" if decided else "")
            assert line[2] == ("too few to tell" if (least, most) == (0, 1000) else f"{share(least)} and {share(most)}")
        drawn = {name: (title, number(total)) for name, title, total in page["bars"]}
        assert [total for _, total in drawn.values()] == [row["received"] for row in rows]
        for (title, _), row in zip(drawn.values(), rows, strict=True):
            assert sum(map(number, NUMBER.findall(title))) == row["received"]
        assert number(page["rows"]["People who asked about their own data"]) == made["events"]["people-asked"]
        assert number(page["rows"]["Protections set or changed"]) == made["events"]["protections-changed"]
        counts = [number(one) for one in page["rows"].values() if NUMBER.fullmatch(one)]
        assert sorted(counts) == sorted([*made["events"].values(), *made.get("debts", {}).values()])
        assert f"{made['ledger_size']:,}" in page["words"]


def cells(table: Sequence[Sequence[str]]) -> list[list[int]]:
    return [[number(cell) for cell in row[1:]] for row in table[1:]]


def rate(thousandths: int | None) -> str:
    return "" if thousandths is None else f"{thousandths / 10:.1f}%"


def share(thousandths: int) -> str:
    return f"{thousandths // 10}%" if thousandths % 10 == 0 else f"{thousandths / 10:.1f}%"


def test_every_cell_of_a_years_page_and_every_bar_of_the_series_is_counted_from_the_entries(site: Crawled) -> None:
    entries = site.entries(number(privity_size(site)))
    years = [path for path in site.pages if re.fullmatch(r"/statistics/\d{4}/", path)]
    assert years
    for path in years:
        until = date.fromisoformat(json.loads(site.files[f"{path.rstrip('/')}.json"])["until"])
        counted_then = Fold().see(entry for entry in entries if civil_day(entry.at) <= until)
        page, rows = site.pages[path], counted_then.table(year=int(path.split("/")[2]))
        shown = cells(page["tables"]["figures-name"])
        counted = sorted([row.received, *(getattr(row, column.value) for column in Column)] for row in rows)
        assert sorted(shown[:-1]) == counted
        assert shown[-1] == [sum(column) for column in zip(*counted, strict=True)]
        assert sorted(number(total) for _, _, total in page["bars"]) == [row[0] for row in counted]
        assert f"{shown[-1][0]:,} request" in page["words"]
    received = {made["period"]: made["total"]["received"] for made in publications(site)}
    series = site.pages["/statistics/quarters/"]
    assert [number(total) for _, _, total in series["bars"]] == [received[name] for name in sorted(received)]
    assert all(f"{count:,} request" in series["words"] for count in received.values())


def privity_size(site: Crawled) -> str:
    told = privity("ledger", "verify", str(site.export), "--key", site.demo.key, "--json")
    assert told.returncode == 0, told.stderr
    return str(json.loads(told.stdout)["size"])


def test_refusals_beside_the_fairness_of_the_tracer_are_those_of_the_newest_publication(site: Crawled) -> None:
    page, newest = site.pages["/figures/fairness/"], publications(site)[-1]
    assert f"as published for {newest['period']}" in page["words"]
    assert page["tables"]["refused"][1:] == site.pages[f"/statistics/{newest['period']}/"]["tables"]["by-class"][1:]


def test_the_only_figures_that_no_ledger_holds_name_what_they_were_measured_with_and_the_command(site: Crawled) -> None:
    page, told = site.pages["/figures/fairness/"], json.loads(site.files["/figures/fairness.json"])
    assert "privity trace fairness" in page["words"]
    assert told["synthetic"] is True
    models = {entry.facts.get("model_digest") for entry in site.entries(number(privity_size(site)))}
    assert told["model_digest"] in models, "the ledger names the model it was measured with"
    groups = [[group["traces"], group["wrong_person"]["hits"], group["wrong_person"]["of"]] for group in told["groups"]]
    shown = [[number(row[1]), *map(number, re.findall(r"[\d,]+(?= /)|(?<=/ )[\d,]+", row[2]))] for row in
             page["tables"]["figures-name"][1:]]  # fmt: skip
    assert shown == groups


def test_the_ledgers_page_says_what_its_checkpoint_says(site: Crawled) -> None:
    page, checkpoint = site.pages["/ledger/"], site.files["/ledger/checkpoint"].decode().splitlines()
    assert number(page["rows"]["Entries in public"]) == int(checkpoint[1])


def test_no_other_public_page_shows_a_number_that_counts_anything(site: Crawled) -> None:
    loose: dict[str, set[str]] = {}
    for path, page in site.pages.items():
        if path.startswith((*QUOTED, *FIGURES)):
            continue
        left = set(NUMBER.findall(NO_FIGURE.sub(" ", page["words"]))) - {
            one.rstrip(".") for one in NAMED.get(path, frozenset())
        }
        if left:
            loose[path] = left
    assert loose == {}
