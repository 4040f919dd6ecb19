"""Watching for fishing: what requests have in common, how many there are, and how many traces one officer causes.

Every request is looked at when it comes in and every trace before it is made, at a cost that does not grow with what
was asked before. What is found is an alert to the guardian and the department: a record and an entry, which name an
organisation, a pattern and a count, and nobody sought. A case that fits a pattern is not traced before the guardian
has called it harmless.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from privity.casework.case_file import CaseFile
from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import canonical, moment, read_moment
from privity.casework.watch_records import AlertRecord
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, OrganisationId, Role
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.judgement.determination import SHORTEST_REASONS
from privity.ledger.entry_kind import EntryKind
from privity.request.fishing import WINDOW, Pattern, Seen, Trait, is_pattern, seen_with, traits
from privity.request.tracing_request import TracingRequest
from privity.trace.budget import OFFICER_ALLOWANCE, Account, Allowance, Overdrawn, Spent, spend

ORGANISATION_ALLOWANCE = Allowance(at_once=1_000, every=timedelta(minutes=20))
"""A thousand requests in a row, and 72 a day after that: twice the busiest requester of 2016, all day long (S1)."""
SENDER_ALLOWANCE = Allowance(at_once=600, every=timedelta(minutes=30))
"""One officer of a requester: 600 in a row, and 48 a day after that."""
_DIGITS = 16
_MARK_DIGITS = 32


class Blinding(Protocol):
    """What marks of cases are made with."""

    def blinded(self, text: str) -> str:
        """Return a digest that only this instance can make."""


class AlertAnswer(StrEnum):
    """What the guardian says an alert was."""

    HARMLESS = "harmless"
    """There is a good reason for the pattern: the cases go on."""
    FISHING = "fishing"
    """It is what it looks like: the cases are not traced."""


class OverAllowance(Mistaken):
    """An officer has had more traced than one person may. `until` is when the next trace is allowed."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            "the register was not read",
            why="you have had as many people traced as one officer may in that time",
            next_step=f"come back after {moment(until)}, or leave it to a colleague; the guardian has been told",
        )
        self.until = until


def watch_request(
    unit: UnitOfWork, request: TracingRequest, reference: CaseReference, *, by: Officer, at: datetime
) -> frozenset[str]:
    """Look at what a request has in common with earlier ones of its organisation, and alert where it is a pattern.

    Returns: the marks of earlier cases that are remembered as being about the same person.
    """
    organisation = request.requester
    _watch_volume(unit, organisation, by, at=at)
    found = traits(request.particulars, f"{request.requester_reference}|{civil_day(at)}")
    names = [unit.blinded(f"trait/{organisation}/{trait.pattern}/{trait.held}") for trait in found]
    known = unit.recall(names)
    mark = mark_of(unit, reference)
    same: set[str] = set()
    for trait, name in zip(found, names, strict=True):
        one = Seen(digest=_blind(unit, trait), case=mark, on=civil_day(at))
        before = _read_seen(known.get(name, ""))
        seen = seen_with(before, one)
        if trait.pattern is Pattern.SAME_PERSON:
            same.update(other.case for other in before)
        unit.remember(name, _seen_text(seen), until=at + WINDOW)
        if is_pattern(trait.pattern, seen):
            cases = [each.case for each in seen]
            raise_alert(unit, trait.pattern, organisation, cases=cases, count=len(seen), by=by, at=at)
    return frozenset(same)


def take_from_allowance(unit: UnitOfWork, by: Officer, *, at: datetime) -> None:
    """Take one trace from what an officer may have traced.

    Raises: OverAllowance: nothing is left; nothing is written.
    """
    spent = _spend(unit, f"traces/{by.staff_id}", OFFICER_ALLOWANCE, at=at)
    if isinstance(spent, Overdrawn):
        raise OverAllowance(spent.until)


def refuse_while_alerted(unit: UnitOfWork, file: CaseFile) -> None:
    """Refuse the trace of a case that fits a pattern which the guardian has not called harmless.

    Raises: Mistaken: it fits one.
    """
    mark = mark_of(unit, file.reference)
    for alert in alerts_of(unit, file.organisation):
        if alert.answer != AlertAnswer.HARMLESS and mark in json.loads(alert.cases):
            raise Mistaken(
                "the register was not read",
                why=f"this request is one of {alert.count} that look alike: {Pattern(alert.pattern).words}",
                next_step="the guardian has been told, and decides whether it goes on",
            )


def mark_of(unit: Blinding, reference: CaseReference) -> str:
    """Return the mark of a case in alerts: whoever has the case can find it there, and nobody the case from it."""
    return unit.blinded(f"case/{reference}")[:_MARK_DIGITS]


def alerts_of(unit: UnitOfWork, organisation: OrganisationId) -> Sequence[AlertRecord]:
    """Return the alerts about an organisation, oldest first."""
    return unit.held(AlertRecord, organisation)


