"""Other logs on the same leaves, in the same run: pymerkle and tlog-scales, where they are installed.

    pymerkle      a Merkle tree over SQLite; its index begins at 1 and its consistency proof is not that of RFC 6962
    tlog-scales   a writer of C2SP tlog-tiles, the format of our own exports; calls itself work in progress

Each is as durable as it makes itself: nothing is added to it, and nothing taken away.
"""

import importlib
import importlib.util
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BATCH = 100
PROOFS = 200
NAMES = ("pymerkle", "tlog_scales")


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """What another log did with the same leaves, in seconds; `proofs` of random leaves, one each."""

    name: str
    appended: float
    proofs: Sequence[float]


def others(leaves: Sequence[bytes], folder: Path) -> list[Other]:
    """Return what each log that is installed did with these leaves, a hundred at a time."""
    return [measure(leaves, folder) for name, measure in (_MEASURED) if importlib.util.find_spec(name) is not None]


def absent() -> list[str]:
    """Return the logs that are not installed."""
    return [name for name in NAMES if importlib.util.find_spec(name) is None]


def _pymerkle(leaves: Sequence[bytes], folder: Path) -> Other:
    pymerkle: Any = importlib.import_module("pymerkle")
    tree = pymerkle.SqliteTree(dbfile=str(folder / "pymerkle.sqlite"), algorithm="sha256")
    appended = _timed(lambda: [tree.append_entries(chunk, chunksize=BATCH) for chunk in _chunks(leaves)])
    size, rng = len(leaves), random.Random(2)
    proofs = [_timed(lambda: tree.prove_inclusion(rng.randrange(1, size), size)) for _ in range(PROOFS)]
    return Other(name="pymerkle SqliteTree", appended=appended, proofs=proofs)


def _tlog_scales(leaves: Sequence[bytes], folder: Path) -> Other:
    writing: Any = importlib.import_module("tlog_scales.writer")
    signing: Any = importlib.import_module("tlog_scales.signing")
    reading: Any = importlib.import_module("tlog_scales.reader")
    backend: Any = importlib.import_module("tlog_scales.backend")
    origin, root = "benchmark.example/log", folder / "tlog-scales"
    signer, log = signing.PlainEd25519Signer(origin, bytes(32)), writing.TilesWriter.create(root, origin)

    def append() -> None:
        for chunk in _chunks(leaves):
            for leaf in chunk:
                log.add_leaf(leaf)
            log.commit([signer])

    appended = _timed(append)
    size, rng = len(leaves), random.Random(2)

    def prove() -> object:
        reader = reading.TilesReader(backend.LocalBackend(root))
        reader.set_size(size)
        return reader.get_inclusion_proof(rng.randrange(size), size)

    return Other(name="tlog-scales TilesWriter", appended=appended, proofs=[_timed(prove) for _ in range(PROOFS)])


_MEASURED = (("pymerkle", _pymerkle), ("tlog_scales", _tlog_scales))


def _chunks(leaves: Sequence[bytes]) -> list[Sequence[bytes]]:
    return [leaves[first : first + BATCH] for first in range(0, len(leaves), BATCH)]


def _timed(deed: Callable[[], object]) -> float:
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started
