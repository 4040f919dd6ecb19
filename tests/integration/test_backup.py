"""A backup made while the instance serves: what is in it, what is not, and that every damage to it is named."""

import shutil
import sqlite3
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes import golden
from tests.fakes.backups import Backups, back_up, differences, elsewhere, restore
from tests.fakes.corridor import ADMINISTRATORS, GUARDIAN, Corridor, asker, police_request

from privity.casework.ports import Act
from privity.definitions.party import GATEWAY
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken, Unavailable
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

CANARIES = (golden.GIVEN, golden.EARLIER)


def files_of(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def test_a_backup_names_nobody_who_was_sought_and_holds_no_key(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    assert all(word.encode() in instance.data.database.read_bytes() + wal_of(instance) for word in CANARIES)
    made = back_up(instance, tmp_path, corridor.tick())
    held = b"".join(path.read_bytes() for path in files_of(made.out))
    for word in CANARIES:
        assert word.encode() not in held, "a backup without keys tells who was sought"
    for secret in files_of(made.keys):
        if secret.name != "keys":
            assert secret.read_bytes().strip() not in held, f"the backup holds {secret.name}"
    assert {"ledger-key", "secret-key", "standing"} <= {path.name for path in files_of(made.keys)}


def wal_of(instance: "Instance") -> bytes:
    log = instance.data.root / "privity.sqlite-wal"
    return log.read_bytes() if log.exists() else b""


def test_a_backup_is_on_record_with_the_day_by_which_it_must_be_gone(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    at = corridor.tick()
    back_up(instance, tmp_path, at)
    (record,) = instance.backups.all()
    told = [entry for entry in corridor.entries() if entry.kind is EntryKind.BACKUP_MADE]
    assert [entry.facts["backup_digest"] for entry in told] == [record.reference]
    assert record.expires == "2017-04-05"
    assert instance.backups.overdue(at + timedelta(days=35)) == []
    assert instance.backups.overdue(at + timedelta(days=36)) == [record]
    gone = instance.backups.discard(record.reference[:12], by=ADMINISTRATORS[0], at=corridor.tick())
    assert instance.backups.overdue(at + timedelta(days=36)) == []
    assert gone.discarded_by == ADMINISTRATORS[0].staff_id
    with pytest.raises(Mistaken):
        instance.backups.discard(record.reference, by=GUARDIAN, at=corridor.tick())


def test_nobody_from_outside_the_custodian_says_that_a_backup_is_gone(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    back_up(instance, tmp_path, corridor.tick())
    (record,) = instance.backups.all()
    with pytest.raises(Mistaken):
        instance.backups.discard(record.reference, by=asker("kent-police"), at=corridor.tick())


def test_what_stands_in_the_way_is_left_alone_and_nothing_is_on_record(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "mine").write_text("keep me")
    with pytest.raises(Mistaken):
        back_up(instance, tmp_path, corridor.tick())
    assert (tmp_path / "backup" / "mine").read_text() == "keep me"
    assert instance.backups.all() == []
    assert not (tmp_path / "keys").exists()


def test_the_keys_are_refused_a_place_in_the_backup(corridor: Corridor, instance: "Instance", tmp_path: Path) -> None:
    from privity.edge.wiring.backup_parts import Wanted

    corridor.sealed()
    with pytest.raises(Mistaken):
        instance.backups.make(Wanted(out=tmp_path / "b", keys=tmp_path / "b" / "keys"), corridor.tick())


def test_a_disk_that_refuses_leaves_no_backup_and_no_record(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    with pytest.raises(Unavailable):
        back_up(instance, blocked, corridor.tick())
    assert instance.backups.all() == []


def test_a_backup_made_while_others_append_is_of_one_moment_and_keeps_nobody_waiting(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    for number in range(3):
        corridor.sealed(police_request(reference=f"KP/{number}"))
    started, done, written = threading.Event(), threading.Event(), list[int]()
    now = corridor.now + timedelta(hours=1)

    def go_on_appending() -> None:
        while not done.is_set() and len(written) < 300:
            with instance.store.unit() as unit:
                unit.write(Act(kind=EntryKind.LEDGER_PADDING, at=now, by=GATEWAY, key="instance"))
            written.append(instance.log.size())
            started.set()
        instance.store.close()

    other = threading.Thread(target=go_on_appending)
    other.start()
    started.wait()
    made = back_up(instance, tmp_path, now)
    done.set()
    other.join()
    assert written, "somebody wrote meanwhile"
    restored = tmp_path / "restored"
    found = restore(made, restored, now)
    assert found.size_restored <= instance.log.size()
    with elsewhere(restored) as again:
        assert again.log.size() == found.size_restored
        assert again.log.root() == instance.log._root_at(found.size_restored)
        assert differences(again) == []


def test_every_flipped_byte_of_a_backup_is_refused_by_the_name_of_its_file(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    (instance.data.root / "ledger-policy").write_text("quorum none\n")
    made = back_up(instance, tmp_path, corridor.tick())
    tried = 0
    for folder in (made.out, made.keys):
        for file in files_of(folder):
            content = file.read_bytes()
            for at in {0, len(content) // 3, len(content) // 2, len(content) - 1}:
                file.write_bytes(content[:at] + bytes([content[at] ^ 0x20]) + content[at + 1 :])
                refused(made, tmp_path, corridor, file.relative_to(folder).as_posix())
                tried += 1
            file.write_bytes(content)
    assert tried > 30
    restore(made, tmp_path / "restored", corridor.tick())


def refused(made: Backups, tmp_path: Path, corridor: Corridor, named: str) -> None:
    from privity.edge.wiring.backup_folder import BackupRefused

    with pytest.raises(BackupRefused) as refusal:
        restore(made, tmp_path / "restored", corridor.tick())
    assert f"`{named}`" in refusal.value.why
    assert not (tmp_path / "restored").exists()
    assert not list(tmp_path.glob(".restored-*")), "nothing half made is left"


def test_a_file_missing_or_too_many_is_named(corridor: Corridor, instance: "Instance", tmp_path: Path) -> None:
    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    (made.out / "stranger").write_text("?")
    refused(made, tmp_path, corridor, "stranger")
    (made.out / "stranger").unlink()
    (made.out / "privity.sqlite").rename(tmp_path / "moved")
    refused(made, tmp_path, corridor, "privity.sqlite")
    (tmp_path / "moved").rename(made.out / "privity.sqlite")
    first = min((made.keys / "epoch-keys").iterdir()).name
    shutil.rmtree(made.keys / "epoch-keys")
    refused(made, tmp_path, corridor, f"epoch-keys/{first}")


def test_a_manifest_of_another_log_is_not_believed_under_the_key_that_was_given(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    from privity.edge.seals.note_keys import NoteSigningKey
    from privity.edge.wiring.backup_folder import BackupRefused

    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    stranger = NoteSigningKey(name=instance.origin, seed=bytes(32))
    with pytest.raises(BackupRefused):
        restore(made, tmp_path / "restored", corridor.tick(), key=str(stranger.verifier))
    restore(made, tmp_path / "restored", corridor.tick(), key=str(instance.note_signer.verifier))


def test_a_ledger_rewritten_in_the_backup_is_refused_even_with_a_new_list_under_the_key(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    from privity.edge.wiring.backup_folder import BackupRefused, read_listing, write_listing
    from privity.edge.wiring.backup_parts import BACKUP_TITLE, MANIFEST

    corridor.sealed()
    made = back_up(instance, tmp_path, corridor.tick())
    known = read_listing(made.out, BACKUP_TITLE, MANIFEST).known
    with sqlite3.connect(made.out / "privity.sqlite") as connection:
        connection.execute("DROP TRIGGER log_entry_no_update")
        leaf = connection.execute("SELECT leaf FROM log_entry WHERE idx = 3").fetchone()[0]
        connection.execute("UPDATE log_entry SET leaf = ? WHERE idx = 3", [leaf.replace(b'"v":1', b'"v":2')])
    connection.close()
    (made.out / MANIFEST).unlink()
    write_listing(made.out, BACKUP_TITLE, MANIFEST, known, [instance.note_signer])
    with pytest.raises(BackupRefused) as refusal:
        restore(made, tmp_path / "restored", corridor.tick())
    assert "the ledger in the tables" in refusal.value.why


def test_the_day_a_backup_is_judged_by_is_never_after_the_day_a_case_may_go(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    from privity.edge.wiring.backup_parts import Wanted

    reference = corridor.sealed()
    nothing_published = replace(instance.backups)
    at = corridor.tick()
    nothing_published.make(Wanted(out=tmp_path / "backup"), at)
    with sqlite3.connect(tmp_path / "backup" / "privity.sqlite") as connection:
        ((found, day),) = connection.execute("SELECT reference, may_go_from FROM sealed_case").fetchall()
    connection.close()
    assert (CaseReference(found), day) == (reference, at.date().isoformat()), "what no agreement says could go at once"
