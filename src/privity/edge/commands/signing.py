"""The options by which a person signs an act at a terminal: `--by STAFF-ID`, and a password that is asked for."""

import argparse
import getpass
import sys

from privity.definitions.party import Officer, Role
from privity.edge.wiring.instance import Instance
from privity.errors import Mistaken


def add_signature(parser: argparse.ArgumentParser) -> None:
    """Add `--by STAFF-ID`; the password is asked for, or read as one line from standard input."""
    parser.add_argument(
        "--by", required=True, metavar="STAFF-ID", help="who acts; the password is asked for, or read from stdin"
    )


def signed_by(arguments: argparse.Namespace, instance: Instance, roles: tuple[Role, ...]) -> Officer:
    """Return the officer who signs, once the password has held and the role fits.

    Raises: Mistaken: it does not.
    """
    prompt = f"Password of {arguments.by}: "
    password = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    officer = instance.accounts.officer_who_signs(arguments.by, password)
    if officer.role not in roles:
        names = " or ".join(role.value for role in roles)
        raise Mistaken("nothing was done", why=f"this is for a {names}", next_step="ask somebody who is one")
    return officer
