"""What an outsider notices: every changed bit, every cut, every swap, every rewritten history."""

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.fakes.ledger import (
    KEY,
    ORIGIN,
    SIGNER,
    MemoryLog,
    checkpoint_over,
    example_leaves,
    memory_log,
    padding_leaves,
    write_folder,
)

from privity.edge.commands import ledger
from privity.edge.seals.note_keys import NoteSigningKey
from privity.edge.tiles.directory import DirectoryLog
from privity.edge.tiles.export import ExportRefused, export_log
from privity.errors import Unavailable
from privity.ledger.audit import Altered, Audit, Forked, Intact, RolledBack, audit
from privity.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from privity.ledger.tiles import CHECKPOINT, LENGTH_PREFIX, read_tile_name, split_bundle

BITS_OF_A_BYTE = 8
SAME_HOUR = 25
"""So many example entries are of one hour with the padding: an entry of an earlier one is noticed by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One bit of one file, and the index whose entry it concerns."""

    name: str
    byte: int
    bit: int
    index: int

    def apply(self, content: bytes) -> bytes:
        changed = bytearray(content)
        changed[self.byte] ^= 1 << self.bit
        return bytes(changed)


def concerned(name: str, content: bytes, byte: int, size: int) -> int:
    """Return the index of the entry that one byte of a log's file belongs to."""
    if name == CHECKPOINT:
        return size
    address = read_tile_name(name)
    if address.level is not None:
        return address.index_at(byte // 32)
    end = 0
    for at, leaf in enumerate(split_bundle(content)[0]):
        end += LENGTH_PREFIX + len(leaf)
        if byte < end:
            return address.first_index + at
    raise AssertionError("the byte lies beyond the bundle")


def every_byte(log: MemoryLog, size: int) -> Iterator[Flip]:
    for name, content in log.files.items():
        for byte in range(len(content)):
            yield Flip(name=name, byte=byte, bit=0, index=concerned(name, content, byte, size))


def look_at(log: MemoryLog, flip: Flip) -> Audit:
    original = log.files[flip.name]
    log.files[flip.name] = flip.apply(original)
    try:
        return audit(log, KEY)
    finally:
        log.files[flip.name] = original


def assert_noticed(log: MemoryLog, flip: Flip, size: int) -> None:
    """Assert that the flip is noticed with its own index; a broken size line may state another size."""
    found = look_at(log, flip)
    assert isinstance(found, Altered), flip
    if flip.name == CHECKPOINT:
        assert "the checkpoint of size" in found.what, flip
    else:
        assert found.first_bad_index == flip.index, flip


def test_every_single_bit_of_a_small_ledger_is_noticed_with_its_index() -> None:
    size = 12
    log = memory_log(padding_leaves(size))
    assert audit(log, KEY) == audit_of_intact(log)
    count = 0
    for flip in every_byte(log, size):
        for bit in range(BITS_OF_A_BYTE):
            assert_noticed(log, Flip(name=flip.name, byte=flip.byte, bit=bit, index=flip.index), size)
            count += 1
    assert count == 8 * sum(map(len, log.files.values())) > 14_000


def test_a_bit_of_every_byte_of_forty_entries_is_noticed_with_its_index() -> None:
    size = 40
    log = memory_log(padding_leaves(size))
    seeded = random.Random(40)
    for flip in every_byte(log, size):
        bit = seeded.randrange(BITS_OF_A_BYTE)
        assert_noticed(log, Flip(name=flip.name, byte=flip.byte, bit=bit, index=flip.index), size)


@pytest.mark.slow
def test_every_single_bit_of_forty_entries_with_commitments_is_noticed_with_its_index() -> None:
    size = 40
    log = memory_log(example_leaves(size))
    for flip in every_byte(log, size):
        for bit in range(BITS_OF_A_BYTE):
            assert_noticed(log, Flip(name=flip.name, byte=flip.byte, bit=bit, index=flip.index), size)


def test_in_a_ledger_of_several_tiles_sampled_bits_of_every_file_are_noticed_with_their_index() -> None:
    size = 700
    log = memory_log(padding_leaves(size))
    seeded = random.Random(700)
    assert {"tile/1/000.p/2", "tile/0/002.p/188", "tile/entries/001"} <= set(log.files)
    for name, content in log.files.items():
        for _ in range(6):
            byte = seeded.randrange(len(content))
            index = concerned(name, content, byte, size)
            assert_noticed(log, Flip(name=name, byte=byte, bit=seeded.randrange(8), index=index), size)


def audit_of_intact(log: MemoryLog) -> Intact:
    checkpoint = open_checkpoint(log.files[CHECKPOINT], KEY)
    return Intact(size=checkpoint.size, origin=ORIGIN, root=checkpoint.root)


def changed_files(log: MemoryLog) -> Iterator[tuple[str, MemoryLog, int | None]]:
    """Yield structural changes of a log: what was done, the log, the index where it is certain."""
    for name, content in log.files.items():
        if name != CHECKPOINT:
            first = read_tile_name(name).first_index
            without = {other: kept for other, kept in log.files.items() if other != name}
            yield f"{name} is gone", MemoryLog(without), first
            yield f"{name} is empty", MemoryLog(log.files | {name: b""}), first
        for cut in (1, 31, 32, 33):
            yield f"{name} lost {cut} bytes", MemoryLog(log.files | {name: content[:-cut]}), None
            yield f"{name} gained {cut} bytes", MemoryLog(log.files | {name: content + bytes(cut)}), None
        for other, instead in log.files.items():
            if other != name and instead != content:
                yield f"{name} holds {other}", MemoryLog(log.files | {name: instead}), None
    for stranger in (
        "tile/entries/003.p/1",
        "tile/0/005",
        "tile/0/002.p/190",
        "tile/2/000.p/1",
        "tile/0/2",
        "tile/readme.txt",
    ):
        yield f"{stranger} was added", MemoryLog(log.files | {stranger: bytes(32)}), None


def test_every_cut_swap_loss_and_stranger_is_noticed() -> None:
    log = memory_log(padding_leaves(700))
    count = 0
    for what, changed, index in changed_files(log):
        found = audit(changed, KEY)
        assert isinstance(found, Altered), what
        assert index is None or found.first_bad_index == index, what
        count += 1
    assert count > 100


@pytest.mark.parametrize(("held", "said"), [(0, 5), (256, 257), (256, 512), (256, 2**63 - 1), (512, 700)])
def test_a_size_that_the_key_signed_and_the_hashes_do_not_reach_is_noticed(held: int, said: int) -> None:
    whole = memory_log(padding_leaves(held))
    root = open_checkpoint(whole.files[CHECKPOINT], KEY).root
    whole.files[CHECKPOINT] = sign_checkpoint(Checkpoint(origin=ORIGIN, size=said, root=root), [SIGNER])
    hashes = MemoryLog({name: kept for name, kept in whole.files.items() if "entries" not in name})
    for found in (audit(whole, KEY), audit(hashes, KEY, hashes_only=True)):
        assert isinstance(found, Altered)
        assert found.first_bad_index == held


@pytest.mark.parametrize("where", [90, 256, 299])
def test_an_entry_written_into_the_past_is_noticed_though_the_real_key_signed_it(where: int) -> None:
    leaves = example_leaves(300)
    assert isinstance(audit(memory_log(leaves), KEY), Intact)
    backdated = leaves[:where] + example_leaves(1) + leaves[where:]
    found = audit(memory_log(backdated), KEY)
    assert isinstance(found, Altered)
    assert (found.first_bad_index, "an hour before" in found.what) == (where, True)


def test_two_entries_that_changed_places_are_noticed_at_the_first() -> None:
    leaves = padding_leaves(40)
    leaves[7], leaves[30] = leaves[30], leaves[7]
    log = memory_log(padding_leaves(40))
    log.files["tile/entries/000.p/40"] = memory_log(leaves).files["tile/entries/000.p/40"]
    found = audit(log, KEY)
    assert isinstance(found, Altered)
    assert found.first_bad_index == 7


def test_older_partial_tiles_of_a_mirror_are_welcome_as_long_as_they_agree() -> None:
    whole, earlier = memory_log(padding_leaves(300)), memory_log(padding_leaves(100))
    mirror = MemoryLog(earlier.files | whole.files)
    assert "tile/0/000.p/100" in mirror.files
    assert isinstance(audit(mirror, KEY), Intact)
    for name in ("tile/0/000.p/100", "tile/entries/000.p/100"):
        content = mirror.files[name]
        last = Flip(name=name, byte=len(content) - 1, bit=3, index=99)
        assert_noticed(mirror, last, 300)


def test_a_rewrite_with_every_hash_made_anew_but_not_the_signature_is_noticed() -> None:
    rewritten = memory_log([*padding_leaves(39), *example_leaves(1)])
    rewritten.files[CHECKPOINT] = memory_log(padding_leaves(40)).files[CHECKPOINT]
    found = audit(rewritten, KEY)
    assert isinstance(found, Altered)
    assert found.first_bad_index == 0
    known = open_checkpoint(checkpoint_over(padding_leaves(30)), KEY)
    found = audit(rewritten, KEY, known=known)
    assert isinstance(found, Altered)
    assert found.first_bad_index == 30


def test_an_entry_that_is_not_on_the_lists_is_noticed_though_signed() -> None:
    leaves = padding_leaves(5)
    leaves[3] = b'{"t":"free text","v":1}'
    found = audit(memory_log(leaves), KEY)
    assert isinstance(found, Altered)
    assert found.first_bad_index == 3
    assert "free text" not in found.what


def test_a_thousand_histories_rewritten_with_the_real_key_are_each_caught_by_one_old_checkpoint() -> None:
    genuine = padding_leaves(60)
    known = open_checkpoint(checkpoint_over(genuine[:50]), KEY)
    seeded = random.Random(10)
    caught = {RolledBack: 0, Forked: 0}
    for attempt in range(1000):
        history = list(genuine)
        act = attempt % 4
        at = seeded.randrange(50)
        if act == 0:
            history[at] = example_leaves(1, first=attempt % SAME_HOUR)[0]
        elif act == 1:
            del history[at]
        elif act == 2:
            history.insert(at, example_leaves(1, first=attempt % SAME_HOUR)[0])
        else:
            history = history[: seeded.randrange(50)]
        log = memory_log(history)
        assert isinstance(audit(log, KEY), Intact), "alone it is flawless, which is why the old checkpoint matters"
        found = audit(log, KEY, known=known)
        assert isinstance(found, RolledBack | Forked), attempt
        caught[type(found)] += 1
    assert caught == {RolledBack: 250, Forked: 750}


def test_a_log_that_only_grew_is_intact_against_every_checkpoint_it_ever_had() -> None:
    leaves = padding_leaves(300)
    log = memory_log(leaves)
    for size in (0, 1, 2, 255, 256, 257, 299, 300):
        known = open_checkpoint(checkpoint_over(leaves[:size]), KEY)
        assert isinstance(audit(log, KEY, known=known), Intact)


def test_an_empty_log_is_intact() -> None:
    assert isinstance(audit(memory_log([]), KEY), Intact)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an exported ledger of 40 entries."""
    return write_folder(memory_log(padding_leaves(40)), tmp_path / "export")


def verify(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run the command as the console does, in a process of its own."""
    program = (
        "import argparse, sys\n"
        "from privity.errors import PrivityError\n"
        "from privity.edge.commands import ledger\n"
        "parser = argparse.ArgumentParser(); ledger.configure(parser)\n"
        "try: code = ledger.run(parser.parse_args())\n"
        "except PrivityError as refusal: print(refusal, file=sys.stderr); code = refusal.exit_code\n"
        "assert 'django' not in sys.modules\n"
        "sys.exit(code)\n"
    )
    command = [sys.executable, "-c", program, "verify", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_says_intact_and_exits_0_without_django(folder: Path) -> None:
    ran = verify(folder, "--key", str(KEY))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"Intact: 40 entries of {ORIGIN}\n")


def test_the_command_exits_1_and_names_the_index(folder: Path) -> None:
    bundle = folder / "tile/entries/000.p/40"
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(content)
    ran = verify(folder, "--key", str(KEY), "--json")
    assert ran.returncode == 1
    told = json.loads(ran.stdout)
    assert told["outcome"] == "altered"
    assert told["first_bad_index"] == 20


def test_the_command_exits_2_on_a_fork_and_on_a_rollback(folder: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    for leaves, outcome in ((example_leaves(5), "forked"), (padding_leaves(41), "rolled-back")):
        old.write_bytes(checkpoint_over(leaves))
        ran = verify(folder, "--key", str(KEY), "--checkpoint", old, "--json")
        assert ran.returncode == 2
        assert json.loads(ran.stdout)["outcome"] == outcome


def test_the_command_exits_2_on_a_log_of_another_name_that_does_not_say_so(folder: Path, tmp_path: Path) -> None:
    former = NoteSigningKey(name="example.org/former", seed=b"f" * 32)
    begun = open_checkpoint(checkpoint_over(padding_leaves(40)[:10], SIGNER), KEY)
    old = tmp_path / "old"
    old.write_bytes(sign_checkpoint(Checkpoint(origin=former.name, size=10, root=begun.root), [former]))
    done = verify(folder, "--key", str(KEY), "--checkpoint", old, "--earlier-key", str(former.verifier))
    assert (done.returncode, "renamed" in done.stdout) == (2, True)


def test_a_strange_file_says_nothing_in_the_words_of_the_command(folder: Path) -> None:
    (folder / "x\nIntact: 9 entries\x1b[2J").write_bytes(b"")
    told = verify(folder, "--key", str(KEY)).stdout.splitlines()
    assert told[-1].startswith("Not part of the ledger, not checked: 'x\\nIntact")


def test_the_command_exits_3_where_nothing_can_be_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "nowhere", tmp_path / "empty", folder / CHECKPOINT):
        ran = verify(place, "--key", str(KEY))
        assert ran.returncode == 3
        assert ran.stdout == ""
        assert ran.stderr.count(";") >= 1
    old = tmp_path / "old"
    for content in (b"nonsense", checkpoint_over([], NoteSigningKey(name=ORIGIN, seed=bytes(32)))):
        old.write_bytes(content)
        assert verify(folder, "--key", str(KEY), "--checkpoint", old).returncode == 3


def test_the_command_exits_2_on_a_key_that_is_none_and_1_on_another_logs_key(folder: Path) -> None:
    assert verify(folder, "--key", "nonsense").returncode == 2
    other = NoteSigningKey(name=ORIGIN, seed=bytes(32)).verifier
    ran = verify(folder, "--key", str(other))
    assert ran.returncode == 1
    assert ran.stdout.startswith("Altered: first bad index 40\n")


def test_flipped_bits_of_files_on_disk_are_noticed_by_the_command(folder: Path) -> None:
    seeded = random.Random(1)
    parser = argparse.ArgumentParser()
    ledger.configure(parser)
    arguments = parser.parse_args(["verify", str(folder), "--key", str(KEY)])
    for file in (path for path in sorted(folder.rglob("*")) if path.is_file()):
        content = file.read_bytes()
        for _ in range(20):
            changed = bytearray(content)
            changed[seeded.randrange(len(content))] ^= 1 << seeded.randrange(8)
            file.write_bytes(changed)
            assert ledger.run(arguments) == 1
        file.write_bytes(content)
    assert ledger.run(arguments) == 0


def test_files_beside_the_tiles_are_named_and_not_mistaken_for_the_ledger(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    found = audit(DirectoryLog(root=folder), KEY)
    assert isinstance(found, Intact)
    assert found.unchecked == ("notes.txt",)


def test_an_export_is_byte_for_byte_the_log_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    log = memory_log(padding_leaves(300))
    told: list[str] = []
    exported = export_log(log, tmp_path / "deep" / "out", on_file=told.append)
    written = DirectoryLog(root=tmp_path / "deep" / "out")
    assert {name: written.read(name) for name in written.names()} == log.files
    assert exported.files == len(log.files) == len(told)
    assert told[-1] == CHECKPOINT
    assert [child.name for child in (tmp_path / "deep").iterdir()] == ["out"]


def test_an_export_replaces_an_earlier_one_of_the_same_log_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_log(memory_log(padding_leaves(10)), out)
    export_log(memory_log(padding_leaves(20)), out)
    assert isinstance(audit(DirectoryLog(root=out), KEY), Intact)
    assert not (out / "tile/0/000.p/10").exists()
    other = NoteSigningKey(name="privity.example/ledger/ffffffff", seed=bytes(32))
    for log in (memory_log(padding_leaves(19)), memory_log(padding_leaves(30), other)):
        with pytest.raises(ExportRefused):
            export_log(log, out)
    (out / "letter.txt").write_text("mine")
    with pytest.raises(ExportRefused):
        export_log(memory_log(padding_leaves(30)), out)
    assert (out / "letter.txt").read_text() == "mine"
    with pytest.raises(ExportRefused):
        export_log(memory_log(padding_leaves(30)), out / "letter.txt")
    assert [child.name for child in tmp_path.iterdir()] == ["out"]


def test_an_export_that_fails_half_way_leaves_the_earlier_one_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_log(memory_log(padding_leaves(10)), out)
    broken = memory_log(padding_leaves(300))
    del broken.files["tile/1/000.p/1"]
    with pytest.raises(Exception, match="its size calls for it"):
        export_log(broken, out)
    assert isinstance(audit(DirectoryLog(root=out), KEY), Intact)
    assert [child.name for child in tmp_path.iterdir()] == ["out"]


def test_a_log_without_a_checkpoint_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        export_log(MemoryLog(), tmp_path / "out")
    assert not (tmp_path / "out").exists()
