"""Which certificate a caller holds, where TLS proved it: on the connection itself, or by a proxy that is trusted.

Rules of the module:
- `PRIVITY_TLS_PROXIES` lists the addresses of trusted proxies. From anybody else the header says nothing.
- A trusted proxy sends `Client-Cert` (RFC 9440: the certificate as `:base64:`), and must itself delete one it is sent.
- Where the gateway ends TLS itself (`privity serve --tls-certificate`), the connection says it, and no header is read.
- What is handed on is the SHA-256 of the certificate's bytes: what tokens are bound to (RFC 8705, `x5t#S256`).
"""

import hashlib
import os
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Protocol, cast

from cryptography import x509
from django.http import HttpRequest, HttpResponseBase

from privity.edge.api.door import CERTIFICATE
from privity.errors import Mistaken

HEADER = "HTTP_CLIENT_CERT"
SOCKET = "gunicorn.socket"
LONGEST = 16_000
Answering = Callable[[HttpRequest], HttpResponseBase]
Network = IPv4Network | IPv6Network


class _Tls(Protocol):
    def getpeercert(self, binary_form: bool) -> bytes | None:
        """Return the certificate of the other side."""


class ClientCertificates:
    """Middleware: says in the request's environment which certificate was proved, if any."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response
        self.trusted = trusted_proxies(os.environ.get("PRIVITY_TLS_PROXIES", ""))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        header = request.META.pop(HEADER, "")
        connection = request.META.get(SOCKET)
        proved = b""
        if hasattr(connection, "getpeercert"):
            proved = cast(_Tls, connection).getpeercert(True) or b""
        elif header and self._is_trusted(str(request.META.get("REMOTE_ADDR", ""))):
            proved = _certificate(str(header))
        request.META[CERTIFICATE] = hashlib.sha256(proved).hexdigest() if proved else ""
        return self.get_response(request)

    def _is_trusted(self, address: str) -> bool:
        try:
            caller = ip_address(address)
        except ValueError:
            return False
        return any(caller in network for network in self.trusted)


def trusted_proxies(listed: str) -> tuple[Network, ...]:
    """Return the networks in a list like `10.0.0.7,10.1.0.0/24`.

    Raises: Mistaken: one of them is none.
    """
    try:
        return tuple(ip_network(one.strip()) for one in listed.split(",") if one.strip())
    except ValueError as wrong:
        raise Mistaken(
            "the gateway was not started",
            why="`PRIVITY_TLS_PROXIES` lists something that is no address or network",
            next_step="list addresses like `10.0.0.7,10.1.0.0/24`, or leave it out",
        ) from wrong


def _certificate(header: str) -> bytes:
    """Return the certificate in a header, or nothing where it is not exactly one."""
    if len(header) > LONGEST or not (header.startswith(":") and header.endswith(":")):
        return b""
    try:
        der = b64decode(header[1:-1], validate=True)
        x509.load_der_x509_certificate(der)
    except (NotBase64, ValueError):
        return b""
    return der
