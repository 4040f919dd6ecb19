"""What was acknowledged is read beside what is served: once, by whoever comes first, and told to its sender."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.corridor import FIRST, KENT, Corridor, officer
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages
from tests.integration.test_api import ASKED, Caller, opened, read

from privity.casework.lifecycle import Status
from privity.casework.read_sent import read_sent
from privity.definitions.party import Role
from privity.definitions.reference import CaseReference
from privity.errors import Unavailable

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

__all__ = ["opened"]
WRONG = {**ASKED, "date_of_birth": "1979-02-31", "nhs_number": "943 476 5910"}
CONSTABLE = officer("constable", Role.REQUESTING_OFFICER, KENT)


def at_the_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  by the real clock, like what is served


@pytest.fixture
def kent(opened: "Instance") -> Caller:
    return Caller(opened, KENT)


@pytest.fixture
def pages(opened: "Instance", corridor: Corridor) -> "Client":
    """Return a constable's browser, and an officer's account at the custodian."""
    from privity.edge.web import door
    from privity.edge.wiring.inside import open_inner_doors

    open_inner_doors(opened)
    for who in (CONSTABLE, FIRST):
        with_account(opened, who)
    door.open_with(opened.desk, requester_desk=opened.requester_desk, letters=opened.letters, made_up=True)
    return at_the_pages(CONSTABLE)


@pytest.fixture
def beside(opened: "Instance") -> Iterator[object]:
    """Let a thread read, as it does in every process that serves."""
    from privity.edge.wiring.reading import read_beside

    reading = read_beside(opened.reader)
    yield reading
    reading.end()


def sent(caller: Caller, body: object, key: str) -> CaseReference:
    taken = caller.submit(body, key=key)
    assert taken.status_code == 201, taken.content
    return CaseReference(taken.json()["reference"])


def progress(caller: Caller, reference: str) -> str:
    return str(caller.get(f"/requests/{reference}").json()["progress"])


def test_within_seconds_every_arm_is_told_what_becomes_of_it(kent: Caller, beside: object) -> None:
    clinical, incomplete = (
        {**ASKED, "items": ["medication"]},
        {**ASKED, "countersigned_by": "", "countersigned_rank": ""},
    )
    arms = {"considered": ASKED, "unreadable": WRONG, "refused": clinical, "returned": incomplete}
    references = {name: sent(kent, body, f"key-{name}-0001") for name, body in arms.items()}
    until = time.monotonic() + 20
    told: dict[str, str] = {}
    while set(told.values()) != set(arms) and time.monotonic() < until:
        told = {name: progress(kent, reference) for name, reference in references.items()}
        time.sleep(0.05)
    assert told == {name: name for name in arms}
    reasons = {name: kent.get(f"/requests/{one}").json()["reasons"] for name, one in references.items()}
    assert [one["clause"] for one in reasons["refused"]]
    assert [one["clause"] for one in reasons["returned"]] == ["countersigned"]
    assert {one["says"].partition(":")[0] for one in reasons["unreadable"]} == {"date of birth", "nhs number"}


def test_an_acknowledgement_does_not_wait_for_what_is_read_before_it(kent: Caller, opened: "Instance") -> None:
    for number in range(3):
        sent(kent, {**ASKED, "your_reference": f"KP/{number}"}, f"key-{number}-0001")
    assert len(opened.reader.waiting()) == 3
    assert opened.reader.read(at_the_clock()) == 3
    assert opened.reader.read(at_the_clock()) == 0
    assert not opened.reader.waiting()


def test_what_a_process_left_unread_another_one_reads(kent: Caller, opened: "Instance") -> None:
    from dataclasses import replace
    from threading import Event

    reference = sent(kent, WRONG, "key-0001")
    other = replace(opened.reader, taken=Event())
    assert other.waiting() == [reference]
    other.read(at_the_clock())
    assert opened.store.case(reference).status is Status.UNREADABLE
    assert opened.reader.read(at_the_clock()) == 0


@pytest.mark.parametrize(
    "trouble",
    [
        Unavailable("the agreement was not asked", why="a test keeps it from being", next_step="wait"),
        KeyError("a defect of ours"),
    ],
    ids=["unavailable", "a defect"],
)
def test_one_that_cannot_be_read_now_holds_up_no_other_and_the_doctor_tells(
    kent: Caller, opened: "Instance", monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    from privity.edge.wiring import reading

    stuck, free = sent(kent, ASKED, "key-0001"), sent(kent, {**ASKED, "your_reference": "KP/2"}, "key-0002")
    really = read_sent

    def read_but_one(unit: Any, agreements: Any, reference: CaseReference, *, at: datetime) -> object:
        if reference == stuck:
            raise trouble
        return really(unit, agreements, reference, at=at)

    monkeypatch.setattr(reading, "read_sent", read_but_one)
    assert opened.reader.read(at_the_clock()) == 1
    assert (progress(kent, stuck), progress(kent, free)) == ("received", "considered")
    later = at_the_clock() + timedelta(minutes=6)
    (told,) = [one for one in opened.doctor.look(later) if one.what == "requests received"]
    assert told.found.startswith("1 wait to be read")
    monkeypatch.setattr(reading, "read_sent", really)
    assert opened.reader.read(at_the_clock()) == 1
    (told,) = [one for one in opened.doctor.look(later) if one.what == "requests received"]
    assert told.found == "every one is read"


def test_a_look_of_the_watch_reads_too(kent: Caller, opened: "Instance") -> None:
    from privity.edge.commands.watch import look

    reference = sent(kent, ASKED, "key-0001")
    look(opened, at_the_clock())
    assert progress(kent, reference) == "considered"


def test_while_it_is_being_read_its_sender_sees_that_it_is_received_and_when_it_is_due(
    kent: Caller, opened: "Instance"
) -> None:
    taken = kent.submit(ASKED).json()
    where = f"/requests/{taken['reference']}"
    seen = kent.get(where)
    told = seen.json()
    assert (told["progress"], told["due"], told["due_steps"]) == ("received", taken["due"], taken["due_steps"])
    assert (told["reasons"], told["errors"], told["repeats"]) == ([], [], "")
    assert set(told["may"]) == {"read-own", "withdraw"}
    (line,) = kent.get("/requests").json()["requests"]
    assert (line["progress"], line["due"]) == ("received", taken["due"])
    upto = kent.get("/changes").json()["next_since"]
    read(opened)
    assert kent.get(where, **{"If-None-Match": seen.headers["ETag"]}).status_code == 200
    assert [one["progress"] for one in kent.get(f"/changes?since={upto}").json()["changed"]] == ["considered"]


def test_a_repeat_is_told_to_its_sender_with_the_reference_of_the_first(kent: Caller, opened: "Instance") -> None:
    first = sent(kent, ASKED, "key-0001")
    again = sent(kent, {**ASKED, "your_reference": "KP/78"}, "key-0002")
    read(opened)
    assert kent.get(f"/requests/{first}").json()["repeats"] == ""
    told = kent.get(f"/requests/{again}").json()
    assert (told["repeats"], told["progress"]) == (first, "considered")


def test_what_could_not_be_read_is_counted_audited_told_by_mail_and_in_a_letter(
    kent: Caller, opened: "Instance", corridor: Corridor
) -> None:
    from privity.casework.letters import LetterKind
    from privity.casework.notifications import EventKind, events
    from privity.edge.store.audit import Tally, audit_rows
    from privity.statistics.counts import Fold

    reference = sent(kent, WRONG, "key-0001")
    read(opened)
    (row,) = Fold().see(one.entry for one in opened.log.entries()).table()
    assert (row.received, row.unreadable, row.open) == (1, 1, 0)
    file = opened.store.case(reference)
    assert {one.kind for one in events(file, at_the_clock())} == {EventKind.RECEIVED, EventKind.DECISION}
    written = opened.letters.letter(reference, LetterKind.REFUSAL, by=CONSTABLE, at=at_the_clock())
    assert written.title == "Your request is sent back"
    points = [point for part in written.parts for point in part.points]
    assert any(point.startswith("Date of birth: it is not a day") for point in points)
    assert "1979-02-31" not in " ".join(points)
    assert list(audit_rows(opened.log, Tally())) == []


def test_on_the_pages_it_is_received_then_told_why_and_mended_where_it_is_wrong(
    opened: "Instance", pages: "Client", kent: Caller
) -> None:
    reference = sent(kent, WRONG, "key-0001")
    page = pages.get(f"/requests/{reference}/").content.decode()
    assert "Received, being read" in page
    assert "Look again" in page
    read(opened)
    page = pages.get(f"/requests/{reference}/").content.decode()
    assert "Sent back: could not be read" in page
    assert "date of birth: it is not a day" in page
    begun = pages.post(f"/requests/{reference}/again/")
    assert begun["Location"].endswith("/person/")
    step = pages.get(begun["Location"]).content.decode()
    assert "1979-02-31" in step
    assert "Quillfeather" in step
    considered = sent(kent, {**ASKED, "your_reference": "KP/2"}, "key-0002")
    read(opened)
    assert pages.post(f"/requests/{considered}/again/").status_code == 404


def test_an_officer_sees_that_it_was_sent_back_and_nothing_of_what_was_sent(
    opened: "Instance", pages: "Client", kent: Caller
) -> None:
    reference = sent(kent, WRONG, "key-0001")
    first = at_the_pages(FIRST)
    for words in ("It has been acknowledged and is read within seconds.", "It could not be read"):
        page = first.get(f"/cases/{reference}/")
        assert page.status_code == 200
        assert words in page.content.decode()
        assert "Quillfeather" not in page.content.decode()
        assert first.get("/cases/").status_code == first.get("/cases/?view=closed").status_code == 200
        read(opened)
