"""`privity role grant | confirm | withdraw | revoke | waiting`: a role is granted by two people who both sign in.

The first puts it forward, the second, another administrator, confirms it; neither can do it for themselves. Whoever
takes a role away does it alone, and it holds for the very next request.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

from privity.casework.account_records import Change
from privity.casework.keeper import Handed
from privity.casework.officers import Reason
from privity.definitions.party import Role
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import add_signature, proved, signed_by
from privity.edge.wiring.instance import Instance, open_instance

KEEPERS = (Role.ADMINISTRATOR,)
CONFIRMERS = (Role.ADMINISTRATOR, Role.GUARDIAN)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="grant|confirm|withdraw|revoke|waiting")
    grant = acts.add_parser("grant", help="put forward that somebody is trusted with a role")
    grant.add_argument("staff_id", metavar="STAFF-ID")
    grant.add_argument("--role", required=True, choices=[role.value for role in Role if role is not Role.SYSTEM])
    grant.add_argument("--rank", default="", help="for a requester's officer: the rank they countersign in")
    grant.add_argument("--name", default="", help="for somebody who is not enrolled yet")
    grant.add_argument("--organisation", default="custodian", help="for somebody who is not enrolled yet")
    confirm = acts.add_parser("confirm", help="confirm what somebody else put forward")
    withdraw = acts.add_parser("withdraw", help="take back what was put forward, or say no to it")
    for act in (confirm, withdraw):
        act.add_argument("proposal", metavar="PROPOSAL", help="its 32 digits, as `privity role waiting` shows them")
    revoke = acts.add_parser("revoke", help="take a role away at once")
    revoke.add_argument("staff_id", metavar="STAFF-ID")
    revoke.add_argument("--reason", required=True, choices=[reason.value for reason in Reason])
    waiting = acts.add_parser("waiting", help="what waits for a second person")
    for act in (grant, confirm, withdraw, revoke, waiting):
        add_signature(act)
        add_data(act)
        add_json(act)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked.

    Raises: Mistaken: the signature is not right, or the change cannot be made by this person.
    """
    instance, now = open_instance(arguments.data), datetime.now(UTC)
    by = signed_by(arguments, instance, CONFIRMERS if arguments.act in ("confirm", "waiting", "withdraw") else KEEPERS)
    match arguments.act:
        case "grant":
            change = Change.ENROL if arguments.name else Change.ROLE
            content = {"role": arguments.role, "rank": arguments.rank}
            if arguments.name:
                content |= {"name": arguments.name, "organisation": arguments.organisation}
            handed = instance.keeper.propose(change, arguments.staff_id, content, by=by, at=now)
            told = {"proposal": handed.reference, "first_part": handed.half}
            said = f"Put forward. Another administrator confirms it: privity role confirm {handed.reference} --by …"
            _tell(told, "\n".join(filter(None, (_half(handed, "First"), said))), as_json=arguments.json)
        case "confirm":
            told_handed(instance.keeper.confirm(arguments.proposal, by=by, at=now), as_json=arguments.json)
        case "withdraw":
            instance.keeper.withdraw(arguments.proposal, by=by, at=now)
            _tell({"withdrawn": arguments.proposal}, "Withdrawn: nothing changed", as_json=arguments.json)
        case "revoke":
            instance.keeper.revoke(arguments.staff_id, Reason(arguments.reason), by=by, at=now)
            said = f"{arguments.staff_id} has no role any more and is signed out"
            _tell({"staff_id": arguments.staff_id, "done": "revoked"}, said, as_json=arguments.json)
        case _:
            for one in instance.keeper.waiting(by=by, at=now):
                told = {"proposal": one.record.reference, "change": one.change.value, "about": one.about}
                words = ", ".join(f"{name} {value}" for name, value in one.content.items() if value)
                said = f"{one.record.reference}  {one.change.value} {one.about}: {words or 'made anew'}"
                _tell(told, f"{said} (put forward by {one.record.proposed_by})", as_json=arguments.json)
    return 0


def granted(
    instance: Instance,
    change: Change,
    about: str,
    content: Mapping[str, str],
    two: Sequence[str],
    *,
    as_json: bool,
) -> int:
    """Put something forward and have it confirmed at the same terminal, by two people who sign one after the other.

    Raises: Mistaken: a signature is not right, or the two are one.
    """
    first = proved(instance, two[0])
    handed = instance.keeper.propose(change, about, content, by=first, at=datetime.now(UTC))
    with ExitStack() as otherwise:
        # Whatever stops the second, what the first put forward does not stay lying there.
        otherwise.callback(lambda: instance.keeper.withdraw(handed.reference, by=first, at=datetime.now(UTC)))
        second = proved(instance, two[1])
        done = instance.keeper.confirm(handed.reference, by=second, at=datetime.now(UTC))
        otherwise.pop_all()
    told_handed(done, as_json=as_json, first_part=handed.half)
    return 0


def told_handed(done: Handed, *, as_json: bool, first_part: str = "") -> None:
    """Say what was done and what is to be handed over, this once."""
    told = {"about": done.about, "change": done.change.value, "second_part": done.half}
    told |= {"first_part": first_part} if first_part else {}
    told |= {"client_id": done.program, "client_secret": done.secret} if done.program else {}
    lines = [f"Confirmed: {done.change.value} {done.about}"]
    if first_part:
        lines.append(f"First part of the set-up code, shown this once:  {first_part}")
    if done.half:
        lines.append(_half(done, "Second"))
        lines.append(f"{done.about} sets a password at /sign-in/set-up/ with both parts, within seven days.")
    if done.gone_on:
        told |= {"cases_gone_on": str(done.gone_on.moved), "cases_waiting": str(done.gone_on.waiting)}
        lines.append(f"{done.gone_on.moved} held cases went on.")
        if done.gone_on.waiting:
            lines.append(f"{done.gone_on.waiting} more go on with the next `privity watch`; run it now.")
    if done.program:
        lines += [f"client_id      {done.program}", f"client_secret  {done.secret}"]
        lines += ["", "The secret is kept nowhere; it is shown this once."]
    _tell(told, "\n".join(lines), as_json=as_json)


def _half(handed: Handed, which: str) -> str:
    return f"{which} part of the set-up code, shown this once: {handed.half}" if handed.half else ""


def _tell(told: Mapping[str, str], said: str, *, as_json: bool) -> None:
    print(json.dumps(told) if as_json else said)
