"""`privity authorisation matrix`: who may do what, to which case, in which status; the table itself, nothing computed.

Needs no instance and no Django: what is printed is what the gateway enforces.
"""

import argparse
import json

from privity.casework.authorisation import Operation, Permission, Relation, permission
from privity.casework.lifecycle import Status
from privity.definitions.party import Role
from privity.edge.commands.options import add_json


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="matrix")
    matrix = acts.add_parser("matrix", help="every operation, role, relation and status")
    matrix.add_argument("--role", choices=[role.value for role in Role], help="one role only")
    add_json(matrix)


def run(arguments: argparse.Namespace) -> int:
    """Print the matrix: with --json every cell as a line, else what is allowed."""
    roles = [Role(arguments.role)] if arguments.role else list(Role)
    if arguments.json:
        for cell in cells(roles):
            print(json.dumps(cell))
        return 0
    for operation in Operation:
        print(f"{operation.value} ({_meaning(operation)})")
        for role in roles:
            for relation in Relation:
                _tell(operation, role, relation)
    return 0


def cells(roles: list[Role]) -> list[dict[str, str | None]]:
    """Return every cell of the matrix with what the table answers."""
    return [
        {
            "operation": operation.value,
            "role": role.value,
            "relation": relation.value,
            "status": status.value if status else None,
            "permission": permission(operation, role, relation, status).value,
        }
        for operation in Operation
        for role in roles
        for relation in Relation
        for status in (tuple(Status) if operation.is_on_a_case else (None,))
    ]


def _meaning(operation: Operation) -> str:
    return "on a case" if operation.is_on_a_case else "on no case"


def _tell(operation: Operation, role: Role, relation: Relation) -> None:
    statuses: tuple[Status | None, ...] = tuple(Status) if operation.is_on_a_case else (None,)
    allowed = [status for status in statuses if permission(operation, role, relation, status) is Permission.ALLOWED]
    if not allowed:
        return
    where = "every status" if len(allowed) == len(statuses) else ", ".join(one.value for one in allowed if one)
    known = "" if relation is Relation.NONE else f" ({relation.value})"
    print(f"  {role.value}{known}" + (f": {where}" if operation.is_on_a_case else ""))
