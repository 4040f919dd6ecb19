"""`privity organisation add | list`: who may ask, and under which agreement. Nothing is sealed to it by that alone."""

import argparse
import json
from datetime import UTC, datetime

from privity.definitions.party import Role
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.wiring.instance import open_instance


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="add|list")
    add = acts.add_parser("add", help="make an organisation known; its certificate still needs two people")
    add.add_argument("organisation", metavar="ORG", help="its short name, like kent-police; it cannot be changed")
    add.add_argument("--name", required=True, help="as it calls itself")
    add.add_argument("--kind", required=True, help="for example police force, court, GP practice")
    add.add_argument("--family", default="", help="the published agreement it asks under; none for who does not ask")
    listing = acts.add_parser("list", help="who is known, with how many people and good certificates")
    for act in (add, listing):
        add_signature(act)
        add_data(act)
        add_json(act)


def run(arguments: argparse.Namespace) -> int:
    """Make an organisation known, or list them.

    Raises: Mistaken: the signature is not right, or the name is none or known already.
    """
    instance = open_instance(arguments.data)
    by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
    if arguments.act == "add":
        instance.registrar.enrol_organisation(
            arguments.organisation, arguments.name, arguments.kind, arguments.family, by=by, at=datetime.now(UTC)
        )
        told = {"organisation": arguments.organisation, "done": "known"}
        print(json.dumps(told) if arguments.json else f"{arguments.organisation} is known; enrol its certificate next")
        return 0
    for line in instance.registrar.organisations(by=by):
        told = {"organisation": line.name, "name": line.words, "kind": line.kind, "family": line.family}
        counts = {"people": line.people, "certificates": line.certificates}
        said = f"{line.name}  {line.words}, {line.kind}: {line.people} people, {line.certificates} certificates"
        print(json.dumps({**told, **counts}) if arguments.json else said)
    return 0
