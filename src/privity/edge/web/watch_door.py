"""The door to the desk about the tracer and about fishing. Opened beside the first by `edge.wiring`."""

from privity.casework.watch_desk import WatchDesk
from privity.edge.web.place import Place

_DESK: Place[WatchDesk] = Place()

watch = _DESK.get


def open_watch_with(desk: WatchDesk) -> None:
    """Put a desk behind these pages."""
    _DESK.desk = desk


def hindered() -> str:
    """Return why nobody is proposed automatically, for the pages of cases; nothing where proposals are made."""
    return "" if _DESK.desk is None else _DESK.desk.hindered_words()
