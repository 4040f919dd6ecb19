"""`privity destroy …`: holds, two people's word, then key and rows go; and the certificate of it.

Cases and debts go the same way; which of the two a reference is, the instance knows.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from privity.casework.case_file import CaseFile
from privity.casework.debt_destroy import (
    KeptDebt,
    allow_debt,
    debt_faults,
    hold_debt,
    kept_debt,
    lift_debt_hold,
)
from privity.casework.destroy import (
    MAY_ALLOW,
    HoldReason,
    NotYet,
    allow_destruction,
    faults,
    lift_hold,
    place_hold,
)
from privity.casework.instance_records import ShreddedRecord
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.reference import CaseReference, read_case_reference
from privity.edge.commands.counted import counted
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.wiring.instance import Instance, open_instance
from privity.errors import Mistaken

MAY_HOLD = (*MAY_ALLOW, Role.ADMINISTRATOR)
NOT_OVERWRITTEN = (
    "PostgreSQL does not overwrite what it deletes: run `VACUUM FULL`, and see to its log of writes"
    " (docs/how-to/destroy.md)"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="list|hold|lift|allow|now|certificate|sweep")
    listing = acts.add_parser("list", help="cases and debts that may go, or what keeps one; names nobody")
    listing.add_argument("reference", nargs="?", metavar="PRV-…")
    listing.add_argument("--done", action="store_true", help="what was destroyed here")
    hold = acts.add_parser("hold", help="keep a case or debt from being destroyed")
    hold.add_argument("reference", metavar="PRV-…")
    hold.add_argument("reason", choices=[one.value for one in HoldReason])
    lift = acts.add_parser("lift", help="lift a hold")
    lift.add_argument("reference", metavar="PRV-…")
    lift.add_argument("number", type=int)
    allow = acts.add_parser("allow", help="one of two people's word that a case or debt may go")
    allow.add_argument("reference", metavar="PRV-…")
    now = acts.add_parser("now", help="destroy what two people allowed to go; this cannot be undone")
    now.add_argument("reference", metavar="PRV-…")
    now.add_argument("--certificate", type=Path, metavar="FILE", help="write the certificate there")
    certificate = acts.add_parser("certificate", help="write the certificate of one destruction")
    certificate.add_argument("kid", metavar="KEY-IDENTIFIER")
    certificate.add_argument("file", type=Path, metavar="FILE")
    sweep = acts.add_parser(
        "sweep", help="finish what destroying began: log of writes, keys of past months, gone backups"
    )
    for act in (listing, hold, lift, allow, now, certificate, sweep):
        add_data(act)
        add_json(act)
    for act in (hold, lift, allow, now, sweep):
        add_signature(act)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked.

    Raises: Mistaken: it may not go yet, or not by this person. Unavailable: a file, or a reader in the way.
    """
    instance = open_instance(arguments.data)
    match arguments.act:
        case "list":
            return _list(instance, arguments)
        case "certificate":
            return _certificate(instance, arguments.kid, arguments.file, as_json=arguments.json)
        case "sweep":
            by = signed_by(arguments, instance, MAY_HOLD)
            instance.shredder.sweep()
            expired = instance.shredder.backups_expired(by=by, at=datetime.now(UTC))
            over = instance.shredder.epochs_over(by=by, at=datetime.now(UTC))
            gone = f"; the keys of {', '.join(over)} are destroyed" if over else ""
            log = "the write-ahead log is empty" if instance.shredder.overwrites else NOT_OVERWRITTEN
            told = f"{log}; gone are the backups of {counted(len(expired), 'destroyed case')}{gone}"
            stated = {
                "backups_expired": [one.reference for one in expired],
                "epochs_destroyed": over,
                "overwritten": instance.shredder.overwrites,
            }
            print(json.dumps(stated) if arguments.json else told)
            return 0
        case "now":
            return _now(instance, arguments)
        case _:
            return _act(instance, arguments)


def _act(instance: Instance, arguments: argparse.Namespace) -> int:
    """Place or lift a hold, or allow."""
    reference, at = read_case_reference(arguments.reference), datetime.now(UTC)
    by = signed_by(arguments, instance, MAY_ALLOW if arguments.act == "allow" else MAY_HOLD)
    if instance.shredder.is_debt(reference):
        return _act_on_debt(instance, arguments, reference, by, at)
    with instance.store.unit() as unit:
        match arguments.act:
            case "hold":
                file = place_hold(unit, reference, HoldReason(arguments.reason), by=by, at=at)
            case "lift":
                file = lift_hold(unit, reference, arguments.number, by=by, at=at)
            case _:
                kept_days = instance.watcher.ladder(unit.case(reference)).kept_here_days
                file = allow_destruction(unit, reference, by=by, at=at, kept_days=kept_days)
    if arguments.json:
        print(json.dumps(_standing(instance, file, at)))
        return 0
    print(file.history[-1].words)
    if arguments.act == "allow":
        people = len(file.allowances)
        print(f"{people} of two people have allowed it" + ("; `privity destroy now` does it" if people > 1 else ""))
    return 0


