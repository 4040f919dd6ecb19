"""How a person signs an act at a terminal: `--by STAFF-ID`, a password, and a code where the account has an app.

Both are asked for on a terminal without being shown; elsewhere they are read as one line each, in this order.
"""

import argparse
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path

from privity.definitions.party import Officer, Role
from privity.edge.wiring.instance import Instance
from privity.errors import Mistaken, Unavailable


def add_signature(parser: argparse.ArgumentParser) -> None:
    """Add `--by STAFF-ID`; password and code are asked for, or read as lines from standard input."""
    parser.add_argument(
        "--by",
        required=True,
        metavar="STAFF-ID",
        help="who acts; password and code are asked for, or read from stdin",
    )


def signed_by(arguments: argparse.Namespace, instance: Instance, roles: tuple[Role, ...]) -> Officer:
    """Return the officer who signs, once password and code have held and the role fits.

    Raises: Mistaken: it does not.
    """
    officer = proved(instance, arguments.by)
    if officer.role not in roles:
        names = " or ".join(f"{'an' if role.value[0] in 'aeiou' else 'a'} {role.value}" for role in roles)
        raise Mistaken("nothing was done", why=f"this is for {names}", next_step="ask somebody who is one")
    return officer


def proved(instance: Instance, staff_id: str, password_file: Path | None = None) -> Officer:
    """Return the officer who proves to be this one, by password and, where the account has one, by a second factor.

    Args:   password_file: holds the password instead of it being asked for.
    Raises: Mistaken: password or code is not right. Unavailable: the file cannot be read.
    """
    password = _from_file(password_file) if password_file else secret_line(f"Password of {staff_id}: ")
    return instance.accounts.sign_in(
        staff_id, password, lambda: secret_line(f"Code of {staff_id}, or a recovery code: "), at=datetime.now(UTC)
    )


def secret_line(prompt: str) -> str:
    """Return a line that is not shown on a terminal, or the next line of standard input."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _from_file(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as wrong:
        raise Unavailable(
            "nothing was done",
            why="the password file cannot be read, or is no text",
            next_step="name a file that holds the password and nothing else",
        ) from wrong
