"""`privity register`: make a synthetic register, turn a file into one, lay it out, or tell how often one was read."""

import argparse
import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import cast

from privity.edge.commands.options import add_data
from privity.edge.registers import sqlite
from privity.edge.registers.laid_out import laid_out_path
from privity.edge.registers.lay_out import lay_out
from privity.edge.registers.opening import is_address, is_of_an_instance, take_in, update
from privity.edge.registers.register_csv import write_register_file
from privity.edge.synthetic import people
from privity.errors import Mistaken

_TAKING_MODULE = "privity.edge.commands.register_taking"
_READS_MODULE = "privity.edge.commands.register_reads"
"""Loaded by name, and only where an instance is meant: everything else here starts without Django."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    generate = actions.add_parser("generate", help="write a synthetic register, the same for the same seed")
    generate.add_argument("--people", type=int, required=True, metavar="N", help="how many people")
    generate.add_argument("--seed", type=int, default=1, metavar="S", help="default 1")
    generate.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="FILE.csv, FILE.parquet, or FILE.sqlite: a register file",
    )
    importing = actions.add_parser("import", help="turn a CSV or Parquet file into a register file, all or nothing")
    importing.add_argument("file", type=Path, metavar="FILE.csv|FILE.parquet")
    importing.add_argument(
        "--register", default="", metavar="OUT.sqlite|postgres://…", help="a register of your own, beside any instance"
    )
    importing.add_argument("--digest", default="", metavar="SHA256", help="refuse the file unless it has it")
    importing.add_argument(
        "--confirmed-by",
        action="append",
        default=[],
        metavar="STAFF_ID",
        help="twice, by two people: take a file that changes more than the limits allow",
    )
    updating = actions.add_parser("update", help="put the people of a file in one by one, all or nothing")
    updating.add_argument("file", type=Path, metavar="FILE.csv|FILE.parquet")
    updating.add_argument(
        "--register", default="", metavar="FILE.sqlite|postgres://…", help="a register of your own, beside any instance"
    )
    for action in (importing, updating):
        action.add_argument(
            "--by",
            default="",
            metavar="STAFF-ID",
            help="into the instance: an administrator, who signs",
        )
        add_data(action)
    laying = actions.add_parser(
        "lay-out", help="lay a register file out for traces as it stands, after many updates or a move from elsewhere"
    )
    laying.add_argument("--register", required=True, metavar="FILE.sqlite")
    reads = actions.add_parser("reads", help="how often and for which case an instance's register was read; on record")
    reads.add_argument("--case", default="", metavar="REF", help="one case: its reference, or the digits of its key")
    add_data(reads)
    reads.add_argument(
        "--by",
        required=True,
        metavar="STAFF-ID",
        help="a guardian or an auditor; password and code are asked for, or read from stdin",
    )
    for action in (generate, importing, updating, laying, reads):
        action.add_argument("--json", action="store_true", help="one JSON object on stdout")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 0 when done."""
    if arguments.action == "generate":
        return _generate(arguments)
    if arguments.action == "reads":
        return cast(int, importlib.import_module(_READS_MODULE).run(arguments))
    if arguments.action == "lay-out":
        return _lay_out(arguments)
    inside = _inside(arguments)
    if arguments.action == "update":
        count = inside.update(arguments) if inside else update(arguments.file, arguments.register)
        print(json.dumps({"changed": count}) if arguments.json else f"{count:,} records put in")
        return 0
    if inside:
        return _done(arguments, *inside.take_in(arguments, _tell))
    confirmed_by = tuple(arguments.confirmed_by)
    columns = take_in(arguments.file, arguments.register, _tell, digest=arguments.digest, confirmed_by=confirmed_by)
    return _done(arguments, columns.size, columns.digest(), arguments.register)


def _inside(arguments: argparse.Namespace) -> ModuleType | None:
    """Return what takes a register into an instance, or None where one beside any instance is named.

    Raises: Mistaken: nobody signs, or a register of an instance is named as if it were none.
    """
    if is_of_an_instance(arguments.register):
        raise Mistaken(
            "nothing was taken",
            why="that is the register of an instance, and what is done to it is put on record",
            next_step="leave `--register` out, and add `--data DIR` and `--by STAFF-ID`",
        )
    if arguments.register:
        return None
    if not arguments.by:
        raise Mistaken(
            "nothing was taken",
            why="neither a register of your own is named nor anybody who takes it into the instance",
            next_step="add `--register OUT.sqlite`, or `--data DIR --by STAFF-ID`",
        )
    return importlib.import_module(_TAKING_MODULE)


def _generate(arguments: argparse.Namespace) -> int:
    population = people.generate(arguments.people, arguments.seed)
    out: Path = arguments.out
    if out.suffix == ".sqlite":
        sqlite.build(population, out, _tell)
    else:
        write_register_file(population.columns, out)
    return _done(arguments, population.columns.size, population.columns.digest(), out)


def _lay_out(arguments: argparse.Namespace) -> int:
    if is_address(arguments.register):
        raise Mistaken(
            "the register was not laid out",
            why="a register in a database is read from its tables",
            next_step="name a register file; a database needs no layout",
        )
    path = Path(arguments.register)
    laid = lay_out(path, _tell)
    if arguments.json:
        print(json.dumps({"records": laid.records, "late": laid.late, "file": str(laid_out_path(path))}))
    else:
        print(f"{laid.records:,} records laid out, {laid.late:,} of them changed since the last time")
    return 0


def _tell(what: str, share: float) -> None:
    """Say on a terminal what is being done."""
    if sys.stderr.isatty():
        print(f"\r\033[K{share:4.0%} {what}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def _done(arguments: argparse.Namespace, size: int, digest: str, out: Path | str) -> int:
    if arguments.json:
        print(json.dumps({"records": size, "digest": digest, "file": _named(out)}))
    else:
        print(f"{size:,} records written to {_named(out)}\ncontent SHA-256 {digest}")
    return 0


def _named(out: Path | str) -> str:
    """Return the name of a register without what an address may hold of passwords."""
    return "the database" if is_address(str(out)) else str(out)
