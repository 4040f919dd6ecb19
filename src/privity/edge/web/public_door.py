"""The second door: the desk of the public, the patient and the practice. Opened beside the first by `edge.wiring`."""

from dataclasses import dataclass

from privity.casework.public_desk import PublicDesk
from privity.errors import Unavailable
from privity.statistics.suppression import Suppression


@dataclass(slots=True)
class _Door:
    """What stands behind these pages; closed until somebody opens it."""

    desk: PublicDesk | None = None


_DOOR = _Door()


def open_public_with(desk: PublicDesk) -> None:
    """Put a desk behind the pages of the public."""
    _DOOR.desk = desk


def public() -> PublicDesk:
    """Return the desk behind the pages of the public.

    Raises: Unavailable: nobody opened the door.
    """
    if _DOOR.desk is None:
        raise Unavailable(
            "the page was not drawn",
            why="the pages were started without an instance behind them",
            next_step="start them with `privity serve --data DIR`",
        )
    return _DOOR.desk


def publishes_bands() -> bool:
    """Return whether the newest figures were published in bands, so that nothing exact may stand beside them."""
    newest = next(iter(_DOOR.desk.publications()), None) if _DOOR.desk is not None else None
    return newest is not None and newest.publication.setting is Suppression.BANDED
