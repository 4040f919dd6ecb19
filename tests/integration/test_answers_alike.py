"""Is something withheld from me? What a person reads with a code tells it in no byte, no header, and no microsecond.

The arms: nothing was given out; one thing was, and is told later; many were, all told later; the person is protected
and nothing was given out; protected, and something is told later. Each is asked with its own code as often as one
likes. And for whoever asked for somebody: how long it takes to look at the request does not tell what became of it.
"""

import os
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import perf_counter_ns
from typing import TYPE_CHECKING, cast

import pytest
from tests.fakes.corridor import GUARDIAN, KENT, Corridor
from tests.integration.test_api import Caller
from tests.integration.test_api import opened as opened  # noqa: PLC0414  the fixture is theirs
from tests.integration.test_people_asking import DISCLOSED, NUMBER, REASONS
from tests.integration.test_people_asking import visitor as visitor  # noqa: PLC0414  the fixture is theirs
from tests.integration.test_people_protected import practice
from tests.integration.test_six_arms import FOUND, People, auc, band, walked
from tests.integration.test_six_arms import living as living  # noqa: PLC0414  the fixture is theirs

from privity.casework.answer_patient import Delay, answer_question, ask_or_read
from privity.casework.protect import protect
from privity.casework.public_desk import Disclosure, PublicUnit
from privity.definitions.day import civil_day
from privity.definitions.person import NhsNumber
from privity.protection.correspondence_address import Period
from privity.protection.registration import AskedBy, Registration

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from privity.edge.wiring.instance import Instance

OWN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce-[^\']*|nonce="[^"]*"|Expires: [^\n]*')
"""What differs between any two drawings of one page, or two a second apart."""
PROTECTED_NUMBER = NhsNumber("9434765870")
MANY = 12
ARMS: Mapping[str, tuple[NhsNumber, int]] = {
    "nothing": (NUMBER, 0),
    "one told later": (NUMBER, 1),
    "many told later": (NUMBER, MANY),
    "protected, nothing": (PROTECTED_NUMBER, 0),
    "protected, told later": (PROTECTED_NUMBER, 1),
}
Codes = Mapping[str, str]


@pytest.fixture
def codes(corridor: Corridor, visitor: "Client", instance: "Instance", monkeypatch: pytest.MonkeyPatch) -> Codes:
    """Return a code of each arm, answered, and the pages on a day on which the answers can be read."""
    from privity.edge.web import door
    from privity.edge.wiring.public_desk import public_desk
    from privity.edge.wiring.public_disclosed import code_digest

    corridor.now = datetime.now(UTC)  # noqa: TID251  the accounts were made by the real clock
    corridor.do(
        lambda unit, at: protect(
            cast(PublicUnit, unit),
            Registration(
                nhs_number=PROTECTED_NUMBER,
                flagged=True,
                correspondence=None,
                period=Period(),
                reason="She is afraid of somebody.",
                asked_by=AskedBy.PERSON,
            ),
            effects_read=True,
            by=practice(),
            at=at,
        )
    )
    found = {}
    for arm, (number, withheld) in ARMS.items():
        code = public_desk(instance).give_code(number, by=practice(), at=corridor.tick())
        digest = code_digest(code)
        corridor.do(lambda unit, at, digest=digest: ask_or_read(cast(PublicUnit, unit), digest, at=at))  # type: ignore[misc]  # binds the loop's name
        about = tuple(replace(DISCLOSED, case=f"PRV-{one}", on=date(2017, 3, 1 + one)) for one in range(withheld))
        _answer(corridor, digest, about)
        found[arm] = code
    later = corridor.now + timedelta(days=30)
    monkeypatch.setattr(door, "now", lambda: later)
    return found


def _answer(corridor: Corridor, digest: str, about: tuple[Disclosure, ...]) -> None:
    until = civil_day(corridor.now) + timedelta(days=80)
    delays = [Delay(case=each.case, until=until, reasons=REASONS) for each in about]
    corridor.do(
        lambda unit, at: answer_question(cast(PublicUnit, unit), digest, about, delays, by=GUARDIAN, at=at),
    )


def asked(visitor: "Client", code: str, **typed: str) -> "HttpResponse":
    answer = visitor.post("/disclosed/", {"code": code, **typed})
    return cast("HttpResponse", answer)


def seen(answer: "HttpResponse") -> tuple[int, bytes, bytes, int]:
    """Return status, headers, page and length of an answer, without what any two drawings differ in."""
    headers = b"\n".join(sorted(f"{name}: {value}".encode() for name, value in answer.headers.items()))
    cookies = b",".join(sorted(name.encode() for name in answer.cookies))
    return answer.status_code, OWN.sub(b"", headers) + cookies, OWN.sub(b"", answer.content), len(answer.content)


