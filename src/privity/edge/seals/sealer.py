"""The seal as casework asks for it: enrolled certificates in, sealed bytes out, or the release parks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from privity.casework.ports import SealedPack
from privity.casework.records import CertificateRecord
from privity.disclosure.pack import Pack
from privity.edge.seals.certificates import CertificateNotEnrolled, Recipient, check
from privity.edge.seals.cms import seal
from privity.edge.seals.custodian import Custodian
from privity.edge.seals.ledger_proof import digest_of
from privity.edge.seals.parts import answer_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodianSealer:
    """Seals in the custodian's name, to certificates that two people enrolled and nobody revoked.

    `authorities` are the enrolled roots of the requesters' certificates.
    """

    custodian: Custodian
    authorities: tuple[x509.Certificate, ...]

    def seal(self, pack: Pack, certificates: Sequence[CertificateRecord], at: datetime) -> SealedPack:
        """Return the sealed pack.

        Several valid certificates all open it; the newest one's digest goes on record.
        Raises: ReleaseParked, CustodianCannotSign: nothing is fit for use. Mistaken: the pack is too long.
        """
        standing = [record for record in certificates if record.approved_by and not record.revoked_at]
        recipient = Recipient(
            organisation=pack.requester,
            certificates=tuple(_certificate(pack, record) for record in standing),
            pins=frozenset(record.sha256 for record in standing),
            authorities=self.authorities,
        )
        checked = check(recipient, at)
        sealed = seal(answer_parts(pack), custodian=self.custodian, recipient=checked, at=at)
        return SealedPack(sealed=sealed, sha256=digest_of(sealed), recipient_sha256=checked.fingerprints[-1])


def _certificate(pack: Pack, record: CertificateRecord) -> x509.Certificate:
    """Return the certificate of a record.

    Raises: CertificateNotEnrolled: the text on record is not a certificate any more.
    """
    try:
        return x509.load_pem_x509_certificate(record.pem.encode())
    except ValueError:
        raise CertificateNotEnrolled(pack.requester) from None
