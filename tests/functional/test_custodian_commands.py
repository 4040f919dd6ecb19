"""What a custodian does at a terminal: certificates, incidents, destruction, the daily watch; each act signed.

Every command is a process of its own, which costs a second each: nightly. The acts behind them run in every build.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from privity.edge.seals.authority import make_authority
from privity.edge.seals.key_files import write_certificate, write_key

pytestmark = pytest.mark.slow
PASSWORD = "open-the-register-please"
BLOCK_DJANGO = (
    "import sys; sys.modules['django'] = None; from privity.edge.commands.console import main; sys.exit(main())"
)


class Desk:
    """A made-up instance and a terminal beside it."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *words: str | Path, says: str = "") -> subprocess.CompletedProcess[str]:
        told = [sys.executable, "-m", "privity.edge.commands.console", *map(str, words), "--data", str(self.data)]
        return subprocess.run(told, input=says, capture_output=True, text=True, check=False, timeout=60)

    def does(self, *words: str | Path, by: str = "", says: str = "") -> Any:
        """Run a command that must work and return its JSON."""
        signed = ["--by", by] if by else []
        done = self.run(*words, *signed, "--json", says=f"{PASSWORD}\n{says}" if by else says)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refuses(self, *words: str | Path, by: str, password: str = PASSWORD) -> str:
        """Run a command that must be refused and return what it says."""
        done = self.run(*words, "--by", by, says=f"{password}\n")
        assert done.returncode in (2, 3), (done.returncode, done.stderr)
        assert done.stdout == ""
        return done.stderr


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    data = tmp_path_factory.mktemp("custodian") / "instance"
    words = ["demo", "--scale", "0.003", "--people", "2000", "--data", str(data)]
    made = subprocess.run(
        [sys.executable, "-m", "privity.edge.commands.console", *words], capture_output=True, check=False, timeout=120
    )
    assert made.returncode == 0, made.stderr
    return Desk(data)


def case_in(desk: Desk, *statuses: str) -> str:
    """Return a case that stands in one of these."""
    pages = range(1, desk.does("case", "list", "--view", "closed")["pages"] + 1)
    for number in pages:
        for case in desk.does("case", "list", "--view", "closed", "--page", str(number))["cases"]:
            if case["status"] in statuses:
                return str(case["case"])
    raise AssertionError(f"the demonstration made no case that is {statuses}")


def new_certificate(desk: Desk, folder: Path, name: str, days: int = 300) -> Path:
    """Return a certificate of an authority that the custodian takes."""
    now = datetime.now(UTC)  # noqa: TID251  commands run on the machine's clock
    authority = make_authority(f"Authority {name}", first=now - timedelta(days=1), last=now + timedelta(days=400))
    write_certificate(desk.data / "custodian" / "authorities" / f"{name}.pem", authority.certificate)
    holder = authority.issue_machine(name, first=now - timedelta(hours=1), last=now + timedelta(days=days))
    path = folder / f"{name}.pem"
    write_certificate(path, holder.certificate)
    write_key(folder / f"{name}-key.pem", holder.key)
    revoked = authority.revoke([holder.certificate], at=now - timedelta(minutes=1), until=now + timedelta(days=9))
    (folder / f"{name}.crl").write_bytes(revoked.public_bytes(Encoding.PEM))
    return path


def standing(desk: Desk, digest: str) -> Mapping[str, str]:
    return next(line for line in desk.does("certificate", "list", "family-court") if line["sha256"] == digest)


