"""`privity register import | update` into an instance: by a named person, on record, checked like any other."""

import argparse
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from privity.definitions.party import Officer, Role
from privity.edge.commands.signing import proved, signed_by
from privity.edge.registers.writer import Progress
from privity.edge.wiring.instance import Instance, open_instance

if TYPE_CHECKING:
    from privity.edge.wiring.register_taking import RegisterTaking

_WIRING = "privity.edge.wiring.register_taking"
"""Loaded by name: the rows can be imported only once the instance is open."""


def take_in(arguments: argparse.Namespace, progress: Progress) -> tuple[int, str, Path]:
    """Take a file in as an instance's register and return its size, its digest and where it lies.

    Raises: Mistaken: not for these people, the file, its digest, or what it moves. Unavailable: the disk.
    """
    instance = open_instance(arguments.data)
    by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
    confirmed = [_confirming(instance, staff_id, by) for staff_id in arguments.confirmed_by]
    columns = _taking(instance).take_in(
        arguments.file, progress, digest=arguments.digest, confirmed_by=confirmed, by=by
    )
    return columns.size, columns.digest(), instance.data.register


def update(arguments: argparse.Namespace) -> int:
    """Put the people of a file into an instance's register and return how many.

    Raises: Mistaken: not for this person, or the file. Unavailable: no register is there, or the disk.
    """
    instance = open_instance(arguments.data)
    by = signed_by(arguments, instance, (Role.ADMINISTRATOR,))
    return _taking(instance).update(arguments.file, by=by)


def _confirming(instance: Instance, staff_id: str, by: Officer) -> Officer:
    """Return somebody who confirms, proved unless they have signed already."""
    return by if staff_id == by.staff_id else proved(instance, staff_id)


def _taking(instance: Instance) -> "RegisterTaking":
    made: RegisterTaking = importlib.import_module(_WIRING).RegisterTaking(
        store=instance.store, register=instance.data.register
    )
    return made
