"""`privity user add | disable | sign-out | reset | link | enrol-app | list`: accounts.

What gives somebody more needs two administrators who both sign; what takes away, one. The first two administrators
are enrolled at the machine itself, before there is anybody who could sign; the ledger says that the gateway did it.
"""

import argparse
import json
import sys
from datetime import UTC, datetime

from privity.casework.account_records import Change
from privity.casework.officers import Reason
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.role import granted
from privity.edge.commands.signing import add_signature, secret_line, signed_by
from privity.edge.wiring.instance import Instance, open_instance

KEEPERS = (Role.ADMINISTRATOR,)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="add|disable|sign-out|reset|link|enrol-app|list")
    add = acts.add_parser("add", help="make an account with a role; the two who grant it sign, here, one after another")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=[role.value for role in Role if role is not Role.SYSTEM])
    add.add_argument("--organisation", default="custodian")
    add.add_argument("--rank", default="", help="for a requester's officer: the rank they countersign in")
    add.add_argument(
        "--granted-by",
        nargs=2,
        metavar="STAFF-ID",
        help="the two administrators who grant it and sign; without them only the first two administrators are added",
    )
    disable = acts.add_parser("disable", help="close an account at once")
    disable.add_argument("--reason", default=Reason.LEFT.value, choices=[reason.value for reason in Reason])
    ended = acts.add_parser("sign-out", help="end every session of an account at once")
    resetting = acts.add_parser("reset", help="put forward that password and second factor are made anew")
    linking = acts.add_parser("link", help="put forward who somebody is at the organisation's own sign-on")
    linking.add_argument("--issuer", required=True, metavar="https://…")
    linking.add_argument("--subject", required=True)
    enrolling = acts.add_parser("enrol-app", help="enrol an app as second factor, for somebody with a password alone")
    listing = acts.add_parser("list", help="who has an account, with which role")
    for act in (add, disable, ended, resetting, linking, enrolling):
        act.add_argument("staff_id", metavar="STAFF-ID")
    for act in (disable, ended, resetting, linking, listing):
        add_signature(act)
    for act in (add, disable, ended, resetting, linking, enrolling, listing):
        add_data(act)
        add_json(act)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked.

    Raises: Mistaken: a signature is not right, or the account exists, does not exist, or cannot be so.
    """
    instance = open_instance(arguments.data)
    now = datetime.now(UTC)
    match arguments.act:
        case "add":
            return _add(instance, arguments)
        case "enrol-app":
            return _enrol_app(instance, arguments, now)
        case "list":
            return _list(instance, signed_by(arguments, instance, KEEPERS), as_json=arguments.json)
        case "reset" | "link":
            return _put_forward(instance, arguments)
        case "disable":
            by = signed_by(arguments, instance, KEEPERS)
            instance.keeper.close(arguments.staff_id, Reason(arguments.reason), by=by, at=now)
            said = "can no longer sign in"
        case _:
            by = signed_by(arguments, instance, KEEPERS)
            instance.keeper.end_sessions(arguments.staff_id, by=by, at=now)
            said = "is signed out everywhere"
    told = {"staff_id": arguments.staff_id, "done": said}
    print(json.dumps(told) if arguments.json else f"{arguments.staff_id} {said}")
    return 0


def _add(instance: Instance, arguments: argparse.Namespace) -> int:
    officer = Officer(
        staff_id=StaffId(arguments.staff_id),
        name=arguments.name,
        organisation=OrganisationId(arguments.organisation),
        role=Role(arguments.role),
    )
    if arguments.granted_by is None:
        password = secret_line(f"Password for {officer.staff_id}: ")
        instance.keeper.found(officer, password, at=datetime.now(UTC))
        told = {"staff_id": officer.staff_id, "role": officer.role.value}
        said = f"{officer.staff_id} can sign in as {officer.role.value}, once a second factor is enrolled"
        print(json.dumps(told) if arguments.json else said)
        return 0
    content = {
        "name": officer.name,
        "organisation": officer.organisation,
        "role": officer.role.value,
        "rank": arguments.rank,
    }
    return granted(instance, Change.ENROL, officer.staff_id, content, arguments.granted_by, as_json=arguments.json)


def _put_forward(instance: Instance, arguments: argparse.Namespace) -> int:
    by = signed_by(arguments, instance, KEEPERS)
    link = arguments.act == "link"
    content = {"issuer": arguments.issuer, "subject": arguments.subject} if link else {}
    change = Change.SIGN_ON if link else Change.RESET
    handed = instance.keeper.propose(change, arguments.staff_id, content, by=by, at=datetime.now(UTC))
    if arguments.json:
        print(json.dumps({"proposal": handed.reference, "first_part": handed.half}))
        return 0
    if handed.half:
        print(f"First part of the set-up code, for {arguments.staff_id} alone, shown this once: {handed.half}")
    print(f"Put forward. A second administrator confirms it: privity role confirm {handed.reference} --by …")
    return 0


def _enrol_app(instance: Instance, arguments: argparse.Namespace, now: datetime) -> int:
    factors, staff_id = instance.accounts.factors, arguments.staff_id
    password = secret_line(f"Password of {staff_id}: ")
    instance.accounts.must_have_no_factor_yet(staff_id, password)
    secret = factors.fresh_secret()
    print(f"Type this secret into the app: {secret}\n{factors.address(staff_id, secret)}", file=sys.stderr, flush=True)
    factors.enrol_app(staff_id, secret, secret_line("Code the app shows: "), now)
    codes = factors.fresh_recovery_codes(staff_id)
    instance.keeper.factor_enrolled(staff_id, "app", at=now)
    if arguments.json:
        print(json.dumps({"staff_id": staff_id, "recovery_codes": list(codes)}))
        return 0
    print("Enrolled. Keep these recovery codes where nobody else finds them; each stands in for the app once:")
    for code in codes:
        print(f"  {code}")
    return 0


def _list(instance: Instance, by: Officer, *, as_json: bool) -> int:
    lines = instance.keeper.people(by=by)
    for line in lines:
        record = line.record
        told = {
            "staff_id": record.reference,
            "name": record.name,
            "organisation": record.organisation,
            "role": record.role,
            "standing": record.standing,
            "second_factor": line.has_factor,
        }
        factor = "second factor" if line.has_factor else "no second factor"
        said = f"{record.reference}  {record.name}  {record.role} of {record.organisation}  {record.standing}, {factor}"
        print(json.dumps(told) if as_json else said)
    return 0
