"""`privity trace`: bulk tracing on files you hold, outside casework; evaluation and training of the model.

Never touches an instance's register.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from privity.edge.commands.trace_quality import evaluate, train
from privity.edge.registers.models import default_model, model_from
from privity.edge.registers.particulars_csv import NamedParticulars, read_particulars
from privity.edge.registers.sqlite import SqliteRegister, import_csv
from privity.errors import Mistaken
from privity.trace.outcome import TraceResult, TraceState
from privity.trace.tracer import trace

_ACTIONS = ("evaluate", "train")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "what",
        nargs="+",
        metavar="[evaluate | train] FILE.csv",
        help="the particulars; `evaluate` compares with the truth, `train` writes a model",
    )
    parser.add_argument("--register", type=Path, required=True, metavar="FILE", help="FILE.sqlite or FILE.csv")
    parser.add_argument("--model", type=Path, metavar="FILE", help="default: the model that ships with Privity")
    parser.add_argument("--truth", type=Path, metavar="FILE", help="CSV of reference, nhs_number (or empty)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where `train` writes the model")
    parser.add_argument("--name", default="trained", help="what `train` calls the model")
    parser.add_argument("--provenance", default="", help="what `train` says the numbers come from")
    parser.add_argument("--json", action="store_true", help="JSON lines (one object for evaluate and train)")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 2 where some particulars were refused, else 0."""
    action, file = _action(arguments.what)
    particulars = read_particulars(Path(file))
    model = model_from(arguments.model) if arguments.model else default_model()
    with _opened(arguments.register) as register:
        if action == "evaluate":
            return evaluate(particulars, register, model, arguments)
        if action == "train":
            return train(particulars, register, model, arguments)
        refused = 0
        for named in particulars:
            try:
                result = trace(named.particulars, register, model)
            except Mistaken as error:
                refused += 1
                _show_refused(named.reference, error, as_json=arguments.json)
                continue
            _show(named, result, register, as_json=arguments.json)
        return 2 if refused else 0


def _action(words: list[str]) -> tuple[str, str]:
    """Return the action, empty for plain tracing, and the file.

    Raises: Mistaken: more words than that.
    """
    action, rest = (words[0], words[1:]) if words[0] in _ACTIONS and len(words) > 1 else ("", words)
    if len(rest) != 1:
        raise Mistaken(
            "nothing was traced",
            why=f"{len(rest)} files were named",
            next_step="name one file: `privity trace [evaluate | train] FILE.csv`",
        )
    return action, rest[0]


@contextmanager
def _opened(path: Path) -> Iterator[SqliteRegister]:
    """Open a register file, or a CSV file by way of a register file that goes away afterwards."""
    if path.suffix != ".csv":
        with SqliteRegister.open(path) as register:
            yield register
        return
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder) / "register.sqlite"
        import_csv(path, staged)
        with SqliteRegister.open(staged) as register:
            yield register


def _show(named: NamedParticulars, result: TraceResult, register: SqliteRegister, *, as_json: bool) -> None:
    """Print one trace. Neither a sensitive record's number is shown, nor one where nobody was traced."""
    best = result.best
    number = None
    if best is not None and not best.sensitive and result.state is not TraceState.UNTRACED:
        number = register.demographics(best.person).nhs_number.digits
    if as_json:
        line = {
            "reference": named.reference,
            "outcome": result.state.value,
            "nhs_number": number,
            "probability": best.probability if best else 0.0,
            "probability_absent": result.probability_absent,
            "runner_up_probability": result.runner_up_probability,
            "ambiguous": result.ambiguous,
            "sensitive": bool(best and best.sensitive),
            "touched": result.touched,
            "bound": asdict(result.bound),
            "model": result.model,
            "evidence": [
                {"field": one.field, "level": one.level, "words": one.words, "bits": round(one.weight_bits, 3)}
                for one in (best.evidence if best else ())
            ],
        }
        print(json.dumps(line))
    else:
        chance = f"{best.probability:.4f}" if best else "-"
        close = "  two records are close" if result.ambiguous else ""
        print(f"{named.reference}\t{result.state}\t{number or '-'}\t{chance}{close}")


def _show_refused(reference: str, error: Mistaken, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"reference": reference, "outcome": "refused", "why": error.why}))
    print(f"{reference}: {error}", file=sys.stderr)
