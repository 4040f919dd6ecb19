"""What a restore undoes is told: to whoever acknowledges it and to practices; older tables are noticed."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.fakes.backups import acknowledge, back_up, differences, elsewhere, going_on_at, restore
from tests.fakes.corridor import ADMINISTRATORS, FIRST, GUARDIAN, Corridor, police_request
from tests.fakes.ledger import memory_log, padding_leaves, write_folder
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages, text
from tests.integration.test_people_protected import practice, register_it, registration
from tests.integration.test_restore_pages import PASSWORD, opened

from privity.casework.ports import Act
from privity.casework.restored import LOSSES, Loss
from privity.definitions.person import NhsNumber
from privity.edge.tiles.export import export_log
from privity.edge.wiring.restore_ledger import Contradicts
from privity.errors import Unavailable
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

K = EntryKind
SOMEBODY = registration(NhsNumber("9434765919"))
GIVES_OR_IS_DONE_ANEW = {
    *(K.INSTANCE_OPENED, K.AGREEMENT_RESUMED, K.ORGANISATION_ENROLLED, K.ORGANISATION_WRITTEN_TO),
    *(K.OFFICER_ENROLLED, K.ROLE_GRANTED, K.OFFICER_SIGNED_OUT, K.OFFICER_LINKED, K.FACTOR_ENROLLED),
    *(K.PROPOSAL_MADE, K.PROPOSAL_ENDED, K.PROGRAM_ADDED, K.CERTIFICATE_ENROLLED, K.CERTIFICATE_APPROVED),
    *(K.BATCH_TAKEN, K.REQUEST_READ, K.CASE_UNREADABLE, K.CASE_REPEATS, K.CASE_ASSESSED, K.CASE_RETURNED),
    *(K.CASE_REFERRED, K.CASE_HELD, K.CASE_CLOSED, K.QUESTION_ASKED, K.QUESTION_ANSWERED, K.QUESTION_CHASED),
    *(K.PURPOSE_DETERMINED, K.PURPOSE_DECIDED, K.IDENTITY_DETERMINED, K.IDENTITY_DECIDED, K.SECOND_OFFERED),
    *(K.REGISTER_READ, K.READINGS_SHOWN, K.TRACER_CERTIFIED, K.TRACER_WATCHED, K.TRACER_RESUMED),
    *(K.TRACE_FINISHED, K.SAMPLE_DRAWN, K.CASE_REVIEWED, K.SAFETY_SCREENED, K.LETTER_DRAFTED),
    *(K.DISCLOSURE_INTENDED, K.PACK_FAILED, K.PACK_CLAIMED, K.NOTICE_FAILED, K.COLLATION_INTENDED),
    *(K.DESTRUCTION_DUE, K.DESTRUCTION_CONFIRMED, K.DESTRUCTION_OVERDUE, K.DESTRUCTION_REFUSED),
    *(K.DESTRUCTION_ESCALATED, K.HOLD_LIFTED, K.DESTRUCTION_ALLOWED, K.BACKUP_EXPIRED),
    *(K.INCIDENT_REPORTED, K.INCIDENT_CLOSED, K.EPOCH_DESTROYED, K.CHALLENGE_ANSWERED),
    *(K.STATISTICS_PUBLISHED, K.ALERT_GROWN, K.ALERT_ANSWERED, K.APPROACH_REFUSED, K.SUBJECT_CODE_GIVEN),
    *(K.SUBJECT_ANSWERED, K.SUBJECT_TOLD, K.ASSIGNMENT_CHANGED, K.NOTE_ADDED, K.HEALTH_WORD_WITHDRAWN),
    *(K.HOLIDAY_PROCLAIMED, K.HOLIDAY_WITHDRAWN, K.DUE_MOVED, K.DEBT_ASSESSED, K.DEBT_JUDGED, K.DEBT_REPORTED),
    *(K.DEBT_RETRACTED, K.DEBT_ACKNOWLEDGED, K.DEBT_RECEIPT_GIVEN, K.LEDGER_PADDING),
    *(K.RESTORE_ACKNOWLEDGED, K.RESTORE_REOPENED),
}
"""What needs no telling after a restore: it gave something, or the work does it anew by itself."""
SEEN_TO_BY_ITSELF = {K.KEY_DESTROYED, K.CASE_SHREDDED, K.BACKUP_MADE, K.BACKUP_DISCARDED}
"""What a restore sees to without anybody: destroyed again, on record again."""


def test_every_kind_of_entry_is_told_seen_to_or_needs_no_telling() -> None:
    assert set(LOSSES).isdisjoint(GIVES_OR_IS_DONE_ANEW | SEEN_TO_BY_ITSELF)
    assert set(LOSSES) | GIVES_OR_IS_DONE_ANEW | SEEN_TO_BY_ITSELF == set(EntryKind)


def test_a_newer_register_and_a_protection_that_came_undone_are_told_to_those_who_acknowledge(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    for who in (FIRST, GUARDIAN, practice()):
        with_account(instance, who, password=PASSWORD)
    made = back_up(instance, tmp_path, corridor.tick())
    register_it(corridor, SOMEBODY, practice())
    facts: dict[str, str | int | bool] = {"register_digest": "ab" * 32, "rows": 9, "synthetic": False}
    with instance.store.unit() as unit:
        taken = Act(kind=K.REGISTER_IMPORTED, at=corridor.tick(), by=ADMINISTRATORS[0], key="instance", facts=facts)
        unit.write(taken)
    export_log(instance.log, tmp_path / "export")
    found = restore(made, tmp_path / "restored", corridor.tick(), export=tmp_path / "export")
    assert {one.kind for one in found.missing if one.loss is Loss.BY_HAND} == {
        K.PROTECTION_CHANGED,
        K.REGISTER_IMPORTED,
    }
    with elsewhere(tmp_path / "restored") as again:
        client = opened(again)
        page = text(client.get("/restored/"))
        assert "Register taken in" in page
        assert "Passwords, passkeys and recovery codes are those of the backup" in page
        acknowledge(again, going_on_at(again, corridor))
        told = text(client.get("/restored/"))
        assert "Practices to ask what they registered since the backup dr-abbas" in told


def test_an_export_from_before_the_backup_tells_nothing_and_is_not_taken_for_one_that_does(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    with_account(instance, FIRST, password=PASSWORD)
    corridor.received()
    export_log(instance.log, tmp_path / "older")
    corridor.received(police_request(reference="KP/2"))
    made = back_up(instance, tmp_path, corridor.tick())
    register_it(corridor, SOMEBODY, practice())
    found = restore(made, tmp_path / "restored", corridor.tick(), export=tmp_path / "older")
    assert (found.told_since, found.missing) == (0, ())
    with elsewhere(tmp_path / "restored") as again:
        assert "nobody can know here what came undone" in text(opened(again).get("/restored/"))


def test_an_export_from_before_the_backup_that_says_otherwise_stops_the_restore(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.received()
    made = back_up(instance, tmp_path, corridor.tick())
    forged = memory_log(padding_leaves(5), instance.note_signer)
    write_folder(forged, tmp_path / "forged")
    with pytest.raises(Contradicts):
        restore(made, tmp_path / "restored", corridor.tick(), export=tmp_path / "forged")


def test_a_practice_reads_on_its_own_page_that_what_it_registered_since_the_backup_protects_nobody(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    from privity.edge.web import door, public_door
    from privity.edge.wiring.public_desk import public_desk

    for who in (FIRST, GUARDIAN, practice()):
        with_account(instance, who, password=PASSWORD)
    corridor.now = door.now() - timedelta(days=1)
    made = back_up(instance, tmp_path, corridor.tick())
    register_it(corridor, SOMEBODY, practice())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        opened(again)
        desk = public_desk(again)
        public_door.open_public_with(desk)
        later = going_on_at(again, corridor)
        assert "protects nobody" in text(at_the_pages(FIRST).get("/restored/")), "no export was given"
        acknowledge(again, later)
        page = text(at_the_pages(practice()).get("/practice/protect/"))
        assert "is not here any more, and protects nobody" in page
        assert desk.undone(later.now + timedelta(days=89)) is not None
        assert desk.undone(later.now + timedelta(days=91)) is None
    assert public_desk(instance).undone(corridor.now) is None


def test_the_backup_put_back_and_those_made_since_are_on_record_again(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("one", "two", "three")]
    for folder in folders:
        folder.mkdir()
    corridor.received()
    made, since, gone = (back_up(instance, folder, corridor.tick()) for folder in folders)
    first, second, third = reversed(instance.backups.all())
    instance.backups.discard(third.reference, by=ADMINISTRATORS[0], at=corridor.tick())
    export_log(instance.log, tmp_path / "export")
    assert since.out != gone.out
    restore(made, tmp_path / "restored", corridor.tick(), export=tmp_path / "export")
    with elsewhere(tmp_path / "restored") as again:
        assert again.backups.all() == []
        acknowledge(again, going_on_at(again, corridor))
        held = {one.reference: (one.size, one.expires, one.made_at[:13]) for one in again.backups.all()}
        assert held == {one.reference: (one.size, one.expires, one.made_at[:13]) for one in (first, second)}
        assert differences(again) == []


def test_tables_put_back_after_a_protection_was_registered_are_noticed_though_nothing_had_left(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    corridor.sealed()
    instance.store.close()
    shutil.copy(instance.data.database, tmp_path / "older.sqlite")
    register_it(corridor, SOMEBODY, practice())
    instance.store.close()
    shutil.copy(tmp_path / "older.sqlite", instance.data.database)
    with pytest.raises(Unavailable, match="older"):
        corridor.received()
