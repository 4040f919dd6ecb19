"""Cases walked at random through the real desk while the world changes: what a naive onlooker must never see.

The onlooker knows nothing of the lifecycle. It keeps who said what about which candidates since the last trace, who is
hidden, and whether the agreement stands, and looks at what a carrier or a requester was handed.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.fakes import golden
from tests.fakes.corridor import (
    ADMINISTRATORS,
    FIRST,
    GUARDIAN,
    KENT,
    LETTER,
    SECOND,
    THIRD,
    Corridor,
    a_certificate,
    asker,
    police_request,
)
from tests.fakes.guarded_register import NOBODY, ONE, PROTECTED, TWO, CountingRegister, candidate, found
from tests.fakes.shelf import ShelfAgreements
from tests.fakes.working import about_somebody
from tests.integration.test_outbox import Carrier

from privity.agreement.version import InstrumentKind
from privity.casework import certificates
from privity.casework.case_file import CaseFile
from privity.casework.custody_desks import CustodyDesks
from privity.casework.dispatch import TAKEN_BACK
from privity.casework.enrol import approve_certificate, enrol_certificate
from privity.casework.judge import IDENTITY_QUESTION
from privity.casework.lifecycle import CLOSED, IDENTITY_STATUSES, PURPOSE_STATUSES, Status
from privity.casework.permits import open_questions
from privity.casework.ports import Gateway
from privity.casework.screen import standing_screen
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.person import Address
from privity.definitions.reference import CaseReference, VersionName
from privity.disclosure.pack import Outcome, Pack
from privity.disclosure.safety import Course, SafetyAnswer, SafetyQuestion
from privity.errors import Mistaken, Unavailable
from privity.judgement.determination import Stage
from privity.protection.household import Household
from privity.trace.outcome import TraceResult

if TYPE_CHECKING:
    from privity.edge.wiring.desk import InstanceDesk
    from privity.edge.wiring.instance import Instance

STAFF = (FIRST, SECOND, THIRD, GUARDIAN)
PEOPLE = (1, 2, 9)
REASONS = "What weighs for and against, in words of somebody's own."
ANOTHER = found(candidate(2, 0.97))
FOUND = (ONE, TWO, ANOTHER, PROTECTED, NOBODY)


def home(person: int, house: int = 1) -> Address:
    return Address(lines=(f"{house} Street of {person}", "Quxbury"), postcode=golden.POSTCODE)


@dataclass
class World:
    """One instance that all walks share; every walk has a case, an agreement and people of its own."""

    instance: "Instance"
    corridor: Corridor
    desk: "InstanceDesk"
    walks: int = 0
    certificates: int = 1
    left: Counter[Outcome] = field(default_factory=Counter)

    @property
    def custody(self) -> CustodyDesks:
        from privity.edge.wiring.custody import custody_desks

        return custody_desks(self.desk)


@dataclass
class Onlooker:
    """What somebody beside the desk has seen of one case."""

    views: list[tuple[str, int | None]] = field(default_factory=list)
    guardian: int | str | None = "silent"
    withheld: bool = False

    def traced(self) -> None:
        self.views, self.guardian, self.withheld = [], "silent", False

    def named(self, person: int) -> bool:
        """Whether two people, or the guardian beside two who differ, took this candidate of the last trace."""
        takers = {who for who, choice in self.views if choice == person}
        return len(takers) > 1 or (self.guardian == person and len({who for who, _ in self.views}) > 2)


class Walk:
    """Two officers, a third, a guardian, a requester, and everything around them changing."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.drawn = world, Random(seed)
        world.corridor.now += timedelta(days=1)
        self.corridor, self.carrier, self.onlooker = (
            world.corridor,
            Carrier(numbers_before=world.walks * 1000),
            Onlooker(),
        )
        self.register = CountingRegister()
        for person in PEOPLE:
            self.register.people[person] = replace(golden.demographics(person), residence=home(person))
        self.corridor.register, self.corridor.agreements = self.register, ShelfAgreements()
        self.terms_since = world.corridor.now
        self.suspended, self.handed, self.fetched = False, 0, list[bytes]()
        gateway = Gateway(agreements=self.corridor.agreements, register=self.register, sealer=self.corridor.sealer)
        world.desk = replace(world.desk, agreements=self.corridor.agreements, register=self.register, gateway=gateway)  # type: ignore[arg-type]  # the shelf in place of what is published
        self.outbox = replace(world.instance.outbox, agreements=self.corridor.agreements, gateway=gateway)
        self.requester = replace(world.instance.requester_desk, agreements=self.corridor.agreements, gateway=gateway)  # type: ignore[type-var]  # the desk of an instance
        self.before: Status | None = None
        self.gets_a_certificate()
        self.reference = self._new_case()

    def _new_case(self) -> CaseReference:
        self.world.walks += 1
        somebody = about_somebody(self.world.walks % 300).particulars
        request = replace(police_request(reference=f"KP/{self.world.walks}"), particulars=somebody)
        return self.corridor.received(request)

    @property
    def file(self) -> CaseFile:
        return self.corridor.read(self.reference)

    def tries(self, act: Callable[[], object]) -> bool:
        """Do an act that may be refused, as people are refused; return whether it was done."""
        try:
            act()
        except (Mistaken, Unavailable):
            return False
        return True

    def steps(self, number: int) -> None:
        """Take steps: most of them what the case waits for, by anybody; between them anything at all."""
        for _ in range(number):
            chance, who = self.drawn.random(), self.drawn.choice(STAFF)
            if chance < 0.6:
                self._does_what_waits(who, self.drawn.choice((1, 1, 1, 2, None)))
            elif chance < 0.75:
                self.somebody_acts(who)
            else:
                self.the_world_changes()
            self.look()

    def somebody_acts(self, who: Officer) -> None:
        """Have somebody do something, whether or not it is their turn."""
        choice = self.drawn.choice((1, 2, None))
        course, answer = self.drawn.choice(list(Course)), self.drawn.choice(list(SafetyAnswer))
        acts: tuple[Callable[[], None], ...] = (
            lambda: self.judges_purpose(who, False),
            lambda: self.traces(who),
            lambda: self.judges_identity(who, choice),
            lambda: self.closes(who),
            lambda: self.sets_aside(who),
            lambda: self.screens(who, course, answer),
            lambda: self.writes(who),
            lambda: self.posts(who),
            lambda: self.gives_back(who),
            lambda: self.releases(who),
            self.sends,
            self.fetches,
            self.collects,
        )
        self.drawn.choice(acts)()

    def the_world_changes(self) -> None:
        """Change something that no case is asked about."""
        person, yes = self.drawn.choice(PEOPLE), self.drawn.random() < 0.5
        changes: tuple[Callable[[], None], ...] = (
            self.is_suspended,
            self.goes_on_again,
            self.goes_on_again,
            self.is_replaced,
            lambda: self.finds_others(self.drawn.choice(FOUND)),
            lambda: self.is_hidden_or_no_more(person, yes),
            lambda: self.moves(person, self.drawn.randint(1, 3)),
            lambda: self.is_joined(person, int(yes)),
            lambda: self.goes_from_the_register(person),
            lambda: self.dies(person),
            self.loses_its_certificate,
            self.gets_a_certificate,
            lambda: self.time_passes(self.drawn.choice((-4, 3, 90, 25 * 60))),
        )
        self.drawn.choice(changes)()

    def _does_what_waits(self, who: Officer, choice: int | None) -> None:
        file = self.file
        if file.status.is_closed and file.status not in (Status.SEALED, Status.UNTRACED, Status.SENT):
            self.onlooker, self.before, self.reference = Onlooker(), None, self._new_case()
            return
        screened = standing_screen(file, self.corridor.now) is not None
        course = self.drawn.choice((Course.GO_ON, Course.GO_ON, *Course))
        waits: dict[Status, Callable[[], object]] = {
            **dict.fromkeys(PURPOSE_STATUSES, lambda: self.judges_purpose(who, True)),
            Status.APPROVED: lambda: self.traces(who),
            **dict.fromkeys(IDENTITY_STATUSES, lambda: self.judges_identity(who, choice)),
            Status.PROTECTED: lambda: self.closes(who),
            Status.IDENTIFIED: lambda: self.releases(who) if screened else self.screens(who, course, SafetyAnswer.NO),
            Status.HARM_REVIEW: lambda: self.screens(who, course, SafetyAnswer.NO),
            Status.FORWARDING: lambda: self.posts(who) if file.draft else self.writes(who),
            Status.FORWARDED: lambda: self.releases(who),
            Status.UNIDENTIFIED: lambda: self.releases(who),
            Status.HELD: lambda: self.suspended or self.tries(lambda: self.corridor.assess(self.reference)),
            Status.SEALED: self.sends,
            Status.UNTRACED: self.sends,
            Status.SENT: self.collects,
        }
        waits[file.status]()

    def judges_purpose(self, who: Officer, answer: bool) -> None:
        file = self.file
        questions = sorted(open_questions(file)) if file.assessments else []
        if questions:
            self.tries(
                lambda: self.world.desk.determine_purpose(
                    self.reference, question=questions[0], answer=answer, reasons=REASONS, factors=(),
                    revision=file.state.revision, by=who, at=self.corridor.tick(),
                )
            )  # fmt: skip

    def traces(self, who: Officer) -> None:
        reads, revision = len(self.register.read_for), self.file.state.revision
        if self.tries(
            lambda: self.world.desk.trace(self.reference, revision=revision, by=who, at=self.corridor.tick())
        ):
            self.onlooker.traced()
        assert not self.suspended or len(self.register.read_for) == reads, "the register was read through a suspension"

    def judges_identity(self, who: Officer, choice: int | None) -> None:
        revision = self.file.state.revision
        done = self.tries(
            lambda: self.world.desk.determine_identity(
                self.reference, choice=choice, reasons=REASONS, revision=revision, by=who, at=self.corridor.tick()
            )
        )
        if done:
            self.onlooker.views.append((who.staff_id, choice))
            if who is GUARDIAN:
                self.onlooker.guardian = choice

    def closes(self, who: Officer) -> None:
        revision = self.file.state.revision
        self.tries(
            lambda: self.world.desk.close_protected(
                self.reference, reasons=REASONS, revision=revision, by=who, at=self.corridor.tick()
            )
        )

    def sets_aside(self, who: Officer) -> None:
        file = self.file
        done = self.tries(
            lambda: self.world.desk.set_trace_aside(
                self.reference, reasons=REASONS, revision=file.state.revision, by=who, at=self.corridor.tick()
            )
        )
        assert who is GUARDIAN or not (done and self.onlooker.withheld), "an officer undid what the guardian decided"

    def screens(self, who: Officer, course: Course, answer: SafetyAnswer) -> None:
        revision = self.file.state.revision
        done = self.tries(
            lambda: self.world.custody.safety.screen(
                self.reference, course=course, answers=dict.fromkeys(SafetyQuestion, answer), reasons=REASONS, seen="",
                revision=revision, by=who, at=self.corridor.tick(),
            )
        )  # fmt: skip
        if done and who is GUARDIAN:
            self.onlooker.withheld = course in (Course.WITHHOLD, Course.LETTER)

    def writes(self, who: Officer) -> None:
        revision = self.file.state.revision
        self.tries(
            lambda: self.world.custody.safety.draft(
                self.reference, words=LETTER, revision=revision, by=who, at=self.corridor.tick()
            )
        )

    def posts(self, who: Officer) -> None:
        revision = self.file.state.revision
        safety = self.world.custody.safety
        if self.tries(lambda: safety.post(self.reference, revision=revision, by=who, at=self.corridor.tick())):
            letter = self.file.letters[-1]
            assert letter.drafted_by != letter.forwarded_by
            assert not self.suspended

    def gives_back(self, who: Officer) -> None:
        revision = self.file.state.revision
        safety = self.world.custody.safety
        if self.tries(lambda: safety.give_back(self.reference, revision=revision, by=who, at=self.corridor.tick())):
            self.onlooker.withheld = False

    def releases(self, who: Officer) -> None:
        revision = self.file.state.revision
        self.tries(lambda: self.world.desk.release(self.reference, revision=revision, by=who, at=self.corridor.tick()))

    def sends(self) -> None:
        self.tries(lambda: self.outbox.send(at=self.corridor.tick(), transport=self.carrier))
        for message in self.carrier.given[self.handed :]:
            self._has_left(message.sealed)
        self.handed = len(self.carrier.given)

    def fetches(self) -> None:
        outbox = self.file.outbox
        left_before = outbox is not None and bool(outbox.sent_at) and outbox.state != TAKEN_BACK
        got: list[bytes] = []
        self.tries(
            lambda: got.append(self.requester.sealed(self.reference, by=asker(KENT), at=self.corridor.tick())[0])
        )
        for sealed in got:
            assert not self.suspended, "given out through a suspension"
            if not left_before:
                self._has_left(sealed)

    def collects(self) -> None:
        self.tries(lambda: self.corridor.collect(self.reference))

    def withdraws(self) -> None:
        self.tries(lambda: self.corridor.withdraw(self.reference))

    def is_suspended(self) -> None:
        if not self.suspended:
            self.corridor.agreements.lay(InstrumentKind.QUEUE, "police", self.corridor.now)
            self.suspended, self.terms_since = True, self.corridor.now

    def goes_on_again(self) -> None:
        if self.suspended:
            known = self.corridor.agreements.families["police"]
            lifted = tuple(
                replace(one, lifted_at=self.corridor.now)
                if one.lifted_at is None and one.kind is InstrumentKind.QUEUE
                else one
                for one in known.instruments
            )
            self.corridor.agreements.families["police"] = replace(known, instruments=lifted)
            self.suspended, self.terms_since = False, self.corridor.now

    def is_replaced(self) -> None:
        known = self.corridor.agreements.families["police"]
        now = self.terms_since = self.corridor.now
        name = VersionName(f"2017-{len(known.versions) + 20}")
        newer = replace(known.versions[-1], name=name, effective_from=now, sha256=sha256(name.encode()).hexdigest())
        if known.versions[-1].effective_from < now:
            self.corridor.agreements.families["police"] = replace(known, versions=(*known.versions, newer))

    def finds_others(self, finds: TraceResult) -> None:
        self.register.finds = finds

    def is_hidden_or_no_more(self, person: int, hidden: bool) -> None:
        if person in self.register.people:
            self.register.people[person] = replace(self.register.people[person], sensitive=hidden)

    def moves(self, person: int, house: int) -> None:
        if person in self.register.people:
            self.register.people[person] = replace(self.register.people[person], residence=home(person, house))

    def is_joined(self, person: int, protected: int) -> None:
        self.register.households[person] = Household(others=1, children=0, protected=protected)

    def goes_from_the_register(self, person: int) -> None:
        self.register.people.pop(person, None)

    def dies(self, person: int) -> None:
        if person in self.register.people:
            self.register.people[person] = replace(self.register.people[person], deceased_on=self.corridor.now.date())

    def loses_its_certificate(self) -> None:
        self.tries(self._revoke)

    def gets_a_certificate(self) -> None:
        self.world.certificates += 1
        another = a_certificate(KENT, self.world.certificates)

        def enrol() -> None:
            self._revoke()
            with self.corridor.open_unit() as unit:
                enrol_certificate(unit, another, by=ADMINISTRATORS[0], at=self.corridor.tick())
                approve_certificate(unit, another, by=ADMINISTRATORS[1], at=self.corridor.tick())

        self.tries(enrol)

    def time_passes(self, minutes: int) -> None:
        later = self.corridor.now + timedelta(minutes=minutes)
        # Before a suspension or a version there is none: a clock that steps back over it is another test's.
        self.corridor.now = max(later, self.terms_since)

    def _revoke(self) -> None:
        police, by = OrganisationId(KENT), ADMINISTRATORS[0]
        with self.corridor.open_unit() as unit:
            for one in [one for one in unit.certificates(police) if not one.revoked_at]:
                certificates.revoke(unit, police, one.sha256, reason="replaced", by=by, at=self.corridor.tick())

    def look(self) -> None:
        """Nothing that was closed for good reopens, and nobody's views make a case unreadable."""
        file = self.file
        if self.before in CLOSED - {Status.SEALED, Status.UNTRACED}:
            assert file.status in CLOSED, (self.before, file.status)
        if self.before is Status.WITHDRAWN:
            assert file.status is Status.WITHDRAWN
        self.before = file.status
        file.consulted(Stage.IDENTITY, IDENTITY_QUESTION, file.state.version)

    def _has_left(self, sealed: bytes) -> None:
        """Look at what left, knowing nothing but what was seen."""
        digest = sha256(sealed).hexdigest()
        pack = self._pack_of(digest)
        assert not self.suspended, "something left through a suspension"
        assert pack.case == self.reference
        newest = self.corridor.agreements.families["police"].versions[-1].reference
        assert pack.agreement == newest, "it left under terms that are no longer in force"
        self.world.left[pack.answer.outcome] += 1
        if pack.answer.outcome is not Outcome.DISCLOSED:
            return
        said = " ".join(value for item in pack.answer.items for value in item.values)
        (person,) = [one for one in PEOPLE if f"Street of {one}" in said]
        assert self.onlooker.named(person), "nobody, or one alone, took this candidate for the person"
        assert not self.onlooker.withheld, "the guardian had said otherwise"
        record = self.register.people.get(person)
        assert record is not None, "the record is not there any more"
        assert not record.sensitive, "somebody hidden was given away"
        home_now = self.register.households.get(person)
        seen = self.file.screens[-1]
        assert home_now is None or not home_now.protected or seen.role == "guardian", (
            "a hidden neighbour was given away"
        )

    def _pack_of(self, digest: str) -> Pack:
        file = self.file
        assert file.pack is not None
        assert file.pack.sha256 == digest
        return next(pack for pack in reversed(self.corridor.sealer.packs) if pack.case == self.reference)


@pytest.fixture
def world(instance: "Instance", corridor: Corridor) -> World:
    from privity.edge.wiring.desk import InstanceDesk

    assert isinstance(instance.desk, InstanceDesk)
    return World(instance=instance, corridor=corridor, desk=instance.desk)


def walked(world: World, seeds: range) -> None:
    for seed in seeds:
        try:
            Walk(world, seed).steps(70)
        except AssertionError as seen:
            raise AssertionError(f"the walk of seed {seed}: {seen}") from seen


def test_whatever_happens_in_whatever_order_nothing_leaves_that_must_not(world: World) -> None:
    walked(world, range(25))
    assert world.left[Outcome.DISCLOSED] > 2, world.left


@pytest.mark.slow
def test_whatever_happens_in_whatever_order_for_longer(world: World) -> None:
    walked(world, range(1_000, 1_150))
    assert min(world.left[outcome] for outcome in Outcome) > 5, world.left
