"""What the guardian is shown and can do beside the cases: overrides, samples, and suspending an agreement at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from privity.casework.sampling import Finding
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedLine:
    """One case that waits for the guardian."""

    reference: CaseReference
    organisation: str
    why: str
    received_on: date
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Where the guardian's word stood against an officer's, with everybody's answer and the guardian's reasons."""

    reference: CaseReference
    at: datetime
    what: str
    guardian: str
    answer: str
    overruled: tuple[tuple[str, str], ...]
    reasons: str

    def __repr__(self) -> str:
        return f"Override({self.reference})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledCase:
    """One drawn case, and what was found on reading it, if it was read.

    `by_lot` is false where it was added because the reasons of two people are nearly the same words.
    """

    reference: CaseReference
    finding: Finding | None
    words: str
    by_lot: bool

    def __repr__(self) -> str:
        return f"SampledCase({self.reference})"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """The sample of one month. Root and size of the ledger let anybody draw it again."""

    period: str
    at: datetime
    drawn_by: str
    population: int
    ledger_size: int
    root: str
    cases: tuple[SampledCase, ...]

    @property
    def unread(self) -> int:
        """Return how many cases are still to be read."""
        return sum(case.finding is None for case in self.cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspendable:
    """One agreement, and whether it is in force, suspended or over."""

    family: str
    title: str
    standing: str
    open_cases: int


class GuardianDesk(Protocol):
    """Everything these pages show and do. Every act raises Mistaken with what, why and what next."""

    def waiting(self, *, by: Officer) -> Sequence[GuardedLine]:
        """Return the cases that wait for the guardian, the one due first at the top."""

    def overrides(self, *, by: Officer) -> Sequence[Override]:
        """Return where the guardian's word stood against an officer's, newest first."""

    def samples(self, *, by: Officer) -> Sequence[SampleView]:
        """Return every sample, newest first."""

    def sample(self, period: str, *, by: Officer) -> SampleView:
        """Return the sample of a month.

        Raises: Mistaken: none was drawn.
        """

    def draw(self, period: str, *, by: Officer, at: datetime) -> None:
        """Draw the sample of a month."""

    def review(
        self, period: str, reference: CaseReference, *, finding: Finding, words: str, by: Officer, at: datetime
    ) -> None:
        """Record what was found in a drawn case."""

    def standing(self, *, by: Officer, at: datetime) -> Sequence[Suspendable]:
        """Return every agreement with how it stands."""

    def suspend(self, family: str, *, reasons: str, by: Officer, at: datetime) -> None:
        """Suspend an agreement at once: from now on nothing is decided or released under it.

        Raises: Mistaken: not the guardian, no such agreement in force, or no reasons.
        """
