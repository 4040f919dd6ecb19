"""The exported ledger, read by programs that share no line with it: Go's own sumdb, and other Pythons' tlogs.

Nightly, and skipped by name where they are not installed. `make nightly` gets them by `tools/peers.sh` and names them:
PRIVITY_GO and PRIVITY_GO_MOD (the Go tool chain and the folder of golang.org/x/mod), PRIVITY_TLOG_PYTHON (a Python with
tlog-scales).
"""

import json
import os
import random
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from tests.fakes.ledger import KEY, MemoryLog, checkpoint_over, example_leaves, memory_log, write_folder

from privity.edge.seals.cosigning import CosigningKey
from privity.ledger.checkpoint import open_checkpoint, read_note
from privity.ledger.cosignature import cosign
from privity.ledger.merkle import Frontier, consistency_proof, inclusion_proof, leaf_hash
from privity.ledger.tiles import TileNodes

SOURCE = Path(__file__).parents[1] / "foreign" / "auditor.go"
GO = shutil.which(os.environ.get("PRIVITY_GO", "go"))
X_MOD = Path(os.environ.get("PRIVITY_GO_MOD", "/usr/share/gocode/src/golang.org/x/mod"))
SIZE = 3_000
LEAVES = example_leaves(SIZE)

pytestmark = pytest.mark.slow
needs_go = pytest.mark.skipif(
    GO is None or not X_MOD.is_dir(), reason="go with golang.org/x/mod is not here: Go checked nothing"
)


@pytest.fixture(scope="module")
def auditor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Go auditor, built without a network."""
    folder = tmp_path_factory.mktemp("auditor")
    shutil.copy(SOURCE, folder)
    (folder / "go.mod").write_text(
        f"module auditor\n\ngo 1.21\n\nrequire golang.org/x/mod v0.7.0\n\nreplace golang.org/x/mod => {X_MOD}\n"
    )
    offline = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOSUMDB": "off", "HOME": str(folder)}
    assert GO is not None
    built = subprocess.run(
        [GO, "build", "-o", "auditor", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **offline},
        timeout=600,
    )
    assert built.returncode == 0, built.stderr
    return folder / "auditor"


def proofs(log: MemoryLog) -> str:
    nodes, rng = TileNodes(log=log, size=SIZE), random.Random(3)
    lines = []
    for index in (0, 1, SIZE - 1, *rng.choices(range(SIZE), k=500)):
        path = [b64encode(step).decode() for step in inclusion_proof(nodes, index, SIZE)]
        lines.append(json.dumps({"index": index, "path": path}))
    for old in (1, 2, 256, 257, SIZE - 1, SIZE, *rng.choices(range(1, SIZE), k=200)):
        root = Frontier().extended(map(leaf_hash, LEAVES[:old])).root()
        path = [b64encode(step).decode() for step in consistency_proof(nodes, old, SIZE)]
        lines.append(json.dumps({"old": old, "old_root": b64encode(root).decode(), "path": path}))
    return "\n".join(lines) + "\n"


def run_go(auditor: Path, folder: Path, given: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([auditor, folder, str(KEY), given], capture_output=True, text=True, check=False, timeout=120)


@needs_go
def test_go_finds_the_same_root_the_same_tiles_and_every_proof_good(auditor: Path, tmp_path: Path) -> None:
    log = memory_log(LEAVES)
    folder = write_folder(log, tmp_path / "log")
    given = tmp_path / "proofs"
    given.write_text(proofs(log))
    ran = run_go(auditor, folder, given)
    assert (ran.returncode, ran.stdout) == (0, f"holds: {SIZE} entries, {3 + 500 + 6 + 200} proofs\n"), ran.stderr


@needs_go
def test_go_notices_a_flipped_bit_in_every_file_and_in_every_proof(auditor: Path, tmp_path: Path) -> None:
    log = memory_log(LEAVES)
    folder = write_folder(log, tmp_path / "log")
    given = tmp_path / "proofs"
    given.write_text(proofs(log))
    rng = random.Random(4)
    for name in [*rng.sample(sorted(log.files), 12), "checkpoint"]:
        file = folder / name
        content = file.read_bytes()
        # Not in the signature line's name, which Go reads and ignores where it does not know it.
        at = rng.randrange(len(content) if name != "checkpoint" else content.index(b"\n\n"))
        file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert run_go(auditor, folder, given).returncode == 1, name
        file.write_bytes(content)
    lines = given.read_text().splitlines()
    for line in rng.sample([line for line in lines if '"path": ["' in line], 5):
        shown = json.loads(line)
        shown["path"][0] = b64encode(bytes(32)).decode()
        given.write_text(json.dumps(shown) + "\n")
        assert run_go(auditor, folder, given).returncode == 1


TLOG_PYTHON = os.environ.get("PRIVITY_TLOG_PYTHON", sys.executable)
TLOG_IS_HERE = (
    subprocess.run([TLOG_PYTHON, "-c", "import tlog_scales"], capture_output=True, check=False).returncode == 0
)
THEIR_CHECK = """
import json, sys
from types import SimpleNamespace
from tlog_scales import signing
asked = json.load(sys.stdin)
verifier = signing.Vkey.from_string(asked["vkey"]).get_verifier()
for size in asked["sizes"]:
    seen = SimpleNamespace(origin=asked["origin"], size=size, root_hash=bytes.fromhex(asked["root"]))
    try:
        verifier.verify(bytes.fromhex(asked["signature"]), seen)
    except Exception as refusal:
        print(type(refusal).__name__)
    else:
        print("holds")
"""


@pytest.mark.skipif(not TLOG_IS_HERE, reason="tlog-scales is not here: it read nothing")
def test_tlog_scales_accepts_the_cosignature_of_the_second_key() -> None:
    key = CosigningKey(name="privity.example/second", seed=b"q" * 32)
    note = checkpoint_over(LEAVES[:10])
    line = cosign(read_note(note).text, key, moment=1_700_000_000)
    checkpoint = open_checkpoint(note, KEY)
    asked = {
        "vkey": str(key.verifier),
        "origin": checkpoint.origin,
        "root": checkpoint.root.hex(),
        "signature": line.signature.hex(),
        "sizes": [checkpoint.size, checkpoint.size + 1],
    }
    words = [TLOG_PYTHON, "-c", THEIR_CHECK]
    ran = subprocess.run(words, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=60)
    assert ran.stdout.split() == ["holds", "InvalidSignature"], ran.stderr
