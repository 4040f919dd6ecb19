"""The ledger's figures as ratios side by side, in one run on one machine: `python benchmarks/ledger_bench.py`.

    append      one durable act with its entry and a signed checkpoint, against the same act without a ledger, in turns
    batch       a hundred entries and a checkpoint to a transaction
    verify      every byte of an exported ledger, one process, per second of processor time
    prove       inclusion and consistency at a million entries
    others      pymerkle, where it is installed (benchmarks/ledger_requirements.txt), on the same leaves

`--size N` makes the large log smaller. Ends with 1 where a promised figure is missed. Rates and proofs are judged by
the wall clock; where the machine has more to do than it has cores, by processor time, and the table says so.
"""

import argparse
import importlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from privity.definitions.party import OrganisationId, Role
from privity.edge.seals.note_keys import NoteSigningKey
from privity.edge.tiles.directory import DirectoryLog
from privity.edge.tiles.export import export_log
from privity.edge.wiring.instance import make_instance
from privity.ledger.audit import Intact, audit
from privity.ledger.commitment import key_identifier
from privity.ledger.encoding import encode
from privity.ledger.entry import Entry
from privity.ledger.entry_kind import EntryKind
from privity.ledger.merkle import consistency_proof, inclusion_proof
from privity.ledger.tiles import TileNodes

MOMENT = datetime(2017, 3, 1, 12, tzinfo=UTC)
TURNS, APPENDS_A_TURN = 400, 1
BATCH, BATCHES = 100, 100
VERIFIED = 100 * 1024
PROOFS = 2_000
OTHERS = 20_000
RATIO_SINGLE, BATCH_RATE, VERIFY_RATE, PROOF_SECONDS = 1.2, 30_000, 250_000, 0.003


def entry(number: int) -> Entry:
    """Return an entry of about 300 bytes as a leaf, with a case of its own."""
    seed = sha256(number.to_bytes(8, "big")).digest()
    return Entry(
        kind=EntryKind.PURPOSE_DETERMINED,
        at=MOMENT,
        eid=seed[:16],
        case=key_identifier(seed),
        organisation=OrganisationId("home-office"),
        role=Role.DISCLOSURE_OFFICER,
        agreement="home-office@2017-01",
        outcome="approved",
        facts={"round": 1, "seat": number % 2 + 1},
    )


def timed(act: Callable[[], object]) -> float:
    """Return how many seconds an act took."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def worked(act: Callable[[], object]) -> tuple[float, float]:
    """Return how many seconds an act took, on the wall and of this thread's processor time."""
    started, at_work = time.perf_counter(), time.thread_time()
    act()
    return time.perf_counter() - started, time.thread_time() - at_work


def is_crowded() -> bool:
    """Return whether the machine has more to do than it has cores."""
    return os.getloadavg()[0] > (os.cpu_count() or 1)


