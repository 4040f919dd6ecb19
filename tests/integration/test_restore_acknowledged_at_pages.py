"""Acknowledging a restore at the pages: what was lost is shown, and two people say so, each in their own session."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.backups import back_up, differences, elsewhere, going_on_at, restore
from tests.fakes.corridor import (
    ADMINISTRATORS,
    FIRST,
    GUARDIAN,
    KENT,
    SECOND,
    Corridor,
    a_certificate,
    asker,
    officer,
    police_request,
)
from tests.fakes.people import with_account
from tests.fakes.visitor import at_the_pages, field, somebody, text
from tests.integration.test_restore_pages import PASSWORD, opened

from privity.casework import certificates, officers
from privity.casework.destroy import HoldReason, place_hold
from privity.casework.officers import Reason
from privity.casework.ports import Act
from privity.definitions.party import OrganisationId, Role
from privity.edge.tiles.export import export_log
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

AUDITOR = officer("t.auditor", Role.AUDITOR)
DISMISSED, RESET = officer("was.closed", Role.DISCLOSURE_OFFICER), officer("was.reset", Role.ADMINISTRATOR)


def word(page: Any) -> dict[str, str]:
    """Return what the form of a page sends back, ticked."""
    return {"seen": field(page, "seen"), "understood": "yes"}


def last_kinds(instance: "Instance", count: int) -> list[EntryKind]:
    size = instance.log.size()
    return [one.entry.kind for one in instance.log.entries(size - count)]


def test_two_people_read_what_may_be_lost_and_each_says_so_in_a_session_of_their_own(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    for who in (FIRST, GUARDIAN, *ADMINISTRATORS):
        with_account(instance, who, password=PASSWORD)
    ready, unsent = corridor.ready(), corridor.sealed(police_request(reference="KP/2"))
    made = back_up(instance, tmp_path, corridor.tick())
    corridor.sealed(police_request(reference="KP/3"))
    later = tmp_path / "later"
    later.write_bytes(instance.log.latest_checkpoint() or b"")
    found = restore(made, tmp_path / "restored", corridor.tick(), checkpoints=(later,))
    with elsewhere(tmp_path / "restored") as again:
        first, size = opened(again), again.log.size()
        page = first.get("/restored/")
        assert f"entries {found.size_restored} to {found.size_known - 1}" in text(page)
        assert "an account that was closed is open again".lower() in text(page).lower(), "no later export was given"
        for reference in (ready, unsent):
            assert reference in page.content.decode()
        assert "See what may be missing" in text(first.get("/cases/"))
        assert first.post("/restored/", word(page) | {"understood": ""}).status_code == 422
        assert first.post("/restored/", word(page) | {"seen": "ab" * 32}).status_code == 422
        assert first.post("/restored/", word(page)).status_code == 302
        assert "It takes a second person" in text(first.get("/restored/"))
        assert first.post("/restored/", word(page)).status_code == 422, "the same person twice is one"
        assert (again.log.size(), again.restorer.waiting() is not None) == (size, True), "nothing was written yet"
        assert first.post(f"/cases/{ready}/note/", {"words": "Rang them."}).status_code == 503
        second = at_the_pages(ADMINISTRATORS[0])
        assert FIRST.name in text(second.get("/restored/"))
        assert second.post("/restored/", word(second.get("/restored/"))).status_code == 302
        assert last_kinds(again, 2) == [EntryKind.RESTORE_ACKNOWLEDGED, EntryKind.BACKUP_MADE]
        (record,) = again.restorer.done()
        assert (record.first, record.second) == (FIRST.staff_id, ADMINISTRATORS[0].staff_id)
        done = text(second.get("/restored/"))
        assert "acts are written again" in done
        assert "Read only" not in done
        assert not (tmp_path / "restored" / "understood.json").exists()
        assert differences(again) == []
        assert first.post("/restored/", word(page)).status_code == 422, "nothing waits any more"


def test_two_administrators_are_not_two_who_may_say_so_and_the_first_word_still_waits(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    for who in (FIRST, *ADMINISTRATORS):
        with_account(instance, who, password=PASSWORD)
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        judges = opened(again)
        for who, answer in zip(ADMINISTRATORS, (302, 422), strict=True):
            client = at_the_pages(who)
            assert client.post("/restored/", word(client.get("/restored/"))).status_code == answer
        assert again.restorer.waiting() is not None
        assert judges.post("/restored/", word(judges.get("/restored/"))).status_code == 302
        assert again.restorer.waiting() is None


def test_nobody_else_sees_the_page_or_gives_a_word(corridor: Corridor, instance: "Instance", tmp_path: Path) -> None:
    for who in (FIRST, AUDITOR, asker(KENT)):
        with_account(instance, who, password=PASSWORD)
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        sent = word(opened(again).get("/restored/"))
        for who in (AUDITOR, asker(KENT)):
            client = at_the_pages(who)
            assert client.get("/restored/").status_code == 403
            assert client.post("/restored/", sent).status_code == 403
        stranger = somebody().post("/restored/", sent)
        assert (stranger.status_code, stranger["Location"].startswith("/sign-in/")) == (302, True)
        assert not (tmp_path / "restored" / "understood.json").exists()


def test_the_first_word_counts_for_seven_days_about_what_was_shown_and_while_the_account_stands(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    from privity.edge.store.account import Account
    from privity.edge.wiring.restore_desk import InstanceRestoreDesk

    for who in (FIRST, SECOND, GUARDIAN):
        with_account(instance, who, password=PASSWORD)
    made = back_up(instance, tmp_path, corridor.tick())
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        desk, at = InstanceRestoreDesk(restorer=again.restorer), corridor.tick()

        def waiting(when: datetime) -> Any:
            found = desk.waiting(by=GUARDIAN, at=when)
            assert found is not None
            return found

        assert desk.understand(waiting(at).seen, by=FIRST, at=at) is None
        assert waiting(at + timedelta(days=6)).first.by == FIRST
        assert waiting(at + timedelta(days=7)).first is None
        Account.objects.filter(staff_id=FIRST.staff_id).update(role="guardian")
        assert waiting(at).first is None, "the account says otherwise than its record"
        assert desk.understand(waiting(at).seen, by=SECOND, at=at) is None
        (tmp_path / "restored" / "understood.json").write_text("{", encoding="utf-8")
        assert waiting(at).first is None
        with pytest.raises(Mistaken):
            desk.understand("", by=GUARDIAN, at=at)


def test_what_took_something_away_after_the_backup_is_named_and_done_again_with_the_acknowledgement(
    corridor: Corridor, instance: "Instance", tmp_path: Path
) -> None:
    from privity.edge.store.requester_rows import Program

    for who in (FIRST, GUARDIAN, DISMISSED, RESET):
        with_account(instance, who, password=PASSWORD)
    held = corridor.sealed()
    one, other = (who.staff_id for who in ADMINISTRATORS)
    program, _ = instance.programs.add(OrganisationId(KENT), by=one, seconded_by=other, at=corridor.tick())
    with instance.store.unit() as unit:
        key = f"program:{program}"
        unit.write(Act(kind=EntryKind.PROGRAM_ADDED, at=corridor.tick(), by=ADMINISTRATORS[0], key=key))
    made = back_up(instance, tmp_path, corridor.tick())
    by = ADMINISTRATORS[0]
    instance.keeper.close(DISMISSED.staff_id, Reason.LEFT, by=by, at=corridor.tick())
    with instance.store.unit() as unit:
        instance.accounts.follow(officers.reset(unit, RESET.staff_id, by=by, at=corridor.tick()))
    instance.registrar.revoke_program(program, by=by, at=corridor.tick())
    digest = a_certificate(KENT).sha256
    corridor.do(lambda unit, at: certificates.revoke(unit, OrganisationId(KENT), digest, reason="lost", by=by, at=at))
    corridor.do(lambda unit, at: place_hold(unit, held, HoldReason.COURT, by=FIRST, at=at))
    corridor.send(held)
    corridor.received(police_request(reference="KP/7"))
    export_log(instance.log, tmp_path / "export")
    found = restore(made, tmp_path / "restored", corridor.tick(), export=tmp_path / "export")
    with elsewhere(tmp_path / "restored") as again:
        client = opened(again)
        page = text(client.get("/restored/"))
        for named in (DISMISSED.staff_id, RESET.staff_id, program, digest, held):
            assert named in page
        assert "Left, and no longer on record here" in page
        assert "Came in, and gone from here" in page
        for who in (DISMISSED, RESET):
            assert not again.accounts.password_holds(who.staff_id, PASSWORD), "not even before it is acknowledged"
            with pytest.raises(Mistaken):
                again.restorer.acknowledge(by=who, second=GUARDIAN, at=corridor.tick())
        assert again.accounts.password_holds(FIRST.staff_id, PASSWORD)
        assert Program.objects.get(id=program).is_active is False
        later = going_on_at(again, corridor)
        again.restorer.acknowledge(by=FIRST, second=GUARDIAN, at=later.tick())
        written = [one.entry.kind for one in again.log.entries(found.size_restored)]
        assert written[0] is EntryKind.RESTORE_ACKNOWLEDGED
        assert set(written[1:]) >= {
            EntryKind.OFFICER_CLOSED,
            EntryKind.FACTOR_RESET,
            EntryKind.PROGRAM_REVOKED,
            EntryKind.CERTIFICATE_REVOKED,
        }
        for who in (DISMISSED, RESET):
            assert not again.accounts.password_holds(who.staff_id, PASSWORD)
        assert "Restores of this service" in text(client.get("/restored/"))
        assert held in text(client.get("/restored/")), "what is done by hand is not forgotten"
        with again.store.unit() as unit:
            assert all(one.revoked_at for one in unit.certificates(OrganisationId(KENT)))
        assert differences(again) == []
