"""The third door: the desk of debts. Opened beside the others by `edge.wiring`."""

from dataclasses import dataclass

from privity.casework.debt_desk import DebtDesk
from privity.definitions.party import OrganisationId
from privity.errors import Unavailable


@dataclass(slots=True)
class _Door:
    """What stands behind these pages; closed until somebody opens it."""

    desk: DebtDesk | None = None


_DOOR = _Door()


def open_debts_with(desk: DebtDesk | None) -> None:
    """Put a desk behind the pages of debts, or close them."""
    _DOOR.desk = desk


def debts() -> DebtDesk:
    """Return the desk behind the pages of debts.

    Raises: Unavailable: nobody opened the door.
    """
    if _DOOR.desk is None:
        raise Unavailable(
            "the page was not drawn",
            why="the pages were started without an instance behind them",
            next_step="start them with `privity serve --data DIR`",
        )
    return _DOOR.desk


def collates(organisation: str) -> bool:
    """Return whether an organisation collates debts here; where no desk is open, none does."""
    return _DOOR.desk is not None and _DOOR.desk.collates(OrganisationId(organisation))
