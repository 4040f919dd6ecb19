"""Two people at one case at the same moment, over SQLite and over PostgreSQL."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.at_once import PAIRS, ROUNDS, Act, both_at_once, nothing_is_altered, sat_down
from tests.fakes.corridor import Corridor
from tests.fakes.postgres import missing, server

from privity.definitions.reference import CaseReference

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("walk", "one", "other"), PAIRS)
def test_of_two_acts_at_once_each_is_done_whole_or_refused_with_words(
    corridor: Corridor,
    instance: "Instance",
    walk: Callable[[Corridor, int], CaseReference],
    one: Act,
    other: Act,
) -> None:
    two = sat_down(instance, corridor)
    for number in range(ROUNDS):
        both_at_once(two, walk, one, other, number)
    nothing_is_altered(two)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder with a path short enough for a socket."""
    made = Path(tempfile.mkdtemp(prefix="two-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.skipif(bool(missing()), reason=f"{missing()}: nothing ran on PostgreSQL")
def test_it_is_no_other_where_transactions_run_side_by_side(folder: Path, tmp_path: Path) -> None:
    with server(folder / "server") as address:
        socket = address.partition("host=")[2].split()[0]
        environment = {**os.environ, "PRIVITY_DB": f"postgres://privity@/postgres?host={socket}&port=5432"}
        environment.pop("PRIVITY_DATA", None)
        words = [sys.executable, "-m", "tests.fakes.at_once", str(tmp_path / "data")]
        ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300, env=environment)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert not (tmp_path / "data" / "privity.sqlite").exists(), "it ran over PostgreSQL"
