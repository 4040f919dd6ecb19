"""`privity outbox run`: sends what is sealed and unsent; repeats are byte-identical."""

import argparse
import json
import time
from datetime import UTC, datetime
from pathlib import Path

from privity.casework.ports import Transport
from privity.edge.commands.options import add_data, add_json
from privity.edge.transports.spool import Spool
from privity.edge.wiring.instance import open_instance
from privity.errors import Mistaken

PAUSE_SECONDS = 5


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("act", choices=["run"], help="send what is sealed and unsent")
    add_data(parser)
    parser.add_argument("--once", action="store_true", help="send once and stop, instead of every few seconds")
    parser.add_argument(
        "--transport", default="", metavar="spool:DIR", help="where to (default: the instance's own spool folder)"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Send until stopped, or once.

    Raises: Mistaken: a transport that is not known. Unavailable: the transport did not take a pack.
    """
    transport = _transport(arguments.transport)
    instance = open_instance(arguments.data)
    while True:
        sent = instance.outbox.send(at=datetime.now(UTC), transport=transport)
        if arguments.json:
            print(json.dumps({"sent": len(sent), "cases": sent}), flush=True)
        elif sent or arguments.once:
            print(f"sent {len(sent)} sealed pack(s)", flush=True)
        if arguments.once:
            return 0
        time.sleep(PAUSE_SECONDS)


def _transport(named: str) -> Transport | None:
    if not named:
        return None
    scheme, _, folder = named.partition(":")
    if scheme != "spool" or not folder:
        raise Mistaken(
            "nothing was sent", why=f"the transport `{scheme[:20]}` is not known", next_step="use `spool:DIR`"
        )
    return Spool(Path(folder))
