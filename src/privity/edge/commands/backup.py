"""`privity backup OUT`: copies an instance while it serves, every case under its own key, the keys into a folder apart.

Run it by a timer. Without `--keys` no key is copied: copy them then by means of your own, or a backup opens nothing.
"""

import argparse
import json
from datetime import UTC, date, datetime
from pathlib import Path

from privity.casework.backing_up import BACKUPS_KEPT_DAYS
from privity.edge.commands.options import add_data, add_json
from privity.edge.wiring.backup_parts import Made, Wanted
from privity.edge.wiring.instance import open_instance
from privity.errors import Mistaken
from privity.request.due import british


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder to write; it must not exist yet")
    parser.add_argument(
        "--keys", type=Path, metavar="KEYS", help="another folder, on another disk, to copy every key into"
    )
    parser.add_argument(
        "--without-register", action="store_true", help="leave the register out: it can be imported again"
    )
    parser.add_argument(
        "--dump", type=Path, metavar="FILE", help="for PostgreSQL: what pg_dump wrote; its digest is kept"
    )
    parser.add_argument(
        "--days",
        type=int,
        default=BACKUPS_KEPT_DAYS,
        metavar="N",
        help=f"until when every copy of it is gone (default, and most: {BACKUPS_KEPT_DAYS})",
    )
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the backup and say what it is called.

    Raises: Mistaken: something is in the way. Unavailable: the database or the disk refused.
    """
    if not 1 <= arguments.days <= BACKUPS_KEPT_DAYS:
        raise Mistaken(
            "no backup was made",
            why=f"backups are kept 1 to {BACKUPS_KEPT_DAYS} days, as certificates of destruction say",
            next_step="leave `--days` out",
        )
    from_instance = open_instance(arguments.data)
    wanted = Wanted(
        out=arguments.out,
        keys=arguments.keys,
        with_register=not arguments.without_register,
        dump=arguments.dump,
        kept_days=arguments.days,
    )
    made = from_instance.backups.make(wanted, datetime.now(UTC))
    print(json.dumps(_stated(made, wanted)) if arguments.json else _in_words(made, wanted))
    return 0


def _stated(made: Made, wanted: Wanted) -> dict[str, object]:
    return {
        "backup": made.record.reference,
        "folder": str(wanted.out),
        "keys": str(wanted.keys) if wanted.keys else None,
        "size": made.record.size,
        "cases": made.cases,
        "files": made.files,
        "expires": made.record.expires,
    }


def _in_words(made: Made, wanted: Wanted) -> str:
    keys = (
        f"Every key is in {wanted.keys}. Keep it on another disk: the two together open every case."
        if wanted.keys
        else "No key was copied. Without the newest copy of the keys the backup opens nothing."
    )
    name = made.record.reference[:16]
    what = f"{made.record.size:,} entries of the ledger, {made.cases:,} cases under their own keys, {made.files} files"
    last = british(date.fromisoformat(made.record.expires))
    gone = f"Every copy must be gone after {last}; say so then: privity backups gone {name} --by ID"
    return "\n".join([f"Backup {name} is in {wanted.out}: {what}", keys, gone])
