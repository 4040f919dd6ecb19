"""Making a backup of an instance while it serves.

    OUT/manifest               what is in it, signed by the ledger's key; its SHA-256 names the backup
    OUT/privity.sqlite         the tables as they were at one moment, every case under its own key (SQLite only)
    OUT/register.sqlite …      the register and its layout, unless left out
    OUT/custodian/ …           certificates, revocation lists, cadence, witnesses, languages
    KEYS/keys                  the list of the other folder, signed
    KEYS/epoch-keys/ …         every key: of months, sessions, the custodian's seal, the ledger's own

Rules of the module:
- A backup holds no key, and without keys tells of nobody who was sought: its cases lie under their own keys.
- The keys are copied after the tables, so that none a case needs is missing.
- The backup is on record before it is there. One that is on record and not there is harmless; the reverse is not.
- What carriers take from (the spool) is not in it: after a restore it would send past everybody.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from privity import __version__
from privity.casework.backing_up import is_overdue, note_backup, note_discarded
from privity.casework.instance_records import BackupRecord
from privity.casework.ports import Agreements
from privity.casework.record import moment
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import AgreementFamily
from privity.edge.seals.note_keys import NoteSigningKey
from privity.edge.settings.places import DataDirectory
from privity.edge.store.copying import copy_database, copy_plain
from privity.edge.store.epoch_keys import epoch_keys
from privity.edge.store.instance_rows import Backup
from privity.edge.store.log import Log
from privity.edge.store.sequencer import settle
from privity.edge.store.standstill import keep_in_sight, must_go_on
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store
from privity.edge.wiring.backup_folder import Listing, listed, staged, write_file, write_listing
from privity.edge.wiring.backup_parts import (
    BACKUP_TITLE,
    DATABASE,
    FILES,
    FOLDERS,
    KEY_LIST,
    KEYS_TITLE,
    MANIFEST,
    NOT_MADE,
    REGISTER,
    SEAL_KEY,
    SECRET_FOLDERS,
    SECRETS,
    Made,
    Wanted,
)
from privity.edge.wiring.key_rotation import earlier_keys
from privity.errors import Mistaken
from privity.ledger.checkpoint import read_body, read_note


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupKeeper:
    """Makes the backups of one instance, and knows which there are."""

    data: DataDirectory
    store: Store
    log: Log
    signer: NoteSigningKey
    agreements: Agreements

    def make(self, wanted: Wanted, at: datetime) -> Made:
        """Make a backup and put it on record.

        Raises: Mistaken: something lies where it should go, or the dump does not fit the database. Unavailable: the
                database or the disk refused, or a restore is not acknowledged yet. KeyNotOpened: a case's key does
                not open.
        """
        must_go_on(NOT_MADE)
        self._must_fit(wanted)
        expires = civil_day(at) + timedelta(days=wanted.kept_days)
        with ExitStack() as places:
            folder = places.enter_context(staged(wanted.out, NOT_MADE))
            keys = places.enter_context(staged(wanted.keys, NOT_MADE)) if wanted.keys is not None else None
            note, cases = self._tables(folder, at)
            if wanted.with_register:
                self._register(folder)
            self._beside(folder)
            if keys is not None:
                self._keys(keys, at)
            listing = self._list(folder, wanted, note, cases, expires, at)
            with self.store.unit() as unit:
                size = read_body(read_note(note).text).size
                record = note_backup(unit, listing.digest, size=size, expires=expires, at=at)
            keep_in_sight(self.log.latest_checkpoint() or note, self.data.root)
        return Made(record=record, cases=cases, files=len(listing.files) + 1)

    def all(self) -> list[BackupRecord]:
        """Return every backup that was made, newest first."""
        names = list(Backup.objects.order_by("-entry").values_list("reference", flat=True))
        found = {one.reference: one for one in read_rows(BackupRecord, names, self.store.alias)} if names else {}
        return [one for name in names if isinstance(one := found[name], BackupRecord)]

    def overdue(self, at: datetime) -> list[BackupRecord]:
        """Return the backups that should be gone by now, and of which nobody has said that they are."""
        return [one for one in self.all() if is_overdue(one, at)]

    def discard(self, digest: str, *, by: Officer, at: datetime) -> BackupRecord:
        """Put on record that a backup is gone, every copy of it.

        Args:   digest: its first digits are enough where they fit one alone.
        Raises: Mistaken: no backup of that digest, or more than one; it is gone already; not theirs to say.
        """
        fitting = [one for one in self.all() if one.reference.startswith(digest)] if digest else []
        if len(fitting) != 1:
            raise Mistaken(
                "no backup was marked as gone",
                why=f"{len(fitting)} backups have a digest that begins so",
                next_step="copy it from `privity backups list`",
            )
        with self.store.unit() as unit:
            return note_discarded(unit, fitting[0], by=by, at=at)

    def _must_fit(self, wanted: Wanted) -> None:
        ours = connection.vendor == "sqlite"
        if ours and wanted.dump is not None:
            raise Mistaken(
                NOT_MADE,
                why="this instance lies in a file, which is copied here",
                next_step="leave `--dump` out",
            )
        if not ours and wanted.dump is None:
            raise Mistaken(
                NOT_MADE,
                why="this instance lies in PostgreSQL, which its own tools copy",
                next_step="run `pg_dump --format=custom --file=DUMP`, and give its file: `--dump DUMP`",
            )
        if wanted.keys is not None and wanted.keys.resolve().is_relative_to(wanted.out.resolve()):
            raise Mistaken(
                NOT_MADE,
                why="the keys would lie in the backup, which undoes every destruction",
                next_step="name another folder for the keys, on another disk",
            )

    def _tables(self, folder: Path, at: datetime) -> tuple[bytes, int]:
        """Copy the tables, and return the checkpoint they reach to and how many cases lie under their keys."""
        if connection.vendor == "sqlite":
            copied = copy_database(
                self.data.database,
                folder / DATABASE,
                epoch_keys(),
                kept_days=self._kept_days,
                as_of=civil_day(at),
            )
            return copied.note, copied.cases
        settle(self.log, self.signer, at)
        return self.log.latest_checkpoint() or self.log.checkpoint(self.signer, at), 0

    def _kept_days(self, family: str, version: str) -> int:
        return self.agreements.ladder_of(AgreementFamily(family), version).kept_here_days

    def _register(self, folder: Path) -> None:
        database, layout = (self.data.root / name for name in REGISTER)
        if database.exists():
            copy_plain(database, folder / database.name)
        if layout.exists():
            write_file(folder / layout.name, layout.read_bytes())

    def _beside(self, folder: Path) -> None:
        """Copy what lies beside the tables and is no key."""
        for name in FILES:
            if (self.data.root / name).exists():
                write_file(folder / name, (self.data.root / name).read_bytes())
        for path in _files_below(self.data.root, FOLDERS):
            if path.as_posix() != SEAL_KEY:
                write_file(folder / path, (self.data.root / path).read_bytes())

    def _keys(self, folder: Path, at: datetime) -> None:
        """Copy every key."""
        names = [Path(name) for name in (*SECRETS, SEAL_KEY)]
        for path in (*names, *_files_below(self.data.root, SECRET_FOLDERS)):
            if (self.data.root / path).exists():
                write_file(folder / path, (self.data.root / path).read_bytes(), secret=True)
        write_listing(folder, KEYS_TITLE, KEY_LIST, self._known(at), [self.signer])

    def _list(self, folder: Path, wanted: Wanted, note: bytes, cases: int, expires: date, at: datetime) -> Listing:
        known: dict[str, object] = self._known(at) | {
            "expires": expires.isoformat(),
            "checkpoint": note.decode(),
            "database": connection.vendor,
            "cases": cases,
            "register": (folder / REGISTER[0]).exists(),
            "tables": max(name for app, name in MigrationRecorder(connection).applied_migrations() if app == "store"),
        }
        if wanted.dump is not None:
            line = listed(wanted.dump.parent, wanted.dump)
            known["dump"] = {"name": line.name, "size": line.size, "sha256": line.sha256}
        return write_listing(folder, BACKUP_TITLE, MANIFEST, known, [self.signer])

    def _known(self, at: datetime) -> dict[str, object]:
        return {
            "made_at": moment(at),
            "log": self.signer.name,
            "key": str(self.signer.verifier),
            "earlier_keys": [str(key) for key in earlier_keys(self.data)],
            "program": __version__,
        }


def _files_below(root: Path, folders: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of some folders, as they are called from `root`; half-made ones (`.name`) are left out."""
    for name in folders:
        for path in sorted((root / name).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(root)
