"""How many acts lay between what a requester was told? Its places in the ledger do not say, on the quietest day.

One requester, one case at a time, and nothing else happens: then the acts of a case could be counted from where its
entries stand. Whoever counts is given everything a requester is given: the number of every act of its own, the place of
each seal, the size of the checkpoint it is proved under, and the moment of all of it.
"""

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from tests.fakes.corridor import KENT, Corridor, asker
from tests.fakes.guarded_register import NOBODY, ONE, PROTECTED, TWO
from tests.integration.test_api import opened as opened  # noqa: PLC0414  the fixture is theirs
from tests.integration.test_six_arms import CLINICAL, EXISTS, FORMS, IS_PROTECTED, NOT, People, auc, band, judged

from privity.casework.trace import show_candidates
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.ledger.checkpoint import read_body, read_note
from privity.ledger.entry_kind import EntryKind
from privity.ledger.proof import read_proof
from privity.ledger.told import LARGEST_NUMBER, STEP
from privity.trace.outcome import TraceResult

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

ARMS: Mapping[str, tuple[str, Mapping[str, object], TraceResult | None]] = {
    "exists": (EXISTS, {}, ONE),
    "not": (NOT, {}, NOBODY),
    "protected": (IS_PROTECTED, {}, PROTECTED),
    "refused": (EXISTS, CLINICAL, None),
    "duplicate": (EXISTS, {}, ONE),
    "malformed": (EXISTS, FORMS["unreadable"], None),
    "ambiguous": (EXISTS, {}, TWO),
}
SEALED = [arm for arm, (_, _, finds) in ARMS.items() if finds is not None]
Record = Callable[[str, object], None]


class Unhurried(Corridor):
    """A corridor in which people take their time."""

    __slots__ = ()

    def tick(self) -> datetime:
        self.now += timedelta(seconds=CHANCE.expovariate(1 / 120))
        return self.now


CHANCE = random.Random(23)


@dataclass(slots=True)
class Told:
    """What one arm's requester could compute for each case, and what it was told before places were steps."""

    acts: list[float] = field(default_factory=list)
    places: list[float] = field(default_factory=list)
    against_clock: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)


@pytest.fixture
def quiet(opened: "Instance", corridor: Corridor) -> Corridor:
    """Return a corridor of unhurried people, whose ledger is published by the day."""
    from privity.edge.wiring.public_ledger import PublicLedger

    corridor.__class__ = Unhurried
    corridor.now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    last = opened.log.last_moment()
    assert last is not None
    corridor.now = max(corridor.now, last + timedelta(hours=1))
    PublicLedger(opened.data).settled_cadence(hours=None, entries=None, first=opened.log.size(), now=corridor.now)
    return corridor


def sent(opened: "Instance", corridor: Corridor, body: Mapping[str, object], key: str) -> tuple[CaseReference, int]:
    """Send a request; return its reference and the number it is acknowledged with."""
    from privity.edge.api.shapes import RequestIn

    fields = RequestIn.model_validate(body).fields()
    told, fresh = opened.requester_desk.submit(fields, by=asker(KENT), at=corridor.tick(), key=key)
    assert fresh
    corridor.read_in(told.reference)
    return told.reference, told.entry


def answered(corridor: Corridor, reference: CaseReference, finds: TraceResult) -> None:
    """Let the custodian answer; officers look at the candidates once more, or do not, as people do.

    Answers are sealed an hour and a half after the request at the earliest: how long people take is told in any case
    (docs/decisions/0081), so here it is the same for all.
    """
    sealed_from = corridor.now + timedelta(minutes=90, seconds=CHANCE.uniform(0, 1_800))

    def looks(by: Officer) -> None:
        for _ in range(CHANCE.randint(1, 3)):
            corridor.do(lambda unit, at: show_candidates(unit, corridor.register, reference, by=by, at=at))

    judged(corridor, reference, finds, looks)
    corridor.now = max(corridor.now, sealed_from)
    corridor.intend(reference)
    corridor.release(reference)


def place_of_seal(opened: "Instance", reference: CaseReference, at: datetime) -> tuple[int, int]:
    """Return where a seal stands and the size it is proved under, as its requester reads them."""
    _, proof = opened.requester_desk.sealed(reference, by=asker(KENT), at=at)
    read = read_proof(proof)
    return read.index, read_body(read_note(read.checkpoint).text).size


