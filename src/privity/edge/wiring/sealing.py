"""Sealing packs to the certificates two people approved for a requester."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509

from privity.casework.ports import SealedPack
from privity.casework.records import CertificateRecord
from privity.definitions.party import OrganisationId
from privity.disclosure.pack import Pack
from privity.edge.seals.certificates import CertificateNotEnrolled, CheckedRecipient, Recipient, check
from privity.edge.seals.cms import seal
from privity.edge.seals.custodian import Custodian
from privity.edge.seals.key_files import read_certificate, read_custodian
from privity.edge.seals.parts import answer_parts


@dataclass(slots=True)
class CertificateSealer:
    """Seals with the custodian's key. Checks are kept while they hold, and dropped when the list changes."""

    custodian_folder: Path
    authorities_folder: Path
    _custodian: Custodian | None = field(default=None)
    _authorities: tuple[x509.Certificate, ...] = field(default=())
    _checked: dict[tuple[CertificateRecord, ...], CheckedRecipient] = field(default_factory=dict)

    def seal(self, pack: Pack, certificates: Sequence[CertificateRecord], at: datetime) -> SealedPack:
        """Return the sealed pack.

        Raises: ReleaseParked, CustodianCannotSign: no certificate is fit for use now; nothing was sealed.
        """
        if self._custodian is None:
            self._custodian = read_custodian(self.custodian_folder)
            self._authorities = tuple(map(read_certificate, sorted(self.authorities_folder.glob("*.pem"))))
        recipient = self._recipient(pack.requester, tuple(certificates), at)
        sealed = seal(answer_parts(pack), custodian=self._custodian, recipient=recipient, at=at)
        return SealedPack(
            sealed=sealed,
            sha256=hashlib.sha256(sealed).hexdigest(),
            recipient_sha256=recipient.fingerprints[-1],
        )

    def _recipient(
        self, organisation: OrganisationId, records: tuple[CertificateRecord, ...], at: datetime
    ) -> CheckedRecipient:
        kept = self._checked.get(records)
        if kept is not None and kept.checked_at <= at <= kept.good_until:
            return kept
        usable = [record for record in records if record.approved_by and not record.revoked_at]
        checked = check(
            Recipient(
                organisation=organisation,
                certificates=tuple(_certificate(organisation, record) for record in usable),
                pins=frozenset(record.sha256 for record in usable),
                authorities=self._authorities,
            ),
            at,
        )
        self._checked[records] = checked
        return checked


def _certificate(organisation: OrganisationId, record: CertificateRecord) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(record.pem.encode())
    except ValueError:
        raise CertificateNotEnrolled(organisation) from None
