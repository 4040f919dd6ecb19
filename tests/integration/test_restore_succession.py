"""How a restored log follows the former one, and how anybody outside is told which, and what was lost."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.backups import acknowledge, back_up, differences, elsewhere, going_on_at, restore
from tests.fakes.corridor import (
    GUARDIAN,
    Corridor,
    police_request,
)

from privity.casework.ports import Act
from privity.edge.commands.console import main
from privity.edge.seals.note_keys import read_verifier_key
from privity.edge.tiles.directory import DirectoryLog
from privity.edge.tiles.export import export_log
from privity.errors import Impossible
from privity.ledger.audit import Forked, Intact, RolledBack, audit
from privity.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from privity.ledger.entry_kind import EntryKind
from privity.ledger.succession import open_succession

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


def test_a_later_checkpoint_shows_what_was_lost_and_one_that_contradicts_stops_the_restore(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    from privity.edge.wiring.restore_ledger import Contradicts

    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    corridor.sealed(police_request(reference="KP/2"))
    later = tmp_path / "later"
    later.write_bytes(instance.log.latest_checkpoint() or b"")
    found = restore(made, tmp_path / "restored", corridor.tick(), checkpoints=(later,))
    assert found.size_known == instance.log.size() > found.size_restored
    with elsewhere(tmp_path / "restored") as again:
        acknowledge(again, going_on_at(again, corridor))
        export_log(again.log, tmp_path / "export")
        key, former = again.note_signer.verifier, instance.note_signer.verifier
        told = again.log.entry(found.size_restored).facts
        assert (told["size_known"], told["size_restored"]) == (found.size_known, found.size_restored)
    log, known = DirectoryLog(root=tmp_path / "export"), open_checkpoint(later.read_bytes(), former)
    assert isinstance(audit(log, key), Intact)
    assert isinstance(audit(log, key, known=known), RolledBack | Forked)
    # The log as it went on after the restore, shown to a restore of what was lost: one of the two is not this log's.
    other = tmp_path / "other"
    with elsewhere(tmp_path / "restored") as again:
        other.write_bytes(again.log.latest_checkpoint() or b"")
    with pytest.raises(Contradicts):
        restore(made, tmp_path / "once-more", corridor.tick(), checkpoints=(other,))
    assert not (tmp_path / "once-more").exists()


def test_both_keys_say_that_the_new_log_follows_the_former_one(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    found = restore(made, tmp_path / "restored", corridor.tick())
    assert found.linked
    note = (tmp_path / "restored" / "succession" / "note").read_bytes()
    said = open_succession(note, instance.note_signer.verifier, read_verifier_key(found.key))
    assert (said.former.origin, said.former.size) == (instance.origin, found.size_restored)
    assert (tmp_path / "restored" / "ledger-key").read_text() != (made.keys / "ledger-key").read_text()


def test_an_outsider_is_told_which_log_goes_on_and_which_entries_were_lost(
    corridor: Corridor, instance: "Instance", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    corridor.sealed(police_request(reference="KP/2"))
    later = tmp_path / "later"
    later.write_bytes(instance.log.latest_checkpoint() or b"")
    found = restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        acknowledge(again, going_on_at(again, corridor))
        export_log(again.log, tmp_path / "export")
    former, note = str(instance.note_signer.verifier), tmp_path / "restored" / "succession" / "note"
    verify = ["ledger", "verify", str(tmp_path / "export"), "--key", found.key]
    assert main(verify) == 0
    assert (
        f"Goes on from {instance.origin}, of which it has the first {found.size_restored:,}" in capsys.readouterr().out
    )
    before = ["--earlier-key", former, "--checkpoint", str(note.with_name("former-checkpoint"))]
    assert main([*verify, *before]) == 0
    assert main([*verify, "--checkpoint", str(later)]) == 3, "under a key that was not given"
    capsys.readouterr()
    assert main([*verify, "--earlier-key", former, "--checkpoint", str(later), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert f"{found.size_restored} to {instance.log.size() - 1}" in told["lost"]
    assert [one["holds"] for one in told["goes_on_from"]] == [True]
    assert main(["ledger", "check-succession", str(note), "--key", former, "--new-key", found.key]) == 0
    assert main(["ledger", "check-succession", str(note), "--key", found.key, "--new-key", found.key]) == 1


def test_a_log_that_only_says_it_goes_on_from_another_does_not_verify(
    corridor: Corridor, instance: "Instance", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corridor.sealed()
    with instance.store.unit() as unit:
        facts: dict[str, str | int | bool] = {
            "former_log": "privity.example/ledger/another",
            "size_restored": 5,
            "former_root": "ab" * 32,
        }
        unit.write(
            Act(kind=EntryKind.RESTORE_ACKNOWLEDGED, at=corridor.tick(), by=GUARDIAN, key="instance", facts=facts)
        )
    export_log(instance.log, tmp_path / "export")
    assert main(["ledger", "verify", str(tmp_path / "export"), "--key", str(instance.note_signer.verifier)]) == 1
    assert "does not begin with them" in capsys.readouterr().out


def test_a_checkpoint_under_another_name_that_no_entry_explains_is_found_by_the_audit(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        from privity.edge.store.ledger_rows import LogCheckpoint

        newest = LogCheckpoint.objects.order_by("-id").first()
        assert newest is not None
        said = Checkpoint(origin=again.origin, size=again.log.size(), root=again.log.root())
        note = sign_checkpoint(said, [again.note_signer])
        LogCheckpoint.objects.create(size=said.size, note=note, signed_at=newest.signed_at)
        assert [(one.table, one.column) for one in differences(again)] == [("log_checkpoint", "note")]
        (tmp_path / "restored" / "restored.json").unlink()
        with pytest.raises(Impossible):
            again.log.checkpoint(replace(again.note_signer, name=instance.origin), corridor.tick())
