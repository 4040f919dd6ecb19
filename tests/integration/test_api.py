"""The interface for programs over a real store: what it promises, and what it never does whatever is sent."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.corridor import FIRST, KENT, SECOND, Corridor, police_request
from tests.integration.test_public_pages import published

from privity.casework.lifecycle import Status
from privity.casework.ports import Gateway
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.definitions.reference import CaseReference
from privity.edge.demonstration.setting_up import publish_until
from privity.statistics.suppression import Suppression

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

ASKED = {
    "your_reference": "KP/77",
    "officer": "DC Oakes",
    "purpose": "criminal-investigation",
    "items": ["name", "last_known_address"],
    "family_name": "Quillfeather",
    "date_of_birth": "1979-05-04",
    "countersigned_by": "Insp. Hale",
    "countersigned_rank": "inspector",
    "facts": {"offence": "murder", "person_is": "suspect"},
    "declarations": ["aids_investigation", "this_person"],
}


class Caller:
    """A requester's system with a token."""

    def __init__(self, instance: "Instance", organisation: str) -> None:
        from django.test import Client

        self.client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        now = datetime.now(UTC)  # noqa: TID251  tokens end by the real clock
        self.program, self.secret = instance.programs.add(
            OrganisationId(organisation), by=StaffId("m.ford"), seconded_by=StaffId("n.shah"), at=now
        )
        self.token = self.fetch().json()["access_token"]

    def fetch(self, secret: str = "") -> Any:
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.program,
            "client_secret": secret or self.secret,
        }
        return self.client.post("/api/v1/token", fields)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.token}", **headers})

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1{path}",
            data=json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )

    def submit(self, body: object = None, key: str = "key-0001") -> Any:
        return self.post("/requests", body or ASKED, **{"Idempotency-Key": key})


@pytest.fixture
def opened(corridor: Corridor, instance: "Instance") -> "Instance":
    """Return the instance with every agreement published, and the interface open."""
    from privity.edge.api import door
    from privity.edge.wiring.public_desk import public_desk

    begins, now = datetime(2017, 1, 2, tzinfo=UTC), datetime.now(UTC) - timedelta(hours=2)  # noqa: TID251  real clock
    publish_until(instance, begins, after=datetime(1, 1, 1, tzinfo=UTC))
    publish_until(instance, now, after=begins)
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    corridor.now = now
    gateway = Gateway(agreements=instance.agreements, register=corridor.register, sealer=corridor.sealer)
    desk = replace(instance.desk, register=corridor.register, gateway=gateway)  # type: ignore[type-var]  # a dataclass
    door.open_with(
        door.Behind(
            desk=desk,
            requester_desk=instance.requester_desk,
            programs=instance.programs,
            public_desk=public_desk(instance),
        )
    )
    return instance


def read(opened: "Instance") -> None:
    """Let what was acknowledged be read, as the serving process does beside its answers."""
    opened.reader.read(datetime.now(UTC))  # noqa: TID251  by the real clock, like what is served


@pytest.fixture
def kent(opened: "Instance") -> Caller:
    return Caller(opened, KENT)


def test_a_request_is_acknowledged_with_its_due_date_and_nothing_about_the_person(
    opened: "Instance", kent: Caller
) -> None:
    taken = kent.submit()
    assert taken.status_code == 201, taken.content
    told = taken.json()
    assert set(told) == {"reference", "progress", "received_on", "due", "due_steps"}
    assert "Quillfeather" not in taken.content.decode()
    assert told["due_steps"][-1].startswith("Due on")
    assert told["progress"] == "received"
    assert opened.store.case(CaseReference(told["reference"])).status is Status.RECEIVED
    place = opened.store.numbers.place(int(taken.headers["Privity-Ledger-Index"]))
    assert opened.log.entry(place).kind.value == "case.opened"
    read(opened)
    assert kent.get(f"/requests/{told['reference']}").json()["progress"] == "considered"
    assert opened.store.case(CaseReference(told["reference"])).status is Status.JUDGING_PURPOSE


