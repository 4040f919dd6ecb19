"""Which version governs at an instant, or why none does.

Rules of the room:
- The answer is computed from dated versions and instruments each time it is asked; nothing is switched.
- A version that was only announced never governs.
- No agreement in force means that nothing leaves; a queue means that nothing is decided either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from privity.agreement.reading import overlaid
from privity.agreement.version import Family, Instrument, InstrumentKind, Version, VersionState
from privity.definitions.reference import AgreementFamily
from privity.errors import Mistaken


class NoAgreementReason(StrEnum):
    """Why no agreement is in force."""

    NOT_YET = "not yet"
    """The first version takes effect later."""
    WITHDRAWN = "withdrawn"
    """The agreement was withdrawn."""
    ENDED = "ended"
    """The last version ran to its end and none followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A version governs. `overlays` are the prohibitions laid over it, already part of `version`.

    `renewals` are the renewals of it so far.
    """

    version: Version
    since: datetime
    overlays: tuple[Instrument, ...]
    renewals: tuple[Instrument, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Requests queue: nothing is decided and nothing leaves. `version` is the text that stands suspended."""

    version: Version
    instrument: Instrument
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAgreement:
    """Nothing governs. `instrument` is the withdrawal, where that is the reason."""

    family: AgreementFamily
    reason: NoAgreementReason
    since: datetime | None
    last_version: Version | None
    instrument: Instrument | None = None


Governing = InForce | Held | NoAgreement


def governing(family: Family, at: datetime) -> Governing:
    """Return what governs at an instant.

    Raises: Mistaken: the instant has no offset from UTC.
    """
    if at.tzinfo is None:
        raise Mistaken(
            f"nobody can say what governs `{family.name}`",
            why="the instant has no offset from UTC",
            next_step="give the instant with its offset",
        )
    written = [
        version for version in family.versions if version.state is VersionState.WRITTEN and version.effective_from <= at
    ]
    binding = [instrument for instrument in family.instruments if instrument.binds(at)]
    if not written:
        first = next((row for row in family.versions if row.state is VersionState.WRITTEN), None)
        return NoAgreement(
            family=family.name,
            reason=NoAgreementReason.NOT_YET,
            since=None if first is None else first.effective_from,
            last_version=None,
        )
    version = written[-1]
    own = [row for row in binding if row.effective_from >= version.effective_from]
    ended = _ended(family, version, own, at)
    if ended is not None:
        return ended
    queue = next((row for row in binding if row.kind is InstrumentKind.QUEUE), None)
    if queue is not None:
        return Held(version=version, instrument=queue, since=queue.effective_from)
    overlays = tuple(row for row in binding if row.kind is InstrumentKind.PROHIBITION)
    return InForce(
        version=overlaid(version, overlays),
        since=version.effective_from,
        overlays=overlays,
        renewals=tuple(row for row in own if row.kind is InstrumentKind.RENEWAL),
    )


def _ended(family: Family, version: Version, own: Sequence[Instrument], at: datetime) -> NoAgreement | None:
    """Return the end of the version, by withdrawal or by its own term, or None while it stands."""
    withdrawal = next((row for row in own if row.kind is InstrumentKind.WITHDRAWAL), None)
    if withdrawal is not None:
        return NoAgreement(
            family=family.name,
            reason=NoAgreementReason.WITHDRAWN,
            since=withdrawal.effective_from,
            last_version=version,
            instrument=withdrawal,
        )
    if version.effective_to is not None and version.effective_to <= at:
        return NoAgreement(
            family=family.name,
            reason=NoAgreementReason.ENDED,
            since=version.effective_to,
            last_version=version,
        )
    return None


class EventKind(StrEnum):
    """What happened to an agreement on a day."""

    EFFECT = "in force"
    """A version took effect."""
    PUBLICATION = "published"
    """A version was published."""
    ANNOUNCEMENT = "announced"
    """Criteria were announced that never became a text."""
    END = "ended"
    """A version ran to its end."""
    RENEWAL = "renewed"
    """The version in force was renewed."""
    QUEUE = "queue"
    """Requests were held."""
    PROHIBITION = "prohibition"
    """Some requests were barred."""
    WITHDRAWAL = "withdrawn"
    """The agreement was withdrawn."""
    LIFTING = "lifted"
    """A queue or prohibition ended."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Event:
    """One dated event in the life of an agreement."""

    at: datetime
    kind: EventKind
    says: str


def timeline(family: Family) -> tuple[Event, ...]:
    """Return what happened to an agreement, oldest first. A late publication says how late it was."""
    events: list[Event] = []
    for version in family.versions:
        events += _events_of_version(version)
    for row in family.instruments:
        events.append(Event(at=row.effective_from, kind=_KINDS[row.kind], says=row.says))
        if row.lifted_at is not None:
            events.append(Event(at=row.lifted_at, kind=EventKind.LIFTING, says=f"{row.title}: lifted."))
    return tuple(sorted(events))


_KINDS = {
    InstrumentKind.RENEWAL: EventKind.RENEWAL,
    InstrumentKind.QUEUE: EventKind.QUEUE,
    InstrumentKind.PROHIBITION: EventKind.PROHIBITION,
    InstrumentKind.WITHDRAWAL: EventKind.WITHDRAWAL,
}


def _events_of_version(version: Version) -> list[Event]:
    announced = version.state is VersionState.ANNOUNCED
    kind = EventKind.ANNOUNCEMENT if announced else EventKind.EFFECT
    events = [Event(at=version.effective_from, kind=kind, says=f"{version.name}: {version.title}.")]
    if version.published_at is not None:
        late = publication_gap_days(version)
        told = f", {late} days after it took effect" if late > 0 else ""
        events.append(
            Event(at=version.published_at, kind=EventKind.PUBLICATION, says=f"{version.name} published{told}.")
        )
    if version.effective_to is not None:
        events.append(Event(at=version.effective_to, kind=EventKind.END, says=f"{version.name} ended."))
    return events


def publication_gap_days(version: Version) -> int:
    """Return how many days the version governed before it was published; 0 where it was published in time."""
    if version.published_at is None:
        return 0
    return max((version.published_at - version.effective_from).days, 0)
