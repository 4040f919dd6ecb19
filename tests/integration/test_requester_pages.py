"""A requester's officers at the pages, over a real store: from the first page of a request to its destruction."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes import golden
from tests.fakes.corridor import ADMINISTRATORS, FIRST, KENT, SECOND, Corridor, officer, police_request
from tests.fakes.guarded_register import NOBODY
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages, field, text

from privity.casework.account_records import Change
from privity.casework.lifecycle import Status
from privity.casework.officers import Reason
from privity.casework.ports import Gateway
from privity.casework.requester_desk import DraftKind
from privity.definitions.party import Role
from privity.definitions.reference import CaseReference
from privity.edge.demonstration.setting_up import publish_until
from privity.errors import Mistaken

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

PASSWORD = "correct horse battery staple"
CHANGING = r'csrf[^>]*value="[^"]*"|nonce="[^"]*"|PRV-[0-9A-Z]+'
REFERENCE = re.compile(r"/requests/(PRV-[0-9A-Z]{26})/")
CONSTABLE = officer("constable", Role.REQUESTING_OFFICER, KENT)
INSPECTOR = officer("inspector", Role.REQUESTING_OFFICER, KENT)
STRANGER = officer("stranger", Role.REQUESTING_OFFICER, "home-office")
ANSWERS: dict[str, dict[str, str | list[str]]] = {
    "purpose": {"your_reference": "KP/77", "purpose": "criminal-investigation", "statement": "A murder inquiry."},
    "person": {"family_name": "Quillfeather", "given_name": "Ann", "date_of_birth": "04/05/1979"},
    "declarations": {"offence": "murder", "person_is": "suspect", "aids_investigation": "yes", "this_person": "yes"},
    "items": {"items": ["name", "last_known_address"]},
}


@pytest.fixture
def desk(corridor: Corridor, instance: "Instance") -> "Instance":
    """Return the instance with every agreement published, its pages open, and four accounts."""
    from privity.edge.web import door
    from privity.edge.wiring.desk import InstanceDesk
    from privity.edge.wiring.inside import open_inner_doors

    begins, now = datetime(2017, 1, 2, tzinfo=UTC), datetime.now(UTC) - timedelta(hours=2)  # noqa: TID251  as the served pages do
    publish_until(instance, begins, after=datetime(1, 1, 1, tzinfo=UTC))
    publish_until(instance, now, after=begins)
    gateway = Gateway(agreements=instance.agreements, register=corridor.register, sealer=corridor.sealer)
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    corridor.now = now
    assert isinstance(instance.desk, InstanceDesk)
    joined = replace(instance.desk, register=corridor.register, gateway=gateway)  # type: ignore[arg-type]  # counted
    open_inner_doors(instance)
    door.open_with(joined, requester_desk=instance.requester_desk, made_up=True)
    for who, rank in ((CONSTABLE, "constable"), (INSPECTOR, "inspector"), (STRANGER, ""), (FIRST, "")):
        with_account(instance, who, password=PASSWORD, rank=rank)
    return instance


def read_what_waits(desk: "Instance") -> None:
    """Let what was acknowledged be read, as the serving process does beside its pages."""
    desk.reader.read(datetime.now(UTC))  # noqa: TID251  by the real clock, like what is served


def written(client: "Client") -> str:
    """Write a request page by page and return the address of its last page."""
    address = client.post("/requests/new/")["Location"]
    for step, fields in ANSWERS.items():
        assert f"/{step}/" in address
        page = client.get(address)
        sent = client.post(address, {"revision": field(page, "revision"), **fields})
        assert sent.status_code == 302, text(sent)[:600]
        address = sent["Location"]
    return address


def test_a_request_is_written_page_by_page_checked_countersigned_and_sent_once(desk: "Instance") -> None:
    constable, inspector = at_the_pages(CONSTABLE), at_the_pages(INSPECTOR)
    check = written(constable)
    page = constable.get(check)
    assert "What would fail" in text(page), "the missing countersignature is told before sending"
    assert "countersigned by an inspector or a higher rank" in text(page)
    assert "If you send it today, it is due on" in text(page)
    base = check.removesuffix("check/")
    assert inspector.get(check).status_code == 404, "a draft is its writer's alone"
    constable.post(f"{base}colleagues/")
    assert constable.post(f"{base}countersign/", {"revision": field(page, "revision")}).status_code == 422
    read = inspector.get(check)
    assert "Quillfeather" in text(read), "who countersigns reads what they sign"
    done = inspector.post(f"{base}countersign/", {"revision": field(read, "revision")})
    reference = REFERENCE.search(done["Location"])
    assert reference, text(done)
    shown = text(inspector.get(done["Location"]))
    assert "Received, being read" in shown
    assert "Quillfeather" not in shown
    read_what_waits(desk)
    assert "Being considered" in text(inspector.get(done["Location"]))
    file = desk.store.case(CaseReference(reference[1]))
    assert (file.status, file.request.countersigned_rank) == (Status.JUDGING_PURPOSE, "inspector")
    assert constable.post(f"{base}send/", {"revision": "1"})["Location"] == done["Location"], "sent twice is sent once"
    from privity.edge.store.case_rows import Opening
    from privity.edge.store.requester_rows import Draft

    assert Opening.objects.count() == 1
    assert Draft.objects.get().content == "", "the words of a sent draft are gone"


@pytest.mark.parametrize("recorded", ["", "constable", "Inspector", "inspector ", "generalissimo", "not-countersigned"])
def test_a_rank_that_the_agreement_does_not_spell_so_countersigns_nothing(desk: "Instance", recorded: str) -> None:
    colleague = officer("colleague", Role.REQUESTING_OFFICER, KENT)
    with_account(desk, colleague, password=PASSWORD, rank=recorded)
    constable, theirs = at_the_pages(CONSTABLE), at_the_pages(colleague)
    check = written(constable)
    base = check.removesuffix("check/")
    constable.post(f"{base}colleagues/")
    read = theirs.get(check)
    refused = theirs.post(f"{base}countersign/", {"revision": field(read, "revision")})
    assert refused.status_code == 422
    assert "shows no rank that the agreement accepts" in text(refused)


def test_a_rank_is_given_as_the_agreement_of_the_persons_organisation_spells_it(desk: "Instance") -> None:
    by, at = ADMINISTRATORS[0], datetime.now(UTC)  # noqa: TID251  as the served pages do
    spelled = [rank for rank, _ in desk.keeper.ranks(by=by, organisation=KENT)]
    assert (spelled[0], spelled[2], spelled[-1]) == ("constable", "inspector", "chief-officer")
    assert desk.keeper.ranks(by=by, organisation="home-office") == []

    def enrolled(name: str, rank: str, organisation: str = KENT) -> None:
        content = {"name": "N. Newcomer", "organisation": organisation, "role": "requesting-officer", "rank": rank}
        desk.keeper.propose(Change.ENROL, name, content, by=by, at=at)

    for rank in ("Inspector", "inspector ", "DCI", "not-countersigned"):
        with pytest.raises(Mistaken, match="knows no such rank"):
            enrolled("n.newcomer", rank)
    with pytest.raises(Mistaken, match="knows no such rank"):
        enrolled("n.newcomer", "inspector", "home-office")
    with pytest.raises(Mistaken, match="knows no such rank"):
        desk.keeper.propose(Change.ROLE, CONSTABLE.staff_id, {"role": "requesting-officer", "rank": "DI"}, by=by, at=at)
    enrolled("n.newcomer", "inspector")
    enrolled("n.another", "")


def test_a_wrong_field_is_told_beside_it_and_what_was_typed_is_kept(desk: "Instance") -> None:
    constable = at_the_pages(CONSTABLE)
    address = constable.post("/requests/new/")["Location"].replace("purpose", "person")
    page = constable.get(address)
    told = constable.post(
        address, {"revision": field(page, "revision"), "family_name": "Quillfeather", "date_of_birth": "31/02/1980"}
    )
    assert told.status_code == 422
    assert 'id="date_of_birth-error"' in told.content.decode()
    assert "31/02/1980" in told.content.decode()


def test_a_draft_that_is_sent_while_it_is_changed_does_not_come_back_to_be_sent_again(
    desk: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.casework.record import canonical
    from privity.edge.wiring import drafts

    book = drafts.DraftBook()
    draft = book.begin(DraftKind.REQUEST, "", CONSTABLE, datetime.now(UTC))  # noqa: TID251  as the pages do

    def meanwhile(fields: dict[str, object]) -> str:
        book.mark_sent(draft.name, draft.revision, "PRV-SENT")  # as another process does, where rows are not held
        return canonical(fields)

    monkeypatch.setattr(drafts, "canonical", meanwhile)
    with pytest.raises(Mistaken, match="changed or sent since"):
        book.change(draft.name, {"purpose": "x"}, draft.revision, CONSTABLE, datetime.now(UTC))  # noqa: TID251  the same


def test_two_windows_on_one_draft_notice_each_other(desk: "Instance") -> None:
    constable = at_the_pages(CONSTABLE)
    address = constable.post("/requests/new/")["Location"]
    page = constable.get(address)
    assert constable.post(address, {"revision": field(page, "revision"), **ANSWERS["purpose"]}).status_code == 302
    late = constable.post(address, {"revision": field(page, "revision"), **ANSWERS["purpose"]})
    assert late.status_code == 422
    assert "changed or sent since you opened it" in text(late)


def test_a_file_is_read_told_row_by_row_and_sent_once(desk: "Instance") -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    constable = at_the_pages(CONSTABLE)
    header = "your_reference,officer,purpose,items,family_name,date_of_birth,offence,person_is,aids_investigation\n"
    wrong = header + "A/1,DC Oakes,criminal-investigation,name,Quill,1980-02-31,murder,suspect,yes\n"
    refused = constable.post("/requests/file/", {"file": SimpleUploadedFile("a.csv", wrong.encode())})
    assert refused.status_code == 422
    assert "date_of_birth" in text(refused)
    assert "1980-02-31" not in text(refused), "an error repeats nothing of what it is about"
    rows = header + "".join(
        f"A/{row},DC Oakes,criminal-investigation,name,Quill,1980-02-1{row},murder,suspect,yes\n" for row in range(3)
    )
    taken = constable.post("/requests/file/", {"file": SimpleUploadedFile("a.csv", rows.encode())})
    check = constable.get(taken["Location"])
    assert "3 requests were read" in text(check)
    name = taken["Location"].split("/")[-2]
    for _ in range(2):
        assert (
            constable.post(f"/requests/drafts/{name}/send/", {"revision": field(check, "revision")}).status_code == 302
        )
    from privity.edge.store.case_rows import Opening

    assert Opening.objects.count() == 3


@pytest.mark.parametrize("megabytes", [3, 15, 40])
def test_a_file_of_requests_is_never_laid_down_on_its_way_in_however_large(
    desk: "Instance", tmp_path: Path, megabytes: int
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import override_settings

    rows = golden.GIVEN.encode() * (megabytes * 2**20 // len(golden.GIVEN))
    client = at_the_pages(CONSTABLE)
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(tmp_path / "nowhere")):
        refused = client.post("/requests/file/", {"file": SimpleUploadedFile("a.csv", rows)})
    assert refused.status_code == 422
    assert ("Nothing was taken" in text(refused)) == (megabytes <= 16), "what is larger is not even read"


def test_a_question_is_answered_and_a_withdrawn_request_is_over(desk: "Instance", corridor: Corridor) -> None:
    constable = at_the_pages(CONSTABLE)
    asked, other = corridor.received(), corridor.received(police_request(reference="KP/2"))
    corridor.ask(asked)
    page = constable.get(f"/requests/{asked}/")
    assert "Question for you" in text(page)
    assert "1 question waits for you" in text(constable.get("/requests/"))
    stale = constable.post(f"/requests/{asked}/answer/", {"tag": "0" * 32, "words": "The census."})
    assert stale.status_code == 422
    assert "The census." in stale.content.decode(), "what was typed is kept"
    done = constable.post(f"/requests/{asked}/answer/", {"tag": field(page, "tag"), "words": "The census."})
    assert done.status_code == 302
    assert corridor.read(asked).status is Status.JUDGING_PURPOSE
    page = constable.get(f"/requests/{other}/")
    assert constable.post(f"/requests/{other}/withdrawal/", {"tag": field(page, "tag")}).status_code == 302
    assert corridor.read(other).status is Status.WITHDRAWN


def test_an_answer_is_fetched_receipted_and_its_destruction_confirmed(desk: "Instance", corridor: Corridor) -> None:
    constable = at_the_pages(CONSTABLE)
    reference = corridor.sealed()
    address = f"/requests/{reference}/"
    page = constable.get(address)
    assert "Answered, about to leave" in text(page)
    assert "Confirm the destruction" not in text(page), "the offer would say that there is something in it"
    pack = constable.post(f"{address}response/", {"tag": field(page, "tag")})
    assert (pack.status_code, pack.content) == (200, corridor.sealed_bytes(reference))
    proof = constable.post(f"{address}response/", {"what": "proof"})
    assert proof.content.startswith(b"c2sp.org/tlog-proof@v1")
    assert constable.post(f"{address}response/").content == pack.content, "the same bytes every time"
    page = constable.get(address)
    assert constable.post(f"{address}receipt/", {"tag": field(page, "tag")}).status_code == 302
    page = constable.get(address)
    gone = {"tag": field(page, "tag"), "destroyed_on": corridor.now.date().isoformat(), "method": "purge"}
    assert constable.post(f"{address}destruction/", gone).status_code == 302
    assert corridor.read(reference).status is Status.DESTROYED
    assert [line.kind for line in corridor.read(reference).history][-4:] == [
        "register.read",
        "pack.sent",
        "pack.collected",
        "destruction.confirmed",
    ]


def test_an_answer_about_somebody_hidden_since_its_seal_is_not_fetched_and_nobody_is_told_why(
    desk: "Instance", corridor: Corridor
) -> None:
    constable = at_the_pages(CONSTABLE)
    waits, had = (corridor.sealed(police_request(reference=f"KP/{number}")) for number in range(2))
    tag = field(constable.get(f"/requests/{had}/"), "tag")
    assert constable.post(f"/requests/{had}/response/", {"tag": tag}).status_code == 200
    corridor.register.people[1] = golden.demographics(1, sensitive=True)
    page = constable.get(f"/requests/{waits}/")
    refused = constable.post(f"/requests/{waits}/response/", {"tag": field(page, "tag")})
    assert refused.status_code == 422
    assert "looked at once more before it left" in text(refused)
    assert not [word for word in ("hidden", "gravely", "household", "guardian") if word in text(refused)]
    assert corridor.read(waits).status is Status.IDENTIFIED
    reads = corridor.register.reads([had])
    assert constable.post(f"/requests/{had}/response/").status_code == 200, "it was fetched before, within a day"
    assert corridor.register.reads([had]) == reads


def test_what_waits_for_a_requester_is_counted_and_found_alike_whatever_was_found(
    desk: "Instance", corridor: Corridor
) -> None:
    """An answer with details and one without are listed alike until somebody has opened them."""
    constable, found = at_the_pages(CONSTABLE), corridor.sealed(police_request(reference="KP/found"))
    corridor.register.finds = NOBODY
    without = corridor.approved(police_request(reference="KP/without"))
    corridor.trace(without)
    corridor.intend(without)
    corridor.release(without)
    asked = corridor.received(police_request(reference="KP/asked"))
    for reference in (found, without):
        corridor.send(reference)
    ready = text(constable.get("/requests/?view=ready"))
    assert "Answers to fetch: 2 requests" in ready
    assert all(reference[:12] in ready for reference in (found, without))
    considered = text(constable.get("/requests/?view=considered"))
    assert asked[:12] in considered
    assert found[:12] not in considered
    ours = corridor.read(found).opening.requester_reference
    assert found[:12] in text(constable.get("/requests/", {"reference": ours[1:].lower()})), "part of it is enough"
    assert "No request fits." in text(constable.get("/requests/", {"reference": "KP/no-such"}))
    pages = [text(constable.get(f"/requests/{one}/")) for one in (found, without)]
    assert all("Next: fetch the answer" in page and "Confirm the destruction" not in page for page in pages)


def test_a_refusal_can_be_challenged_and_says_its_clauses(desk: "Instance", corridor: Corridor) -> None:
    reference = corridor.received()
    for who in (FIRST, SECOND):
        corridor.view(reference, who, False)
    constable = at_the_pages(CONSTABLE)
    page = constable.get(f"/requests/{reference}/")
    assert "Refused" in text(page)
    assert f"The words of {FIRST.staff_id}" not in text(page), "officers' reasons are not on the requester's page"
    sent = constable.post(
        f"/requests/{reference}/challenge/", {"tag": field(page, "tag"), "words": "The threat was overlooked."}
    )
    assert sent.status_code == 302
    assert "The threat was overlooked." in text(constable.get(f"/requests/{reference}/"))
    assert corridor.read(reference).challenges[0].words == "The threat was overlooked."


def test_another_organisations_request_is_no_request(desk: "Instance", corridor: Corridor) -> None:
    reference = corridor.sealed()
    stranger, nobody = at_the_pages(STRANGER), "PRV-" + "0" * 26
    for path in ("", "answer/", "withdrawal/", "challenge/", "response/", "receipt/", "destruction/"):
        ways = [f"/requests/{name}/{path}" for name in (reference, nobody)]
        pages = [stranger.post(way, {"words": "x"}) if path else stranger.get(way) for way in ways]
        assert [page.status_code for page in pages] == [404, 404], path
        bare = [
            re.sub(r'csrf[^>]*value="[^"]*"|nonce="[^"]*"|PRV-[0-9A-Z]+', "", page.content.decode()) for page in pages
        ]
        assert bare[0] == bare[1], path
    assert str(reference) not in stranger.get("/requests/").content.decode()


def test_officers_of_the_custodian_are_no_requesters_and_the_other_way_round(desk: "Instance") -> None:
    assert at_the_pages(FIRST).get("/requests/").status_code == 403
    assert at_the_pages(CONSTABLE).get("/cases/").status_code == 403


def test_a_role_taken_away_or_an_account_closed_ends_the_session_at_once(desk: "Instance") -> None:
    from privity.edge.store.account import Account

    constable, inspector = at_the_pages(CONSTABLE), at_the_pages(INSPECTOR)
    assert constable.get("/requests/").status_code == inspector.get("/requests/").status_code == 200
    desk.keeper.close(CONSTABLE.staff_id, Reason.LEFT, by=ADMINISTRATORS[0], at=datetime.now(UTC))  # noqa: TID251  as served
    Account.objects.filter(staff_id=INSPECTOR.staff_id).update(role=Role.AUDITOR.value)
    for client in (constable, inspector):
        assert client.get("/requests/")["Location"].startswith("/sign-in/")


def test_sessions_end_when_an_administrator_ends_them(desk: "Instance") -> None:
    constable = at_the_pages(CONSTABLE)
    assert constable.get("/requests/").status_code == 200
    desk.keeper.end_sessions(CONSTABLE.staff_id, by=ADMINISTRATORS[0], at=datetime.now(UTC))  # noqa: TID251  as served
    assert constable.get("/requests/")["Location"].startswith("/sign-in/")


def test_who_guesses_passwords_waits_even_with_the_right_one_and_others_do_not(desk: "Instance") -> None:
    from django.test import Client

    def tries(staff_id: str, password: str) -> int:
        page = Client(SERVER_NAME="localhost").post("/sign-in/", {"staff_id": staff_id, "password": password})
        return int(page.status_code)

    assert [tries("constable", f"guess number {number}") for number in range(5)] == [422] * 5
    assert tries("constable", PASSWORD) == 422
    assert [tries("nobody-known", "guess") for _ in range(6)] == [422] * 6
    assert tries("inspector", PASSWORD) == 302
