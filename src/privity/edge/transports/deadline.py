"""A peer gets so many seconds in all, however it spends them.

A timeout a read is no limit on the whole: a peer that sends a byte a second never runs into it. So the connection
itself is cut when its time is up, from beside, by the one duplicate of it that no library replaces on the way.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_SECONDS = 45.0
"""For one connection, from the first byte to the last. A worker is never stuck for a minute."""
READ_SECONDS = 20.0
"""For one read. Both are shorter in tests."""


@contextmanager
def cut_off(connection: socket.socket, seconds: float) -> Iterator[None]:
    """Cut the connection when `seconds` are up; whoever reads or writes on it then gets an error."""
    guard = connection.dup()
    timer = threading.Timer(seconds, _cut, [guard])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        guard.close()


def _cut(guard: socket.socket) -> None:
    try:
        guard.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The peer was faster.
        return
