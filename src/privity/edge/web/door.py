"""The door through which the pages reach the desk, and the only clock they read.

`edge.wiring` opens it once, before the first request is answered.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from privity.casework.desk import Desk
from privity.casework.letters import LetterDesk
from privity.casework.requester_desk import RequesterDesk
from privity.errors import Unavailable


@dataclass(slots=True)
class _Door:
    """What stands behind the pages; closed until somebody opens it."""

    desk: Desk | None = None
    requester_desk: RequesterDesk | None = None
    letters: LetterDesk | None = None
    made_up: bool = False


_DOOR = _Door()


def open_with(
    desk: Desk,
    *,
    requester_desk: RequesterDesk | None = None,
    letters: LetterDesk | None = None,
    made_up: bool = False,
) -> None:
    """Put desks behind the pages. `made_up` says on every page that its people and cases are invented."""
    _DOOR.desk = desk
    _DOOR.requester_desk = requester_desk
    _DOOR.letters = letters
    _DOOR.made_up = made_up


def requester_desk() -> RequesterDesk:
    """Return the requester's desk behind the pages.

    Raises: Unavailable: there is none.
    """
    if _DOOR.requester_desk is None:
        raise _shut()
    return _DOOR.requester_desk


def letters() -> LetterDesk:
    """Return where letters come from.

    Raises: Unavailable: there is no such place.
    """
    if _DOOR.letters is None:
        raise _shut()
    return _DOOR.letters


def desk() -> Desk:
    """Return the desk behind the pages.

    Raises: Unavailable: nobody opened the door.
    """
    if _DOOR.desk is None:
        raise _shut()
    return _DOOR.desk


def _shut() -> Unavailable:
    return Unavailable(
        "the page was not drawn",
        why="the pages were started without an instance behind them",
        next_step="start them with `privity serve --data DIR`",
    )


def shows_made_up_people() -> bool:
    """Return whether what stands behind the pages is a demonstration."""
    return _DOOR.made_up


def now() -> datetime:
    """Return this moment, in UTC. No page reads a clock anywhere else."""
    return datetime.now(UTC)
