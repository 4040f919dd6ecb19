"""Putting a backup back: into an empty folder, checked first, at a standstill, and under a new name of its log.

Steps of a restore, all in a folder beside the place until the last:
    1 the backup is copied, each file checked against the signed list; the keys come from a folder of their own
    2 its ledger is hashed anew and compared with every checkpoint from outside
    3 cases are opened with the keys; one that may have been destroyed since the backup stays shut
    4 the log gets a new name and key; the former key, where it is at hand, signs that the new one follows it
    5 the mark is written that nothing may be written here, and the folder takes its place

Rules of the module:
- A power cut before the last step leaves nothing at the place. What lies beside it holds no more than the backup.
- On PostgreSQL the custodian's own tools have put the tables back before; everything else is the same.
- Nobody is signed in afterwards, and no system has a token: who was is not known to be still trusted.
"""

import os
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from privity.casework.instance_records import BackupRecord
from privity.casework.record import moment
from privity.definitions.day import civil_day
from privity.edge.seals.note_keys import NoteSigningKey, NoteVerifierKey, read_signing_key, read_verifier_key
from privity.edge.settings.places import DataDirectory, write_secret
from privity.edge.store.epoch_keys import EpochKeys
from privity.edge.store.raw_tables import FileTables, RawTables
from privity.edge.store.sealed_cases import KeptDays
from privity.edge.store.standstill import MARK
from privity.edge.wiring.backup_folder import (
    BackupRefused,
    Listing,
    read_listing,
    staged,
    take_files,
    write_file,
)
from privity.edge.wiring.backup_parts import (
    BACKUP_TITLE,
    DATABASE,
    KEY_LIST,
    KEYS_TITLE,
    MANIFEST,
    SEAL_KEY,
    SECRET_FOLDERS,
    SECRETS,
)
from privity.edge.wiring.key_rotation import EARLIER
from privity.edge.wiring.restore_cases import nobody_is_signed_in, open_cases, shut_where_they_stand
from privity.edge.wiring.restore_ledger import (
    Restored,
    Since,
    must_begin_alike,
    open_by_any,
    read_checkpoint,
    read_ledger,
    read_since,
)
from privity.edge.wiring.restore_mark import PutBack, stated
from privity.errors import Mistaken
from privity.ledger.checkpoint import Checkpoint
from privity.ledger.succession import Succession, sign_succession
from privity.ledger.tiles import CHECKPOINT

