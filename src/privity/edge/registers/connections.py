"""Connections to a register's database, lent to whoever reads: as many as read at one time, whatever their threads."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Connection(Protocol):
    """Whatever can be closed."""

    def close(self) -> None:
        """Close it."""
        ...


Lent = TypeVar("Lent", bound=Connection)


class Connections(Generic[Lent]):
    """Connections that wait to be lent. One that failed is not given back: it is closed, and another opened in time."""

    __slots__ = ("_closed", "_idle", "_open")

    def __init__(self, open_one: Callable[[], Lent]) -> None:
        self._open, self._closed = open_one, False
        self._idle: list[Lent] = []

    def lend(self) -> Lent:
        """Return a connection that nobody else has, a new one where none waits."""
        try:
            return self._idle.pop()
        except IndexError:
            return self._open()

    def take_back(self, connection: Lent) -> None:
        """Keep a connection for the next who reads; after `close`, close it."""
        if self._closed:
            connection.close()
        else:
            self._idle.append(connection)

    def close(self) -> None:
        """Close all that wait, and each that is lent once it comes back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()
