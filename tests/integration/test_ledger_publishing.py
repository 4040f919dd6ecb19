"""What everybody sees of the ledger is a function of the clock, is vouched for, and survives a change of key."""

import dataclasses
import os
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.ledger import KEY as OTHER_LOG
from tests.fakes.ledger import example_entry
from tests.fakes.witness import Serving, StrictWitness

from privity.edge.seals.cosigning import CosigningKey
from privity.edge.seals.note_keys import NoteVerifierKey
from privity.edge.tiles.directory import DirectoryLog, public_file
from privity.edge.tiles.public import update_public
from privity.edge.wiring.public_ledger import ENTRIES
from privity.errors import Mistaken, Unavailable
from privity.ledger.audit import Altered, Intact, audit
from privity.ledger.checkpoint import COSIGNATURE_V1, NoteRefused, open_checkpoint, read_note
from privity.ledger.cosignature import vouched_at
from privity.ledger.policy import Policy, read_policy
from privity.ledger.tiles import LogReader, hash_tiles

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance
    from privity.edge.wiring.publishing import Published

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
PER_DAY = 40
WEEKS = 4
WITNESS = CosigningKey(name="witness.example/w1", seed=b"w" * 32, algorithm=COSIGNATURE_V1)


def work(instance: "Instance", count: int) -> None:
    """Do so much in a day that there are `count` entries more."""
    from django.db import transaction

    with transaction.atomic():
        numbers = (int.from_bytes(os.urandom(6), "big") % 10_000 for _ in range(count))
        instance.log.append([dataclasses.replace(example_entry(number), at=BEGIN) for number in numbers])


def publish(instance: "Instance", out: Path, now: datetime, policy: Policy | None = None) -> "Published":
    from privity.edge.wiring import publishing

    place = publishing.PublicPlace(data=instance.data, out=out, hours=24, entries=PER_DAY)
    return publishing.publish(instance.log, instance.note_signer, place, policy=policy, now=now)


def shape(out: Path) -> dict[str, int]:
    return {name: len(DirectoryLog(root=out).read(name) or b"") for name in DirectoryLog(root=out).names()}


def expected_shape(instance: "Instance", days: int) -> dict[str, int]:
    """Return names and lengths of what is public after so many days: nothing but the clock enters."""
    size = days * PER_DAY
    tiles = {tile.name: 32 * tile.width for tile in hash_tiles(size)}
    return {**tiles, "checkpoint": len(instance.log.checkpoint_at(instance.note_signer, size))}


@pytest.mark.parametrize("volume", ["nothing", "quiet", "busy", "bursts", "too much"])
def test_four_weeks_look_alike_whatever_the_volume(instance: "Instance", tmp_path: Path, volume: str) -> None:
    rng = random.Random(volume)
    draws: dict[str, Callable[[int], int]] = {
        "nothing": lambda _day: 0,
        "quiet": lambda _day: rng.randrange(3),
        "busy": lambda _day: rng.randrange(PER_DAY),
        "bursts": lambda day: 300 if day % 7 == 3 else 0,
        "too much": lambda _day: 2 * PER_DAY,
    }
    out = tmp_path / "public"
    publish(instance, out, BEGIN)
    seen: list[bytes] = []
    for day in range(1, 7 * WEEKS + 1):
        work(instance, draws[volume](day))
        published = publish(instance, out, BEGIN + timedelta(days=day, minutes=rng.randrange(60)))
        assert published.size == day * PER_DAY
        assert shape(out) == expected_shape(instance, day)
        seen.append((out / "checkpoint").read_bytes())
    key = instance.note_signer.verifier
    for old in seen:
        known = open_checkpoint(old, key)
        assert isinstance(audit(DirectoryLog(root=out), key, known=known, hashes_only=True), Intact)
    assert published.waiting == (
        7 * WEEKS * PER_DAY if volume == "too much" else max(instance.log.size() - published.size, 0)
    )


