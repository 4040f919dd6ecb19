"""The desk about the tracer and about fishing, joined to the store and the register."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from privity.casework.approach import APPROACHES, AskedFor, Channel, refuse_approach
from privity.casework.authorisation import Operation, Permission, Relation, must_be_allowed, permission
from privity.casework.fishing import AlertAnswer, answer_alert, mark_of
from privity.casework.lifecycle import Status
from privity.casework.record import read_moment
from privity.casework.tracer import TRACER, Standing, put_in_force, resume, standing_of, suspend
from privity.casework.watch_desk import AlertsView, AlertView, ApproachView, TracerView
from privity.casework.watch_records import (
    AlertRecord,
    ApproachRecord,
    TracerCertificateRecord,
    TracerStandingRecord,
)
from privity.definitions.party import Officer, OrganisationId, Role
from privity.definitions.reference import CaseReference
from privity.edge.registers.models import default_fairness
from privity.edge.store.case_rows import Opening, State
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.public_rows import Statistics
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store
from privity.edge.store.watch_rows import Alert
from privity.edge.wiring.registers import GuardedRegister
from privity.errors import Unavailable
from privity.request.fishing import Pattern
from privity.statistics.publication import read_publication, told_apart
from privity.trace.certificate import Certificate
from privity.trace.fairness_result import FairnessResult, disparities
from privity.trace.standing import Hindrance, TracerInUse

_NO_CASE = Relation.NONE
_CLOSED = [status.value for status in Status if status.is_closed]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceWatchDesk:
    """Everything these pages show and do. Nothing is decided here: acts decide, the store keeps."""

    store: Store
    register: GuardedRegister
    _fairness: list[FairnessResult | None] = field(default_factory=list)

    def tracer(self, *, by: Officer) -> TracerView:
        """Return how the tracer stands."""
        must_be_allowed(Operation.READ_TRACER, by)
        return self.tracer_stands(by.role)

    def tracer_stands(self, role: Role) -> TracerView:
        """Return how the tracer stands, for somebody in a role."""
        in_use, stands = self._in_use(), self._standing()
        hindered = Hindrance.UNCERTIFIED if in_use is None else stands.hindrance(in_use)
        fairness = self._published_fairness()
        current = fairness if fairness and in_use and fairness.is_of(in_use.model_digest) else None
        return TracerView(
            in_use=in_use,
            standing=stands,
            hindrance=hindered,
            fairness=fairness,
            disparities=disparities(current) if current else (),
            may_suspend=_may(Operation.SUSPEND_TRACER, role)
            and stands.certificate is not None
            and not stands.suspended,
            may_resume=_may(Operation.RESUME_TRACER, role) and stands.may_be_resumed,
        )

    def refusals_apart(self) -> tuple[str, ...]:
        """Return the classes of request refused more or less often than others, as the newest publication tells."""
        newest = Statistics.objects.order_by("-reference").values_list("text", flat=True).first()
        return told_apart(read_publication(newest.encode())) if newest else ()

    def hindered_words(self) -> str:
        """Return why nobody is proposed automatically; nothing while proposals are made."""
        in_use, stands = self._in_use(), self._standing()
        hindered = Hindrance.UNCERTIFIED if in_use is None else stands.hindrance(in_use)
        return hindered.words if hindered else ""

    def certify(self, certificate: Certificate, *, by: Officer, at: datetime) -> Standing:
        """Put a certificate in force.

        Raises: Mistaken: it does not fit what is in use here. Unavailable: no register has been imported.
        """
        must_be_allowed(Operation.CERTIFY_TRACER, by)
        in_use = self.register.tracer_in_use()
        with self.store.unit() as unit:
            return put_in_force(unit, certificate, in_use, by=by, at=at)

    def suspend(self, *, reasons: str, by: Officer, at: datetime) -> None:
        """Stop automatic proposals."""
        must_be_allowed(Operation.SUSPEND_TRACER, by)
        with self.store.unit() as unit:
            suspend(unit, reasons=reasons, by=by, at=at)

    def resume(self, *, reasons: str, by: Officer, at: datetime) -> None:
        """Let automatic proposals go on."""
        must_be_allowed(Operation.RESUME_TRACER, by)
        with self.store.unit() as unit:
            resume(unit, reasons=reasons, by=by, at=at)

    def alerts(self, *, by: Officer) -> AlertsView:
        """Return the alerts about fishing and the approaches without an agreement."""
        must_be_allowed(Operation.READ_ALERTS, by)
        names = sorted(set(Alert.objects.using(self.store.alias).values_list("reference", flat=True)))
        records = [one for one in read_rows(AlertRecord, names, self.store.alias) if isinstance(one, AlertRecord)]
        records = records if names else []
        words = dict(Organisation.objects.using(self.store.alias).values_list("reference", "words"))
        views = [self._view(one, words, guardian=by.role is Role.GUARDIAN) for one in records]
        views.sort(key=lambda one: (one.answer is not None, -one.at.timestamp()))
        return AlertsView(
            alerts=tuple(views),
            approaches=tuple(self._approaches()),
            may_answer=_may(Operation.ANSWER_ALERT, by.role),
        )

    def open_alerts(self) -> Sequence[tuple[OrganisationId, Pattern]]:
        """Return the organisation and the pattern of every alert nobody has answered, for whoever watches."""
        rows = Alert.objects.using(self.store.alias).filter(answer="").order_by("reference", "number")
        return [(OrganisationId(name), Pattern(what)) for name, what in rows.values_list("reference", "pattern")]

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
        must_be_allowed(Operation.ANSWER_ALERT, by)
        with self.store.unit() as unit:
            answer_alert(unit, organisation, number, answer, reasons=reasons, by=by, at=at)

    def report_approach(self, *, body: str, asked_for: AskedFor, channel: Channel, by: Officer, at: datetime) -> None:
        """Put on record that a body without an agreement asked, and was refused."""
        must_be_allowed(Operation.REPORT_APPROACH, by)
        with self.store.unit() as unit:
            refuse_approach(unit, body=body, asked_for=asked_for, channel=channel, by=by, at=at)

    def approaches_told_by(self, by: Officer) -> Sequence[ApproachView]:
        """Return the approaches this person's organisation reported, newest first."""
        must_be_allowed(Operation.REPORT_APPROACH, by)
        return [one for one in self._approaches() if one.asked_of == by.organisation]

    def fairness(self) -> tuple[FairnessResult | None, TracerInUse | None]:
        """Return the published fairness of the model, and what is in use."""
        return self._published_fairness(), self._in_use()

    def _published_fairness(self) -> FairnessResult | None:
        if not self._fairness:
            self._fairness.append(default_fairness())
        return self._fairness[0]

    def _in_use(self) -> TracerInUse | None:
        try:
            return self.register.tracer_in_use()
        except Unavailable:
            return None

    def _standing(self) -> Standing:
        kept = read_rows(TracerStandingRecord, [TRACER], self.store.alias)
        certified = read_rows(TracerCertificateRecord, [TRACER], self.store.alias)
        if not kept or not isinstance(kept[0], TracerStandingRecord):
            return Standing(certificate=None, record=None)
        newest = certified[kept[0].certificate - 1]
        assert isinstance(newest, TracerCertificateRecord)
        return standing_of(kept[0], newest)

    def _view(self, record: AlertRecord, words: dict[str, str], *, guardian: bool) -> AlertView:
        organisation = OrganisationId(record.reference)
        return AlertView(
            organisation=organisation,
            words=words.get(organisation, "an officer of the custodian"),
            number=record.number,
            at=read_moment(record.at),
            pattern=Pattern(record.pattern),
            count=record.count,
            staff_id=record.staff_id if guardian else "",
            cases=self._cases_of(record) if guardian and not record.answer else (),
            answer=AlertAnswer(record.answer) if record.answer else None,
            answered_at=read_moment(record.answered_at) if record.answered_at else None,
            reasons=record.reasons,
        )

    def _cases_of(self, record: AlertRecord) -> tuple[CaseReference, ...]:
        """Return the open cases behind the marks of an alert, found by marking each open case anew."""
        marks = set(json.loads(record.cases))
        if not marks:
            return ()
        still_open = State.objects.using(self.store.alias).exclude(status__in=_CLOSED).values("reference")
        theirs = Opening.objects.using(self.store.alias).filter(organisation=record.reference, reference__in=still_open)
        names = [CaseReference(name) for name in theirs.order_by("received_at").values_list("reference", flat=True)]
        return tuple(name for name in names if mark_of(self.store, name) in marks)

    def _approaches(self) -> list[ApproachView]:
        rows = read_rows(ApproachRecord, [APPROACHES], self.store.alias)
        return [
            ApproachView(
                at=read_moment(row.at),
                body=row.body,
                asked_for=AskedFor(row.asked_for),
                channel=Channel(row.channel),
                asked_of=row.asked_of,
            )
            for row in reversed(rows)
            if isinstance(row, ApproachRecord)
        ]


def _may(operation: Operation, role: Role) -> bool:
    return permission(operation, role, _NO_CASE, None) is Permission.ALLOWED
