"""Officers, guardian and department at their pages, over a real store: screen, letters, threads, samples, clocks."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes import golden
from tests.fakes.corridor import FIRST, GUARDIAN, KENT, LETTER, SECOND, THIRD, Corridor, asker, officer, police_request
from tests.fakes.golden import GOLDEN_WORDS
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages, field, text

from privity.casework.challenge import challenge, masked
from privity.casework.lifecycle import Status
from privity.casework.ports import Gateway
from privity.definitions.day import civil_day
from privity.definitions.party import Role, StaffId
from privity.definitions.reference import CaseReference, Slug
from privity.edge.demonstration.setting_up import publish_until
from privity.protection.household import Household

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

PASSWORD = "correct horse battery staple"
REASONS = "Looked at who lives there and at what the request says."
DEPARTMENT = officer("whitehall", Role.DEPARTMENT)
SAFE = {"danger-at-home": "no", "others-at-risk": "no", "change-unexplained": "no"}
DEPARTMENTS_PAGES = ("/oversight/", "/challenges/", "/your-role/")


@pytest.fixture
def desk(corridor: Corridor, instance: "Instance") -> "Instance":
    """Return the instance with its agreements published and the pages open, for the people of the corridor."""
    from privity.edge.web import door
    from privity.edge.web.custody_door import open_custody_with
    from privity.edge.wiring.custody import custody_desks
    from privity.edge.wiring.desk import InstanceDesk
    from privity.edge.wiring.inside import open_inner_doors

    begins, now = datetime(2017, 1, 2, tzinfo=UTC), datetime.now(UTC) - timedelta(hours=2)  # noqa: TID251  as the served pages do
    publish_until(instance, begins, after=datetime(1, 1, 1, tzinfo=UTC))
    gateway = Gateway(agreements=instance.agreements, register=corridor.register, sealer=corridor.sealer)
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    corridor.now = now
    assert isinstance(instance.desk, InstanceDesk)
    joined = replace(instance.desk, register=corridor.register, gateway=gateway)  # type: ignore[arg-type]  # counted
    open_inner_doors(instance)
    door.open_with(joined, requester_desk=instance.requester_desk, made_up=True)
    open_custody_with(custody_desks(joined))
    for who in (FIRST, SECOND, THIRD, GUARDIAN, DEPARTMENT):
        with_account(instance, replace(who, name=who.staff_id.title()), password=PASSWORD)
    return instance


def fill(client: "Client", path: str, fields: Mapping[str, str], *, carry: tuple[str, ...] = ("revision",)) -> Any:
    """Load a form and send it with what it carries."""
    page = client.get(path)
    assert page.status_code == 200, text(page)[:400]
    return client.post(path, {**{name: field(page, name) for name in carry}, **fields})


def screen(client: "Client", reference: CaseReference, **fields: str) -> Any:
    sent = {
        **SAFE,
        "course": "go-on",
        "reasons": REASONS,
        **{name.replace("_", "-"): one for name, one in fields.items()},
    }
    return fill(client, f"/cases/{reference}/safety/", sent, carry=("revision", "seen"))


def refused(corridor: Corridor) -> CaseReference:
    reference = corridor.received()
    for who in (FIRST, SECOND):
        corridor.view(reference, who, False)
    known = f"{golden.GIVEN.upper()} {golden.OTHER}, born 29/11/1963, of {golden.POSTCODE}"
    words = f"We do not see why {known}, is refused."
    corridor.do(lambda unit, at: challenge(unit, reference, words=words, by=asker(KENT), at=at))
    return reference


def test_a_case_is_screened_at_its_page_before_it_is_released(desk: "Instance", corridor: Corridor) -> None:
    first, reference = at_the_pages(FIRST), corridor.identified()
    assert "Next: the safety screen" in text(first.get(f"/cases/{reference}/"))
    assert first.get(f"/cases/{reference}/release/").status_code == 404, "nothing is released around the screen"
    corridor.register.households[1] = Household(others=2, children=1, protected=0)
    page = first.get(f"/cases/{reference}/safety/")
    assert "Children are registered at this address." in text(page)
    assert not [word for word in GOLDEN_WORDS if word in text(page)], "the screen names nobody"
    empty = first.post(
        f"/cases/{reference}/safety/", {"revision": field(page, "revision"), "seen": field(page, "seen")}
    )
    assert (empty.status_code, text(empty).count("Answer: ")) == (422, 6)
    unsure = screen(first, reference, others_at_risk="unsure")
    assert "does not let you choose that" in text(unsure)
    assert REASONS in text(unsure), "what was typed is kept"
    assert screen(first, reference).status_code == 302
    assert "Next: release the answer" in text(first.get(f"/cases/{reference}/"))
    assert fill(first, f"/cases/{reference}/release/", {}).status_code == 302
    assert corridor.read(reference).status is Status.SEALED


def test_a_screen_drawn_before_the_register_changed_is_drawn_again(desk: "Instance", corridor: Corridor) -> None:
    first, reference = at_the_pages(FIRST), corridor.identified()
    page = first.get(f"/cases/{reference}/safety/")
    corridor.register.households[1] = Household(others=1, children=1, protected=0)
    seen = {"seen": field(page, "seen")}
    again = first.get(f"/cases/{reference}/safety/")
    sent = {**SAFE, **seen, "revision": field(again, "revision"), "course": "go-on", "reasons": REASONS}
    told = first.post(f"/cases/{reference}/safety/", sent)
    assert (told.status_code, "has changed since you opened it" in text(told)) == (422, True)
    assert corridor.read(reference).screens == ()


def test_a_double_click_takes_one_screen(desk: "Instance", corridor: Corridor) -> None:
    first, reference = at_the_pages(FIRST), corridor.identified()
    page = first.get(f"/cases/{reference}/safety/")
    carried = {name: field(page, name) for name in ("revision", "seen")}
    sent = {**SAFE, **carried, "course": "go-on", "reasons": REASONS}
    assert first.post(f"/cases/{reference}/safety/", sent).status_code == 302
    twice = first.post(f"/cases/{reference}/safety/", sent)
    assert "Somebody else acted on this case" in text(twice)
    assert len(corridor.read(reference).screens) == 1


def test_the_guardian_decides_what_an_officer_doubts_and_the_override_is_listed(
    desk: "Instance", corridor: Corridor
) -> None:
    first, guardian, reference = at_the_pages(FIRST), at_the_pages(GUARDIAN), corridor.identified()
    corridor.register.households[1] = Household(others=1, children=0, protected=1)
    page = first.get(f"/cases/{reference}/safety/")
    assert "does not let you release this yourself" in text(page)
    assert "protected" not in text(page).lower(), "that a neighbour is protected is not for an officer"
    assert screen(first, reference, course="guardian", danger_at_home="yes").status_code == 302
    assert "Waiting for the guardian" in text(first.get(f"/cases/{reference}/"))
    assert "Guardian: safety" in text(guardian.get("/guardian/"))
    assert "Somebody else at this address is protected." in text(guardian.get(f"/cases/{reference}/safety/"))
    assert screen(guardian, reference, course="withhold", danger_at_home="yes").status_code == 302
    assert corridor.read(reference).status is Status.UNIDENTIFIED
    listed = text(guardian.get("/guardian/overrides/"))
    assert "Safety screen" in listed
    assert "Guardian: Withhold" in listed
    assert "First: Guardian" in listed


def test_a_letter_is_written_by_one_and_posted_by_another_and_only_the_sheet_shows_where_to(
    desk: "Instance", corridor: Corridor
) -> None:
    first, second, reference = at_the_pages(FIRST), at_the_pages(SECOND), corridor.identified()
    assert screen(first, reference, course="letter", danger_at_home="yes").status_code == 302
    assert fill(first, f"/cases/{reference}/forwarding/", {"reasons": LETTER}).status_code == 302
    mine = first.get(f"/cases/{reference}/forwarding/post/")
    assert "A colleague reads it and posts it." in text(mine)
    assert first.get(f"/cases/{reference}/forwarding/sheet/").status_code == 404
    page = second.get(f"/cases/{reference}/forwarding/post/")
    assert LETTER in text(page)
    assert golden.POSTCODE not in text(page)
    assert golden.POSTCODE in text(second.get(f"/cases/{reference}/forwarding/sheet/"))
    path = f"/cases/{reference}/forwarding/post/"
    assert fill(second, path, {}).status_code == 422
    assert fill(second, path, {"read": "yes"}).status_code == 302
    assert fill(second, f"/cases/{reference}/release/", {}).status_code == 302
    file = corridor.read(reference)
    assert file.pack is not None
    assert file.pack.answer == "forwarded"


def test_the_department_brokers_and_never_sees_who_it_is_about(desk: "Instance", corridor: Corridor) -> None:
    department, reference = at_the_pages(DEPARTMENT), refused(corridor)
    corridor.sealed(police_request(reference="KP/2"))
    thread = f"/challenges/{reference}/"
    for path in (*DEPARTMENTS_PAGES, thread):
        page = department.get(path)
        assert page.status_code == 200, path
        assert not [word for word in GOLDEN_WORDS if word.lower() in page.content.decode().lower()], path
    assert "[struck out]" in text(department.get(thread))
    sent = fill(
        department,
        thread,
        {"reasons": "Custodian, please say which condition fails.", "outcome": "upheld"},
        carry=("after",),
    )
    assert "only the guardian ends a challenge" in text(sent).lower()
    assert (
        fill(department, thread, {"reasons": "Please say which condition fails."}, carry=("after",)).status_code == 302
    )
    for path in (f"/cases/{reference}/", "/cases/", "/guardian/", "/workload/", f"/cases/{reference}/incidents/"):
        assert department.get(path).status_code in (403, 404), path
    for path in (f"/cases/{reference}/take/", f"/cases/{reference}/safety/", "/guardian/suspension/"):
        assert department.post(path, {"revision": "1"}).status_code == 403, path
    assert corridor.read(reference).challenges[-1].role == Role.DEPARTMENT.value


def test_the_guardian_ends_a_thread_that_both_sides_and_the_broker_wrote_in(
    desk: "Instance", corridor: Corridor
) -> None:
    guardian, reference = at_the_pages(GUARDIAN), refused(corridor)
    thread = f"/challenges/{reference}/"
    page = guardian.get(thread)
    desk.custody.broker.reply(
        reference, words="Which condition fails?", outcome=_goes_on(), after=1, by=DEPARTMENT, at=corridor.tick()
    )
    crossed = guardian.post(thread, {"after": field(page, "after"), "reasons": REASONS, "outcome": "upheld"})
    assert "somebody wrote in this thread since you opened it" in text(crossed).lower()
    assert REASONS in text(crossed)
    assert fill(guardian, thread, {"reasons": REASONS, "outcome": "ask-again"}, carry=("after",)).status_code == 302
    assert "a new request is worth sending" in text(guardian.get(thread))
    assert corridor.read(reference).status is Status.REFUSED, "a thread opens nothing again"


def _goes_on() -> Any:
    from privity.casework.challenge import Outcome

    return Outcome.GOES_ON


@pytest.mark.parametrize(
    "written",
    [
        "THADDEUSZKA", "ploverina", "ZQ98XW", "zq9  8xw", "29/11/1963", "29 November 1963", "1963-11-29", "29/11/63",
        "7 skrimshank wynd", "7, Skrimshank Wynd",
    ],
)  # fmt: skip
def test_a_particular_is_struck_out_however_it_is_spelt(written: str) -> None:
    assert written.lower() not in masked(f"About {written}, again.", golden.particulars()).lower()
    assert masked("Nothing to strike out here.", golden.particulars()) == "Nothing to strike out here."


@pytest.mark.parametrize(
    ("written", "shows"),
    [
        ("born on the 29th November 1963", "1963"), ("born on the 29th of November, 1963", "1963"),
        ("born November 29, 1963", "1963"), ("born on 29.11.63", "63"), ("born 29 Nov 63", "63"),
        ("he lived in Skrimshank Wynd", "skrimshank"), ("the Ploverinas", "ploverina"), ("_Ploverina_", "ploverina"),
        ("Zofia Łukaszewicz", "ukaszewicz"), ("Zofia Lukaszewicz", "ukaszewicz"), ("Mrs Núñez", "nez"),
        ("Mrs Nunez", "nez"), ("Mrs Nu\u0301n\u0303ez", "ez"), ("Mrs Weiss", "wei"), ("Mrs WEISS", "wei"),
    ],
)  # fmt: skip
def test_a_particular_is_struck_out_in_the_ways_people_write_names_days_and_streets(written: str, shows: str) -> None:
    sought = replace(
        golden.particulars(),
        other_given_names="Ploverina Núñez-Weiß Łukaszewicz",
        address_lines=("Flat 2, 7 Skrimshank Wynd",),
    )
    told = masked(f"Somebody says {written}.", sought)
    assert shows not in told.lower()
    assert told.startswith("Somebody says "), "what names nobody stays"
    assert told.endswith(".")


def test_incidents_have_their_clocks_on_the_case_at_the_desk_and_at_the_department(
    desk: "Instance", corridor: Corridor
) -> None:
    first, department, reference = at_the_pages(FIRST), at_the_pages(DEPARTMENT), corridor.sealed()
    path = f"/cases/{reference}/incidents/"
    found = {
        "gravity": "reportable",
        "cause": "wrong-person",
        "people": "1",
        "discovered": corridor.now.strftime("%Y-%m-%dT%H:%M"),
    }
    assert "Write what happened" in text(fill(first, path, found))
    assert fill(first, path, {**found, "words": "The answer held another person's date."}).status_code == 302
    assert "The 72 hours end on" in text(first.get(path))
    assert "of 72 hours left" in text(first.get("/incidents/"))
    seen = text(department.get("/oversight/"))
    assert "Another person’s data stood in the answer" in seen
    assert "another person's date" not in seen, "what happened is the custodian's to read"
    for act in ("report", "close"):
        assert fill(first, path, {"act": act, "number": "1"}).status_code == 302
    assert corridor.read(reference).incidents[0].closed_at


def test_a_hold_is_placed_and_lifted_at_its_page(desk: "Instance", corridor: Corridor) -> None:
    first, reference = at_the_pages(FIRST), corridor.sealed()
    path = f"/cases/{reference}/holds/"
    assert fill(first, path, {}).status_code == 422
    assert fill(first, path, {"reason": "court"}).status_code == 302
    assert "1 keeps this case from being destroyed" in text(first.get(f"/cases/{reference}/"))
    assert fill(first, path, {"lift": "1"}).status_code == 302
    assert corridor.read(reference).holds[0].lifted_by == FIRST.staff_id


def test_notes_and_chasers_go_on_while_the_clock_stands_still(desk: "Instance", corridor: Corridor) -> None:
    first, reference = at_the_pages(FIRST), corridor.received()
    corridor.ask(reference)
    assert fill(first, f"/cases/{reference}/note/", {"reasons": "Telephoned; they look for it."}).status_code == 302
    page = first.get(f"/cases/{reference}/")
    assert "Telephoned; they look for it." in text(page)
    for told in ("The requester is reminded.", "it was reminded today"):
        sent = {"revision": field(first.get(f"/cases/{reference}/"), "revision")}
        assert told.lower() in text(first.post(f"/cases/{reference}/chase/", sent, follow=True)).lower()
    file = corridor.read(reference)
    assert (file.status, file.state.due) == (Status.WITH_REQUESTER, "")


def test_a_case_is_given_to_a_colleague_and_the_workload_says_so(desk: "Instance", corridor: Corridor) -> None:
    first, reference = at_the_pages(FIRST), corridor.received()
    assert fill(first, f"/cases/{reference}/assign/", {"to": SECOND.staff_id}).status_code == 302
    assert corridor.read(reference).state.assigned_to == SECOND.staff_id
    wrong = fill(first, f"/cases/{reference}/assign/", {"to": DEPARTMENT.staff_id})
    assert "nobody of that identifier judges cases here" in text(wrong).lower()
    assert re.search(r"Person Second .*?Open 1 ", text(first.get("/workload/")))


def test_the_second_view_is_offered_and_found_in_a_queue_of_its_own(desk: "Instance", corridor: Corridor) -> None:
    people = {str(who.staff_id): at_the_pages(who) for who in (FIRST, SECOND, THIRD)}
    reference = corridor.received()
    path = f"/cases/{reference}/questions/public_interest/"
    assert fill(people["first"], path, {"answer": "yes", "reasons": REASONS}).status_code == 302
    asked = corridor.read(reference).offers[0].offered_to
    other = ({"second", "third"} - {asked}).pop()
    assert asked != "first"
    assert reference[:12] in text(people[asked].get("/cases/?view=second"))
    assert reference[:12] not in text(people[other].get("/cases/?view=second"))
    assert people[other].get(path).status_code == 404, "it is kept for whoever was asked"
    told = text(people["first"].get(f"/cases/{reference}/"))
    assert "Second view offered Privity," in told, "the gateway offers it, and the first does not learn to whom"
    assert fill(people[asked], path, {"answer": "yes", "reasons": REASONS}).status_code == 302
    assert corridor.read(reference).status is Status.APPROVED


def test_nobody_judges_while_the_guardian_has_suspended_the_agreement(desk: "Instance", corridor: Corridor) -> None:
    guardian, first, reference = at_the_pages(GUARDIAN), at_the_pages(FIRST), corridor.received()
    reasons = "Until we have looked into what happened: nothing leaves under this agreement."
    page = fill(guardian, "/guardian/suspension/", {"family": "police", "reasons": "no"}, carry=())
    assert "Nobody" not in text(page)
    assert page.status_code == 422
    assert (
        fill(guardian, "/guardian/suspension/", {"family": "police", "reasons": reasons}, carry=()).status_code == 302
    )
    path = f"/cases/{reference}/questions/public_interest/"
    told = fill(first, path, {"answer": "yes", "reasons": REASONS})
    assert "your view was not recorded" in text(told).lower()
    file = corridor.read(reference)
    assert (file.status, file.determinations) == (Status.HELD, ())
    assert desk.log.entry(desk.log.size() - 2).kind.value == "agreement.suspended"
    again = fill(guardian, "/guardian/suspension/", {"family": "police", "reasons": reasons}, carry=())
    assert "no version of it is in force" in text(again).lower()
    assert reasons in text(first.get("/agreements/")) or desk.agreements.families()["police"].instruments


def test_a_sample_is_drawn_read_and_counted(desk: "Instance", corridor: Corridor) -> None:
    guardian, first, reference = at_the_pages(GUARDIAN), at_the_pages(FIRST), _closed_last_month(corridor)
    month = corridor.read(reference).state.closed_on[:7]
    sent = guardian.post("/guardian/samples/", {"period": month})
    assert sent["Location"] == f"/guardian/samples/{month}/"
    assert "already" not in text(guardian.get(f"/guardian/samples/{month}/"))
    assert "drawn before" in text(guardian.post("/guardian/samples/", {"period": month}))
    path = f"/guardian/samples/{month}/{reference}/"
    assert fill(guardian, path, {"finding": "sound"}, carry=()).status_code == 422
    assert fill(guardian, path, {"finding": "sound", "reasons": REASONS}, carry=()).status_code == 302
    assert "Sound" in text(guardian.get(f"/guardian/samples/{month}/"))
    assert first.get("/guardian/samples/").status_code == 403
    assert corridor.read(reference).reviews[0].finding == "sound"


@pytest.mark.parametrize(
    ("words", "are_told"),
    [(f"  {REASONS.upper()}", True), ("A murder, and the hostel lost sight of the suspect in March.", False)],
    ids=["pasted", "own"],
)
def test_pasted_reasons_are_told_on_the_case_once_both_are_in_and_own_words_are_not(
    desk: "Instance", corridor: Corridor, words: str, are_told: bool
) -> None:
    at = {who.staff_id: at_the_pages(who) for who in (FIRST, SECOND, THIRD, GUARDIAN)}
    reference = corridor.received()
    page, question = f"/cases/{reference}/", f"/cases/{reference}/questions/public_interest/"
    assert fill(at[FIRST.staff_id], question, {"answer": "yes", "reasons": REASONS}).status_code == 302
    for client in at.values():
        assert "word for word" not in text(client.get(page)), "one view alone is like no other"
    second = StaffId(corridor.read(reference).offers[-1].offered_to)
    assert fill(at[second], question, {"answer": "yes", "reasons": words}).status_code == 302
    of_first, of_second = (f"those of {who.title()}" for who in (FIRST.staff_id, second))
    for who, expected in (
        (FIRST.staff_id, [of_second, "your own"]),
        (second, ["your own", of_first]),
        (GUARDIAN.staff_id, [of_second, of_first]),
    ):
        shown = text(at[who].get(page))
        told = re.findall(r"These reasons are nearly word for word ([^.]+)\.", shown)
        assert told == (expected if are_told else [])
        assert ("Two people may honestly give the same reasons" in shown) is are_told
    assert corridor.read(reference).status is Status.APPROVED, "nothing is refused"


def test_a_closed_case_with_pasted_reasons_is_read_whatever_the_lot_says(desk: "Instance", corridor: Corridor) -> None:
    guardian, month = at_the_pages(GUARDIAN), corridor.read(_closed_last_month(corridor)).state.closed_on[:7]
    for number in range(5):
        corridor.withdraw(corridor.approved(police_request(reference=f"KP/{number + 2}")))
    guardian.post("/guardian/samples/", {"period": month})
    page = text(guardian.get(f"/guardian/samples/{month}/"))
    assert page.count("Beyond the lot") == 1, "the corridor's officers write alike, and the lot drew five of six"
    sample = desk.custody.guardian.sample(month, by=GUARDIAN)
    assert [one.by_lot for one in sample.cases] == [True] * 5 + [False]
    file = corridor.read(sample.cases[-1].reference)
    path = f"/guardian/samples/{month}/{file.reference}/"
    assert fill(guardian, path, {"finding": "weak-reasons", "reasons": REASONS}, carry=()).status_code == 302
    assert corridor.read(file.reference).reviews[0].finding == "weak-reasons"


def _closed_last_month(corridor: Corridor) -> CaseReference:
    """Return a case that was closed before this month began: the ledger's clock is set there first."""
    corridor.now = (corridor.now.replace(day=1) - timedelta(days=5)).replace(hour=10)
    return corridor.sealed()


