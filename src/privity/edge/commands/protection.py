"""`privity protection show | lift`: what practices registered to protect a person, and taking it away.

The NHS number is asked for, or read from standard input after the password: what stands on a command line can be seen
by everybody on the machine, and stays in its history.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import cast

from privity.casework.instance_records import ProtectionRecord
from privity.casework.public_desk import PublicDesk
from privity.definitions.party import OrganisationId, Role
from privity.definitions.person import NhsNumber
from privity.edge.commands.options import add_data, add_json
from privity.edge.commands.signing import add_signature, signed_by
from privity.edge.wiring.instance import open_instance
from privity.errors import Mistaken
from privity.protection.registration import EFFECTS_OF_LIFTING, AskedBy, Lifting


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="show|lift")
    show = acts.add_parser("show", help="show what still holds for one NHS number")
    lift = acts.add_parser("lift", help="take a flag, an address for letters, or both away; says first what that does")
    lift.add_argument("practice", metavar="PRACTICE", help="the practice that registered it")
    lift.add_argument("--flag", action="store_true", help="where the person is, is no longer hidden")
    lift.add_argument("--letters", action="store_true", help="letters go home again")
    lift.add_argument("--asked-by", required=True, choices=[who.value for who in AskedBy])
    lift.add_argument("--reason", required=True, help="why it is safe now; name nobody")
    lift.add_argument(
        "--effects-explained", action="store_true", help="the effects were explained to the person, alone"
    )
    for act in (show, lift):
        add_data(act)
        add_signature(act)
        add_json(act)


def run(arguments: argparse.Namespace) -> int:
    """Show or lift, for the guardian.

    Raises: Mistaken: not the guardian, no such number, nothing registered, or the effects were not explained.
    """
    instance = open_instance(arguments.data)
    desk = cast(PublicDesk, import_module("privity.edge.wiring.public_desk").public_desk(instance))
    if arguments.act == "lift" and not arguments.json:
        print("\n".join(f"  - {effect}" for effect in EFFECTS_OF_LIFTING), file=sys.stderr)
    by = signed_by(arguments, instance, (Role.GUARDIAN,))
    number = _number()
    if arguments.act == "show":
        return _show(list(desk.protections(number, by=by)), as_json=arguments.json)
    lifting = Lifting(
        nhs_number=number,
        practice=OrganisationId(arguments.practice),
        flag=arguments.flag,
        letters=arguments.letters,
        reason=arguments.reason,
        asked_by=AskedBy(arguments.asked_by),
    )
    desk.lift(lifting, effects_read=arguments.effects_explained, by=by, at=datetime.now(UTC))
    print(json.dumps({"lifted": True}) if arguments.json else "lifted, and on record who asked and why")
    return 0


def _number() -> NhsNumber:
    """Return the NHS number that is typed, or the next line of standard input."""
    if sys.stdin.isatty():
        print("NHS number: ", end="", file=sys.stderr, flush=True)
    typed = sys.stdin.readline()
    if not typed.strip():
        raise Mistaken("nothing was done", why="no NHS number was given", next_step="type it when you are asked")
    return NhsNumber("".join(typed.split()))


def _show(found: list[ProtectionRecord], *, as_json: bool) -> int:
    lines = [
        {
            "practice": record.practice,
            "flag": record.flagged,
            "letters": bool(record.postcode),
            "registered_at": record.at,
            "asked_by": record.asked_by,
            "until": record.last,
        }
        for record in found
    ]
    if as_json:
        print(json.dumps({"protections": lines}))
        return 0
    for line in lines:
        what = [words for words, holds in (("hidden", line["flag"]), ("letters elsewhere", line["letters"])) if holds]
        print(f"{line['practice']}: {', '.join(what)}, since {line['registered_at']}, asked for by {line['asked_by']}")
    if not lines:
        print("nothing that still holds is registered for this number")
    return 0
