"""The certified tracer at work: put in force, counted with every trace and decision, suspended, and let go on.

    put_in_force    a certificate is taken on; everything counted before was counted under another promise
    count_trace     how the trace ended; too many without a proposal suspend proposals, by a rule and at once
    count_decision  whether the proposal was the person; when that refutes the certified rate, proposals stop
    suspend, resume a named person's word

Rules of the room:
- The standing is one record under the ledger's commitments, and every change of it is an entry of its own.
- A refuted certificate is never put in force again; its suspension is not lifted by anybody's word.
- While proposals are suspended nothing is counted: what ends without a proposal then says nothing.
- What is counted is public. A trace that protection kept from being a proposal is counted like any other without one.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import canonical, moment
from privity.casework.watch_records import TracerCertificateRecord, TracerStandingRecord
from privity.definitions.party import GATEWAY, Officer
from privity.errors import Mistaken
from privity.judgement.determination import SHORTEST_REASONS
from privity.ledger.entry_kind import EntryKind
from privity.trace.certificate import Certificate, certificate_text, read_certificate
from privity.trace.monitor import Evidence, RecentTraces, evidence_after, suspension
from privity.trace.outcome import TraceResult, TraceState
from privity.trace.standing import Hindrance, Suspended, TracerInUse, hindrance

TRACER = "tracer"


class Found(StrEnum):
    """What officers decided about a proposal."""

    RIGHT = "right"
    """It is the person."""
    WRONG = "wrong"
    """It is somebody else: they named another record, or said so."""
    LEFT_OPEN = "left-open"
    """They named nobody, and were not sure enough to say that it is somebody else. Evidence neither way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The newest certificate here and what was counted under it; both None where none was ever put in force."""

    certificate: Certificate | None
    record: TracerStandingRecord | None

    @property
    def suspended(self) -> Suspended | None:
        """Return why proposals are suspended, or None."""
        return Suspended(self.record.suspended_for) if self.record and self.record.suspended_for else None

    @property
    def may_be_resumed(self) -> bool:
        """Return whether a named person's word can lift the suspension; a refuted promise needs more."""
        return self.suspended not in (None, Suspended.EVIDENCE)

    @property
    def recent(self) -> RecentTraces:
        """Return the window of the last traces."""
        return RecentTraces(unproposed=tuple(digit == "1" for digit in self.record.recent) if self.record else ())

    @property
    def evidence(self) -> Evidence | None:
        """Return the evidence against the certified rate, None without a certificate."""
        if self.certificate is None or self.record is None:
            return None
        right = self.record.determined - self.record.wrong
        return evidence_after(self.certificate, right=right, wrong=self.record.wrong)

    def hindrance(self, in_use: TracerInUse) -> Hindrance | None:
        """Return why nobody may be proposed with this model and register, or None."""
        return hindrance(self.certificate, self.suspended, in_use)


def standing(unit: UnitOfWork) -> Standing:
    """Return how the tracer stands, held until the transaction ends."""
    record = next(iter(unit.held(TracerStandingRecord, TRACER)), None)
    if record is None:
        return Standing(certificate=None, record=None)
    return standing_of(record, unit.held(TracerCertificateRecord, TRACER)[record.certificate - 1])


def standing_of(record: TracerStandingRecord, certified: TracerCertificateRecord) -> Standing:
    """Return the standing kept in two records."""
    return Standing(certificate=read_certificate(certified.text), record=record)


def put_in_force(
    unit: UnitOfWork, certificate: Certificate, in_use: TracerInUse, *, by: Officer, at: datetime
) -> Standing:
    """Put a certificate in force for the model and register in use.

    Raises: Mistaken: it is another model's, does not hold for a register of this size, or was refuted here before.
    """
    against = hindrance(certificate, None, in_use)
    if against is not None:
        raise Mistaken(
            "the certificate was not put in force",
            why=_AGAINST[against].format(rows=f"{in_use.register_rows:,}", model=in_use.model),
            next_step="make one for this model and size with `privity trace certify`",
        )
    earlier = unit.held(TracerCertificateRecord, TRACER)
    refuted = _refuted(standing(unit))
    if certificate.digest in refuted:
        raise Mistaken(
            "the certificate was not put in force",
            why="officers' decisions refuted it here",
            next_step="train or calibrate the model anew, and certify that",
        )
    kept = TracerCertificateRecord(
        reference=TRACER,
        number=len(earlier) + 1,
        at=moment(at),
        sha256=certificate.digest,
        model_digest=certificate.model_digest,
        text=certificate_text(certificate),
        put_in_force_by=by.staff_id,
    )
    fresh = TracerStandingRecord(
        reference=TRACER,
        certificate=kept.number,
        recent="",
        determined=0,
        wrong=0,
        left_open=0,
        suspended_for="",
        suspended_at="",
        suspended_by="",
        words="",
        refuted=canonical(refuted),
    )
    unit.write(
        Act(
            kind=EntryKind.TRACER_CERTIFIED,
            at=at,
            by=by,
            key=TRACER,
            records=(kept, fresh),
            facts=dict(certificate.ledger_facts()),
        )
    )
    return Standing(certificate=certificate, record=fresh)