def test_the_same_day_again_shows_nothing_new(instance: "Instance", tmp_path: Path) -> None:
    publish(instance, tmp_path / "out", BEGIN)
    publish(instance, tmp_path / "out", BEGIN + timedelta(days=3))
    before = {
        name: DirectoryLog(root=tmp_path / "out").read(name) for name in DirectoryLog(root=tmp_path / "out").names()
    }
    work(instance, 500)
    publish(instance, tmp_path / "out", BEGIN + timedelta(days=3, hours=23))
    assert before == {name: DirectoryLog(root=tmp_path / "out").read(name) for name in before}


def test_a_clock_set_back_publishes_nothing_and_is_told_for_what_it_is(instance: "Instance", tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(instance, out, BEGIN)
    publish(instance, out, BEGIN + timedelta(days=3))
    before, size = shape(out), instance.log.size()
    for back in (timedelta(days=1), timedelta(days=365)):
        with pytest.raises(Unavailable, match="set the clock right"):
            publish(instance, out, BEGIN + timedelta(days=3) - back)
    assert (shape(out), instance.log.size()) == (before, size)
    assert publish(instance, out, BEGIN + timedelta(days=4)).size == 4 * PER_DAY


def test_no_entry_is_ever_public_and_a_changed_hash_is_noticed(instance: "Instance", tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(instance, out, BEGIN)
    work(instance, 10)
    publish(instance, out, BEGIN + timedelta(days=8))
    assert not any("entries" in name for name in DirectoryLog(root=out).names())
    assert public_file(out, "tile/0/000") == (out / "tile/0/000").read_bytes()
    (out / "tile/entries").mkdir()
    (out / "tile/entries/000").write_bytes(b"leaked")
    for name in ("tile/entries/000", "../ledger-key", "tile/0/../../checkpoint", "tile/0/999", "/etc/passwd"):
        assert public_file(out, name) is None
    (out / "tile/entries/000").unlink()
    tile = bytearray((out / "tile/0/000").read_bytes())
    tile[5 * 32] ^= 1
    (out / "tile/0/000").write_bytes(tile)
    found = audit(DirectoryLog(root=out), instance.note_signer.verifier, hashes_only=True)
    assert isinstance(found, Altered)


def test_a_cadence_is_chosen_once(instance: "Instance", tmp_path: Path) -> None:
    from privity.edge.wiring import publishing

    publish(instance, tmp_path / "out", BEGIN)
    place = publishing.PublicPlace(data=instance.data, out=tmp_path / "out", hours=24, entries=PER_DAY + 1)
    with pytest.raises(Mistaken, match="cadence"):
        publishing.publish(instance.log, instance.note_signer, place, policy=None, now=BEGIN)


@dataclass(frozen=True, slots=True)
class Disturbed:
    """A log that does something of ours before each file it gives."""

    log: LogReader
    first: Callable[[str], object]

    def names(self) -> Iterable[str]:
        return self.log.names()

    def read(self, name: str) -> bytes | None:
        self.first(name)
        return self.log.read(name)


def test_while_it_is_published_whoever_reads_finds_a_whole_log(instance: "Instance", tmp_path: Path) -> None:
    out, key = tmp_path / "out", instance.note_signer.verifier
    work(instance, 700)
    sizes = (130, 300, 301, 512, 700)
    notes = {size: instance.log.checkpoint_at(instance.note_signer, size) for size in sizes}
    update_public(instance.log, out, notes[130])
    for old, new in pairwise(sizes):
        seen: list[int] = []

        def reads(_name: str, old: int = old, seen: list[int] = seen) -> None:
            public = DirectoryLog(root=out)
            note = public.read("checkpoint") or b""
            assert open_checkpoint(note, key).size == old
            assert all(public.read(tile.name) is not None for tile in hash_tiles(old))
            seen.append(old)

        update_public(Disturbed(log=instance.log, first=reads), out, notes[new])
        assert len(seen) == len(tuple(hash_tiles(new)))
        assert isinstance(audit(DirectoryLog(root=out), key, hashes_only=True), Intact)
        assert set(DirectoryLog(root=out).names()) == {tile.name for tile in hash_tiles(new)} | {"checkpoint"}


def test_a_disk_that_refuses_half_way_leaves_the_old_log_and_the_next_time_heals_it(
    instance: "Instance", tmp_path: Path
) -> None:
    out, key = tmp_path / "out", instance.note_signer.verifier
    work(instance, 700)
    update_public(instance.log, out, instance.log.checkpoint_at(instance.note_signer, 130))

    def full(name: str) -> None:
        if name == "tile/0/001":
            raise OSError(28, "No space left on device")

    note = instance.log.checkpoint_at(instance.note_signer, 700)
    with pytest.raises(Unavailable):
        update_public(Disturbed(log=instance.log, first=full), out, note)
    assert open_checkpoint((out / "checkpoint").read_bytes(), key).size == 130
    (out / "tile/0/000").write_bytes(b"bitten")
    update_public(instance.log, out, note)
    assert isinstance(audit(DirectoryLog(root=out), key, hashes_only=True), Intact)
    with pytest.raises(Mistaken, match="evidence"):
        update_public(instance.log, out, instance.log.checkpoint_at(instance.note_signer, 512))


def test_a_cadence_that_cannot_be_read_stops_publication_and_is_not_made_anew(instance: "Instance") -> None:
    instance.publisher.publish(BEGIN)
    written = instance.data.ledger_cadence.read_text()
    for broken in ("", "{}", "[]", '{"begins": 1, "hours": 24, "entries": 40}', written.replace("24", "0")):
        instance.data.ledger_cadence.write_text(broken)
        with pytest.raises(Unavailable, match="cadence"):
            instance.publisher.publish(BEGIN)
        assert instance.data.ledger_cadence.read_text() == broken


def test_what_was_made_up_is_public_from_the_beginning_and_the_clock_adds_to_it(instance: "Instance") -> None:
    work(instance, 700)
    assert instance.publisher.publish(BEGIN, first=1024).size == 1024
    assert instance.publisher.publish(BEGIN + timedelta(days=2), first=0).size == 1024 + 2 * ENTRIES
    assert instance.log.size() == 1024 + 2 * ENTRIES


def policy_with(serving: Serving) -> Policy:
    return read_policy(f"witness W {WITNESS.verifier} {serving.url}\nquorum W\n".encode())


def test_witnesses_vouch_for_every_publication_and_an_alarm_follows_a_day_without_them(
    instance: "Instance", tmp_path: Path
) -> None:
    out, clock = tmp_path / "out", BEGIN
    publish(instance, out, BEGIN)
    witness = StrictWitness(log=instance.note_signer.verifier, key=WITNESS)
    with Serving(witness) as serving:
        policy = policy_with(serving)
        for day in (1, 2, 3):
            clock = BEGIN + timedelta(days=day)
            witness.clock = int(clock.timestamp())
            done = publish(instance, out, clock, policy)
            assert (done.quorum, done.alarm) == (True, "")
            note = read_note((out / "checkpoint").read_bytes())
            assert vouched_at(note, WITNESS.verifier) == witness.clock
        witness.clock = int(clock.timestamp()) + 3600
        assert publish(instance, out, clock + timedelta(hours=1), policy).vouched == {"W": witness.clock}
    soon = publish(instance, out, clock + timedelta(hours=20), policy)
    assert (soon.quorum, soon.alarm) == (False, ""), "one missed publication stops nothing and alarms nobody"
    standing = (out / "checkpoint").read_bytes()
    assert open_checkpoint(standing, instance.note_signer.verifier).size == 3 * PER_DAY
    assert vouched_at(read_note(standing), WITNESS.verifier) == witness.clock, "nor takes from what was vouched for"
    assert "too few witnesses" in publish(instance, out, clock + timedelta(hours=26), policy).alarm
    grown = read_note((out / "checkpoint").read_bytes())
    assert vouched_at(grown, WITNESS.verifier) is None, "a line is kept for the checkpoint it is about and no other"


def test_a_log_no_witness_ever_vouched_for_is_alarming_at_once(instance: "Instance", tmp_path: Path) -> None:
    publish(instance, tmp_path / "out", BEGIN)
    with Serving(StrictWitness(log=OTHER_LOG, key=WITNESS)) as serving:
        done = publish(instance, tmp_path / "out", BEGIN + timedelta(days=1), policy_with(serving))
    assert "never" in done.alarm or "ever" in done.alarm
    assert done.size == PER_DAY


def test_a_second_key_of_another_kind_vouches_with_the_moment(instance: "Instance", tmp_path: Path) -> None:
    second = CosigningKey(name=instance.origin, seed=b"q" * 32)
    publish(instance, tmp_path / "out", BEGIN)
    (instance.data.root / "ledger-key-ml-dsa").write_text(second.guarded_text(), encoding="ascii")
    for hours in (24, 25, 26):
        publish(instance, tmp_path / "out", BEGIN + timedelta(hours=hours))
        note = (tmp_path / "out" / "checkpoint").read_bytes()
        assert open_checkpoint(note, instance.note_signer.verifier).size == PER_DAY
        assert vouched_at(read_note(note), second.verifier) == int((BEGIN + timedelta(hours=hours)).timestamp())


def accepts(key: NoteVerifierKey, note: bytes) -> bool:
    try:
        open_checkpoint(note, key)
    except NoteRefused:
        return False
    return True


def test_while_the_key_changes_both_sign_and_nobody_has_to_hurry(instance: "Instance") -> None:
    from privity.edge.store.audit_ledger import audit_ledger
    from privity.edge.wiring import key_rotation
    from privity.edge.wiring.assembly import assemble

    old = instance.note_signer.verifier
    work(instance, 3)
    before = instance.log.checkpoint(instance.note_signer, BEGIN)
    new = key_rotation.start(instance.data, instance.note_signer)
    with pytest.raises(Mistaken):
        key_rotation.start(instance.data, instance.note_signer)
    during_change = assemble(instance.data)
    work(during_change, 2)
    during = during_change.log.checkpoint(during_change.note_signer, BEGIN)
    assert key_rotation.finish(instance.data, during_change.note_signer) == new
    with pytest.raises(Mistaken):
        key_rotation.finish(instance.data, during_change.note_signer)
    after_change = assemble(instance.data)
    work(after_change, 2)
    after = after_change.log.checkpoint(after_change.note_signer, BEGIN)
    assert [(accepts(old, note), accepts(new, note)) for note in (before, during, after)] == [
        (True, False),
        (True, True),
        (False, True),
    ]
    assert after_change.note_signer.name == instance.note_signer.name
    keys = [new, *key_rotation.earlier_keys(instance.data)]
    now = datetime(2027, 1, 1, tzinfo=UTC)
    assert isinstance(audit_ledger(after_change.log, keys, now=now).verdict, Intact)
    assert audit_ledger(after_change.log, [new], now=now).verdict is None


@pytest.mark.parametrize("done", [0, 7, PER_DAY])
def test_the_size_that_stands_beside_published_figures_is_the_clocks_and_not_the_works(
    instance: "Instance", tmp_path: Path, done: int
) -> None:
    publish(instance, tmp_path / "out", BEGIN)
    work(instance, done)
    now = BEGIN + timedelta(days=3)
    assert instance.publisher.even_out(now) == instance.log.size() == 3 * PER_DAY
    assert instance.publisher.even_out(now) == 3 * PER_DAY, "done twice it adds nothing"
    assert publish(instance, tmp_path / "out", now).size == 3 * PER_DAY


def test_where_the_work_has_run_ahead_that_size_tells_by_how_many_periods_and_nothing_finer(
    instance: "Instance", tmp_path: Path
) -> None:
    publish(instance, tmp_path / "out", BEGIN)
    work(instance, 2 * PER_DAY + 11)
    assert instance.publisher.even_out(BEGIN + timedelta(days=1)) == instance.log.size() == 3 * PER_DAY
