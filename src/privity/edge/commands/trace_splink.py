"""`privity trace splink-export` and `splink-import`: a model to Splink settings, and trained settings to a model."""

import argparse
import json
from pathlib import Path

from privity.edge.commands.files import write_text
from privity.edge.registers.models import text_of
from privity.errors import Mistaken
from privity.trace.model import Model, read_model
from privity.trace.splink_settings import Dialect, from_splink, splink_settings
from privity.trace.training import rewritten


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of both."""
    parser.add_argument("--dialect", choices=[one.value for one in Dialect], default=Dialect.DUCKDB.value)
    parser.add_argument("--rows", type=int, metavar="N", help="records in the register Splink looks at")


def export(model: Model, arguments: argparse.Namespace) -> int:
    """Write the model as Splink settings."""
    rows = _rows(arguments)
    write_text(arguments.out, splink_settings(model, rows, Dialect(arguments.dialect)))
    said = {"model": model.label, "file": str(arguments.out), "dialect": arguments.dialect}
    print(json.dumps(said) if arguments.json else f"{model.label} written as {arguments.dialect} settings")
    return 0


def take(settings: Path, model: Model, arguments: argparse.Namespace) -> int:
    """Write a model with m and u of Splink settings; calibration and certificate are no more its own."""
    taken = from_splink(text_of(settings, "settings"), model, _rows(arguments))
    provenance = arguments.provenance or f"m and u of {settings.name}; the rest of {model.label}"
    text = rewritten(taken, name=arguments.name, provenance=provenance)
    made = read_model(text)
    write_text(arguments.out, text)
    print(json.dumps({"model": made.label, "file": str(arguments.out)}) if arguments.json else f"{made.label} written")
    return 0


def _rows(arguments: argparse.Namespace) -> int:
    if arguments.out is None or arguments.rows is None or arguments.rows < 1:
        raise Mistaken(
            "nothing was written",
            why="`--out` and `--rows` are needed",
            next_step="say where to write, and how many records the register has",
        )
    rows: int = arguments.rows
    return rows
