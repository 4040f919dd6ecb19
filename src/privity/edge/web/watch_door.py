"""The door to the desk about the tracer and about fishing. Opened beside the first by `edge.wiring`."""

from dataclasses import dataclass

from privity.casework.watch_desk import WatchDesk
from privity.errors import Unavailable


@dataclass(slots=True)
class _Door:
    """What stands behind these pages; closed until somebody opens it."""

    desk: WatchDesk | None = None


_DOOR = _Door()


def open_watch_with(desk: WatchDesk) -> None:
    """Put a desk behind these pages."""
    _DOOR.desk = desk


def watch() -> WatchDesk:
    """Return the desk behind these pages.

    Raises: Unavailable: nobody opened the door.
    """
    if _DOOR.desk is None:
        raise Unavailable(
            "the page was not drawn",
            why="the pages were started without an instance behind them",
            next_step="start them with `privity serve --data DIR`",
        )
    return _DOOR.desk


def hindered() -> str:
    """Return why nobody is proposed automatically, for the pages of cases; nothing where proposals are made."""
    if _DOOR.desk is None:
        return ""
    return _DOOR.desk.hindered_words()
