"""From draft to force: which steps a version has taken, and what still stands in its way.

Rules of the room:
- Nothing comes into force unpublished, or unassessed for data protection and for equality.
- A version published or assessed after its stated day takes effect only then; the gap is never lived through.
- History took effect as it did. What would have stopped it here is told wherever it is shown.
"""

from datetime import UTC, date, datetime
from enum import StrEnum

from privity.agreement.making import Step
from privity.agreement.version import Version, VersionState

HISTORY_ENDED = datetime(2026, 1, 1, tzinfo=UTC)
"""History governs no instant from here on: this program was in nobody's way before, and is from now."""


class Stage(StrEnum):
    """How far a version has come at an instant. Suspension and withdrawal are instruments upon it."""

    DRAFT = "draft"
    """Written down."""
    CONSULTED = "consulted"
    """Those concerned were asked."""
    ASSESSED = "assessed"
    """Its effects on data protection and on equality were assessed."""
    PUBLISHED = "published"
    """Anybody can read it."""
    IN_FORCE = "in force"
    """It took effect."""
    ANNOUNCED = "announced"
    """Criteria that somebody announced; never a text, and never in force."""


def stage(version: Version, at: datetime) -> Stage:
    """Return how far a version had come at an instant."""
    start = governs_from(version)
    if version.state is VersionState.ANNOUNCED:
        return Stage.ANNOUNCED
    if start is not None and start <= at:
        return Stage.IN_FORCE
    assessed = _taken(version.making.data_protection, at) and _taken(version.making.equality, at)
    if assessed and version.published_at is not None and version.published_at <= at:
        return Stage.PUBLISHED
    if assessed:
        return Stage.ASSESSED
    return Stage.CONSULTED if _taken(version.making.consulted, at) else Stage.DRAFT


def _taken(step: Step, at: datetime) -> bool:
    return step.on is not None and _start_of(step.on) <= at


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def obstacles(version: Version) -> tuple[str, ...]:
    """Return what keeps, or should have kept, a version from taking effect on its stated day."""
    found = []
    if version.published_at is None:
        found.append("it was not published")
    elif version.published_at > version.effective_from:
        found.append(f"it was published {publication_gap_days(version)} days after its day of effect")
    steps = (
        (version.making.data_protection, "no assessment of its effect on data protection is on record"),
        (version.making.equality, "no assessment of its effect on equality is on record"),
    )
    for step, missing in steps:
        if step.on is None:
            found.append(missing)
        elif _start_of(step.on) > version.effective_from:
            found.append(f"{missing} before its day of effect")
    return tuple(found)


def governs_from(version: Version) -> datetime | None:
    """Return the instant from which a version can govern, or None where something still stands in its way."""
    if version.state is VersionState.ANNOUNCED:
        return None
    if version.making.is_history:
        return version.effective_from
    days = (version.making.data_protection.on, version.making.equality.on)
    assessed = [_start_of(day) for day in days if day is not None]
    if version.published_at is None or len(assessed) < len(days):
        return None
    return max(version.effective_from, version.published_at, *assessed)


def publication_gap_days(version: Version) -> int:
    """Return how many days lie between the stated effect and a later publication; 0 where there is no gap."""
    if version.published_at is None:
        return 0
    return max((version.published_at - version.effective_from).days, 0)
