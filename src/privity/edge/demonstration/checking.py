"""Checking the demonstration from outside: the exported ledger, and one pack with the requester's key."""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from privity.casework.lifecycle import Status
from privity.edge.seals.key_files import read_certificate, read_recipient_key
from privity.edge.seals.ledger_proof import find_in_ledger
from privity.edge.seals.note_keys import read_verifier_key
from privity.edge.seals.opening import open_sealed
from privity.edge.tiles.directory import DirectoryLog
from privity.edge.tiles.export import export_log
from privity.edge.transports.spool import PACK_SUFFIX, PROOF_SUFFIX
from privity.edge.wiring.instance import Instance
from privity.edge.wiring.public_ledger import ENTRIES
from privity.ledger.audit import Intact, audit

OPENSSL_TRIES_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What an outsider found. `openssl` is None where the machine has none."""

    intact: bool
    size: int
    origin: str
    key: str
    export: Path
    pack: Path | None
    organisation: str
    opened: bool
    openssl: bool | None


def check_from_outside(instance: Instance, requester_keys: Path, *, at: datetime) -> Checked:
    """Export the ledger and verify it as an outsider would, then open one pack with its requester's key."""
    export = instance.data.root / "ledger-export"
    instance.log.checkpoint(instance.note_signer, at)
    export_log(instance.log, export)
    instance.publisher.publish(at, first=whole_periods(instance.log.size()))
    # The text of the key as it is handed out, read back: what an outsider has, and nothing more.
    key = read_verifier_key(instance.data.ledger_public_key.read_text(encoding="ascii"))
    found = audit(DirectoryLog(root=export), key)
    organisation, digest = next(iter(instance.store.packs_with_status(Status.SENT.value)), ("", ""))
    pack = None
    opened = False
    openssl: bool | None = None
    if digest:
        pack = instance.data.spool / organisation / f"{digest}{PACK_SUFFIX}"
        sealed = pack.read_bytes()
        find_in_ledger(sealed, pack.with_suffix(PROOF_SUFFIX).read_bytes(), key)
        folder = requester_keys / organisation
        recipient = read_recipient_key(folder / "key.pem")
        authority = read_certificate(folder / "custodian-ca.pem")
        opened = bool(open_sealed(sealed, key=recipient, authority=authority, at=at).parts)
        openssl = _opens_with_openssl(pack, folder)
    return Checked(
        intact=isinstance(found, Intact),
        size=found.size if isinstance(found, Intact) else 0,
        origin=instance.origin,
        key=str(key),
        export=export,
        pack=pack,
        organisation=organisation,
        opened=opened,
        openssl=openssl,
    )


def whole_periods(size: int) -> int:
    """Return so many whole periods' entries as hold a ledger: what is public of it from the beginning.

    Everybody in it is made up, so its size tells nothing; a gateway that begins its work begins with nothing.
    """
    return -(-size // ENTRIES) * ENTRIES


def _opens_with_openssl(pack: Path, folder: Path) -> bool | None:
    """Return whether `openssl cms` decrypts the pack and verifies what is inside, or None without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    decrypt = [openssl, "cms", "-decrypt", "-in", str(pack), "-recip", str(folder / "certificate.pem")]
    decrypt += ["-inkey", str(folder / "key.pem")]
    verify = [openssl, "cms", "-verify", "-CAfile", str(folder / "custodian-ca.pem"), "-purpose", "any"]
    inner = subprocess.run(decrypt, capture_output=True, check=False, timeout=OPENSSL_TRIES_SECONDS)  # noqa: S603
    if inner.returncode:
        return False
    outer = subprocess.run(  # noqa: S603  our own program and files
        verify, input=inner.stdout, capture_output=True, check=False, timeout=OPENSSL_TRIES_SECONDS
    )
    return outer.returncode == 0 and bool(outer.stdout)
