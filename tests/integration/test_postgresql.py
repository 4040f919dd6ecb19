"""The ledger and the acts on a real PostgreSQL: side by side, one sequence, nothing lost.

A cluster of the test's own, over a socket in a folder of its own; skipped by name where PostgreSQL is not installed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
psycopg = pytest.importorskip(
    "psycopg", reason="psycopg is not installed (extra `postgres`): nothing ran on PostgreSQL"
)
pytestmark = pytest.mark.skipif(not PROGRAMS, reason="PostgreSQL is not installed: nothing ran on it")
PORT = "5433"
WRITERS, ACTS = 4, 12


def as_postgres(*command: str | Path) -> None:
    """Run a program of PostgreSQL's, which refuses to run as root."""
    words = [str(word) for word in command]
    if os.getuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """Return the folder of a running cluster's socket."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o777)
    programs, data = PROGRAMS[0], folder / "data"
    as_postgres(programs / "initdb", "-D", data, "-A", "trust", "-U", "privity")
    options = f"-k {folder} -p {PORT} -c listen_addresses="
    as_postgres(programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    yield folder
    as_postgres(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def address(cluster: Path) -> str:
    """Return the address of an empty database."""
    name = f"privity_{os.urandom(4).hex()}"
    with psycopg.connect(f"host={cluster} port={PORT} user=privity dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgres://privity@/{name}?host={cluster}&port={PORT}"


def privity(*words: str | Path, db: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "privity.edge.commands.console", *map(str, words), "--data", str(data), "--json"]
    environment = {**os.environ, "PRIVITY_DB": db}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=180, env=environment)


def signed(*words: str, db: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "privity.edge.commands.console", *words, "--data", str(data)]
    environment = {**os.environ, "PRIVITY_DB": db}
    given = "open-the-register-please\n"
    return subprocess.run(
        command, input=given, capture_output=True, text=True, check=False, timeout=120, env=environment
    )


def look(address: str, statement: str) -> list[tuple[object, ...]]:
    url, _, query = address.partition("?")
    host, port = (part.partition("=")[2] for part in query.split("&"))
    name = url.rpartition("/")[2]
    with psycopg.connect(f"host={host} port={port} user=privity dbname={name}", autocommit=True) as connection:
        cursor = connection.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def test_the_whole_corridor_runs_and_every_row_points_at_its_entry(address: str, tmp_path: Path) -> None:
    done = privity("demo", "--scale", "0.001", "--people", "1000", db=address, data=tmp_path / "demo")
    assert done.returncode == 0, done.stderr[-2000:]
    stated = json.loads(done.stdout.splitlines()[-1])
    assert stated["ledger"]["intact"]
    assert look(address, "SELECT COUNT(*) FROM log_pending") == [(0,)]
    for table in ("opening", "state", "history", "determination", "pack", "organisation"):
        assert look(address, f"SELECT COUNT(*) FROM {table} WHERE entry < 0") == [(0,)]
    assert not (tmp_path / "demo" / "privity.sqlite").exists()
    audited = privity("audit", "--ledger", tmp_path / "demo" / "ledger-export", db=address, data=tmp_path / "demo")
    assert audited.returncode == 0, audited.stdout[-2000:]
    swept = signed("destroy", "sweep", "--by", "m.ford", db=address, data=tmp_path / "demo")
    assert swept.returncode == 0, swept.stderr[-2000:]
    assert "PostgreSQL does not overwrite what it deletes" in swept.stdout
    changed = "CASE status WHEN 'withdrawn' THEN 'received' ELSE 'withdrawn' END"
    look(address, f"UPDATE state SET status = {changed} WHERE reference = (SELECT MIN(reference) FROM state)")
    altered = privity("audit", db=address, data=tmp_path / "demo")
    assert altered.returncode == 1
    (finding,) = json.loads(altered.stdout)["findings"]
    assert (finding["table"], finding["column"]) == ("state", "status")
    for statement in ("UPDATE log_entry SET kind = 'x'", "DELETE FROM log_entry", "TRUNCATE log_checkpoint"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            look(address, statement)


@pytest.mark.slow
def test_a_fiftieth_of_the_year_goes_through_and_an_outsider_finds_it_whole(address: str, tmp_path: Path) -> None:
    data, out = tmp_path / "demo", tmp_path / "export"
    done = privity("demo", "--scale", "0.02", db=address, data=data)
    assert done.returncode == 0, done.stderr[-2000:]
    stated = json.loads(done.stdout.splitlines()[-1])
    assert stated["traces"]["wrong"] == 0
    assert stated["traces"]["found"] > 100
    assert json.loads(privity("outbox", "run", "--once", db=address, data=data).stdout)["sent"] >= 1
    assert privity("watch", "--once", db=address, data=data).returncode == 0
    assert privity("ledger", "export", "--out", out, db=address, data=data).returncode == 0
    key = (data / "ledger-key.pub").read_text(encoding="ascii").strip()
    words = [
        sys.executable,
        "-m",
        "privity.edge.commands.console",
        "ledger",
        "verify",
        str(out),
        "--key",
        key,
        "--json",
    ]
    verified = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert json.loads(verified.stdout)["outcome"] == "intact", verified.stderr[-2000:]
    audited = privity("audit", "--ledger", out, db=address, data=data)
    assert audited.returncode == 0, audited.stdout[-2000:]
    assert json.loads(audited.stdout)["columns"] > 50_000
    assert look(address, "SELECT COUNT(*) FROM log_pending") == [(0,)]


WRITER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from privity.edge.wiring.instance import open_instance
from privity.definitions.party import GATEWAY
instance = open_instance(Path(sys.argv[1]))
from privity.casework.enrol import enrol_organisation
from privity.casework.instance_records import OrganisationRecord
for number in range(int(sys.argv[3])):
    with instance.store.unit() as unit:
        name = f"body-{sys.argv[2]}-{number}"
        record = OrganisationRecord(reference=name, words="a body", kind="police", family="police")
        enrol_organisation(unit, record, by=GATEWAY, at=datetime.now(UTC))
    if len(sys.argv) > 4 and number == int(sys.argv[4]):
        os.kill(os.getpid(), 9)
print("done")
"""


