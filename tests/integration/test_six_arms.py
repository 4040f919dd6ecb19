"""Is somebody on the register, or protected? What a requester is answered tells it of neither, byte for byte.

The arms are six: somebody the register has, somebody it has not, somebody protected, a request the terms refuse, a
request sent twice, and one whose person cannot be read. Every one of them is acknowledged alike: the same bytes but for
the reference, the same length, the same time; what becomes of it is told at the case. What is told there follows from
the requester's own words and never from whom the register has, so within each form of request it is compared too.
"""

import json
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.client import HTTPConnection
from itertools import combinations
from statistics import NormalDist
from subprocess import DEVNULL, PIPE, Popen
from time import monotonic, perf_counter_ns, sleep
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.fakes.corridor import FIRST, GUARDIAN, KENT, SECOND, Corridor
from tests.fakes.guarded_register import NOBODY, ONE, PROTECTED, TWO
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages
from tests.integration.test_api import ASKED, Caller, opened, read

from privity.casework import judge
from privity.casework.lifecycle import Status
from privity.casework.read_sent import read_sent
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.edge.synthetic.people import SyntheticPopulation, generate
from privity.trace.outcome import TraceResult

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

__all__ = ["opened"]
MASKED = re.compile(
    rb'PRV-[0-9A-Z]{26}|csrf[^>]*value="[^"]*"|nonce[^ >]*|[0-9a-f]{32,64}|(?:[0-9a-f]{8} ){3,7}[0-9a-f]{8}'
    rb"|KP/[0-9]{6}|[0-9:]{8} GMT|[0-9-]{10}T[0-9:]{8}Z"
)
"""What differs between any two requests: references, digests, tokens, the sender's own number, the time of day."""
INDEX = re.compile(rb'"(?:entry|next_since|ledger_index)": ?[0-9]+')
CLINICAL = {"items": ["medication"]}
UNCOUNTERSIGNED = {"countersigned_by": "", "countersigned_rank": ""}
EXISTS, NOT, IS_PROTECTED = "exists", "not", "protected"
Body = Mapping[str, object]


def masked(content: bytes) -> bytes:
    return INDEX.sub(b"(index)", MASKED.sub(b"(own)", content))


class Live(Corridor):
    """A corridor that lives by the real clock, as the interface does."""

    __slots__ = ()

    def tick(self) -> datetime:
        self.now = datetime.now(UTC)  # noqa: TID251  the interface's own clock
        return self.now


@pytest.fixture
def living(opened: "Instance", corridor: Corridor) -> Corridor:
    """Return a corridor that lives by the real clock, with the interface open."""
    corridor.__class__ = Live
    return corridor


class People:
    """Made-up people: on a register, protected on it, or on none. Nobody is drawn twice."""

    def __init__(self, count: int, *, unknown: int = 0) -> None:
        self.known, self.unknown = generate(count, 5), generate(unknown or count, 6)
        flagged = self.known.columns.sensitive
        self._rows = {
            EXISTS: iter(np.flatnonzero(~flagged).tolist()),
            IS_PROTECTED: iter(np.flatnonzero(flagged).tolist()),
            NOT: iter(range(unknown or count)),
        }
        self._number = 0

    def body(self, arm: str, **changed: object) -> dict[str, object]:
        """Return a request about somebody of an arm, under a fresh number of the sender's."""
        population: SyntheticPopulation = self.unknown if arm == NOT else self.known
        row, columns = next(self._rows[arm]), population.columns
        self._number += 1
        return {
            **ASKED,
            "your_reference": f"KP/{self._number:06d}",
            "family_name": f"{columns.names[columns.family[row]]:.8}".ljust(8, "a"),
            "given_name": f"{columns.names[columns.given[row]]:.6}".ljust(6, "a"),
            "date_of_birth": date.fromordinal(int(columns.born[row])).isoformat(),
            **changed,
        }


