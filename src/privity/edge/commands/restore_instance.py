"""`privity restore`, once Django is up."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction

from privity.casework.backing_up import shut_by
from privity.casework.restored import Loss
from privity.definitions.party import Officer
from privity.definitions.reference import AgreementFamily, read_case_reference
from privity.edge.commands.counted import counted
from privity.edge.commands.signing import proved
from privity.edge.settings.shelf import default_shelf
from privity.edge.store.audit import Tally, audit_rows
from privity.edge.store.audit_ledger import audit_ledger
from privity.edge.store.raw_tables import OwnTables
from privity.edge.wiring.backup_folder import staged
from privity.edge.wiring.instance import Instance, TablesBehind, must_be_up_to_date, open_instance
from privity.edge.wiring.key_rotation import earlier_keys
from privity.edge.wiring.published import PublishedAgreements
from privity.edge.wiring.restore_mark import PutBack
from privity.edge.wiring.restoring import NOT_RESTORED, Asked, put_to_use, restore_into, take_backup
from privity.errors import Mistaken
from privity.ledger.reconciliation import Finding

NOT_SO = 1
TOLD_AS = {
    Loss.DONE_AGAIN: "Done again with the acknowledgement",
    Loss.BY_HAND: "To be done again by hand",
    Loss.LEFT: "Left, and no longer on record",
    Loss.SEALED: "Sealed, and may have left",
    Loss.OPENED: "Came in, and is gone",
}
UNKNOWN = (
    "No later export was given, so nobody can know here what came undone since: closed accounts, revoked certificates,"
    " suspensions, holds, dropped debts, protections. Ask whoever does each."
)
NEXT = (
    "Take the newest register and revocation lists in again: these are the backup's. Ask every practice for the"
    " protections it registered since the backup (`/restored/` names them): until then those protect nobody."
)
MOST_SHOWN = 20


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked and return the exit code.

    Raises: PrivityError: damaged or contradicted, something in the way, not two people.
    """
    match arguments.what:
        case "show":
            return _show(open_instance(arguments.data), as_json=arguments.json)
        case "acknowledge":
            return _acknowledge(arguments)
        case "shut":
            return _shut(open_instance(arguments.data), as_json=arguments.json)
        case "destroy" | "reopen":
            return _see_to(arguments)
        case _:
            return _restore(arguments)


def _restore(arguments: argparse.Namespace) -> int:
    root: Path = arguments.data
    asked = Asked(
        source=Path(arguments.what),
        keys=arguments.keys,
        checkpoints=tuple(arguments.checkpoint),
        export=arguments.ledger,
        key=arguments.key,
    )
    now = datetime.now(UTC)
    found = restore_into(root, asked, now=now) if connection.vendor == "sqlite" else _onto_tables(root, asked, now)
    findings, behind = list[Finding](), ""
    try:
        findings = _compared(open_instance(root), now)
    except TablesBehind:
        behind = f"The tables are of an earlier version, so nothing was compared: run `privity upgrade --data {root}`,"
        behind += f" then `privity audit --data {root}`."
    if arguments.json:
        stated = {"findings": [asdict(one) for one in findings], "behind": bool(behind)}
        print(json.dumps(_told(found) | stated, sort_keys=True))
    else:
        print("\n".join(filter(None, [*_in_words(found, root, findings), behind])))
    return NOT_SO if findings else 0


def _onto_tables(root: Path, asked: Asked, now: datetime) -> PutBack:
    """Put what lies beside the tables back, onto tables that the custodian's own tools have put back before.

    Raises: Mistaken: the backup is of an instance in a file.
    """
    agreements = PublishedAgreements(calendars=default_shelf() / "calendars")

    def kept_days(family: str, version: str) -> int:
        return agreements.ladder_of(AgreementFamily(family), version).kept_here_days

    with staged(root, NOT_RESTORED) as folder:
        listing = take_backup(asked, folder)
        if listing.text("database") != "postgresql":
            raise Mistaken(
                NOT_RESTORED,
                why="the backup is of an instance in a file, whose tables are in it",
                next_step="leave `--db` out",
            )
        with transaction.atomic(durable=True):
            return put_to_use(OwnTables(), folder, listing, asked, now=now, kept_days=kept_days)


def _compared(instance: Instance, now: datetime) -> list[Finding]:
    """Return where the tables are not what the ledger says was written into them."""
    keys = [instance.note_signer.verifier, *earlier_keys(instance.data)]
    return [*audit_ledger(instance.log, keys, now=now).findings, *audit_rows(instance.log, Tally())]


def _show(instance: Instance, *, as_json: bool) -> int:
    found = instance.restorer.waiting()
    if as_json:
        print(json.dumps(None if found is None else _told(found), sort_keys=True))
    elif found is None:
        for one in instance.restorer.done():
            print(f"restored {one.restored_at[:16]} from {one.former_log}, acknowledged {one.acknowledged_at[:16]}")
        print("no restore waits to be acknowledged")
    else:
        print("\n".join(_in_words(found, instance.data.root, [])))
    return 0


