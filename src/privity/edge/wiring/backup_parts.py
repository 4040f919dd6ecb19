"""What a backup consists of, where each part lies, and what is asked for when one is made."""

from dataclasses import dataclass
from pathlib import Path

from privity.casework.backing_up import BACKUPS_KEPT_DAYS
from privity.casework.instance_records import BackupRecord

MANIFEST, KEY_LIST = "manifest", "keys"
BACKUP_TITLE, KEYS_TITLE = "privity/backup/v1", "privity/backup-keys/v1"
DATABASE, REGISTER = "privity.sqlite", ("register.sqlite", "register.sqlite.columns")
FILES = ("ledger-key.pub", "ledger-keys-earlier.pub", "ledger-cadence.json", "ledger-policy", "pds.json")
FOLDERS = ("custodian", "translations", "succession")
SECRETS = ("ledger-key", "ledger-key-beside", "ledger-key-ml-dsa", "secret-key", "sign-on.json", "pds-token")
SECRET_FOLDERS = ("epoch-keys",)
SEAL_KEY = "custodian/key.pem"
NOT_MADE = "no backup was made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a backup is to hold, and where it goes.

    Args: out: the folder of the backup. keys: the folder of the keys, or None to copy none. dump: what the custodian's
          own tools made of a PostgreSQL database; its digest is kept.
    """

    out: Path
    keys: Path | None = None
    with_register: bool = True
    dump: Path | None = None
    kept_days: int = BACKUPS_KEPT_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was made."""

    record: BackupRecord
    cases: int
    files: int
