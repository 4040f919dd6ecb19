"""Trains, calibrates and certifies the model that ships, from seeds alone.

    python benchmarks/tracing_model.py --folder FOLDER [--certify-only]

The same seeds and library versions give the same bytes. Writes default_model.json, default_certificate.json (registers
of up to a million people) and default_certificate_national.json (up to ten million) into FOLDER; copy them to
src/privity/edge/registers/ to ship them. An hour and a half on two cores, 8 GiB of memory and 12 of disk.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from privity.edge.commands.trace_training import START, end_of
from privity.edge.registers.sqlite import SqliteRegister, build
from privity.edge.synthetic.labelled import examples_in_batches, scored_in_batches
from privity.edge.synthetic.people import generate
from privity.edge.synthetic.trials import ABSENT_SHARE, CERTIFIED_ABSENT_SHARE, Design, drawn, make_trial
from privity.trace.boosting import Flags, Floats, Growth
from privity.trace.calibration import calibration_tree, learn
from privity.trace.certificate import Certificate, Labelled, certificate_text, certify
from privity.trace.labels import labelled
from privity.trace.model import read_model
from privity.trace.record_levels import sought
from privity.trace.training import count, model_text, seen_levels

ALPHA, CONFIDENCE = 0.001, 0.95
COUNTED = Design(people=100_000, people_seed=11, labels=40_000, label_seed=12)
LEARNT = (
    Design(people=20_000, people_seed=15, labels=40_000, label_seed=16),
    Design(people=100_000, people_seed=11, labels=80_000, label_seed=13),
    Design(people=1_000_000, people_seed=11, labels=240_000, label_seed=14),
    Design(people=10_000_000, people_seed=81, labels=400_000, label_seed=301),
    Design(people=10_000_000, people_seed=81, labels=400_000, label_seed=203),
    Design(people=10_000_000, people_seed=81, labels=500_000, label_seed=302, absent_share=1.0),
)
"""What the trees learn from. The last are absent people only, counted for less (counts_of): they show what is rare."""
CERTIFIED = (
    Design(people=20_000, people_seed=111, labels=80_000, label_seed=112, absent_share=CERTIFIED_ABSENT_SHARE),
    Design(people=100_000, people_seed=113, labels=120_000, label_seed=114, absent_share=CERTIFIED_ABSENT_SHARE),
    Design(people=1_000_000, people_seed=115, labels=240_000, label_seed=116, absent_share=CERTIFIED_ABSENT_SHARE),
    Design(people=10_000_000, people_seed=101, labels=240_000, label_seed=105, absent_share=CERTIFIED_ABSENT_SHARE),
)
FILES = {"default_certificate.json": CERTIFIED[:3], "default_certificate_national.json": CERTIFIED[2:]}
"""Each certificate, and what it is shown on. Both are shown on a million people, so that no size lies between them."""
NAME = "synthetic-5"
PROVENANCE = (
    "Counted and calibrated on synthetic particulars of synthetic registers (benchmarks/tracing_model.py, seeds 11 to "
    "16, 81, 203, 301 and 302), a share of 0.21 absent; not on real requests."
)
STRANGERS = 20
CHOSEN: dict[str, object] = {
    "present": 0.79, "missed": 0.01, "relatives": 1.5, "twin_share": 0.02, "propose_at": 0.999, "review_at": 0.05,
    "ambiguous_within_bits": 5, "bound": {"alpha": ALPHA, "confidence": CONFIDENCE, "certified": False},
}  # fmt: skip


def counted(design: Design, folder: Path) -> str:
    """Return the text of a model with m and u counted on one trial."""
    made = make_trial(design, folder / "counted.sqlite")
    pairs = [
        (sought(one.particulars), made.register.record(one.truth)) for one in made.asked() if one.truth is not None
    ]
    different = count(
        seen_levels(one, pairs[(place + step) % len(pairs)][1])
        for place, (one, held) in enumerate(pairs)
        for step in range(1, STRANGERS + 1)
        if pairs[(place + step) % len(pairs)][1].row != held.row
    )
    same = count(seen_levels(one, held) for one, held in pairs)
    return model_text(same, different, name=NAME, provenance=PROVENANCE, settings=CHOSEN)


def examples(designs: Sequence[Design], text: str, path: Path) -> tuple[Floats, Flags, Floats]:
    """Return signs and truth of every trace of some designs on one register, and for how many each stands."""
    population = generate(designs[0].people, designs[0].people_seed)
    build(population, path)
    with SqliteRegister.open(path) as register:
        parts = [examples_in_batches(drawn(population, one), register, read_model(text)) for one in designs]
    signs, right, present = (np.concatenate(some) for some in zip(*parts, strict=True))
    return signs, right, counts_of(designs, present)


def counts_of(designs: Sequence[Design], present: Flags) -> Floats:
    """Return for how many each example stands, so that absent people are the share they are among requests."""
    there = sum((1 - one.absent_share) * one.labels for one in designs)
    away = sum(one.absent_share * one.labels for one in designs)
    return np.where(present, 1.0, there * ABSENT_SHARE / (1 - ABSENT_SHARE) / away)


def labels(design: Design, text: str, path: Path) -> Labelled:
    """Return the scores and truth of every trace of a trial."""
    made = make_trial(design, path)
    found = scored_in_batches(made.asked(), made.register, read_model(text))
    return labelled(found, register_rows=made.register.size, register_digest=made.register.digest)


def calibrated(text: str, signs: Floats, right: Flags, counts: Floats) -> str:
    """Return the model with a calibration learnt from examples."""
    tree = json.loads(text)
    tree["calibration"] = calibration_tree(learn(signs, right, Growth(), counts))
    return json.dumps(tree, separators=(",", ":"), ensure_ascii=False) + "\n"


def make_model(folder: Path, tell: Callable[[str], None]) -> None:
    """Write default_model.json: counted, then calibrated."""
    text = counted(COUNTED, folder)
    tell("m and u counted")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        registers = [list(some) for _, some in groupby(LEARNT, key=lambda one: one.people)]
        parts = [
            pool.submit(examples, some, text, folder / f"learn{some[0].people}.sqlite") for some in reversed(registers)
        ]
        found = [one.result() for one in reversed(parts)]
    signs, right, counts = (np.concatenate(some) for some in zip(*found, strict=True))
    tell(f"{len(right):,} examples")
    text = calibrated(text, signs, right, counts)
    (folder / "default_model.json").write_text(text, encoding="utf-8")
    tell(f"calibrated: {read_model(text).label}, {len(text):,} bytes")


def main() -> int:
    """Make model and certificate, printing each step; 1 where nothing can be certified."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--certify-only", action="store_true", help="certify the model already in FOLDER")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()

    def tell(what: str) -> None:
        print(f"{time.perf_counter() - began:7.1f} s  {what}", flush=True)

    if not arguments.certify_only:
        make_model(folder, tell)
    text = (folder / "default_model.json").read_text(encoding="utf-8")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        tests = [pool.submit(labels, one, text, folder / f"test{one.people}.sqlite") for one in reversed(CERTIFIED)]
        tested = {one: test.result() for one, test in zip(reversed(CERTIFIED), tests, strict=True)}
    tell("traced")
    found = {name: certified([tested[one] for one in shown_on], text, tell) for name, shown_on in FILES.items()}
    for name, certificate in found.items():
        if certificate is not None:
            (folder / name).write_text(certificate_text(certificate), encoding="utf-8")
    return 0 if all(found.values()) else 1


def certified(tested: list[Labelled], text: str, tell: Callable[[str], None]) -> Certificate | None:
    """Return the certificate at ALPHA, telling what other rates would have found too."""
    found = {}
    for alpha in (0.003, ALPHA, 0.0003):
        certificate = certify(
            tested, alpha=alpha, confidence=CONFIDENCE, start=START, model_digest=read_model(text).digest,
            synthetic=True, end=end_of(max(one.register_rows for one in tested)),
            labels_from="benchmarks/tracing_model.py, seeds 101, 105 and 111 to 116",
        )  # fmt: skip
        found[alpha] = certificate
        if certificate is None:
            tell(f"nothing can be certified at {alpha:g}")
            continue
        tell(f"certified at {alpha:g}: threshold {certificate.threshold}")
        for one in certificate.trials:
            covered = (one.accepted - one.wrong) / (one.labels - one.absent)
            counts = f"{one.accepted:,} of {one.labels:,} accepted, {one.wrong} wrong"
            print(f"  {one.register_rows:>10,}: {counts}; coverage of present {covered:.4f}", flush=True)
    return found[ALPHA]


if __name__ == "__main__":
    sys.exit(main())
