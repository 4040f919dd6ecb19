"""`privity program add | revoke`: requesters' systems that use the API. Two people add one, one revokes it."""

import argparse
import json
from datetime import UTC, datetime

from privity.definitions.party import OrganisationId, StaffId
from privity.edge.commands.options import add_data, add_json
from privity.edge.wiring.instance import open_instance


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="add|revoke")
    add = acts.add_parser("add", help="make a program known; its secret is shown this once")
    add.add_argument("organisation", metavar="ORG", help="the asking body it speaks for")
    add.add_argument("--granted-by", nargs=2, required=True, metavar="STAFF-ID", help="the two people who add it")
    add_json(add)
    revoke = acts.add_parser("revoke", help="revoke a program at once")
    revoke.add_argument("program", metavar="PROGRAM")
    for act in (add, revoke):
        add_data(act)


def run(arguments: argparse.Namespace) -> int:
    """Add or revoke a program.

    Raises: Mistaken: the organisation or program is not known, or one person adds it alone.
    """
    instance = open_instance(arguments.data)
    if arguments.act == "revoke":
        instance.programs.revoke(arguments.program)
        print(f"{arguments.program} gets no further answer")
        return 0
    first, second = (StaffId(name) for name in arguments.granted_by)
    program, secret = instance.programs.add(
        OrganisationId(arguments.organisation), by=first, seconded_by=second, at=datetime.now(UTC)
    )
    if arguments.json:
        print(json.dumps({"client_id": program, "client_secret": secret}))
        return 0
    print(f"client_id      {program}\nclient_secret  {secret}\n\nThe secret is kept nowhere; it is shown this once.")
    return 0
