"""The door to the desk of debts. Opened beside the others by `edge.wiring`."""

from privity.casework.debt_desk import DebtDesk
from privity.definitions.party import OrganisationId
from privity.edge.web.place import Place

_DESK: Place[DebtDesk] = Place()

debts = _DESK.get


def open_debts_with(desk: DebtDesk | None) -> None:
    """Put a desk behind the pages of debts, or close them."""
    _DESK.desk = desk


def collates(organisation: str) -> bool:
    """Return whether an organisation collates debts here; where no desk is open, none does."""
    return _DESK.desk is not None and _DESK.desk.collates(OrganisationId(organisation))
