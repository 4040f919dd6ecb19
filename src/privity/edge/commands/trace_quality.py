"""`privity trace evaluate` and `privity trace fairness`: traces beside the truth, as a whole and by group."""

import argparse
import json
import sys
from dataclasses import asdict
from time import perf_counter

from privity.edge.commands.files import write_text
from privity.edge.commands.trace_chart import fairness_chart, fairness_page
from privity.edge.commands.trace_labels import LabelledFile
from privity.edge.synthetic.labelled import scored_in_batches
from privity.trace.bound import WrongPersonBound
from privity.trace.evaluation import Report, Share, by_group, report
from privity.trace.fairness import Fairness, Group, fairness
from privity.trace.fairness_result import FairnessResult, result_of, result_text
from privity.trace.labels import Scored
from privity.trace.model import Model


def scored_all(labels: LabelledFile, model: Model) -> list[Scored]:
    """Trace everybody asked for, in batches, telling a terminal how far it is."""
    began = perf_counter()

    def tell(done: int) -> None:
        if sys.stderr.isatty():
            pace = done / (perf_counter() - began)
            print(f"\r\033[K{done:,} traced, {pace:,.0f} a second", end="", file=sys.stderr, flush=True)

    found = scored_in_batches(labels.asked, labels.register, model, tell)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    return found


def evaluate(labels: LabelledFile, model: Model, arguments: argparse.Namespace) -> int:
    """Trace all and print how well it went, by group too."""
    judged = [one.judged for one in scored_all(labels, model)]
    whole, groups = report(judged), by_group(judged)
    bound = model.bound_on(labels.register.size)
    if arguments.json:
        by_trait: dict[str, dict[str, object]] = {}
        for (trait, name), one in groups.items():
            by_trait.setdefault(trait, {})[name] = _as_tree(one)
        head = {**_head(model, bound, labels), **_as_tree(whole)}
        print(json.dumps({**head, "groups": by_trait}))
        return 0
    print(f"model {model.label}; the wrong-person bound is {bound.words}")
    _show("all", whole)
    for (trait, name), one in groups.items():
        _show(f"{trait}: {name}", one)
    return 0


def show_fairness(labels: LabelledFile, model: Model, arguments: argparse.Namespace) -> int:
    """Print error and coverage by group, the worst first; 1 where a group exceeds twice the bound."""
    bound = model.bound_on(labels.register.size)
    found = fairness((one.judged for one in scored_all(labels, model)), alpha=bound.alpha)
    if arguments.out is not None:
        write_text(arguments.out, fairness_page(found, bound, labels.words, labels.register.size))
    if arguments.result is not None:
        write_text(arguments.result, result_text(_result(found, model, bound, labels)))
    if arguments.chart is not None:
        write_text(arguments.chart, fairness_chart(found))
    if arguments.json:
        tree = {
            **_head(model, bound, labels),
            "holds": found.holds,
            "undecided": len(found.undecided),
            "warned": len(found.warned),
            "everybody": _as_tree(found.everybody),
        }
        print(json.dumps({**tree, "groups": [_group_tree(one) for one in found.groups]}))
    else:
        _show_groups(found, bound)
    return 0 if found.holds else 1


def _result(found: Fairness, model: Model, bound: WrongPersonBound, labels: LabelledFile) -> FairnessResult:
    return result_of(
        found,
        model=model.label,
        model_digest=model.digest,
        certificate_digest=model.certificate.digest if model.certificate else "",
        confidence=bound.confidence,
        register_rows=labels.register.size,
        register_digest=labels.register.digest,
        labels_from=labels.words,
        synthetic=labels.synthetic,
    )


def _show_groups(found: Fairness, bound: WrongPersonBound) -> None:
    print(f"the wrong-person bound is {bound.words}")
    print(f"the gate: no group above {2 * found.alpha:g}; worst group first, 95% intervals\n")
    print(f"{'group':<32} {'traces':>7}  {'wrong of proposed':<32} {'found of present':<32} gate")
    for one in found.groups:
        name = f"{one.trait}: {one.name}"
        print(f"{name:<32} {one.traces:>7}  {_cell(one.wrong_person):<32} {_cell(one.found):<32} {one.verdict}")
    few = f"; {len(found.undecided)} groups are too small to tell" if found.undecided else ""
    few += f", {len(found.warned)} of them above it: trace more with `--labels`" if found.warned else ""
    print(f"\n{'the gate holds' if found.holds else 'the gate FAILS'}{few}")


def _cell(one: Share) -> str:
    return f"{one.share:.4f} ({one.low:.4f} to {one.high:.4f})"


def _head(model: Model, bound: WrongPersonBound, labels: LabelledFile) -> dict[str, object]:
    return {
        "model": model.label,
        "bound": asdict(bound),
        "register_rows": labels.register.size,
        "register_digest": labels.register.digest,
        "labels_from": labels.words,
        "synthetic": labels.synthetic,
    }


def _group_tree(one: Group) -> dict[str, object]:
    return {
        "trait": one.trait,
        "name": one.name,
        "traces": one.traces,
        "wrong_person": _share_tree(one.wrong_person),
        "found": _share_tree(one.found),
        "verdict": one.verdict.value,
    }


def _share_tree(one: Share) -> dict[str, object]:
    return {"share": one.share, "hits": one.hits, "of": one.of, "low": one.low, "high": one.high}


def _as_tree(whole: Report) -> dict[str, object]:
    return {"traces": whole.traces, **{name: _share_tree(one) for name, one in _shares(whole).items()}}


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
