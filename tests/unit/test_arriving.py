"""A request that does not arrive in time is read no further, and can still be answered."""

import socket
from collections import deque
from time import monotonic
from types import SimpleNamespace

from privity.edge.commands.arriving import ARRIVES_WITHIN_SECONDS, PunctualWorker


def a_worker(sock: socket.socket, until: float) -> PunctualWorker:
    """Return a worker that reads from one connection, without the process around it."""
    worker: PunctualWorker = object.__new__(PunctualWorker)
    worker.pending_conns = deque()
    worker._arriving = {1: (SimpleNamespace(sock=sock), until)}
    return worker


def test_whoever_is_too_slow_is_read_no_further_and_is_answered_all_the_same() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"POST / HTTP/1.1\r\n")
        worker = a_worker(ours, monotonic() - 1)
        worker.murder_pending()
        assert ours.recv(100) == b"POST / HTTP/1.1\r\n", "what has arrived is there"
        assert ours.recv(100) == b"", "and nothing more is waited for"
        ours.sendall(b"HTTP/1.1 400 Bad Request\r\n")
        assert theirs.recv(100).startswith(b"HTTP/1.1 400")
        assert not worker._arriving
        worker.murder_pending()


def test_whoever_is_in_time_is_waited_for() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = a_worker(ours, monotonic() + ARRIVES_WITHIN_SECONDS)
        worker.murder_pending()
        theirs.sendall(b"late, and in time")
        assert ours.recv(100) == b"late, and in time"


def test_a_connection_that_closed_meanwhile_is_no_fault() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    ours.close()
    worker = a_worker(ours, monotonic() - 1)
    worker.murder_pending()
    assert not worker._arriving
