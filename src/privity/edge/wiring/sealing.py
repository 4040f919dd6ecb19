"""Sealing packs to the certificates two people approved for a requester.

In the custodian's folder lie its certificate and key, and:

    authorities/*.pem     whose certificates may be sealed to
    revocations/*         their revocation lists (PEM or DER), loaded by an administrator; `privity doctor` looks
    answer-as-pdf         where this file is, packs carry the answer as a tagged PDF as well

Rules of the module:
- Files are read anew when they change, so that a revocation list loaded now holds for the next seal.
- Checks are kept while they hold, and dropped when the list of certificates or of revocations changes.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509

from privity.casework.instance_records import CertificateRecord
from privity.casework.ports import SealedPack
from privity.definitions.language import IN_ENGLISH, Tongue
from privity.definitions.party import OrganisationId
from privity.disclosure.collation import Collation
from privity.disclosure.notice import Notice
from privity.disclosure.pack import Pack
from privity.disclosure.seal_profile import SealProfile
from privity.edge.seals.answer_pdf import PdfNotMade, answer_pdf
from privity.edge.seals.certificates import (
    CertificateNotEnrolled,
    CheckedRecipient,
    NoCertificate,
    ProfilesDiffer,
    Recipient,
    check,
)
from privity.edge.seals.cms import COLLATION_CONTENT, SEALED_CONTENT, SEALED_WITH_PDF, seal
from privity.edge.seals.custodian import Custodian
from privity.edge.seals.key_files import read_certificate, read_custodian, read_revocations
from privity.edge.seals.parts import Part, answer_parts, collation_parts, notice_parts
from privity.edge.store.standstill import must_go_on

PDF_WANTED = "answer-as-pdf"
REVOCATIONS = "revocations"


def _english(_organisation: OrganisationId, _at: datetime) -> Tongue:
    return IN_ENGLISH


@dataclass(slots=True)
class CertificateSealer:
    """Seals with the custodian's key."""

    custodian_folder: Path
    authorities_folder: Path
    tongue: Callable[[OrganisationId, datetime], Tongue] = _english
    _custodian: Custodian | None = field(default=None)
    _authorities: tuple[x509.Certificate, ...] = field(default=())
    _revocations: tuple[x509.CertificateRevocationList, ...] = field(default=())
    _seen: tuple[tuple[str, int], ...] | None = field(default=None)
    _with_pdf: bool = field(default=False)
    _checked: dict[tuple[CertificateRecord, ...], CheckedRecipient] = field(default_factory=dict)

    def seal(self, pack: Pack, certificates: Sequence[CertificateRecord], at: datetime) -> SealedPack:
        """Return the sealed pack.

        Raises: ReleaseParked, CustodianCannotSign, PdfNotMade: nothing was sealed.
        """
        self._look()
        tongue = self.tongue(pack.requester, at)
        if self._with_pdf:
            parts, size = answer_parts(pack, tongue=tongue, pdf=_pdf(pack, tongue)), SEALED_WITH_PDF
        else:
            parts, size = answer_parts(pack, tongue=tongue), SEALED_CONTENT
        return self._sealed(parts, size, pack.requester, certificates, at)

    def seal_notice(self, notice: Notice, certificates: Sequence[CertificateRecord], at: datetime) -> SealedPack:
        """Return the sealed notice: of the same length as every pack of this custodian.

        Raises: ReleaseParked, CustodianCannotSign: nothing was sealed.
        """
        self._look()
        size, tongue = SEALED_WITH_PDF if self._with_pdf else SEALED_CONTENT, self.tongue(notice.requester, at)
        return self._sealed(notice_parts(notice, tongue), size, notice.requester, certificates, at)

    def seal_collation(
        self, collation: Collation, certificates: Sequence[CertificateRecord], at: datetime
    ) -> SealedPack:
        """Return a sealed part of a month's collation: of the same length as every other.

        Raises: ReleaseParked, CustodianCannotSign: nothing was sealed.
        """
        self._look()
        return self._sealed(collation_parts(collation), COLLATION_CONTENT, collation.recipient, certificates, at)

    def fitness(
        self, organisation: OrganisationId, certificates: Sequence[CertificateRecord], at: datetime
    ) -> CheckedRecipient:
        """Return what would be sealed to now; for `privity doctor` and for whoever lists certificates.

        Raises: ReleaseParked: nothing would be.
        """
        self._look()
        return self._recipient(organisation, tuple(certificates), at)

    def _sealed(
        self,
        parts: Sequence[Part],
        size: int,
        organisation: OrganisationId,
        certificates: Sequence[CertificateRecord],
        at: datetime,
    ) -> SealedPack:
        must_go_on("nothing was sealed")
        recipient = self._recipient(organisation, tuple(certificates), at)
        assert self._custodian is not None, "the folder was looked at"
        sealed = seal(parts, custodian=self._custodian, recipient=recipient, at=at, size=size)
        return SealedPack(
            sealed=sealed,
            sha256=hashlib.sha256(sealed).hexdigest(),
            recipient_sha256=recipient.fingerprints[-1],
        )

    def _look(self) -> None:
        """Read the custodian's folder where it has changed since the last seal."""
        lists = self.custodian_folder / REVOCATIONS
        found = [*sorted(self.authorities_folder.glob("*.pem")), *sorted(lists.glob("*"))]
        marks = [self.custodian_folder / PDF_WANTED, *found]
        seen = tuple((str(path), path.stat().st_mtime_ns) for path in marks if path.exists())
        if seen == self._seen:
            return
        self._custodian = read_custodian(self.custodian_folder)
        self._authorities = tuple(map(read_certificate, sorted(self.authorities_folder.glob("*.pem"))))
        self._revocations = tuple(map(read_revocations, sorted(lists.glob("*"))))
        self._with_pdf = (self.custodian_folder / PDF_WANTED).exists()
        self._checked.clear()
        self._seen = seen

    def _recipient(
        self, organisation: OrganisationId, records: tuple[CertificateRecord, ...], at: datetime
    ) -> CheckedRecipient:
        kept = self._checked.get(records)
        if kept is not None and kept.checked_at <= at <= kept.good_until:
            return kept
        usable = [record for record in records if is_in_use(record)]
        profiles = {SealProfile(record.profile) for record in usable}
        if len(profiles) > 1:
            raise ProfilesDiffer(organisation)
        if not profiles:
            raise NoCertificate(organisation)
        checked = check(
            Recipient(
                organisation=organisation,
                certificates=tuple(enrolled_certificate(organisation, record) for record in usable),
                pins=frozenset(record.sha256 for record in usable),
                authorities=self._authorities,
                profile=profiles.pop(),
                revocations=self._revocations,
            ),
            at,
        )
        self._checked[records] = checked
        return checked


def _pdf(pack: Pack, tongue: Tongue) -> bytes:
    """Return the PDF of an answer: in English where no font has the letters of the language.

    Raises: PdfNotMade: it cannot be made in English either.
    """
    try:
        return answer_pdf(pack, tongue)
    except PdfNotMade:
        if tongue == IN_ENGLISH:
            raise
        return answer_pdf(pack)


def is_in_use(record: CertificateRecord) -> bool:
    """Return whether packs may be sealed to an enrolled certificate: approved, not revoked, and for sealing."""
    return bool(record.approved_by) and not record.revoked_at and record.profile in set(SealProfile)


def enrolled_certificate(organisation: OrganisationId, record: CertificateRecord) -> x509.Certificate:
    """Return the certificate an enrolment keeps.

    Raises: CertificateNotEnrolled: what is kept is no certificate any more.
    """
    try:
        return x509.load_pem_x509_certificate(record.pem.encode())
    except ValueError:
        raise CertificateNotEnrolled(organisation) from None