def _act_on_debt(
    instance: Instance, arguments: argparse.Namespace, reference: CaseReference, by: Officer, at: datetime
) -> int:
    """Place or lift a hold on a debt, or allow its destruction."""
    with instance.store.unit() as unit:
        match arguments.act:
            case "hold":
                kept = hold_debt(unit, reference, HoldReason(arguments.reason), by=by, at=at)
                told = f"The debt must be kept ({arguments.reason})."
            case "lift":
                kept = lift_debt_hold(unit, reference, arguments.number, by=by, at=at)
                told = "The reason to keep the debt is gone."
            case _:
                days = instance.shredder.days_of(kept_debt(unit, reference))
                kept = allow_debt(unit, reference, by=by, at=at, kept_days=days)
                people = len(kept.allowed_by())
                told = f"{people} of two people have allowed it" + (
                    "; `privity destroy now` does it" if people > 1 else ""
                )
    print(json.dumps(_debt_standing(instance, kept, at)) if arguments.json else told)
    return 0


def _now(instance: Instance, arguments: argparse.Namespace) -> int:
    reference = read_case_reference(arguments.reference)
    by = signed_by(arguments, instance, MAY_ALLOW)
    record = instance.shredder.destroy(reference, by=by, at=datetime.now(UTC))
    if arguments.certificate is not None:
        _write(arguments.certificate, instance.shredder.certificate(record.reference))
    if arguments.json:
        print(json.dumps(_done(record)))
        return 0
    print(f"destroyed: {record.rows_before} rows and the key {record.reference[:16]}… are gone from the database")
    if not instance.shredder.overwrites:
        print(NOT_OVERWRITTEN)
    print(f"backups made before today may hold them until {record.backups_expire}")
    if arguments.certificate is None:
        print(f"the certificate: privity destroy certificate {record.reference} FILE")
    else:
        print(f"the certificate is in {arguments.certificate}: privity certificate-of-destruction verify")
    return 0


def _list(instance: Instance, arguments: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    if arguments.done:
        records = instance.shredder.done()
        if arguments.json:
            print(json.dumps([_done(one) for one in records]))
            return 0
        for one in records:
            gone = f"gone {one.backups_expired_at[:10]}" if one.backups_expired_at else f"until {one.backups_expire}"
            print(f"{one.at[:10]}  {one.reference}  {one.organisation}  {one.rows_before} rows; backups {gone}")
        return 0
    if arguments.reference and instance.shredder.is_debt(read_case_reference(arguments.reference)):
        files, debts = [], [one for one in instance.shredder.debts() if one.case.reference == arguments.reference]
    elif arguments.reference:
        debts = []
        files = [instance.store.case(read_case_reference(arguments.reference))]
    else:
        files = [file for file in instance.watcher.cases() if not _kept_by(instance, file, now)]
        debts = [one for one in instance.shredder.debts() if not _debt_kept_by(instance, one, now)]
    if arguments.json:
        stated = [_standing(instance, file, now) for file in files]
        print(json.dumps(stated + [_debt_standing(instance, one, now) for one in debts]))
        return 0
    for debt in debts:
        why = "; ".join(fault.value for fault in _debt_kept_by(instance, debt, now)) or "may go"
        ended = debt.ended_on() or "not yet"
        print(f"{debt.case.reference}  debt, ended {ended}  {why}  allowed {len(debt.allowed_by())}/2")
    for file in files:
        kept = "; ".join(fault.value for fault in _kept_by(instance, file, now)) or "may go"
        print(
            f"{file.reference}  answered {file.state.closed_on or 'not yet'}  {kept}  allowed {len(file.allowances)}/2"
        )
    if not files and not debts:
        print("no case or debt may be destroyed today")
    return 0


def _kept_by(instance: Instance, file: CaseFile, now: datetime) -> tuple[NotYet, ...]:
    """Return what keeps a case here today, by its own agreement."""
    return faults(file, civil_day(now), kept_days=instance.watcher.ladder(file).kept_here_days)


def _standing(instance: Instance, file: CaseFile, now: datetime) -> dict[str, object]:
    return {
        "case": file.reference,
        "organisation": file.organisation,
        "closed_on": file.state.closed_on,
        "kept_by": [fault.name.lower() for fault in _kept_by(instance, file, now)],
        "allowed": len(file.allowances),
        "holds": [{"number": one.number, "reason": one.reason} for one in file.holds if not one.lifted_at],
    }


def _debt_kept_by(instance: Instance, kept: KeptDebt, now: datetime) -> tuple[NotYet, ...]:
    """Return what keeps a debt here today, by its own agreement."""
    return debt_faults(kept, civil_day(now), kept_days=instance.shredder.days_of(kept))


def _debt_standing(instance: Instance, kept: KeptDebt, now: datetime) -> dict[str, object]:
    ended = kept.ended_on()
    return {
        "debt": kept.case.reference,
        "organisation": kept.case.recipient,
        "closed_on": ended.isoformat() if ended else "",
        "kept_by": [fault.name.lower() for fault in _debt_kept_by(instance, kept, now)],
        "allowed": len(kept.allowed_by()),
        "holds": [{"number": one.number, "reason": one.reason} for one in kept.holds if not one.lifted_at],
    }


def _done(record: ShreddedRecord) -> dict[str, object]:
    return {
        "kid": record.reference,
        "at": record.at,
        "organisation": record.organisation,
        "rows": record.rows_before,
        "backups_expire": record.backups_expire,
        "backups_expired_at": record.backups_expired_at,
    }


def _certificate(instance: Instance, kid: str, file: Path, *, as_json: bool) -> int:
    _write(file, instance.shredder.certificate(kid))
    print(json.dumps({"certificate": str(file)}) if as_json else f"written: {file}")
    return 0


def _write(file: Path, content: bytes) -> None:
    try:
        with file.open("xb") as target:
            target.write(content)
    except FileExistsError:
        raise Mistaken(
            "the certificate was not written",
            why=f"there is a file `{file.name}` already",
            next_step="give another name",
        ) from None
