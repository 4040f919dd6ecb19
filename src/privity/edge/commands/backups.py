"""`privity backups list | gone`: which backups there are, by when each must be gone, and that one is."""

import argparse
import json
from datetime import UTC, date, datetime

from privity.casework.backing_up import MAY_ACKNOWLEDGE, is_overdue
from privity.casework.instance_records import BackupRecord
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.wiring.instance import open_instance
from privity.request.due import british


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="list|gone")
    listing = acts.add_parser("list", help="every backup, and by when it must be gone")
    gone = acts.add_parser("gone", help="say that every copy of a backup is gone")
    gone.add_argument("digest", metavar="DIGEST", help="its first digits, as `privity backups list` shows them")
    add_signature(gone)
    for act in (listing, gone):
        add_data(act)
        add_json(act)


def run(arguments: argparse.Namespace) -> int:
    """List, or put on record; with `list`, 1 where one is overdue.

    Raises: Mistaken: no such backup, or not for this person.
    """
    instance, now = open_instance(arguments.data), datetime.now(UTC)
    if arguments.act == "gone":
        by = signed_by(arguments, instance, MAY_ACKNOWLEDGE)
        record = instance.backups.discard(arguments.digest, by=by, at=now)
        told = f"On record: every copy of the backup of {_day(record.made_at)} is gone"
        print(json.dumps({"backup": record.reference, "discarded_at": record.discarded_at}) if arguments.json else told)
        return 0
    found = instance.backups.all()
    if arguments.json:
        print(json.dumps([_stated(one, now) for one in found]))
    else:
        for one in found:
            made = f"{_day(one.made_at):>17} {one.made_at[11:16]}"
            print(f"{made}  {one.reference[:16]}  {one.size:>9,} entries  {_standing(one, now)}")
        if not found:
            print("no backup has been made yet")
    return 1 if any(is_overdue(one, now) for one in found) else 0


def _stated(one: BackupRecord, now: datetime) -> dict[str, object]:
    return {
        "backup": one.reference,
        "made_at": one.made_at,
        "size": one.size,
        "expires": one.expires,
        "discarded_at": one.discarded_at,
        "overdue": is_overdue(one, now),
    }


def _standing(one: BackupRecord, now: datetime) -> str:
    if one.discarded_at:
        return f"gone {_day(one.discarded_at)}"
    return f"must be gone since {_day(one.expires)}" if is_overdue(one, now) else f"until {_day(one.expires)}"


def _day(moment: str) -> str:
    return british(date.fromisoformat(moment[:10]))
