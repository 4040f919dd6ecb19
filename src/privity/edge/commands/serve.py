"""`privity serve`: the pages of an instance, by gunicorn, on this machine."""

import argparse
import json
import os
import socket
import sys
from pathlib import Path

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

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
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes (default: 2)")


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no type hints
    """Gunicorn with our settings and no file of its own."""

    def __init__(self, sockets: socket.socket, workers: int) -> None:
        self._sockets, self._workers = sockets, workers
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn is told."""
        settings = {
            "bind": [f"fd://{self._sockets.fileno()}"],
            "workers": self._workers,
            "threads": 4,
            "worker_class": "gthread",
            "graceful_timeout": 20,
            "timeout": 60,
            "proc_name": "privity",
            "control_socket_disable": True,
            "loglevel": "warning",
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
    must_be_up_to_date(data)
    listening = _listen(arguments.bind)
    print(json.dumps({"port": listening.getsockname()[1], "pid": os.getpid()}), flush=True)
    host, port = listening.getsockname()[:2]
    print(f"serving {data} at http://{host}:{port}/ (stop with Ctrl-C)", file=sys.stderr)
    if is_made_up(data):
        told = [f"made-up data; every account has the password {PASSWORD}:", *accounts_told()]
        print("\n".join(told), file=sys.stderr, flush=True)
    Server(listening, max(arguments.workers, 1)).run()
    return 0


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
