"""The third door: the desks of officers, guardian and department. Opened beside the first by `edge.wiring`."""

from dataclasses import dataclass

from privity.casework.custody_desks import CustodyDesks
from privity.errors import Unavailable


@dataclass(slots=True)
class _Door:
    """What stands behind these pages; closed until somebody opens it."""

    desks: CustodyDesks | None = None


_DOOR = _Door()


def open_custody_with(desks: CustodyDesks) -> None:
    """Put the custodian's desks behind their pages."""
    _DOOR.desks = desks


def custody() -> CustodyDesks:
    """Return the custodian's desks.

    Raises: Unavailable: nobody opened the door.
    """
    if _DOOR.desks is None:
        raise Unavailable(
            "the page was not drawn",
            why="the pages were started without an instance behind them",
            next_step="start them with `privity serve --data DIR`",
        )
    return _DOOR.desks


def has_custody() -> bool:
    """Return whether the custodian's desks are there, for pages that only add something of theirs."""
    return _DOOR.desks is not None
