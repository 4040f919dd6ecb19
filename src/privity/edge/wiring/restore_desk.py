"""The desk at which two people acknowledge a restore, each in a session of their own.

Nothing can be written to the tables before both have, so the word of the first lies beside them: who, when, and about
which mark. It lets nothing go on; the second finds it, and then the same act is done as at a terminal.

Rules of the module:
- Nobody's session outlives a restore: whoever gives their word here has proved who they are since.
- The first is asked for again when the second comes: an account closed or changed meanwhile gives no word.
- A word that cannot be read, is about another mark or is too old is none.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet

from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.backing_up import must_be_one_of_two, shut_by
from privity.casework.dispatch import TO_SEND
from privity.casework.instance_records import RestoreRecord
from privity.casework.lifecycle import READY
from privity.casework.record import moment, read_moment
from privity.casework.restored import WORD_HOLDS, Acknowledged, HeldShut, Loss, Waiting, Word
from privity.definitions.party import Officer, OrganisationId, Role
from privity.definitions.reference import CaseReference
from privity.edge.store.account import Account
from privity.edge.store.case_rows import Outbox, State
from privity.edge.tiles.export import sync_folder
from privity.edge.wiring.accounts import officer_of
from privity.edge.wiring.acknowledging import Restorer
from privity.edge.wiring.backup_folder import write_file
from privity.edge.wiring.restore_mark import mark_of, read_kept, read_mark
from privity.edge.wiring.signing import follows_its_record
from privity.errors import Mistaken


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRestoreDesk:
    """Where a restore of one instance is seen and acknowledged."""

    restorer: Restorer

    def waiting(self, *, by: Officer, at: datetime) -> Waiting | None:
        """Return the restore that waits, or None."""
        must_be_allowed(Operation.READ_RESTORE, by)
        data = self.restorer.data
        mark, found = mark_of(data), read_mark(data)
        if mark is None or found is None:
            return None
        days = {one.reference: one.may_go_from for one in self.restorer.shut()}
        seen = sha256(mark).hexdigest()
        return Waiting(
            seen=seen,
            made_at=read_moment(found.made_at),
            restored_at=read_moment(found.restored_at),
            former_log=found.former_log,
            size_restored=found.size_restored,
            size_known=found.size_known,
            key=found.key,
            opened=found.cases,
            destroyed=len(found.destroyed),
            told_since=found.told_since,
            missing=found.missing,
            shut=[HeldShut(reference=CaseReference(one), may_go_from=days[CaseReference(one)]) for one in found.shut],
            unopened=[CaseReference(one) for one in found.unopened],
            ready=_references(State.objects.filter(status__in=[one.value for one in READY])),
            unsent=_references(Outbox.objects.filter(state__in=TO_SEND)),
            linked=found.linked,
            first=self._first(seen, at),
        )

    def done(self, *, by: Officer) -> Sequence[Acknowledged]:
        """Return the restores that were acknowledged, newest first."""
        must_be_allowed(Operation.READ_RESTORE, by)
        shut = {one.reference for one in self.restorer.shut()}
        return [self._acknowledged(record, shut) for record in self.restorer.done()]

    def understand(self, seen: str, *, by: Officer, at: datetime) -> RestoreRecord | None:
        """Take somebody's word; return the record once both have given it."""
        must_be_allowed(Operation.ACKNOWLEDGE_RESTORE, by)
        must_be_one_of_two(by)
        mark = mark_of(self.restorer.data)
        if mark is None:
            raise _not_taken("no restore waits here", "nothing need be done: go on")
        if sha256(mark).hexdigest() != seen:
            raise _not_taken("what is known is not what you were shown", "read the page again")
        first = self._first(seen, at)
        if first is None:
            self._keep(Word(by=by, at=at), seen)
            return None
        if first.by.staff_id == by.staff_id:
            raise _not_taken("you have said so already", "ask a second person to sign in and say so")
        return self.restorer.acknowledge(by=first.by, second=by, at=at)

    def _acknowledged(self, record: RestoreRecord, shut: set[CaseReference]) -> Acknowledged:
        kept = read_kept(self.restorer.data, record.reference)
        return Acknowledged(
            record=record,
            restored_at=read_moment(record.restored_at),
            acknowledged_at=read_moment(record.acknowledged_at),
            by_hand=[one for one in kept.missing if one.loss is Loss.BY_HAND] if kept else [],
            shut=len(shut.intersection(shut_by(record))),
            practices=_practices(),
        )

    def _first(self, seen: str, at: datetime) -> Word | None:
        """Return the word of the first about this mark, while it counts."""
        try:
            said = json.loads(self.restorer.data.understood.read_bytes())
            staff_id, given, about = str(said["by"]), read_moment(str(said["at"])), str(said["seen"])
        except (OSError, ValueError, TypeError, KeyError):
            return None
        account = Account.objects.filter(staff_id=staff_id, is_active=True).first()
        if about != seen or not given <= at < given + WORD_HOLDS or account is None:
            return None
        return Word(by=officer_of(account), at=given) if follows_its_record(account) else None

    def _keep(self, word: Word, seen: str) -> None:
        data = self.restorer.data
        staged = data.understood.with_name(f"{data.understood.name}.{os.getpid()}")
        staged.unlink(missing_ok=True)
        said = {"by": word.by.staff_id, "at": moment(word.at), "seen": seen}
        write_file(staged, json.dumps(said, sort_keys=True).encode(), secret=True)
        staged.replace(data.understood)
        sync_folder(data.root)


def _practices() -> list[OrganisationId]:
    """Return the practices that somebody signs in for."""
    there = Account.objects.filter(role=Role.GP_PRACTICE.value, is_active=True)
    return [
        OrganisationId(one) for one in there.order_by("organisation").values_list("organisation", flat=True).distinct()
    ]


def _references(rows: QuerySet[State] | QuerySet[Outbox]) -> list[CaseReference]:
    return [CaseReference(one) for one in rows.order_by("reference").values_list("reference", flat=True)]


def _not_taken(why: str, next_step: str) -> Mistaken:
    return Mistaken("your word was not taken", why=why, next_step=next_step)
