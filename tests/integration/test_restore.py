"""What a restored instance may do, which is nothing, and how two people let it go on under a new name of its log."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.backups import acknowledge, back_up, differences, elsewhere, going_on_at, restore
from tests.fakes.corridor import (
    ADMINISTRATORS,
    FIRST,
    GUARDIAN,
    SECOND,
    Corridor,
    asker,
    police_request,
)
from tests.fakes.corridors import looking_again

from privity.casework.destroy import HoldReason, place_hold
from privity.definitions.party import Officer
from privity.errors import Impossible, Mistaken, Unavailable
from privity.ledger.checkpoint import open_checkpoint
from privity.ledger.entry_kind import EntryKind
from privity.ledger.proof import verify_proof

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

NIGHTLY = os.environ.get("PRIVITY_NIGHTLY") == "1"


def test_nothing_is_written_sealed_sent_traced_or_released_before_two_people_acknowledged_the_gap(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    ready, sealed = corridor.ready(), corridor.sealed(police_request(reference="KP/2"))
    approved = corridor.approved(police_request(reference="KP/3"))
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        later = going_on_at(again, corridor)
        size, sealer = again.log.size(), again.sealer
        outbox = looking_again(again.outbox)
        for refused in (
            lambda: later.received(police_request(reference="KP/4")),
            lambda: later.intend(ready),
            lambda: later.trace(approved),
            lambda: outbox.send(at=later.tick()),
            lambda: again.publisher.publish(later.tick()),
            lambda: again.log.checkpoint_at(again.note_signer, 3),
            lambda: sealer._sealed((), 0, None, (), later.now),  # type: ignore[arg-type]  # refused before it is looked at
            lambda: back_up(again, tmp_path / "more", later.tick()),
            lambda: later.do(lambda unit, at: place_hold(unit, sealed, HoldReason.COURT, by=FIRST, at=at)),
        ):
            with pytest.raises((Unavailable, Impossible)) as refusal:
                refused()
            assert "acknowledge" in str(refusal.value) or "permit" in str(refusal.value)
        assert again.log.size() == size
        assert again.store.case(sealed).status.value == "sealed", "reading goes on"
        assert not list((tmp_path / "restored" / "outbox").glob("**/*"))


def test_once_acknowledged_the_next_release_goes_out_under_the_new_name_and_all_is_as_the_ledger_says(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    ready = corridor.ready()
    made = back_up(instance, tmp_path, corridor.tick())
    found = restore(made, tmp_path / "restored", corridor.tick())
    former = instance.note_signer.verifier
    before = [instance.log.prove(index) for index in range(found.size_restored)]
    leaves = instance.log.leaves(0, found.size_restored)
    with elsewhere(tmp_path / "restored") as again:
        later = going_on_at(again, corridor)
        acknowledge(again, later)
        later.intend(ready)
        later.release(ready)
        outbox = looking_again(again.outbox)
        assert ready in outbox.send(at=later.tick())
        assert again.origin != instance.origin
        entry = again.log.entry(found.size_restored)
        assert entry.kind is EntryKind.RESTORE_ACKNOWLEDGED
        assert entry.facts["former_log"] == instance.origin
        checkpoint = open_checkpoint(again.log.latest_checkpoint() or b"", again.note_signer.verifier)
        assert checkpoint.origin == again.origin
        pack = later.read(ready).pack
        assert pack is not None
        for index in (0, found.size_restored, checkpoint.size - 1):
            (leaf,) = again.log.leaves(index, index + 1)
            assert verify_proof(again.log.prove(index), leaf=leaf, log=again.note_signer.verifier).size
        assert differences(again) == []
    for proof, leaf in zip(before, leaves, strict=True):
        assert verify_proof(proof, leaf=leaf, log=former).size, "what was handed out before still verifies"


@pytest.mark.parametrize(
    ("by", "second"),
    [
        (FIRST, FIRST),
        (ADMINISTRATORS[0], ADMINISTRATORS[1]),
        (asker("kent-police"), GUARDIAN),
        (GUARDIAN, replace(SECOND, organisation=asker("kent-police").organisation)),
    ],
)
def test_it_takes_two_different_people_of_the_custodian_one_of_whom_answers_for_disclosures(
    corridor: Corridor, instance: "Instance", tmp_path: Path, by: Officer, second: Officer
) -> None:
    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        with pytest.raises(Mistaken):
            acknowledge(again, going_on_at(again, corridor), by, second)
        assert again.restorer.waiting() is not None


def test_taking_the_mark_away_does_not_let_the_log_go_on(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    (tmp_path / "restored" / "restored.json").unlink()
    with elsewhere(tmp_path / "restored") as again:
        size = again.log.size()
        with pytest.raises(Impossible):
            going_on_at(again, corridor).received()
        assert again.log.size() == size


def test_tables_older_than_a_checkpoint_signed_beside_them_are_not_written_to(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    instance.store.close()
    shutil.copytree(instance.data.root, tmp_path / "older")
    corridor.sealed(police_request(reference="KP/2"))
    outbox = looking_again(instance.outbox)
    assert outbox.send(at=corridor.tick()), "a checkpoint has left"
    shutil.copy(instance.data.root / "ledger-seen", tmp_path / "older")
    with elsewhere(tmp_path / "older") as rolled_back:
        size = rolled_back.log.size()
        with pytest.raises(Unavailable) as refusal:
            going_on_at(rolled_back, corridor).received()
        assert "older" in str(refusal.value)
        assert rolled_back.log.size() == size


def test_tables_put_back_under_a_process_that_lives_on_are_noticed_before_the_next_act_over_a_new_connection(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    instance.store.close()
    shutil.copy(instance.data.database, tmp_path / "older.sqlite")
    corridor.sealed(police_request(reference="KP/2"))
    outbox = looking_again(instance.outbox)
    assert outbox.send(at=corridor.tick()), "a checkpoint has left"
    corridor.received(police_request(reference="KP/3"))
    instance.store.close()
    shutil.copy(tmp_path / "older.sqlite", instance.data.database)
    with pytest.raises(Unavailable) as refusal:
        corridor.received(police_request(reference="KP/4"))
    assert "older" in str(refusal.value)


def test_a_restore_goes_into_an_empty_folder_only(corridor: Corridor, instance: "Instance", tmp_path: Path) -> None:
    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    with pytest.raises(Mistaken):
        restore(made, instance.data.root, corridor.tick())
    (tmp_path / "empty").mkdir()
    restore(made, tmp_path / "empty", corridor.tick())


def test_a_crash_after_the_acknowledgement_leaves_only_the_mark_to_be_taken_away(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    mark = tmp_path / "restored" / "restored.json"
    kept = mark.read_bytes()
    with elsewhere(tmp_path / "restored") as again:
        later = going_on_at(again, corridor)
        acknowledge(again, later)
        mark.write_bytes(kept)
        with pytest.raises(Unavailable):
            later.received()
        size = again.log.size()
        acknowledge(again, later, SECOND, GUARDIAN)
        assert (again.log.size(), mark.exists()) == (size, False)
        later.received()


def test_a_restored_instance_is_backed_up_and_restored_once_more(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    reference = corridor.sealed()
    made = back_up(instance, tmp_path / "one", corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        later = going_on_at(again, corridor)
        acknowledge(again, later)
        second = back_up(again, tmp_path / "two", later.tick())
        name = again.origin
    found = restore(second, tmp_path / "twice", later.tick())
    assert found.former_log == name
    with elsewhere(tmp_path / "twice") as third:
        much_later = going_on_at(third, later)
        acknowledge(third, much_later)
        assert third.store.case(reference).status.value == "sealed"
        assert differences(third) == []
        assert len(third.restorer.done()) == 2


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here: nothing was killed")
def test_a_power_cut_in_the_middle_of_a_restore_leaves_nothing_that_could_be_used(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    instance.store.close()
    words = [str(Path(sys.executable).with_name("privity")), "restore", str(made.out), "--keys", str(made.keys)]
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PRIVITY_", "DJANGO"))}
    cuts = [("fsync", 14), ("rename", 1)]
    if NIGHTLY:
        cuts += [(call, when) for call in ("fsync", "rename", "unlink", "pwrite64") for when in range(1, 60, 3)]
    for call, when in cuts:
        root = tmp_path / f"cut-{call}-{when}"
        cutting = ["strace", "-f", "-qq", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}"]
        ended = subprocess.run(
            [*cutting, *words, "--data", str(root)], capture_output=True, check=False, timeout=120, env=bare
        )
        if (root / "privity.sqlite").exists():
            assert (root / "restored.json").exists(), f"usable after a cut at {call} {when}, and at no standstill"
        else:
            assert ended.returncode != 0
            assert not root.exists() or not list(root.iterdir())
    assert not (tmp_path / "cut-fsync-14").exists(), "the first cut came before the last step"


def test_a_backup_of_an_earlier_version_is_put_back_and_says_what_to_run_before_anybody_acknowledges(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    corridor.sealed()
    MigrationRecorder.Migration.objects.order_by("-id")[0].delete()
    made = back_up(instance, tmp_path, corridor.tick())
    words = ["restore", str(made.out), "--keys", str(made.keys), "--data", str(tmp_path / "restored")]
    command = [sys.executable, "-m", "privity.edge.commands.console", *words]
    put_back = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert put_back.returncode == 0, put_back.stderr
    assert "is in" in put_back.stdout
    assert "run `privity upgrade" in put_back.stdout.splitlines()[-1]
