"""Destroying a case of an instance: the acts and the shredding in one transaction, then the files beside it.

Steps: 1 entries, rows and key in one transaction; 2 the write-ahead log is emptied; 3 what the spool still holds goes.
A crash after 1 leaves sealed bytes that nobody here can open and a log that the next sweep empties.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import connections

from privity.casework.backing_up import BACKUPS_KEPT_DAYS
from privity.casework.case_file import CaseFile
from privity.casework.debt_destroy import KeptDebt, destroy_debt, kept_debt
from privity.casework.destroy import Going, destroy, note_backups_expired, note_epoch_over
from privity.casework.destruction_certificate import OPENING, write_certificate
from privity.casework.instance_records import ShreddedRecord
from privity.casework.ports import Agreements
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import CaseKey
from privity.edge.store.debt_rows import DebtState
from privity.edge.store.epoch_keys import epoch_keys
from privity.edge.store.instance_rows import Backup, Shredded
from privity.edge.store.log import Log
from privity.edge.store.shred import OF_A_DEBT, empty_write_ahead_log, held_of, shred_case
from privity.edge.store.tables import read_rows
from privity.edge.store.unit_of_work import Store
from privity.edge.transports.spool import Spool
from privity.errors import Mistaken
from privity.ledger.checkpoint import NoteSigner
from privity.ledger.entry_kind import EntryKind
from privity.ledger.proof import LogProof


@dataclass(frozen=True, slots=True, kw_only=True)
class Shredder:
    """Destroys cases of one instance and certifies it."""

    store: Store
    log: Log
    signer: NoteSigner
    spool: Path
    agreements: Agreements

    def destroy(
        self,
        reference: CaseReference,
        *,
        by: Officer,
        at: datetime,
        backups_kept_days: int = BACKUPS_KEPT_DAYS,
    ) -> ShreddedRecord:
        """Destroy a case or a debt that two people allowed to go, and return what is kept of it.

        Raises: Mistaken: it may not go. Unavailable: it is gone, but the write-ahead log could not be emptied.
        """
        if self.is_debt(reference):
            return self._destroy_debt(reference, by, at, backups_kept_days)
        held = held_of(reference)
        expires = civil_day(at) + timedelta(days=backups_kept_days)
        with self.store.unit() as unit:
            record = destroy(
                unit,
                reference,
                Going(kid=held.kid, rows=held.rows, backups_expire=expires, notices=held.notices),
                by=by,
                at=at,
                kept_days=self._kept_days(unit.case(reference)),
            )
            unit.afterwards(lambda: shred_case(reference, self.store.alias))
        self._clear_spool(record.organisation, held.sealed)
        empty_write_ahead_log(self.store.alias)
        return record

    def is_debt(self, reference: str) -> bool:
        """Return whether a reference is a debt's."""
        return DebtState.objects.using(self.store.alias).filter(reference=reference).exists()

    def debts(self) -> list[KeptDebt]:
        """Return every debt, oldest first, with what keeps it here."""
        names = DebtState.objects.using(self.store.alias).order_by("reference").values_list("reference", flat=True)
        with self.store.unit() as unit:
            return [kept_debt(unit, name) for name in names]

    def days_of(self, kept: KeptDebt) -> int:
        """Return how many days a debt is kept here once it has ended."""
        return self.agreements.ladder_of(kept.case.family, kept.case.state.version).kept_here_days

    def _destroy_debt(
        self, reference: CaseReference, by: Officer, at: datetime, backups_kept_days: int
    ) -> ShreddedRecord:
        held = held_of(reference, kinds=OF_A_DEBT)
        expires = civil_day(at) + timedelta(days=backups_kept_days)
        going = Going(kid=held.kid, rows=held.rows, backups_expire=expires)
        with self.store.unit() as unit:
            days = self.days_of(kept_debt(unit, reference))
            record = destroy_debt(unit, reference, going, by=by, at=at, kept_days=days)
            unit.afterwards(lambda: shred_case(reference, self.store.alias, OF_A_DEBT))
        empty_write_ahead_log(self.store.alias)
        return record

    @property
    def overwrites(self) -> bool:
        """Return whether what was deleted here is overwritten, and not left to the database to tidy away."""
        return connections[self.store.alias].vendor == "sqlite"

    def sweep(self) -> None:
        """Empty the write-ahead log, where a reader was in the way before.

        Raises: Unavailable: somebody still reads.
        """
        empty_write_ahead_log(self.store.alias)

    def certificate(self, kid: str) -> bytes:
        """Return the certificate of one destruction.

        Raises: Mistaken: no case of that key was destroyed here.
        """
        entries = self.log.case_entries(kid)
        opened = [one.index for one in entries if one.entry.kind in OPENING]
        destroyed = [one.index for one in entries if one.entry.kind is EntryKind.KEY_DESTROYED]
        if not opened or not destroyed:
            raise Mistaken(
                "no certificate was written",
                why="no case with that key was opened and destroyed here",
                next_step="copy the identifier from `privity destroy list --done`",
            )
        return write_certificate(self._proof(opened[0]), self._proof(destroyed[-1]), self.signer)

    def done(self) -> list[ShreddedRecord]:
        """Return what was destroyed here, newest first."""
        kids = list(Shredded.objects.order_by("-entry").values_list("reference", flat=True))
        found = {one.reference: one for one in read_rows(ShreddedRecord, kids, self.store.alias)} if kids else {}
        return [one for kid in kids if isinstance(one := found[kid], ShreddedRecord)]

    def backups_expired(self, *, by: Officer, at: datetime) -> list[ShreddedRecord]:
        """Record for every destruction whose backups are gone by now that they are, and return those.

        One of which a backup is on record, and nobody has said that it is gone, waits for that.
        """
        today = civil_day(at)
        kept = list(Backup.objects.filter(discarded_at="").values_list("made_at", flat=True))
        due = [
            one
            for one in self.done()
            if not one.backups_expired_at
            and date.fromisoformat(one.backups_expire) < today
            and not any(made_at <= one.at for made_at in kept)
        ]
        if due:
            with self.store.unit() as unit:
                return [note_backups_expired(unit, one, by=by, at=at) for one in due]
        return []

    def epochs_over(self, *, by: Officer, at: datetime) -> list[str]:
        """Destroy the keys of the months that are over and of which no case is left, and return those months.

        The ledger says so first: a crash in between leaves a key that the next call destroys.
        Raises: Unavailable: the folder of the keys refused.
        """
        ring, this_month = epoch_keys(), f"{at:%Y-%m}"
        used = set(CaseKey.objects.using(self.store.alias).values_list("epoch", flat=True).distinct())
        over = [epoch for epoch in ring.epochs() if epoch < this_month and epoch not in used]
        for epoch in over:
            with self.store.unit() as unit:
                note_epoch_over(unit, epoch, by=by, at=at)
            ring.destroy(epoch)
        return over

    def _kept_days(self, file: CaseFile) -> int:
        return self.agreements.ladder_of(file.family, file.state.version).kept_here_days

    def _proof(self, index: int) -> LogProof:
        (leaf,) = self.log.leaves(index, index + 1)
        return self.log.prove(index, extra=leaf)

    def _clear_spool(self, organisation: str, digests: tuple[str, ...]) -> None:
        Spool(self.spool).forget(organisation, digests)
