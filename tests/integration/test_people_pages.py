"""Administrators at the pages, over a real store: people, proposals, systems, publication; and new people coming in."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, GUARDIAN, Corridor, officer
from tests.fakes.people import PASSWORD, with_account
from tests.fakes.visitor import at_the_pages, somebody, text

from privity.definitions.party import Role
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

FORD, SHAH = ADMINISTRATORS[:2]
NEW = {"name": "Nia Newcomer", "staff_id": "n.newcomer", "organisation": "custodian", "role": "auditor", "rank": ""}
HALF = re.compile(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}")
WAITS = re.compile(r"/administration/waiting/([0-9a-f]{32})/confirm/")


@pytest.fixture
def desk(corridor: Corridor, instance: "Instance") -> "Instance":
    """Return an instance with two administrators, an officer and a guardian, its pages open."""
    from privity.edge.web import door
    from privity.edge.wiring.inside import open_inner_doors

    for who in (FORD, SHAH, FIRST, GUARDIAN):
        with_account(instance, who)
    door.open_with(instance.desk, requester_desk=instance.requester_desk)
    open_inner_doors(instance)
    return instance


def half_in(page: Any) -> str:
    found = HALF.search(page.content.decode())
    assert found, text(page)[:500]
    return found[0]


def waiting(client: "Client") -> str:
    found = WAITS.search(client.get("/administration/waiting/").content.decode())
    assert found, "nothing waits that this person may confirm"
    return found[1]


def kinds(instance: "Instance", last: int) -> list[EntryKind]:
    return [one.entry.kind for one in instance.log.entries(instance.log.size() - last)]


def test_a_new_person_is_put_forward_confirmed_sets_a_password_and_a_second_proof_and_comes_in(
    desk: "Instance",
) -> None:
    ford, shah, nia = at_the_pages(FORD), at_the_pages(SHAH), somebody()
    first = half_in(ford.post("/administration/people/new/", NEW))
    page = ford.get("/administration/waiting/")
    assert "You put it forward, so somebody else confirms it." in text(page)
    assert not WAITS.search(page.content.decode())
    second = half_in(shah.post(f"/administration/waiting/{waiting(shah)}/confirm/"))
    assert first != second
    assert kinds(desk, 3) == [EntryKind.PROPOSAL_ENDED, EntryKind.OFFICER_ENROLLED, EntryKind.ROLE_GRANTED]
    chosen = {"staff_id": "n.newcomer", "password": "four words of hers", "again": "four words of hers"}
    for halves in ({"first": second, "second": first}, {"first": first, "second": first}):
        refused = nia.post("/sign-in/set-up/", {**chosen, **halves})
        assert refused.status_code == 422, "neither of the two administrators can do it alone"
    done = nia.post("/sign-in/set-up/", {**chosen, "first": first.upper(), "second": second.replace("-", " ")})
    assert done["Location"] == "/sign-in/"
    assert nia.post("/sign-in/set-up/", {**chosen, "first": first, "second": second}).status_code == 422, "used up"
    half_way = nia.post("/sign-in/", {"staff_id": "n.newcomer", "password": chosen["password"]})
    assert half_way["Location"] == "/sign-in/enrol/"
    assert nia.get("/audit/")["Location"].startswith("/sign-in/"), "half way in is not in"
    offered = nia.get("/sign-in/enrol/")
    secret = re.search(r'desk-reference">([A-Z2-7 ]{20,})<', offered.content.decode())
    assert secret, text(offered)
    again = re.search(r'desk-reference">([A-Z2-7 ]{20,})<', nia.get("/sign-in/enrol/").content.decode())
    assert again, "the page can be loaded again"
    assert again[1] == secret[1], "and offers the same secret"
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    assert nia.post("/sign-in/enrol/", {"code": "000000"}).status_code == 422
    codes = nia.post("/sign-in/enrol/", {"code": app.now()})
    assert "Your recovery codes" in text(codes)
    assert nia.get("/audit/").status_code == 200
    nia.post("/sign-out/")
    asked = nia.post("/sign-in/", {"staff_id": "n.newcomer", "password": chosen["password"], "next": "/audit/"})
    assert asked["Location"] == "/sign-in/second/"
    assert nia.get("/sign-in/enrol/")["Location"] == "/sign-in/", "another app is not enrolled with a password alone"
    assert nia.post("/sign-in/second/", {"code": app.now()}).status_code == 422, "used up by the enrolment"
    recovery = HALF.search(codes.content.decode())
    assert recovery
    assert nia.post("/sign-in/second/", {"code": recovery[0]})["Location"] == "/audit/"


def test_whatever_word_an_address_says_somebody_is_going_to_they_come_in(desk: "Instance") -> None:
    okafor = somebody()
    signs = {"staff_id": FIRST.staff_id, "password": PASSWORD}
    assert okafor.post("/sign-in/", {**signs, "next": "case"})["Location"] == "/sign-in/enrol/"
    secret = re.search(r'desk-reference">([A-Z2-7 ]{20,})<', okafor.get("/sign-in/enrol/").content.decode())
    assert secret
    codes = okafor.post("/sign-in/enrol/", {"code": pyotp.TOTP(secret[1].replace(" ", "")).now()})
    assert "Your recovery codes" in text(codes), "and see what is shown this once"
    assert okafor.get("/cases/").status_code == 200


def test_a_code_of_an_app_that_is_sent_twice_is_told_to_be_used_up(desk: "Instance") -> None:
    okafor = at_the_pages(FIRST)
    offered = okafor.get("/your-account/second-proof/").content.decode()
    secret = re.search(r'desk-reference">([A-Z2-7 ]{20,})<', offered)
    assert secret
    code = pyotp.TOTP(secret[1].replace(" ", "")).now()
    assert okafor.post("/your-account/second-proof/", {"code": code}).status_code == 200
    twice = okafor.post("/your-account/second-proof/", {"code": code})
    assert twice.status_code == 422, "and not that a key was lost"
    assert "was used already" in text(twice)


def test_what_is_no_text_is_refused_before_a_page_or_a_database_sees_it(desk: "Instance") -> None:
    ford, nobody = at_the_pages(FORD), somebody()
    sent = [
        nobody.post("/sign-in/", {"staff_id": "fi\0rst", "password": PASSWORD}),
        nobody.post("/disclosed/", {"code": "\0"}),
        ford.get("/administration/people/?organisation=%00"),
        ford.get("/administration/people/%00/"),
        ford.post("/administration/people/new/", {**NEW, "na\0me": "x"}),
    ]
    assert [page.status_code for page in sent] == [400] * len(sent)
    assert all("a character that is no text" in text(page) for page in sent)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded; charset=utf-7", "a=b"),
        ("multipart/form-data; boundary=", "a=b"),
        ("application/x-www-form-urlencoded", "a=&" * 2000),
    ],
)
def test_what_is_no_form_is_refused_and_is_no_defect(desk: "Instance", kind: str, body: str) -> None:
    from django.test import Client

    # With the cookie that forms are checked against: only then is the form looked at.
    nobody = Client(SERVER_NAME="localhost", raise_request_exception=False, enforce_csrf_checks=True)
    nobody.cookies["csrftoken"] = "a" * 32
    page = nobody.generic("POST", "/disclosed/", body, content_type=kind)
    assert (page.status_code, page.content) == (400, b"Nothing was done: what was sent cannot be read.\n")
    told = nobody.generic("POST", "/api/v1/token", body, content_type=kind)
    assert (told.status_code, told.json()["type"]) == (400, "urn:privity:problem:unreadable")


def test_lost_credentials_are_made_void_at_once_when_the_second_person_confirms(desk: "Instance") -> None:
    ford, shah, okafor = at_the_pages(FORD), at_the_pages(SHAH), at_the_pages(FIRST)
    first = half_in(ford.post("/administration/people/first/", {"change": "reset"}))
    assert okafor.get("/cases/").status_code == 200, "put forward, it changes nothing"
    second = half_in(shah.post(f"/administration/waiting/{waiting(shah)}/confirm/"))
    assert okafor.get("/cases/")["Location"].startswith("/sign-in/")
    assert somebody().post("/sign-in/", {"staff_id": "first", "password": PASSWORD}).status_code == 422
    new = {"staff_id": "first", "first": first, "second": second, "password": "another long word", "again": "another"}
    assert somebody().post("/sign-in/set-up/", new).status_code == 422, "not typed twice alike"
    assert somebody().post("/sign-in/set-up/", {**new, "again": new["password"]}).status_code == 302


def test_a_password_changed_while_the_credentials_are_made_void_is_void_too(
    desk: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.wiring import accounts

    ford, shah, okafor = at_the_pages(FORD), at_the_pages(SHAH), at_the_pages(FIRST)
    app = pyotp.TOTP(pyotp.random_base32())
    desk.accounts.factors.enrol_app("first", app.secret, app.now(), datetime.now(UTC))  # noqa: TID251  as the pages do
    ford.post("/administration/people/first/", {"change": "reset"})

    def meanwhile(password: str) -> None:
        shah.post(f"/administration/waiting/{waiting(shah)}/confirm/")

    monkeypatch.setattr(accounts, "validate_password", meanwhile)
    typed = {"before": PASSWORD, "after": "four words of a thief", "again": "four words of a thief"}
    assert okafor.post("/your-account/password/", typed).status_code == 422
    # Whatever is done to the account next makes it follow its record again.
    ford.post("/administration/people/first/take-away/", {"what": "sessions"})
    for password in (PASSWORD, typed["after"]):
        assert somebody().post("/sign-in/", {"staff_id": "first", "password": password}).status_code == 422
    assert not desk.accounts.factors.is_enrolled("first")


def test_a_role_is_changed_by_two_and_taken_away_by_one_and_each_ends_the_sessions(desk: "Instance") -> None:
    ford, shah = at_the_pages(FORD), at_the_pages(SHAH)
    okafor = at_the_pages(FIRST)
    ford.post("/administration/people/first/", {"change": "role", "role": "auditor", "rank": ""})
    shah.post(f"/administration/waiting/{waiting(shah)}/confirm/")
    assert okafor.get("/cases/")["Location"].startswith("/sign-in/")
    okafor = at_the_pages(FIRST)
    assert okafor.get("/audit/").status_code == 200
    gone = ford.post("/administration/people/first/take-away/", {"what": "role", "reason": "moved"})
    assert gone.status_code == 302
    assert okafor.get("/audit/")["Location"].startswith("/sign-in/")
    assert somebody().post("/sign-in/", {"staff_id": "first", "password": PASSWORD}).status_code == 422
    told = text(ford.get("/administration/people/first/"))
    assert "no role" in told
    assert "Role taken away: auditor" in told


def test_an_administrator_changes_nothing_of_their_own_and_without_a_reason_nothing_is_taken(desk: "Instance") -> None:
    ford = at_the_pages(FORD)
    address = f"/administration/people/{FORD.staff_id}/"
    assert "Nobody changes what they may do themselves" in text(ford.get(address))
    refused = ford.post(address, {"change": "role", "role": "guardian", "rank": ""})
    assert refused.status_code == 422
    assert "a change of themselves" in text(refused)
    assert ford.post("/administration/people/first/take-away/", {"what": "account"}).status_code == 422
    assert ford.get("/administration/people/nobody.here/").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/administration/", "/administration/people/", "/administration/certificates/", "/audit/", "/audit/export/"],
)
def test_who_judges_cases_does_not_see_these_pages(desk: "Instance", path: str) -> None:
    assert at_the_pages(FIRST).get(path).status_code == 403
    assert somebody().get(path)["Location"].startswith("/sign-in/")


def test_an_administrator_sees_no_case_whatever_address_is_tried(desk: "Instance", corridor: Corridor) -> None:
    ford, reference = at_the_pages(FORD), corridor.received()
    for path in ("/cases/", f"/cases/{reference}/", f"/requests/{reference}/", "/audit/"):
        assert ford.get(path).status_code == 403
    assert ford.post(f"/cases/{reference}/take/", {"revision": "1"}).status_code == 403


def test_the_guardian_confirms_a_publication_and_no_administrator_does(desk: "Instance") -> None:
    ford, shah, hale = at_the_pages(FORD), at_the_pages(SHAH), at_the_pages(GUARDIAN)
    assert "Put forward" in text(ford.get("/administration/agreements/"))
    ford.post("/administration/agreements/", {"family": "police", "name": "2017-01"})
    assert "waits for the guardian" in text(ford.get("/administration/agreements/"))
    reference = waiting(hale)
    assert "It is not yours to confirm." in text(shah.get("/administration/waiting/"))
    assert shah.post(f"/administration/waiting/{reference}/confirm/").status_code == 422
    assert desk.agreements.families() == {}
    assert hale.post(f"/administration/waiting/{reference}/confirm/").status_code == 302
    assert "police" in desk.agreements.families()
    assert kinds(desk, 2) == [EntryKind.PROPOSAL_ENDED, EntryKind.AGREEMENT_PUBLISHED]
    again = ford.post("/administration/agreements/", {"family": "police", "name": "2017-01"})
    assert "it is published already" in text(again).lower()
    ford.post("/administration/people/first/", {"change": "reset"})
    assert "first" not in text(hale.get("/administration/waiting/")), "the guardian sees publications only"


def test_a_refused_proposal_is_gone_and_its_half_of_a_code_with_it(desk: "Instance") -> None:
    from privity.edge.store.people_rows import SetUp

    ford, shah = at_the_pages(FORD), at_the_pages(SHAH)
    ford.post("/administration/people/new/", NEW)
    reference = waiting(shah)
    assert SetUp.objects.count() == 1
    assert shah.post(f"/administration/waiting/{reference}/withdraw/").status_code == 302
    assert SetUp.objects.count() == 0
    assert shah.post(f"/administration/waiting/{reference}/confirm/").status_code == 422


def test_a_requesters_system_is_added_by_two_and_revoked_by_one_and_both_are_in_the_ledger(desk: "Instance") -> None:
    ford, shah = at_the_pages(FORD), at_the_pages(SHAH)
    wrong = {"organisation": "kent-police", "certificate_sha256": "12ab"}
    assert ford.post("/administration/systems/", wrong).status_code == 422
    colons = ":".join(["AB"] * 32)
    ford.post("/administration/systems/", {"organisation": "kent-police", "certificate_sha256": colons})
    handed = text(shah.post(f"/administration/waiting/{waiting(shah)}/confirm/"))
    program = re.search(r"Client identifier ([0-9a-f]{32})", handed)
    assert program, handed
    last = desk.log.entry(desk.log.size() - 1)
    assert (last.kind, last.facts["certificate_digest"]) == (EntryKind.PROGRAM_ADDED, "ab" * 32)
    ford.post("/administration/systems/", {"what": "revoke", "program": program[1]})
    assert kinds(desk, 1) == [EntryKind.PROGRAM_REVOKED]
    assert ford.post("/administration/systems/", {"what": "revoke", "program": "0" * 32}).status_code == 422


def test_organisations_are_made_known_once_and_a_name_that_is_none_is_told(desk: "Instance") -> None:
    ford = at_the_pages(FORD)
    new = {"name": "avon-police", "words": "Avon Police", "kind": "police force", "family": ""}
    assert ford.post("/administration/organisations/", new).status_code == 302
    assert ford.post("/administration/organisations/", new).status_code == 422
    for wrong in ({"name": "Avon Police"}, {"name": "custodian"}, {"words": " "}, {"family": "nothing-published"}):
        assert ford.post("/administration/organisations/", {**new, "name": "essex-police", **wrong}).status_code == 422
    assert "Avon Police" in text(ford.get("/administration/organisations/"))


def test_an_account_or_record_altered_behind_the_ledger_signs_nobody_in_and_the_audit_names_it(
    desk: "Instance",
) -> None:
    from privity.edge.store.account import Account
    from privity.edge.store.audit import Tally, audit_rows
    from privity.edge.store.people_rows import Officer as Row

    assert list(audit_rows(desk.log, Tally())) == []
    okafor = at_the_pages(FIRST)
    Account.objects.filter(staff_id="first").update(role=Role.ADMINISTRATOR.value)
    assert okafor.get("/administration/")["Location"].startswith("/sign-in/")
    assert somebody().post("/sign-in/", {"staff_id": "first", "password": PASSWORD}).status_code == 422
    Row.objects.filter(reference="first").update(role=Role.ADMINISTRATOR.value)
    found = [(one.table, one.column, one.case) for one in audit_rows(desk.log, Tally())]
    assert found == [("officer", "role", "officer:first")]


def test_a_session_ends_half_an_hour_after_the_last_page_and_says_so(
    desk: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import datetime, timedelta

    from privity.edge.web import door

    okafor, real = at_the_pages(FIRST), door.now
    started = real()
    for minutes in (0, 25, 50):
        moment = started + timedelta(minutes=minutes)
        monkeypatch.setattr(door, "now", lambda moment=moment: moment)
        assert okafor.get("/your-role/").status_code == 200
    late: datetime = started + timedelta(minutes=81)
    monkeypatch.setattr(door, "now", lambda: late)
    assert okafor.get("/your-role/")["Location"] == "/sign-in/"
    assert "You were signed out" in text(okafor.get("/sign-in/"))


def test_a_session_ends_after_eight_hours_however_busy(desk: "Instance", monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from privity.edge.web import door

    okafor, started = at_the_pages(FIRST), door.now()
    for minutes in range(0, 8 * 60 + 1, 20):
        moment = started + timedelta(minutes=minutes)
        monkeypatch.setattr(door, "now", lambda moment=moment: moment)
        assert okafor.get("/your-role/").status_code == 200
    monkeypatch.setattr(door, "now", lambda: started + timedelta(hours=8, minutes=1))
    assert okafor.get("/your-role/")["Location"] == "/sign-in/"


def test_people_change_their_own_password_and_sign_out_everywhere(desk: "Instance") -> None:
    here, there = at_the_pages(FIRST), at_the_pages(FIRST)
    wrong = {"before": "not it at all", "after": "a new long password", "again": "a new long password"}
    assert here.post("/your-account/password/", wrong).status_code == 422
    weak = {"before": PASSWORD, "after": "password1234", "again": "password1234"}
    assert here.post("/your-account/password/", weak).status_code == 422
    assert here.post("/your-account/password/", {**wrong, "before": PASSWORD}).status_code == 302
    assert here.get("/your-account/").status_code == 200
    assert there.get("/your-account/")["Location"].startswith("/sign-in/")
    there = at_the_pages(FIRST)
    assert here.post("/your-account/sign-out-everywhere/")["Location"] == "/sign-in/"
    assert there.get("/your-account/")["Location"].startswith("/sign-in/")
    assert kinds(desk, 1) == [EntryKind.OFFICER_SIGNED_OUT]


def test_only_the_first_two_administrators_are_enrolled_without_two_who_grant_it(instance: "Instance") -> None:
    from datetime import UTC, datetime

    from privity.errors import Mistaken

    now = datetime.now(UTC)  # noqa: TID251  as the command does
    with pytest.raises(Mistaken, match="first two administrators"):
        instance.keeper.found(FIRST, PASSWORD, at=now)
    for name in ("one", "two"):
        instance.keeper.found(officer(name, Role.ADMINISTRATOR), PASSWORD, at=now)
    with pytest.raises(Mistaken, match="first two administrators"):
        instance.keeper.found(officer("three", Role.ADMINISTRATOR), PASSWORD, at=now)
    entries = [one.entry for one in instance.log.entries()]
    assert {entry.role for entry in entries} == {Role.SYSTEM}, "the ledger says that nobody granted it"


def test_a_link_that_could_not_be_made_is_refused_when_it_is_put_forward(desk: "Instance") -> None:
    from privity.edge.store.people_rows import Officer as Row

    ford, shah = at_the_pages(FORD), at_the_pages(SHAH)
    link = {"change": "sign-on", "issuer": "https://id.example", "subject": "7f3c"}
    for wrong in ({"issuer": "http://id.example"}, {"subject": ""}, {"subject": "x" * 256}):
        assert ford.post("/administration/people/first/", {**link, **wrong}).status_code == 422
    ford.post("/administration/people/first/", link)
    shah.post(f"/administration/waiting/{waiting(shah)}/confirm/")
    assert Row.objects.get(reference="first").subject == "7f3c"
    taken = ford.post("/administration/people/guardian/", link)
    assert "that subject is somebody else here" in text(taken).lower()


def test_an_administrator_keeps_a_word_out_of_debts_and_only_the_guardian_lets_it_pass_again(desk: "Instance") -> None:
    ford, hale, first = at_the_pages(FORD), at_the_pages(GUARDIAN), at_the_pages(FIRST)
    page = "/administration/health-words/"
    assert "it is English" in text(ford.get(page))
    assert ford.post(page, {"word": "two words"}).status_code == 422
    assert ford.post(page, {"word": "Willowbank"}).status_code == 302
    assert "willowbank" in text(ford.get(page))
    assert "Let it pass again" not in text(ford.get(page))
    assert ford.post(page, {"what": "take-back", "word": "willowbank"}).status_code == 422
    assert hale.post(page, {"word": "another"}).status_code == 422
    assert hale.post(page, {"what": "take-back", "word": "willowbank"}).status_code == 302
    assert "None." in text(hale.get(page))
    assert first.get(page).status_code == 403
    assert kinds(desk, 2) == [EntryKind.HEALTH_WORD_ADDED, EntryKind.HEALTH_WORD_WITHDRAWN]
