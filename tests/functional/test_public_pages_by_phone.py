"""A person with a phone at the demonstration: five questions answered, in plain words, for everybody."""

import json
from collections.abc import Iterator, Mapping

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.functional.browsing import CHROMIUM, DESK, PASSWORD, PHONE, faults, signs_in
from tests.functional.pseudo_language import CLOSING, CODE, OPENING, marked
from tests.functional.reading_age import reading_age, sentences_of
from tests.functional.test_demo import Demo
from tests.integration.test_custodians_together import of_another

from privity.statistics.suppression import Suppression

OLDEST = 12
"""The reading age no public page may be above."""
AGREEMENT = "/agreements/home-office/2017-01/"
PUBLIC = (
    *("/", "/notice/", "/leaflet/", "/leaflet/large/", "/protect-yourself/", "/disclosed/", "/agreements/", AGREEMENT),
    *(f"{AGREEMENT}papers/", f"{AGREEMENT}2018-05/", "/plans/home-office/", "/statistics/", "/statistics/quarters/"),
    *("/statistics/2017Q1/", "/figures/fairness/", "/ledger/", "/accessibility/", "/sign-in/", "/not-there/"),
)
TRANSLATED = ("/", "/notice/", "/leaflet/", "/protect-yourself/", "/disclosed/", "/accessibility/", "/sign-in/")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine"),
]


@pytest.fixture(scope="module")
def demo(spoken_world: tuple[str, Demo]) -> Demo:
    return spoken_world[1]


@pytest.fixture(scope="module")
def address(spoken_world: tuple[str, Demo]) -> str:
    return spoken_world[0]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": PHONE, "height": 844}, locale="en-GB") as context:
        yield context.new_page()


@pytest.fixture
def codes(demo: Demo) -> Mapping[str, str]:
    """Return the codes the practice gave, by what each shows."""
    told = demo.told["patients"]
    assert isinstance(told, list)
    return {each["shows"]: each["code"] for each in told}


def read_with(page: Page, address: str, code: str) -> str:
    page.goto(f"{address}/disclosed/")
    page.fill("#code", code.lower())
    page.click("main button")
    return page.inner_text("main")


def test_a_person_learns_what_is_shared_since_when_how_often_whether_it_was_theirs_and_what_to_do(
    page: Page, address: str, codes: Mapping[str, str]
) -> None:
    page.goto(address)
    top = page.inner_text("main")
    assert "Coroners, courts, the National Crime Agency and police forces can be given some of your details" in top
    assert "Police forces: some details may be shared, one case at a time. Since 1 January 2017." in top
    assert "Home Office: nothing is shared. No agreement is in force. Since 9 November 2018." in top
    answered = page.evaluate("document.querySelector('.desk-asked').getBoundingClientRect().bottom")
    assert answered < 2 * 844, "all five questions stand within two screens of a phone"

    page.click("text=How often does this happen?")
    assert "It adds up" in page.inner_text("main")
    page.click("text=Figures published by the quarter")
    assert "October to December 2017" in page.inner_text("main")
    assert "20 December 2017: the text was confirmed: Home Office" in page.inner_text("main")

    page.goto(address)
    page.click(".desk-asked >> text=Was anything given out about me?")
    page.fill("#code", codes["somebody about whom details were given out"])
    page.click("main button")
    told = page.inner_text("main")
    assert "What was given out" in told
    assert "Home Office" in told or "National Crime Agency" in told

    page.goto(address)
    page.click(".desk-asked >> text=How do I protect myself?")
    assert "Your practice can do this for you today" in page.inner_text("main")


def test_an_answer_that_leaves_something_out_cannot_be_told_from_one_with_nothing_to_tell(
    page: Page, address: str, codes: Mapping[str, str]
) -> None:
    delayed = read_with(page, address, codes["somebody who is not told yet, for an investigation would suffer"])
    nothing = read_with(page, address, codes["somebody about whom nothing was given out"])
    assert delayed == nothing
    assert "There is nothing that we can tell you" in nothing
    unused = read_with(page, address, codes["a code that nobody has used yet"])
    assert "Your answer is not ready yet" in unused


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_can_be_used_by_everybody_at_a_desk_and_on_a_phone(page: Page, address: str, path: str) -> None:
    assert faults(page, address, path) == []


def test_every_public_page_can_be_read_at_twelve(page: Page, address: str) -> None:
    """What an agreement says itself is quoted and not measured; everything that we say about it is."""
    ages = {}
    for path in PUBLIC:
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.evaluate("document.querySelectorAll('.desk-quoted, pre, table').forEach(one => one.remove())")
        words = page.inner_text("main")
        assert sentences_of(words), path
        ages[path] = reading_age(words)
    assert {path: age for path, age in ages.items() if age > OLDEST} == {}


def test_several_custodians_on_one_page_can_be_used_by_everybody_and_read_at_twelve(
    page: Page, address: str, demo: Demo
) -> None:
    others = demo.data / "other-custodians"
    others.mkdir()
    for setting, seed in ((Suppression.EXACT, 1), (Suppression.BANDED, 2)):
        made = of_another(setting, seed, made_up=True)
        (others / made.file_name).write_bytes(made.text)
    page.goto(f"{address}/statistics/2017Q1/")
    page.click("text=These figures together with those of 2 other custodians")
    assert "custodian-2.example/ledger" in page.inner_text("main")
    assert faults(page, address, "/statistics/2017Q1/together/") == []
    page.evaluate("document.querySelectorAll('pre, table').forEach(one => one.remove())")
    assert reading_age(page.inner_text("main")) <= OLDEST


