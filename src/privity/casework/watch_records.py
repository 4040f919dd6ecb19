"""The records of what watches: the tracer under its certificate, patterns of fishing, approaches without agreement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from privity.casework.record import NumberedRecord, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class TracerCertificateRecord(NumberedRecord):
    """A certificate of the tracer that was put in force here, whole. `reference` is `tracer`. Never changes."""

    table: ClassVar[str] = "tracer_certificate"
    begins: ClassVar[bool] = True
    at: str
    sha256: str
    model_digest: str
    text: str
    put_in_force_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TracerStandingRecord(Record):
    """How the tracer stands under its newest certificate. `reference` is `tracer`; there is one.

    `recent` has one digit for each of the last traces, oldest first: 1 where it ended without a proposal.
    `determined`, `wrong` and `left_open` count what officers decided on its proposals since the certificate.
    `suspended_for` is empty while proposals are made, and says why they are not otherwise (trace.standing).
    `refuted` lists the certificates that officers' decisions refuted here, by SHA-256: none comes back.
    """

    table: ClassVar[str] = "tracer_standing"
    begins: ClassVar[bool] = True
    certificate: int
    recent: str
    determined: int
    wrong: int
    left_open: int
    suspended_for: str
    suspended_at: str
    suspended_by: str
    words: str
    refuted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord(NumberedRecord):
    """A pattern of fishing that was seen. `reference` is the organisation whose requests or officers show it.

    `cases` lists marks of the cases that fit it (`fishing.mark_of`), which outlast no case in a form anybody could
    read. None of them is traced before the guardian has called the alert harmless.
    Answering it, and further cases, write the record whole.
    """

    table: ClassVar[str] = "alert"
    begins: ClassVar[bool] = True
    at: str
    pattern: str
    count: int
    staff_id: str
    cases: str
    answer: str
    answered_at: str
    answered_by: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproachRecord(NumberedRecord):
    """A body without an agreement asked for somebody's details and was refused. `reference` is `approaches`.

    Names the body, and nobody it asked about.
    """

    table: ClassVar[str] = "approach"
    begins: ClassVar[bool] = True
    at: str
    body: str
    asked_for: str
    channel: str
    told_by: str
    asked_of: str


WATCH_RECORDS: Sequence[type[Record]] = (
    TracerCertificateRecord,
    TracerStandingRecord,
    AlertRecord,
    ApproachRecord,
)
"""Every record of what watches. They belong to the instance and to no case."""
