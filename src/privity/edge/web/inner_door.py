"""The door through which the pages reach entrance, people, organisations, calendars and the ledger's entries.

`edge.wiring` opens it once, beside the first. Closed, nobody comes in.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from privity.casework.auditor import Auditor
from privity.casework.entrance import Entrance
from privity.casework.holidays import CalendarDesk
from privity.casework.keeper import Keeper, Registrar
from privity.errors import Unavailable

Desk = TypeVar("Desk")


@dataclass(slots=True)
class _Place(Generic[Desk]):
    """Where a desk stands, or nothing."""

    desk: Desk | None = None

    def get(self) -> Desk:
        """Return the desk.

        Raises: Unavailable: nobody opened the door.
        """
        if self.desk is None:
            raise Unavailable(
                "the page was not drawn",
                why="the pages were started without an instance behind them",
                next_step="start them with `privity serve --data DIR`",
            )
        return self.desk


_ENTRANCE: _Place[Entrance] = _Place()
_KEEPER: _Place[Keeper] = _Place()
_REGISTRAR: _Place[Registrar] = _Place()
_CALENDARS: _Place[CalendarDesk] = _Place()
_AUDITOR: _Place[Auditor] = _Place()

entrance = _ENTRANCE.get
keeper = _KEEPER.get
registrar = _REGISTRAR.get
calendars = _CALENDARS.get
auditor = _AUDITOR.get


def open_entrance(desk: Entrance) -> None:
    """Let people come in by this entrance."""
    _ENTRANCE.desk = desk


def open_inside(*, keeper: Keeper, registrar: Registrar, calendars: CalendarDesk, auditor: Auditor) -> None:
    """Put the desks of administrators and auditors behind their pages."""
    _KEEPER.desk, _REGISTRAR.desk = keeper, registrar
    _CALENDARS.desk, _AUDITOR.desk = calendars, auditor
