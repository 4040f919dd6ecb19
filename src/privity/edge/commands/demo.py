"""`privity demo`: a made-up register and year, walked through the corridor, checked from outside, and replayed."""

import argparse
import json
import time
from datetime import UTC, datetime
from pathlib import Path

from privity.edge.commands import serve
from privity.edge.commands.options import add_db, add_json
from privity.edge.demonstration.main_job import do_main_job
from privity.edge.demonstration.results import Wishes
from privity.edge.demonstration.telling import Teller, tell
from privity.errors import Mistaken


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--people", type=int, default=100_000, metavar="N", help="people on the made-up register")
    parser.add_argument("--year", type=int, default=2016, choices=[2016], help="whose reported volumes to walk")
    parser.add_argument("--scale", type=float, default=1.0, metavar="F", help="shrink the volumes, above 0 to 1")
    parser.add_argument("--seed", type=int, default=2016, metavar="S", help="reproduces every figure")
    parser.add_argument("--data", type=Path, default=Path("privity-demo"), metavar="DIR")
    parser.add_argument("--serve", action="store_true", help="serve the pages when done")
    parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")
    parser.add_argument("--workers", type=int, default=2, help=argparse.SUPPRESS)
    add_db(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do the main job and tell it; the last line on stdout with `--json` is one object.

    Raises: Mistaken: a size that cannot be, or a folder that holds an instance already.
    """
    if not 0 < arguments.scale <= 1:
        raise Mistaken("the demonstration was not made", why="the scale is not above 0 to 1", next_step="use 0.05")
    started = time.monotonic()
    teller = Teller(quiet=arguments.json)
    wishes = Wishes(
        data=arguments.data,
        people=arguments.people,
        scale=arguments.scale,
        seed=arguments.seed,
        now=datetime.now(UTC),
    )
    done = do_main_job(wishes, teller)
    if arguments.json:
        print(json.dumps(done.as_json(), sort_keys=True))
    else:
        print(tell(done, seconds=time.monotonic() - started))
    holds = done.holds
    if arguments.serve and holds:
        return serve.run(arguments)
    return 0 if holds else 1
