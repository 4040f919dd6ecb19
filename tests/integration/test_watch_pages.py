"""The pages about the tracer, fishing, approaches and fairness, and the commands beside them, over a real instance."""

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, GUARDIAN, KENT, Corridor, asker, officer, police_request
from tests.fakes.guarded_register import IN_USE, NOBODY, ONE, CountingRegister, a_certificate
from tests.integration.test_people_asking import sign_in
from tests.integration.test_people_asking import visitor as visitor  # noqa: PLC0414  the fixture is theirs

from privity.casework.fishing import OverAllowance
from privity.casework.ports import Gateway
from privity.casework.tracer import put_in_force, suspend
from privity.definitions.party import Role
from privity.edge.commands.console import main
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind
from privity.request.fishing import WINDOW, Pattern
from privity.trace.budget import OFFICER_ALLOWANCE
from privity.trace.monitor import FEWEST

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance
    from privity.edge.wiring.watch_desk import InstanceWatchDesk

REASONS = "The department has asked for it while its figures are looked at."


@pytest.fixture
def watched(corridor: Corridor, instance: "Instance", visitor: "Client") -> "Iterator[InstanceWatchDesk]":
    """Return the watch desk of this test's instance, its pages open, its register the corridor's."""
    from privity.edge.web import watch_door

    desk = replace(instance.watch_desk, register=corridor.register)  # type: ignore[arg-type]  # counted, not guarded
    watch_door.open_watch_with(desk)
    yield desk
    watch_door._DESK.desk = None


def certified(corridor: Corridor) -> None:
    corridor.do(lambda unit, at: put_in_force(unit, a_certificate(), IN_USE, by=ADMINISTRATORS[0], at=at))


def alerted(corridor: Corridor) -> None:
    for day in (1, 2, 3, 4):
        request = police_request(reference=f"KP/{day}")
        born = replace(request.particulars, date_of_birth=date(1963, 11, day))
        corridor.receive(replace(request, particulars=born))


def test_the_tracers_page_says_how_it_stands_and_the_guardian_stops_and_resumes_it(
    corridor: Corridor, visitor: "Client", watched: "InstanceWatchDesk"
) -> None:
    sign_in(visitor, "guardian")
    assert "no certificate has been put in force here" in visitor.get("/tracer/").content.decode()
    certified(corridor)
    page = visitor.get("/tracer/").content.decode()
    assert "The tracer proposes, under its certificate" in page
    assert "50,000 people" in page
    short = visitor.post("/tracer/", {"act": "suspend", "reasons": "because"})
    assert short.status_code == 422
    assert visitor.post("/tracer/", {"act": "suspend", "reasons": REASONS}).status_code == 302
    page = visitor.get("/tracer/").content.decode()
    assert "Nobody is proposed automatically" in page
    assert REASONS.rstrip(".") in page
    assert visitor.post("/tracer/", {"act": "resume", "reasons": REASONS}).status_code == 302
    assert "The tracer proposes, under its certificate" in visitor.get("/tracer/").content.decode()


def test_a_share_outside_the_certified_range_suspends_and_page_and_officer_see_it(
    corridor: Corridor, visitor: "Client", watched: "InstanceWatchDesk"
) -> None:
    certified(corridor)
    corridor.register.finds = NOBODY
    for _ in range(FEWEST):
        corridor.trace(corridor.approved())
    sign_in(visitor, "officer")
    page = visitor.get("/tracer/").content.decode()
    assert "100% of the last 40 traces had no proposal" in page
    corridor.register.finds = ONE
    corridor.trace(reference := corridor.approved())
    assert corridor.read(reference).traces[-1].hindered == "share"
    refused = visitor.post("/tracer/", {"act": "resume", "reasons": REASONS})
    assert refused.status_code == 422, "an officer may stop proposals and not let them go on"


