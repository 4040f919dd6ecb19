"""`privity audit`: is the database still what its ledger says was written into it?

Exit codes: 0 it is · 1 something was changed, and where · 2 the ledger was rolled back or forked against the export
named with `--ledger` · 3 unreadable.
"""

import argparse
import importlib
from pathlib import Path

from privity.edge.commands.options import add_data, add_json

OPENING, OF_AN_INSTANCE = "privity.edge.wiring.instance", "privity.edge.commands.audit_instance"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_data(parser)
    parser.add_argument(
        "--ledger",
        type=Path,
        metavar="DIR",
        help="an export of the same ledger kept elsewhere; the database must continue it",
    )
    parser.add_argument(
        "--earlier-key",
        action="append",
        default=[],
        metavar="VKEY",
        help="a key the ledger was signed with before its present one; may be given several times",
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare, tell, and return the exit code.

    Raises: PrivityError: no instance, an unreadable folder or database, a key that is none.
    """
    # The tables can be named only once Django knows whose they are, so the module that reads them comes second.
    instance = importlib.import_module(OPENING).open_instance(arguments.data)
    code: int = importlib.import_module(OF_AN_INSTANCE).run(arguments, instance)
    return code