def test_a_certificate_is_put_forward_by_one_approved_by_another_and_revoked_by_any(desk: Desk, tmp_path: Path) -> None:
    path = new_certificate(desk, tmp_path, "family-court")
    words = ("certificate", "enrol", "family-court", path, "--profile", "machine", "--deliver-to", "mesh:X26ABC2")
    assert "key is not RSA" in desk.refuses("certificate", "enrol", "family-court", path, by="m.ford")
    digest = desk.does(*words, by="m.ford")["sha256"]
    assert standing(desk, digest)["standing"] == "waits for a second person"
    assert "cannot approve it" in desk.refuses("certificate", "approve", "family-court", digest, by="m.ford")
    assert "for an administrator" in desk.refuses("certificate", "approve", "family-court", digest, by="a.okafor")
    assert "password or code is not right" in desk.refuses(
        "certificate",
        "approve",
        "family-court",
        digest,
        by="n.shah",
        password="guess",
    )
    assert desk.does("certificate", "approve", "family-court", digest[:12], by="n.shah")["approved"] is True
    assert standing(desk, digest)["standing"].startswith("good until")
    assert standing(desk, digest)["deliver_to"] == "mesh:X26ABC2"
    sick = desk.run("doctor")
    assert sick.returncode == 1
    assert "enrolled for two profiles" in sick.stdout
    desk.does("certificate", "revoke", "family-court", digest, "--reason", "replaced", by="n.shah")
    assert standing(desk, digest)["standing"].startswith("revoked")
    assert desk.run("doctor").returncode == 0


def test_a_loaded_revocation_list_parks_what_it_names_and_doctor_says_so(desk: Desk, tmp_path: Path) -> None:
    old = next(line for line in desk.does("certificate", "list", "county-court"))
    path = new_certificate(desk, tmp_path, "county-court")
    digest = desk.does("certificate", "enrol", "county-court", path, "--profile", "machine", by="m.ford")["sha256"]
    desk.does("certificate", "approve", "county-court", digest, by="n.shah")
    desk.does("certificate", "revoke", "county-court", old["sha256"], "--reason", "replaced", by="m.ford")
    assert "its authority has revoked it" not in desk.run("doctor").stdout
    assert desk.does("certificate", "load-revocations", tmp_path / "county-court.crl", by="m.ford")["revoked"] == 1
    sick = desk.run("doctor")
    assert sick.returncode == 1
    assert "certificate of county-court: its authority has revoked it" in sick.stdout
    desk.does("certificate", "revoke", "county-court", digest, "--reason", "compromised", by="m.ford")


def test_doctor_tells_an_end_within_a_month_and_a_key_others_can_read(desk: Desk, tmp_path: Path) -> None:
    path = new_certificate(desk, tmp_path, "kent-police", days=20)
    digest = desk.does("certificate", "enrol", "kent-police", path, "--profile", "machine", by="m.ford")["sha256"]
    desk.does("certificate", "approve", "kent-police", digest, by="n.shah")
    assert "(soon)" in next(
        line["standing"] for line in desk.does("certificate", "list", "kent-police") if line["sha256"] == digest
    )
    desk.does("certificate", "revoke", "kent-police", digest, "--reason", "mistake", by="m.ford")
    key = desk.data / "ledger-key"
    key.chmod(0o644)
    sick = desk.run("doctor")
    key.chmod(0o600)
    assert sick.returncode == 1
    assert "can be read by others" in sick.stdout


