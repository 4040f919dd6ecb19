"""What was destroyed after a backup does not come back: destroyed again, or held shut until two people decide."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes import golden
from tests.fakes.backups import acknowledge, back_up, differences, elsewhere, going_on_at, restore
from tests.fakes.corridor import (
    FIRST,
    GUARDIAN,
    SECOND,
    Corridor,
    police_request,
)
from tests.fakes.corridors import kept_out
from tests.fakes.shelf import ShelfAgreements

from privity.casework.backing_up import shut_by
from privity.casework.destroy import KEPT_DAYS, allow_destruction
from privity.casework.destruction_certificate import verify_certificate
from privity.definitions.day import civil_day
from privity.definitions.reference import CaseReference
from privity.edge.tiles.export import export_log
from privity.errors import Mistaken, Unavailable
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


def destroy(instance: "Instance", corridor: Corridor, reference: CaseReference) -> str:
    for by in (FIRST, SECOND):
        corridor.do(lambda unit, at, by=by: allow_destruction(unit, reference, by=by, at=at))  # type: ignore[misc]  # bound now
    shredder = replace(instance.shredder, agreements=ShelfAgreements())
    return shredder.destroy(reference, by=SECOND, at=corridor.tick()).reference


def test_what_a_later_export_says_was_destroyed_is_destroyed_again_and_certified_under_the_new_log(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    gone, kept = kept_out(corridor, 2)
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
    first, second = kept_out(corridor, 2)
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


def test_a_case_held_shut_while_the_program_was_upgraded_opens_in_the_columns_of_today(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    from privity.edge.store.epoch_keys import epoch_keys
    from privity.edge.store.instance_rows import SealedCase
    from privity.edge.store.raw_tables import OwnTables
    from privity.edge.store.sealed_cases import keys_for, opened_text, sealed_text

    came_since, went_since = ("compared", "register_rows", "bound", "hindered"), "no_longer_kept"
    (reference,) = kept_out(corridor, 1)
    was = corridor.read(reference)
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        later = going_on_at(again, corridor)
        acknowledge(again, later)
        row = SealedCase.objects.get(reference=reference)
        (key,) = keys_for(OwnTables(), epoch_keys(), [reference]).values()
        rows = opened_text(reference, bytes(row.sealed), key)
        for trace in rows["trace"]:
            for column in came_since:
                del trace[column]
            trace[went_since] = "something"
        SealedCase.objects.filter(reference=reference).update(sealed=sealed_text(reference, rows, key))
        changed = {(one.table, one.column) for one in differences(again)}
        assert {table for table, _ in changed} == {"trace"}, "it is compared: what was taken out for this test is seen"
        again.restorer.reopen(reference, by=FIRST, second=GUARDIAN, at=later.tick())
        found = again.store.case(reference)
        assert (found.state, found.pack, found.history) == (was.state, was.pack, was.history)
        assert (found.traces[0].candidates, found.traces[0].register_rows) == (was.traces[0].candidates, 0)


def test_an_edit_of_what_is_held_shut_is_noticed(corridor: Corridor, instance: "Instance", tmp_path: Path) -> None:
    from privity.edge.store.instance_rows import SealedCase

    first, second = kept_out(corridor, 2)
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
    (gone,) = kept_out(corridor, 1)
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


def test_rows_that_came_back_as_they_are_are_put_under_their_keys_or_not_kept_where_the_month_is_over(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    from privity.edge.store.epoch_keys import EpochKeys, KeyNotOpened
    from privity.edge.store.raw_tables import FileTables
    from privity.edge.wiring.restore_cases import open_cases, shut_where_they_stand
    from privity.edge.wiring.restore_ledger import Since

    (gone,) = kept_out(corridor, 1)
    due = corridor.sealed(police_request(reference="KP/8"))
    instance.store.close()
    shutil.copytree(instance.data.root, tmp_path / "dump")
    month, later = sorted(path.name for path in (tmp_path / "dump" / "epoch-keys").glob("2*"))
    (tmp_path / "dump" / "epoch-keys" / month).unlink()

    def kept_days(_family: str, _version: str) -> int:
        return 10

    with closing(sqlite3.connect(tmp_path / "dump" / "privity.sqlite")) as connection:
        tables, ring = FileTables(connection), EpochKeys(tmp_path / "dump" / "epoch-keys")
        shut_where_they_stand(tables, ring, Since(), kept_days, corridor.now)
        opened = open_cases(tables, ring, Since(), civil_day(corridor.now).isoformat())
        assert opened.shut == [gone], "its time was over"
        assert opened.cases == 0
        held = dict(tables.fetch("SELECT reference, LENGTH(sealed) FROM sealed_case"))
        assert held == {gone: 0}, "with the key of its month gone nothing of it is kept"
        assert tables.fetch("SELECT COUNT(*) FROM request WHERE reference = %s", [gone]) == [(0,)]
        assert tables.fetch("SELECT COUNT(*) FROM request WHERE reference = %s", [due]) == [(1,)]
        (tmp_path / "dump" / "epoch-keys" / later).unlink()
        at = corridor.now + timedelta(days=20)
        with pytest.raises(KeyNotOpened):
            shut_where_they_stand(tables, EpochKeys(tmp_path / "dump" / "epoch-keys"), Since(), kept_days, at)
