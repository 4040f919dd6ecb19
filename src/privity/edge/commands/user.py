"""`privity user add | disable | sign-out`: accounts. A role is granted by two people, and both are on record."""

import argparse
import getpass
import sys
from datetime import UTC, datetime

from privity.casework.enrol import enrol_officer
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.edge.commands.options import add_data
from privity.edge.wiring.instance import open_instance
from privity.errors import Mistaken

SHORTEST_PASSWORD = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="add|disable|sign-out")
    add = acts.add_parser("add", help="make an account; the password is asked for, or read from standard input")
    add.add_argument("staff_id", metavar="STAFF-ID")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=[role.value for role in Role if role is not Role.SYSTEM])
    add.add_argument("--organisation", default="custodian")
    add.add_argument("--granted-by", nargs=2, required=True, metavar="STAFF-ID", help="the two people who grant it")
    disable = acts.add_parser("disable", help="close an account at once")
    disable.add_argument("staff_id", metavar="STAFF-ID")
    ended = acts.add_parser("sign-out", help="end every session of an account at once")
    ended.add_argument("staff_id", metavar="STAFF-ID")
    add.add_argument("--rank", default="", help="for a requester's officer: the rank they countersign in")
    for act in (add, disable, ended):
        add_data(act)


def run(arguments: argparse.Namespace) -> int:
    """Add or disable an account.

    Raises: Mistaken: the account exists, does not exist, or one person grants the role alone.
    """
    instance = open_instance(arguments.data)
    if arguments.act == "disable":
        instance.accounts.disable(arguments.staff_id)
        print(f"{arguments.staff_id} can no longer sign in")
        return 0
    if arguments.act == "sign-out":
        instance.accounts.end_sessions(arguments.staff_id)
        print(f"every session of {arguments.staff_id} has ended")
        return 0
    officer = Officer(
        staff_id=StaffId(arguments.staff_id),
        name=arguments.name,
        organisation=OrganisationId(arguments.organisation),
        role=Role(arguments.role),
    )
    first, second = (_administrator(name) for name in arguments.granted_by)
    password = _password()
    with instance.store.unit() as unit:
        enrol_officer(unit, officer, by=first, seconded_by=second, at=datetime.now(UTC))
        instance.accounts.add(officer, password=password, rank=arguments.rank)
    print(f"{officer.staff_id} can sign in as {officer.role.value}")
    return 0


def _administrator(name: str) -> Officer:
    return Officer(staff_id=StaffId(name), name=name, organisation=OrganisationId("custodian"), role=Role.ADMINISTRATOR)


def _password() -> str:
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < SHORTEST_PASSWORD:
        raise Mistaken(
            "the account was not made",
            why=f"the password is shorter than {SHORTEST_PASSWORD} characters",
            next_step="choose a longer one",
        )
    return password
