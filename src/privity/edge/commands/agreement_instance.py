"""`privity agreement publish | amend | suspend | resume`: what governs here, changed by people who sign.

Publishing and resuming widen what may leave: an administrator puts them forward, the guardian confirms them with
`privity role confirm`. Suspending narrows, so the guardian does it alone and at once.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from privity.casework.account_records import Change
from privity.definitions.party import Officer, Role
from privity.edge.commands.signing import signed_by
from privity.edge.wiring.instance import Instance, open_instance


def publish(arguments: argparse.Namespace) -> int:
    """Put a version, suspension or withdrawal that lies on the shelf forward for publication.

    Raises: Mistaken: the signature is not right, there is no such thing on the shelf, or it is published already.
    """
    instance = open_instance(arguments.data)
    by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
    family, _, name = str(arguments.family).partition("@")
    content = instance.registrar.publication(family, name, by=by)
    return _put_forward(arguments, instance, Change.PUBLICATION, content, by)


def suspend(arguments: argparse.Namespace) -> int:
    """Suspend an agreement at once.

    Raises: Mistaken: the signature is not right, no version is in force, or the reasons are too short or too long.
    """
    instance = open_instance(arguments.data)
    by = signed_by(arguments, instance, (Role.GUARDIAN,))
    instance.custody.guardian.suspend(arguments.family, reasons=arguments.reasons, by=by, at=datetime.now(UTC))
    told = {"agreement": arguments.family, "standing": "suspended"}
    said = f"{arguments.family} is suspended: requests are held, and nothing that is sealed leaves"
    print(json.dumps(told) if arguments.json else said)
    return 0


def resume(arguments: argparse.Namespace) -> int:
    """Put the end of an agreement's suspension forward.

    Raises: Mistaken: the signature is not right, nothing suspends it, or the reasons are too short or too long.
    """
    instance, now = open_instance(arguments.data), datetime.now(UTC)
    by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
    content = instance.registrar.lifting(arguments.family, arguments.reasons, by=by, at=now)
    suspended = [one for one in instance.registrar.suspensions(by=by, at=now) if one.family == arguments.family]
    for going in (one.sets_going for one in suspended):
        print(
            f"privity: {going.held} held cases are asked about again once it ends, {going.late} of them past their day;"
            f" {going.untouched} more are open where they stand",
            file=sys.stderr,
        )
    return _put_forward(arguments, instance, Change.RESUMPTION, content, by)


def _put_forward(
    arguments: argparse.Namespace, instance: Instance, change: Change, content: Mapping[str, str], by: Officer
) -> int:
    family = str(arguments.family).partition("@")[0]
    handed = instance.keeper.propose(change, family, content, by=by, at=datetime.now(UTC))
    said = f"Put forward. The guardian confirms it: privity role confirm {handed.reference} --by …"
    print(json.dumps({"proposal": handed.reference}) if arguments.json else said)
    return 0