def shown(caller: Caller, reference: str) -> dict[str, tuple[int, bytes, bytes]]:
    """Return everything the interface shows of one request: status, headers and body, with what is its own masked."""
    paths = {
        "case": f"/requests/{reference}",
        "list": "/requests",
        "questions": f"/requests/{reference}/questions",
        "withdrawal": f"/requests/{reference}/withdrawal",
        "receipt": f"/requests/{reference}/receipt",
        "destruction": f"/requests/{reference}/destruction",
        "challenge": f"/requests/{reference}/challenge",
    }
    found = {}
    for name, path in paths.items():
        answer = caller.get(path)
        headers = b"\n".join(sorted(f"{key}: {value}".encode() for key, value in answer.headers.items()))
        line = answer.content if name != "list" else _line(answer.content, reference)
        found[name] = (answer.status_code, masked(headers), masked(line))
    return found


def _line(listed: bytes, reference: str) -> bytes:
    """Return the one line of a list that is about a request."""
    place = listed.index(reference.encode())
    return listed[listed.rindex(b"{", 0, place) : listed.index(b"}", place)]


def judged(
    corridor: Corridor, reference: CaseReference, finds: TraceResult, looks: Callable[[Officer], None] = lambda by: None
) -> None:
    """Let the custodian judge, trace and decide who was found, up to the answer.

    Args: looks: what each officer does before naming a record.
    """
    corridor.register.finds = finds
    for officer in (FIRST, SECOND):
        corridor.view(reference, officer, True)
    corridor.trace(reference)
    if corridor.read(reference).status is Status.PROTECTED:
        reasons = "The record is protected; whatever is known of it stays here."
        corridor.do(lambda unit, at: judge.close_protected(unit, reference, reasons=reasons, by=GUARDIAN, at=at))
    elif corridor.read(reference).status is Status.JUDGING_IDENTITY:
        for officer in (FIRST, SECOND):
            looks(officer)
            corridor.name_record(reference, officer, 1 if finds is ONE else None)
    if corridor.read(reference).status is Status.IDENTIFIED:
        corridor.screen(reference)


def walked(corridor: Corridor, caller: Caller, people: People, arm: str, finds: TraceResult) -> str:
    """Send a request and let the custodian answer it; return its reference."""
    taken = caller.submit(people.body(arm), key=f"walk-{people._number:06d}")
    assert taken.status_code == 201, taken.content
    reference = CaseReference(taken.json()["reference"])
    corridor.do(lambda unit, at: read_sent(unit, corridor.agreements, reference, at=at))
    judged(corridor, reference, finds)
    corridor.intend(reference)
    corridor.release(reference)
    assert corridor.read(reference).pack is not None
    return reference


FOUND: Mapping[str, tuple[str, TraceResult]] = {
    "exists": (EXISTS, ONE),
    "not": (NOT, NOBODY),
    "protected": (IS_PROTECTED, PROTECTED),
    "ambiguous": (EXISTS, TWO),
}


def test_from_sending_to_the_sealed_answer_four_arms_look_the_same(opened: "Instance", living: Corridor) -> None:
    people, kent = People(2_000), Caller(opened, KENT)
    references = {name: walked(living, kent, people, arm, finds) for name, (arm, finds) in FOUND.items()}
    seen = {name: shown(kent, reference) for name, reference in references.items()}
    for name in FOUND:
        apart = {
            part: (told, seen["exists"][part]) for part, told in seen[name].items() if told != seen["exists"][part]
        }
        assert not apart, f"{name} differs from somebody the register has"
    packs = {name: kent.get(f"/requests/{reference}/response") for name, reference in references.items()}
    assert {answer.status_code for answer in packs.values()} == {200}
    after = {name: shown(kent, reference) for name, reference in references.items()}
    assert after["not"] == after["protected"] == after["ambiguous"] == after["exists"]
    for reference in references.values():
        assert kent.post(f"/requests/{reference}/receipt").status_code == 200
    opened_by_now = {name: shown(kent, reference) for name, reference in references.items()}
    assert opened_by_now["not"] == opened_by_now["protected"] == opened_by_now["ambiguous"]


