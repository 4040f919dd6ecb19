"""A requester's officers in a real browser: a file with mistakes, by keyboard alone, on a telephone, without script."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.functional.browsing import CHROMIUM, Person, people_sought, picture, sits_down, tabs_to, write_request
from tests.functional.test_demo import Demo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]
HEADER = "your_reference,officer,purpose,items,family_name,date_of_birth,offence,person_is,aids_investigation\n"
ROW = "GMP/{row},DC Reid,criminal-investigation,name,Quill,{born},murder,suspect,yes\n"


def uploaded(person: Person, folder: Path, content: str) -> None:
    """Choose a file and send it."""
    path = folder / "requests.csv"
    path.write_text(content, encoding="utf-8")
    person.page.set_input_files("input[type=file]", path)
    person.presses("Read the file")


def test_a_file_with_a_wrong_row_is_told_row_by_row_mended_and_sent_on_a_telephone_without_javascript(
    browser: Browser, world: tuple[str, Demo], tmp_path: Path
) -> None:
    person = sits_down(browser, world[0], "p.reid", telephone=True, scripts=False)
    person.at("/requests/file/")
    rows = [ROW.format(row=row, born=f"1980-02-1{row}") for row in range(3)]
    uploaded(person, tmp_path, HEADER + rows[0] + ROW.format(row=1, born="1980-02-31") + rows[2])
    assert "Nothing was taken" in person.says()
    assert "date_of_birth" in person.says()
    assert "1980-02-31" not in person.says(), "an error repeats nothing of what it is about"
    picture(person, "requests-file-errors")
    uploaded(person, tmp_path, HEADER + "".join(rows))
    assert "3 requests were read" in person.says()
    picture(person, "requests-file-check")
    person.presses("Send")
    assert "3 requests are sent." in person.says()
    person.leaves()


def test_a_request_is_written_sent_and_withdrawn_by_keyboard_alone(browser: Browser, world: tuple[str, Demo]) -> None:
    address, demo = world
    sought = people_sought(demo)[1]
    person = sits_down(browser, address, "i.boateng")
    page = person.at("/requests/")
    tabs_to(page, "New request")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for step in (
        (("your_reference", "GMP/4712"), ("purpose", " "), ("statement", "A murder inquiry.")),
        (("family_name", sought.family_name), ("given_name", sought.given_name)),
        (("offence", "Murder"), ("person_is", "Suspect"), ("aids_investigation", " "), ("this_person", " ")),
        (("items", " "),),
    ):
        for field, words in step:
            tabs_to(page, field)
            page.keyboard.type(words)
        tabs_to(page, "Save and continue")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert sought.family_name in person.says()
    tabs_to(page, "Send the request")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "1 request is sent." in person.says()
    assert "Your request is received. It is being read now." in person.says()
    picture(person, "request-received")
    person.looks_again()
    assert "Sent back as incomplete" in person.says(), "nobody countersigned it"
    tabs_to(page, "Letter of refusal")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Your request is sent back" in person.says()
    assert "Have the request countersigned by an inspector or a higher rank." in person.says()
    picture(person, "letter-of-refusal")
    person.leaves()


def test_a_refusal_is_read_and_challenged_on_a_telephone(browser: Browser, world: tuple[str, Demo]) -> None:
    person = sits_down(browser, world[0], "h.lane", telephone=True)
    page = person.at("/requests/")
    page.click("tr:has-text('Refused') a[href*='/requests/PRV-']")
    assert "Refused" in person.says()
    page.fill("#challenge-words", "The welfare of a child was not weighed.")
    person.presses("Challenge the refusal")
    assert "Your words are with the custodian and the department." in person.says()
    assert "The welfare of a child was not weighed." in person.says()
    picture(person, "request-challenge")
    person.leaves()


def test_a_request_is_withdrawn_once_though_the_back_button_is_pressed(
    browser: Browser, world: tuple[str, Demo]
) -> None:
    address, demo = world
    writer, inspector = sits_down(browser, address, "p.reid"), sits_down(browser, address, "i.boateng")
    write_request(writer, people_sought(demo)[2], "GMP/4713")
    writer.presses("Ask a colleague to countersign and send")
    inspector.at("/requests/")
    inspector.page.click("a:has-text('GMP/4713')")
    inspector.presses("Countersign and send")
    inspector.looks_again()
    reference = re.search(r"PRV-[0-9A-Z]{26}", inspector.page.url)
    assert reference
    inspector.page.click("#withdraw summary")
    inspector.presses("Withdraw the request")
    assert "The request is withdrawn." in inspector.says()
    inspector.page.go_back()
    again = inspector.page.locator("button:has-text('Withdraw the request')")
    if again.count():
        if not again.is_visible():
            inspector.page.click("#withdraw summary")
        with inspector.page.expect_navigation():
            again.click()
        assert "There is a problem" in inspector.says(), "a page from before is noticed"
    writer.at(f"/requests/{reference[0]}/")
    assert "Withdrawn" in writer.says()
    for person in (writer, inspector):
        person.leaves()
