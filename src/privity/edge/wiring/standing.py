"""What is known now of certificates that something was sealed to, from their dates and their authorities' lists.

Rules of the module:
- The lists and authorities are those the seal asks (`sealing`), read anew each time: a list loaded now holds for the
  very next answer that would leave.
- A certificate that a signed list names is revoked, whatever else is true of it; a list that does not hold leaves the
  others unknown. A certificate of an authority of which no list is loaded is judged by its dates.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from privity.casework.certificates import Standing
from privity.casework.instance_records import CertificateRecord
from privity.casework.record import read_moment
from privity.definitions.party import OrganisationId
from privity.edge.seals.certificates import CertificateNotEnrolled, holds, is_named, revocations_about
from privity.edge.seals.key_files import read_certificate, read_revocations
from privity.edge.wiring.sealing import REVOCATIONS, enrolled_certificate
from privity.errors import Mistaken, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateStandings:
    """Looks at the custodian's authorities and at their revocation lists."""

    custodian_folder: Path

    def standing(self, record: CertificateRecord, at: datetime) -> Standing:
        """Return what is known of an enrolled certificate at a moment. What cannot be read is not known."""
        try:
            by_authority = self._by_authority(record, at)
        except (Mistaken, Unavailable, CertificateNotEnrolled):
            by_authority = Standing.UNKNOWN
        if by_authority is Standing.REVOKED:
            return by_authority
        return Standing.EXPIRED if read_moment(record.not_after) < at else by_authority

    def _by_authority(self, record: CertificateRecord, at: datetime) -> Standing:
        loaded = sorted((self.custodian_folder / REVOCATIONS).glob("*"))
        if not loaded:
            return Standing.HOLDS
        certificate = enrolled_certificate(OrganisationId(record.reference), record)
        lists = revocations_about(certificate, [read_revocations(path) for path in loaded])
        authorities = [read_certificate(path) for path in sorted((self.custodian_folder / "authorities").glob("*.pem"))]
        if is_named(certificate, lists, authorities):
            return Standing.REVOKED
        return Standing.HOLDS if all(holds(one, authorities, at) for one in lists) else Standing.UNKNOWN
