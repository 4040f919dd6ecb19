"""A peer gets so many seconds in all, however it spends them.

A timeout a read is no limit on the whole: a peer that sends a byte a second never runs into it. So the connection
itself is cut when its time is up, from beside, by the one duplicate of it that no library replaces on the way.

Making the connection counts as well: a name may stand for many machines, each of which lets us wait.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

LONGEST_SECONDS = 45.0
"""For one connection, from the first machine asked to the last byte. A worker is never stuck for a minute."""
READ_SECONDS = 20.0
"""For one read. Both are shorter in tests."""


@contextmanager
def connected(host: str, port: int, *, seconds: float, read_seconds: float) -> Iterator[socket.socket]:
    """Connect to the first machine of that name that answers, and cut the connection when `seconds` are up in all.

    Raises: OSError: none answered in time.
    """
    ends = monotonic() + seconds
    with _first_of(host, port, ends, read_seconds) as line, cut_off(line, max(0.0, ends - monotonic())):
        yield line


def _first_of(host: str, port: int, ends: float, read_seconds: float) -> socket.socket:
    refused: OSError = TimeoutError("no machine of that name answered in time")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        left = min(read_seconds, ends - monotonic())
        if left <= 0:
            break
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(left)
            line.connect(address)
        except OSError as wrong:
            line.close()
            refused = wrong
            continue
        line.settimeout(read_seconds)
        return line
    raise refused


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