def test_alerts_are_the_guardians_to_answer_and_the_departments_to_read(
    corridor: Corridor, visitor: "Client", watched: "InstanceWatchDesk", instance: "Instance"
) -> None:
    alerted(corridor)
    view = watched.alerts(by=GUARDIAN)
    assert {alert.pattern for alert in view.alerts} >= {Pattern.BIRTHDAYS}
    assert all(len(alert.cases) == 4 for alert in view.alerts)
    theirs = watched.alerts(by=officer("overseer", Role.DEPARTMENT))
    assert all(alert.cases == () and alert.staff_id == "" for alert in theirs.alerts)
    assert not theirs.may_answer
    sign_in(visitor, "guardian")
    page = visitor.get("/alerts/").content.decode()
    assert "These numbers are ours" in page
    assert "from 4 different attempts within 90 days" in page
    assert "One name tried with many dates of birth" in page
    wrong = visitor.post("/alerts/", {"organisation": KENT, "number": "1", "answer": "maybe", "reasons": REASONS})
    assert wrong.status_code == 422
    nobody = visitor.post("/alerts/", {"organisation": "x" * 90, "number": "9" * 30, "answer": "harmless"})
    assert nobody.status_code == 422
    for alert in view.alerts:
        sent = {"organisation": KENT, "number": str(alert.number), "answer": "fishing", "reasons": REASONS}
        assert visitor.post("/alerts/", sent).status_code == 302
    assert watched.open_alerts() == []
    assert watched.alerts(by=GUARDIAN).open == 0


def test_a_practice_reports_who_asked_without_an_agreement_and_it_is_counted(
    corridor: Corridor, visitor: "Client", watched: "InstanceWatchDesk"
) -> None:
    sign_in(visitor, "practice")
    missing = visitor.post("/practice/approaches/", {"body": "A department"})
    assert missing.status_code == 422
    sent = {"body": " A   department ", "asked_for": "notice", "channel": "telephone"}
    assert visitor.post("/practice/approaches/", sent).status_code == 302
    assert "A department: that a notice or letter be handed" in visitor.get("/practice/approaches/").content.decode()
    (entry,) = [one for one in corridor.entries() if one.kind is EntryKind.APPROACH_REFUSED]
    assert dict(entry.facts) == {"reason": "no-agreement", "channel": "telephone"}
    assert [one.body for one in watched.alerts(by=GUARDIAN).approaches] == ["A department"]


def test_a_body_without_an_agreement_that_uses_the_gateway_is_refused_with_the_reason_and_counted(
    instance: "Instance", corridor: Corridor
) -> None:
    stranger = asker("a-force-of-nowhere")
    for _ in range(2):
        with pytest.raises(Mistaken, match="no agreement with your organisation"):
            instance.requester_desk.submit({"family_name": "x"}, by=stranger, at=corridor.tick(), key="k")
    told = [one for one in corridor.entries() if one.kind is EntryKind.APPROACH_REFUSED]
    assert [one.facts["channel"] for one in told] == ["gateway", "gateway"]


def test_an_officer_over_the_allowance_is_refused_and_the_guardian_is_told_once(
    corridor: Corridor, watched: "InstanceWatchDesk", instance: "Instance"
) -> None:
    from privity.casework.fishing import take_from_allowance

    register: CountingRegister = corridor.register
    gateway = Gateway(agreements=corridor.agreements, register=register, sealer=corridor.sealer)
    desk = replace(instance.desk, register=register, gateway=gateway)  # type: ignore[type-var]  # a dataclass indeed
    reference = corridor.approved()
    with corridor.open_unit() as unit:
        for _ in range(OFFICER_ALLOWANCE.at_once):
            take_from_allowance(unit, FIRST, at=corridor.now)
        corridor_note(unit, corridor, reference)
    for _ in range(2):
        revision = corridor.read(reference).state.revision
        with pytest.raises(OverAllowance, match="as many people traced as one officer may"):
            desk.trace(reference, revision=revision, by=FIRST, at=corridor.now)
    assert register.read_for == []
    assert watched.open_alerts() == [("custodian", Pattern.TRACES)]