def test_the_same_key_and_body_is_answered_the_same_and_another_body_is_refused(
    opened: "Instance", kent: Caller
) -> None:
    from privity.edge.store.case_rows import Opening

    first, again = kent.submit(), kent.submit()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.headers["Privity-Ledger-Index"] == again.headers["Privity-Ledger-Index"]
    other = kent.submit({**ASKED, "your_reference": "KP/78"})
    assert (other.status_code, other.headers["Content-Type"]) == (422, "application/problem+json")
    assert Opening.objects.count() == 1
    assert Caller(opened, "home-office").submit().status_code == 201, "a key is its organisation's own"


def test_what_cannot_be_read_is_told_at_the_case_and_repeats_nothing(opened: "Instance", kent: Caller) -> None:
    wrong = {**ASKED, "nhs_number": "943 476 5910", "postcode": "NOWHERE"}
    before = kent.post("/precheck", wrong)
    taken = kent.submit(wrong)
    assert (before.status_code, taken.status_code) == (422, 201)
    read(opened)
    there = kent.get(f"/requests/{taken.json()['reference']}")
    told = there.json()
    assert (told["progress"], told["your_reference"], told["officer"]) == ("unreadable", "KP/77", "DC Oakes")
    assert {fault["field"] for fault in told["errors"]} == {"nhs_number", "postcode"}
    assert told["errors"] == [{**fault, "row": 0} for fault in before.json()["errors"]], "as the precheck said"
    for answer in (before, there):
        assert "943" not in answer.content.decode()
        assert "NOWHERE" not in answer.content.decode()


def test_a_body_without_the_shape_is_refused_and_repeats_nothing(opened: "Instance", kent: Caller) -> None:
    from privity.edge.store.case_rows import Opening

    lacking = {name: value for name, value in ASKED.items() if name != "officer"}
    bodies: tuple[object, ...] = (
        {**ASKED, "Quillfeather Ann": "x", "gender": "Quillfeather" * 9},
        lacking,
        [1],
        "Quillfeather",
    )
    for body in bodies:
        shape = kent.submit(body)
        assert (shape.status_code, shape.headers["Content-Type"]) == (422, "application/problem+json")
        assert "Quillfeather" not in shape.content.decode()
    broken = kent.client.post(
        "/api/v1/requests",
        data='{"family_name": "Quillfeather',
        content_type="application/json",
        headers={"Authorization": f"Bearer {kent.token}", "Idempotency-Key": "key-0001"},
    )
    assert broken.status_code == 400
    assert not Opening.objects.exists()


def test_precheck_names_the_clauses_that_fail_and_keeps_nothing(opened: "Instance", kent: Caller) -> None:
    from privity.edge.store.case_rows import Opening

    found = kent.post("/precheck", {**ASKED, "countersigned_by": "", "countersigned_rank": ""})
    assert found.status_code == 200
    assert [one["clause"] for one in found.json()["unmet"]] == ["countersigned"]
    assert not Opening.objects.exists()


def test_a_file_becomes_cases_and_a_wrong_one_none(opened: "Instance", kent: Caller) -> None:
    header = "your_reference,officer,purpose,items,family_name,date_of_birth\n"
    rows = header + "A/1,DC Oakes,criminal-investigation,name,Quill,1980-02-11\n"

    def send(text: str, key: str) -> Any:
        headers = {"Authorization": f"Bearer {kent.token}", "Idempotency-Key": key}
        return kent.client.post("/api/v1/batches", data=text, content_type="text/csv", headers=headers)

    wrong = send(rows.replace("1980-02-11", "1980-02-31"), "file-0001")
    assert (wrong.status_code, wrong.json()["errors"][0]["row"]) == (422, 2)
    first, again = send(rows, "file-0002"), send(rows, "file-0002")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(first.json()["references"]) == 1


def test_words_that_no_database_keeps_are_refused_in_their_shape(kent: Caller, corridor: Corridor) -> None:
    corridor.ask(asked := corridor.received())
    refused = kent.post(f"/requests/{asked}/questions", {"words": "The \0 census."})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "words")
    token = {"grant_type": "client_credentials", "client_id": "\0", "client_secret": "x"}
    assert kent.client.post("/api/v1/token", token).json()["errors"][0]["field"] == "client_id"


