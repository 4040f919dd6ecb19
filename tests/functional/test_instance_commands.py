"""Making and serving an instance from the command line, each command in a process of its own."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

PROGRAM = "import sys; from privity.edge.commands.console import main; sys.exit(main())"


def surroundings() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PRIVITY_", "DJANGO_"))}


def privity(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", PROGRAM, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "instance"
    made = privity("init", "--data", root, "--json")
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert set(told) == {"data", "origin", "key"}
    assert (root / "ledger-key.pub").read_text().strip() == told["key"]
    return root


def test_a_new_instance_keeps_its_secrets_to_its_owner(data: Path) -> None:
    for secret in ("secret-key", "ledger-key"):
        assert stat.S_IMODE((data / secret).stat().st_mode) == 0o600


def test_who_is_sought_signed_in_or_registered_is_nobodys_to_read_who_shares_the_machine(
    data: Path, tmp_path: Path
) -> None:
    people, register = tmp_path / "people.csv", tmp_path / "register.sqlite"
    assert privity("register", "generate", "--people", "50", "--out", people).returncode == 0
    before = os.umask(0)
    try:
        assert privity("register", "import", people, "--register", register).returncode == 0
    finally:
        os.umask(before)
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (*data.glob("*.sqlite*"), *tmp_path.glob("r*"))}
    assert found.keys() >= {"privity.sqlite", "register.sqlite", "register.sqlite.columns"}
    assert set(found.values()) == {0o600}, found


def test_an_instance_is_made_once_and_the_first_one_stays_as_it_is(data: Path) -> None:
    before = {
        path.name: path.read_bytes() for path in data.iterdir() if path.suffix != ".sqlite-shm" and path.is_file()
    }
    again = privity("init", "--data", data)
    assert again.returncode == 2
    assert "there is one already" in again.stderr
    assert {name: (data / name).read_bytes() for name in before} == before


def test_a_new_instance_can_disclose_nothing(data: Path) -> None:
    listed = privity("case", "list", "--data", data, "--json")
    assert listed.returncode == 0, listed.stderr
    assert "PRV-" not in listed.stdout
    checkpoint = privity("ledger", "checkpoint", "--data", data, "--json")
    assert json.loads(checkpoint.stdout)["size"] == 1


def test_for_people_it_says_what_is_still_missing_and_which_key_to_hand_out(tmp_path: Path) -> None:
    made = privity("init", "--data", tmp_path / "x")
    assert made.returncode == 0
    assert "It can disclose nothing" in made.stdout
    assert (tmp_path / "x" / "ledger-key.pub").read_text().strip() in made.stdout


@pytest.mark.parametrize("bind", ["nowhere", "127.0.0.1:", ":80", "127.0.0.1:http", "127.0.0.1:-1"])
def test_an_address_that_is_none_is_wrong_usage(data: Path, bind: str) -> None:
    served = privity("serve", "--data", data, f"--bind={bind}")
    assert (served.returncode, served.stdout) == (2, "")
    assert "HOST:PORT" in served.stderr


def test_nothing_is_served_where_there_is_no_instance(tmp_path: Path) -> None:
    served = privity("serve", "--data", tmp_path, "--bind=127.0.0.1:0")
    assert (served.returncode, served.stdout) == (2, "")
    assert "privity init" in served.stderr
    assert list(tmp_path.iterdir()) == []


def answer(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=20) as found:
            return int(found.status), found.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_it_says_where_it_serves_answers_and_stops_when_told(data: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, "serve", "--data", str(data), "--bind=127.0.0.1:0", "--workers=1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=surroundings()
    ) as process:
        assert process.stdout is not None
        try:
            first = json.loads(process.stdout.readline())
            assert first["pid"] == process.pid
            home = f"http://127.0.0.1:{first['port']}"
            assert [answer(home + path)[0] for path in ("/healthz/live", "/healthz/ready", "/")] == [200, 200, 200]
            taken = privity("serve", "--data", data, f"--bind=127.0.0.1:{first['port']}")
            assert taken.returncode == 3
            assert "cannot be bound" in taken.stderr
        finally:
            process.send_signal(signal.SIGTERM)
            started = time.monotonic()
            process.wait(timeout=30)
        assert process.returncode == 0
        assert time.monotonic() - started < 25


def test_tables_that_lie_behind_are_not_served_until_they_are_upgraded(tmp_path: Path) -> None:
    root = tmp_path / "older"
    assert privity("init", "--data", root).returncode == 0
    with closing(sqlite3.connect(root / "privity.sqlite")) as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        database.execute("DROP TABLE django_session")
        database.commit()
    refused = privity("serve", "--data", root, "--bind=127.0.0.1:0")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "(steps: 1)" in refused.stderr
    assert "privity upgrade --data" in refused.stderr
    assert json.loads(privity("upgrade", "--data", root, "--json").stdout) == {"steps": 1}
    assert "nothing was to be done" in privity("upgrade", "--data", root).stdout


def test_tables_of_a_newer_program_are_not_served(tmp_path: Path) -> None:
    root = tmp_path / "newer"
    assert privity("init", "--data", root).returncode == 0
    with closing(sqlite3.connect(root / "privity.sqlite")) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_later', '2030-01-01')"
        )
        database.commit()
    for word in ("serve", "upgrade"):
        refused = privity(word, "--data", root)
        assert refused.returncode == 2
        assert "newer version" in refused.stderr