def test_the_pages_show_four_arms_the_same(opened: "Instance", living: Corridor) -> None:
    from tests.fakes.corridor import officer

    from privity.definitions.party import Role
    from privity.edge.web import door
    from privity.edge.wiring.inside import open_inner_doors

    people, kent = People(2_000), Caller(opened, KENT)
    constable = officer("constable", Role.REQUESTING_OFFICER, KENT)
    open_inner_doors(opened)
    with_account(opened, constable)
    door.open_with(opened.desk, requester_desk=opened.requester_desk, letters=opened.letters, made_up=True)
    client = at_the_pages(constable)
    references = {name: walked(living, kent, people, arm, finds) for name, (arm, finds) in FOUND.items()}
    pages = {name: client.get(f"/requests/{reference}/") for name, reference in references.items()}
    assert {page.status_code for page in pages.values()} == {200}
    assert len({masked(page.content) for page in pages.values()}) == 1
    assert len({len(page.content) for page in pages.values()}) == 1
    letters = {name: client.get(f"/requests/{reference}/letters/disclosure/") for name, reference in references.items()}
    assert len({masked(letter.content) for letter in letters.values()}) == 1


FORMS: Mapping[str, Body] = {
    "considered": {},
    "refused": CLINICAL,
    "returned": UNCOUNTERSIGNED,
    "unreadable": {"date_of_birth": "1979-02-31"},
}
"""What was sent, by what becomes of it; a name without anything else to tell a person by is incomplete too."""


@pytest.mark.parametrize("form", FORMS)
def test_what_becomes_of_a_form_of_request_is_told_the_same_whoever_it_is_about(
    opened: "Instance", corridor: Corridor, form: str
) -> None:
    people, kent = People(400), Caller(opened, KENT)
    references = {
        arm: kent.submit(people.body(arm, **FORMS[form]), key=f"{form}-{arm}-0001").json()["reference"]
        for arm in (EXISTS, NOT, IS_PROTECTED)
    }
    read(opened)
    told = {arm: shown(kent, reference) for arm, reference in references.items()}
    assert {kent.get(f"/requests/{one}").json()["progress"] for one in references.values()} == {form}
    assert told[EXISTS] == told[NOT] == told[IS_PROTECTED]
    assert not corridor.register.read_for, "nobody was looked up"


MALFORMED: Sequence[Body] = (
    {"date_of_birth": "1979-02-31"},
    {"family_name": "12345678"},
    {"nhs_number": "9434765918"},
    {"postcode": "NOWHERE"},
    {"gender": "Quillfeather"},
    {"date_of_birth": "", "family_name": "", "given_name": ""},
    {"date_of_birth": None},
)


def acknowledged(caller: Caller, body: Body, key: str) -> tuple[int, int, bytes, bytes]:
    """Return status, length, body and headers of an acknowledgement, with its own reference masked."""
    answer = caller.submit(body, key=key)
    assert answer.headers["Privity-Ledger-Index"].isdigit()
    headers = b"\n".join(
        sorted(f"{key}: {value}".encode() for key, value in answer.headers.items() if key != "Privity-Ledger-Index")
    )
    return answer.status_code, len(answer.content), masked(answer.content), masked(headers)


def test_six_arms_are_acknowledged_in_the_same_bytes(opened: "Instance", corridor: Corridor) -> None:
    people, kent = People(4_000), Caller(opened, KENT)
    twice = people.body(EXISTS)
    bodies = [people.body(arm, **form) for arm in (EXISTS, NOT, IS_PROTECTED) for form in FORMS.values()]
    bodies += [people.body(arm, **form) for arm in (EXISTS, NOT) for form in MALFORMED]
    bodies += [people.body(EXISTS, purpose="curiosity", items=["everything"], facts={"nothing": "known"})]
    bodies += [twice, {**twice, "your_reference": "KP/900001"}]
    told = {acknowledged(kent, body, f"arm-{number:06d}") for number, body in enumerate(bodies)}
    assert len(told) == 1
    (status, length, body, headers) = told.pop()
    assert (status, length) == (201, len(body) + len("PRV-") + 26 - len("(own)"))
    assert b"Content-Length" in headers
    assert not corridor.register.read_for
    read(opened)
    became = Counter(line["progress"] for line in kent.get("/requests").json()["requests"])
    assert became == {"considered": 5, "refused": 3, "returned": 5, "unreadable": 16}, (
        "the arms were what they are called"
    )


