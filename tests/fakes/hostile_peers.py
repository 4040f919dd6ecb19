"""Peers that speak properly until it matters: one behaviour a connection, in turn, and the last one for ever after.

Each knows what it took as a peer that means to keep it would: a whole message, whatever it said about it.
"""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

from tests.fakes.peers import Machine, peer, resets


class Manner(StrEnum):
    """How a peer takes one message."""

    WELL = "well"
    STALLS = "stalls"
    """It reads everything, says nothing and holds the line."""
    RESETS = "resets"
    """It breaks the line in the middle of the message."""
    DROPS = "drops"
    """It takes the whole message and hangs up without a word."""
    SLOW = "slow"
    """It answers a byte at a time, for ever."""
    TWICE = "twice"
    """It says that it has the message, and says it again."""
    BUSY = "busy"
    """It says that it cannot now."""
    SAME_NUMBER = "same-number"
    """It calls the message by the number of the one before (MESH)."""


@dataclass(slots=True)
class Script:
    """What a peer does, connection by connection, and what it took meanwhile."""

    machine: Machine
    manners: Sequence[Manner]
    taken: list[bytes] = field(default_factory=list)
    seen: list[Manner] = field(default_factory=list)
    numbers: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> Manner:
        with self._turn:
            manner = self.manners[min(len(self.seen), len(self.manners) - 1)]
            self.seen.append(manner)
            return manner

    @contextmanager
    def relay(self) -> Iterator[int]:
        """Yield the port of an SMTP relay that keeps to the script."""
        with peer(self._as_relay) as port:
            yield port

    @contextmanager
    def mesh(self) -> Iterator[int]:
        """Yield the port of a MESH that keeps to the script."""
        with peer(self._as_mesh) as port:
            yield port

    def _as_relay(self, connection: socket.socket) -> None:
        manner = self.next()
        connection.sendall(b"421 not now\r\n" if manner is Manner.BUSY else b"220 hello\r\n")
        reading = connection.makefile("rb")
        for answer in (b"250-here\r\n250 STARTTLS\r\n", b"220 go\r\n"):
            if not reading.readline():
                return
            connection.sendall(answer)
        with self.machine.server_context().wrap_socket(connection, server_side=True) as line:
            talk = line.makefile("rb")
            for answer in (b"250 here\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 send\r\n"):
                talk.readline()
                line.sendall(answer)
            content = talk.readline()
            if manner is Manner.RESETS:
                _break(line)
                return
            while not content.endswith(b"\r\n.\r\n"):
                content += talk.readline()
            self.taken.append(content)
            self._answer(manner, line, b"250 taken\r\n")

    def _as_mesh(self, connection: socket.socket) -> None:
        manner = self.next()
        with self.machine.server_context().wrap_socket(connection, server_side=True) as line:
            talk = line.makefile("rb")
            length = 0
            while header := talk.readline().strip():
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            if manner is Manner.RESETS:
                _break(line)
                return
            self.taken.append(talk.read(length))
            self.numbers += manner is not Manner.SAME_NUMBER
            body = b'{"message_id": "NUMBER%d"}' % self.numbers
            status = b"503 Not now" if manner is Manner.BUSY else b"202 Accepted"
            said = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)
            self._answer(manner, line, said)

    @staticmethod
    def _answer(manner: Manner, line: ssl.SSLSocket, said: bytes) -> None:
        match manner:
            case Manner.STALLS:
                threading.Event().wait(30)
            case Manner.DROPS:
                return
            case Manner.SLOW:
                while True:
                    line.sendall(said[:1])
                    threading.Event().wait(0.05)
            case Manner.TWICE:
                line.sendall(said + said)
                _until_closed(line)
            case _:
                line.sendall(said)
                _until_closed(line)


def _until_closed(line: ssl.SSLSocket) -> None:
    with suppress(OSError):
        while line.recv(65_536):
            continue


def _break(line: ssl.SSLSocket) -> None:
    resets(line)