def test_of_two_files_under_one_key_at_once_one_is_taken_and_the_other_is_not(
    opened: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.store.case_rows import Opening
    from privity.edge.wiring.submissions import KeyUsed, Submissions

    kent = Officer(
        staff_id=StaffId("desk@kent"), name="Desk", organisation=OrganisationId(KENT), role=Role.REQUESTING_OFFICER
    )
    header = "your_reference,officer,purpose,items,family_name,date_of_birth\n"
    files = [f"{header}{name},DC Oakes,criminal-investigation,name,Quill,1980-02-11\n".encode() for name in "AB"]
    takes, told = Submissions._take_part, []

    def send(file: bytes) -> bool:
        return opened.requester_desk.submit_file(file, by=kent, at=datetime.now(UTC), key="file-0003")[1]  # noqa: TID251  real clock

    def while_another_comes(*given: Any) -> None:
        monkeypatch.setattr(Submissions, "_take_part", takes)
        with pytest.raises(KeyUsed):
            told.append(send(files[1]))
        takes(*given)

    monkeypatch.setattr(Submissions, "_take_part", while_another_comes)
    assert send(files[0])
    assert told == []
    assert [one.requester_reference for one in Opening.objects.all()] == ["A"]
    assert not send(files[0]), "and the first is told again what it became"


def test_a_file_whose_taking_was_cut_off_is_finished_under_its_key(
    opened: "Instance", kent: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.wiring.submissions import Submissions

    header = "your_reference,officer,purpose,items,family_name,date_of_birth\n"
    rows = header + "A/1,DC Oakes,criminal-investigation,name,Quill,1980-02-11\n"
    headers = {"Authorization": f"Bearer {kent.token}", "Idempotency-Key": "file-0004"}
    with monkeypatch.context() as cut:
        cut.setattr(Submissions, "_take_part", lambda *_given: 1 / 0)
        assert (
            kent.client.post("/api/v1/batches", data=rows, content_type="text/csv", headers=headers).status_code == 500
        )
    sent = kent.client.post("/api/v1/batches", data=rows, content_type="text/csv", headers=headers)
    assert (sent.status_code, len(sent.json()["references"])) == (201, 1)


def test_an_answer_is_fetched_receipted_and_destroyed_by_a_program(kent: Caller, corridor: Corridor) -> None:
    reference = corridor.sealed()
    where = f"/requests/{reference}"
    seen = kent.get(where)
    pack = kent.get(f"{where}/response")
    assert pack.content == corridor.sealed_bytes(reference)
    stale = kent.post(f"{where}/receipt", None, **{"If-Match": seen.headers["ETag"]})
    assert stale.status_code == 412, "it has been fetched since"
    fresh = kent.get(where)
    assert kent.get(where, **{"If-None-Match": fresh.headers["ETag"]}).status_code == 304
    assert kent.post(f"{where}/receipt", None, **{"If-Match": fresh.headers["ETag"]}).status_code == 200
    assert kent.get(f"{where}/proof").json()["proof"].startswith("c2sp.org/tlog-proof@v1")
    gone = {"destroyed_on": corridor.now.date().isoformat(), "method": "purge"}
    done = kent.post(f"{where}/destruction", gone)
    assert done.status_code == 200
    assert int(done.headers["Privity-Ledger-Index"]) == done.json()["ledger_index"]
    assert kent.post(f"{where}/destruction", gone).status_code == 409
    assert kent.get(where).json()["progress"] == "destroyed"


def test_a_question_a_withdrawal_and_a_challenge_go_through(kent: Caller, corridor: Corridor) -> None:
    corridor.ask(asked := corridor.received())
    assert kent.get(f"/requests/{asked}/questions").json()[0]["answer"] == ""
    assert kent.post(f"/requests/{asked}/questions", {"words": "The census."}).status_code == 200
    assert kent.post(f"/requests/{asked}/withdrawal").status_code == 200
    assert corridor.read(asked).status is Status.WITHDRAWN
    assert kent.post(f"/requests/{asked}/challenge", {"words": "Why?"}).status_code == 409


def test_a_protected_record_looks_like_any_other_until_the_answer_is_opened(
    opened: "Instance", kent: Caller, corridor: Corridor
) -> None:
    from tests.fakes.guarded_register import PROTECTED

    seen = []
    for protected in (False, True):
        if protected:
            corridor.register.finds = PROTECTED
        corridor.trace(reference := corridor.approved())
        page = kent.get(f"/requests/{reference}").json()
        assert bool(page.pop("repeats")) is protected, "the second asks the same as the first, and that is told"
        seen.append({name: value for name, value in page.items() if name != "reference"})
    assert seen[0] == seen[1]


def test_another_organisations_request_is_no_request(opened: "Instance", corridor: Corridor) -> None:
    reference, stranger = corridor.sealed(), Caller(opened, "home-office")
    for path in ("", "/questions", "/challenge", "/response", "/proof"):
        there, not_there = (stranger.get(f"/requests/{one}{path}") for one in (reference, "PRV-" + "0" * 26))
        assert (there.status_code, there.content) == (404, not_there.content)
    for path in ("/withdrawal", "/receipt"):
        assert stranger.post(f"/requests/{reference}{path}").status_code == 404
    assert stranger.get("/requests").json()["total"] == 0


def test_without_a_good_token_nothing_is_answered_and_a_revoked_program_is_out_at_once(
    opened: "Instance", kent: Caller
) -> None:
    assert kent.get("/requests").status_code == 200
    kent.token, good = "x" * 43, kent.token
    refused = kent.get("/requests")
    assert (refused.status_code, refused.headers["Content-Type"]) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    kent.token = good
    opened.programs.revoke(kent.program)
    assert kent.get("/requests").status_code == 401
    assert kent.fetch().status_code == 422


def test_who_guesses_secrets_waits_even_with_the_right_one(kent: Caller) -> None:
    for _ in range(5):
        assert kent.fetch("wrong").status_code == 422
    assert kent.fetch().status_code == 422


def test_no_token_or_secret_lies_in_the_database_as_it_is(opened: "Instance", kent: Caller) -> None:
    raw = opened.data.database.read_bytes() + (opened.data.root / "privity.sqlite-wal").read_bytes()
    assert kent.secret.encode() not in raw
    assert kent.token.encode() not in raw


def test_whatever_is_sent_is_answered_as_described(opened: "Instance", kent: Caller, corridor: Corridor) -> None:
    """Schemathesis over every route: no status, type or shape that the description does not tell, and no 5xx."""
    import schemathesis
    from django.core.wsgi import get_wsgi_application
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.result import Ok
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    assert described.raw_schema["openapi"].startswith("3.1")
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
    ]
    tried = 0
    for result in described.get_all_operations():
        assert isinstance(result, Ok), "the description is sound"
        operation = result.ok()

        @settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def always_answered(case: Any) -> None:
            nonlocal tried
            case.call_and_validate(
                headers={"Authorization": f"Bearer {kent.token}", "Host": "localhost"}, checks=checks
            )
            tried += 1

        always_answered()
    assert tried >= 220


def test_polling_tells_what_changed_for_the_requester_and_nothing_of_what_the_custodian_does(
    kent: Caller, corridor: Corridor
) -> None:
    def changed(since: int) -> tuple[list[str], int]:
        told = kent.get(f"/changes?since={since}").json()
        assert not told["more"]
        return [line["reference"] for line in told["changed"]], told["next_since"]

    reference, other = corridor.received(), corridor.received(police_request(reference="KP/2"))
    seen, since = changed(-1)
    assert seen == [reference, other]
    assert changed(since) == ([], since)
    corridor.view(reference, FIRST, True)
    corridor.view(reference, SECOND, True)
    corridor.trace(reference)
    corridor.name_record(reference, FIRST, 1)
    assert changed(since) == ([], since), "a deliberation is not told, not even that there is one"
    corridor.ask(other)
    seen, since = changed(since)
    assert seen == [other]
    corridor.name_record(reference, SECOND, 1)
    corridor.screen(reference)
    assert changed(since) == ([], since)
    corridor.intend(reference)
    corridor.release(reference)
    seen, since = changed(since)
    assert seen == [reference]
    assert kent.get("/changes?since=-2").status_code == 422


def test_a_change_list_longer_than_a_page_is_told_in_parts_and_nothing_twice(kent: Caller, corridor: Corridor) -> None:
    references = [corridor.received(police_request(reference=f"KP/{number}")) for number in range(53)]
    first = kent.get("/changes").json()
    assert (len(first["changed"]), first["more"]) == (50, True)
    rest = kent.get(f"/changes?since={first['next_since']}").json()
    assert rest["more"] is False
    assert [one["reference"] for one in first["changed"] + rest["changed"]] == references


def test_what_is_polled_of_another_organisation_is_nothing(opened: "Instance", corridor: Corridor) -> None:
    corridor.received()
    assert Caller(opened, "home-office").get("/changes").json() == {"changed": [], "next_since": -1, "more": False}


def test_the_list_has_a_tag_and_a_page_beyond_the_last_is_empty(kent: Caller) -> None:
    kent.submit()
    listed = kent.get("/requests")
    assert kent.get("/requests", **{"If-None-Match": listed.headers["ETag"]}).status_code == 304
    kent.submit({**ASKED, "your_reference": "KP/78"}, key="key-0002")
    assert kent.get("/requests", **{"If-None-Match": listed.headers["ETag"]}).status_code == 200
    assert kent.get("/requests?page=9").json()["requests"] == []


def test_where_a_withdrawal_a_receipt_and_a_destruction_stand_can_be_read(kent: Caller, corridor: Corridor) -> None:
    answered = corridor.sealed(police_request(reference="KP/2"))
    corridor.send(answered)
    corridor.collect(answered)
    reference = corridor.received()
    assert kent.get(f"/requests/{reference}/withdrawal").json() == {"withdrawn": False, "possible": True}
    nothing = {"sha256": "", "route": "", "received_at": None}
    assert kent.get(f"/requests/{reference}/receipt").json() == nothing
    kent.post(f"/requests/{reference}/withdrawal")
    assert kent.get(f"/requests/{reference}/withdrawal").json() == {"withdrawn": True, "possible": False}
    receipt = kent.get(f"/requests/{answered}/receipt").json()
    assert receipt["received_at"]
    gone = {"destroyed_on": corridor.now.date().isoformat(), "method": "purge"}
    kent.post(f"/requests/{answered}/destruction", gone)
    told = kent.get(f"/requests/{answered}/destruction").json()
    assert (told["destroyed_on"], told["method"], told["sha256"]) == (gone["destroyed_on"], "purge", receipt["sha256"])


def test_the_form_and_every_version_of_an_agreement_can_be_read(kent: Caller) -> None:
    form = kent.get("/form").json()
    assert form["family"] == "police"
    assert {"offence", "person_is"} <= {field["name"] for field in form["fields"]}
    versions = kent.client.get("/api/v1/agreements/home-office").json()["versions"]
    assert versions[0]["name"] == "2017-01"
    text = kent.client.get("/api/v1/agreements/police/2017-01").json()
    assert "forbid" in text["policy"]
    for path in ("/agreements/atlantis", "/agreements/police/1066-01", "/agreements/atlantis/2017-01"):
        assert kent.client.get(f"/api/v1{path}").status_code == 404


def test_the_interface_answers_at_what_its_document_tells_of_and_nowhere_else(opened: "Instance", kent: Caller) -> None:
    from privity.edge.wiring.addresses import INTERFACE, addresses

    document = kent.client.get("/api/v1/openapi.json").json()
    served = {(one.path, method) for one in addresses() if one.kind == INTERFACE for method in one.methods}
    told = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
    assert told | {("/api/v1/openapi.json", "GET")} == served
    assert len(told) >= 24


@pytest.fixture
def served(opened: "Instance") -> Iterator[str]:
    """Serve the instance on a port of this machine, and return its address."""
    from threading import Thread
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    from django.core.wsgi import get_wsgi_application

    class Silent(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the library's
            """Say nothing."""

    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Silent)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_typed_client_walks_a_request_from_its_sending_to_its_destruction(
    opened: "Instance", kent: Caller, corridor: Corridor, served: str
) -> None:
    from privity.client.gateway import Gateway as Client
    from privity.client.gateway import Refused

    reference = corridor.sealed()
    client = Client(address=served, client_id=kent.program, client_secret=kent.secret)
    assert kent.secret not in repr(client)
    first, again = (client.submit(ASKED, key="client-0001") for _ in range(2))
    assert (first.fresh, again.fresh, first.reference) == (True, False, again.reference)
    assert client.see_read(first.reference, longest_seconds=0).progress == "received"
    read(opened)
    seen = client.see_read(first.reference)
    assert seen.progress == "considered"
    assert client.see(first.reference, known=seen.etag) is None
    client.withdraw(first.reference, etag=seen.etag)
    with pytest.raises(Refused) as refused:
        client.precheck({**ASKED, "postcode": "NOWHERE"})
    assert [fault.field for fault in refused.value.faults] == ["postcode"]
    pack, proof = client.response(reference)
    assert (pack, proof[:7]) == (corridor.sealed_bytes(reference), "c2sp.or")
    client.acknowledge(reference)
    client.confirm_destruction(reference, on=corridor.now.date(), method="purge")
    assert client.listing()["total"] == 2
    assert client.questions(first.reference) == client.thread(first.reference) == []
    assert client.withdrawal(first.reference)["withdrawn"]
    assert client.receipt(reference)["received_at"]
    assert client.destruction(reference)["method"] == "purge"
    changed, upto = client.changes()
    assert {one["reference"] for one in changed} == {first.reference, reference}
    assert client.changes(upto) == ([], upto)
    assert client.form()["family"] == "police"
    assert any(one["family"] == "police" for one in client.agreements())
    assert client.versions("police")
    assert client.agreement("police", "2017-01")["text"]
    with pytest.raises(Refused):
        client.statistics()  # nobody has published an exact figure here
    now = datetime.now(UTC)  # noqa: TID251  real clock
    published(opened, Suppression.EXACT, at=now)
    last_month = civil_day(now).replace(day=1) - timedelta(days=1)
    assert client.statistics()["until"] == last_month.isoformat()


def test_the_page_for_people_tells_of_every_call_and_every_shape(opened: "Instance", kent: Caller) -> None:
    from privity.edge.wiring.addresses import INTERFACE, addresses

    page = kent.client.get("/api/docs")
    assert page.status_code == 200
    told = page.content.decode()
    for one in addresses():
        for method in one.methods if one.kind == INTERFACE and one.name != "openapi" else ():
            assert f'<strong>{method}</strong> <code class="desk-reference">{one.path}</code>' in told
    document = kent.client.get("/api/v1/openapi.json").json()
    for name, shape in document["components"]["schemas"].items():
        assert f'id="shape-{name}"' in told
        assert all(field in told for field in shape.get("properties", {}))
    assert len(page.content) < 100_000


def test_whoever_leaves_something_out_is_told_what_by_its_name_and_no_name_of_their_own_is_repeated(
    kent: Caller,
) -> None:
    left_out = kent.post("/requests", ASKED).json()["errors"]
    assert [(one["field"], one["what"]) for one in left_out] == [("Idempotency-Key", "missing")]
    told = kent.submit({"Quillfeather": "x", "officer": "", "facts": {"Quill!": []}}, key="misshapen-1")
    assert {one["field"] for one in told.json()["errors"]} == {
        *("your_reference", "officer", "purpose", "items", "facts"),
        "",
    }
    assert "Quill" not in told.content.decode()


def test_what_is_too_large_is_told_so_as_a_problem_and_a_long_file_is_read_to_its_end(kent: Caller) -> None:
    large = kent.submit({**ASKED, "statement": "x" * 3_000_000}, key="large-0001")
    assert (large.status_code, large.json()["type"]) == (413, "urn:privity:problem:too-large")
    headers = {"Authorization": f"Bearer {kent.token}", "Idempotency-Key": "large-0002"}
    rows = b"your_reference,officer\r\n" + b"KP/1,DC Oakes\r\n" * 200_000
    told = kent.client.post("/api/v1/batches", data=rows, content_type="text/csv", headers=headers)
    assert told.status_code == 422, "3 MB are no reason to read no further"
    assert told.json()["errors"]
