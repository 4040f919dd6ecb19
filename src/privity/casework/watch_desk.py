"""What the pages about the tracer and about fishing show, and what people can do on them: values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from privity.casework.approach import AskedFor, Channel
from privity.casework.fishing import AlertAnswer
from privity.casework.tracer import Standing
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import CaseReference
from privity.request.fishing import Pattern
from privity.trace.fairness_result import FairnessResult
from privity.trace.standing import Hindrance, TracerInUse

PROMISE = (
    "at most %(alpha)s of proposals name the wrong person, %(sure)s sure, with at most %(absent)s of people absent"
)
"""What a certificate promises while proposals are made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracerView:
    """How the tracer stands: what is in use, what is certified, what was counted, and whether it proposes.

    `in_use` is None where no register was imported. `hindrance` is None while proposals are made.
    """

    in_use: TracerInUse | None
    standing: Standing
    hindrance: Hindrance | None
    fairness: FairnessResult | None
    disparities: tuple[str, ...]
    may_suspend: bool
    may_resume: bool

    @property
    def bound_words(self) -> str:
        """Return what is promised while proposals are made."""
        certificate = self.standing.certificate
        if certificate is None:
            return ""
        return PROMISE % {
            "alpha": f"{certificate.alpha:g}",
            "sure": f"{certificate.confidence:.0%}",
            "absent": f"{certificate.most_absent:.0%}",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """One alert as one person may see it. `cases` and `staff_id` are the guardian's to see; else empty."""

    organisation: OrganisationId
    words: str
    number: int
    at: datetime
    pattern: Pattern
    count: int
    staff_id: str
    cases: tuple[CaseReference, ...]
    answer: AlertAnswer | None
    answered_at: datetime | None
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproachView:
    """One approach without an agreement."""

    at: datetime
    body: str
    asked_for: AskedFor
    channel: Channel
    asked_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsView:
    """The alerts, open ones first, and the approaches, newest first."""

    alerts: tuple[AlertView, ...]
    approaches: tuple[ApproachView, ...]
    may_answer: bool

    @property
    def open(self) -> int:
        """Return how many alerts nobody has answered."""
        return sum(alert.answer is None for alert in self.alerts)


class WatchDesk(Protocol):
    """Everything these pages show and do. Every act raises Mistaken with what, why and what next."""

    def tracer(self, *, by: Officer) -> TracerView:
        """Return how the tracer stands."""

    def hindered_words(self) -> str:
        """Return why nobody is proposed automatically; nothing while proposals are made."""

    def suspend(self, *, reasons: str, by: Officer, at: datetime) -> None:
        """Stop automatic proposals."""

    def resume(self, *, reasons: str, by: Officer, at: datetime) -> None:
        """Let automatic proposals go on."""

    def alerts(self, *, by: Officer) -> AlertsView:
        """Return the alerts about fishing and the approaches without an agreement."""

    def answer_alert(
        self,
        organisation: OrganisationId,
        number: int,
        answer: AlertAnswer,
        *,
        reasons: str,
        by: Officer,
        at: datetime,
    ) -> None:
        """Record what the guardian says an alert was."""

    def report_approach(self, *, body: str, asked_for: AskedFor, channel: Channel, by: Officer, at: datetime) -> None:
        """Put on record that a body without an agreement asked, and was refused."""

    def approaches_told_by(self, by: Officer) -> Sequence[ApproachView]:
        """Return the approaches this person's organisation reported, newest first."""

    def fairness(self) -> tuple[FairnessResult | None, TracerInUse | None]:
        """Return the published fairness of the model, and what is in use; both may be missing."""