def test_a_request_sent_again_under_its_key_is_the_same_one(opened: "Instance", corridor: Corridor) -> None:
    kent = Caller(opened, KENT)
    body = People(400).body(EXISTS, date_of_birth="1979-02-31")
    first, same = kent.submit(body, key="first-0001"), kent.submit(body, key="first-0001")
    read(opened)
    after = kent.submit(body, key="first-0001")
    assert (first.status_code, same.status_code, after.status_code) == (201, 200, 200)
    assert first.content == same.content == after.content, "what became of it is told at the case alone"


def test_what_the_pages_send_is_acknowledged_in_the_same_bytes(opened: "Instance", living: Corridor) -> None:
    from tests.fakes.corridor import officer

    from privity.casework.requester_desk import DraftKind
    from privity.definitions.party import Role
    from privity.edge.api.shapes import RequestIn
    from privity.edge.web import door
    from privity.edge.wiring.inside import open_inner_doors

    people = People(4_000)
    constable = officer("constable", Role.REQUESTING_OFFICER, KENT)
    open_inner_doors(opened)
    with_account(opened, constable)
    door.open_with(opened.desk, requester_desk=opened.requester_desk, letters=opened.letters, made_up=True)
    client = at_the_pages(constable)
    desk, told = opened.requester_desk, set()
    for arm, form in [(arm, form) for arm in (EXISTS, NOT, IS_PROTECTED) for form in FORMS.values()]:
        fields = RequestIn.model_validate(people.body(arm, **form)).fields()
        draft = desk.begin(kind=DraftKind.REQUEST, content=json.dumps(fields), by=constable, at=living.tick())
        sent = client.post(f"/requests/drafts/{draft.name}/send/", {"revision": str(draft.revision)})
        page = client.get(sent["Location"])
        told.add((sent.status_code, len(sent["Location"]), masked(page.content), len(page.content)))
    assert len(told) == 1
    assert b"Received, being read" in told.pop()[2]


TOKEN_SECONDS = 600
"""A token is good for fifteen minutes, and a busy machine takes longer for so many requests."""
Samples = Sequence[float] | NDArray[np.float64]


def auc(one: Samples, other: Samples) -> float:
    """Return the chance that a sample of one arm is larger than one of the other; ties count half."""
    both = np.concatenate([one, other])
    order = both.argsort(kind="stable")
    ranks = np.empty(len(both))
    ranks[order] = np.arange(1, len(both) + 1)
    for value in np.unique(both[np.concatenate([[False], np.diff(np.sort(both)) == 0])]):
        ranks[both == value] = ranks[both == value].mean()
    return float((ranks[: len(one)].sum() - len(one) * (len(one) + 1) / 2) / (len(one) * len(other)))


def band(one: Samples, other: Samples, *, share: float, seed: int = 0, times: int = 200) -> float:
    """Return how far from a half the AUC of these samples lies by chance, in all but `share` of relabellings.

    The spread over relabellings is measured; with samples this large a rank sum is normal, which gives the tail.
    """
    rng, both = np.random.default_rng(seed), np.concatenate([one, other])
    shuffled = []
    for _ in range(times):
        rng.shuffle(both)
        shuffled.append(auc(both[: len(one)], both[len(one) :]))
    return float(np.std(shuffled) * NormalDist().inv_cdf(1 - share / 2))


TIMED: Mapping[str, tuple[str, Body]] = {
    "exists": (EXISTS, {}),
    "not": (NOT, {}),
    "protected": (IS_PROTECTED, {}),
    "refused": (EXISTS, CLINICAL),
    "duplicate": (EXISTS, {}),
    "malformed": (EXISTS, FORMS["unreadable"]),
}
ALIKE = list(combinations(TIMED, 2))


def timings(send: Callable[[Body, str], object], people: People, each: int) -> dict[str, list[float]]:
    """Return how long replies took, in microseconds: the arms in random order, so that no drift favours one."""
    rng = random.Random(7)
    order = [arm for arm in TIMED for _ in range(each)]
    rng.shuffle(order)
    bodies = {arm: [people.body(kind, **changed) for _ in range(each)] for arm, (kind, changed) in TIMED.items()}
    for number, body in enumerate(bodies["duplicate"]):
        body |= {name: bodies["exists"][number][name] for name in ("family_name", "given_name", "date_of_birth")}
    taken: dict[str, list[float]] = {arm: [] for arm in TIMED}
    for number, arm in enumerate(order):
        body = bodies[arm].pop()
        begun = perf_counter_ns()
        send(body, f"timed-{number:06d}")
        taken[arm].append((perf_counter_ns() - begun) / 1_000)
    return taken


