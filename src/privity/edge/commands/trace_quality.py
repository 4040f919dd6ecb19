"""`privity trace evaluate` and `privity trace train`: traces beside the truth, and models from them."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from privity.definitions.person import NhsNumber
from privity.edge.registers.particulars_csv import NamedParticulars
from privity.edge.registers.rows import RowReader, RowsRefused, read_table
from privity.edge.registers.sqlite import SqliteRegister
from privity.errors import Mistaken, Unavailable
from privity.trace.comparison import sought
from privity.trace.evaluation import Judged, Report, Share, by_group, report
from privity.trace.model import Model
from privity.trace.outcome import TraceState
from privity.trace.record import RegisterRecord
from privity.trace.tracer import trace
from privity.trace.training import count, model_text, seen_levels

_STRANGERS_EACH = 20


def evaluate(
    particulars: Sequence[NamedParticulars],
    register: SqliteRegister,
    model: Model,
    arguments: argparse.Namespace,
) -> int:
    """Trace all and print how well it went, by name origin too where the register carries it."""
    truth = _truth(arguments.truth)
    origins = register.origins()
    judged = [
        _judge(one, truth[one.reference], register, model, origins) for one in particulars if one.reference in truth
    ]
    whole, groups = report(judged), by_group(judged)
    if arguments.json:
        answer = {
            "model": model.label,
            "bound": asdict(model.bound),
            **_as_tree(whole),
            "groups": {group: _as_tree(one) for group, one in groups.items()},
        }
        print(json.dumps(answer))
        return 0
    print(f"model {model.label}; the wrong-person bound is {model.bound.words}")
    _show("all", whole)
    for group, one in groups.items():
        _show(group, one)
    return 0


def _judge(
    named: NamedParticulars,
    truth: str,
    register: SqliteRegister,
    model: Model,
    origins: Mapping[str, str],
) -> Judged:
    """Trace one and compare with the truth, which is empty for an absent person."""
    right = register.find_nhs_number(NhsNumber(truth)) if truth else None
    try:
        result = trace(named.particulars, register, model)
    except Mistaken:
        return Judged(
            present=bool(truth),
            proposed=False,
            proposed_right=False,
            truth_is_candidate=False,
            group=origins.get(truth, ""),
        )
    proposed = result.state is TraceState.PROPOSED
    people = [candidate.person for candidate in result.candidates]
    return Judged(
        present=bool(truth),
        proposed=proposed,
        proposed_right=proposed and right is not None and people[0] == right,
        truth_is_candidate=right is not None and right in people,
        group=origins.get(truth, ""),
    )


def _truth(path: Path | None) -> dict[str, str]:
    """Return reference to NHS number, or to empty for the absent.

    Raises: Mistaken: no file named, or a number that is none.
    """
    if path is None:
        raise Mistaken("nothing was compared", why="no truth was given", next_step="add `--truth FILE`")
    truth: dict[str, str] = {}
    reader = RowReader()
    for row, fields in read_table(path, what="truth", required=("reference", "nhs_number")):
        reader.take(row, fields)
        found = reader.read("nhs_number", NhsNumber, None)
        truth[reader.text("reference")] = found.digits if found else ""
    if reader.errors:
        raise RowsRefused("the truth was not accepted", reader.errors)
    return truth


def _as_tree(whole: Report) -> dict[str, object]:
    shares = {
        name: {"share": one.share, "hits": one.hits, "of": one.of, "low": one.low, "high": one.high}
        for name, one in _shares(whole).items()
    }
    return {"traces": whole.traces, **shares}


def _shares(whole: Report) -> dict[str, Share]:
    return {
        "recall": whole.recall,
        "candidate_recall": whole.candidate_recall,
        "coverage": whole.coverage,
        "wrong_person": whole.wrong_person,
        "wrong_of_absent": whole.wrong_of_absent,
    }


def _show(group: str, whole: Report) -> None:
    print(f"{group}: {whole.traces} traces")
    for name, one in _shares(whole).items():
        interval = f"95% interval {one.low:.4f} to {one.high:.4f}"
        print(f"  {name.replace('_', ' '):<18} {one.share:.4f}  ({one.hits} of {one.of}; {interval})")


def train(
    particulars: Sequence[NamedParticulars],
    register: SqliteRegister,
    model: Model,
    arguments: argparse.Namespace,
) -> int:
    """Count levels into a new model file; what is chosen and not counted is kept from the present model."""
    if arguments.out is None or not arguments.provenance:
        raise Mistaken(
            "no model was trained",
            why="`--out` and `--provenance` are needed",
            next_step="say where to write it and what the numbers come from",
        )
    truth = _truth(arguments.truth)
    pairs = [
        (sought(one.particulars), _record(truth[one.reference], register))
        for one in particulars
        if truth.get(one.reference)
    ]
    same = count(seen_levels(asked, held) for asked, held in pairs)
    different = count(
        seen_levels(asked, pairs[(place + step) % len(pairs)][1])
        for place, (asked, held) in enumerate(pairs)
        for step in range(1, min(_STRANGERS_EACH + 1, len(pairs)))
        if pairs[(place + step) % len(pairs)][1].person != held.person
    )
    settings = {
        "present": model.present,
        "missed": model.missed,
        "relatives": model.relatives,
        "twin_share": model.twin_share,
        "propose_at": model.propose_at,
        "review_at": model.review_at,
        "ambiguous_within_bits": model.ambiguous_within_bits,
        "bound": {"alpha": model.bound.alpha, "confidence": model.bound.confidence, "certified": False},
    }
    text = model_text(same, different, name=arguments.name, provenance=arguments.provenance, settings=settings)
    try:
        arguments.out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unavailable(
            "the model was not written", why=type(error).__name__, next_step="check the folder"
        ) from error
    said = {"model": arguments.name, "pairs": len(pairs), "file": str(arguments.out)}
    print(json.dumps(said) if arguments.json else f"counted {len(pairs)} pairs into {arguments.out}")
    return 0


def _record(truth: str, register: SqliteRegister) -> RegisterRecord:
    """Return the record with the NHS number.

    Raises: Mistaken: the register has none.
    """
    found = register.by_number(NhsNumber(truth))
    if found is None:
        raise Mistaken(
            "no model was trained",
            why="the truth names a number that the register does not hold",
            next_step="use the register the truth was made with",
        )
    return found
