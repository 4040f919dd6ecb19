"""Walking made-up requests through the corridor, day by simulated day, in the order things would happen.

A day's events are done in rounds: what an event brings about on the same day comes in the next round, so that the
intent to disclose is durable before anything is sealed. Events share transactions of a few hundred, all or nothing,
in ledger order; in the product one act is one durable transaction.
"""

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import assert_never

from privity.casework import correspond, dispatch, judge
from privity.casework.assess import assess_case
from privity.casework.assign import assign
from privity.casework.case_file import CaseFile
from privity.casework.confirm_destruction import confirm_destruction
from privity.casework.fishing import OverAllowance
from privity.casework.lifecycle import ASKABLE, IDENTITY_STATUSES, PURPOSE_STATUSES, WITHDRAWABLE, Status
from privity.casework.permits import open_questions
from privity.casework.ports import UnitOfWork
from privity.casework.receive import close_batch, take_rows
from privity.casework.release import intend, release
from privity.casework.screen import Parked
from privity.casework.trace import trace_subject
from privity.definitions.day import Calendar
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import BatchReference, CaseReference, Slug
from privity.edge.demonstration.cast import BODIES, GUARDIAN, asker
from privity.edge.demonstration.chance import call_harmless
from privity.edge.demonstration.officers import guardian_view, identity_view, pair, purpose_view
from privity.edge.demonstration.plans import Left, Plan
from privity.edge.demonstration.screening import simulated_doubt, simulated_screen
from privity.edge.wiring.instance import Instance
from privity.judgement.determination import Stage
from privity.request.intake import Reading
from privity.request.intake_row import IntakeRow

TOGETHER = 250
"""Events in one transaction of the simulation."""
STEP = timedelta(seconds=4)
OPENS = timedelta(hours=8, minutes=30)
ASKERS = {body.name: asker(body) for body in BODIES}


class Step(IntEnum):
    """What happens to a case next."""

    VIEWS = 1
    """The officers whose turn it is give their views on the purpose."""
    ANSWER = 2
    """The requester answers a question."""
    WITHDRAW = 3
    """The requester takes the request back."""
    TRACE = 4
    """The register is read."""
    IDENTITY = 5
    """The officers whose turn it is judge the identity."""
    INTEND = 6
    """The intent to answer is put on record."""
    RELEASE = 7
    """The answer is sealed."""
    COLLECT = 8
    """The requester collects the answer."""
    DESTROY = 9
    """The requester confirms destruction."""