def test_the_measure_tells_arms_apart_that_differ() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.normal(100, 10, 2_000).tolist(), rng.normal(102, 10, 2_000).tolist()
    assert abs(auc(one, other) - 0.5) > band(one, other, share=0.01)
    again = rng.normal(100, 10, 2_000).tolist()
    assert abs(auc(one, again) - 0.5) < band(one, again, share=0.01)
    assert auc([1.0, 1.0], [1.0, 1.0]) == 0.5


def must_be_alike(
    taken: Mapping[str, Sequence[float]], share: float, record: Callable[[str, object], None] | None = None
) -> None:
    """Compare every pair of arms.

    Args: share: how often chance alone may call some pair different; each pair has its part of it.
    """
    apart = {}
    for one, other in ALIKE:
        measured, wide = auc(taken[one], taken[other]), band(taken[one], taken[other], share=share / len(ALIKE))
        told = f"AUC {measured:.4f}, band 0.5 +- {wide:.4f}, n = {len(taken[one])}"
        print(f"{one} / {other}: {told}")
        if record:
            record(f"{one} / {other}", told)
        if abs(measured - 0.5) > wide:
            apart[one, other] = told
    assert not apart


def test_how_long_an_acknowledgement_takes_tells_no_arm_from_another(opened: "Instance", corridor: Corridor) -> None:
    each, kent = 60, Caller(opened, KENT)
    people = People(350 * each, unknown=6 * each)
    taken = timings(lambda body, key: kent.submit(body, key=key), people, each)
    must_be_alike(taken, share=0.001)
    assert not corridor.register.read_for, "nobody was looked up"


@pytest.mark.slow
def test_how_long_a_reply_takes_tells_nothing_of_the_person(
    opened: "Instance", corridor: Corridor, record_property: Callable[[str, object], None]
) -> None:
    each, kent = int(os.environ.get("PRIVITY_ARMS", "2000")), Caller(opened, KENT)
    # So many, that as many protected people are drawn as others: nobody is asked about twice but the duplicates.
    people = People(350 * each, unknown=6 * each)
    taken = timings(lambda body, key: kent.submit(body, key=key), people, each)
    assert not corridor.register.read_for, "nobody was looked up"
    must_be_alike(taken, share=0.01, record=record_property)


@contextmanager
def served(instance: "Instance") -> Iterator[HTTPConnection]:
    """Serve the instance as it is served, with what reads beside it, and yield one connection to it."""
    command = [sys.executable, "-m", "privity.edge.commands.console", "serve", "--data", str(instance.data.root)]
    with Popen([*command, "--bind", "127.0.0.1:0"], stdout=PIPE, stderr=DEVNULL) as process:
        assert process.stdout is not None
        connection = HTTPConnection("127.0.0.1", json.loads(process.stdout.readline())["port"], timeout=30)
        try:
            yield connection
        finally:
            connection.close()
            process.terminate()
            process.wait(timeout=60)


@pytest.mark.slow
def test_over_http_no_arm_is_told_from_another_while_what_was_sent_is_read(
    opened: "Instance", corridor: Corridor, record_property: Callable[[str, object], None]
) -> None:
    each, kent = int(os.environ.get("PRIVITY_ARMS", "2000")), Caller(opened, KENT)
    people = People(350 * each, unknown=6 * each)
    renewed = monotonic()
    with served(opened) as connection:

        def send(body: Body, key: str) -> None:
            nonlocal renewed
            if monotonic() - renewed > TOKEN_SECONDS:
                kent.token, renewed = kent.fetch().json()["access_token"], monotonic()
            headers = {
                "Authorization": f"Bearer {kent.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            }
            connection.request("POST", "/api/v1/requests", json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status == 201, content

        taken = timings(send, people, each)
        until = monotonic() + 60
        while opened.reader.waiting() and monotonic() < until:
            sleep(0.5)
    became = Counter(opened.store.statuses().values())
    assert (became["unreadable"], became["refused"], became["received"]) == (each, each, 0)
    must_be_alike(taken, share=0.01, record=record_property)
