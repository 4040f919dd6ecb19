"""How a version came about: who was consulted, what was assessed, and what the public register says of it.

Rules of the room:
- A step that was not taken, or of which no record was found, has no day. It is never taken for granted.
- History is what took effect before this program existed. It is kept as it was, marked, and never repeated.
Source: domain.md 7: no agreement goes into force without a published text and assessments of its effect on
data protection and on equality.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step before a version may take effect. `on` is None where it was not taken, or no record was found."""

    on: date | None
    note: str = ""
    verified: bool = True


NOT_TAKEN = Step(on=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """The steps of one version. `is_history` marks one that took effect before this program existed."""

    consulted: Step = NOT_TAKEN
    data_protection: Step = NOT_TAKEN
    equality: Step = NOT_TAKEN
    is_history: bool = False


class Governs(StrEnum):
    """Which moment decides whether a case falls under a version or under the one before."""

    DISCLOSURE = "disclosure"
    """The disclosure itself: the version in force when data would leave. The rule."""
    DECISION = "decision"
    """The decision: a case decided before keeps the version before."""
    REQUEST = "request"
    """The request: a case received before keeps the version before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commencement:
    """How a version takes hold of cases already under way. Anything but disclosure saves the text before.

    A saving under a narrowing must be signed, with its reason, because it lets out what no longer may.
    """

    governs: Governs = Governs.DISCLOSURE
    signed_by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTerms:
    """What the public register of agreements asks for beyond the agreement itself."""

    benefits: str = ""
    processors: tuple[str, ...] = ()
    contact: str = ""
    areas: tuple[str, ...] = ()
    review_on: date | None = None
