"""The door through which the pages reach the desk, and the only clock they read.

`edge.wiring` opens it once, before the first request is answered.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from privity.casework.desk import Desk
from privity.casework.letters import LetterDesk
from privity.casework.requester_desk import RequesterDesk
from privity.edge.web.place import Place
from privity.errors import Unavailable

_DESK: Place[Desk] = Place()
_REQUESTER_DESK: Place[RequesterDesk] = Place()
_LETTERS: Place[LetterDesk] = Place()
_MADE_UP: Place[bool] = Place()
_STANDSTILL: Place[Callable[[], Unavailable | None]] = Place()

desk = _DESK.get
requester_desk = _REQUESTER_DESK.get
letters = _LETTERS.get


def open_with(
    desk: Desk,
    *,
    requester_desk: RequesterDesk | None = None,
    letters: LetterDesk | None = None,
    made_up: bool = False,
    standstill: Callable[[], Unavailable | None] | None = None,
) -> None:
    """Put desks behind the pages.

    Args:   made_up: says on every page that its people and cases are invented.
            standstill: returns why nothing can be written now, or None.
    """
    _DESK.desk, _REQUESTER_DESK.desk, _LETTERS.desk = desk, requester_desk, letters
    _MADE_UP.desk, _STANDSTILL.desk = made_up, standstill


def shows_made_up_people() -> bool:
    """Return whether what stands behind the pages is a demonstration."""
    return bool(_MADE_UP.desk)


def standstill() -> Unavailable | None:
    """Return why nothing can be written now, or None where everything can."""
    return _STANDSTILL.desk() if _STANDSTILL.desk else None


def now() -> datetime:
    """Return this moment, in UTC. No page reads a clock anywhere else."""
    return datetime.now(UTC)
