"""Requesters' certificates: put forward by one person, approved by another, taken away by any one at once.

Rules of the module:
- What is enrolled is a certificate, how packs are sealed to it, and where they go. All three are approved together,
  by somebody who did not put them forward; none of the three can be changed afterwards, only enrolled anew.
- Taking away narrows, so one person may do it, and it holds for the very next seal.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from privity.casework.enrol import approve_certificate, enrol_certificate
from privity.casework.instance_records import CertificateRecord
from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import moment
from privity.definitions.party import Officer, OrganisationId
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

STATEMENTS = "statements"
MAIL, MESH = "mailto:", "mesh:"
_MAILBOX = re.compile(r"mailto:[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_MESH_MAILBOX = re.compile(r"mesh:[A-Z0-9]{5,15}", re.ASCII)


class Standing(StrEnum):
    """What is known of an enrolled certificate at a moment, from its dates and from its authority."""

    HOLDS = "holds"
    """It is in date, and no list of its authority that is loaded here names it."""
    EXPIRED = "expired"
    """Its last day is past."""
    REVOKED = "revoked"
    """A list that its authority signed names it."""
    UNKNOWN = "unknown"
    """The list of its authority is out of date or not signed by it: nobody can say."""


class Standings(Protocol):
    """Says what is known of certificates now. Nothing is sealed by what it says; it looks at what is sealed."""

    def standing(self, record: CertificateRecord, at: datetime) -> Standing:
        """Return what is known of a certificate at a moment."""


def put_forward(
    unit: UnitOfWork,
    organisation: OrganisationId,
    *,
    sha256: str,
    pem: str,
    not_after: datetime,
    profile: str,
    deliver_to: str,
    by: Officer,
    at: datetime,
) -> CertificateRecord:
    """Put a certificate forward for an organisation that is enrolled.

    Args:   profile: one of `disclosure.seal_profile`, or `statements`. deliver_to: `mailto:…`, `mesh:…` or nothing.
    Raises: Mistaken: the organisation is not known, the certificate is enrolled already, or the address is none.
    """
    unit.organisation(organisation)
    known = unit.certificates(organisation)
    if any(one.sha256 == sha256 and not one.revoked_at for one in known):
        raise _refused("it is enrolled already", "approve it, or revoke it first")
    if deliver_to and not (_MAILBOX.fullmatch(deliver_to) or _MESH_MAILBOX.fullmatch(deliver_to)):
        raise _refused(
            "its address is neither `mailto:` and a mailbox nor `mesh:` and a MESH mailbox",
            "give a mailbox of the organisation, not of a person",
        )
    record = CertificateRecord(
        reference=organisation,
        number=len(known) + 1,
        sha256=sha256,
        pem=pem,
        not_after=moment(not_after),
        enrolled_by=by.staff_id,
        approved_by="",
        revoked_at="",
        profile=profile,
        deliver_to=deliver_to,
    )
    enrol_certificate(unit, record, by=by, at=at)
    return record


def approve(
    unit: UnitOfWork, organisation: OrganisationId, digest_begins: str, *, by: Officer, at: datetime
) -> CertificateRecord:
    """Approve what somebody else put forward.

    Raises: Mistaken: no such certificate waits, or the same person tries both.
    """
    waiting = [one for one in unit.certificates(organisation) if not one.approved_by and not one.revoked_at]
    return approve_certificate(unit, _found(waiting, digest_begins, "waits for approval"), by=by, at=at)


def revoke(
    unit: UnitOfWork, organisation: OrganisationId, digest_begins: str, *, reason: str, by: Officer, at: datetime
) -> CertificateRecord:
    """Take a certificate away: nothing is sealed to it from now on.

    Args:   reason: a word.
    Raises: Mistaken: no such certificate is in use.
    """
    in_use = [one for one in unit.certificates(organisation) if not one.revoked_at]
    record = replace(_found(in_use, digest_begins, "is enrolled"), revoked_at=moment(at))
    unit.write(
        Act(
            kind=EntryKind.CERTIFICATE_REVOKED,
            at=at,
            by=by,
            key=f"organisation:{organisation}",
            records=(record,),
            organisation=organisation,
            facts={"certificate_digest": record.sha256, "reason": reason},
        )
    )
    return record


def _found(records: Sequence[CertificateRecord], digest_begins: str, what: str) -> CertificateRecord:
    found = [one for one in records if one.sha256.startswith(digest_begins.lower())]
    if len(digest_begins) < 8 or len(found) != 1:
        raise _refused(
            f"not exactly one certificate whose digest begins so {what}",
            "give at least 8 digits of its SHA-256, as `privity certificate list` shows it",
        )
    return found[0]


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("the certificate was not changed", why=why, next_step=next_step)
