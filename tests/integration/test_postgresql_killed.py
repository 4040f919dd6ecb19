"""A process is killed, ours or the server's, at any message between them: nothing acknowledged is lost on PostgreSQL.

And the order of durability: when an act is acknowledged, the server has waited for what it wrote to its log of writes.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.postgres import missing, server

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"{missing()}: nothing was killed on PostgreSQL")
ROOT = Path(__file__).parents[2]
_CALL = re.compile(r"(?P<pid>\d+) +(?:(?P<call>\w+)\((?P<words>.*)|<\.\.\. (?P<again>\w+) resumed>.*)")
_LOG_OF_WRITES = re.compile(r"\d+<[^>]*/pg_wal/[0-9A-F]{24}>")

ACTING = """
import sys
from datetime import timedelta
from pathlib import Path
from privity.casework.receive import receive
from privity.edge.wiring.instance import make_instance
from tests.fakes.corridor import KENT, START, asker, police_request
instance = make_instance(Path(sys.argv[1]))
from tests.fakes.corridors import stored_corridor
stored_corridor(instance)
for number in range(int(sys.argv[2])):
    with instance.store.unit() as unit:
        at = START + timedelta(minutes=number)
        made = receive(unit, police_request(reference=f"KP/{number}"), at=at, by=asker(KENT))
    sys.stdout.write(f"promised {made}\\n")
    sys.stdout.flush()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder with a path short enough for a socket."""
    made = Path(tempfile.mkdtemp(prefix="pgk-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def kill_everywhere(folder: Path, every: int) -> dict[str, object]:
    with server(folder / "server", durable=True) as address:
        sockets = address.partition("host=")[2].split()[0]
        words = [sys.executable, "-m", "tests.fakes.killing_postgres", str(folder / "ours"), sockets, str(every)]
        ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=1_200)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, object] = json.loads(ran.stdout.splitlines()[-1])
    return found


def test_killed_at_some_message_nothing_acknowledged_is_lost_and_the_sequence_goes_on(folder: Path) -> None:
    found = kill_everywhere(folder, 29)
    assert found["faults"] == []
    kills = found["kills"]
    assert isinstance(kills, dict)
    assert len(kills) == 4
    assert sum(kills.values()) >= 6, "too few kills for this to mean anything"


@pytest.mark.slow
def test_killed_at_every_third_message_nothing_acknowledged_is_lost_and_the_sequence_goes_on(folder: Path) -> None:
    found = kill_everywhere(folder, 3)
    assert found["faults"] == []
    kills = found["kills"]
    assert isinstance(kills, dict)
    assert sum(kills.values()) >= 80, "too few kills for this to mean anything"


def unsure_promises(folder: Path, acts: int, *, durable: bool) -> tuple[int, int]:
    """Return how many acts were acknowledged, and at how many of them the log of writes was not on the disk."""
    with server(folder / "server", durable=durable) as address:
        sockets = address.partition("host=")[2].split()[0]
        postmaster = (folder / "server" / "cluster" / "postmaster.pid").read_text().split()[0]
        calls = "write,pwrite64,pwritev,fsync,fdatasync"
        # It writes to a file, so it would not let itself be stopped unless told to (-I 1).
        tracing = f"strace -I 1 -f -y -s 40 -o {folder / 'trace'} -e trace={calls} -p {postmaster}"
        words = [*tracing.split(), sys.executable, "-c", ACTING, str(folder / "ours"), str(acts)]
        environment = {**os.environ, "PRIVITY_DB": f"postgres://privity@/postgres?host={sockets}"}
        told = 0
        with subprocess.Popen(words, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE) as ran:
            assert ran.stdout is not None
            # strace stays with the server when our program is over, so it is told to let go.
            while told < acts and (line := ran.stdout.readline()):
                told += line.startswith("promised ")
            ran.terminate()
    assert told == acts
    return promises_in((folder / "trace").read_text(errors="replace"))


def promises_in(trace: str) -> tuple[int, int]:
    dirty, waiting, promises, unsure = False, dict[str, bool](), 0, 0
    for line in trace.splitlines():
        found = _CALL.match(line)
        if found is None:
            continue
        pid, call, words = found["pid"], found["call"], found["words"] or ""
        if call in ("write", "pwrite64", "pwritev") and _LOG_OF_WRITES.match(words):
            dirty = True
        elif call in ("fsync", "fdatasync") and _LOG_OF_WRITES.match(words):
            if "unfinished" in words:
                waiting[pid] = True
            else:
                dirty = False
        elif found["again"] in ("fsync", "fdatasync") and waiting.pop(pid, False):
            dirty = False
        elif call == "write" and words.startswith("1<") and '"promised ' in words:
            promises += 1
            unsure += dirty
    return promises, unsure


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: the order was not looked at")
def test_when_an_act_is_acknowledged_the_servers_log_of_writes_is_on_the_disk(folder: Path) -> None:
    assert unsure_promises(folder, 12, durable=True) == (12, 0)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: the order was not looked at")
def test_the_order_is_looked_at_closely_enough_to_notice_a_server_that_does_not_wait(folder: Path) -> None:
    assert unsure_promises(folder, 5, durable=False) == (5, 5)