GUESSERS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread
from privity.edge.wiring.instance import open_instance
open_instance(Path(sys.argv[1]))
from django.db import connection
from privity.edge.wiring.throttle import Throttle
together, times, now = Barrier(8), 5, datetime.now(UTC)
def guess():
    for _ in range(times):
        together.wait()
        Throttle().failed("person:a.okafor", now)
    connection.close()
several = [Thread(target=guess) for _ in range(8)]
for one in several: one.start()
for one in several: one.join()
"""


def test_of_wrong_guesses_at_one_moment_every_one_counts(address: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert privity("init", db=address, data=data).returncode == 0
    command = [sys.executable, "-c", GUESSERS, str(data)]
    environment = {**os.environ, "PRIVITY_DB": address}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert look(address, "SELECT failed FROM attempts") == [(40,)]


def write(address: str, data: Path, *words: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PRIVITY_DB": address}
    command = [sys.executable, "-c", WRITER, str(data), *words]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_writers_side_by_side_make_one_sequence_without_gaps(address: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert privity("init", db=address, data=data).returncode == 0
    before = look(address, "SELECT COUNT(*) FROM log_entry")[0][0]
    writers = [write(address, data, str(number), str(ACTS)) for number in range(WRITERS)]
    for writer in writers:
        told, complained = writer.communicate(timeout=120)
        assert told.strip() == "done", complained[-2000:]
    count, top = look(address, "SELECT COUNT(*), MAX(idx) FROM log_entry")[0]
    assert isinstance(before, int)
    assert isinstance(top, int)
    assert count == top + 1 == before + WRITERS * ACTS
    assert look(address, "SELECT COUNT(*) FROM organisation WHERE entry >= 0") == [(WRITERS * ACTS,)]
    assert privity("audit", db=address, data=data).returncode == 0


def test_what_a_writer_left_waiting_is_taken_up_by_the_next(address: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert privity("init", db=address, data=data).returncode == 0
    killed = write(address, data, "a", "5", "3")
    killed.communicate(timeout=60)
    assert killed.returncode == -9
    # As a crash between the act and the sequencer would leave it: the act is durable and its entry waits.
    leaf, rows = b"", json.dumps({"organisation": ["body-waiting"]})
    (leaf,) = look(address, "SELECT leaf FROM log_entry ORDER BY idx DESC LIMIT 1")[0]  # type: ignore[assignment]
    hexadecimal = bytes(leaf).hex()
    look(address, f"INSERT INTO log_pending (leaf, rows) VALUES (decode('{hexadecimal}', 'hex'), '{rows}')")
    ticket = look(address, "SELECT MAX(id) FROM log_pending")[0][0]
    look(
        address,
        "INSERT INTO organisation (reference, entry, words, kind, family)"
        f" VALUES ('body-waiting', -{ticket}, 'w', 'k', 'f')",
    )
    size = look(address, "SELECT COUNT(*) FROM log_entry")[0][0]
    assert privity("ledger", "checkpoint", db=address, data=data).returncode == 0
    assert look(address, "SELECT COUNT(*) FROM log_pending") == [(0,)]
    assert look(address, "SELECT entry FROM organisation WHERE reference = 'body-waiting'") == [(size,)]


def test_an_address_that_is_none_is_refused_without_repeating_it(tmp_path: Path) -> None:
    for address in ("mysql://u:s3cret@h/n", "postgres://u:s3cret@h/", "s3cret"):
        refused = privity("init", db=address, data=tmp_path / "data")
        assert refused.returncode == 2
        assert "s3cret" not in refused.stderr + refused.stdout


@pytest.mark.slow
def test_tables_put_back_by_their_own_tools_stand_still_until_two_people_acknowledge_the_gap(
    cluster: Path, address: str, tmp_path: Path
) -> None:
    data, restored, dump = tmp_path / "demo", tmp_path / "restored", cluster / "tables.dump"
    assert privity("demo", "--scale", "0.001", "--people", "1000", db=address, data=data).returncode == 0
    name, new = address.partition("?")[0].rpartition("/")[2], f"privity_{os.urandom(4).hex()}"
    at: list[str | Path] = ["-h", cluster, "-p", PORT, "-U", "privity"]
    as_postgres(PROGRAMS[0] / "pg_dump", *at, "--format=custom", f"--file={dump}", name)
    made = privity("backup", tmp_path / "out", "--keys", tmp_path / "keys", "--dump", dump, db=address, data=data)
    assert made.returncode == 0, made.stderr[-2000:]
    as_postgres(PROGRAMS[0] / "createdb", *at, new)
    as_postgres(PROGRAMS[0] / "pg_restore", *at, f"--dbname={new}", dump)
    theirs = address.replace(name, new)
    # Under the data directory that lived on: it holds a checkpoint the tables do not reach.
    older = privity("outbox", "run", "--once", db=theirs, data=data)
    assert older.returncode == 3
    assert "older" in json.loads(older.stdout)["why"]
    words = ("restore", tmp_path / "out", "--keys", tmp_path / "keys")
    put_back = privity(*words, db=theirs, data=restored)
    assert put_back.returncode == 0, put_back.stdout[-2000:] + put_back.stderr[-2000:]
    stated = json.loads(put_back.stdout)
    assert stated["size_known"] >= stated["size_restored"]
    assert len(stated["shut"]) == look(theirs, "SELECT COUNT(*) FROM sealed_case")[0][0]
    assert privity("outbox", "run", "--once", db=theirs, data=restored).returncode == 3
    two = ("restore", "acknowledge", "--by", "g.hale", "--second", "a.okafor")
    command = [sys.executable, "-m", "privity.edge.commands.console", *two, "--data", str(restored), "--json"]
    signed = subprocess.run(
        command,
        input="open-the-register-please\nopen-the-register-please\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PRIVITY_DB": theirs},
    )
    assert signed.returncode == 0, signed.stderr[-2000:]
    assert json.loads(signed.stdout)["former_log"] == stated["former_log"]
    assert privity("outbox", "run", "--once", db=theirs, data=restored).returncode == 0
    audited = privity("audit", db=theirs, data=restored)
    assert audited.returncode == 0, audited.stdout[-2000:]
    assert look(theirs, "SELECT COUNT(*) FROM log_pending") == [(0,)]
