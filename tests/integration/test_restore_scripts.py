"""A thousand scripts of acts, backups, losses, restores and acknowledgements: each ends whole, and says what it lost.

What each script must come to:
- between restore and acknowledgement nothing is written, sealed or sent, whoever tries what;
- afterwards the tables are what the ledger says, and the ledger is what its key signed;
- a checkpoint that somebody held of the former log is a prefix of the new one, or lies beyond what was restored: then
  the new log is seen to be shorter or another, and the gap is named where the checkpoint was shown to the restore;
- the note of succession names the former log, and the size and root at which the new one begins.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.backups import Backups, acknowledge, back_up, differences, elsewhere, going_on_at, restore
from tests.fakes.corridor import ADMINISTRATORS, FIRST, GUARDIAN, SECOND, Corridor, police_request
from tests.fakes.corridors import looking_again

from privity.casework.destroy import HoldReason, place_hold
from privity.casework.lifecycle import Status
from privity.definitions.reference import CaseReference
from privity.edge.seals.note_keys import NoteVerifierKey, read_verifier_key
from privity.edge.tiles.directory import DirectoryLog
from privity.edge.tiles.export import export_log
from privity.errors import Mistaken, PrivityError
from privity.ledger.audit import Forked, Intact, RolledBack, audit
from privity.ledger.checkpoint import Checkpoint, open_checkpoint
from privity.ledger.succession import open_succession

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance
    from privity.edge.wiring.restore_mark import PutBack

BUILD, NIGHT, TOGETHER = 25, 1_000, 25
MOST_ACTS, MOST_LIVES = 7, 3
MAY_SAY_SO = ((FIRST, GUARDIAN), (GUARDIAN, SECOND), (ADMINISTRATORS[0], FIRST), (GUARDIAN, ADMINISTRATORS[1]))
MAY_NOT = ((FIRST, FIRST), ADMINISTRATORS)


@dataclass(slots=True)
class Held:
    """A checkpoint that somebody outside holds, and the key it is under."""

    note: bytes
    key: NoteVerifierKey

    @property
    def said(self) -> Checkpoint:
        return open_checkpoint(self.note, self.key)


@dataclass(slots=True)
class Life:
    """One instance while it lives: what is done in it, and what leaves it."""

    instance: "Instance"
    corridor: Corridor
    rng: random.Random
    cases: list[CaseReference]
    outside: list[Held] = field(default_factory=list)

    def acts(self) -> None:
        for _ in range(self.rng.randrange(MOST_ACTS)):
            act = self.rng.choice((self.begin, self.go_on, self.go_on, self.go_on, self.hold, self.keep_a_checkpoint))
            # Who asks for the same person again and again is stopped by the guardian's alert: that is an end, too.
            with suppress(Mistaken):
                act()

    def begin(self) -> None:
        self.cases.append(self.corridor.received(police_request(reference=f"KP/{len(self.cases)}")))

    def go_on(self) -> None:
        """Do the next act on some case, whatever its turn is."""
        open_ones = [one for one in self.cases if self.is_here(one) and self._status(one) in self._steps]
        if not open_ones:
            self.begin()
            return
        reference = self.rng.choice(open_ones)
        self._steps[self._status(reference)](reference)

    def hold(self) -> None:
        """Place a hold on the newest case that is here and has none."""
        free = [one for one in self.cases if self.is_here(one) and not self.corridor.read(one).holds]
        if free:
            newest = free[-1]
            self.corridor.do(lambda unit, at: place_hold(unit, newest, HoldReason.COURT, by=FIRST, at=at))

    def keep_a_checkpoint(self) -> None:
        note = self.instance.log.latest_checkpoint()
        assert note is not None
        self.outside.append(Held(note=note, key=self.instance.note_signer.verifier))

    def send(self) -> list[CaseReference]:
        outbox = looking_again(self.instance.outbox)
        return outbox.send(at=self.corridor.tick())

    @property
    def _steps(self) -> dict[Status, Callable[[CaseReference], object]]:
        walk = self.corridor
        return {
            Status.JUDGING_PURPOSE: lambda one: (walk.view(one, FIRST, True), walk.view(one, SECOND, True)),
            Status.APPROVED: walk.trace,
            Status.JUDGING_IDENTITY: lambda one: (walk.name_record(one, FIRST, 1), walk.name_record(one, SECOND, 1)),
            Status.IDENTIFIED: lambda one: (walk.screen(one), walk.intend(one), walk.release(one)),
            Status.SEALED: lambda _: self.send(),
            Status.SENT: walk.collect,
        }

    def is_here(self, reference: CaseReference) -> bool:
        from privity.edge.store.case_rows import State

        return State.objects.filter(reference=reference).exists()

    def _status(self, reference: CaseReference) -> Status:
        return self.corridor.read(reference).status


def nothing_goes_on(life: Life) -> None:
    """Try whatever could write, seal or send, and see that nothing did."""
    spool, size = life.instance.data.root / "outbox", life.instance.log.size()
    note = life.instance.log.latest_checkpoint()
    for attempt in (life.begin, life.send, life.hold, life.go_on):
        try:
            attempt()
        except PrivityError:
            continue
    with pytest.raises(PrivityError):
        acknowledge(life.instance, life.corridor, *life.rng.choice(MAY_NOT))
    assert (life.instance.log.size(), life.instance.log.latest_checkpoint()) == (size, note)
    assert not list(spool.rglob("*"))
    assert life.instance.restorer.waiting() is not None


def each_checkpoint_is_a_prefix_or_beyond(life: Life, found: "PutBack", shown: list[Held], folder: Path) -> None:
    export_log(life.instance.log, folder)
    log, key = DirectoryLog(root=folder), life.instance.note_signer.verifier
    assert isinstance(audit(log, key), Intact)
    for held in life.outside:
        if held.key == key:
            continue
        said = held.said
        verdict = audit(log, key, known=said)
        if said.origin == found.former_log and said.size > found.size_restored:
            assert isinstance(verdict, RolledBack | Forked), "what was lost is seen"
            assert held not in shown or found.size_known >= said.size, "and named, where it was shown"
        elif said.origin == found.former_log:
            assert isinstance(verdict, Intact), "what was kept is a prefix"


def the_note_names_the_gap(life: Life, found: "PutBack", former: NoteVerifierKey) -> None:
    note = (life.instance.data.succession / "note").read_bytes()
    said = open_succession(note, former, read_verifier_key(found.key)).former
    assert (said.origin, said.size, said.root.hex()) == (found.former_log, found.size_restored, found.former_root)
    facts = life.instance.log.entry(found.size_restored).facts
    assert (facts["former_log"], facts["size_restored"]) == (found.former_log, found.size_restored)
    assert facts["size_known"] == found.size_known


def lived(life: Life, tmp_path: Path, lives: int) -> None:
    """Live on: acts, a backup, acts that are lost, a restore, its acknowledgement; and again."""
    folder = tmp_path / f"life-{lives}"
    folder.mkdir()
    life.acts()
    life.keep_a_checkpoint()
    made = back_up(life.instance, folder, life.corridor.tick())
    life.acts()
    life.keep_a_checkpoint()
    found, shown = put_back(life, made, folder)
    former = life.instance.note_signer.verifier
    with elsewhere(folder / "restored") as again:
        after = Life(
            instance=again,
            corridor=going_on_at(again, life.corridor),
            rng=life.rng,
            cases=life.cases,
            outside=life.outside,
        )
        nothing_goes_on(after)
        acknowledge(again, after.corridor, *after.rng.choice(MAY_SAY_SO))
        after.acts()
        after.begin()
        assert again.log.size() > found.size_restored + 1, "it lives"
        assert differences(again) == []
        the_note_names_the_gap(after, found, former)
        each_checkpoint_is_a_prefix_or_beyond(after, found, shown, folder / "after")
        if lives > 1:
            lived(after, tmp_path, lives - 1)


def put_back(life: Life, made: Backups, folder: Path) -> tuple["PutBack", list[Held]]:
    """Restore with some of what is held outside, and sometimes with a later export."""
    mine = [one for one in life.outside if one.key == life.instance.note_signer.verifier]
    shown = life.rng.sample(mine, life.rng.randrange(len(mine) + 1))
    files = []
    for number, held in enumerate(shown):
        files.append(folder / f"held-{number}")
        files[-1].write_bytes(held.note)
    export = folder / "later" if life.rng.random() < 0.5 else None
    if export is not None:
        export_log(life.instance.log, export)
    keys = life.instance.data.root if life.rng.random() < 0.3 else None
    found = restore(made, folder / "restored", life.corridor.tick(), keys=keys, checkpoints=tuple(files), export=export)
    return found, shown


def live(seed: int, corridor: Corridor, instance: "Instance", tmp_path: Path) -> None:
    rng = random.Random(seed)
    lived(Life(instance=instance, corridor=corridor, rng=rng, cases=[]), tmp_path, 1 + rng.randrange(MOST_LIVES) // 2)


@pytest.mark.parametrize("seed", range(BUILD))
def test_whatever_was_done_before_a_restore_ends_whole_and_says_what_it_lost(
    corridor: Corridor, instance: "Instance", tmp_path: Path, seed: int
) -> None:
    live(seed, corridor, instance, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(BUILD, NIGHT))
def test_whatever_was_done_before_a_restore_ends_whole_and_says_what_it_lost_at_night(
    corridor: Corridor, instance: "Instance", tmp_path: Path, seed: int
) -> None:
    live(seed, corridor, instance, tmp_path)
