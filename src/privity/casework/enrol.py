"""Making known who takes part and what is agreed: organisations, certificates, published versions.

Whatever widens what can leave needs two people: an approved certificate, a published version.
"""

from dataclasses import replace
from datetime import date, datetime

from privity.casework.instance_records import CertificateRecord, OrganisationRecord, PublicationRecord
from privity.casework.officers import enrol
from privity.casework.ports import Act, UnitOfWork
from privity.casework.public_desk import PublicUnit
from privity.casework.record import moment
from privity.definitions.party import Officer, OrganisationId
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

PUBLICATION_KINDS = {
    "version": EntryKind.AGREEMENT_PUBLISHED,
    "announcement": EntryKind.AGREEMENT_PUBLISHED,
    "renewal": EntryKind.AGREEMENT_PUBLISHED,
    "prohibition": EntryKind.AGREEMENT_PUBLISHED,
    "suspension": EntryKind.AGREEMENT_SUSPENDED,
    "resumption": EntryKind.AGREEMENT_RESUMED,
    "withdrawal": EntryKind.AGREEMENT_WITHDRAWN,
}
"""What a publication can be. A suspension or withdrawal only narrows, so one person may do it at once.

Announced criteria never govern and a renewal changes nothing: both are published so that people can read of them.
"""
_REASONS = {"announcement": "announced", "renewal": "renewed", "prohibition": "barred"}
"""What the ledger says beside a publication that lets nothing new leave."""


def enrol_organisation(unit: UnitOfWork, record: OrganisationRecord, *, by: Officer, at: datetime) -> None:
    """Make an organisation known."""
    unit.write(
        Act(
            kind=EntryKind.ORGANISATION_ENROLLED,
            at=at,
            by=by,
            key=f"organisation:{record.reference}",
            records=(record,),
            organisation=OrganisationId(record.reference),
        )
    )


def enrol_certificate(unit: UnitOfWork, record: CertificateRecord, *, by: Officer, at: datetime) -> None:
    """Put a requester's certificate forward; nothing is sealed to it until a second person approves it."""
    unit.write(
        Act(
            kind=EntryKind.CERTIFICATE_ENROLLED,
            at=at,
            by=by,
            key=f"organisation:{record.reference}",
            records=(record,),
            organisation=OrganisationId(record.reference),
            facts={"certificate_digest": record.sha256},
        )
    )


def approve_certificate(unit: UnitOfWork, record: CertificateRecord, *, by: Officer, at: datetime) -> CertificateRecord:
    """Approve an enrolled certificate and return its record.

    Raises: Mistaken: the person who enrolled it tries to approve it.
    """
    if by.staff_id == record.enrolled_by:
        raise Mistaken(
            "the certificate was not approved",
            why="whoever put it forward cannot approve it",
            next_step="ask a second administrator, who compares the digest by telephone",
        )
    approved = replace(record, approved_by=by.staff_id)
    unit.write(
        Act(
            kind=EntryKind.CERTIFICATE_APPROVED,
            at=at,
            by=by,
            key=f"organisation:{record.reference}",
            records=(approved,),
            organisation=OrganisationId(record.reference),
            facts={"certificate_digest": record.sha256},
        )
    )
    return approved


def enrol_officer(
    unit: PublicUnit, officer: Officer, *, by: Officer, seconded_by: Officer, at: datetime, rank: str = ""
) -> None:
    """Put on record that two people trust somebody with a role; the ledger says the role and no name.

    Raises: Mistaken: one person does it alone.
    """
    if by.staff_id == seconded_by.staff_id:
        raise Mistaken(
            "the officer was not enrolled",
            why="a role is granted by two people",
            next_step="ask a second administrator",
        )
    enrol(unit, officer, rank=rank, by=by, at=at)


def publish(
    unit: UnitOfWork,
    *,
    family: str,
    number: int,
    kind: str,
    name: str,
    sha256: str,
    in_force_from: date,
    by: Officer,
    seconded_by: Officer,
    at: datetime,
) -> None:
    """Publish a version, a suspension or its end, or a withdrawal: from here on it can be cited and governs.

    Raises: Mistaken: a version is published, or a suspension ended, by one person alone.
    """
    if kind in ("version", "resumption") and by.staff_id == seconded_by.staff_id:
        raise Mistaken(
            f"the {kind} was not published",
            why="what lets data leave needs two people",
            next_step="ask a second person, one of the two being the guardian",
        )
    unit.write(
        Act(
            kind=PUBLICATION_KINDS[kind],
            at=at,
            by=by,
            key=f"agreement:{family}",
            records=(
                PublicationRecord(
                    reference=family,
                    number=number,
                    at=moment(at),
                    kind=kind,
                    name=name,
                    sha256=sha256,
                    published_by=by.staff_id,
                    seconded_by=seconded_by.staff_id,
                ),
            ),
            agreement=f"{family}@{name}",
            facts={
                "text_digest": sha256,
                "in_force_from": in_force_from.isoformat(),
                **({"reason": _REASONS[kind]} if kind in _REASONS else {}),
            },
        )
    )
