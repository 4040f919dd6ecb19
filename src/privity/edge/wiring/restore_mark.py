"""The mark of a restore beside the tables: what it came to, until two people have acknowledged it.

Rules of the module:
- The mark is written once, by the restore, and never changed; whoever reads it reads all of it or refuses.
- It may be one of an earlier version of the program, which knew less.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from privity.casework.instance_records import BackupRecord
from privity.casework.restored import Missing
from privity.edge.settings.places import DataDirectory
from privity.edge.store.standstill import MARK
from privity.edge.tiles.export import sync_folder
from privity.edge.wiring.backup_folder import BackupRefused
from privity.ledger.entry_kind import EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """What a restore came to; written beside the tables until two people have acknowledged it.

    Args: destroyed: the identifiers of the keys of what is known to have been destroyed since. shut: the cases that
          may have been, by their first day. unopened: the cases whose keys are not in the keys given. told_since: the
          size of the later export given, or 0. missing: what that export tells. linked: whether the former key signed
          the succession. backups: the backup put back, and those that the export says were made since and are there.
    """

    backup: str
    made_at: str
    restored_at: str
    former_log: str
    former_root: str
    size_restored: int
    size_known: int
    key: str
    cases: int
    destroyed: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()
    unopened: tuple[str, ...] = ()
    told_since: int = 0
    missing: tuple[Missing, ...] = ()
    linked: bool = False
    backups: tuple[BackupRecord, ...] = ()


def stated(found: PutBack) -> bytes:
    """Return the mark as it lies beside the tables."""
    return json.dumps(asdict(found), sort_keys=True, indent=1).encode()


def mark_of(data: DataDirectory) -> bytes | None:
    """Return the mark as it lies there, or None where no restore waits.

    Raises: BackupRefused: it cannot be read.
    """
    try:
        return data.restored.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as refusal:
        raise _unreadable() from refusal


def read_mark(data: DataDirectory) -> PutBack | None:
    """Return the restore that waits to be acknowledged, or None.

    Raises: BackupRefused: the mark cannot be read.
    """
    content = mark_of(data)
    return None if content is None else _read(content)


def put_by(data: DataDirectory, found: PutBack) -> None:
    """Take the mark away and keep what it says with what links the logs: some of it is still to be done by hand."""
    if data.restored.exists():
        data.succession.mkdir(exist_ok=True)
        data.restored.replace(_kept(data, found.backup))
        sync_folder(data.succession)
    sync_folder(data.root)


def read_kept(data: DataDirectory, backup: str) -> PutBack | None:
    """Return what is kept of a restore that was acknowledged, or None where nothing is or it cannot be read."""
    try:
        return _read(_kept(data, backup).read_bytes())
    except (OSError, BackupRefused):
        return None


def _kept(data: DataDirectory, backup: str) -> Path:
    return data.succession / f"restored-{backup[:16]}.json"


def _read(content: bytes) -> PutBack:
    try:
        said: dict[str, Any] = json.loads(content)
        words = [str(said[name]) for name in ("backup", "made_at", "restored_at", "former_log", "former_root", "key")]
        backup, made_at, restored_at, former_log, former_root, key = words
        destroyed, shut, unopened = [tuple(map(str, said[name])) for name in ("destroyed", "shut", "unopened")]
        return PutBack(
            backup=backup,
            made_at=made_at,
            restored_at=restored_at,
            former_log=former_log,
            former_root=former_root,
            size_restored=int(said["size_restored"]),
            size_known=int(said["size_known"]),
            key=key,
            cases=int(said["cases"]),
            destroyed=destroyed,
            shut=shut,
            unopened=unopened,
            told_since=int(said.get("told_since", 0)),
            missing=tuple(_missing(one) for one in said.get("missing", [])),
            linked=said["linked"] is True,
            backups=tuple(_backup(one) for one in said.get("backups", [])),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise _unreadable() from wrong


def _missing(said: dict[str, Any]) -> Missing:
    return Missing(
        kind=EntryKind(said["kind"]),
        times=int(said["times"]),
        organisation=str(said["organisation"]),
        agreement=str(said["agreement"]),
        about=str(said["about"]),
        reason=str(said["reason"]),
    )


def _backup(said: dict[str, Any]) -> BackupRecord:
    return BackupRecord(
        reference=str(said["reference"]),
        made_at=str(said["made_at"]),
        size=int(said["size"]),
        expires=str(said["expires"]),
        discarded_at="",
        discarded_by="",
    )


def _unreadable() -> BackupRefused:
    return BackupRefused(MARK, "cannot be read: restore once more, into another folder")