def test_a_filter_is_kept_used_and_thrown_away_by_its_owner_alone(desk: "Instance", corridor: Corridor) -> None:
    first, second = at_the_pages(FIRST), at_the_pages(SECOND)
    corridor.received()
    page = first.get("/cases/?organisation=kent-police&sort=newest")
    sent = {"asked": unescape(field(page, "asked")), "name": "Kent, newest"}
    kept = first.post("/filters/", sent)
    assert kept["Location"] == "/cases/?view=open&organisation=kent-police&sort=newest"
    assert "Kent, newest" in text(first.get("/cases/"))
    assert "Kent, newest" not in text(second.get("/cases/"))
    number = desk.custody.upkeep.saved(by=FIRST)[0].number
    second.post("/filters/", {"forget": str(number)})
    assert len(desk.custody.upkeep.saved(by=FIRST)) == 1
    first.post("/filters/", {"forget": str(number)})
    assert desk.custody.upkeep.saved(by=FIRST) == []
    assert first.post("/filters/", {"asked": "https://elsewhere.example/", "name": "x"})["Location"] == "/cases/"
    assert "was not kept" in text(first.post("/filters/", {"name": " "}, follow=True))


def test_the_queue_stands_in_the_order_asked_for(desk: "Instance", corridor: Corridor) -> None:
    first = at_the_pages(FIRST)
    older, newer = corridor.received(), corridor.received(police_request(reference="KP/9"))
    for sort in ("due", "received", "newest", "status", "requester", "; DROP TABLE state"):
        page = first.get("/cases/", {"sort": sort})
        assert page.status_code == 200
        assert {older[:12], newer[:12]} <= set(re.findall(r"PRV-[0-9A-Z]{8}", text(page)))