def walked_through(opened: "Instance", corridor: Corridor, order: list[str]) -> dict[str, Told]:
    """Walk cases one after the other and return, by arm, what their requester could make of what it was told."""
    from privity.edge.wiring.public_ledger import PublicLedger

    people, told = People(350 * len(order) // len(ARMS) + 400), {arm: Told() for arm in ARMS}
    cadence, once = PublicLedger(opened.data).cadence(), list[dict[str, object]]()
    per_second = cadence.entries / (cadence.hours * 3_600) if cadence else 0.0
    last_place, last_size, last_at = 0, 0, corridor.now
    for number, arm in enumerate(order):
        kind, changed, finds = ARMS[arm]
        body = people.body(kind, **changed)
        if arm == "duplicate" and once:
            earlier = once.pop()
            body |= {name: earlier[name] for name in ("family_name", "given_name", "date_of_birth")}
        if arm == "exists":
            once.append(body)
        began = opened.log.size()
        reference, entry = sent(opened, corridor, body, f"quiet-{number:06d}")
        mine = told[arm]
        mine.numbers.append(entry)
        if finds is None:
            mine.acts.append(opened.log.size() - began)
            continue
        answered(corridor, reference, finds)
        seal = place_of_seal(opened, reference, corridor.now)
        entries = (one.entry.kind for one in opened.log.entries(began, seal[0]))
        mine.acts.append(sum(kind is not EntryKind.LEDGER_PADDING for kind in entries))
        mine.places.append(seal[0] - last_place)
        mine.against_clock.append(seal[0] - last_place - (corridor.now - last_at).total_seconds() * per_second)
        mine.sizes.append(seal[1] - last_size)
        last_place, last_size, last_at = *seal, corridor.now
    for mine in told.values():
        mine.places, mine.against_clock, mine.sizes = mine.places[1:], mine.against_clock[1:], mine.sizes[1:]
    return told


def apart(told: Mapping[str, Told], what: str, arms: list[str], record: Record) -> dict[str, str]:
    """Return the pairs of arms that a measure tells apart beyond chance (one run in a hundred calls some pair so)."""
    pairs, found = list(combinations(arms, 2)), dict[str, str]()
    for one, other in pairs:
        left, right = getattr(told[one], what), getattr(told[other], what)
        measured, wide = auc(left, right), band(left, right, share=0.01 / len(pairs))
        words = f"AUC {measured:.4f}, band 0.5 +- {wide:.4f}, n = {len(left)}, {len(right)}"
        print(f"{what}: {one} / {other}: {words}")
        record(f"{what}: {one} / {other}", words)
        if abs(measured - 0.5) > wide:
            found[f"{one} / {other}"] = words
    return found


def test_whatever_a_case_took_its_seal_stands_one_step_on(opened: "Instance", corridor: Corridor) -> None:
    people, places, acts = People(4_000), [], []
    for number, arm in enumerate([*SEALED, *reversed(SEALED)]):
        kind, _, finds = ARMS[arm]
        assert finds is not None
        began = opened.log.size()
        reference, _ = sent(opened, corridor, people.body(kind), f"step-{number}")
        answered(corridor, reference, finds)
        places.append(place_of_seal(opened, reference, corridor.now)[0])
        entries = opened.log.entries(began, places[-1])
        acts.append(sum(one.entry.kind is not EntryKind.LEDGER_PADDING for one in entries))
    assert {later - earlier for earlier, later in pairwise(places)} == {STEP}
    assert len(set(acts)) > 2, f"the cases took as many acts as their arms take: {acts}"


def test_a_proof_says_nothing_of_what_came_after_whenever_it_is_fetched(opened: "Instance", quiet: Corridor) -> None:
    people = People(2_000)
    first, _ = sent(opened, quiet, people.body(EXISTS), "first-0001")
    answered(quiet, first, ONE)
    place, size = place_of_seal(opened, first, quiet.now)
    proof = opened.requester_desk.sealed(first, by=asker(KENT), at=quiet.now)[1]
    assert (size, place % STEP) == (place + 1, 0)
    second, _ = sent(opened, quiet, people.body(EXISTS), "second-0001")
    answered(quiet, second, ONE)
    assert opened.requester_desk.sealed(first, by=asker(KENT), at=quiet.now)[1] == proof


def test_a_number_is_read_back_by_the_instance_that_told_it_and_polling_goes_on_from_it(
    opened: "Instance", quiet: Corridor
) -> None:
    desk, people = opened.requester_desk, People(400)
    reference, number = sent(opened, quiet, people.body(EXISTS), "first-0001")
    entry = opened.log.entry(opened.store.numbers.place(number))
    assert entry.kind is EntryKind.CASE_OPENED
    changes = desk.changes(-1, by=asker(KENT))
    assert [line.reference for _, line in changes.lines] == [reference]
    assert desk.changes(changes.upto, by=asker(KENT)).lines == ()
    assert desk.changes(changes.upto, by=asker(KENT)).upto == changes.upto
    elsewhere = next(one for one in range(LARGEST_NUMBER) if opened.store.numbers.place(one) > opened.log.size())
    assert desk.changes(elsewhere, by=asker(KENT)).lines == changes.lines, "unknown: everything is told again"


@pytest.mark.slow
def test_no_arm_is_told_from_another_by_places_numbers_or_sizes(
    opened: "Instance", quiet: Corridor, record_property: Record
) -> None:
    each = int(os.environ.get("PRIVITY_ARMS", "1000"))
    order = [arm for arm in ARMS for _ in range(each)]
    CHANCE.shuffle(order)
    told = walked_through(opened, quiet, order)
    assert apart(told, "acts", SEALED, record_property), "counted, the acts do tell"
    for what in ("places", "against_clock", "sizes"):
        assert not apart(told, what, SEALED, record_property), what
    assert not apart(told, "numbers", list(ARMS), record_property)
