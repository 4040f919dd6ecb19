"""`privity register`: make a synthetic register, or turn a CSV file into a register file."""

import argparse
import json
import sys
from pathlib import Path

from privity.edge.registers import sqlite
from privity.edge.registers.register_csv import write_csv
from privity.edge.synthetic import people


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    generate = actions.add_parser("generate", help="write a synthetic register, the same for the same seed")
    generate.add_argument("--people", type=int, required=True, metavar="N", help="how many people")
    generate.add_argument("--seed", type=int, default=1, metavar="S", help="default 1")
    generate.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="FILE.csv, or FILE.sqlite for a register file"
    )
    importing = actions.add_parser("import", help="turn a CSV file into a register file, all or nothing")
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    importing.add_argument("--register", type=Path, required=True, metavar="OUT.sqlite")
    importing.add_argument("--digest", default="", metavar="SHA256", help="refuse the file unless it has it")
    importing.add_argument(
        "--confirmed-by",
        action="append",
        default=[],
        metavar="STAFF_ID",
        help="twice, by two people: take a file that changes more than the limits allow",
    )
    for action in (generate, importing):
        action.add_argument("--json", action="store_true", help="one JSON object on stdout")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 0 when done."""
    if arguments.action == "generate":
        return _generate(arguments)
    columns = sqlite.import_csv(
        arguments.file, arguments.register, _tell, arguments.digest, tuple(arguments.confirmed_by)
    )
    return _done(arguments, columns.size, columns.digest(), arguments.register)


def _generate(arguments: argparse.Namespace) -> int:
    population = people.generate(arguments.people, arguments.seed)
    out: Path = arguments.out
    if out.suffix == ".sqlite":
        sqlite.build(population, out, _tell)
    else:
        write_csv(population.columns, out)
    return _done(arguments, population.columns.size, population.columns.digest(), out)


def _tell(what: str, share: float) -> None:
    """Say on a terminal what is being done."""
    if sys.stderr.isatty():
        print(f"\r\033[K{share:4.0%} {what}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def _done(arguments: argparse.Namespace, size: int, digest: str, out: Path) -> int:
    if arguments.json:
        print(json.dumps({"records": size, "digest": digest, "file": str(out)}))
    else:
        print(f"{size:,} records written to {out}\ncontent SHA-256 {digest}")
    return 0
