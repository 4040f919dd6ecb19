"""A suspension binds at once, everywhere; two people end it, and then what was held goes on by itself."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.agreements import shipped_files
from tests.fakes.corridor import ADMINISTRATORS, FIRST, GUARDIAN, Corridor
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages, text
from tests.integration.test_people_pages import waiting
from tests.integration.test_published import POLICE, put_out

from privity.agreement.in_force import Held, InForce
from privity.casework.keeper import GoneOn, Handed
from privity.casework.lifecycle import Status
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.statistics.stories import Stories

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

ROOT = Path(__file__).parents[2]
FORD = ADMINISTRATORS[0]
WHY = "Until we have looked into what happened, nothing leaves under this agreement."
ENOUGH = "We have looked into it: one certificate was lost, and it has been replaced."
AT_ONCE_SECONDS = 1.0


@pytest.fixture
def gateway(corridor: Corridor, instance: "Instance") -> "Iterator[Instance]":
    """Yield an instance whose police agreement is published, walked through by what is published."""
    from privity.edge.web import door, public_door
    from privity.edge.wiring.inside import open_inner_doors
    from privity.edge.wiring.public_desk import public_desk

    corridor.now = datetime.now(UTC) - timedelta(hours=3)  # noqa: TID251  other processes read the real clock
    corridor.agreements = instance.agreements  # type: ignore[assignment]  # the published ones in place of the shelf
    put_out(corridor, instance, "police", "2017-01")
    for who in (FORD, FIRST, GUARDIAN):
        with_account(instance, who)
    door.open_with(instance.desk, requester_desk=instance.requester_desk)
    open_inner_doors(instance)
    public_door.open_public_with(public_desk(instance))
    yield instance
    door._DESK.desk, public_door._DESK.desk = None, None


def suspend(instance: "Instance", corridor: Corridor) -> None:
    from privity.edge.wiring.suspending import suspend_agreement

    suspend_agreement(instance.store, instance.agreements, "police", reasons=WHY, by=GUARDIAN, at=corridor.tick())


def lift(instance: "Instance", corridor: Corridor) -> Handed:
    from privity.casework.account_records import Change

    content = instance.registrar.lifting("police", ENOUGH, by=FORD, at=corridor.tick())
    handed = instance.keeper.propose(Change.RESUMPTION, "police", content, by=FORD, at=corridor.tick())
    return instance.keeper.confirm(handed.reference, by=GUARDIAN, at=corridor.tick())


@pytest.fixture
def elsewhere(gateway: "Instance", corridor: Corridor) -> Iterator[tuple[Popen[str], CaseReference]]:
    """Yield another process at the same instance, and the case it will try to release."""
    reference = corridor.ready()
    gateway.store.close()
    command = [sys.executable, "-m", "tests.fakes.elsewhere", str(gateway.data.root), reference]
    with Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as process:
        yield process, reference
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def ask(process: Popen[str], what: str) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(what + "\n")
    process.stdin.flush()
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told


def test_within_a_second_the_page_and_the_corridor_of_another_process_stop(
    gateway: "Instance", corridor: Corridor, elsewhere: tuple[Popen[str], CaseReference]
) -> None:
    process, reference = elsewhere
    assert ask(process, "look")["in_force"] is True
    begun = time.monotonic()
    suspend(gateway, corridor)
    told = ask(process, "release")
    took = time.monotonic() - begun
    assert (told["in_force"], told["standing"], told["status"]) == (False, "suspended", "held")
    assert "requests have been on hold since" in told["sentence"]
    assert corridor.kinds(reference)[-1] == "case.held"
    corridor.now = datetime.now(UTC)  # noqa: TID251  the other process has written at the real time
    assert corridor.read(corridor.received()).status is Status.HELD, "the next request waits too"
    assert took < AT_ONCE_SECONDS, f"{took:.3f} s"


def test_the_queue_and_the_case_say_so_though_nobody_has_touched_the_case(
    gateway: "Instance", corridor: Corridor
) -> None:
    first, reference = at_the_pages(FIRST), corridor.received()
    assert "Record your view" in text(first.get(f"/cases/{reference}/"))
    suspend(gateway, corridor)
    assert "the agreement has been suspended since" in text(first.get("/cases/"))
    page = text(first.get(f"/cases/{reference}/"))
    assert "Held: the agreement is suspended" in page
    assert "Record your view" not in page
    assert corridor.read(reference).status is Status.JUDGING_PURPOSE, "a case moves when it is touched"


def test_two_people_end_a_suspension_at_the_pages_and_the_public_is_told_from_when_to_when(
    gateway: "Instance", corridor: Corridor
) -> None:
    ford, hale, reference = at_the_pages(FORD), at_the_pages(GUARDIAN), corridor.received()
    suspend(gateway, corridor)
    corridor.view(reference, FIRST, True)
    assert corridor.read(reference).status is Status.HELD
    shelf = "/administration/agreements/"
    assert "Suspended now" in text(ford.get(shelf))
    assert "out of date" in text(ford.get(shelf)), "what a shelved text relies on and has ended since is told here"
    assert WHY in text(ford.get(shelf))
    assert ford.post(shelf, {"what": "lift", "family": "police", "reasons": "over"}).status_code == 422
    sent = ford.post(shelf, {"what": "lift", "family": "police", "reasons": ENOUGH})
    assert sent.status_code in (200, 302), text(sent)
    assert "its end waits for the guardian" in text(ford.get(shelf))
    assert ENOUGH in text(hale.get("/administration/waiting/"))
    proposal = waiting(hale)
    assert ford.post(f"/administration/waiting/{proposal}/confirm/").status_code in (403, 422)
    assert corridor.read(reference).status is Status.HELD
    said = hale.post(f"/administration/waiting/{proposal}/confirm/", follow=True)
    assert "1 held case went on." in text(said)
    assert corridor.read(reference).status is Status.JUDGING_PURPOSE, "what was held goes on by itself"
    public = text(somebody_asks("/agreements/"))
    today = datetime.now(UTC).date()  # noqa: TID251  the pages read the real clock
    assert f"{today.day} {today:%B %Y}: Suspension of" in public
    assert " to " in public[public.index("Suspension of") - 60 : public.index("Suspension of")]
    assert "requests were taken up again" in text(somebody_asks("/"))
    assert EntryKind.AGREEMENT_RESUMED in [one.kind for one in corridor.entries()]
    markers = Stories().see(corridor.entries()).markers
    assert [mark.change for mark in markers] == ["published", "suspended", "resumed"]


def somebody_asks(path: str) -> Any:
    from django.test import Client

    return Client(SERVER_NAME="localhost").get(path)


def test_whoever_asks_about_a_day_of_the_suspension_is_still_told_that_it_held(
    gateway: "Instance", corridor: Corridor
) -> None:
    suspend(gateway, corridor)
    meanwhile = corridor.tick()
    lift(gateway, corridor)
    assert isinstance(gateway.agreements.governing(POLICE, meanwhile), Held)
    assert isinstance(gateway.agreements.governing(POLICE, corridor.tick()), InForce)
    suspend(gateway, corridor)
    assert isinstance(gateway.agreements.governing(POLICE, corridor.tick()), Held), "it can be suspended again"


def test_one_person_alone_or_for_other_files_ends_nothing(gateway: "Instance", corridor: Corridor) -> None:
    from privity.casework.account_records import Change

    with pytest.raises(Mistaken, match="not suspended"):
        gateway.registrar.lifting("police", ENOUGH, by=FORD, at=corridor.tick())
    suspend(gateway, corridor)
    content = dict(gateway.registrar.lifting("police", ENOUGH, by=FORD, at=corridor.tick()))
    for changed in ({"sha256": "0" * 64}, {"name": "another"}, {"reasons": "  spaces  " * 5}, {"more": "x"}):
        with pytest.raises(Mistaken):
            gateway.keeper.propose(Change.RESUMPTION, "police", {**content, **changed}, by=FORD, at=corridor.tick())
    handed = gateway.keeper.propose(Change.RESUMPTION, "police", content, by=FORD, at=corridor.tick())
    for who in (FORD, ADMINISTRATORS[1], FIRST):
        with pytest.raises(Mistaken):
            gateway.keeper.confirm(handed.reference, by=who, at=corridor.tick())
    put_out(corridor, gateway, "police", "2017-01-again", "renewal", dict(shipped_files()["police"]) | laid(gateway))
    with pytest.raises(Mistaken, match="meanwhile"):
        gateway.keeper.confirm(handed.reference, by=GUARDIAN, at=corridor.tick())
    assert isinstance(gateway.agreements.governing(POLICE, corridor.tick()), Held)


def laid(instance: "Instance") -> dict[str, str]:
    """Return the files of the suspension, and one that says nothing new."""
    kept = {path: text for path, text in instance.agreements.files("police").items() if path.startswith("instruments/")}
    return {**kept, "plan-of-nothing.md": "nothing"}


def test_a_text_published_from_the_shelf_neither_ends_a_suspension_nor_revives_one(
    gateway: "Instance", corridor: Corridor
) -> None:
    from privity.edge.wiring.suspending import with_acts_laid_here

    suspend(gateway, corridor)
    shelf = dict(shipped_files()["police"])
    put_out(corridor, gateway, "police", "again", "renewal", dict(with_acts_laid_here("police", shelf)))
    assert isinstance(gateway.agreements.governing(POLICE, corridor.tick()), Held)
    unlifted = {**shelf, **laid(gateway)}
    lift(gateway, corridor)
    put_out(corridor, gateway, "police", "once-more", "renewal", dict(with_acts_laid_here("police", unlifted)))
    assert isinstance(gateway.agreements.governing(POLICE, corridor.tick()), InForce)


def test_a_sealed_answer_does_not_leave_while_its_agreement_is_suspended(
    gateway: "Instance", corridor: Corridor
) -> None:
    from dataclasses import replace

    outbox = replace(gateway.outbox, agreements=gateway.agreements)
    reference = corridor.sealed()
    suspend(gateway, corridor)
    assert outbox.send(at=corridor.tick()) == []
    assert corridor.read(reference).status is Status.IDENTIFIED, "it is where its answer is released"
    lift(gateway, corridor)
    assert outbox.send(at=corridor.tick()) == [], "whoever releases it is asked everything once more"


def test_both_are_told_what_ending_a_suspension_sets_going_before_they_do_it(
    gateway: "Instance", corridor: Corridor
) -> None:
    from privity.edge.store.case_rows import State

    touched = [corridor.received() for _ in range(3)]
    corridor.received()
    suspend(gateway, corridor)
    for reference in touched:
        corridor.view(reference, FIRST, True)
    State.objects.filter(reference=touched[0]).update(due="2017-03-29")
    ford, hale, shelf = at_the_pages(FORD), at_the_pages(GUARDIAN), "/administration/agreements/"
    told = (
        "3 cases are held. Each is asked about again at once",
        "1 of them is past the day its answer was due",
        "1 more was open and not touched meanwhile",
        "for all of their held requests alike",
    )
    page = text(ford.get(shelf))
    assert not [words for words in told if words not in page]
    ford.post(shelf, {"what": "lift", "family": "police", "reasons": ENOUGH})
    page = text(hale.get("/administration/waiting/"))
    assert not [words for words in told if words not in page]
    assert [corridor.read(one).status for one in touched] == [Status.HELD] * 3, "nothing was done yet"


def test_whoever_ends_a_suspension_is_told_how_many_cases_still_wait(
    gateway: "Instance", corridor: Corridor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.wiring import keeper
    from privity.edge.wiring.resuming import move_held_cases

    monkeypatch.setattr(keeper, "MOVED_AT_ONCE", 2)
    references = [corridor.received() for _ in range(5)]
    suspend(gateway, corridor)
    for reference in references:
        corridor.view(reference, FIRST, True)
    done = lift(gateway, corridor)
    assert done.gone_on == GoneOn(moved=2, waiting=3)
    assert [corridor.read(one).status for one in references].count(Status.HELD) == 3
    assert move_held_cases(gateway.store, gateway.agreements, corridor.tick()).moved == 3, "as the watch does"


def test_held_cases_are_refused_where_the_agreement_ended_while_they_waited(
    gateway: "Instance", corridor: Corridor
) -> None:
    from privity.edge.wiring.resuming import move_held_cases

    files = dict(shipped_files()["police"])
    reference = corridor.received()
    suspend(gateway, corridor)
    corridor.assess(reference) if corridor.read(reference).status is Status.HELD else corridor.view(
        reference, FIRST, True
    )
    assert move_held_cases(gateway.store, gateway.agreements, corridor.tick()).moved == 0, "it is suspended"
    ended = {
        "instruments/the-end/instrument.yaml": (
            f"kind: withdrawal\ntitle: The end\nsays: It ended.\neffective_from: {corridor.tick().isoformat()}\n"
            "sources:\n  - {what: us, note: made up}\n"
        ),
        "instruments/the-end/text.md": "# The end\n",
    }
    put_out(corridor, gateway, "police", "the-end", "withdrawal", {**files, **laid(gateway), **ended})
    done = move_held_cases(gateway.store, gateway.agreements, corridor.tick())
    assert (done.moved, dict(done.stuck)) == (1, {})
    assert corridor.read(reference).status is Status.REFUSED
    assert corridor.entries_of(reference)[-1].outcome == "refused-no-agreement"