def test_an_incident_is_recorded_told_recalled_and_the_recall_opens_with_the_requesters_key(desk: Desk) -> None:
    reference = case_in(desk, "collected", "sent", "destroyed")
    words = ("incident", "open", reference, "--gravity", "reportable", "--cause", "wrong-person", "--people", "2")
    opened = desk.does(*words, by="a.okafor", says="Another person's record was named.")
    assert opened["report_by"]
    told = desk.does("breach-pack", reference, by="g.hale")
    assert (told["people"], told["cause"], told["hours_left"] > 71) == (2, "wrong-person", True)
    assert "for a disclosure-officer or a guardian" in desk.refuses("breach-pack", reference, by="m.ford")
    digest = desk.does("incident", "recall", reference, by="a.okafor")["sha256"]
    assert reference in desk.does("outbox", "run", "--once")["cases"]
    (pack,) = (desk.data / "outbox").glob(f"*/{digest}.eml")
    key = desk.data / "requesters" / pack.parent.name / "key.pem"
    shown = subprocess.run(
        [sys.executable, "-m", "privity.edge.commands.console", "open", str(pack), "--key", str(key)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert shown.returncode == 0, shown.stderr
    assert "Recall of the answer" in shown.stdout
    assert reference in shown.stdout
    in_words = desk.run("breach-pack", reference, "--by", "g.hale", says=f"{PASSWORD}\n").stdout
    assert "recall sealed" in in_words
    assert "hours left" in in_words


def test_the_watch_reminds_once_a_week_and_publishes_how_many_each_requester_owes(desk: Desk) -> None:
    first = desk.does("watch", "--once")
    reminded = [task for task in first["tasks"] if task["kind"] == "remind"]
    assert reminded
    assert sum(first["overdue_by_requester"].values()) == len(reminded)
    again = desk.does("watch", "--once")
    assert not [task for task in again["tasks"] if task["kind"] in ("remind", "escalate")]
    assert again["overdue_by_requester"] == first["overdue_by_requester"]


def test_two_people_destroy_a_case_and_an_outsider_checks_the_certificate_without_django(
    desk: Desk, tmp_path: Path
) -> None:
    reference = desk.does("destroy", "list")[0]["case"]
    desk.does("destroy", "hold", reference, "complaint", by="g.hale")
    assert "a hold is on it" in desk.refuses("destroy", "allow", reference, by="a.okafor")
    desk.does("destroy", "lift", reference, "1", by="g.hale")
    desk.does("destroy", "allow", reference, by="a.okafor")
    assert "1 of two people" in desk.refuses("destroy", "now", reference, by="a.okafor")
    desk.does("destroy", "allow", reference, by="g.hale")
    file = tmp_path / "destroyed.cert"
    done = desk.does("destroy", "now", reference, "--certificate", file, by="g.hale")
    assert "the case was not found" in desk.refuses("destroy", "allow", reference, by="a.okafor")
    words = ["certificate-of-destruction", "verify", str(file), "--key", str(desk.data / "ledger-key.pub"), "--json"]
    checked = subprocess.run(
        [sys.executable, "-c", BLOCK_DJANGO, *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert checked.returncode == 0, checked.stderr
    told = json.loads(checked.stdout)
    assert told["statements"]["kid"] == done["kid"]
    assert "cannot show" in told["limits"]
    file.write_bytes(file.read_bytes().replace(b"rows_after 0", b"rows_after 1"))
    changed = subprocess.run(
        [sys.executable, "-c", BLOCK_DJANGO, *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert changed.returncode == 1
    assert desk.run("audit").returncode == 0


@pytest.mark.parametrize(
    "described",
    [
        "ftp://x",
        "smtp://",
        "smtp://h?ca=x",
        "smtp://h?from=no-mailbox",
        "smtp://h:port?from=a@b",
        "mesh://X@h",
        "spool:",
    ],
)
def test_a_transport_that_cannot_be_used_is_refused_before_anything_is_sent(desk: Desk, described: str) -> None:
    done = desk.run("outbox", "run", "--once", "--transport", described)
    assert done.returncode == 2, done.stderr
    assert "nothing was sent" in done.stderr


def test_the_guardian_suspends_at_a_terminal_at_once_and_two_people_end_it(desk: Desk) -> None:
    reasons = "Nobody can say any more which cases these terms are for."
    for who in ("a.okafor", "m.ford"):
        assert "for a guardian" in desk.refuses("agreement", "suspend", "police", "--reasons", reasons, by=who)
    done = desk.does("agreement", "suspend", "police", "--reasons", reasons, by="g.hale")
    assert done == {"agreement": "police", "standing": "suspended"}
    assert "no version of it is in force" in desk.refuses(
        "agreement", "suspend", "police", "--reasons", reasons, by="g.hale"
    )
    ended = "The terms say it again, and the guardian has read them."
    proposal = desk.does("agreement", "resume", "police", "--reasons", ended, by="m.ford")["proposal"]
    desk.does("role", "confirm", proposal, by="g.hale")
    assert "is not suspended" in desk.refuses("agreement", "resume", "police", "--reasons", ended, by="m.ford")


def test_what_is_published_already_is_not_put_forward_again(desk: Desk) -> None:
    assert "published" in desk.refuses("agreement", "publish", "police@2017-01", by="m.ford")
    assert "shelf" in desk.refuses("agreement", "publish", "police@1066-01", by="m.ford")
