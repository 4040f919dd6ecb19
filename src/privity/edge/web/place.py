"""A place behind the pages where a desk stands. Doors are made of places; `edge.wiring` fills them, once."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from privity.errors import Unavailable

Desk = TypeVar("Desk")


@dataclass(slots=True)
class Place(Generic[Desk]):
    """Where a desk stands, or nothing: then whatever asks for it is refused, and nothing is shown."""

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
