"""Whether a certificate may be put forward at all, and what is enrolled; the seal looks again each time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509 import ExtensionNotFound, RFC822Name, SubjectAlternativeName

from privity.casework.certificates import MAIL, STATEMENTS
from privity.casework.instance_records import CertificateRecord
from privity.definitions.party import OrganisationId
from privity.disclosure.seal_profile import SealProfile
from privity.edge.seals.certificates import (
    CertificateForAnotherUse,
    CertificateOfStranger,
    Recipient,
    check,
    fingerprint,
    is_vouched_for,
    key_usage,
)
from privity.edge.seals.key_files import read_certificate, read_revocations
from privity.edge.store.instance_rows import Certificate
from privity.edge.store.tables import read_rows
from privity.edge.wiring.sealing import REVOCATIONS
from privity.errors import Mistaken


def mailboxes(certificate: x509.Certificate) -> frozenset[str]:
    """Return the mailboxes a certificate names, in lower case."""
    try:
        names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        return frozenset()
    return frozenset(name.lower() for name in names.get_values_for_type(RFC822Name))


@dataclass(frozen=True, slots=True)
class Enrolments:
    """What is enrolled with an instance, and what may be."""

    custodian_folder: Path

    def must_be_fit(
        self,
        organisation: OrganisationId,
        certificate: x509.Certificate,
        profile: str,
        deliver_to: str,
        at: datetime,
    ) -> None:
        """Raise unless packs could be sealed to a certificate now, or statements be believed by it.

        Raises: ReleaseParked: one of its kinds. Mistaken: the certificate names another mailbox.
        """
        folder = self.custodian_folder
        authorities = tuple(map(read_certificate, sorted((folder / "authorities").glob("*.pem"))))
        if profile == STATEMENTS:
            usage = key_usage(certificate)
            if usage is None or not usage.digital_signature:
                raise CertificateForAnotherUse(organisation, certificate)
            if not is_vouched_for(certificate, authorities, at):
                raise CertificateOfStranger(organisation, certificate)
            return
        check(
            Recipient(
                organisation=organisation,
                certificates=(certificate,),
                pins=frozenset({fingerprint(certificate)}),
                authorities=authorities,
                profile=SealProfile(profile),
                revocations=tuple(map(read_revocations, sorted((folder / REVOCATIONS).glob("*")))),
            ),
            at,
        )
        named = mailboxes(certificate)
        if deliver_to.startswith(MAIL) and named and deliver_to.removeprefix(MAIL).lower() not in named:
            raise Mistaken(
                "the certificate was not put forward",
                why="it was issued for another mailbox than the one packs would go to",
                next_step="give the mailbox it names, or ask the requester for the certificate of this one",
            )

    def enrolled(self, organisation: str = "") -> list[CertificateRecord]:
        """Return what is enrolled, of one organisation or of all, oldest first."""
        names: Iterable[str] = (
            [organisation] if organisation else Certificate.objects.values_list("reference", flat=True).distinct()
        )
        return [
            one for one in read_rows(CertificateRecord, sorted(names), "default") if isinstance(one, CertificateRecord)
        ]
