"""The ledger's figures as ratios side by side, in one run on one machine: `python benchmarks/ledger_bench.py`.

    append      one durable act with its entry and a signed checkpoint, against the same act without a ledger, in turns:
                a single row, and the twelve acts of a case (ledger_acts.py); on this disk, and once more each as if
                a commit had waited for slower ones, among them that of the promise (0.40 ms); first of all a table
                of which disk keeps the promise
    batch       a hundred entries and a checkpoint to a transaction
    verify      every byte of an exported ledger, one process, per second of processor time
    prove       inclusion and consistency at a million entries
    others      other logs, where they are installed (benchmarks/ledger_requirements.txt), on the same leaves

`--size N` makes the large log smaller; `--folder DIR` puts everything on another disk. Ends with 1 where a promised
figure is missed. Rates and proofs are judged by the wall clock; where the machine has more to do than it has cores, by
processor time, and the table says so.
"""

import argparse
import ctypes
import importlib
import importlib.metadata
import json
import os
import platform
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from django.db import connection, transaction
from ledger_others import absent, others

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
TURNS, CASES, WAITS = 400, 60, 300
BATCH, BATCHES = 100, 100
VERIFIED = 100 * 1024
PROOFS = 2_000
OTHERS = 20_000
PR_SET_TIMERSLACK = 29
DISK_OF_THE_PROMISE = 0.000_40
"""What a commit waits for on the machine the promise was drawn from, in seconds; an idle disk of a data centre."""
EMULATED = (0.000_20, DISK_OF_THE_PROMISE, 0.001, 0.002)
"""What commits are made to wait, in seconds, where the disk at hand is faster: a fast disk to an ordinary one."""
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


@contextmanager
def waiting(seconds: float) -> Iterator[None]:
    """Let every commit wait so much longer, as a slower disk would: the processor rests meanwhile."""
    commit = connection._commit

    def commit_and_wait() -> None:
        commit()
        time.sleep(seconds)

    connection._commit = commit_and_wait
    try:
        yield
    finally:
        connection._commit = commit