def table_of(answer: Any) -> list[dict[str, str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_is_taken_away_whole_filtered_and_ordered_as_on_the_page(
    desk: "Instance", corridor: Corridor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.store import queue
    from privity.edge.store.instance_rows import Organisation

    monkeypatch.setattr(queue, "PAGE", 1)
    references = [corridor.received(police_request(reference=f"KP/{number}")) for number in range(3)]
    # Nobody who names an organisation, or themselves, writes into a colleague's spreadsheet.
    Organisation.objects.filter(reference=KENT).update(words='=HYPERLINK("https://example.org","Kent")')
    entries = desk.log.size()
    client = at_the_pages(FIRST)
    page = client.get("/cases/?sort=newest")
    assert 'href="/cases/list.csv?view=open&amp;sort=newest"' in page.content.decode()
    lines = table_of(client.get("/cases/list.csv?view=open&sort=newest"))
    assert {line["case"] for line in lines} == set(references), "all pages of it"
    assert {line["requester"] for line in lines} == {'\'=HYPERLINK("https://example.org","Kent")'}
    assert lines[0]["standing"] == corridor.read(references[0]).status.words
    assert not [cell for line in lines for cell in line.values() if cell[:1] in tuple("=+-@\t\r\n")]
    assert not [word for word in GOLDEN_WORDS if word in str(lines)], "it names nobody sought"
    assert table_of(client.get("/cases/list.csv?view=mine")) == []
    assert table_of(client.get("/cases/list.csv?view=open&organisation=atlantis")) == []
    assert desk.log.size() == entries, "reading the queue is no act, on the page and in the file"


def test_the_list_is_for_officers_and_holds_no_more_than_a_file_should(
    desk: "Instance", corridor: Corridor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.wiring import desk as joined

    corridor.received(police_request(reference="KP/1"))
    corridor.received(police_request(reference="KP/2"))
    assert at_the_pages(DEPARTMENT).get("/cases/list.csv").status_code == 403
    monkeypatch.setattr(joined, "MOST_LISTED", 1)
    told = at_the_pages(FIRST).get("/cases/list.csv?sort=status", follow=True)
    assert told.redirect_chain == [("/cases/?view=open&sort=status", 302)]
    assert "Narrow the filter" in text(told)


def test_two_officers_on_one_case_the_second_is_told_and_loses_nothing(desk: "Instance", corridor: Corridor) -> None:
    first, second, reference = at_the_pages(FIRST), at_the_pages(SECOND), corridor.received()
    page = first.get(f"/cases/{reference}/note/")
    corridor.ask(reference)
    assert second.get(f"/cases/{reference}/").status_code == 200
    told = first.post(f"/cases/{reference}/note/", {"revision": field(page, "revision"), "reasons": "A long note."})
    assert "somebody else acted on this case" in text(told).lower()
    assert "A long note." in text(told)
    assert field(told, "revision") != field(page, "revision")
    sent = {"revision": field(told, "revision"), "reasons": "A long note."}
    assert first.post(f"/cases/{reference}/note/", sent).status_code == 302


def test_a_question_named_by_nobody_is_not_found(desk: "Instance", corridor: Corridor) -> None:
    first, reference = at_the_pages(FIRST), corridor.received()
    assert Slug("public_interest") in corridor.read(reference).assessment.questions
    for path in (
        f"/cases/{reference}/questions/nothing/",
        f"/cases/{reference}/safety/",
        f"/cases/{reference}/forwarding/",
        f"/cases/{reference}/forwarding/post/",
        f"/cases/{reference}/forwarding/sheet/",
        "/cases/PRV-00000000000000000000000000/holds/",
    ):
        assert first.get(path).status_code == 404, path


def test_what_a_requester_took_back_is_told_as_answered_neither_in_time_nor_late(
    desk: "Instance", corridor: Corridor
) -> None:
    from privity.edge.wiring.broker_desk import _volumes

    corridor.withdraw(corridor.received())
    (line,) = _volumes(civil_day(corridor.now))
    assert (line.in_time, line.late, line.open) == (0, 0, 0)
