"""The door through which the pages reach the desk, and the only clock they read.

`edge.wiring` opens it once, before the first request is answered.
"""

from datetime import UTC, datetime

from privity.casework.desk import Desk
from privity.casework.letters import LetterDesk
from privity.casework.requester_desk import RequesterDesk
from privity.edge.web.place import Place

_DESK: Place[Desk] = Place()
_REQUESTER_DESK: Place[RequesterDesk] = Place()
_LETTERS: Place[LetterDesk] = Place()
_MADE_UP: Place[bool] = Place()

desk = _DESK.get
requester_desk = _REQUESTER_DESK.get
letters = _LETTERS.get


def open_with(
    desk: Desk,
    *,
    requester_desk: RequesterDesk | None = None,
    letters: LetterDesk | None = None,
    made_up: bool = False,
) -> None:
    """Put desks behind the pages. `made_up` says on every page that its people and cases are invented."""
    _DESK.desk, _REQUESTER_DESK.desk, _LETTERS.desk = desk, requester_desk, letters
    _MADE_UP.desk = made_up


def shows_made_up_people() -> bool:
    """Return whether what stands behind the pages is a demonstration."""
    return bool(_MADE_UP.desk)


def now() -> datetime:
    """Return this moment, in UTC. No page reads a clock anywhere else."""
    return datetime.now(UTC)