def sleep_exactly() -> None:
    """Ask the system to wake us when we said, and not up to 0.05 ms later; where it cannot be asked, it is not."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_TIMERSLACK, 1)


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


def _spread(taken: Iterable[float]) -> str:
    """Return the middle and the slowest of what was taken."""
    ordered = sorted(taken)
    return f"p50 {in_ms(percentile(ordered, 0.5))}, p99 {in_ms(percentile(ordered, 0.99))}"


class Bench:
    """One run: what was measured, and what was missed."""

    def __init__(self, size: int, folder: Path | None) -> None:
        self.size = size
        self.rows: list[tuple[str, str, str, bool | None]] = []
        self.number = 0
        self.waits = 0.0
        folder = Path(tempfile.mkdtemp(prefix="ledger-bench-", dir=folder))
        self.instance = make_instance(folder / "instance")
        self.folder = folder
        self.signer: NoteSigningKey = self.instance.note_signer
        self.corridor: object = None
        self.ratios: dict[float, dict[str, tuple[float, float, float]]] = {}

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

    def append(self) -> None:
        """Measure acts and rows on this disk, and as on slower ones."""
        self.disk()
        self.acts("")
        self.single("")
        own = self.waits
        sleep_exactly()
        for wait in EMULATED:
            if wait > own:
                with waiting(wait - own):
                    self.waits = wait
                    self.acts(f", each commit {in_ms(wait)}")
                    self.single(f", each commit {in_ms(wait)}")

    def disk(self) -> None:
        """Measure how long this disk lets a writer wait for 4 KiB to be durable, as every commit does."""
        taken = []
        with (self.folder / "waiting").open("wb", buffering=0) as file:
            for _ in range(WAITS):
                file.write(bytes(4096))
                taken.append(timed(lambda: os.fdatasync(file.fileno())))
        self.waits = statistics.median(taken)
        waits = f"p50 {in_ms(self.waits)}, p99 {in_ms(percentile(taken, 0.99))}"
        self.note("this disk's wait for 4 KiB (fdatasync)", waits, f"n={WAITS}")

    def single(self, on: str) -> None:
        """Measure single durable acts of one row, in turns with and without the ledger."""
        taken: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
        for turn in range(TURNS):
            for logged in (True, False) if turn % 2 else (False, True):
                (one,) = self.entries(1)
                taken[logged].append(worked(lambda one=one, logged=logged: self.act([one], logged=logged)))
        wall, work = ({way: [pair[side] for pair in pairs] for way, pairs in taken.items()} for side in (0, 1))
        self._ratio("one row", on, wall, work)

    def acts(self, on: str) -> None:
        """Measure the acts of a case, in turns with and without the ledger."""
        acts = importlib.import_module("ledger_acts")  # what it imports can be imported only once there is an instance
        walked = acts.Walked(instance=self.instance, corridor=self.corridor)
        walked.walk(CASES)
        self.corridor = walked.corridor
        wall, work = ({way: acts.all_of(taken) for way, taken in side.items()} for side in (walked.wall, walked.work))
        self._ratio("an act of a case", on, wall, work)
        for act, taken in walked.wall[True].items():
            with_log, without = statistics.median(taken), statistics.median(walked.wall[False][act])
            self.note(f"  {act}", f"{in_ms(without)}, with {in_ms(with_log)}: {with_log / without:.2f}")

    def _ratio(self, kind: str, on: str, wall: dict[bool, list[float]], work: dict[bool, list[float]]) -> None:
        what = f"{kind}{on}"
        with_log, without = statistics.median(wall[True]), statistics.median(wall[False])
        self.note(f"{what}, no ledger: p50", in_ms(without), f"n={len(wall[False])}")
        self.note(f"{what}, entry and signed checkpoint: p50", in_ms(with_log), f"n={len(wall[True])}")
        spent, more = statistics.median(work[False]), statistics.median(work[True])
        self.note("  by processor time", f"{in_ms(spent)}, with {in_ms(more)}: {more / spent:.2f}")
        # Where others take turns on the processor an act waits for them too, most of all after it has waited itself.
        waited = (more + self.waits) / (spent + self.waits)
        ratio, how = (waited, "processor time and the disk's wait") if is_crowded() else (with_log / without, "wall")
        self.ratios.setdefault(self.waits, {})[kind] = (without, with_log, ratio)
        self.note("  as a ratio", f"{ratio:.2f} ({how})", f"<= {RATIO_SINGLE}", kept=ratio <= RATIO_SINGLE)

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
        rng = random.Random(2)
        mine = [
            timed(lambda: inclusion_proof(TileNodes(log=self.instance.log, size=OTHERS), rng.randrange(OTHERS), OTHERS))
            for _ in range(200)
        ]
        self.note(f"  inclusion proof at {OTHERS:,}", _spread(mine))
        for other in others(leaves, self.folder):
            self.note(f"{other.name}: {OTHERS:,} entries, 100 at a time", f"{OTHERS / other.appended:,.0f} entries/s")
            self.note(f"  inclusion proof at {OTHERS:,}", _spread(other.proofs))
        for name in absent():
            self.note(name, "not installed: nothing was compared")

    def _append_ours(self, leaves: list[bytes]) -> None:
        for first in range(0, len(leaves), BATCH):
            entries = [entry(number) for number in range(first, first + BATCH)]
            with transaction.atomic():
                log = self.instance.log
                log.append_signed(entries, self.signer, MOMENT, onto=log.ending())

    def by_disk(self) -> str:
        """Return which disk keeps the promise, a row a disk."""
        kinds = ("one row", "an act of a case")
        lines = [
            "| a commit waits for the disk | one row | with its entry | | an act of a case | with its entry | |",
            "|---|---|---|---|---|---|---|",
        ]
        for number, (wait, measured) in enumerate(self.ratios.items()):
            cells = [in_ms(wait) + ("" if number else " (the disk at hand)")]
            for without, with_log, ratio in (measured[kind] for kind in kinds):
                verdict = "kept" if ratio <= RATIO_SINGLE else "**missed**"
                cells += [in_ms(without), in_ms(with_log), f"{ratio:.2f} {verdict}"]
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines)

    def table(self) -> str:
        """Return what was measured as tables, with what it ran on."""
        lines = [self.by_disk(), "", "| what | measured | promised | |", "|---|---|---|---|"]
        for what, measured, promised, kept in self.rows:
            verdict = {None: "", True: "kept", False: "**missed**"}[kept]
            lines.append(f"| {what.strip()} | {measured} | {promised} | {verdict} |")
        versions = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
        for name in ("cryptography", "django", "pymerkle", "tlog-scales"):
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
    parser.add_argument("--folder", type=Path, help="where everything is written (default: the system's own)")
    parser.add_argument("--acts-only", action="store_true", help="appending, no more")
    arguments = parser.parse_args()
    bench = Bench(arguments.size, arguments.folder)
    bench.append()
    for step in () if arguments.acts_only else (bench.batch, bench.others, bench.grow, bench.verify, bench.prove):
        step()
    print(bench.by_disk())
    if arguments.out:
        arguments.out.write_text(bench.table() + "\n", encoding="utf-8")
    missed = [what for what, _, _, kept in bench.rows if kept is False]
    print(json.dumps({"missed": missed}))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
