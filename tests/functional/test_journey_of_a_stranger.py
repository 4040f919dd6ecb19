"""One request from its writing to its destruction, in the browser, by people whose accounts the demonstration prints.

Every step is looked for afterwards: in the history of the case, and in the ledger as anybody can check it.
"""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.functional.browsing import (
    CHROMIUM,
    REASONS,
    Person,
    Sought,
    ledger_kinds,
    people_sought,
    picture,
    sits_down,
    write_request,
)
from tests.functional.test_demo import Demo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]
CONSTABLE, INSPECTOR, FIRST = "p.reid", "i.boateng", "a.okafor"
OTHERS = ("b.lewis", "c.mistry", "d.kowalska")
"""The officers of whom one is asked for the second view; nobody chooses which."""
STEPS = [
    "case.opened",
    "request.read",
    "case.assessed",
    "assignment.changed",
    "question.asked",
    "question.answered",
    "purpose.determined",
    "purpose.determined",
    "second.offered",
    "purpose.decided",
    "register.read",
    "trace.finished",
    "identity.determined",
    "identity.determined",
    "identity.decided",
    "safety.screened",
    "disclosure.intended",
    "pack.sealed",
    "pack.sent",
    "pack.collected",
    "destruction.due",
    "destruction.confirmed",
]


def test_a_request_goes_from_submission_to_destruction_and_every_step_is_in_history_and_ledger(
    browser: Browser, world: tuple[str, Demo], tmp_path: Path
) -> None:
    address, demo = world
    sought = people_sought(demo)[0]
    constable = sits_down(browser, address, CONSTABLE, telephone=True, scripts=False)
    first = sits_down(browser, address, FIRST)
    reference = _submitted(browser, address, constable, sought)
    _asked_and_answered(first, constable, reference)
    _judged_blind(browser, first, reference)
    _traced_and_identified(browser, first, reference)
    _screened_and_released(first, reference)
    pack, proof = _collected(constable, reference, tmp_path)
    _opens(demo, pack, proof)
    _destroyed(constable, reference)
    _told_everywhere(first, demo, reference)
    for person in (constable, first):
        person.leaves()


def _submitted(browser: Browser, address: str, constable: Person, sought: Sought) -> str:
    write_request(constable, sought, "GMP/4711")
    assert "What would fail" in constable.says()
    assert "countersigned by an inspector or a higher rank" in constable.says()
    picture(constable, "request-check")
    constable.presses("Ask a colleague to countersign and send")
    inspector = sits_down(browser, address, INSPECTOR)
    inspector.at("/requests/")
    inspector.page.click("a[href*='/drafts/']")
    assert sought.family_name in inspector.says(), "who countersigns reads what they sign"
    inspector.presses("Countersign and send")
    assert "Countersigned and sent." in inspector.says()
    found = re.search(r"PRV-[0-9A-Z]{26}", inspector.says())
    assert found
    inspector.looks_again()
    inspector.leaves()
    return found[0]


def _asked_and_answered(first: Person, constable: Person, reference: str) -> None:
    first.at(f"/cases/{reference}/")
    first.presses("Take this case")
    first.presses("Ask the requester a question")
    first.page.fill("#reasons", "Which house was the person last seen at?")
    first.presses("Put the question")
    assert "Waiting for the requester" in first.says()
    constable.at("/requests/")
    assert "1 question waits for you" in constable.says()
    constable.at(f"/requests/{reference}/")
    picture(constable, "request-question")
    constable.page.fill("#answer-words", "The one by the pond.")
    constable.presses("Send the answer")
    assert "Being considered" in constable.says()


def _whoever_is_asked(browser: Browser, address: str, reference: str, words: str) -> Person:
    """Return the officer to whom the gateway offered the second view, at the page of the case."""
    for staff_id in OTHERS:
        person = sits_down(browser, address, staff_id, scripts=False)
        person.at(f"/cases/{reference}/")
        if person.page.locator(f"main a:has-text('{words}')").count():
            return person
        person.leaves()
    raise AssertionError("nobody was asked for the second view")


