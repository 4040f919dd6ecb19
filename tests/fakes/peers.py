"""Peers that misbehave, one way each, and a well-behaved relay's certificate: on this machine only."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LOCALHOST = "127.0.0.1"
Behaviour = Callable[[socket.socket], None]


@contextmanager
def peer(behaviour: Behaviour) -> Iterator[int]:
    """Yield the port of a server that does `behaviour` to everybody who connects."""
    listening = socket.create_server((LOCALHOST, 0))
    closing = threading.Event()
    kept: list[socket.socket] = []

    def serve() -> None:
        while not closing.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            kept.append(connection)
            threading.Thread(target=_quietly, args=(behaviour, connection), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        closing.set()
        for one in (listening, *kept):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _quietly(behaviour: Behaviour, connection: socket.socket) -> None:
    try:
        behaviour(connection)
    except OSError:
        # The client cut the line, which is what it should do.
        return


def stalls(connection: socket.socket) -> None:
    """Say nothing and hold the line."""
    threading.Event().wait(60)


def resets(connection: socket.socket) -> None:
    """Break the line at once, with a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()


def drips(connection: socket.socket) -> None:
    """Say a greeting, a byte at a time, for ever."""
    while True:
        connection.sendall(b"2")
        threading.Event().wait(0.05)


def floods(connection: socket.socket) -> None:
    """Talk without end."""
    block = b"220-" + b"x" * 60 + b"\r\n"
    while True:
        connection.sendall(block * 1_000)


class Machine:
    """A certificate for this machine by an authority of its own, as PEM files in a folder."""

    def __init__(self, folder: Path, name: str = "peer") -> None:
        now = datetime.now(UTC)  # noqa: TID251  TLS itself looks at the clock
        root_key = ec.generate_private_key(ec.SECP256R1())
        root = _certificate(f"{name} root", root_key, None, root_key, now, authority=True)
        self.authority = folder / f"{name}-ca.pem"
        self.authority.write_bytes(root.public_bytes(Encoding.PEM))
        self.certificate, self.key = folder / f"{name}.pem", folder / f"{name}-key.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        issued = _certificate("127.0.0.1", key, root, root_key, now, authority=False)
        self.certificate.write_bytes(issued.public_bytes(Encoding.PEM))
        self.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    def server_context(self) -> ssl.SSLContext:
        """Return what a server on this machine presents."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    signer: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    authority: bool,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOCALHOST)), x509.DNSName("localhost")]),
            critical=False,
        )
    )
    return builder.sign(signer, hashes.SHA256())
