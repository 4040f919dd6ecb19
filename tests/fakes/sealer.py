"""A sealer that seals nothing: it keeps the packs it was given, and never makes the same bytes twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from privity.casework.instance_records import CertificateRecord
from privity.casework.ports import SealedPack
from privity.disclosure.pack import Pack
from privity.errors import Unavailable


@dataclass(slots=True)
class KeepingSealer:
    """Seals to the newest approved certificate; without one, or where it `refuses`, the release parks."""

    packs: list[Pack] = field(default_factory=list)
    refuses: bool = False

    def seal(self, pack: Pack, certificates: Sequence[CertificateRecord], at: datetime) -> SealedPack:
        fit = [each for each in certificates if each.approved_by and not each.revoked_at]
        if not fit or self.refuses:
            raise Unavailable("nothing was sealed", why="no certificate is fit for use", next_step="approve one")
        self.packs.append(pack)
        sealed = f"sealed pack number {len(self.packs)} for {pack.case} at {at.isoformat()}".encode()
        return SealedPack(sealed=sealed, sha256=sha256(sealed).hexdigest(), recipient_sha256=fit[-1].sha256)
