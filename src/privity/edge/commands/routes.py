"""`privity routes`: every address the gateway answers at: the pages, and the interface with its methods.

Needs no instance. The interface's routes are the ones its OpenAPI document tells of; a test holds the two together.
"""

import argparse
import importlib
import json
from pathlib import Path

from privity.edge.commands.options import add_json
from privity.edge.wiring.instance import start


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--only", choices=["pages", "interface"], default="", help="one kind only")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the routes, one a line: with --json as objects."""
    # Nothing is opened: Django only has to know its applications before the addresses can be imported.
    start(Path())
    listed = importlib.import_module("privity.edge.wiring.addresses").addresses()
    for one in listed:
        if arguments.only and one.kind != arguments.only:
            continue
        if arguments.json:
            print(json.dumps({"kind": one.kind, "methods": list(one.methods), "path": one.path, "name": one.name}))
        else:
            print(f"{' '.join(one.methods) or 'page':8} {one.path}")
    return 0