NOT_RESTORED = "nothing was restored"
OF_THE_FORMER_LOG = ("ledger-key", "ledger-key-beside", "ledger-key-ml-dsa")
"""Keys that sign for the former log. They are not brought back: it ends where the backup does."""
SUCCESSION_NOTE, FORMER_CHECKPOINT = "note", "former-checkpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a restore is given.

    Args: source: the backup. keys: the folder of the keys, newest copy. checkpoints: of the former log, held outside.
          export: a later export of it. key: the former log's verifier key, from elsewhere than the backup.
    """

    source: Path
    keys: Path
    checkpoints: tuple[Path, ...] = ()
    export: Path | None = None
    key: str = ""


def former_keys(listing: Listing, asked: Asked) -> list[NoteVerifierKey]:
    """Return the former log's verifier keys, newest first, as the backup names them and as they were given.

    Raises: BackupRefused: the backup was not made under the key that was given.
    """
    own = listing.text("key")
    if asked.key and asked.key not in (own, *_texts(listing, "earlier_keys")):
        raise BackupRefused(MANIFEST, "names another log's key than the one given")
    return [read_verifier_key(one) for one in dict.fromkeys((own, *_texts(listing, "earlier_keys")))]


def restore_into(root: Path, asked: Asked, *, now: datetime) -> PutBack:
    """Put a backup of an instance in a SQLite file back.

    Raises: Mistaken: something lies at `root`, or the backup is of a PostgreSQL database. BackupRefused: the backup or
            the keys are damaged. Contradicts: a checkpoint says otherwise. Unavailable: the disk refused.
    """
    with staged(root, NOT_RESTORED) as folder:
        listing = take_backup(asked, folder)
        if listing.text("database") != "sqlite":
            raise Mistaken(
                NOT_RESTORED,
                why="the backup is of an instance in PostgreSQL, whose tables are not in it",
                next_step="put the dump back with `pg_restore`, then name the database: `--db URL`",
            )
        try:
            with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
                connection.execute("PRAGMA secure_delete=ON")
                connection.execute("BEGIN IMMEDIATE")
                found = put_to_use(FileTables(connection), folder, listing, asked, now=now)
                connection.execute("COMMIT")
        except sqlite3.Error as refusal:
            raise BackupRefused(DATABASE, f"does not open as a database ({type(refusal).__name__})") from refusal
        _wait_for(folder / DATABASE)
    return found


def take_backup(asked: Asked, folder: Path) -> Listing:
    """Copy a backup and the keys into a folder, checked, and return the backup's list.

    Raises: BackupRefused: either is damaged, or they are not of the same log.
    """
    listing = read_listing(asked.source, BACKUP_TITLE, MANIFEST)
    if asked.key:
        listing = read_listing(asked.source, BACKUP_TITLE, MANIFEST, keys=[str(k) for k in former_keys(listing, asked)])
    take_files(asked.source, listing, MANIFEST, to=lambda one: folder / one.name)
    if (asked.keys / KEY_LIST).exists():
        keys = read_listing(asked.keys, KEYS_TITLE, KEY_LIST)
        if keys.text("log") != listing.text("log"):
            raise BackupRefused(KEY_LIST, "is of another log than the backup")
        take_files(asked.keys, keys, KEY_LIST, to=lambda one: _place_of_key(folder, one.name))
    else:
        _take_keys_as_they_lie(asked.keys, folder)
    if not (folder / "secret-key").exists() or not (folder / "epoch-keys").is_dir():
        raise BackupRefused(str(asked.keys), "holds no `secret-key` or no `epoch-keys`: it is no copy of the keys")
    return listing


def put_to_use(
    tables: RawTables,
    folder: Path,
    listing: Listing,
    asked: Asked,
    *,
    now: datetime,
    kept_days: KeptDays | None = None,
) -> PutBack:
    """Check a backup's ledger, open its cases, give its log a new name, and write the mark. Inside a transaction.

    Args:   tables: as they were put back. folder: what lies beside them. kept_days: for tables that hold the rows of
            cases as they are; where they lie under keys, their first day lies beside them.
    Raises: BackupRefused, Contradicts: nothing may be used. CaseNotOpened: the rows of a case were altered.
    """
    keys = former_keys(listing, asked)
    newest = open_by_any(listing.text("checkpoint").encode(), keys)
    if newest is None:
        raise BackupRefused(MANIFEST, "states a checkpoint that no key of the log signed")
    known = {f"the checkpoint `{file}`": read_checkpoint(file, keys) for file in asked.checkpoints}
    known["the checkpoint in the manifest"] = newest
    if asked.export:
        known[f"the export `{asked.export}`"] = read_checkpoint(asked.export / CHECKPOINT, keys)
    restored = read_ledger(tables, keys, [one.size for one in known.values()])
    for what, one in known.items():
        must_begin_alike(restored, one, what)
    since = read_since(asked.export, restored, keys, tables) if asked.export else Since()
    nobody_is_signed_in(tables, since)
    ring = EpochKeys(folder / "epoch-keys")
    if kept_days is not None:
        shut_where_they_stand(tables, ring, since, kept_days, now)
    opened = open_cases(tables, ring, since, civil_day(now).isoformat())
    new = _new_name(folder, restored, keys)
    linked = _write_succession(folder, restored, new, asked.keys, keys)
    found = PutBack(
        backup=listing.digest,
        made_at=listing.text("made_at"),
        restored_at=moment(now),
        former_log=restored.newest.origin,
        former_root=restored.newest.root.hex(),
        size_restored=restored.newest.size,
        size_known=max(restored.newest.size, since.size, *(one.size for one in known.values())),
        key=str(new.verifier),
        cases=opened.cases,
        destroyed=tuple(opened.destroyed),
        shut=tuple(opened.shut),
        unopened=tuple(opened.unopened),
        told_since=since.size,
        missing=since.missing,
        linked=linked,
        backups=(_itself(listing, newest.size), *since.backups),
    )
    write_file(folder / MARK, stated(found), secret=True)
    return found


def _itself(listing: Listing, size: int) -> BackupRecord:
    """Return the backup as it was put on record after its tables were copied, and so is not in them."""
    return BackupRecord(
        reference=listing.digest,
        made_at=listing.text("made_at"),
        size=size,
        expires=listing.text("expires"),
        discarded_at="",
        discarded_by="",
    )


def _texts(listing: Listing, name: str) -> list[str]:
    found = listing.known.get(name)
    return [str(one) for one in found] if isinstance(found, list) else []


def _place_of_key(folder: Path, name: str) -> Path | None:
    """Return where a key goes; those that sign for the former log stay where they are."""
    return None if name in OF_THE_FORMER_LOG else folder / name


def _take_keys_as_they_lie(source: Path, folder: Path) -> None:
    """Copy the keys out of a data directory that outlived its tables: each is proved by what it opens."""
    names = [Path(name) for name in (*SECRETS, SEAL_KEY) if name not in OF_THE_FORMER_LOG]
    below = [path.relative_to(source) for name in SECRET_FOLDERS for path in sorted((source / name).glob("[!.]*"))]
    for name in (*names, *below):
        if (source / name).is_file():
            write_file(folder / name, (source / name).read_bytes(), secret=True)


def _new_name(folder: Path, restored: Restored, keys: Sequence[NoteVerifierKey]) -> NoteSigningKey:
    """Write a key with a new name for the log, and keep the former public keys; return the new key."""
    above = restored.newest.origin.rpartition("/")[0]
    new = NoteSigningKey(name=f"{above}/{secrets.token_hex(4)}", seed=os.urandom(32))
    data = DataDirectory(folder)
    data.ledger_public_key.unlink(missing_ok=True)
    (folder / EARLIER).unlink(missing_ok=True)
    write_secret(data.ledger_key, new.guarded_text())
    write_file(data.ledger_public_key, f"{new.verifier}\n".encode())
    write_file(folder / EARLIER, "".join(f"{key}\n" for key in reversed(keys)).encode())
    return new


def _write_succession(
    folder: Path, restored: Restored, new: NoteSigningKey, keys: Path, former: Sequence[NoteVerifierKey]
) -> bool:
    """Keep the former log's newest checkpoint, and what both keys sign; return whether the former key was at hand."""
    succession = Succession(former=_plain(restored.newest), key=str(new.verifier))
    place = DataDirectory(folder).succession
    for name in (SUCCESSION_NOTE, FORMER_CHECKPOINT):
        # A log that had a former one itself: its own link is kept under that one's name.
        if (place / name).exists():
            (place / name).rename(place / f"{name}-{restored.newest.origin.rpartition('/')[2]}")
    try:
        old = read_signing_key((keys / "ledger-key").read_text(encoding="ascii"))
    except OSError:
        old = None
    linked = old is not None and old.verifier in former and old.name == restored.newest.origin
    signers = [old, new] if old is not None and linked else [new]
    write_file(place / SUCCESSION_NOTE, sign_succession(succession, signers))
    write_file(place / FORMER_CHECKPOINT, restored.note)
    return linked


def _plain(checkpoint: Checkpoint) -> Checkpoint:
    return Checkpoint(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root)


def _wait_for(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
