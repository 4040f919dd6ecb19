"""Accounts and roles at a terminal: an instance from nothing, two administrators, and whoever they let in.

Every command is a process of its own, which costs a second each: nightly. The acts behind them run in every build.
"""

import json
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pyotp
import pytest
from tests.fakes.tls import TlsAuthority

pytestmark = pytest.mark.slow
PASSWORD = "four words of theirs"
MOST_WRONG_CODES = 20
"""As `edge.wiring.public_desk` has it, which cannot be imported where no instance is open."""
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Machine:
    """A terminal beside an instance of nobody yet."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.recovery: dict[str, list[str]] = {}

    def run(self, *words: str | Path, says: str = "") -> subprocess.CompletedProcess[str]:
        told = [sys.executable, "-m", "privity.edge.commands.console", *map(str, words), "--data", str(self.data)]
        return subprocess.run(told, input=says, capture_output=True, text=True, check=False, timeout=90)

    def does(self, *words: str | Path, says: str = "") -> Any:
        done = self.run(*words, "--json", says=says)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def signed(self, *who: str) -> str:
        """Return what these people type: a password and a recovery code each."""
        return "".join(f"{PASSWORD}\n{self.recovery[one].pop()}\n" for one in who)

    def enrol_app(self, staff_id: str, password: str = PASSWORD) -> None:
        """Enrol an app as a person does: read the secret, type the code."""
        told = [sys.executable, "-m", "privity.edge.commands.console", "user", "enrol-app", staff_id]
        with subprocess.Popen(
            [*told, "--data", str(self.data), "--json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as asked:
            assert asked.stdin is not None
            assert asked.stderr is not None
            assert asked.stdout is not None
            asked.stdin.write(f"{password}\n")
            asked.stdin.flush()
            secret = asked.stderr.readline().rpartition(": ")[2].strip()
            asked.stdin.write(f"{pyotp.TOTP(secret).now()}\n")
            asked.stdin.close()
            self.recovery[staff_id] = json.loads(asked.stdout.read())["recovery_codes"]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    made = Machine(tmp_path_factory.mktemp("people") / "instance")
    assert made.run("init").returncode == 0
    for staff_id in ("m.ford", "n.shah"):
        new = ("user", "add", staff_id, "--name", staff_id.title(), "--role", "administrator")
        assert made.does(*new, says=f"{PASSWORD}\n")["role"] == "administrator"
        made.enrol_app(staff_id)
    return made


def test_a_third_administrator_needs_the_two_who_sign_and_so_does_everybody_else(machine: Machine) -> None:
    new = ("user", "add", "a.okafor", "--name", "Adaeze Okafor", "--role", "disclosure-officer")
    alone = machine.run(*new, says=f"{PASSWORD}\n")
    assert (alone.returncode, alone.stdout) == (2, "")
    assert "the first two administrators" in alone.stderr
    guessed = machine.run(*new, "--granted-by", "m.ford", "n.shah", says=f"{PASSWORD}\n000000\n")
    assert guessed.returncode == 2
    once = machine.run(*new, "--granted-by", "m.ford", "m.ford", says=machine.signed("m.ford", "m.ford"))
    assert "cannot confirm it" in once.stderr
    done = machine.does(*new, "--granted-by", "m.ford", "n.shah", says=machine.signed("m.ford", "n.shah"))
    assert done["first_part"]
    assert done["second_part"]
    assert "Okafor" not in machine.run("ledger", "export", "--out", machine.data.parent / "export").stdout


def test_a_role_is_granted_in_two_steps_by_two_people_and_revoked_in_one(machine: Machine) -> None:
    put = machine.does(
        "role", "grant", "t.price", "--role", "auditor", "--name", "Tomos Price", "--by", "m.ford",
        says=machine.signed("m.ford"),
    )  # fmt: skip
    refused = machine.run("role", "confirm", put["proposal"], "--by", "m.ford", says=machine.signed("m.ford"))
    assert "cannot confirm it" in refused.stderr
    done = machine.does("role", "confirm", put["proposal"], "--by", "n.shah", says=machine.signed("n.shah"))
    assert (done["about"], done["change"]) == ("t.price", "enrol")
    gone = ("role", "revoke", "t.price", "--reason", "left", "--by", "n.shah")
    assert machine.does(*gone, says=machine.signed("n.shah"))["done"] == "revoked"
    listed = machine.run("user", "list", "--by", "m.ford", says=machine.signed("m.ford")).stdout
    assert "t.price  Tomos Price  auditor of custodian  without-role" in listed


def test_the_ledger_of_all_this_holds_and_the_audit_finds_nothing(machine: Machine) -> None:
    assert machine.run("audit").returncode == 0
    entries = machine.does("ledger", "checkpoint")
    assert entries["size"] > 10


def test_a_program_shows_its_certificate_on_the_connection_itself(machine: Machine, tmp_path: Path) -> None:
    authority = TlsAuthority(tmp_path, datetime.now(UTC))  # noqa: TID251  TLS is checked by the machine's clock
    (server_is, server_key), theirs, others = (authority.issue(one) for one in ("server", "theirs", "others"))
    body = ("organisation", "add", "kent-police", "--name", "Kent Police", "--kind", "police force", "--by", "m.ford")
    assert machine.does(*body, says=machine.signed("m.ford"))["done"] == "known"
    added = machine.does(
        "program", "add", "kent-police", "--certificate", theirs[0], "--granted-by", "m.ford", "n.shah",
        says=machine.signed("m.ford", "n.shah"),
    )  # fmt: skip
    half = machine.run("serve", "--bind", "127.0.0.1:0", "--tls-certificate", server_is)
    assert (half.returncode, "give both" in half.stderr) == (2, True)
    told = [sys.executable, "-m", "privity.edge.commands.console", "serve", "--bind", "127.0.0.1:0", "--workers", "1"]
    told += ["--tls-certificate", str(server_is), "--tls-key", str(server_key)]
    told += ["--client-ca", str(tmp_path / "ca.pem"), "--data", str(machine.data)]
    with subprocess.Popen(told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        port = json.loads(server.stdout.readline())["port"]
        try:
            found = [_status(port, tmp_path, shown, added) for shown in (None, others, theirs)]
            tried = _wrong_codes(port, tmp_path, MOST_WRONG_CODES + 1)
        finally:
            server.terminate()
            server.wait(30)
    assert found == [422, 422, 200], "a token for whoever holds the certificate, and for nobody else"
    assert tried == [422] * MOST_WRONG_CODES + [429], "nobody stands in front, so no visitor says where they come from"


def _wrong_codes(port: int, folder: Path, times: int) -> list[int]:
    """Return the answers to wrong codes of a patient, each said to come from somewhere else."""
    line = HTTPSConnection("127.0.0.1", port, context=ssl.create_default_context(cafile=folder / "ca.pem"), timeout=60)
    line.request("GET", "/disclosed/")
    page = line.getresponse()
    cookie, token = page.headers["Set-Cookie"].partition(";")[0], _TOKEN.search(page.read().decode())
    assert token
    fields = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "code": "0000-0000-0000-0000"})
    told = {"Cookie": cookie, "Referer": f"https://127.0.0.1:{port}/disclosed/"}
    told["Content-Type"] = "application/x-www-form-urlencoded"
    found = []
    for number in range(times):
        line.request("POST", "/disclosed/", fields, told | {"X-Forwarded-For": f"203.0.113.{number}"})
        answer = line.getresponse()
        answer.read()
        found.append(answer.status)
    line.close()
    return found


def _status(port: int, folder: Path, shown: tuple[Path, Path] | None, added: dict[str, str]) -> int:
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    if shown:
        context.load_cert_chain(*shown)
    fields = {"grant_type": "client_credentials"} | {name: added[name] for name in ("client_id", "client_secret")}
    sent = urllib.request.Request(
        f"https://127.0.0.1:{port}/api/v1/token", data=urllib.parse.urlencode(fields).encode(), method="POST"
    )
    try:
        with urllib.request.urlopen(sent, context=context, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
