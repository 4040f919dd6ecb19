"""`privity trace train`, `calibrate` and `certify`: model files and certificates from traces.

1. train       m and u, from labels or by expectation-maximisation without any
2. calibrate   a correction of the likeliest record's chance, from labels that were not trained on
3. certify     where to propose, and what that shows, from labels that were neither trained nor calibrated on
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from itertools import islice

from privity.edge.commands.files import write_text
from privity.edge.commands.trace_labels import LabelledFile, opened_labels
from privity.edge.commands.trace_quality import scored_all
from privity.edge.registers.models import default_text, text_of
from privity.edge.synthetic.labelled import examples_in_batches
from privity.edge.synthetic.trials import Asked
from privity.errors import Mistaken
from privity.trace.boosting import Growth
from privity.trace.calibration import calibration_tree, learn
from privity.trace.certificate import THRESHOLDS, Labelled, certificate_text, certify
from privity.trace.labels import labelled
from privity.trace.model import Model, read_model
from privity.trace.record import RegisterRecord
from privity.trace.record_levels import Sought, sought
from privity.trace.tracer import weigh_all
from privity.trace.training import Counts, chosen, count, expect, model_text, seen_levels

_STRANGERS_EACH = 20
_SEEDS_APART = 2
"""People and particulars of one register take two seeds; the next register takes the next two."""
_MOST_FOR_EXPECTATION = 20_000
START = 20
"""Where certifying begins, fixed before any label is seen: a threshold of 0.9999."""
END = THRESHOLDS.index(1 - 10 ** (-32 / 20))
"""Where it ends at the latest, a threshold of 0.9749, chosen on people seed 11 and label seed 14 (decision 102).

A thousandth as a whole is kept by more lenient ones too; there, one name origin after another exceeds two thousandths.
"""
_MOST_FOR_END = 1_000_000
END_BEYOND = THRESHOLDS.index(1 - 10 ** (-35 / 20))
"""Where it ends at the latest beyond a million people: 0.9822, chosen on people seed 37, label seed 201 (decision 116).

The more people, the more of them share a common name and a day of birth.
"""
Pairs = list[tuple[Sought, RegisterRecord]]


def end_of(register_rows: int) -> int:
    """Return where certifying ends at the latest, by the size of the largest register."""
    return END if register_rows <= _MOST_FOR_END else END_BEYOND


def train(labels: LabelledFile, model: Model, arguments: argparse.Namespace) -> int:
    """Write a new model file; what is chosen and not counted is kept from the present model."""
    _need(arguments, "model", provenance=True)
    asked = list(labels.asked)
    if arguments.em:
        text = _expected(asked, labels, model, arguments)
    else:
        pairs = _pairs(asked, labels)
        text = model_text(
            count(seen_levels(one, held) for one, held in pairs),
            _different(pairs),
            name=arguments.name,
            provenance=arguments.provenance,
            settings=chosen(model, model.present),
        )
    read_model(text)
    write_text(arguments.out, text)
    said = {"model": arguments.name, "pairs": len(asked), "file": str(arguments.out), "em": arguments.em}
    print(json.dumps(said) if arguments.json else f"learnt from {len(asked)} particulars into {arguments.out}")
    return 0


def _expected(asked: Sequence[Asked], labels: LabelledFile, model: Model, arguments: argparse.Namespace) -> str:
    """Return a model by expectation-maximisation; u stays the present model's, being no matter of labels."""
    traced = []
    for one in islice(asked, _MOST_FOR_EXPECTATION):
        try:
            traced.append(weigh_all(one.particulars, labels.register, model)[0])
        except Mistaken:
            continue
    found = expect(traced, labels.register.size, model)
    different: Counts = {pair: odds.u * 1e9 for pair, odds in model.odds.items()}
    return model_text(
        found.same,
        different,
        name=arguments.name,
        provenance=arguments.provenance,
        settings=chosen(model, found.present),
    )


