"""The second door: the desk of the public, the patient and the practice. Opened beside the first by `edge.wiring`."""

from privity.casework.public_desk import PublicDesk
from privity.edge.web.place import Place
from privity.statistics.suppression import Suppression

_DESK: Place[PublicDesk] = Place()

public = _DESK.get


def open_public_with(desk: PublicDesk) -> None:
    """Put a desk behind the pages of the public."""
    _DESK.desk = desk


def publishes_bands() -> bool:
    """Return whether the newest figures were published in bands, so that nothing exact may stand beside them."""
    newest = next(iter(_DESK.desk.publications()), None) if _DESK.desk is not None else None
    return newest is not None and newest.publication.setting is Suppression.BANDED
