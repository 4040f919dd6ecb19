"""What looking at an instance finds, as values: loaded without Django, so that a command can be."""

from dataclasses import dataclass
from enum import StrEnum


class Gravity(StrEnum):
    """How soon something must be done."""

    WELL = "well"
    """Nothing to do."""
    PLAN = "plan"
    """Nothing stops yet."""
    ACT = "act"
    """It stops releases, or will within a week, or a secret lies open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """One finding: what was looked at, what was found, and what to do."""

    what: str
    gravity: Gravity
    found: str
    do: str = ""