def _pairs(asked: Iterable[Asked], labels: LabelledFile) -> Pairs:
    """Return particulars with the record they are of.

    Raises: Mistaken: nobody is present.
    """
    pairs = [(sought(one.particulars), labels.register.record(one.truth)) for one in asked if one.truth is not None]
    if len(pairs) < 2:
        raise Mistaken(
            "no model was trained",
            why="the truth names fewer than two people of this register",
            next_step="use the register the truth was made with, or train with `--em`",
        )
    return pairs


def _different(pairs: Pairs) -> Counts:
    """Return the levels seen between particulars and other people's records."""
    return count(
        seen_levels(one, pairs[(place + step) % len(pairs)][1])
        for place, (one, held) in enumerate(pairs)
        for step in range(1, min(_STRANGERS_EACH + 1, len(pairs)))
        if pairs[(place + step) % len(pairs)][1].row != held.row
    )


def calibrate(labels: LabelledFile, model: Model, arguments: argparse.Namespace) -> int:
    """Write the model with a calibration learnt from the labels."""
    _need(arguments, "calibrated model")
    signs, right, _ = examples_in_batches(labels.asked, labels.register, model)
    tree = json.loads(text_of(arguments.model, "model") if arguments.model else default_text())
    tree["calibration"] = calibration_tree(learn(signs, right, Growth()))
    if arguments.provenance:
        tree["provenance"] = arguments.provenance
    text = json.dumps(tree, separators=(",", ":"), ensure_ascii=False) + "\n"
    made = read_model(text)
    write_text(arguments.out, text)
    said = {"model": made.label, "examples": len(right), "file": str(arguments.out)}
    print(json.dumps(said) if arguments.json else f"calibrated on {len(right)} traces into {arguments.out}")
    return 0


def _shown(labels: LabelledFile, model: Model) -> Labelled:
    """Return what one register shows."""
    register = labels.register
    return labelled(scored_all(labels, model), register_rows=register.size, register_digest=register.digest)


def certify_labels(labels: LabelledFile, model: Model, arguments: argparse.Namespace) -> int:
    """Write a certificate; 1 where no threshold can be certified."""
    _need(arguments, "certificate")
    shown, words = [_shown(labels, model)], [labels.words]
    found = shown[0]
    for place, people in enumerate(arguments.also, start=1):
        wanted = argparse.Namespace(
            **{**vars(arguments), "synthetic": people, "seed": arguments.seed + _SEEDS_APART * place}
        )
        with opened_labels(wanted, "") as more:
            shown.append(_shown(more, model))
            words.append(more.words)
    certificate = certify(
        shown,
        alpha=arguments.alpha,
        confidence=arguments.confidence,
        start=START,
        end=end_of(max(one.register_rows for one in shown)),
        model_digest=model.digest,
        synthetic=labels.synthetic or arguments.made_up,
        labels_from=arguments.provenance or "; ".join(words),
    )
    if certificate is None:
        said: dict[str, object] = {"certified": False, "labels": len(found.scores)}
        plain = f"nothing can be certified at {arguments.alpha:g} from {len(found.scores)} labels: send more of them"
        print(json.dumps(said) if arguments.json else plain)
        return 1
    write_text(arguments.out, certificate_text(certificate))
    one = certificate.trials[0]
    said = {"certified": True, "digest": certificate.digest, **certificate.ledger_facts()}
    plain = (
        f"certified: at most {certificate.alpha:g} wrong with {certificate.confidence:.0%} confidence, proposing from "
        f"{certificate.threshold}: {one.accepted} of {one.labels} proposed, {one.wrong} wrong; {certificate.digest}"
    )
    print(json.dumps(said) if arguments.json else plain)
    return 0


def _need(arguments: argparse.Namespace, what: str, *, provenance: bool = False) -> None:
    if arguments.out is None or (provenance and not arguments.provenance):
        raise Mistaken(
            f"no {what} was written",
            why="`--out` and `--provenance` are needed" if provenance else "`--out` is needed",
            next_step="say where to write it" + (" and what the numbers come from" if provenance else ""),
        )
