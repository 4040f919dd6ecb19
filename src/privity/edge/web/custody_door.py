"""The third door: the desks of officers, guardian and department. Opened beside the first by `edge.wiring`."""

from privity.casework.custody_desks import CustodyDesks
from privity.edge.web.place import Place

_DESKS: Place[CustodyDesks] = Place()

custody = _DESKS.get


def open_custody_with(desks: CustodyDesks) -> None:
    """Put the custodian's desks behind their pages."""
    _DESKS.desk = desks


def has_custody() -> bool:
    """Return whether the custodian's desks are there, for pages that only add something of theirs."""
    return _DESKS.desk is not None
