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
    add_db(parser)


def add_db(parser: argparse.ArgumentParser) -> None:
    """Add `--db URL`: the database, from `PRIVITY_DB` or a file in the data directory."""
    parser.add_argument(
        "--db",
        action=_UseDatabase,
        metavar="URL",
        help="postgres://USER@HOST/NAME; without it, a file in the data directory (or what PRIVITY_DB names)",
    )


class _UseDatabase(argparse.Action):
    """Names the database for this process, before anything opens it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        os.environ["PRIVITY_DB"] = str(values)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`: one JSON object on stdout and nothing else there."""
    parser.add_argument("--json", action="store_true", help="print JSON on stdout and nothing else there")
