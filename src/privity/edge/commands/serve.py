"""`privity serve`: the pages of an instance, by gunicorn, on this machine."""

import argparse
import json
import os
import socket
import ssl
import sys
from pathlib import Path

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from privity.edge.commands.arriving import PunctualWorker
from privity.edge.commands.options import add_data
from privity.edge.demonstration.cast import PASSWORD
from privity.edge.demonstration.telling import accounts_told
from privity.edge.wiring.instance import is_made_up, must_be_up_to_date
from privity.errors import Mistaken, Unavailable

WSGI = "privity.edge.wiring.wsgi:application"
BACKLOG = 2048
"""Connections that may wait."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_data(parser)
    parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT", help="port 0 takes a free one")
    parser.add_argument(
        "--tls-certificate",
        type=Path,
        metavar="CERT.pem",
        help="end TLS here and not in front of the gateway",
    )
    parser.add_argument("--tls-key", type=Path, metavar="KEY.pem", help="the key of that certificate")
    parser.add_argument(
        "--client-ca",
        type=Path,
        metavar="CA.pem",
        help="authorities of the certificates that tokens are bound to",
    )
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes (default: 2)")


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no type hints
    """Gunicorn with our settings and no file of its own."""

    def __init__(self, sockets: socket.socket, workers: int, tls: dict[str, object]) -> None:
        self._sockets, self._workers, self._tls = sockets, workers, tls
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn is told."""
        settings = {
            "bind": [f"fd://{self._sockets.fileno()}"],
            "workers": self._workers,
            "threads": 4,
            "worker_class": PunctualWorker,
            "graceful_timeout": 20,
            "timeout": 60,
            "proc_name": "privity",
            "control_socket_disable": True,
            "loglevel": "warning",
            **self._tls,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Return the application, in the worker."""
        return import_app(WSGI)


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop. The first line on stdout is `{"port":…,"pid":…}`.

    Raises: Mistaken: no instance, tables not up to date, or the address is not HOST:PORT. Unavailable: port taken.
    """
    data: Path = arguments.data
    tls = _tls(arguments)
    must_be_up_to_date(data)
    listening = _listen(arguments.bind)
    print(json.dumps({"port": listening.getsockname()[1], "pid": os.getpid()}), flush=True)
    host, port = listening.getsockname()[:2]
    print(f"serving {data} at http{'s' if tls else ''}://{host}:{port}/ (stop with Ctrl-C)", file=sys.stderr)
    if is_made_up(data):
        told = [f"made-up data; every account has the password {PASSWORD}:", *accounts_told()]
        print("\n".join(told), file=sys.stderr, flush=True)
    Server(listening, max(arguments.workers, 1), tls).run()
    return 0


def _tls(arguments: argparse.Namespace) -> dict[str, object]:
    """Return what the server is told about TLS: nothing where TLS ends in front of it.

    A caller may come without a certificate: people do. Where it shows one, an authority named here must vouch for it.
    Raises: Mistaken: certificate and key are not both given. Unavailable: a file cannot be read, or does not fit.
    """
    certificate, key, authorities = (
        getattr(arguments, name, None) for name in ("tls_certificate", "tls_key", "client_ca")
    )
    if certificate is None and key is None and authorities is None:
        return {}
    if certificate is None or key is None:
        raise Mistaken(
            "nothing was served", why="TLS needs a certificate and its key", next_step="give both, or neither"
        )
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authorities).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as wrong:
        raise Unavailable(
            "nothing was served",
            why="certificate, key or authorities cannot be read, or do not belong together",
            next_step="check the three files",
        ) from wrong
    # The cookies of sessions then go over TLS alone.
    os.environ["PRIVITY_TLS"] = "yes"
    told: dict[str, object] = {"certfile": str(certificate), "keyfile": str(key)}
    return told | ({"ca_certs": str(authorities), "cert_reqs": ssl.CERT_OPTIONAL} if authorities else {})


def _listen(bind: str) -> socket.socket:
    host, _, port = bind.rpartition(":")
    if not host or not port.isascii() or not port.isdigit():
        raise Mistaken("nothing was served", why="the address is not HOST:PORT", next_step="use `127.0.0.1:8000`")
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host.strip("[]"), int(port)))
        listening.listen(BACKLOG)  # whoever reads the port may connect at once and waits for the first worker
    except OSError as taken:
        raise Unavailable(
            "nothing was served", why=f"`{bind}` cannot be bound", next_step="choose another port, or 0 for a free one"
        ) from taken
    return listening
