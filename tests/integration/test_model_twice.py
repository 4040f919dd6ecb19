"""A model made twice from the same seeds is the same file, byte for byte, whatever order sets happen to have."""

import os
import subprocess
import sys
from pathlib import Path

MADE_UP = ("--synthetic", "1500", "--labels", "700", "--seed", "3")


def trained(folder: Path, hash_seed: int) -> bytes:
    """Count and calibrate a model in processes of its own and return the file."""
    folder.mkdir()
    counted, calibrated = folder / "counted.json", folder / "calibrated.json"
    for words in (
        ("train", *MADE_UP, "--provenance", "a test", "--out", str(counted)),
        ("calibrate", *MADE_UP, "--model", str(counted), "--out", str(calibrated)),
    ):
        command = [sys.executable, "-m", "privity.edge.commands.console", "trace", *words]
        environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    assert counted.read_bytes() != calibrated.read_bytes()
    return calibrated.read_bytes()


def test_a_model_trained_twice_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    assert trained(tmp_path / "one", 1) == trained(tmp_path / "two", 2)