def test_pages_in_a_language_from_right_to_left_are_mirrored_and_can_be_used(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": PHONE, "height": 844}, locale=CODE) as context:
        page = context.new_page()
        for path in TRANSLATED:
            assert (path, faults(page, address, path)) == (path, [])
        page.set_viewport_size({"width": DESK, "height": 844})
        page.goto(address)
        assert page.get_attribute("html", "dir") == "rtl"
        assert page.get_attribute("html", "lang") == CODE
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
        left = (
            "[...document.querySelectorAll('.nhsuk-header__navigation-link')].map(a => a.getBoundingClientRect().left)"
        )
        menu = page.evaluate(left)
        assert menu[0] > menu[1] > menu[2], "the menu runs from right to left"
        edge = page.evaluate("document.querySelector('h1').getBoundingClientRect().right")
        assert edge > DESK / 2, "text begins at the right"
        indent = page.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('.nhsuk-list--bullet')).paddingRight)"
        )
        assert indent > 0, "bullets stand at the right of their lines"


def test_every_sentence_of_the_pages_a_patient_reads_is_ready_for_translation(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": PHONE, "height": 844}, locale=CODE) as context:
        page = context.new_page()
        for path in TRANSLATED:
            page.goto(address + path)
            # What agreements say, and what they call their parties, is theirs.
            theirs = ".desk-quoted, .desk-languages, .desk-requester h2, .nhsuk-u-visually-hidden"
            page.evaluate(f"document.querySelectorAll('{theirs}').forEach(one => one.remove())")
            shown = page.inner_text("body")
            assert marked("Accessibility") in shown
            loose = [line for line in shown.split("\n") if OPENING not in line and len(sentences_of(line))]
            assert (path, loose) == (path, [])
            assert shown.count(OPENING) == shown.count(CLOSING)


def test_a_reader_chooses_a_language_and_keeps_it(page: Page, address: str) -> None:
    page.goto(f"{address}/protect-yourself/")
    assert page.get_attribute("html", "dir") is None
    page.click(f".desk-languages button[lang={CODE}]")
    assert page.url == f"{address}/protect-yourself/"
    assert page.get_attribute("html", "dir") == "rtl"
    page.goto(address)
    assert page.get_attribute("html", "dir") == "rtl"
    page.click(".desk-languages button[lang=en-gb]")
    assert page.get_attribute("html", "dir") is None


def test_the_leaflet_prints_without_the_site_around_it(page: Page, address: str) -> None:
    page.goto(f"{address}/leaflet/")
    page.emulate_media(media="print")
    assert page.is_visible("text=I am afraid. What can I do?")
    for around in (".nhsuk-header", ".nhsuk-footer", ".desk-not-printed"):
        assert not page.is_visible(around), around


def by_phone(browser: Browser, address: str, staff_id: str) -> Page:
    """Return a phone on which somebody has signed in, where that leads."""
    page = browser.new_context(viewport={"width": PHONE, "height": 844}, locale="en-GB").new_page()
    signs_in(page, address, staff_id)
    return page


def test_a_practice_gives_a_code_on_a_slip_and_its_pages_can_be_used_by_everybody(
    browser: Browser, address: str
) -> None:
    page = by_phone(browser, address, "s.abbas")
    for path in ("/practice/protect/", "/practice/code/"):
        assert (path, faults(page, address, path)) == (path, [])
    page.goto(f"{address}/practice/code/")
    page.fill("#nhs", "943 476 5919")
    page.click("main button")
    assert "The code is" in page.inner_text("main")
    page.emulate_media(media="print")
    assert page.is_visible(".desk-slip")
    assert not page.is_visible(".desk-not-printed")
    page.context.close()


def test_the_guardian_finds_questions_and_protections_from_the_menu_and_can_use_them(
    browser: Browser, address: str
) -> None:
    page = by_phone(browser, address, "g.hale")
    for path in ("/disclosed/questions/", "/protections/"):
        assert page.locator(f"header a[href='{path}']").count() == 1
        assert (path, faults(page, address, path)) == (path, [])
    page.goto(f"{address}/disclosed/questions/")
    page.click("main li a >> nth=0")
    assert "Answer a person" in page.inner_text("h1")
    assert Axe().run(page).response["violations"] == []
    page.context.close()


def test_a_protection_set_on_a_page_is_shown_and_lifted_at_a_terminal(
    browser: Browser, address: str, demo: Demo
) -> None:
    page = by_phone(browser, address, "s.abbas")
    page.goto(f"{address}/practice/protect/")
    page.fill("#nhs", "9434765919")
    page.check("#flag")
    page.check("#asked_by-person")
    page.fill("#reason", "She is afraid of somebody.")
    page.check("#effects")
    page.click("main button >> nth=0")
    page.wait_for_selector("text=The protection is registered")
    page.context.close()

    said = f"{PASSWORD}\n943 476 5919\n"
    shown = demo.run("protection", "show", "--by", "g.hale", "--json", said=said)
    assert [line["flag"] for line in json.loads(shown.stdout)["protections"]] == [True], shown.stderr
    lifting = ("protection", "lift", "riverside-surgery", "--flag", "--asked-by", "person", "--by", "g.hale")
    why = ("--reason", "She asked for it, alone.")
    unread = demo.run(*lifting, *why, said=said)
    assert (unread.returncode, "was not read and explained" in unread.stderr) == (2, True)
    assert "Speak to the person alone" in unread.stderr
    assert demo.run(*lifting, *why, "--effects-explained", said=said).returncode == 0
    left = demo.run("protection", "show", "--by", "g.hale", "--json", said=said)
    assert json.loads(left.stdout) == {"protections": []}
    refused = demo.run("protection", "show", "--by", "a.okafor", said=said)
    assert refused.returncode == 2
    assert "943" not in refused.stderr + shown.stderr + left.stderr
