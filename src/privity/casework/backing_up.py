"""Backups on record, and what two people say once one has been restored.

Rules of the module:
- A backup is on record before it is there, with the last day on which any copy of it may exist. It is made before it
  is on record, so after a restore it is put on record again, and every other that is known to have been made since.
- A restored instance writes nothing before two different people have acknowledged what may be missing. That entry is
  the first of a new log: it names the former one, its size and its root (docs/decisions/0104).
- What was destroyed after the backup is destroyed again with the acknowledgement, by the word of the same two people.
- A case that may have been destroyed since is held shut until two people destroy it again, or say that it was not.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from privity.casework.destroy import MAY_ALLOW, Going, Gone, write_destruction, write_shredding
from privity.casework.instance_records import BackupRecord, RestoreRecord
from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import canonical, moment
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY, Officer, Role
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

BACKUPS_KEPT_DAYS = 35
"""How long backups may be kept, so that a destroyed key ends everywhere (docs/how-to/destroy.md)."""
MAY_ACKNOWLEDGE = (*MAY_ALLOW, Role.ADMINISTRATOR)
"""Who may acknowledge a restore; one of the two is somebody who answers for disclosures (MAY_ALLOW)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What is known of a restore before anybody acknowledged it.

    Args: backup: the digest of the backup's manifest. size_known: the size of the largest checkpoint shown of the
          former log, or its size as restored. former_root: in hexadecimal digits. shut: the cases not opened again.
    """

    backup: str
    restored_at: datetime
    former_log: str
    former_root: str
    size_restored: int
    size_known: int
    shut: tuple[CaseReference, ...]

    @property
    def lost(self) -> int:
        """Return how many entries are known to be lost; there may be more."""
        return self.size_known - self.size_restored


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyedSince:
    """A case or debt that came back with a backup although it had been destroyed.

    Args: opens: whether its key still opens, so that its entry can stand under it.
    """

    gone: Gone
    going: Going
    opens: bool


def note_backup(
    unit: UnitOfWork, digest: str, *, size: int, expires: date, at: datetime, by: Officer = GATEWAY
) -> BackupRecord:
    """Put a backup on record that is about to be there."""
    record = BackupRecord(
        reference=digest, made_at=moment(at), size=size, expires=expires.isoformat(), discarded_at="", discarded_by=""
    )
    keep_on_record(unit, record, by=by, at=at)
    return record


def keep_on_record(unit: UnitOfWork, record: BackupRecord, *, by: Officer, at: datetime) -> None:
    """Put a backup on record as it was made."""
    facts: dict[str, str | int | bool] = {
        "backup_digest": record.reference,
        "size_backed_up": record.size,
        "backups_expire": record.expires,
    }
    key = f"backup:{record.reference}"
    unit.write(Act(kind=EntryKind.BACKUP_MADE, at=at, by=by, key=key, records=(record,), facts=facts))


def note_discarded(unit: UnitOfWork, record: BackupRecord, *, by: Officer, at: datetime) -> BackupRecord:
    """Put on record that a backup is gone, every copy of it.

    Raises: Mistaken: it is on record already, or not for this person to say.
    """
    if by.role not in MAY_ACKNOWLEDGE or by.organisation != GATEWAY.organisation:
        raise Mistaken(
            "the backup stays on record",
            why="this is for an administrator, a disclosure officer or the guardian of the custodian",
            next_step="ask one of them",
        )
    if record.discarded_at:
        raise Mistaken(
            "the backup stays on record",
            why=f"it was said to be gone on {record.discarded_at[:10]}",
            next_step="look at the list: nothing need be done",
        )
    gone = replace(record, discarded_at=moment(at), discarded_by=by.staff_id)
    unit.write(
        Act(
            kind=EntryKind.BACKUP_DISCARDED,
            at=at,
            by=by,
            key=f"backup:{record.reference}",
            records=(gone,),
            facts={"backup_digest": record.reference, "backups_expire": record.expires},
        )
    )
    return gone


def is_overdue(record: BackupRecord, at: datetime) -> bool:
    """Return whether a backup should be gone by now, and nobody has said that it is."""
    return not record.discarded_at and date.fromisoformat(record.expires) < civil_day(at)


def acknowledge(
    unit: UnitOfWork,
    gap: Gap,
    destroyed: Sequence[DestroyedSince],
    *,
    by: Officer,
    second: Officer,
    at: datetime,
) -> RestoreRecord:
    """Begin the new log: write what may be missing, and destroy again what was destroyed since.

    The caller deletes rows and keys of `destroyed` in the same transaction.
    Raises: Mistaken: not two different people who may say so.
    """
    must_be_two(by, second)
    record = RestoreRecord(
        reference=gap.backup,
        restored_at=moment(gap.restored_at),
        acknowledged_at=moment(at),
        first=by.staff_id,
        second=second.staff_id,
        former_log=gap.former_log,
        size_restored=gap.size_restored,
        size_known=gap.size_known,
        shut=canonical(list(gap.shut)),
    )
    facts: dict[str, str | int | bool] = {
        "backup_digest": gap.backup,
        "former_log": gap.former_log,
        "former_root": gap.former_root,
        "size_restored": gap.size_restored,
        "size_known": gap.size_known,
        "held_shut": len(gap.shut),
    }
    key = f"restore:{gap.backup}"
    unit.write(Act(kind=EntryKind.RESTORE_ACKNOWLEDGED, at=at, by=by, key=key, records=(record,), facts=facts))
    people = (by.staff_id, second.staff_id)
    for one in destroyed:
        write = write_destruction if one.opens else write_shredding
        write(unit, one.gone, one.going, people, by=by, at=at)
    return record


def shut_by(record: RestoreRecord) -> tuple[CaseReference, ...]:
    """Return the cases that a restore did not open again."""
    return tuple(CaseReference(one) for one in json.loads(record.shut))


def note_reopened(
    unit: UnitOfWork, reference: CaseReference, backup: str, *, by: Officer, second: Officer, at: datetime
) -> None:
    """Put on record that a case was not destroyed since the backup, and is read again.

    Raises: Mistaken: not two different people who may say so.
    """
    must_be_two(by, second)
    facts: dict[str, str | int | bool] = {"backup_digest": backup}
    unit.write(Act(kind=EntryKind.RESTORE_REOPENED, at=at, by=by, key=reference, facts=facts))


def must_be_two(first: Officer, second: Officer) -> None:
    """Raise unless these are two different people of the custodian who may answer for a restore together.

    Raises: Mistaken: they are not.
    """
    two = (first, second)
    if first.staff_id == second.staff_id:
        raise _refused("both signatures are by the same person", "ask a second person")
    for one in two:
        must_be_one_of_two(one)
    if not any(one.role in MAY_ALLOW for one in two):
        raise _refused("neither answers for disclosures", "let a disclosure officer or the guardian be one of the two")


def must_be_one_of_two(officer: Officer) -> None:
    """Raise unless this person may be one of the two.

    Raises: Mistaken: they may not.
    """
    if officer.role not in MAY_ACKNOWLEDGE or officer.organisation != GATEWAY.organisation:
        raise _refused(
            "it is for administrators, disclosure officers and the guardian of the custodian", "ask two of them"
        )


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("nothing was acknowledged", why=why, next_step=next_step)
