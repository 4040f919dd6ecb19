"""The verifier that ships alone: one file, run by a Python that has `cryptography` and nothing of ours."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from tests.fakes.ledger import KEY, checkpoint_over, example_leaves, memory_log, write_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("verifier") / "privity-verify.pyz"
    command = [sys.executable, str(ROOT / "tools" / "build_verifier.py"), str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return out


@pytest.fixture(scope="module")
def cryptography_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `cryptography` and what it is made of, so that nothing else can be imported."""
    folder = tmp_path_factory.mktemp("only")
    installed = Path(sysconfig.get_path("purelib"))
    for name in ("cryptography", "cffi", "_cffi_backend*", "pycparser"):
        for found in installed.glob(name):
            (folder / found.name).symlink_to(found)
    return folder


def run_alone(verifier: Path, folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the file with an interpreter that sees neither this installation nor these sources."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder), "PYTHONNOUSERSITE": "1"}
    command = [sys.executable, "-S", str(verifier), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)


def test_it_answers_as_the_command_does(verifier: Path, cryptography_only: Path, tmp_path: Path) -> None:
    leaves = example_leaves(300)
    folder = write_folder(memory_log(leaves), tmp_path / "log")
    whole = run_alone(verifier, cryptography_only, "verify", folder, "--key", str(KEY))
    assert (whole.returncode, whole.stdout.splitlines()[0]) == (
        0,
        "Intact: 300 entries of privity.example/ledger/0a1b2c3d",
    )
    longer = tmp_path / "longer"
    longer.write_bytes(checkpoint_over(example_leaves(301)))
    assert (
        run_alone(verifier, cryptography_only, "verify", folder, "--key", str(KEY), "--checkpoint", longer).returncode
        == 2
    )
    bundle = folder / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes().replace(b"case.opened", b"case.closed", 1))
    altered = run_alone(verifier, cryptography_only, "verify", folder, "--key", str(KEY))
    assert (altered.returncode, altered.stdout.splitlines()[0]) == (1, "Altered: first bad index 0")
    assert run_alone(verifier, cryptography_only, "verify", tmp_path / "none", "--key", str(KEY)).returncode == 3
    assert run_alone(verifier, cryptography_only, "export").returncode == 2


def test_it_holds_no_django_and_the_same_source_gives_the_same_bytes(verifier: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pyz"
    subprocess.run([sys.executable, ROOT / "tools" / "build_verifier.py", again], check=True, capture_output=True)
    assert again.read_bytes() == verifier.read_bytes()
    assert verifier.stat().st_size < 100_000
    assert b"edge/store" not in verifier.read_bytes()
