"""What a restored instance may do, which is nothing, and how two people let it go on under a new name of its log."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes import golden
from tests.fakes.backups import back_up, differences, elsewhere, restore
from tests.fakes.corridor import (
    ADMINISTRATORS,
    FIRST,
    GUARDIAN,
    SECOND,
    Corridor,
    asker,
    police_request,
)
from tests.fakes.corridors import going_on, stored_corridor
from tests.fakes.shelf import ShelfAgreements

from privity.casework.backing_up import shut_by
from privity.casework.destroy import KEPT_DAYS, HoldReason, allow_destruction, place_hold
from privity.casework.destruction_certificate import verify_certificate
from privity.casework.ports import Act
from privity.definitions.day import civil_day
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.edge.commands.console import main
from privity.edge.seals.note_keys import read_verifier_key
from privity.edge.tiles.directory import DirectoryLog
from privity.edge.tiles.export import export_log
from privity.errors import Impossible, Mistaken, Unavailable
from privity.ledger.audit import Forked, Intact, RolledBack, audit
from privity.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from privity.ledger.entry_kind import EntryKind
from privity.ledger.proof import verify_proof
from privity.ledger.succession import open_succession

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

NIGHTLY = os.environ.get("PRIVITY_NIGHTLY") == "1"


@pytest.fixture
def corridor(instance: "Instance") -> Corridor:
    return stored_corridor(instance)


def going_on_at(instance: "Instance", before: Corridor) -> Corridor:
    corridor = going_on(instance)
    corridor.now = before.now + timedelta(hours=1)
    return corridor


def acknowledge(instance: "Instance", corridor: Corridor, by: Officer = FIRST, second: Officer = GUARDIAN) -> None:
    instance.restorer.acknowledge(by=by, second=second, at=corridor.tick())


def over(corridor: Corridor, count: int) -> list[CaseReference]:
    """Return so many cases that were answered, sent, destroyed by the requester, and are two days from their end."""
    references = [corridor.sealed(police_request(reference=f"KP/{number}")) for number in range(count)]
    for reference in references:
        corridor.send(reference)
        corridor.destroyed(reference, on=civil_day(corridor.now))
    corridor.now += timedelta(days=KEPT_DAYS + 1)
    return references


def destroy(instance: "Instance", corridor: Corridor, reference: CaseReference) -> str:
    for by in (FIRST, SECOND):
        corridor.do(lambda unit, at, by=by: allow_destruction(unit, reference, by=by, at=at))  # type: ignore[misc]  # bound now
    shredder = replace(instance.shredder, agreements=ShelfAgreements())
    return shredder.destroy(reference, by=SECOND, at=corridor.tick()).reference


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
        outbox = replace(again.outbox, agreements=ShelfAgreements())
        for refused in (
            lambda: later.received(police_request(reference="KP/4")),
            lambda: later.intend(ready),
            lambda: later.trace(approved),
            lambda: outbox.send(at=later.tick()),
            lambda: again.register.own_number(object()),  # type: ignore[arg-type]  # refused before it is looked at
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
        outbox = replace(again.outbox, agreements=ShelfAgreements())
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
    outbox = replace(instance.outbox, agreements=ShelfAgreements())
    assert outbox.send(at=corridor.tick()), "a checkpoint has left"
    shutil.copy(instance.data.root / "ledger-seen", tmp_path / "older")
    with elsewhere(tmp_path / "older") as rolled_back:
        size = rolled_back.log.size()
        with pytest.raises(Unavailable) as refusal:
            going_on_at(rolled_back, corridor).received()
        assert "older" in str(refusal.value)
        assert rolled_back.log.size() == size


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


def test_what_a_later_export_says_was_destroyed_is_destroyed_again_and_certified_under_the_new_log(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    gone, kept = over(corridor, 2)
    made = back_up(instance, tmp_path, corridor.tick())
    kid = destroy(instance, corridor, gone)
    export_log(instance.log, tmp_path / "export")
    found = restore(made, tmp_path / "restored", corridor.tick(), export=tmp_path / "export")
    assert found.destroyed == (kid,)
    assert found.shut == (kept,), "nobody can say that it was not destroyed after the export"
    with elsewhere(tmp_path / "restored") as again:
        with pytest.raises(Mistaken):
            again.store.case(gone)
        later = going_on_at(again, corridor)
        acknowledge(again, later)
        verify_certificate(again.shredder.certificate(kid), again.note_signer.verifier)
        assert differences(again) == []
        raw = b"".join(path.read_bytes() for path in sorted((tmp_path / "restored").glob("privity.sqlite*")))
        assert gone.encode() not in raw
        assert all(word.encode() not in raw for word in (golden.GIVEN, golden.EARLIER))


def test_a_case_that_may_have_been_destroyed_is_shut_until_two_people_destroy_or_reopen_it(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    first, second = over(corridor, 2)
    young = corridor.sealed(police_request(reference="KP/9"))
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        later = going_on_at(again, corridor)
        acknowledge(again, later)
        (record,) = again.restorer.done()
        assert set(shut_by(record)) == {first, second} == {one.reference for one in again.restorer.shut()}
        assert again.store.case(young).status.value == "sealed"
        for reference in (first, second):
            with pytest.raises(Mistaken):
                again.store.case(reference)
        assert differences(again) == [], "they are compared all the same"
        with pytest.raises(Mistaken):
            again.restorer.destroy(first, by=FIRST, second=FIRST, at=later.tick())
        kid = again.restorer.destroy(first, by=FIRST, second=GUARDIAN, at=later.tick()).reference
        again.restorer.reopen(second, by=FIRST, second=GUARDIAN, at=later.tick())
        assert again.store.case(second).status.is_closed
        verify_certificate(again.shredder.certificate(kid), again.note_signer.verifier)
        assert again.restorer.shut() == []
        assert differences(again) == []
        assert [one.kind for one in later.entries()][-1] is EntryKind.RESTORE_REOPENED


def test_an_edit_of_what_is_held_shut_is_noticed(corridor: Corridor, instance: "Instance", tmp_path: Path) -> None:
    from privity.edge.store.instance_rows import SealedCase

    first, second = over(corridor, 2)
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        acknowledge(again, going_on_at(again, corridor))
        rows = {one.reference: bytes(one.sealed) for one in SealedCase.objects.all()}
        SealedCase.objects.filter(reference=first).update(sealed=rows[second])
        assert {(one.table, one.case) for one in differences(again)} == {("sealed_case", first)}
        SealedCase.objects.filter(reference=first).delete()
        assert {one.case for one in differences(again)} == {first}


def test_a_case_destroyed_with_the_key_of_its_month_opens_from_no_backup_with_the_keys_of_today(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    (gone,) = over(corridor, 1)
    corridor.now -= timedelta(days=KEPT_DAYS // 2)  # as a backup of before would be kept: the case may not go yet
    made = back_up(instance, tmp_path, corridor.tick())
    corridor.now += timedelta(days=KEPT_DAYS // 2)
    destroy(instance, corridor, gone)
    assert instance.shredder.epochs_over(by=SECOND, at=corridor.tick())
    found = restore(made, tmp_path / "restored", corridor.tick(), keys=instance.data.root)
    assert gone in (*found.unopened, *found.shut)
    with elsewhere(tmp_path / "restored") as again:
        later = going_on_at(again, corridor)
        acknowledge(again, later)
        with pytest.raises(Unavailable):
            again.restorer.reopen(gone, by=FIRST, second=GUARDIAN, at=later.tick())
        again.restorer.destroy(gone, by=FIRST, second=GUARDIAN, at=later.tick())
        raw = b"".join(path.read_bytes() for path in sorted((tmp_path / "restored").glob("privity.sqlite*")))
        assert all(word.encode() not in raw for word in (golden.GIVEN, golden.EARLIER))
        assert differences(again) == []


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
