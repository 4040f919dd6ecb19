"""What tracing_bench.py measures of the tracer alone: latency, recall, certificate, realised error, fairness."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from privity.edge.commands.trace_training import START, end_of
from privity.edge.registers.sqlite import SqliteRegister
from privity.edge.synthetic.trials import Asked
from privity.errors import Mistaken
from privity.trace.certificate import Certificate, certificate_text, certify, trial
from privity.trace.evaluation import Judged, Share, share
from privity.trace.labels import Scored, labelled
from privity.trace.model import Model
from privity.trace.tracer import trace

ALPHAS = (0.001, 0.0003)
CONFIDENCE = 0.95
WARMING, TIMED = 3_000, 4_000


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


def blocked(found: Sequence[Scored]) -> dict[str, Share]:
    """Return the share of present people whose record is among those compared, overall and by group."""
    hits: dict[str, list[int]] = {}
    for one in found:
        for group in ("all", *(name for _, name in one.judged.traits)) if one.judged.present else ():
            counted = hits.setdefault(group, [0, 0])
            counted[0] += one.compared
            counted[1] += 1
    return {group: share(*counted) for group, counted in hits.items()}


def shown(one: Share) -> dict[str, float]:
    """Return a share as JSON."""
    return {"share": one.share, "hits": one.hits, "of": one.of, "low": one.low, "high": one.high}


def judged_at(found: Sequence[Scored], threshold: float) -> list[Judged]:
    """Return the traces as they are judged where those from a threshold on are proposed."""
    return [
        replace(one.judged, proposed=one.score >= threshold, proposed_right=one.score >= threshold and one.right)
        for one in found
    ]


def certified(
    found: list[Scored], register: SqliteRegister, model: Model, folder: Path, seeds: Sequence[int]
) -> tuple[dict[str, object], Certificate | None]:
    """Certify on a third of the labels and return, for each rate, what the rest realised; and the first certificate."""
    third = len(found) // 3
    tested, held_out = (
        labelled(some, register_rows=register.size, register_digest=register.digest)
        for some in (found[:third], found[third:])
    )
    told: dict[str, object] = {}
    first: Certificate | None = None
    for alpha in ALPHAS:
        certificate = certify(
            [tested], alpha=alpha, confidence=CONFIDENCE, start=START, end=end_of(register.size),
            model_digest=model.digest, synthetic=True,
            labels_from=f"benchmarks/tracing_bench.py, seeds {seeds[0]} and {seeds[1]}",
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
            first = certificate
            (folder / "certificate.json").write_text(certificate_text(certificate), encoding="utf-8")
    return told, first