def _refuted(before: Standing) -> list[str]:
    """Return the certificates that officers' decisions refuted here, the one just suspended for it among them."""
    if before.record is None or before.certificate is None:
        return []
    earlier: list[str] = json.loads(before.record.refuted)
    return [*earlier, before.certificate.digest] if before.suspended is Suspended.EVIDENCE else earlier


def count_trace(unit: UnitOfWork, stands: Standing, result: TraceResult, *, at: datetime) -> None:
    """Count how a trace under a certificate in force ended, and suspend proposals where the rule says so."""
    if stands.certificate is None or stands.record is None:
        return
    recent = stands.recent.with_one(proposed=result.state is TraceState.PROPOSED)
    kept = replace(stands.record, recent="".join("1" if without else "0" for without in recent.unproposed))
    _write(unit, EntryKind.TRACER_WATCHED, kept, by=GATEWAY, at=at)
    broken = suspension(recent, stands.certificate)
    if broken is not None:
        _suspend(unit, kept, Suspended.SHARE, broken.words, by=GATEWAY, at=at)


def count_decision(unit: UnitOfWork, found: Found, *, at: datetime) -> None:
    """Count what officers decided about a proposal, and suspend proposals where the promise is refuted."""
    stands = standing(unit)
    if stands.record is None or stands.certificate is None or stands.suspended is Suspended.EVIDENCE:
        return
    record = stands.record
    if found is Found.LEFT_OPEN:
        kept = replace(record, left_open=record.left_open + 1)
    else:
        kept = replace(record, determined=record.determined + 1, wrong=record.wrong + (found is Found.WRONG))
    _write(unit, EntryKind.TRACER_WATCHED, kept, by=GATEWAY, at=at)
    evidence = replace(stands, record=kept).evidence
    if evidence is not None and evidence.is_broken:
        _suspend(unit, kept, Suspended.EVIDENCE, evidence.words, by=GATEWAY, at=at)


def suspend(unit: UnitOfWork, *, reasons: str, by: Officer, at: datetime) -> None:
    """Stop proposals on a named person's word; it only narrows, so one person may.

    Raises: Mistaken: there is nothing to stop, or no reasons are given.
    """
    record = _in_force(unit)
    if record.suspended_for:
        raise _not_done("proposals are suspended already", "read why on the tracer's page")
    _reasoned(reasons)
    _suspend(unit, record, Suspended.PERSON, reasons.strip(), by=by, at=at)


def resume(unit: UnitOfWork, *, reasons: str, by: Officer, at: datetime) -> None:
    """Let the tracer propose again on a named person's word; its window of traces begins anew.

    Raises: Mistaken: nothing is suspended, the promise was refuted, or no reasons are given.
    """
    record = _in_force(unit)
    if not record.suspended_for:
        raise _not_done("proposals are not suspended", "read how it stands on the tracer's page")
    if record.suspended_for == Suspended.EVIDENCE:
        raise _not_done(
            "officers' decisions refuted the certificate, and nobody's word mends that",
            "train or calibrate the model anew, certify it, and put that certificate in force",
        )
    _reasoned(reasons)
    again = replace(
        record, recent="", suspended_for="", suspended_at="", suspended_by=by.staff_id, words=reasons.strip()
    )
    _write(unit, EntryKind.TRACER_RESUMED, again, by=by, at=at, reason=record.suspended_for)


def _suspend(
    unit: UnitOfWork, record: TracerStandingRecord, why: Suspended, words: str, *, by: Officer, at: datetime
) -> None:
    if record.suspended_for:
        # A graver reason takes the place of a lighter one; the promise refuted outlasts anybody's word.
        words = f"{words}; before that: {record.words}"
    stopped = replace(record, suspended_for=why.value, suspended_at=moment(at), suspended_by=by.staff_id, words=words)
    _write(unit, EntryKind.TRACER_SUSPENDED, stopped, by=by, at=at, reason=why.value)


def _write(
    unit: UnitOfWork, kind: EntryKind, record: TracerStandingRecord, *, by: Officer, at: datetime, reason: str = ""
) -> None:
    facts: dict[str, str | int | bool] = {
        "traces": len(record.recent),
        "unproposed": record.recent.count("1"),
        "determined": record.determined,
        "wrong": record.wrong,
        "left_open": record.left_open,
    }
    if reason:
        facts["reason"] = reason
    unit.write(Act(kind=kind, at=at, by=by, key=TRACER, records=(record,), facts=facts))


def _in_force(unit: UnitOfWork) -> TracerStandingRecord:
    record = standing(unit).record
    if record is None:
        raise _not_done("no certificate has been put in force here", "put one in force with `privity trace certify`")
    return record


def _reasoned(reasons: str) -> None:
    if len(reasons.strip()) < SHORTEST_REASONS:
        raise _not_done(f"the reasons are shorter than {SHORTEST_REASONS} characters", "say in your own words why")


def _not_done(why: str, next_step: str) -> Mistaken:
    return Mistaken("nothing was changed about the tracer", why=why, next_step=next_step)


_AGAINST = {
    Hindrance.OTHER_MODEL: "it was made for another model than `{model}`",
    Hindrance.OTHER_SIZE: "it does not hold for a register of {rows} people",
}
