"""The tracer's table: import, latency, recall, certificate, realised error, fairness; all out of one run.

    python benchmarks/tracing_table.py --folder FOLDER [--people 1000000] [--labels 60000]

Writes into FOLDER: table.json, certificate.json, fairness.html, fairness.svg. The model is the one that ships;
people and labels come from seeds it never met. A third of the labels certifies, the rest is held out.
"""

import argparse
import json
import resource
import sys
import time
from itertools import islice
from pathlib import Path

import numpy as np

from privity.edge.commands.trace_chart import fairness_chart, fairness_page
from privity.edge.commands.trace_training import START
from privity.edge.registers.models import default_model
from privity.edge.registers.sqlite import SqliteRegister, build
from privity.edge.synthetic.people import generate
from privity.edge.synthetic.trials import Asked, Design, drawn
from privity.errors import Mistaken
from privity.trace.blocking import query_keys
from privity.trace.certificate import certificate_text, certify, trial
from privity.trace.evaluation import Share, share
from privity.trace.fairness import fairness
from privity.trace.labels import Scored, labelled, scored
from privity.trace.model import Model
from privity.trace.tracer import trace

PEOPLE_SEED, LABEL_SEED = 71, 72
ALPHAS = (0.001, 0.0003)
CONFIDENCE = 0.95
WARMING, TIMED, BLOCKED = 2_000, 4_000, 6_000


def latency(asked: list[Asked], register: SqliteRegister, model: Model) -> dict[str, float]:
    """Return percentiles of single traces in milliseconds, of wall and of processor time, once warm."""
    wall, cpu, touched = [], [], []
    for place, one in enumerate(asked[: WARMING + TIMED]):
        began, worked = time.perf_counter(), time.process_time()
        try:
            result = trace(one.particulars, register, model)
        except Mistaken:
            continue
        if place >= WARMING:
            wall.append((time.perf_counter() - began) * 1e3)
            cpu.append((time.process_time() - worked) * 1e3)
            touched.append(result.touched)
    return {
        "p50_ms": float(np.percentile(wall, 50)), "p99_ms": float(np.percentile(wall, 99)),
        "cpu_p50_ms": float(np.percentile(cpu, 50)), "cpu_p99_ms": float(np.percentile(cpu, 99)),
        "candidates_p50": float(np.percentile(touched, 50)), "candidates_p99": float(np.percentile(touched, 99)),
        "candidates_most": float(max(touched)), "timed": len(wall),
    }  # fmt: skip


def blocked(asked: list[Asked], register: SqliteRegister) -> dict[str, Share]:
    """Return the share of present people whose record is among those compared, overall and by name origin."""
    hits: dict[str, list[int]] = {}
    for one in asked:
        if one.truth is None:
            continue
        found = register.candidates(query_keys(one.particulars, register.birth_years))
        hit = any(record.person == one.truth for record in found)
        for group in ("all", dict(one.traits)["name origin"]):
            counted = hits.setdefault(group, [0, 0])
            counted[0] += hit
            counted[1] += 1
    return {group: share(*counted) for group, counted in hits.items()}


def shown(one: Share) -> dict[str, float]:
    """Return a share as JSON."""
    return {"share": one.share, "hits": one.hits, "of": one.of, "low": one.low, "high": one.high}


def certified(found: list[Scored], register: SqliteRegister, model: Model, folder: Path) -> dict[str, object]:
    """Certify on a third of the labels and return, for each rate, what the rest realised."""
    third = len(found) // 3
    tested, held_out = (
        labelled(some, register_rows=register.size, register_digest=register.digest)
        for some in (found[:third], found[third:])
    )
    told: dict[str, object] = {}
    for alpha in ALPHAS:
        certificate = certify(
            [tested], alpha=alpha, confidence=CONFIDENCE, start=START, model_digest=model.digest, synthetic=True,
            labels_from=f"benchmarks/tracing_table.py, seeds {PEOPLE_SEED} and {LABEL_SEED}",
        )  # fmt: skip
        if certificate is None:
            told[f"{alpha:g}"] = None
            continue
        realised = trial(held_out, certificate.threshold)
        present = realised.labels - realised.absent
        told[f"{alpha:g}"] = {
            "threshold": certificate.threshold, "digest": certificate.digest,
            "coverage_of_present": shown(share(realised.accepted - realised.wrong, present)),
            "realised_wrong": shown(share(realised.wrong, realised.accepted)),
        }  # fmt: skip
        if alpha == ALPHAS[0]:
            (folder / "certificate.json").write_text(certificate_text(certificate), encoding="utf-8")
    return told


def main() -> int:
    """Print the table and write everything; 1 where the fairness gate fails."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--labels", type=int, default=60_000)
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    model = default_model()
    began = time.process_time()
    population = generate(arguments.people, PEOPLE_SEED)
    made = time.process_time()
    started = time.perf_counter()
    build(population, folder / "register.sqlite")
    built, built_cpu = time.perf_counter() - started, time.process_time() - made
    table: dict[str, object] = {
        "people": arguments.people, "labels": arguments.labels, "seeds": [PEOPLE_SEED, LABEL_SEED],
        "model": model.label, "generate_cpu_s": made - began, "import_s": built, "import_cpu_s": built_cpu,
        "memory_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "file_mib": (folder / "register.sqlite").stat().st_size / 2**20,
    }  # fmt: skip
    print(json.dumps(table), file=sys.stderr, flush=True)
    design = Design(people=arguments.people, people_seed=PEOPLE_SEED, labels=arguments.labels, label_seed=LABEL_SEED)
    with SqliteRegister.open(folder / "register.sqlite") as register:
        labels = drawn(population, design)
        first = list(islice(labels, WARMING + TIMED))
        table |= latency(first, register, model)
        recall = blocked(first[:BLOCKED], register)
        worst = min((one for group, one in recall.items() if group != "all"), key=lambda one: one.share)
        table |= {"candidate_recall": shown(recall["all"]), "candidate_recall_worst_group": shown(worst)}
        print(json.dumps(table), file=sys.stderr, flush=True)
        found = [
            scored(one.particulars, one.truth, register, model, traits=one.traits)
            for part in (first, labels)
            for one in part
        ]
        table["certified"] = certified(found, register, model, folder)
        bound = model.bound_on(register.size)
        groups = fairness((one.judged for one in found), alpha=bound.alpha)
        words = f"{len(found):,} made-up labels, people seed {PEOPLE_SEED}, label seed {LABEL_SEED}"
        page = fairness_page(groups, bound, words, register.size)
    (folder / "fairness.html").write_text(page, encoding="utf-8")
    (folder / "fairness.svg").write_text(fairness_chart(groups), encoding="utf-8")
    least, everybody = groups.worst_found, groups.everybody
    assert least is not None, "made-up people have origins"
    table |= {
        "bound": bound.words, "gate_holds": groups.holds,
        "shipped_coverage_of_present": shown(everybody.recall), "shipped_wrong": shown(everybody.wrong_person),
        "wrong_of_absent": shown(everybody.wrong_of_absent),
        "worst_wrong": {"group": groups.groups[0].name, **shown(groups.groups[0].wrong_person)},
        "worst_coverage": {"group": least.name, **shown(least.found)},
    }  # fmt: skip
    text = json.dumps(table, indent=1) + "\n"
    (folder / "table.json").write_text(text, encoding="utf-8")
    print(text)
    return 0 if groups.holds else 1


if __name__ == "__main__":
    sys.exit(main())
