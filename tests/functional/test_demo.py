"""The main job, as a stranger runs it: one small demonstration for all tests of this module."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from privity.disclosure.safety import SafetyQuestion
from privity.edge.demonstration.cast import OFFICERS

STATUSES = ("rejected", "refused", "traced", "untraced", "withdrawn", "held", "open")
OPENSSL = shutil.which("openssl")


def privity(*words: str, said: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PRIVITY", "DJANGO"))}
    return subprocess.run(
        [sys.executable, "-m", "privity.edge.commands.console", *words],
        input=said,
        capture_output=True,
        text=True,
        check=False,
        env=environment | more,
    )


class Demo:
    """A demonstration on disk and what it printed."""

    def __init__(self, data: Path, told: dict[str, object]) -> None:
        self.data = data
        self.told = told

    @property
    def key(self) -> str:
        return (self.data / "ledger-key.pub").read_text(encoding="utf-8").strip()

    def run(self, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return privity(*words, "--data", str(self.data), said=said)


def make_demo(data: Path, scale: str = "0.008") -> Demo:
    """Make a demonstration, as the command does it."""
    ran = privity("demo", "--scale", scale, "--people", "4000", "--data", str(data), "--json")
    assert ran.returncode == 0, ran.stderr
    return Demo(data, json.loads(ran.stdout.splitlines()[-1]))


def a_demo(data: Path) -> Demo:
    """Return a small demonstration that may be written into: a copy of the one that was made for these tests.

    Args: data: where it is to lie, two folders below one that the tests have in common.
    """
    made = _small_one(data.parents[1])
    shutil.copytree(made.data, data)
    return Demo(data, json.loads(json.dumps(made.told).replace(str(made.data), str(data))))


@cache
def _small_one(beside: Path) -> Demo:
    return make_demo(beside / "small-demo", scale="0.004")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return make_demo(tmp_path_factory.mktemp("demo") / "privity-demo")


def statistics(demo: Demo) -> list[dict[str, int]]:
    rows = demo.told["statistics"]
    assert isinstance(rows, list)
    return rows


def test_every_row_of_the_public_table_adds_up(demo: Demo) -> None:
    for row in statistics(demo):
        assert row["received"] == sum(row[status] for status in STATUSES)


def test_the_volumes_are_the_reported_ones_times_the_scale(demo: Demo) -> None:
    received = {str(row["requester"]): row["received"] for row in statistics(demo)}

    assert received == {"home-office": 65, "national-crime-agency": 22, "police": 3}


def test_an_overstay_request_of_that_year_is_refused_under_the_terms_of_2018_with_the_clause(demo: Demo) -> None:
    replay = demo.told["replay"]
    assert isinstance(replay, dict)

    assert replay["example"].startswith("refused (purposes:")
    overstays = [one for one in replay["classes"] if one["offence"] == "ia1971-s24-1-b-i"]
    assert overstays
    assert all(one["outcome"] == "refused" and "purposes" in one["clauses"] for one in overstays)


def test_a_request_that_was_not_approved_reads_the_register_zero_times(demo: Demo) -> None:
    assert demo.told["register_reads_without_approval"] == 0


def test_the_same_seed_gives_the_same_figures_and_another_seed_others(demo: Demo, tmp_path: Path) -> None:
    again = make_demo(tmp_path / "again")

    for name in ("statistics", "replay", "traces", "files_refused", "row_errors"):
        assert again.told[name] == demo.told[name], name


def test_the_exported_ledger_verifies_from_outside(demo: Demo) -> None:
    found = privity("ledger", "verify", str(demo.data / "ledger-export"), "--key", demo.key)

    assert found.returncode == 0, found.stderr
    assert "Intact" in found.stdout


def test_one_changed_byte_anywhere_in_the_export_is_noticed_and_its_index_is_named(demo: Demo, tmp_path: Path) -> None:
    export = demo.data / "ledger-export"
    files = sorted(path for path in export.rglob("*") if path.is_file())
    assert len(files) > 4
    for number, path in enumerate(files):
        copy = tmp_path / str(number)
        shutil.copytree(export, copy)
        target = copy / path.relative_to(export)
        content = bytearray(target.read_bytes())
        place = (number * 7919) % len(content)
        content[place] ^= 1
        target.write_bytes(bytes(content))

        found = privity("ledger", "verify", str(copy), "--key", demo.key, "--json")

        assert found.returncode == 1, f"{path.name} at {place}: {found.stdout}{found.stderr}"
        assert isinstance(json.loads(found.stdout)["first_bad_index"], int)


def test_a_requester_opens_a_pack_with_nothing_but_its_own_folder(demo: Demo) -> None:
    pack = next((demo.data / "outbox" / "home-office").glob("*.eml"))

    opened = privity("open", str(pack), "--key", str(demo.data / "requesters" / "home-office" / "key.pem"))

    assert opened.returncode == 0, opened.stderr
    assert "Answer to your request HO/" in opened.stdout


def test_another_requester_cannot_open_it(demo: Demo) -> None:
    pack = next((demo.data / "outbox" / "home-office").glob("*.eml"))

    opened = privity("open", str(pack), "--key", str(demo.data / "requesters" / "kent-police" / "key.pem"))

    assert opened.returncode == 1
    assert opened.stdout == ""


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not on this machine")
def test_openssl_opens_the_same_pack(demo: Demo) -> None:
    told = demo.told["pack"]
    assert isinstance(told, dict)

    assert told["opened"] is True
    assert told["openssl"] is True


def test_the_files_sent_in_can_be_sent_again_and_add_nothing(demo: Demo) -> None:
    sent = max(path for path in (demo.data / "sent-in").glob("kent-police-*.csv") if ".refused" not in path.name)
    before = json.loads(demo.run("case", "list", "--json").stdout)["total"]

    again = demo.run("request", "submit", str(sent), "--as", "kent-police", "--json")

    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["taken"] == 0
    assert json.loads(demo.run("case", "list", "--json").stdout)["total"] == before


def test_the_same_key_gives_the_same_answer_and_no_other_file(demo: Demo, tmp_path: Path) -> None:
    file, other = tmp_path / "one.json", tmp_path / "other.json"
    asked = REQUEST | a_person_on_the_register(demo)
    file.write_text(json.dumps(asked | {"your_reference": "KP/KEY/1"}), encoding="utf-8")
    other.write_text(json.dumps(asked | {"your_reference": "KP/KEY/2"}), encoding="utf-8")
    keyed = ("--as", "kent-police", "--idempotency-key", "k-1", "--json")

    first, second = (json.loads(demo.run("request", "submit", str(file), *keyed).stdout) for _again in range(2))
    refused = demo.run("request", "submit", str(other), *keyed)

    assert (first["taken"], second["taken"], second["already_taken"]) == (1, 0, 1)
    assert first["cases"] == second["cases"]
    assert refused.returncode == 2
    assert "used for another request" in refused.stderr


def test_a_folder_with_an_instance_is_never_written_over(demo: Demo) -> None:
    again = privity("demo", "--data", str(demo.data))

    assert again.returncode == 2
    assert "there is one already" in again.stderr


REQUEST = {
    "your_reference": "WALK/1",
    "officer": "Officer Quillfeather (made up)",
    "purpose": "criminal-investigation",
    "items": "last_known_address;date_of_birth;diagnosis",
    "statement": "a made-up murder inquiry",
    "countersigned_by": "Inspector Quillfeather (made up)",
    "countersigned_rank": "inspector",
    "offence": "murder",
    "person_is": "suspect",
    "aids_investigation": "yes",
    "this_person": "yes",
}
REASONS = "The inquiry is grave and there is no less intrusive way left."


def a_person_on_the_register(demo: Demo) -> dict[str, str]:
    """Particulars the demonstration itself sent for somebody who was traced."""
    sent = next((demo.data / "sent-in").glob("home-office-2017-01-*.csv"))
    header, *rows = sent.read_text(encoding="utf-8-sig").splitlines()
    columns = header.split(",")
    for row in rows:
        fields = dict(zip(columns, row.split(","), strict=False))
        if fields.get("date_of_birth") and fields.get("family_name") and '"' not in row:
            wanted = ("family_name", "given_name", "date_of_birth", "gender", "postcode")
            return {name: fields[name] for name in wanted if fields.get(name)}
    raise AssertionError("no simple row in the demonstration's own file")


def anyone_but(first: str, act: Callable[..., "subprocess.CompletedProcess[str]"], word: str, *words: str) -> bool:
    """Return whether exactly one of the other officers could do it: the one who was asked."""
    others = [officer.staff_id for officer in OFFICERS if officer.staff_id != first]
    return sum(act(word, who, *words).returncode == 0 for who in others) == 1


def test_one_request_walks_through_the_command_line_from_submission_to_the_outbox(demo: Demo, tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(REQUEST | a_person_on_the_register(demo)), encoding="utf-8")
    password = "open-the-register-please\n"

    submitted = demo.run("request", "submit", str(file), "--as", "kent-police", "--json")
    assert submitted.returncode == 0, submitted.stderr
    (case,) = json.loads(submitted.stdout)["cases"]

    def act(word: str, who: str, *words: str) -> subprocess.CompletedProcess[str]:
        return demo.run("case", word, case, "--as", who, *words, said=password)

    early = act("trace", "a.okafor")
    assert early.returncode == 2, "nobody is traced before two people have judged the purpose"
    assert "nothing was done" in early.stderr

    yes = ("--answer", "yes", "--reasons", REASONS, "--factor", "serious-crime")
    assert act("determine", "a.okafor", *yes).returncode == 0
    twice = act("determine", "a.okafor", *yes)
    assert twice.returncode == 2, "nobody second-signs their own"
    assert anyone_but("a.okafor", act, "determine", *yes), "the second is whoever the gateway asked"
    traced = act("trace", "a.okafor")
    assert traced.returncode == 0, traced.stderr
    if "Identity review" in traced.stdout:
        why = act("explain", "a.okafor")
        assert why.returncode == 0, why.stderr
        wanted = ("asked for", "on the register", "before anything is compared", "bits", "not in the register at all")
        assert [words for words in wanted if words not in why.stdout] == []
        assert "Wrong-person bound" in why.stdout
        assert act("explain", "a.okafor", "--candidate", "6").returncode == 2
        assert act("explain", "m.ford").returncode == 2, "an administrator sees no candidates"
        likeliest = re.search(r"Candidate 1 of \d, NHS number (\d{10})", why.stdout)
        assert likeliest is not None
        assert likeliest[1] not in traced.stdout, "nobody is named before it is on record that they are shown"
        chosen = ("--choice", likeliest[1], "--reasons", REASONS)
        assert act("identify", "c.mistry", *chosen).returncode == 0
        assert anyone_but("c.mistry", act, "identify", *chosen)
        assert act("release", "a.okafor").returncode == 2, "nothing is released without a safety screen"
        safe = [word for question in SafetyQuestion for word in (f"--{question.value}", "no")]
        going_on = ("--course", "go-on", "--reasons", REASONS, *safe)
        if act("screen", "a.okafor", *going_on).returncode:
            assert act("screen", "a.okafor", "--course", "guardian", "--reasons", REASONS, *safe).returncode == 0
            assert act("screen", "g.hale", *going_on).returncode == 0
    assert act("release", "a.okafor").returncode == 0
    assert demo.run("outbox", "run", "--once").returncode == 0

    shown = json.loads(demo.run("case", "show", case, "--json").stdout)
    kinds = [line["kind"] for line in shown["history"]]
    assert shown["status"] in ("sent", "untraced")
    assert kinds.index("purpose.decided") < kinds.index("register.read") < kinds.index("disclosure.intended")
    assert kinds.index("disclosure.intended") < kinds.index("pack.sealed") < kinds.index("pack.sent")
    assert any(found["clause"] == "closed-list" or "clinical" in found["clause"] for found in shown["findings"])


def test_a_wrong_password_is_refused_and_nothing_is_recorded(demo: Demo) -> None:
    case = json.loads(demo.run("case", "list", "--json").stdout)["cases"][0]["case"]
    before = json.loads(demo.run("case", "show", case, "--json").stdout)

    refused = demo.run("case", "assign", case, "--as", "a.okafor", said="guess-guess-guess\n")

    assert refused.returncode == 2
    assert json.loads(demo.run("case", "show", case, "--json").stdout) == before
