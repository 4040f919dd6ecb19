"""Shredding: a case's rows, sealed bytes and key go, in the caller's transaction, and then out of the log of writes.

Rules of the module:
- Everything that is kept of a case goes, notices that followed it included. The ledger keeps its entries, whose
  commitments nobody can open without the key.
- The database overwrites what it deletes (secure_delete is on, which is asserted), and afterwards the write-ahead log
  is emptied: it would keep copies of the key until it is reused.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connections

from privity.casework import debt_records as debts
from privity.casework.authorisation import NoSuchCase
from privity.casework.record import Record
from privity.casework.records import CASE_RECORDS, AllowanceRecord, HoldRecord
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import CaseKey, SealedBytes
from privity.edge.store.instance_rows import Notice
from privity.edge.store.notification_rows import Told
from privity.edge.store.tables import MODEL_OF
from privity.errors import Impossible, Unavailable

OF_A_DEBT: Sequence[type[Record]] = (
    debts.DebtRecord,
    debts.DebtStateRecord,
    debts.DebtAssessmentRecord,
    debts.DebtViewRecord,
    HoldRecord,
    AllowanceRecord,
)
"""Everything that is kept of one debt."""
_CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held of a case: its key's identifier, its rows, the digests of what was sealed, its notices' keys."""

    kid: str
    rows: int
    sealed: tuple[str, ...]
    notices: Mapping[str, str]


def held_of(reference: CaseReference, alias: str = "default", kinds: Sequence[type[Record]] = CASE_RECORDS) -> Held:
    """Return what is held of a case, or of a debt with its kinds of records.

    Raises: NoSuchCase: neither a key nor a row of it is here. Impossible: there are rows, and no key.
    """
    kids = list(CaseKey.objects.using(alias).filter(reference=reference).values_list("kid", flat=True))
    if not kids and not _count(reference, alias, kinds):
        raise NoSuchCase
    if not kids:
        raise Impossible("the case was not destroyed", why="it has no key", next_step="run `privity audit`")
    every = [reference, *_notices(reference, alias)]
    sealed = SealedBytes.objects.using(alias).filter(reference__in=every).values_list("sha256", flat=True)
    notices = CaseKey.objects.using(alias).filter(reference__in=every[1:]).values_list("reference", "kid")
    return Held(kid=kids[0], rows=_count(reference, alias, kinds), sealed=tuple(sealed), notices=dict(notices))


def shred_case(reference: CaseReference, alias: str = "default", kinds: Sequence[type[Record]] = CASE_RECORDS) -> int:
    """Delete everything kept of a case, or of a debt with its kinds of records, and return how many rows went.

    Runs inside the caller's transaction.
    Raises: Impossible: no transaction is open, deleted bytes would stay, or something was left.
    """
    connection = connections[alias]
    if not connection.in_atomic_block:
        raise _left("no transaction is open, so the entry and the deletion could part")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete")
            (overwrites,) = cursor.fetchone()
        if overwrites != 1:
            raise _left("the database does not overwrite what it deletes")
    before = _count(reference, alias, kinds)
    notices = _notices(reference, alias)
    for kind in kinds:
        MODEL_OF[kind]._default_manager.using(alias).filter(reference=reference).delete()
    Notice.objects.using(alias).filter(about=reference).delete()
    Told.objects.using(alias).filter(reference=reference).delete()
    for model in (SealedBytes, CaseKey):
        model._default_manager.using(alias).filter(reference__in=[reference, *notices]).delete()
    if _count(reference, alias, kinds):
        raise _left("rows of it are left")
    return before


def empty_write_ahead_log(alias: str = "default") -> None:
    """Move what was written into the database and empty the log of it. Called after the transaction has ended.

    Raises: Unavailable: somebody reads, so that the log cannot be emptied now.
    """
    connection = connections[alias]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(_CHECKPOINT)
        busy, _, _ = cursor.fetchone()
    if not busy:
        _wait_for_the_empty_log(f"{connection.settings_dict['NAME']}-wal")
    if busy:
        raise Unavailable(
            "the case is destroyed, and copies of its key may be left in the write-ahead log",
            why="another process is reading the database, so the log could not be emptied",
            next_step="run `privity destroy sweep` when it has ended",
        )


def _wait_for_the_empty_log(log: str) -> None:
    """Wait until the emptied log is empty on the disk: SQLite cuts it off without waiting for that.

    Raises: Unavailable: the disk refused.
    """
    try:
        handle = os.open(log, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except FileNotFoundError:
        return
    except OSError as refusal:
        raise Unavailable(
            "the case is destroyed, and a power cut could give copies of its key back",
            why=f"the emptied write-ahead log did not reach the disk ({(refusal.strerror or 'refused').lower()})",
            next_step="put the disk in order and run `privity destroy sweep`",
        ) from refusal


def _notices(reference: CaseReference, alias: str) -> list[str]:
    return list(Notice.objects.using(alias).filter(about=reference).values_list("reference", flat=True))


def _count(reference: CaseReference, alias: str, kinds: Sequence[type[Record]]) -> int:
    every = [reference, *_notices(reference, alias)]
    kept = sum(MODEL_OF[kind]._default_manager.using(alias).filter(reference=reference).count() for kind in kinds)
    beside = sum(
        model._default_manager.using(alias).filter(reference__in=every).count() for model in (SealedBytes, CaseKey)
    )
    told = Told.objects.using(alias).filter(reference=reference).count()
    return kept + beside + told + len(every) - 1


def _left(why: str) -> Impossible:
    return Impossible("the case was not destroyed", why=why, next_step="report this: nothing was deleted")
