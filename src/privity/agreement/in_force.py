"""Which version governs at an instant, or why none does.

Rules of the room:
- The answer is computed from dated versions and instruments each time it is asked; nothing is switched.
- A version that was only announced never governs.
- No agreement in force means that nothing leaves; a queue means that nothing is decided either.
- Nothing comes into force unpublished or unassessed (lifecycle.py). History, which did, governs its own
  time and no later one.
- What was recorded late governs from its effect, and can be left out to see what was known at the time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from privity.agreement.lifecycle import HISTORY_ENDED, governs_from, obstacles, publication_gap_days
from privity.agreement.making import Governs
from privity.agreement.reading import overlaid
from privity.agreement.version import Family, Instrument, InstrumentKind, Version, VersionState
from privity.definitions.reference import AgreementFamily
from privity.errors import Mistaken


class NoAgreementReason(StrEnum):
    """Why no agreement is in force."""

    NOT_YET = "not yet"
    """No version has come into force: the first takes effect later, or is not published and assessed."""
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


def governing(
    family: Family,
    at: datetime,
    *,
    known_at: datetime | None = None,
    received: datetime | None = None,
    decided: datetime | None = None,
) -> Governing:
    """Return what governs a disclosure at an instant.

    Args:   known_at: leave out whatever was recorded later. received, decided: when the case was, for a
            version that saves the text before it for cases under way. Without them the newest version governs.
    Raises: Mistaken: the instant has no offset from UTC.
    """
    if at.tzinfo is None:
        raise Mistaken(
            f"nobody can say what governs `{family.name}`",
            why="the instant has no offset from UTC",
            next_step="give the instant with its offset",
        )

    def is_known(recorded_at: datetime) -> bool:
        return known_at is None or recorded_at <= known_at

    written = [row for row in family.versions if _has_begun(row, at) and is_known(row.known_at)]
    binding = [row for row in family.instruments if row.binds(at) and is_known(row.known_at)]
    if not written:
        starts = [start for row in family.versions if (start := governs_from(row)) is not None]
        return NoAgreement(
            family=family.name,
            reason=NoAgreementReason.NOT_YET,
            since=min(starts, default=None),
            last_version=None,
        )
    while len(written) > 1 and _saves_the_one_before(written[-1], received, decided):
        del written[-1]
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


def _has_begun(version: Version, at: datetime) -> bool:
    start = governs_from(version)
    return start is not None and start <= at


def _saves_the_one_before(version: Version, received: datetime | None, decided: datetime | None) -> bool:
    """Return whether a case was so far under way that the version leaves it to the one before."""
    match version.commencement.governs:
        case Governs.DISCLOSURE:
            return False
        case Governs.DECISION:
            return decided is not None and decided < version.effective_from
        case Governs.REQUEST:
            return received is not None and received < version.effective_from


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
    end = version.effective_to
    if version.making.is_history:
        end = HISTORY_ENDED if end is None else min(end, HISTORY_ENDED)
    if end is None or at < end:
        return None
    return NoAgreement(family=family.name, reason=NoAgreementReason.ENDED, since=end, last_version=version)


class EventKind(StrEnum):
    """What happened to an agreement on a day."""

    CONSULTATION = "consulted"
    """A version was consulted upon."""
    ASSESSMENT = "assessed"
    """A version was assessed for its effect on data protection or on equality."""
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


def _steps(version: Version) -> Iterator[Event]:
    """Yield the dated steps before a version could take effect, at the start of their day."""
    steps = (
        (version.making.consulted, EventKind.CONSULTATION, "was consulted upon"),
        (version.making.data_protection, EventKind.ASSESSMENT, "was assessed for data protection"),
        (version.making.equality, EventKind.ASSESSMENT, "was assessed for equality"),
    )
    for step, kind, done in steps:
        if step.on is not None:
            told = f" {step.note}." if step.note else ""
            events_at = datetime(step.on.year, step.on.month, step.on.day, tzinfo=UTC)
            yield Event(at=events_at, kind=kind, says=f"{version.name} {done}.{told}")


def _events_of_version(version: Version) -> list[Event]:
    announced = version.state is VersionState.ANNOUNCED
    kind = EventKind.ANNOUNCEMENT if announced else EventKind.EFFECT
    start = version.effective_from if announced else governs_from(version)
    events = list(_steps(version))
    if start is not None:
        told = (
            "" if not obstacles(version) else f" History, which could not be repeated: {'; '.join(obstacles(version))}."
        )
        events.append(Event(at=start, kind=kind, says=f"{version.name}: {version.title}.{'' if announced else told}"))
    if version.published_at is not None:
        late = publication_gap_days(version)
        told = f", {late} days after it took effect" if late > 0 and version.making.is_history else ""
        events.append(
            Event(at=version.published_at, kind=EventKind.PUBLICATION, says=f"{version.name} published{told}.")
        )
    if version.effective_to is not None:
        events.append(Event(at=version.effective_to, kind=EventKind.END, says=f"{version.name} ended."))
    return events
