"""Certificates for tests, made once: keys take long to make and are all alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from cryptography import x509

from privity.disclosure.pack import Pack
from privity.disclosure.seal_profile import SealProfile
from privity.edge.seals.authority import Holder, MachineHolder, SyntheticAuthority, make_authority
from privity.edge.seals.certificates import Recipient, check, fingerprint
from privity.edge.seals.cms import SEALED_CONTENT, SEALED_WITH_PDF, seal
from privity.edge.seals.custodian import Custodian
from privity.edge.seals.parts import answer_parts
from tests.fakes.packs import HOME_OFFICE, SEALED_AT

FIRST, LAST = datetime(2016, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC)
READ_AT = datetime(2017, 3, 2, 9, 0, tzinfo=UTC)


class Enrolment(NamedTuple):
    """One custodian and one requester, with the authorities that vouch for each."""

    custodian_authority: SyntheticAuthority
    requester_authority: SyntheticAuthority
    custodian: Custodian
    requester: Holder
    stranger: Holder


@cache
def enrolment() -> Enrolment:
    """Return the one enrolment that all tests share."""
    custodians = make_authority("Custodian authority", first=FIRST, last=LAST)
    requesters = make_authority("Requester authority", first=FIRST, last=LAST)
    return Enrolment(
        custodian_authority=custodians,
        requester_authority=requesters,
        custodian=custodians.issue_custodian("Custodian", first=FIRST, last=LAST),
        requester=requesters.issue_recipient("Home Office", first=FIRST, last=LAST),
        stranger=requesters.issue_recipient("Somebody else", first=FIRST, last=LAST),
    )


def recipient_of(
    certificates: Sequence[x509.Certificate], *, pins: Sequence[x509.Certificate] | None = None
) -> Recipient:
    """Return a recipient with these certificates enrolled, or with `pins` enrolled in their place."""
    enrolled = certificates if pins is None else pins
    return Recipient(
        organisation=HOME_OFFICE,
        certificates=tuple(certificates),
        pins=frozenset(fingerprint(certificate) for certificate in enrolled),
        authorities=(enrolment().requester_authority.certificate,),
    )


def seal_for_requester(pack: Pack, *, size: int = SEALED_CONTENT) -> bytes:
    """Return a pack sealed by the one custodian to the one requester."""
    checked = check(recipient_of([enrolment().requester.certificate]), SEALED_AT)
    return seal(answer_parts(pack), custodian=enrolment().custodian, recipient=checked, at=SEALED_AT, size=size)


@cache
def machine() -> MachineHolder:
    """Return a requester's program on P-256, of the requester's authority."""
    return enrolment().requester_authority.issue_machine("Home Office, its program", first=FIRST, last=LAST)


def seal_for_program(pack: Pack, *, certificates: Sequence[x509.Certificate] | None = None, pdf: bytes = b"") -> bytes:
    """Return a pack sealed in the profile for programs, to the P-256 certificate unless told otherwise."""
    wanted = recipient_of(certificates or [machine().certificate])
    checked = check(replace(wanted, profile=SealProfile.MACHINE), SEALED_AT)
    size = SEALED_WITH_PDF if pdf else SEALED_CONTENT
    parts = answer_parts(pack, pdf=pdf)
    return seal(parts, custodian=enrolment().custodian, recipient=checked, at=SEALED_AT, size=size)
