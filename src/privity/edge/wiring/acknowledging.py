"""Going on after a restore: two people acknowledge what may be missing, and see to the cases held shut.

Steps of an acknowledgement: 1 in one transaction the first entry of the new log, what was destroyed since destroyed
again, the rows and keys of that gone, and what took something away done again; 2 the write-ahead log is emptied; 3 the
mark is put by. A crash after 1 leaves the mark: the next acknowledgement finds the entry and does what is left.

Rules of the module:
- Until then nothing else can be written here (edge.store.standstill).
- Whoever is known to have lost their account, role or password since the backup is neither of the two.
- A case held shut can only be destroyed, or opened again, each by two people who sign one after the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import connections

from privity.casework.backing_up import (
    BACKUPS_KEPT_DAYS,
    DestroyedSince,
    Gap,
    acknowledge,
    keep_on_record,
    must_be_two,
    note_reopened,
    shut_by,
)
from privity.casework.destroy import Going, Gone, write_destruction, write_shredding
from privity.casework.instance_records import BackupRecord, RestoreRecord, ShreddedRecord
from privity.casework.record import read_moment
from privity.casework.restored import without_access
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, OrganisationId
from privity.definitions.reference import CaseReference
from privity.edge.seals.note_keys import NoteSigningKey
from privity.edge.settings.places import DataDirectory
from privity.edge.store.case_rows import CaseKey
from privity.edge.store.epoch_keys import KeyNotOpened, epoch_keys
from privity.edge.store.instance_rows import Restore, SealedCase
from privity.edge.store.log import Log
from privity.edge.store.migrated_rows import in_columns_of_today
from privity.edge.store.notification_rows import Mail
from privity.edge.store.raw_tables import OwnTables
from privity.edge.store.sealed_cases import keys_for, opened_text, put_back
from privity.edge.store.sequencer import settle
from privity.edge.store.shred import empty_write_ahead_log
from privity.edge.store.standstill import keep_in_sight
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store, Unit
from privity.edge.wiring.done_again import DoneAgain
from privity.edge.wiring.restore_mark import PutBack, put_by, read_mark
from privity.errors import Impossible, Mistaken
from privity.ledger.checkpoint import read_body, read_note

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """A case that a restore holds shut. `opens` tells whether its key is there."""

    reference: CaseReference
    may_go_from: date
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Restorer:
    """Sees an instance through what follows a restore."""

    data: DataDirectory
    store: Store
    log: Log
    signer: NoteSigningKey
    again: DoneAgain

    def waiting(self) -> PutBack | None:
        """Return the restore that waits to be acknowledged, or None.

        Raises: BackupRefused: it is there and cannot be read.
        """
        return read_mark(self.data)

    def done(self) -> list[RestoreRecord]:
        """Return the restores this instance has been through, newest first."""
        names = list(Restore.objects.order_by("-entry").values_list("reference", flat=True))
        found = {one.reference: one for one in read_rows(RestoreRecord, names, self.store.alias)} if names else {}
        return [one for name in names if isinstance(one := found[name], RestoreRecord)]

    def acknowledge(self, *, by: Officer, second: Officer, at: datetime) -> RestoreRecord:
        """Acknowledge what may be missing, and let the instance go on.

        Raises: Mistaken: nothing waits, or the two are not two who may say so. Unavailable: done, but a reader kept
                the write-ahead log from being emptied.
        """
        found = self.waiting()
        if found is None:
            raise Mistaken(
                "nothing was acknowledged", why="no restore waits here", next_step="nothing need be done: go on"
            )
        must_be_two(by, second)
        _must_have_kept_access(found, by, second)
        if not self._is_acknowledged(found):
            destroyed = [self._destroyed(kid, at) for kid in found.destroyed]
            gap = Gap(
                backup=found.backup,
                restored_at=read_moment(found.restored_at),
                former_log=found.former_log,
                former_root=found.former_root,
                size_restored=found.size_restored,
                size_known=found.size_known,
                shut=tuple(CaseReference(one) for one in (*found.shut, *found.unopened)),
            )
            with self.store.unit() as unit:
                acknowledge(unit, gap, destroyed, by=by, second=second, at=at)
                self.again.everything(unit, found.missing, by=by, at=at)
                for one in found.backups:
                    if not unit.kept(BackupRecord, one.reference):
                        keep_on_record(unit, one, by=by, at=at)
                unit.afterwards(lambda: self._shred([one.gone.reference for one in destroyed]))
        settle(self.log, self.signer, at)
        empty_write_ahead_log(self.store.alias)
        self.data.understood.unlink(missing_ok=True)
        put_by(self.data, found)
        keep_in_sight(self.log.latest_checkpoint() or b"", self.data.root)
        return self.done()[0]

    def shut(self) -> list[Shut]:
        """Return the cases held shut, the one that could have gone longest ago first."""
        rows = SealedCase.objects.order_by("may_go_from", "reference").values_list("reference", "may_go_from")
        return [
            Shut(reference=CaseReference(one), may_go_from=date.fromisoformat(day), opens=self._opens(one))
            for one, day in rows
        ]

    def destroy(self, reference: CaseReference, *, by: Officer, second: Officer, at: datetime) -> ShreddedRecord:
        """Destroy a case held shut, by two people's word: it may have been destroyed before.

        Raises: Mistaken: it is not held shut, its day has not come, or the two are not two who may say so.
        """
        must_be_two(by, second)
        row = self._held(reference)
        if date.fromisoformat(row.may_go_from) > civil_day(at):
            raise Mistaken(
                "the case was not destroyed",
                why=f"it could not have been destroyed before {row.may_go_from}; it is shut because its key is missing",
                next_step="bring back the newest copy of `epoch-keys`, and open it by `privity restore reopen`",
            )
        one = self._destroyed(CaseKey.objects.get(reference=reference).kid, at)
        write = write_destruction if one.opens else write_shredding

        def written(unit: Unit) -> ShreddedRecord:
            return write(unit, one.gone, one.going, (by.staff_id, second.staff_id), by=by, at=at)

        return self._with(written, lambda: self._shred([reference]))

    def reopen(self, reference: CaseReference, *, by: Officer, second: Officer, at: datetime) -> None:
        """Open a case held shut, by two people's word that it was not destroyed since the backup.

        Raises: Mistaken: it is not held shut, or the two are not two who may say so. KeyNotOpened: its key is missing.
        """
        held = self._held(reference)
        (key,) = keys_for(OwnTables(self.store.alias), epoch_keys(), [reference]).values()
        rows = in_columns_of_today(opened_text(reference, bytes(held.sealed), key), self.store.alias)
        # A mail that only told of cases held shut has been let go meanwhile; what was told in it goes with it.
        mails = set(Mail.objects.values_list("id", flat=True))
        if told := [row for row in rows.pop("told", []) if row["mail_id"] in mails]:
            rows["told"] = told
        backup = next((one.reference for one in self.done() if reference in shut_by(one)), "")
        if not backup:
            raise Impossible("the case was not opened", why="no restore holds it shut", next_step="run `privity audit`")

        def written(unit: Unit) -> None:
            note_reopened(unit, reference, backup, by=by, second=second, at=at)

        self._with(written, lambda: put_back(OwnTables(self.store.alias), reference, rows))

    def _with(self, written: Callable[[Unit], Done], deed: Callable[[], object]) -> Done:
        """Write acts and do something to the tables in one transaction, then empty the write-ahead log."""
        with self.store.unit() as unit:
            done = written(unit)
            unit.afterwards(deed)
        empty_write_ahead_log(self.store.alias)
        return done

    def _held(self, reference: CaseReference) -> SealedCase:
        row = SealedCase.objects.filter(reference=reference).first()
        if row is None:
            raise Mistaken(
                "nothing was done", why="no case of that reference is held shut", next_step="see `privity restore shut`"
            )
        return row

    def _is_acknowledged(self, found: PutBack) -> bool:
        """Return whether the log goes on under its new name already: then only the mark is left."""
        newest = self.log.latest_checkpoint()
        return (
            newest is not None
            and read_body(read_note(newest).text).origin == self.signer.name
            and any(one.reference == found.backup for one in self.done())
        )

    def _destroyed(self, kid: str, at: datetime) -> DestroyedSince:
        """Return what the ledger says of a case whose key came back with the backup."""
        reference = CaseKey.objects.get(kid=kid).reference
        entries = [one.entry for one in self.log.case_entries(kid)]
        said = [str(entry.facts["status"]) for entry in entries if "status" in entry.facts]
        agreements = [entry.agreement for entry in entries if entry.agreement]
        organisations = [entry.organisation for entry in entries if entry.organisation]
        return DestroyedSince(
            gone=Gone(
                reference=reference,
                organisation=organisations[0] if organisations else OrganisationId(""),
                version=agreements[-1] if agreements else "",
                status=said[-1] if said else "closed",
            ),
            going=Going(kid=kid, rows=1, backups_expire=civil_day(at) + timedelta(days=BACKUPS_KEPT_DAYS)),
            opens=self._opens(reference),
        )

    def _opens(self, reference: str) -> bool:
        try:
            return bool(keys_for(OwnTables(self.store.alias), epoch_keys(), [reference]))
        except KeyNotOpened:
            return False

    def _shred(self, references: Sequence[str]) -> None:
        """Delete the sealed rows and the keys. Runs inside the transaction of the acts that say so."""
        connection = connections[self.store.alias]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA secure_delete")
                if cursor.fetchone()[0] != 1:
                    raise Impossible(
                        "the case was not destroyed",
                        why="the database does not overwrite what it deletes",
                        next_step="report this: nothing was deleted",
                    )
        for model in (SealedCase, CaseKey):
            model._default_manager.using(self.store.alias).filter(reference__in=references).delete()


def _must_have_kept_access(found: PutBack, *two: Officer) -> None:
    if any(one.staff_id in without_access(found.missing) for one in two):
        raise Mistaken(
            "nothing was acknowledged",
            why="the later export says that one of the two lost their account, role or password after the backup",
            next_step="ask somebody who still has theirs",
        )
