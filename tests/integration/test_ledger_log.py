"""The log in a real database, migrated as an instance is: durable with its act, or not there at all."""

import contextlib
import dataclasses
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction
from tests.fakes.ledger import KEY, NOON, ORIGIN, SIGNER, example_entry, memory_log, padding_entry

from privity.edge.seals.note_keys import NoteSigningKey, read_verifier_key
from privity.edge.tiles.directory import DirectoryLog
from privity.edge.tiles.export import export_log
from privity.errors import Impossible, Unavailable
from privity.ledger.audit import Altered, Intact, audit
from privity.ledger.checkpoint import NoteRefused, open_checkpoint
from privity.ledger.encoding import decode, encode
from privity.ledger.merkle import verify_consistency
from privity.ledger.proof import read_proof, verify_proof
from privity.ledger.tiles import CHECKPOINT

if TYPE_CHECKING:
    from privity.edge.store.log import Log

ALIAS = "ledger-test"


@pytest.fixture(scope="session")
def migrated(started: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with every table and trigger an instance has, and nothing in it."""
    del started  # Django has its settings from there; a folder without keys would leave it without them for all others
    database = tmp_path_factory.mktemp("ledger") / "template.sqlite"
    use_database(database)
    call_command("migrate", database=ALIAS, verbosity=0, interactive=False)
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections[ALIAS].close()
    return database


def use_database(database: Path) -> None:
    connections.settings[ALIAS] = {**connections.settings["default"], "NAME": database}
    with contextlib.suppress(AttributeError):
        del connections[ALIAS]


@pytest.fixture
def log(migrated: Path, tmp_path: Path) -> "Iterator[Log]":
    """Return an empty log in a database of its own."""
    from privity.edge.store.log import Log

    shutil.copy(migrated, tmp_path / "privity.sqlite")
    use_database(tmp_path / "privity.sqlite")
    yield Log(alias=ALIAS)
    connections[ALIAS].close()


def append_padding(log: "Log", count: int) -> int:
    first = log.size()
    with transaction.atomic(using=log.alias):
        return log.append([padding_entry(number) for number in range(first, first + count)])


def append_signed(log: "Log", count: int, signer: NoteSigningKey = SIGNER) -> int:
    """Append and sign as an act does: how the log ends is read once, inside the transaction."""
    with transaction.atomic(using=log.alias):
        ending = log.ending()
        entries = [padding_entry(number) for number in range(ending.head.size, ending.head.size + count)]
        return log.append_signed(entries, signer, NOON, onto=ending)


def run_sql(statement: str, *values: object) -> None:
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute(statement, values)  # type: ignore[arg-type]  # whatever a test passes


def test_entries_are_numbered_from_nought_in_the_order_they_were_appended(log: "Log") -> None:
    assert [append_padding(log, count) for count in (1, 3, 0, 2)] == [0, 1, 4, 4]
    assert log.size() == 6
    assert [found.index for found in log.entries()] == list(range(6))
    assert log.entry(5) == decode(encode(padding_entry(5)))


@pytest.mark.parametrize("portions", [[1] * 260, [255, 1, 1], [256, 256], [100, 700, 3], [513]], ids=len)
def test_whatever_the_portions_the_tiles_are_those_of_the_reference(log: "Log", portions: list[int]) -> None:
    for portion in portions:
        append_padding(log, portion)
        note = log.checkpoint(SIGNER, NOON)
    reference = memory_log([encode(padding_entry(number)) for number in range(sum(portions))])
    assert set(log.names()) == set(reference.files)
    assert {name: log.read(name) for name in log.names()} == reference.files
    assert note == reference.files[CHECKPOINT]


def test_a_log_of_three_levels_is_whole_and_quickly_written(log: "Log", tmp_path: Path) -> None:
    size, portion = 65_536 + 300, 500
    entries = [padding_entry(number) for number in range(size)]
    started = time.perf_counter()
    for first in range(0, size, portion):
        with transaction.atomic(using=ALIAS):
            log.append(entries[first : first + portion])
    print(f"\nappended {size / (time.perf_counter() - started):,.0f} entries/s, {portion} to a transaction")
    log.checkpoint(SIGNER, NOON)
    started = time.perf_counter()
    export_log(log, tmp_path / "out")
    print(f"exported {size / (time.perf_counter() - started):,.0f} entries/s")
    started = time.perf_counter()
    found = audit(DirectoryLog(root=tmp_path / "out"), KEY)
    print(f"verified {size / (time.perf_counter() - started):,.0f} entries/s")
    assert isinstance(found, Intact)
    assert found.size == size
    for name, byte, index in (
        ("tile/1/000", 32 * 200, 200 * 256),
        ("tile/2/000.p/1", 31, 0),
        ("tile/0/255", 0, 65_280),
    ):
        content = bytearray((tmp_path / "out" / name).read_bytes())
        content[byte] ^= 1
        (tmp_path / "out" / name).write_bytes(content)
        altered = audit(DirectoryLog(root=tmp_path / "out"), KEY)
        assert isinstance(altered, Altered)
        assert altered.first_bad_index == index
        content[byte] ^= 1
        (tmp_path / "out" / name).write_bytes(content)


def test_nothing_is_appended_outside_a_transaction(log: "Log") -> None:
    with pytest.raises(Impossible):
        log.append([padding_entry(0)])
    assert log.size() == 0


def test_an_act_that_fails_leaves_no_entry_no_tile_and_no_size(log: "Log") -> None:
    append_padding(log, 250)
    root = log.root()

    def act_that_fails() -> None:
        with transaction.atomic(using=ALIAS):
            log.append([padding_entry(number) for number in range(250, 300)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_that_fails()
    assert (log.size(), log.root()) == (250, root)
    assert log.read("tile/0/000") is None
    assert append_padding(log, 50) == 250
    log.checkpoint(SIGNER, NOON)
    assert isinstance(audit(log, KEY), Intact)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_entry SET leaf = x'00' WHERE idx = 1",
        "UPDATE log_entry SET case_kid = 'x'",
        "DELETE FROM log_entry WHERE idx = 2",
        "DELETE FROM log_entry",
        "INSERT OR REPLACE INTO log_entry (idx, leaf, kind, case_kid) VALUES (1, x'00', '', '')",
        "UPDATE log_checkpoint SET size = 1",
        "DELETE FROM log_checkpoint",
        "INSERT OR REPLACE INTO log_checkpoint (id, size, note, signed_at) VALUES (1, 1, x'00', '2017-01-01')",
    ],
)
def test_the_database_refuses_to_change_what_was_logged(log: "Log", statement: str) -> None:
    append_padding(log, 3)
    log.checkpoint(SIGNER, NOON)
    before = {name: log.read(name) for name in log.names()}
    with pytest.raises(IntegrityError, match="the ledger only grows"):
        run_sql(statement)
    assert {name: log.read(name) for name in log.names()} == before


def test_the_entries_of_a_case_are_found_by_its_key_identifier(log: "Log") -> None:
    with transaction.atomic(using=ALIAS):
        log.append([example_entry(1), padding_entry(0), example_entry(2), example_entry(1)])
    kid = example_entry(1).case
    assert [found.index for found in log.case_entries(kid)] == [0, 3]
    assert {found.entry.case for found in log.case_entries(kid)} == {kid}
    assert log.case_entries("") == log.case_entries(padding_entry(0).case)


def test_a_checkpoint_is_signed_once_for_one_size(log: "Log") -> None:
    empty = log.checkpoint(SIGNER, NOON)
    assert open_checkpoint(empty, KEY).size == 0
    append_padding(log, 5)
    first = log.checkpoint(SIGNER, NOON)
    assert log.checkpoint(SIGNER, datetime(2030, 1, 1, tzinfo=UTC)) == first == log.latest_checkpoint()
    append_padding(log, 5)
    second = log.checkpoint(SIGNER, NOON)
    old, new = open_checkpoint(first, KEY), open_checkpoint(second, KEY)
    path = log.prove_continuation(old.size, new.size)
    verify_consistency(old=old.size, new=new.size, path=path, old_root=old.root, new_root=new.root)


@pytest.mark.parametrize(
    "tampering",
    [
        ("UPDATE log_head SET size = 0, frontier = x''",),
        ("DROP TRIGGER log_entry_no_update", "UPDATE log_entry SET leaf = x'00' WHERE idx = 257"),
        ("UPDATE log_tile SET hashes = zeroblob(32) WHERE level = 1",),
        ("UPDATE log_head SET frontier = zeroblob(128)",),
    ],
    ids=["head", "entry", "tile", "edge"],
)
def test_a_history_that_was_changed_in_the_database_is_not_signed_again(log: "Log", tampering: tuple[str, ...]) -> None:
    append_padding(log, 260)
    log.checkpoint(SIGNER, NOON)
    append_padding(log, 3)
    for statement in tampering:
        run_sql(statement)
    with pytest.raises(Impossible):
        log.checkpoint(SIGNER, NOON)


@pytest.mark.parametrize("portions", [[1] * 260, [255, 1, 1], [256, 256], [100, 700, 3]], ids=len)
def test_what_acts_append_and_sign_is_what_the_reference_holds(log: "Log", portions: list[int]) -> None:
    for portion in portions:
        append_signed(log, portion)
    reference = memory_log([encode(padding_entry(number)) for number in range(sum(portions))])
    assert {name: log.read(name) for name in log.names()} == reference.files
    assert isinstance(audit(log, KEY), Intact)


@pytest.mark.parametrize(
    "tampering",
    [
        ("UPDATE log_head SET size = 0, frontier = x''",),
        ("UPDATE log_head SET size = 256, frontier = zeroblob(32)",),
        ("UPDATE log_head SET frontier = zeroblob(64)",),
        ("DROP TRIGGER log_checkpoint_no_update", "UPDATE log_checkpoint SET note = CAST('no note' AS BLOB)"),
    ],
    ids=["head gone", "head shorter", "head other", "checkpoint other"],
)
def test_no_act_goes_on_from_a_history_that_was_changed_in_the_database(log: "Log", tampering: tuple[str, ...]) -> None:
    append_signed(log, 256)
    append_signed(log, 4)
    for statement in tampering:
        run_sql(statement)
    held = log.size()
    with pytest.raises((Impossible, NoteRefused, IntegrityError)):
        append_signed(log, 1)
    assert log.size() == held


def test_two_processes_that_act_in_turns_go_on_from_each_other(log: "Log") -> None:
    other = type(log)(alias=ALIAS)  # remembers nothing of what the first one signed
    for count, writer in ((3, log), (1, other), (2, other), (1, log), (254, log), (1, other)):
        append_signed(writer, count)
        assert writer.ending() == dataclasses.replace(log.ending(), signed_as=writer.ending().signed_as)
    assert isinstance(audit(log, KEY), Intact)


def test_what_is_remembered_of_the_last_checkpoint_is_forgotten_where_the_tables_say_otherwise(log: "Log") -> None:
    append_signed(log, 3)
    assert log.ending().signed_as == ORIGIN
    run_sql("DROP TRIGGER log_checkpoint_no_update")
    run_sql("UPDATE log_checkpoint SET signed_at = '2017-03-01 11:00:00'")
    assert log.ending().signed_as == ""
    assert log.ending().signed_at == datetime(2017, 3, 1, 11, tzinfo=UTC)


def test_an_act_is_not_signed_under_another_name(log: "Log") -> None:
    append_signed(log, 1)
    with pytest.raises(Impossible):
        append_signed(log, 1, NoteSigningKey(name="privity.example/ledger/ffffffff", seed=SIGNER.seed))
    assert log.size() == 1


def test_an_act_that_was_undone_leaves_nothing_that_the_next_would_go_on_from(log: "Log") -> None:
    append_signed(log, 3)

    def undone() -> None:
        with transaction.atomic(using=ALIAS):
            log.append_signed([padding_entry(900)], SIGNER, NOON, onto=log.ending())
            raise KeyError

    with pytest.raises(KeyError):
        undone()
    append_signed(log, 3)
    assert log.size() == 6
    assert isinstance(audit(log, KEY), Intact)


def test_who_read_the_end_of_the_log_in_an_earlier_transaction_appends_nothing(log: "Log") -> None:
    ending = log.ending()
    append_signed(log, 2)
    with pytest.raises((Impossible, IntegrityError)), transaction.atomic(using=ALIAS):
        log.append_signed([padding_entry(7)], SIGNER, NOON, onto=ending)
    assert log.size() == 2


def test_a_log_is_not_signed_under_another_name(log: "Log") -> None:
    append_padding(log, 1)
    log.checkpoint(SIGNER, NOON)
    with pytest.raises(Impossible):
        log.checkpoint(NoteSigningKey(name="privity.example/ledger/ffffffff", seed=SIGNER.seed), NOON)


def test_a_key_that_replaces_another_signs_the_same_log_anew(log: "Log") -> None:
    append_padding(log, 1)
    log.checkpoint(SIGNER, NOON)
    newer = NoteSigningKey(name=ORIGIN, seed=bytes(32))
    assert open_checkpoint(log.checkpoint(newer, NOON), newer.verifier).size == 1


def test_every_entry_under_the_checkpoint_can_be_proved_and_none_beyond_it(log: "Log") -> None:
    append_padding(log, 300)
    with pytest.raises(Unavailable):
        log.prove(0)
    log.checkpoint(SIGNER, NOON)
    append_padding(log, 1)
    for index in (0, 1, 255, 256, 299):
        leaf = log.leaves(index, index + 1)[0]
        assert verify_proof(log.prove(index), leaf=leaf, log=KEY).size == 300
    for index in (-1, 300, 301):
        with pytest.raises(Exception, match=f"entry `{index}` was not found"):
            log.prove(index)


def test_an_entry_that_is_not_there_is_not_found(log: "Log") -> None:
    append_padding(log, 2)
    for index in (-1, 2):
        with pytest.raises(Exception, match="was not found"):
            log.entry(index)


@pytest.mark.parametrize("name", ["tile/0/000", "tile/entries/000.p/3", "tile/1/000.p/1", "tile/x", "nonsense"])
def test_a_file_the_log_does_not_reach_is_absent(log: "Log", name: str) -> None:
    append_padding(log, 2)
    assert log.read(name) is None


def test_writers_at_the_same_time_share_one_order_without_gaps(log: "Log") -> None:
    writers, acts = 4, 25
    firsts: list[int] = []

    def write(writer: int) -> None:
        for act in range(acts):
            with transaction.atomic(using=ALIAS):
                number = (writer * acts + act) * 2
                firsts.append(log.append([padding_entry(number), padding_entry(number + 1)]))
        connections[ALIAS].close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(firsts) == list(range(0, writers * acts * 2, 2))
    log.checkpoint(SIGNER, NOON)
    assert isinstance(audit(log, KEY), Intact)


def privity(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    program = "import sys; from privity.edge.commands.console import main; sys.exit(main())"
    command = [sys.executable, "-c", program, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_instance_exports_a_ledger_that_its_printed_key_verifies(tmp_path: Path) -> None:
    data, out = tmp_path / "instance", tmp_path / "out"
    assert privity("init", "--data", data).returncode == 0
    key_text = (data / "ledger-key.pub").read_text().strip()
    checkpoint = privity("ledger", "checkpoint", "--data", data)
    signed = open_checkpoint(checkpoint.stdout.encode(), read_verifier_key(key_text))
    (tmp_path / "old").write_text(checkpoint.stdout)
    exported = privity("ledger", "export", "--data", data, "--out", out)
    assert exported.returncode == 0, exported.stderr
    verified = privity("ledger", "verify", out, "--key", key_text, "--checkpoint", tmp_path / "old")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    proof = privity("ledger", "prove", "0", "--data", data)
    assert read_proof(proof.stdout.encode()).index == 0
    assert signed.size >= 1
    beyond = privity("ledger", "prove", str(signed.size + 1000), "--data", data)
    assert (beyond.returncode, beyond.stdout) == (2, "")
    assert privity("ledger", "checkpoint", "--data", tmp_path / "nowhere").returncode == 2
