"""`privity restore IN`: puts a backup back into an empty folder, at a standstill until two people acknowledge the gap.

    privity restore IN --keys KEYS --data DIR                 put it back
    privity restore show --data DIR                           what waits to be acknowledged
    privity restore acknowledge --by ID --second ID           go on, under a new name of the log
    privity restore shut                                      cases that may have been destroyed since, held shut
    privity restore destroy CASE… --by ID --second ID         destroy some of them (again); `all` for all
    privity restore reopen CASE… --by ID --second ID          they were not destroyed: open them

Exit codes of a restore: 0 put back · 1 the backup is damaged, or the tables are not what the ledger says · 2 refused,
or a checkpoint from outside contradicts the backup · 3 unreadable.
"""

import argparse
import importlib
from pathlib import Path

from privity.edge.commands.options import add_data, add_json
from privity.edge.wiring.instance import start
from privity.errors import Mistaken

ACTS = ("show", "acknowledge", "shut", "destroy", "reopen")
OF_AN_INSTANCE = "privity.edge.commands.restore_instance"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("what", metavar="IN", help=f"the backup's folder; or one of {', '.join(ACTS)}")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="for destroy and reopen: their references, or `all`")
    parser.add_argument("--keys", type=Path, metavar="KEYS", help="the newest copy of the keys, or the old data folder")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        metavar="OLD",
        help="a checkpoint of the log held outside: it shows what was lost; may be given several times",
    )
    parser.add_argument(
        "--ledger", type=Path, metavar="DIR", help="a later export of the log: what was destroyed since is known by it"
    )
    parser.add_argument("--key", default="", metavar="VKEY", help="the log's public key, not taken from the backup")
    parser.add_argument("--by", default="", metavar="STAFF-ID", help="who acts; password and code are asked for")
    parser.add_argument("--second", default="", metavar="STAFF-ID", help="the second person, who signs after the first")
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Put back, show, acknowledge, or see to a case held shut.

    Raises: PrivityError: damaged or contradicted, something in the way, not two people.
    """
    signs = arguments.what in ("acknowledge", "destroy", "reopen")
    if signs and not (arguments.by and arguments.second):
        raise _refused("two people sign this, one after the other", "give both: `--by ID --second ID`")
    if arguments.what in ("destroy", "reopen") and not arguments.cases:
        raise _refused("no case is named", "copy its reference from `privity restore shut`, or say `all`")
    if arguments.what not in ("destroy", "reopen") and arguments.cases:
        raise _refused("only destroy and reopen name cases", "give one folder to restore from")
    if arguments.what not in ACTS and arguments.keys is None:
        raise _refused(
            "a backup opens nothing without the keys",
            "name the newest copy: `--keys KEYS`; the old data directory will do where it is left",
        )
    # The tables can be named only once Django knows whose they are, so the module that writes them comes second.
    start(arguments.data)
    code: int = importlib.import_module(OF_AN_INSTANCE).run(arguments)
    return code


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("nothing was done", why=why, next_step=next_step)