def raise_alert(
    unit: UnitOfWork,
    pattern: Pattern,
    organisation: OrganisationId,
    *,
    count: int,
    by: Officer,
    at: datetime,
    cases: Sequence[str] = (),
) -> None:
    """Put an alert on record; where one of that pattern and person is open already, it grows by the cases."""
    alerts = alerts_of(unit, organisation)
    alert = next((each for each in alerts if _continues(each, pattern, by, cases)), None)
    if alert is None:
        kind = EntryKind.ALERT_RAISED
        alert = AlertRecord(
            reference=organisation,
            number=len(alerts) + 1,
            at=moment(at),
            pattern=pattern.value,
            count=count,
            staff_id=by.staff_id,
            cases=canonical(sorted(cases)),
            answer="",
            answered_at="",
            answered_by="",
            reasons="",
        )
    else:
        together = sorted({*json.loads(alert.cases), *cases})
        if together == json.loads(alert.cases):
            return
        kind = EntryKind.ALERT_GROWN
        alert = replace(alert, cases=canonical(together), count=max(count, len(together)))
    _write(unit, kind, alert, by=GATEWAY, at=at)


def answer_alert(
    unit: UnitOfWork,
    organisation: OrganisationId,
    number: int,
    answer: AlertAnswer,
    *,
    reasons: str,
    by: Officer,
    at: datetime,
) -> None:
    """Record what the guardian says an alert was.

    Raises: Mistaken: there is no such alert, it is answered already, or this is not the guardian with reasons.
    """
    alert = next((each for each in alerts_of(unit, organisation) if each.number == number), None)
    if alert is None or alert.answer:
        raise _not_answered("there is no such alert, or it is answered already", "look at the list again")
    if by.role is not Role.GUARDIAN or len(reasons.strip()) < SHORTEST_REASONS:
        raise _not_answered(
            f"an alert is answered by the guardian, with reasons of at least {SHORTEST_REASONS} characters",
            "ask the guardian",
        )
    answered = replace(
        alert,
        answer=answer.value,
        answered_at=moment(at),
        answered_by=by.staff_id,
        reasons=reasons.strip(),
    )
    _write(unit, EntryKind.ALERT_ANSWERED, answered, by=by, at=at, answer=answer.value)


def _watch_volume(unit: UnitOfWork, organisation: OrganisationId, by: Officer, *, at: datetime) -> None:
    whose = ((f"organisation/{organisation}", ORGANISATION_ALLOWANCE), (f"sender/{by.staff_id}", SENDER_ALLOWANCE))
    if any(isinstance(_spend(unit, name, allowance, at=at), Overdrawn) for name, allowance in whose):
        open_already = any(
            each.pattern == Pattern.VOLUME and each.staff_id == by.staff_id and not each.answer
            for each in alerts_of(unit, organisation)
        )
        if not open_already:
            raise_alert(unit, Pattern.VOLUME, organisation, count=0, by=by, at=at)


def _spend(unit: UnitOfWork, name: str, allowance: Allowance, *, at: datetime) -> Spent | Overdrawn:
    """Take one from an account and keep it; an overdrawn one stays as it is."""
    name = unit.blinded(f"account/{name}")
    kept = unit.recall([name]).get(name, "")
    spent = spend(Account(whole_again=read_moment(kept) if kept else None), allowance, at=at)
    if isinstance(spent, Spent) and spent.account.whole_again is not None:
        whole_again = spent.account.whole_again.replace(microsecond=0)  # as it is written: to the second
        unit.remember(name, moment(whole_again), until=whole_again + allowance.every)
    return spent


def _continues(alert: AlertRecord, pattern: Pattern, by: Officer, cases: Sequence[str]) -> bool:
    """Return whether an open alert is about the same: one of its cases, or the same person where there are none."""
    if alert.answer or alert.pattern != pattern.value:
        return False
    known = json.loads(alert.cases)
    return not set(cases).isdisjoint(known) if cases else not known and alert.staff_id == by.staff_id


def _write(
    unit: UnitOfWork, kind: EntryKind, alert: AlertRecord, *, by: Officer, at: datetime, answer: str = ""
) -> None:
    facts: dict[str, str | int | bool] = {"pattern": alert.pattern, "count": alert.count}
    if answer:
        facts["answer"] = answer
    unit.write(
        Act(
            kind=kind,
            at=at,
            by=by,
            key=f"{AlertRecord.table}:{alert.reference}",
            records=(alert,),
            organisation=OrganisationId(alert.reference),
            facts=facts,
        )
    )


def _blind(unit: UnitOfWork, trait: Trait) -> str:
    return unit.blinded(f"varied/{trait.pattern}/{trait.varied}")[:_DIGITS]


def _seen_text(seen: Sequence[Seen]) -> str:
    return canonical([[one.digest, one.case, one.on.isoformat()] for one in seen])


def _read_seen(text: str) -> tuple[Seen, ...]:
    if not text:
        return ()
    return tuple(Seen(digest=digest, case=case, on=date.fromisoformat(on)) for digest, case, on in json.loads(text))


def _not_answered(why: str, next_step: str) -> Mistaken:
    return Mistaken("the alert was not answered", why=why, next_step=next_step)
