"""What goes wrong and what is fought over in the present days: a challenge that goes on, one that ended, two incidents.

The threads and the incidents are made up by us; nobody reported how often either happens.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from privity.casework import challenge, incident
from privity.casework.challenge import Outcome
from privity.casework.incident import Cause, Gravity, Occurrence
from privity.casework.lifecycle import Status
from privity.definitions.day import Calendar
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.disclosure.notice import NoticeKind
from privity.disclosure.pack import Outcome as Answered
from privity.edge.demonstration.cast import GUARDIAN, OFFICERS, OTHERS
from privity.edge.demonstration.walk import ASKERS, Walk
from privity.edge.wiring.instance import Instance

DEPARTMENT = OTHERS[1]
FOUND = timedelta(hours=20)
"""How long before the demonstration is made the wrong disclosure was found: 52 of its 72 hours are left."""
GOES_ON: tuple[tuple[Officer | None, str], ...] = (
    (None, "The refusal says that the public interest does not outweigh the intrusion. It does not say why. (made up)"),
    (GUARDIAN, "Two people weighed it, neither knowing of the other. The offence is a minor one. (made up)"),
    (DEPARTMENT, "Police: say what has changed since. Custodian: say which fact would weigh more. (made up)"),
    (None, "A second complaint has come in. We will say so in a new request if you ask for one. (made up)"),
)
"""A challenge that nobody has ended: who writes (nobody named is the requester), and what."""
ENDED: tuple[tuple[Officer | None, str], ...] = (
    (None, "We named the wrong purpose: it is a murder inquiry, and we sent it as a fraud. (made up)"),
    (DEPARTMENT, "Both sides agree on the facts. A new request with the right purpose would settle it. (made up)"),
)
LAST_WORD = "The refusal was right for what was asked. Send what you meant, and it is judged afresh. (made up)"
WRONG_PERSON = "The officers who called met somebody else: same name, another date of birth. (made up)"
NEAR_MISS = "The request gave a number with two digits exchanged. It was seen before anything left. (made up)"


def make_disputes(instance: Instance, walk: Walk, calendar: Calendar, *, until: datetime) -> None:
    """Let two refusals be challenged and two incidents be put on record, in the last hours before a moment."""
    moments = _moments(max(walk.now, until - timedelta(hours=6)), until)
    refused = _cases(instance, walk, (Status.REFUSED,))
    for reference, thread in zip(refused[:2], (GOES_ON, ENDED), strict=False):
        _argue(instance, reference, thread, moments)
    if len(refused) > 1:
        with instance.store.unit() as unit:
            outcome = Outcome.ASK_AGAIN
            challenge.reply(unit, refused[1], words=LAST_WORD, outcome=outcome, by=GUARDIAN, at=next(moments))
    held = [one for one in _cases(instance, walk, (Status.SENT, Status.COLLECTED)) if _disclosed(instance, one)]
    for reference in held[:1]:
        _wrong_person(instance, reference, calendar, moments, found=until - FOUND)
    for reference in _cases(instance, walk, (Status.APPROVED, Status.JUDGING_PURPOSE))[:1]:
        _near_miss(instance, reference, calendar, moments)
    instance.outbox.send(at=until)


def _argue(
    instance: Instance,
    reference: CaseReference,
    thread: tuple[tuple[Officer | None, str], ...],
    moments: Iterator[datetime],
) -> None:
    for by, words in thread:
        with instance.store.unit() as unit:
            if by is None:
                asker = ASKERS[unit.case(reference).organisation]
                challenge.challenge(unit, reference, words=words, by=asker, at=next(moments))
            else:
                challenge.reply(unit, reference, words=words, outcome=Outcome.GOES_ON, by=by, at=next(moments))


def _wrong_person(
    instance: Instance, reference: CaseReference, calendar: Calendar, moments: Iterator[datetime], *, found: datetime
) -> None:
    """Put a wrong disclosure on record, with its 72 hours running, and send the requester a correction."""
    told = Occurrence(
        gravity=Gravity.REPORTABLE, cause=Cause.WRONG_PERSON, people=1, words=WRONG_PERSON, discovered_at=found
    )
    with instance.store.unit() as unit:
        incident.open_incident(unit, reference, calendar, told, by=OFFICERS[0], at=next(moments))
    with instance.store.unit() as unit:
        kind = NoticeKind.CORRECTION
        incident.send_notice(unit, instance.sealer, reference, kind, by=OFFICERS[0], at=next(moments))


def _near_miss(instance: Instance, reference: CaseReference, calendar: Calendar, moments: Iterator[datetime]) -> None:
    at = next(moments)
    told = Occurrence(
        gravity=Gravity.RECORDABLE, cause=Cause.INCORRECT_IDENTIFIER, people=1, words=NEAR_MISS, discovered_at=at
    )
    with instance.store.unit() as unit:
        incident.open_incident(unit, reference, calendar, told, by=OFFICERS[1], at=at)
    with instance.store.unit() as unit:
        incident.close_incident(unit, reference, 1, by=OFFICERS[1], at=next(moments))


def _cases(instance: Instance, walk: Walk, statuses: tuple[Status, ...]) -> list[CaseReference]:
    """Return the walk's cases that stand in some status, in the order they came."""
    standing, wanted = instance.store.statuses(), {status.value for status in statuses}
    return [reference for reference in walk.known if standing[reference] in wanted]


def _disclosed(instance: Instance, reference: CaseReference) -> bool:
    pack = instance.store.case(reference).pack
    return pack is not None and pack.answer == Answered.DISCLOSED.value


def _moments(begins: datetime, ends: datetime) -> Iterator[datetime]:
    """Yield moments one after the other up to an end, evenly."""
    count = len(GOES_ON) + len(ENDED) + 8
    step = max(ends - begins, timedelta(0)) / count
    yield from (min(begins + step * number, ends).replace(microsecond=0) for number in range(1, count + 1))
