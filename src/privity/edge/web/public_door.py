"""The second door: the desk of the public, the patient and the practice. Opened beside the first by `edge.wiring`."""

from privity.casework.public_desk import PublicDesk
from privity.edge.web.place import Place
from privity.statistics.suppression import Suppression

_DESK: Place[PublicDesk] = Place()

public = _DESK.get


def open_public_with(desk: PublicDesk) -> None:
    """Put a desk behind the pages of the public."""
    _DESK.desk = desk


def publishes_exactly() -> bool:
    """Return whether the newest year's figures were published exactly, so that a table between them may be too."""
    if _DESK.desk is None:
        return True  # pages without the public's desk have figures of their own
    made = [one.publication for one in _DESK.desk.publications()]
    of_newest_year = [one for one in made if one.quarter.year == made[0].quarter.year]
    return bool(made) and all(one.setting is Suppression.EXACT for one in of_newest_year)
