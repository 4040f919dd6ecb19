"""`privity program add | revoke`: requesters' systems that use the API. Two administrators add one, one revokes it."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from privity.casework.account_records import Change
from privity.definitions.party import Role
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.role import granted
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.seals.certificates import fingerprint
from privity.edge.seals.key_files import read_certificate
from privity.edge.wiring.instance import open_instance


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="add|revoke")
    add = acts.add_parser("add", help="make a program known; its secret is shown this once")
    add.add_argument("organisation", metavar="ORG", help="the asking body it speaks for")
    add.add_argument(
        "--granted-by", nargs=2, required=True, metavar="STAFF-ID", help="the two administrators who add it and sign"
    )
    add.add_argument(
        "--certificate", type=Path, metavar="CERT.pem", help="the TLS certificate without which it gets no token"
    )
    revoke = acts.add_parser("revoke", help="revoke a program at once")
    revoke.add_argument("program", metavar="PROGRAM")
    add_signature(revoke)
    for act in (add, revoke):
        add_data(act)
        add_json(act)


def run(arguments: argparse.Namespace) -> int:
    """Add or revoke a program.

    Raises: Mistaken: a signature is not right, the organisation or program is not known. Unavailable: a file.
    """
    instance = open_instance(arguments.data)
    if arguments.act == "revoke":
        by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
        instance.registrar.revoke_program(arguments.program, by=by, at=datetime.now(UTC))
        told = {"program": arguments.program, "done": "revoked"}
        print(json.dumps(told) if arguments.json else f"{arguments.program} gets no further answer")
        return 0
    digest = fingerprint(read_certificate(arguments.certificate)) if arguments.certificate else ""
    content = {"certificate_sha256": digest}
    return granted(
        instance, Change.PROGRAM, arguments.organisation, content, arguments.granted_by, as_json=arguments.json
    )