def corridor_note(unit: object, corridor: Corridor, reference: str) -> None:
    """Write an act, so that what is remembered is kept with it."""
    from privity.casework.correspond import note

    note(unit, reference, words="Somebody looked.", by=FIRST, at=corridor.now)  # type: ignore[arg-type]  # a unit


def test_the_fairness_page_shows_the_worst_group_first_and_says_when_another_model_is_in_use(
    corridor: Corridor, visitor: "Client", watched: "InstanceWatchDesk"
) -> None:
    answer = visitor.get("/figures/fairness/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "of another model than the one in use" in page, "the counting register's model is nobody's"
    result, in_use = watched.fairness()
    assert result is not None
    assert in_use == IN_USE
    shares = [one.wrong_person.share for one in result.groups]
    assert shares == sorted(shares, reverse=True)
    first, last = (
        page.index(f">{one.name.replace('_', ' ').capitalize()} ") for one in result.groups[:: len(result.groups) - 1]
    )
    assert first < last
    assert "No quarter has been published yet" in page
    assert f"--synthetic {result.register_rows} --labels {result.traces} --seed " in page, "its very labels"
    served = json.loads(visitor.get("/figures/fairness.json").content)
    assert served["model_digest"] == result.model_digest


@pytest.mark.parametrize("path", ["/tracer/", "/alerts/", "/practice/approaches/"])
def test_nobody_sees_these_pages_without_signing_in(
    corridor: Corridor, visitor: "Client", watched: "InstanceWatchDesk", path: str
) -> None:
    assert visitor.get(path).status_code == 302
    sign_in(visitor, "practice")
    assert visitor.get(path).status_code == (200 if path == "/practice/approaches/" else 403)


def run(*words: str) -> tuple[int, str]:
    before, sys.stdout = sys.stdout, io.StringIO()
    try:
        code = main(words)
        return code, sys.stdout.getvalue()
    finally:
        sys.stdout = before


def test_what_was_remembered_for_a_while_is_forgotten_after_it(instance: "Instance", corridor: Corridor) -> None:
    corridor.receive()
    assert instance.store.forget(corridor.now) == 0
    assert instance.store.forget(corridor.now + WINDOW + timedelta(days=1)) > 0
    assert instance.store.forget(corridor.now + WINDOW + timedelta(days=1)) == 0


def test_the_console_tells_how_the_tracer_stands_and_watch_raises_its_voice(
    instance: "Instance", corridor: Corridor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privity.edge.commands import trace_standing, watch

    for module in (trace_standing, watch):
        monkeypatch.setattr(module, "open_instance", lambda _root: instance)
    folder = str(instance.data.root)
    code, said = run("trace", "status", "--data", folder, "--json")
    assert (code, json.loads(said)["hindrance"]) == (1, "uncertified")
    certified(corridor)
    corridor.do(lambda unit, at: suspend(unit, reasons=REASONS, by=FIRST, at=at))
    alerted(corridor)
    code, said = run("trace", "status", "--data", folder)
    assert code == 1
    assert "nobody is proposed" in said
    instance_tree = json.loads(run("trace", "status", "--data", folder, "--json")[1])
    assert instance_tree["suspended_for"] == "person"
    assert instance_tree["words"] == REASONS
    # How a person signs at a terminal is tested with the accounts; here it has been done.
    monkeypatch.setattr(trace_standing, "signed_by", lambda _arguments, _instance, _roles: GUARDIAN)
    code, said = run("trace", "resume", "--data", folder, "--by", "guardian", "--reasons", REASONS)
    assert code == 1, said  # the counting register is not the instance's: nothing is imported there
    assert [one.kind for one in corridor.entries() if one.kind.value.startswith("tracer.")][-1] is (
        EntryKind.TRACER_RESUMED
    )
    assert run("trace", "resume", "--data", folder, "--reasons", REASONS)[0] == 2
    code, said = run("watch", "--once", "--data", folder)
    assert code == 1
    assert "one name tried with many dates of birth: with the guardian" in said