def test_what_is_told_later_leaves_an_answer_the_same_to_the_byte(codes: Codes, visitor: "Client") -> None:
    told = {arm: seen(asked(visitor, code)) for arm, code in codes.items()}
    assert b"nothing that we can tell you" in told["nothing"][2]
    assert all(b"Reports of unpaid hospital bills are not part of this." in answer[2] for answer in told.values())
    assert len(set(told.values())) == 1, [arm for arm, one in told.items() if one != told["nothing"]]


def test_a_mailbox_left_taken_back_or_mistyped_is_answered_alike_too(codes: Codes, visitor: "Client") -> None:
    for typed in (
        {"tell": "somebody@mail.example"},
        {"tell": "somebody@mail.example"},
        {"act": "no-mail"},
        {"tell": "x"},
    ):
        assert len({seen(asked(visitor, code, **typed)) for code in codes.values()}) == 1, typed


def timings(visitor: "Client", codes: Codes, each: int) -> dict[str, list[float]]:
    """Return how long answers took, in microseconds, the arms in random order."""
    order = [arm for arm in codes for _ in range(each)]
    random.Random(11).shuffle(order)
    taken: dict[str, list[float]] = {arm: [] for arm in codes}
    for arm in order:
        begun = perf_counter_ns()
        visitor.post("/disclosed/", {"code": codes[arm]})
        taken[arm].append((perf_counter_ns() - begun) / 1_000)
    return taken


def must_be_alike(
    taken: Mapping[str, list[float]], first: str, share: float, record: Callable[[str, object], None]
) -> None:
    apart = {}
    for arm in taken:
        if arm == first:
            continue
        measured = auc(taken[first], taken[arm])
        wide = band(taken[first], taken[arm], share=share / (len(taken) - 1))
        told = f"AUC {measured:.4f}, band 0.5 +- {wide:.4f}, n = {len(taken[arm])}"
        print(f"{first} / {arm}: {told}")
        record(f"{first} / {arm}", told)
        if abs(measured - 0.5) > wide:
            apart[arm] = told
    assert not apart


TIMED = ("nothing", "many told later", "protected, told later")


def test_work_that_takes_longer_ends_at_the_same_step() -> None:
    from privity.edge.web.evenly import STEP_SECONDS, is_even, rest_of_step

    assert is_even("POST", "/disclosed/")
    assert is_even("GET", "/api/v1/requests/PRV-7")
    assert is_even("POST", "/requests/PRV-7/withdrawal/")
    assert not is_even("POST", "/api/v1/requests"), "nothing is read before it is acknowledged"
    for took in (0.0, 0.001, 0.0016, 0.024, STEP_SECONDS * 1.5):
        ended = took + rest_of_step(took)
        assert ended / STEP_SECONDS == pytest.approx(round(ended / STEP_SECONDS)), "a whole step"
        assert ended > took
    assert rest_of_step(0.0016) - rest_of_step(0.0017) == pytest.approx(0.0001), "what took longer waits less"


def test_an_answer_is_not_out_before_its_step(codes: Codes, visitor: "Client") -> None:
    from privity.edge.web.evenly import STEP_SECONDS

    taken = timings(visitor, {arm: codes[arm] for arm in TIMED}, 4)
    assert min(min(each) for each in taken.values()) >= STEP_SECONDS * 1_000_000


def test_a_reference_written_otherwise_is_answered_as_late_as_one_written_as_it_was_given(opened: "Instance") -> None:
    from privity.edge.web.evenly import STEP_SECONDS

    kent = Caller(opened, KENT)
    reference = kent.submit().json()["reference"]
    for written in (reference, reference.lower(), f"%20{reference}", f"%C2%A0{reference.capitalize()}%09"):
        begun = perf_counter_ns()
        answer = kent.get(f"/requests/{written}")
        assert (answer.status_code, answer.json()["reference"]) == (200, reference)
        assert perf_counter_ns() - begun >= STEP_SECONDS * 1_000_000_000, written


@pytest.mark.slow
def test_how_long_an_answer_takes_tells_nothing_of_what_is_withheld(
    codes: Codes, visitor: "Client", record_property: Callable[[str, object], None]
) -> None:
    must_be_alike(
        timings(visitor, {arm: codes[arm] for arm in TIMED}, int(os.environ.get("PRIVITY_ARMS", "2000"))),
        "nothing",
        0.01,
        record_property,
    )


@pytest.mark.slow
def test_how_long_it_takes_to_look_at_ones_request_does_not_tell_what_became_of_it(
    opened: "Instance", living: Corridor, record_property: Callable[[str, object], None]
) -> None:
    people, kent = People(2_000), Caller(opened, KENT)
    references = {name: walked(living, kent, people, arm, finds) for name, (arm, finds) in FOUND.items()}
    order = [name for name in references for _ in range(int(os.environ.get("PRIVITY_ARMS", "2000")))]
    random.Random(12).shuffle(order)
    taken: dict[str, list[float]] = {name: [] for name in references}
    for name in order:
        begun = perf_counter_ns()
        kent.get(f"/requests/{references[name]}")
        taken[name].append((perf_counter_ns() - begun) / 1_000)
    must_be_alike(taken, "not", 0.01, record_property)