@dataclass(order=True, slots=True)
class Event:
    """One step of one case, due on a day."""

    day: date
    sequence: int
    step: Step = field(compare=False)
    reference: CaseReference = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A file of requests as it arrives: how it was read, and which plan stands behind each reference."""

    day: date
    organisation: OrganisationId
    batch: BatchReference
    reading: Reading


@dataclass(slots=True)
class Walk:
    """The simulation's clock, its events, and what it knows of each case."""

    instance: Instance
    calendar: Calendar
    plans: dict[tuple[str, str], Plan]
    progress: Callable[[int], None]
    collects: bool = False
    now: datetime = datetime(2017, 1, 1, tzinfo=UTC)
    known: dict[CaseReference, Plan] = field(default_factory=dict)
    parked: Counter[str] = field(default_factory=Counter)
    _events: list[Event] = field(default_factory=list)
    _sequence: int = 0

    def run(self, deliveries: Sequence[Delivery], *, until: datetime) -> None:
        """Take in the files on their days and do what follows, up to a moment."""
        arriving: dict[date, list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            arriving[delivery.day].append(delivery)
        days = sorted(arriving)
        while days or self._events:
            day = min([*days[:1], *(event.day for event in self._events[:1])])
            if not self._begin(day, until):
                return
            if days and days[0] == day:
                for delivery in arriving[days.pop(0)]:
                    self._take(delivery)
            self._do_day(day)

    def _begin(self, day: date, until: datetime) -> bool:
        """Set the clock to the day's opening, unless that lies beyond the end."""
        opening = datetime(day.year, day.month, day.day, tzinfo=UTC) + OPENS
        begins = max(self.now, opening)
        if begins > until:
            return False
        self.now = begins
        return True

    def _tick(self) -> datetime:
        self.now += STEP
        return self.now

    def _take(self, delivery: Delivery) -> None:
        rows = delivery.reading.rows
        by = ASKERS[delivery.organisation]
        for start in range(0, len(rows), TOGETHER):
            part = rows[start : start + TOGETHER]
            with self.instance.store.unit() as unit:
                at = self._tick()
                references = take_rows(unit, part, batch=delivery.batch, at=at, by=by)
                for read, reference in zip(part, references, strict=True):
                    self._opened(unit, read, reference, delivery.day)
                if start + TOGETHER >= len(rows):
                    close_batch(unit, rows, batch=delivery.batch, at=self._tick(), by=by)
            self.progress(len(part))

    def _opened(self, unit: UnitOfWork, read: IntakeRow, reference: CaseReference, day: date) -> None:
        plan = self.plans[read.request.requester, read.request.requester_reference]
        self.known[reference] = plan
        file = assess_case(unit, self.instance.agreements, reference, at=self._tick())
        if self.collects and not file.status.is_closed and plan.seed % 3:
            officer = pair(plan)[0]
            assign(unit, reference, to=officer.staff_id, by=officer, at=self._tick())
        if file.status in PURPOSE_STATUSES:
            rng = random.Random(plan.seed + 1)
            self._later(day, rng.randint(1, 5), Step.VIEWS, reference)
            if plan.withdrawn:
                self._later(day, rng.randint(1, 8), Step.WITHDRAW, reference)

    def _do_day(self, day: date) -> None:
        while self._events and self._events[0].day <= day:
            round_of_events = []
            while self._events and self._events[0].day <= day:
                round_of_events.append(heapq.heappop(self._events))
            for start in range(0, len(round_of_events), TOGETHER):
                part = round_of_events[start : start + TOGETHER]
                with self.instance.store.unit() as unit:
                    unit.load([event.reference for event in part])
                    for event in part:
                        self._do(unit, event)
        for reference in self.instance.outbox.send(at=self._tick()):
            if self.collects:
                plan = self.known[reference]
                self._later(day, 1 + plan.seed % 4, Step.COLLECT, reference)

    def _do(self, unit: UnitOfWork, event: Event) -> None:
        plan, file = self.known[event.reference], unit.case(event.reference)
        if _lies_still(plan, file, event.step):
            return
        match event.step:
            case Step.VIEWS:
                self._views(unit, plan, file, event)
            case Step.ANSWER:
                self._answer(unit, file, event)
            case Step.WITHDRAW:
                if file.status in WITHDRAWABLE:
                    correspond.withdraw(unit, event.reference, by=ASKERS[file.organisation], at=self._tick())
            case Step.TRACE:
                self._trace(unit, file, event)
            case Step.IDENTITY:
                self._identity(unit, plan, file, event)
            case Step.INTEND:
                self._intend(unit, file, event)
            case Step.RELEASE:
                self._release(unit, file, event)
            case Step.COLLECT:
                self._collect(unit, plan, file, event)
            case Step.DESTROY:
                self._destroy(unit, file, event)
            case other:
                assert_never(other)

    def _views(self, unit: UnitOfWork, plan: Plan, file: CaseFile, event: Event) -> None:
        """Let one person give a view on every question open to them, and say who is next."""
        if file.status not in PURPOSE_STATUSES:
            return
        reference, rng = event.reference, random.Random(f"{plan.seed}:{len(file.history)}")
        if plan.questioned and not file.questions and file.status in ASKABLE and not file.determinations:
            words = "Which of your usual sources were used, and on what day? (made up)"
            correspond.ask(unit, reference, words=words, by=pair(plan)[0], at=self._tick())
            self._later(event.day, rng.randint(3, 10), Step.ANSWER, reference)
            return
        person = next((one for one in (*pair(plan), GUARDIAN) if self._has_view_to_give(file, one)), None)
        if person is None:
            return
        for question in sorted(open_questions(file)):
            current = unit.case(reference)
            if current.status not in PURPOSE_STATUSES or question not in open_questions(current):
                break
            if not current.may_judge(Stage.PURPOSE, question, person):
                continue
            if person is GUARDIAN:
                answer, reasons = guardian_view(plan, question)
                factors: Sequence[Slug] = ()
            else:
                answer, reasons, factors = purpose_view(plan, person, question)
            judge.determine_purpose(
                unit,
                self.instance.agreements,
                reference,
                question=question,
                answer=answer,
                reasons=reasons,
                factors=factors,
                by=person,
                at=self._tick(),
            )
        after = unit.case(reference)
        if after.status is Status.APPROVED:
            self._later(event.day, 0, Step.TRACE, reference)
        elif after.status in PURPOSE_STATUSES:
            self._later(event.day, rng.randint(1, 3), Step.VIEWS, reference)

    @staticmethod
    def _has_view_to_give(file: CaseFile, person: Officer) -> bool:
        return any(file.may_judge(Stage.PURPOSE, question, person) for question in open_questions(file))

    def _answer(self, unit: UnitOfWork, file: CaseFile, event: Event) -> None:
        if file.status is Status.WITH_REQUESTER:
            correspond.answer(
                unit,
                self.instance.agreements,
                event.reference,
                words="All of them, in the month before the request. (made up)",
                by=ASKERS[file.organisation],
                at=self._tick(),
            )
            self._later(event.day, 1, Step.VIEWS, event.reference)

    def _trace(self, unit: UnitOfWork, file: CaseFile, event: Event) -> None:
        if file.status is not Status.APPROVED:
            return
        officer = pair(self.known[event.reference])[0]
        call_harmless(unit, file, by=GUARDIAN, at=self._tick())
        try:
            traced = trace_subject(unit, self.instance.gateway, event.reference, by=officer, at=self._tick())
        except OverAllowance:
            self._later(event.day, 1, Step.TRACE, event.reference)
            return
        if traced.status is Status.UNIDENTIFIED:
            self._later(event.day, 1, Step.INTEND, event.reference)
        else:
            self._later(event.day, 1, Step.IDENTITY, event.reference)

    def _identity(self, unit: UnitOfWork, plan: Plan, file: CaseFile, event: Event) -> None:
        reference = event.reference
        if file.status is Status.PROTECTED:
            reasons = "Simulated word of the guardian: the record is protected, nothing of it may leave."
            file = judge.close_protected(unit, reference, reasons=reasons, by=GUARDIAN, at=self._tick())
        elif file.status in IDENTITY_STATUSES:
            people = (*pair(plan), GUARDIAN)
            person = next(one for one in people if file.may_judge(Stage.IDENTITY, judge.IDENTITY_QUESTION, one))
            choice, reasons = identity_view(plan, person, file)
            file = judge.determine_identity(
                unit,
                self.instance.agreements,
                reference,
                choice=choice,
                reasons=reasons,
                by=person,
                at=self._tick(),
            )
        if file.status in (Status.IDENTIFIED, Status.UNIDENTIFIED):
            self._later(event.day, 1, Step.INTEND, reference)
        elif file.status in IDENTITY_STATUSES:
            self._later(event.day, 1, Step.IDENTITY, reference)

    def _intend(self, unit: UnitOfWork, file: CaseFile, event: Event) -> None:
        if file.status not in (Status.IDENTIFIED, Status.UNIDENTIFIED):
            return
        plan = self.known[event.reference]
        by = pair(plan)[0]
        if file.status is Status.IDENTIFIED and not self._screen(unit, plan, event, by):
            return
        done = intend(unit, self.instance.agreements, event.reference, by=by, at=self._tick())
        if isinstance(done, Parked):
            self.parked[done.status.value] += 1
        else:
            self._later(event.day, 0, Step.RELEASE, event.reference)

    def _screen(self, unit: UnitOfWork, plan: Plan, event: Event, by: Officer) -> bool:
        """Take the safety screen and return whether the release may go on."""
        gateway, reference = self.instance.gateway, event.reference
        if plan.left in (Left.SAFETY_REVIEW, Left.BEFORE_POSTING):
            letter = plan.left is Left.BEFORE_POSTING
            simulated_doubt(unit, gateway, reference, by=by, at=self._tick(), letter=letter)
            return False
        done = simulated_screen(unit, gateway, reference, by=by, at=self._tick())
        if isinstance(done, Parked):
            self.parked[done.status.value] += 1
            return False
        if done.status is Status.PROTECTED:
            self._later(event.day, 1, Step.IDENTITY, reference)
        elif done.status is Status.UNIDENTIFIED:
            self._later(event.day, 1, Step.INTEND, reference)
        return done.status is Status.IDENTIFIED

    def _release(self, unit: UnitOfWork, file: CaseFile, event: Event) -> None:
        by = pair(self.known[event.reference])[0]
        done = release(unit, self.instance.gateway, event.reference, by=by, at=self._tick())
        if isinstance(done, Parked):
            self.parked[done.status.value] += 1
        elif done.status is Status.UNIDENTIFIED:
            self._later(event.day, 1, Step.INTEND, event.reference)
        elif done.status is Status.PROTECTED:
            self._later(event.day, 1, Step.IDENTITY, event.reference)

    def _collect(self, unit: UnitOfWork, plan: Plan, file: CaseFile, event: Event) -> None:
        if file.outbox is None or file.outbox.state != dispatch.SENT:
            return
        by = ASKERS[file.organisation]
        collected = dispatch.mark_collected(unit, event.reference, by=by, at=self._tick())
        if collected.status is Status.COLLECTED and plan.seed % 3 == 0:
            self._later(event.day, 2 + plan.seed % 5, Step.DESTROY, event.reference)

    def _destroy(self, unit: UnitOfWork, file: CaseFile, event: Event) -> None:
        if file.status is Status.COLLECTED:
            confirm_destruction(
                unit,
                event.reference,
                destroyed_on=event.day,
                method="deleted with its back-ups (made up)",
                by=ASKERS[file.organisation],
                at=self._tick(),
            )

    def _later(self, day: date, working_days: int, step: Step, reference: CaseReference) -> None:
        """Put a step on a later working day, or on the same day in the next round."""
        while working_days:
            day += timedelta(days=1)
            working_days -= self.calendar.is_working_day(day)
        self._sequence += 1
        heapq.heappush(self._events, Event(day, self._sequence, step, reference))


def _lies_still(plan: Plan, file: CaseFile, step: Step) -> bool:
    """Return whether a case is left lying before this step."""
    match plan.left:
        case None:
            return False
        case Left.BEFORE_VIEWS:
            return step is Step.VIEWS
        case Left.WITH_REQUESTER:
            return step is Step.ANSWER
        case Left.PURPOSE_DIVIDED:
            return file.status is Status.PURPOSE_DIVIDED
        case Left.BEFORE_TRACE:
            return step is Step.TRACE
        case Left.BEFORE_IDENTITY:
            return step is Step.IDENTITY
        case Left.IDENTITY_DIVIDED:
            return file.status is Status.IDENTITY_DIVIDED
        case Left.BEFORE_GUARDIAN:
            return file.status is Status.PROTECTED
        case Left.BEFORE_RELEASE | Left.BEFORE_SENDING:
            return step is Step.INTEND
        case Left.SAFETY_REVIEW | Left.BEFORE_POSTING:
            return False
        case other:
            assert_never(other)