def _acknowledge(arguments: argparse.Namespace) -> int:
    must_be_up_to_date(arguments.data)
    instance = open_instance(arguments.data)
    by, second = _two(arguments, instance)
    record = instance.restorer.acknowledge(by=by, second=second, at=datetime.now(UTC))
    shut = shut_by(record)
    if arguments.json:
        told = {"log": instance.origin, "key": str(instance.note_signer.verifier), "held_shut": list(shut)}
        print(json.dumps(told | {"former_log": record.former_log, "size_restored": record.size_restored}))
        return 0
    lines = [
        f"On record: {instance.origin} goes on from entry {record.size_restored:,} of {record.former_log}.",
        "Acts are written again. Hand out the new public key, and give it to the witnesses:",
        f"  {instance.note_signer.verifier}",
        NEXT,
    ]
    if shut:
        lines.append(f"Held shut until two people see to each: {counted(len(shut), 'case')} (privity restore shut)")
    print("\n".join(lines))
    return 0


def _shut(instance: Instance, *, as_json: bool) -> int:
    found = instance.restorer.shut()
    if as_json:
        stated = [
            {"case": one.reference, "may_go_from": one.may_go_from.isoformat(), "opens": one.opens} for one in found
        ]
        print(json.dumps(stated))
        return 0
    for one in found:
        key = "" if one.opens else "  its key is not here: it opens no more"
        print(f"{one.reference}  could have been destroyed from {one.may_go_from}{key}")
    if not found:
        print("no case is held shut")
    return 0


def _see_to(arguments: argparse.Namespace) -> int:
    instance, at = open_instance(arguments.data), datetime.now(UTC)
    whole = [one.reference for one in instance.restorer.shut()] if arguments.cases == ["all"] else None
    references = [read_case_reference(one) for one in arguments.cases] if whole is None else whole
    by, second = _two(arguments, instance)
    for reference in references:
        if arguments.what == "reopen":
            instance.restorer.reopen(reference, by=by, second=second, at=at)
        else:
            instance.restorer.destroy(reference, by=by, second=second, at=at)
        done = "reopened" if arguments.what == "reopen" else "destroyed"
        print(json.dumps({"case": reference, "done": done}) if arguments.json else f"{reference} {done}")
    return 0


def _two(arguments: argparse.Namespace, instance: Instance) -> tuple[Officer, Officer]:
    """Return the two people who sign, one after the other."""
    return proved(instance, arguments.by), proved(instance, arguments.second)


def _told(found: PutBack) -> dict[str, object]:
    """Return what a restore came to for a program; `again` is what of it has to be done again by hand, as lines."""
    return asdict(found) | {"again": [one.words for one in found.missing if one.loss is Loss.BY_HAND]}


def _in_words(found: PutBack, root: Path, findings: list[Finding]) -> list[str]:
    lost = found.size_known - found.size_restored
    made_at, last = found.made_at[:16].replace("T", " "), found.size_known - 1
    entries = f"{found.size_restored:,} entries of {found.former_log}, {found.cases:,} cases opened"
    lines = [f"The backup of {made_at} UTC is in {root}: {entries}."]
    if lost:
        which = f"entries {found.size_restored} to {last}" if lost > 1 else f"entry {last}"
        lines.append(f"Known to be lost: {which} of the former log. There may be more.")
    else:
        lines.append("No later checkpoint was shown. That does not say that nothing is lost.")
    lines += [f"{TOLD_AS[one.loss]}: {one.words}" for one in found.missing]
    if not found.told_since:
        lines.append(UNKNOWN)
    if found.destroyed:
        keys = counted(len(found.destroyed), "key")
        lines.append(f"Destroyed since, and destroyed again with the acknowledgement: {keys}")
    if found.shut:
        lines.append(f"Held shut, perhaps destroyed since: {counted(len(found.shut), 'case')} (privity restore shut)")
    if found.unopened:
        cases = counted(len(found.unopened), "case")
        lines.append(
            f"Held shut without the key of their month: {cases}. It was destroyed since, or the copy of the keys is"
            " older than they are."
        )
    if not found.linked:
        lines.append("The former log's key was not at hand, so only the new one signed that it goes on from there.")
    lines += [f"{one.difference.value}: {one.table}.{one.column} {one.case}" for one in findings[:MOST_SHOWN]]
    if findings:
        lines.append(
            f"Not what the ledger says: {counted(len(findings), 'place')}. Run `privity audit` and look first."
        )
    lines += [
        "Nothing is written, sealed, sent or traced here until two officers acknowledge this, at the page `/restored/`",
        "of `privity serve`, each signed in, or here:",
        f"  privity restore acknowledge --data {root} --by STAFF-ID --second STAFF-ID",
    ]
    return lines
