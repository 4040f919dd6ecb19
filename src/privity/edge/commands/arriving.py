"""The server's worker: a request that does not arrive whole in time is read no further.

A thread reads one request, headers and body, before it answers. Somebody who sends a letter a minute would keep it, and
eight who do would keep all. A proxy in front would take requests in whole; `privity serve` does not rely on one.

Rules of the module:
- Only reading ends. What has arrived is answered as far as it goes, and an answer that takes long is not cut.
"""

import socket
from time import monotonic

from gunicorn.workers.gthread import TConn, ThreadWorker

ARRIVES_WITHIN_SECONDS = 30.0
"""From the first byte to the last: 10 MB take that long at 2.7 Mbit/s."""


class PunctualWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no type hints
    """A worker with threads that stops reading what is too slow."""

    def init_process(self) -> None:
        """Run until told to stop."""
        self._arriving: dict[int, tuple[TConn, float]] = {}
        super().init_process()

    def handle(self, conn: TConn) -> object:
        """Read and answer one request, in a thread of the pool."""
        self._arriving[id(conn)] = (conn, monotonic() + ARRIVES_WITHIN_SECONDS)
        try:
            return super().handle(conn)
        finally:
            self._arriving.pop(id(conn), None)

    def murder_pending(self) -> None:
        """Close connections on which nothing came. The main thread calls it about once a second."""
        super().murder_pending()
        for known, (conn, until) in list(self._arriving.items()):
            if monotonic() > until:
                self._arriving.pop(known, None)
                _read_no_more(conn.sock)


def _read_no_more(sock: socket.socket) -> None:
    """Let whoever waits for bytes of a connection find that there are none. TLS on it is left as it is."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RD)
    except OSError:
        # It is closed already, which is as good.
        return
