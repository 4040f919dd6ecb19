"""`privity trace`: bulk tracing on files you hold, outside casework; evaluation, training and certifying of models.

Reads nobody in an instance's register. With `--data` it shows or changes how an instance's tracer stands.
"""

import argparse
import importlib
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import cast

from privity.edge.commands import trace_febrl, trace_splink
from privity.edge.commands.trace_labels import LabelledFile, add_arguments, opened_labels
from privity.edge.commands.trace_quality import evaluate, show_fairness
from privity.edge.commands.trace_shown import show, show_explained, show_refused
from privity.edge.commands.trace_training import calibrate, certify_labels, train
from privity.edge.registers.models import default_model, model_from
from privity.edge.registers.opening import opened_register
from privity.edge.registers.particulars_csv import read_particulars
from privity.edge.synthetic.trials import CERTIFIED_ABSENT_SHARE
from privity.errors import Mistaken
from privity.trace.batch import trace_batch
from privity.trace.model import Model
from privity.trace.tracer import name_alone

_AT_ONCE = 10_000
_ACTIONS: dict[str, Callable[[LabelledFile, Model, argparse.Namespace], int]] = {
    "evaluate": evaluate,
    "fairness": show_fairness,
    "train": train,
    "calibrate": calibrate,
    "certify": certify_labels,
}
_STANDING = ("status", "suspend", "resume")
_STANDING_MODULE = "privity.edge.commands.trace_standing"
"""Loaded by name, and only where an instance is meant: everything else here starts without Django."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "what",
        nargs="+",
        metavar="[ACTION] [FILE.csv]",
        help="the particulars to trace; or `explain FILE`; or evaluate, fairness, train, calibrate, certify with a "
        "FILE and its truth, or with --synthetic; evaluate febrl3, febrl4 or synthetic; splink-export; splink-import "
        "SETTINGS; status, suspend, resume, or certify without labels, with --data: how an instance's tracer stands",
    )
    add_arguments(parser)
    trace_splink.add_arguments(parser)
    parser.add_argument("--model", type=Path, metavar="FILE", help="default: the model that ships with Privity")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="the certificate of --model")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write model, certificate or fairness page")
    parser.add_argument("--chart", type=Path, metavar="FILE.svg", help="where `fairness` writes its chart")
    parser.add_argument("--result", type=Path, metavar="FILE.json", help="where `fairness` writes what pages show")
    parser.add_argument("--name", default="trained", help="what `train` calls the model")
    parser.add_argument("--provenance", default="", help="what the numbers come from")
    parser.add_argument("--em", action="store_true", help="train without labels, by expectation-maximisation")
    parser.add_argument("--alpha", type=float, default=0.001, help="the wrong-person rate to certify; default 0.001")
    parser.add_argument("--confidence", type=float, default=0.95, help="of the certificate; default 0.95")
    parser.add_argument(
        "--also",
        type=int,
        action="append",
        default=[],
        metavar="N",
        help="certify on a made-up register of that size too, so that the certificate holds for all sizes in between",
    )
    parser.add_argument("--made-up", action="store_true", help="the people in the files are made up, not real")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the instance whose tracer is meant")
    parser.add_argument("--by", default="", metavar="STAFF-ID", help="who puts in force, suspends or resumes")
    parser.add_argument("--reasons", default="", help="why proposals are suspended or resumed")
    parser.add_argument("--json", action="store_true", help="JSON lines (one object for anything but tracing)")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 2 where some particulars were refused, 1 where a gate or certificate fails, else 0."""
    action, file = _action(arguments)
    if action in _STANDING or (action == "certify" and not file and arguments.synthetic is None):
        standing = importlib.import_module(_STANDING_MODULE)
        return cast(int, standing.run(action, arguments))
    model = _model(arguments)
    if action == "splink-export":
        return trace_splink.export(model, arguments)
    if action == "splink-import":
        return trace_splink.take(Path(file), model, arguments)
    if action == "evaluate" and file in trace_febrl.SETS:
        return trace_febrl.evaluate_febrl(file, model, arguments)
    if action in _ACTIONS:
        if action == "certify" and arguments.absent is None:
            arguments.absent = CERTIFIED_ABSENT_SHARE
        with opened_labels(arguments, file) as labels:
            return _ACTIONS[action](labels, _model(arguments, labels.register.size), arguments)
    return _trace(Path(file), arguments, explained=action == "explain")


def _model(arguments: argparse.Namespace, register_rows: int | None = None) -> Model:
    """Return the model named, or the one that ships, with its certificate for a register of that size."""
    return model_from(arguments.model, arguments.certificate) if arguments.model else default_model(register_rows)


def _trace(file: Path, arguments: argparse.Namespace, *, explained: bool) -> int:
    """Trace every row of a file."""
    particulars = iter(read_particulars(file))
    refused = 0
    with opened_register(arguments.register) as register:
        model = _model(arguments, register.size)
        while some := list(islice(particulars, _AT_ONCE)):
            batch = trace_batch([named.particulars for named in some], register, model)
            for place, named in enumerate(some):
                if batch.refused[place]:
                    refused += 1
                    show_refused(named.reference, name_alone(), as_json=arguments.json)
                elif explained and not arguments.json:
                    show_explained(named, batch.result(place), register, model)
                else:
                    show(named, batch.result(place), register, as_json=arguments.json)
    return 2 if refused else 0


def _action(arguments: argparse.Namespace) -> tuple[str, str]:
    """Return the action, empty for plain tracing, and the file, empty for a synthetic trial.

    Raises: Mistaken: more words than that.
    """
    words: list[str] = arguments.what
    if words[0] in (*_ACTIONS, *_STANDING, "splink-export") and len(words) == 1:
        return words[0], ""
    action, rest = (words[0], words[1:]) if words[0] in (*_ACTIONS, "explain", "splink-import") else ("", words)
    if len(rest) != 1:
        raise Mistaken(
            "nothing was traced",
            why=f"{len(rest)} files were named",
            next_step="name one file: `privity trace [ACTION] FILE.csv`",
        )
    return action, rest[0]
