"""What a stranger types wrong, at every command there is: never a traceback, always what, why and what next."""

import json
import resource
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from io import TextIOWrapper
from pathlib import Path

import pytest
from tests.functional.test_demo import Demo, a_demo
from tests.functional.typing_in import LEAVES, NOBODY, REFERENCE, Leaf, Ran, run

REFUSED = (2, 3)
NO_INSTANCE_NEEDED = frozenset({"demo", "init", "trace"})
"""Commands that have `--data` and start without an instance: two make one, one needs it for some actions only."""
TRIED_ELSEWHERE = frozenset({"trace", "backup", "restore"})
"""Commands whose files have tests of their own: below, and in the tests of backups, which write to what they name."""
OF_AN_INSTANCE = [leaf for leaf in LEAVES if leaf.has("data") and leaf.words[0] not in NO_INSTANCE_NEEDED]
BAD_FILES: dict[str, bytes] = {
    "empty.csv": b"",
    "garbage.csv": bytes(range(256)) * 12,
    "latin.csv": "reference,family_name\nJos\xe9,\xe9\n".encode("latin-1"),
    "nul.csv": bytes(100),
    "text.csv": b"hello\n",
    "cut.json": b"[1,2",
    "deep.json": b"[" * 100_000,
    "object.json": b"{}",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return a_demo(tmp_path_factory.mktemp("demo") / "privity-demo")


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an instance that can disclose nothing yet."""
    data = tmp_path_factory.mktemp("new") / "data"
    assert run(["init", "--data", str(data)], data.parent).code == 0
    return data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of everything that is not what it should be."""
    made = tmp_path_factory.mktemp("wrong")
    for name, content in BAD_FILES.items():
        (made / name).write_bytes(content)
    for name in ("folder.csv", "empty-data", "garbage-data"):
        (made / name).mkdir()
    for name in ("privity.sqlite", "ledger-key", "secret-key", "register.sqlite"):
        (made / "garbage-data" / name).write_bytes(b"\xff\x00" * 300)
    return made


def without_room(size: int) -> None:
    """Let no file of this process grow past a size, in bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def interrupted() -> None:
    """Have this process interrupted in a moment, as from a keyboard."""
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    signal.signal(signal.SIGALRM, signal.default_int_handler)


def plain() -> None:
    """Have this process write to a terminal that knows no letters but plain ones."""
    assert isinstance(sys.stdout, TextIOWrapper)
    sys.stdout.reconfigure(encoding="ascii", errors="strict")


def once(leaf: Leaf) -> dict[str, str]:
    """Return what makes a command that goes on for ever look once."""
    return {"once": "yes"} if leaf.has("once") else {}


def fault(leaf: Leaf, words: list[str], ran: Ran, allowed: tuple[int, ...] = REFUSED) -> str:
    """Return what is wrong with how a command was refused, or nothing."""
    wrong = []
    if ran.code not in allowed:
        wrong.append(f"exit code {ran.code}")
    if "Traceback" in ran.err or "Exception ignored" in ran.err:
        wrong.append("a traceback")
    if ran.code in REFUSED and not ran.err.strip():
        wrong.append("silence")
    if ran.code in REFUSED and "; " not in ran.err.replace("\n", " "):
        wrong.append("nothing said about what to do next")
    if "--json" in words:
        try:
            told = [json.loads(line) for line in ran.out.splitlines()]
        except ValueError:
            wrong.append("no JSON on stdout")
        else:
            if ran.code in REFUSED and len(told) != 1:
                wrong.append(f"{len(told)} JSON objects for one refusal")
    elif ran.code in REFUSED and ran.out.strip():
        wrong.append("a refusal on stdout")
    return f"{' '.join(words)}: {', '.join(wrong)}: {ran.err.strip()[-300:]}" if wrong else ""


def faults(
    some: list[Leaf], folder: Path, given: Callable[[Leaf], dict[str, str]], allowed: tuple[int, ...] = REFUSED
) -> Iterator[str]:
    for leaf in some:
        words = leaf.typed(**given(leaf), **once(leaf))
        typed = [*words, "--json"] if leaf.has("json") else words
        if found := fault(leaf, typed, run(typed, folder), allowed):
            yield found


def test_every_command_but_the_server_can_answer_in_json() -> None:
    assert [leaf.named for leaf in LEAVES if not leaf.has("json")] == ["serve"]


def test_wrong_usage_of_every_command_is_told_like_any_refusal_and_with_json_as_one_object(folder: Path) -> None:
    found: list[str] = []
    for leaf in LEAVES:
        for typed in ([*leaf.words, "--no-such-option=Quill"], [*leaf.words, "--no-such-option", "Quill", "--json"]):
            ran = run(typed, folder)
            found += [told for told in [fault(leaf, typed, ran, allowed=(2,))] if told]
            if ran.err.count("\n") != 1 or f"see `privity {leaf.words[0]}" not in ran.err or "Quill" in ran.err:
                found.append(f"{typed}: {ran.err}")
    assert found == []


@pytest.mark.parametrize("place", ["nowhere", "text.csv", "empty-data", "garbage-data"])
def test_a_data_directory_that_is_none_is_refused_by_every_command(place: str, folder: Path) -> None:
    assert list(faults(OF_AN_INSTANCE, folder, lambda _leaf: {"data": place})) == []


@pytest.mark.slow
def test_a_file_that_is_not_what_it_should_be_is_refused_by_every_command_that_reads_one(
    folder: Path, demo: Demo
) -> None:
    found: list[str] = []
    for name in ("missing.csv", "folder.csv", "empty.csv", "garbage.csv", "deep.json"):
        for leaf in LEAVES:
            for one in leaf.files_read():
                if leaf.words[0] in TRIED_ELSEWHERE:
                    continue
                given = {one: name} | ({"data": str(demo.data)} if leaf.has("data") else {})
                given |= {"act": "take-in"} if leaf.words == ("outbox",) else {}
                # A folder without an agreement in it holds no errors, and mail that says nothing about a pack is mail.
                allowed = (0, 1, 2, 3) if leaf.words[0] in ("agreement", "outbox", "ledger", "audit") else REFUSED
                found += faults([leaf], folder, lambda _leaf, given=given: given, allowed)  # type: ignore[misc]  # bound
    assert found == []


@pytest.mark.parametrize("what", ["particulars", "register", "model", "splink-import"])
@pytest.mark.parametrize("name", ["missing.csv", "folder.csv", *BAD_FILES])
def test_tracing_refuses_a_file_that_is_not_what_it_should_be(what: str, name: str, folder: Path) -> None:
    good = folder / "good.csv"
    good.write_text("reference,family_name,given_name,date_of_birth\n1,Quill,Ada,1985-04-03\n", encoding="utf-8")
    register = folder / "register.sqlite"
    if not register.exists():
        assert run(["register", "generate", "--people", "20", "--out", str(register)], folder).code == 0
    words = {
        "particulars": ["trace", name, "--register", str(register)],
        "register": ["trace", str(good), "--register", name],
        "model": ["trace", str(good), "--register", str(register), "--model", name],
        "splink-import": ["trace", "splink-import", name, "--out", "made.json"],
    }[what]
    (leaf,) = [one for one in LEAVES if one.words == ("trace",)]
    assert fault(leaf, words, run(words, folder)) == ""


@pytest.fixture
def spoilt(new: Path, tmp_path: Path) -> Path:
    """Return a copy of the new instance, to be spoilt."""
    return Path(shutil.copytree(new, tmp_path / "spoilt"))


@pytest.fixture
def copy(demo: Demo, tmp_path: Path) -> Path:
    """Return a copy of the demonstration, to be spoilt."""
    left_out = shutil.ignore_patterns("outbox", "ledger-export", "sent-in", "register.sqlite*")
    shutil.copytree(demo.data, tmp_path / "copy", ignore=left_out)
    return tmp_path / "copy"


def older(data: Path) -> None:
    with closing(sqlite3.connect(data / "privity.sqlite")) as database, database:
        (last,) = database.execute("SELECT max(name) FROM django_migrations WHERE app = 'store'").fetchone()
        database.execute("DELETE FROM django_migrations WHERE name = ?", [last])


def newer(data: Path) -> None:
    with closing(sqlite3.connect(data / "privity.sqlite")) as database, database:
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('store', '0999_later', '')")


def damaged(data: Path) -> None:
    for log in data.glob("privity.sqlite-*"):
        log.unlink()
    (data / "privity.sqlite").write_bytes(b"\xff\x00" * 50_000)


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [older, newer, damaged])
def test_tables_of_another_version_and_a_damaged_database_are_refused_by_every_command(
    spoil: Callable[[Path], None], spoilt: Path, folder: Path
) -> None:
    spoil(spoilt)
    some = [leaf for leaf in OF_AN_INSTANCE if leaf.words != ("upgrade",)]
    assert list(faults(some, folder, lambda _leaf: {"data": str(spoilt)})) == []


@pytest.mark.parametrize(("spoil", "said"), [(older, "behind this version"), (newer, "newer version")])
def test_reading_and_writing_on_tables_of_another_version_is_refused(
    spoil: Callable[[Path], None], said: str, spoilt: Path, folder: Path
) -> None:
    spoil(spoilt)
    for words in (["case", "list"], ["ledger", "checkpoint"], ["holiday", "list"]):
        ran = run([*words, "--data", str(spoilt)], folder)
        assert (ran.code, said in ran.err) == (2, True)


def test_a_damaged_database_is_the_worlds_doing_and_not_ours(spoilt: Path, folder: Path) -> None:
    damaged(spoilt)
    ran = run(["case", "list", "--data", str(spoilt), "--json"], folder)
    assert (ran.code, "restore a backup" in ran.err) == (3, True)
    assert json.loads(ran.out)["why"] == "the database is damaged"


@pytest.mark.slow
def test_a_case_that_is_not_there_is_said_to_be_so_by_every_command_about_a_case(demo: Demo, folder: Path) -> None:
    some = [leaf for leaf in OF_AN_INSTANCE if leaf.has("reference") and leaf.words[0] in ("case", "breach-pack")]
    some += [leaf for leaf in OF_AN_INSTANCE if leaf.words in (("destroy", "now"), ("destroy", "allow"))]
    for leaf in some:
        ran = run(leaf.typed(data=str(demo.data), reference=REFERENCE, by="b.lewis", staff_id="b.lewis"), folder)
        assert (ran.code, "was not found" in ran.err) == (2, True), (leaf.named, ran)


@pytest.mark.slow
def test_a_full_disk_is_said_and_loses_nothing(copy: Path, folder: Path) -> None:
    def count() -> int:
        with closing(sqlite3.connect(copy / "privity.sqlite")) as database:
            return int(database.execute("SELECT count(*) FROM log_entry").fetchone()[0])

    before = count()
    full = partial(without_room, min((copy / "privity.sqlite").stat().st_size, 32_768))
    words = ["case", "list", "--data", str(copy)]
    assert run(words, folder).code == 0
    with closing(sqlite3.connect(copy / "privity.sqlite")) as database:
        (reference,) = database.execute("SELECT reference FROM state WHERE closed_on = '' LIMIT 1").fetchone()
    note = ["case", "note", reference, "--words", "x" * 60, "--as", "a.okafor", "--data", str(copy)]
    for _again in range(12):
        ran = run(note, folder, before=full)
        if ran.code:
            break
    assert (ran.code, "Traceback" in ran.err) == (3, False), ran
    kept = count()
    assert run(note, folder).code == 0, "once there is room, it goes on"
    assert count() == kept + 1
    assert kept >= before
    assert run(["audit", "--data", str(copy)], folder).code == 0


def test_a_register_that_does_not_fit_on_the_disk_leaves_the_old_one(folder: Path, tmp_path: Path) -> None:
    made, register = str(tmp_path / "made.csv"), tmp_path / "r.sqlite"
    assert run(["register", "generate", "--people", "500", "--out", made], folder).code == 0
    assert run(["register", "import", made, "--register", str(register)], folder).code == 0
    before = register.read_bytes()
    full = partial(without_room, 20_000)
    ran = run(["register", "import", made, "--register", str(register), "--json"], folder, before=full)
    assert (ran.code, "the disk refused" in ran.err) == (3, True)
    assert register.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made.csv", "r.sqlite", "r.sqlite.columns"]


@pytest.mark.slow
def test_a_database_that_somebody_else_holds_is_waited_for_and_then_told(spoilt: Path, folder: Path) -> None:
    with closing(sqlite3.connect(spoilt / "privity.sqlite", isolation_level=None, check_same_thread=False)) as held:
        held.execute("BEGIN IMMEDIATE")
        held.execute("DELETE FROM watch_memory WHERE name = 'nothing'")
        released = threading.Timer(1.0, lambda: held.execute("ROLLBACK"))
        released.start()
        waited = run(["ledger", "checkpoint", "--data", str(spoilt)], folder)
        released.join()
        assert waited.code == 0, waited
        held.execute("BEGIN EXCLUSIVE")
        words = ["user", "add", "f.first", "--name", "F First", "--role", "administrator", "--data", str(spoilt)]
        ran = run(words, folder, said="a long pass phrase of one's own\n" * 2)
        assert (ran.code, "another process" in ran.err) == (3, True), ran


def test_nobody_who_reads_and_a_full_disk_behind_stdout_end_quietly(folder: Path) -> None:
    for words in (["--help"], ["routes"], ["authorisation", "matrix", "--json"], ["messages"]):
        gone = run(words, folder, stdout=NOBODY)
        assert (gone.code, gone.err) == (0, ""), words
    for words in (["--version"], ["routes"], ["messages", "--json"]):
        told = run(words, folder, stdout="/dev/full")
        assert (told.code, "no space left on device" in told.err, "Traceback" in told.err) == (3, True, False), told


def test_an_interrupt_ends_a_command_in_one_line(folder: Path) -> None:
    ran = run(["register", "generate", "--people", "3000000", "--out", "never.csv"], folder, before=interrupted)
    assert (ran.code, ran.err) == (130, "privity: stopped\n")
    assert not (folder / "never.csv").exists()


def test_a_terminal_that_cannot_write_a_letter_shows_its_number(folder: Path) -> None:
    ran = run(["case", "show", "--help"], folder, before=plain)
    assert (ran.code, ran.err) == (0, "")
    assert "PRV-\\u2026" in ran.out
