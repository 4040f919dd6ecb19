"""Which cases of a backup are opened again, and which stay shut because they may have been destroyed since.

Rules of the module:
- What is known to have been destroyed is not opened, and destroyed again with the acknowledgement.
- What could have been destroyed by today is not opened either; nor is what has no key among the keys given.
- Where the rows came back as they are (PostgreSQL), they are put under their keys before anybody can read them.
"""

from dataclasses import dataclass, field
from datetime import datetime

from privity.definitions.day import civil_day
from privity.edge.store.copying import LEFT_BEHIND
from privity.edge.store.epoch_keys import EpochKeys, KeyNotOpened
from privity.edge.store.raw_tables import RawTables
from privity.edge.store.sealed_cases import (
    KeptDays,
    cases_in,
    first_days,
    in_shares,
    keep_sealed,
    keys_for,
    opened_text,
    put_back,
    rows_of,
    sealed_text,
    tables_of_cases,
    take_out,
)
from privity.edge.wiring.restore_ledger import Since


@dataclass(slots=True)
class Opened:
    """What became of the cases in a backup; see PutBack."""

    cases: int = 0
    destroyed: list[str] = field(default_factory=list)
    shut: list[str] = field(default_factory=list)
    unopened: list[str] = field(default_factory=list)


def nobody_is_signed_in(tables: RawTables, since: Since) -> None:
    """End every session and token, and keep out whoever is known to have lost their access since, people and systems.

    What took it away is done again with the acknowledgement; until then their accounts let nobody in.
    """
    for table in LEFT_BEHIND:
        tables.send(f"DELETE FROM {table}")  # noqa: S608  names are ours
    for staff_id in sorted(since.without_access):
        tables.send("UPDATE account SET is_active = %s WHERE staff_id = %s", [False, staff_id])
    for program in sorted(since.programs_revoked):
        tables.send("UPDATE program SET is_active = %s WHERE id = %s", [False, program])


def shut_where_they_stand(tables: RawTables, ring: EpochKeys, since: Since, kept_days: KeptDays, now: datetime) -> None:
    """Put what may have been destroyed since under its key, where the rows came back as they are."""
    where, today = tables_of_cases(tables), civil_day(now)
    kids = _kids(tables)
    already = {str(one) for (one,) in tables.fetch("SELECT reference FROM sealed_case")}
    over = _months_over(tables, ring)
    for share in in_shares([one for one in cases_in(tables) if one not in already]):
        found = rows_of(tables, where, share)
        days = first_days(tables, where, found, kept_days, today)
        shut = [one for one in share if one in over or days[one] <= today.isoformat() or kids[one] in since.keys]
        if shut:
            opening = [one for one in shut if one not in over]
            keys = keys_for(tables, ring, opening) if opening else {}
            # Where the key of the month is gone, the case was destroyed with every other of it: nothing of it is kept.
            texts = {one: sealed_text(one, found[one], keys[one]) if one in keys else b"" for one in shut}
            keep_sealed(tables, [(one, days[one], texts[one]) for one in shut])
            take_out(tables, where, shut)


def _months_over(tables: RawTables, ring: EpochKeys) -> frozenset[str]:
    """Return the cases of months whose key has been destroyed: it is not there, and that of a later month is.

    A month later than every key there is says that the copy of the keys is too old; its cases do not open, and nothing
    is restored.
    """
    there = ring.epochs()
    rows = tables.fetch("SELECT reference, epoch FROM case_key WHERE SUBSTR(reference, 1, 4) = 'PRV-'")
    return frozenset(str(one) for one, epoch in rows if epoch not in there and there and str(epoch) < there[-1])


def open_cases(tables: RawTables, ring: EpochKeys, since: Since, today: str) -> Opened:
    """Open every case that was certainly not destroyed since, and tell which were not opened, and why."""
    done, kids = Opened(), _kids(tables)
    sealed = tables.fetch("SELECT reference, may_go_from FROM sealed_case ORDER BY reference")
    for reference, may_go_from in ((str(one), str(day)) for one, day in sealed):
        if kids.get(reference) in since.keys:
            done.destroyed.append(kids[reference])
        elif may_go_from <= today:
            done.shut.append(reference)
        else:
            try:
                (key,) = keys_for(tables, ring, [reference]).values()
            except (KeyNotOpened, ValueError):
                done.unopened.append(reference)
                continue
            ((text,),) = tables.fetch("SELECT sealed FROM sealed_case WHERE reference = %s", [reference])
            put_back(tables, reference, opened_text(reference, bytes(text), key))
            done.cases += 1
    return done


def _kids(tables: RawTables) -> dict[str, str]:
    return {str(reference): str(kid) for reference, kid in tables.fetch("SELECT reference, kid FROM case_key")}