def _judged_blind(browser: Browser, first: Person, reference: str) -> None:
    first.at(f"/cases/{reference}/")
    _views_purpose(first, REASONS)
    second = _whoever_is_asked(browser, first.address, reference, "Record your view")
    assert REASONS not in second.says(), "nobody reads the other's view first"
    _views_purpose(second, f"In my own words: {REASONS[::-1]}")
    assert "Next: trace the person" in second.says()
    second.leaves()


def _views_purpose(person: Person, reasons: str) -> None:
    person.presses("Record your view")
    person.page.check("#answer")
    person.page.fill("#reasons", reasons)
    person.presses("Record your view")


def _traced_and_identified(browser: Browser, first: Person, reference: str) -> None:
    first.at(f"/cases/{reference}/")
    first.presses("Trace the person")
    first.at(f"/cases/{reference}/")
    _views_identity(first, REASONS)
    second = _whoever_is_asked(browser, first.address, reference, "Compare the candidates")
    _views_identity(second, f"In my own words: {REASONS[::-1]}")
    second.leaves()


def _views_identity(person: Person, reasons: str) -> None:
    person.presses("Compare the candidates")
    person.page.check("#answer-1")
    person.page.fill("#reasons", reasons)
    person.presses("Record your view")


def _screened_and_released(first: Person, reference: str) -> None:
    first.at(f"/cases/{reference}/")
    first.presses("Take the safety screen")
    for question in first.page.locator("input[type=radio][value=no]").all():
        question.check()
    first.page.check("input[name=course][value=go-on]")
    first.page.fill("#reasons", "The person lives alone; nothing stands out, and no answer gives cause for care.")
    first.presses("Record the screen")
    first.presses("Look at the answer and release it")
    picture(first, "case-release")
    first.presses("Seal and release")
    assert "Sealed" in first.says()


def _collected(constable: Person, reference: str, folder: Path) -> tuple[Path, Path]:
    constable.at(f"/requests/{reference}/")
    kept = []
    for words, name in (("Download the sealed answer", "pack.eml"), ("Download the ledger’s proof", "pack.tlog-proof")):
        with constable.page.expect_download() as download:
            constable.page.click(f"button:has-text('{words}')")
        download.value.save_as(folder / name)
        kept.append(folder / name)
    constable.at(f"/requests/{reference}/")
    constable.presses("I have the answer")
    assert "Answer collected" in constable.says()
    picture(constable, "request-answer")
    return kept[0], kept[1]


def _opens(demo: Demo, pack: Path, proof: Path) -> None:
    theirs = demo.data / "requesters" / "greater-manchester-police"
    command = [
        sys.executable,
        "-m",
        "privity.edge.commands.console",
        "open",
        str(pack),
        "--key",
        str(theirs / "key.pem"),
    ]
    opened = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert opened.returncode == 0, opened.stderr
    assert proof.read_bytes().startswith(b"c2sp.org/tlog-proof@v1")


def _destroyed(constable: Person, reference: str) -> None:
    constable.at(f"/requests/{reference}/")
    constable.page.fill("#destroyed_on", date.today().isoformat())  # noqa: TID251, DTZ011  as a person fills it in
    constable.page.check("input[name=method][value=purge]")
    constable.presses("Confirm the destruction")
    assert "Destroyed by you" in constable.says()


def _told_everywhere(first: Person, demo: Demo, reference: str) -> None:
    told = first.at(f"/cases/{reference}/")
    entries = [int(index) for index in re.findall(r"Ledger entry (\d+)", told.inner_text("main"))]
    kinds = ledger_kinds(demo)
    walked = [kinds[index] for index in sorted(entries)]
    assert [kind for kind in walked if kind in STEPS] == walked
    for step in STEPS:
        assert step in walked, f"`{step}` is not in the history of the case"
    assert walked.index("question.answered") < walked.index("purpose.decided") < walked.index("register.read")
    picture(first, "case-history")
    assert demo.run("audit").returncode == 0, "the database is what the ledger says was written"