def in_ms(seconds: float) -> str:
    """Return seconds as milliseconds."""
    return f"{seconds * 1e3:.2f} ms"


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which so large a share lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Bench:
    """One run: what was measured, and what was missed."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.rows: list[tuple[str, str, str, bool | None]] = []
        self.number = 0
        folder = Path(tempfile.mkdtemp(prefix="ledger-bench-"))
        self.instance = make_instance(folder / "instance")
        self.folder = folder
        self.signer: NoteSigningKey = self.instance.note_signer

    def note(self, what: str, measured: str, promised: str = "", *, kept: bool | None = None) -> None:
        """Keep one line of the table and show it."""
        self.rows.append((what, measured, promised, kept))
        print(
            f"{what:<58} {measured:<42} {promised} {'' if kept is None else ('kept' if kept else 'MISSED')}", flush=True
        )

    def entries(self, count: int) -> list[Entry]:
        """Return so many new entries."""
        self.number += count
        return [entry(number) for number in range(self.number - count, self.number)]

    def act(self, entries: list[Entry], *, logged: bool) -> None:
        """Do the work of an act, a row of its own an entry, with or without the ledger; durable when it returns."""
        with transaction.atomic():
            rows = [(os.urandom(32).hex(), 0, "body", "family", 1, "2017-03-01T12:00:00Z") for _ in entries]
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO batch (reference, entry, organisation, family, rows, taken_at)"
                    " VALUES (%s, %s, %s, %s, %s, %s)",
                    rows,
                )
            if logged:
                log = self.instance.log
                log.append_signed(entries, self.signer, MOMENT, onto=log.ending())

    def single(self) -> None:
        """Measure single durable acts, in turns with and without the ledger."""
        taken: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(TURNS):
            for logged in (True, False) if turn % 2 else (False, True):
                for _ in range(APPENDS_A_TURN):
                    (one,) = self.entries(1)
                    taken[logged].append(timed(lambda one=one, logged=logged: self.act([one], logged=logged)))
        with_log, without = statistics.median(taken[True]), statistics.median(taken[False])
        self.note("one act, no ledger: p50", in_ms(without), f"n={len(taken[False])}")
        self.note("one act, entry and signed checkpoint: p50", in_ms(with_log), f"n={len(taken[True])}")
        ratio = with_log / without
        self.note("the same, as a ratio", f"{ratio:.2f}", f"<= {RATIO_SINGLE}", kept=ratio <= RATIO_SINGLE)

    def batch(self) -> None:
        """Measure a hundred entries to a transaction."""
        taken = []
        for _ in range(BATCHES):
            entries = self.entries(BATCH)
            taken.append(worked(lambda entries=entries: self.act(entries, logged=True)))
        wall, work = (BATCH / statistics.median(side) for side in zip(*taken, strict=True))
        judged, how = (work, "processor time") if is_crowded() else (wall, "wall")
        self.note("batches of 100, rows and checkpoint included: median", f"{wall:,.0f} entries/s", f"n={BATCHES}")
        self.note("  by processor time", f"{work:,.0f} entries/s")
        self.note("  judged", f"{judged:,.0f} ({how})", f">= {BATCH_RATE:,}", kept=judged >= BATCH_RATE)

    def grow(self) -> None:
        """Make the log large."""
        started = time.perf_counter()
        first = self.instance.log.size()
        while (missing := self.size - self.instance.log.size()) > 0:
            entries = self.entries(min(missing, 5_000))
            with transaction.atomic():
                self.instance.log.append(entries)
        self.instance.log.checkpoint(self.signer, MOMENT)
        rate = (self.size - first) / (time.perf_counter() - started)
        self.note(f"growing to {self.size:,}, 5,000 a transaction", f"{rate:,.0f} entries/s")

    def verify(self) -> None:
        """Measure an outsider's whole check of an exported folder."""
        note = self.instance.log.checkpoint_at(self.signer, min(VERIFIED, self.size))
        out = self.folder / "export"
        exported = export_log(self.instance.log, out, note=note)
        rates = []
        for _ in range(5):
            started = time.process_time()
            found = audit(DirectoryLog(root=out), self.signer.verifier)
            rates.append(exported.checkpoint.size / (time.process_time() - started))
            assert isinstance(found, Intact), found
        best, median = max(rates), statistics.median(rates)
        leaf = len(encode(entry(0)))
        self.note(
            f"whole verification from disk, {leaf}-byte leaves: median",
            f"{median:,.0f} entries/s/core",
            f">= {VERIFY_RATE:,}",
            kept=median >= VERIFY_RATE,
        )
        self.note("  the best of five", f"{best:,.0f} entries/s/core", f"n={exported.checkpoint.size:,}")

    def prove(self) -> None:
        """Measure proofs, each from a cold start of its own: no tile is remembered from the one before."""
        rng, log, size = random.Random(1), self.instance.log, self.instance.log.size()
        inclusion = [
            worked(lambda: inclusion_proof(TileNodes(log=log, size=size), rng.randrange(size), size))
            for _ in range(PROOFS)
        ]
        consistency = [
            worked(lambda: consistency_proof(TileNodes(log=log, size=size), rng.randrange(1, size), size))
            for _ in range(PROOFS)
        ]
        for what, taken in (("inclusion", inclusion), ("consistency", consistency)):
            wall, work = zip(*taken, strict=True)
            for how, side in (("wall", wall), ("processor time", work)):
                measured = f"p50 {in_ms(percentile(side, 0.5))}, p99 {in_ms(percentile(side, 0.99))}"
                self.note(f"{what} proof at {size:,}, {how}", measured, f"n={PROOFS:,}")
            judged, how = (work, "processor time") if is_crowded() else (wall, "wall")
            p99 = percentile(judged, 0.99)
            kept = p99 <= PROOF_SECONDS
            self.note("  judged", f"p99 {in_ms(p99)} ({how})", f"<= {in_ms(PROOF_SECONDS)}", kept=kept)
        many = timed(
            lambda: sum(1 for _ in log.prove_many([(index, None) for index in range(0, size, size // PROOFS)]))
        )
        self.note(f"{PROOFS:,} proofs at once (prove_many)", in_ms(many / PROOFS) + " each")

    def others(self) -> None:
        """Measure what others offer, on as many of the same leaves."""
        leaves = [encode(entry(number)) for number in range(OTHERS)]
        ours = timed(lambda: self._append_ours(leaves))
        self.note(f"ours: {OTHERS:,} entries, 100 a transaction, durable", f"{OTHERS / ours:,.0f} entries/s")
        if importlib.util.find_spec("pymerkle") is None:
            self.note("pymerkle", "not installed: nothing was compared")
            return
        pymerkle: Any = importlib.import_module("pymerkle")
        tree = pymerkle.SqliteTree(dbfile=str(self.folder / "pymerkle.sqlite"), algorithm="sha256")
        chunks = [leaves[first : first + BATCH] for first in range(0, OTHERS, BATCH)]
        taken = timed(lambda: [tree.append_entries(chunk, chunksize=BATCH) for chunk in chunks])
        self.note(f"pymerkle SqliteTree: {OTHERS:,} entries, chunks of 100", f"{OTHERS / taken:,.0f} entries/s")
        rng = random.Random(2)
        proofs = [timed(lambda: tree.prove_inclusion(rng.randrange(1, OTHERS), OTHERS)) for _ in range(200)]
        self.note(
            f"pymerkle inclusion proof at {OTHERS:,}",
            f"p50 {in_ms(percentile(proofs, 0.5))}, p99 {in_ms(percentile(proofs, 0.99))}",
        )
        mine = [
            timed(lambda: inclusion_proof(TileNodes(log=self.instance.log, size=OTHERS), rng.randrange(OTHERS), OTHERS))
            for _ in range(200)
        ]
        self.note(
            f"ours, inclusion proof at {OTHERS:,}",
            f"p50 {in_ms(percentile(mine, 0.5))}, p99 {in_ms(percentile(mine, 0.99))}",
        )

    def _append_ours(self, leaves: list[bytes]) -> None:
        for first in range(0, len(leaves), BATCH):
            entries = [entry(number) for number in range(first, first + BATCH)]
            with transaction.atomic():
                log = self.instance.log
                log.append_signed(entries, self.signer, MOMENT, onto=log.ending())

    def table(self) -> str:
        """Return what was measured as a table, with what it ran on."""
        lines = ["| what | measured | promised | |", "|---|---|---|---|"]
        for what, measured, promised, kept in self.rows:
            verdict = {None: "", True: "kept", False: "**missed**"}[kept]
            lines.append(f"| {what.strip()} | {measured} | {promised} | {verdict} |")
        versions = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
        for name in ("cryptography", "django", "pymerkle"):
            try:
                versions.append(f"{name} {importlib.metadata.version(name)}")
            except importlib.metadata.PackageNotFoundError:
                continue
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        return "\n".join([*lines, "", f"{', '.join(versions)}; {os.cpu_count()} cores, load {load} at the end."])


def main() -> int:
    """Run, print, and return 1 where a promised figure was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000, help="entries of the large log (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="write the table here as well")
    arguments = parser.parse_args()
    bench = Bench(arguments.size)
    for step in (bench.single, bench.batch, bench.others, bench.grow, bench.verify, bench.prove):
        step()
    if arguments.out:
        arguments.out.write_text(bench.table() + "\n", encoding="utf-8")
    missed = [what for what, _, _, kept in bench.rows if kept is False]
    print(json.dumps({"missed": missed}))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
