"""Options that several commands share, spelled once."""

import argparse
import os
from pathlib import Path

DEFAULT_DATA = "privity-data"


def add_data(parser: argparse.ArgumentParser, *, default: str = DEFAULT_DATA) -> None:
    """Add `--data DIR`: the data directory, from `PRIVITY_DATA` or a default."""
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("PRIVITY_DATA", default)),
        metavar="DIR",
        help="the data directory of the instance (default: %(default)s)",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`: one JSON object on stdout and nothing else there."""
    parser.add_argument("--json", action="store_true", help="print JSON on stdout and nothing else there")
