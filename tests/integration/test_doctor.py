"""What `privity doctor` finds before anybody else does."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.fakes.backups import acknowledge, back_up, elsewhere, going_on_at, restore
from tests.fakes.certificates import enrolment
from tests.fakes.corridor import ADMINISTRATORS
from tests.fakes.corridors import stored_corridor

from privity.agreement.version import InstrumentKind
from privity.casework import certificates
from privity.casework.enrol import enrol_organisation
from privity.casework.instance_records import OrganisationRecord
from privity.casework.take_register import Taking, take_register
from privity.definitions.party import OrganisationId
from privity.edge.seals.authority import make_authority
from privity.edge.seals.certificates import fingerprint
from privity.edge.seals.key_files import write_certificate, write_custodian
from privity.edge.settings.calendars import calendars_end
from privity.edge.settings.shelf import default_shelf
from privity.edge.wiring.findings import Gravity, Symptom
from privity.edge.wiring.sealing import PDF_WANTED

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
COURT = OrganisationId("family-court")


def found(instance: "Instance", what: str, now: datetime = NOW) -> list[Symptom]:
    return [one for one in instance.doctor.look(now) if one.what.startswith(what)]


def enrol(instance: "Instance", days: int) -> None:
    """Enrol a body whose certificate ends in so many days."""
    folder = instance.data.custodian
    write_custodian(folder, enrolment().custodian)
    first, last = NOW - timedelta(days=9), NOW + timedelta(days=days)
    authority = make_authority("Requesters", first=first, last=NOW + timedelta(days=900))
    write_certificate(folder / "authorities" / "requesters.pem", authority.certificate)
    holder = authority.issue_recipient("Court", first=first, last=last)
    digest = fingerprint(holder.certificate)
    with instance.store.unit() as unit:
        record = OrganisationRecord(reference=COURT, words="Family Court", kind="court", family="court-order")
        enrol_organisation(unit, record, by=ADMINISTRATORS[0], at=NOW)
        certificates.put_forward(
            unit,
            COURT,
            sha256=digest,
            pem=holder.certificate.public_bytes(Encoding.PEM).decode(),
            not_after=last,
            profile="mail",
            deliver_to="",
            by=ADMINISTRATORS[0],
            at=NOW,
        )
        certificates.approve(unit, COURT, digest, by=ADMINISTRATORS[1], at=NOW)


def test_an_instance_that_holds_nothing_is_well_and_told_what_to_plan_for(instance: "Instance") -> None:
    symptoms = instance.doctor.look(NOW)
    assert {one.what for one in symptoms} >= {"clock", "disk", "database", "keys", "bank holidays"}
    assert not [one for one in symptoms if one.gravity is Gravity.ACT]
    (custodian,) = found(instance, "custodian certificate")
    assert (custodian.gravity, "nothing can be sealed" in custodian.found) == (Gravity.PLAN, True)


@pytest.mark.parametrize(
    ("days", "gravity"),
    [(31, Gravity.WELL), (29, Gravity.PLAN), (8, Gravity.PLAN), (6, Gravity.ACT), (-1, Gravity.ACT)],
)
def test_a_certificate_is_told_30_and_7_days_before_its_end_and_when_it_is_over(
    instance: "Instance", days: int, gravity: Gravity
) -> None:
    enrol(instance, days)
    (symptom,) = found(instance, f"certificate of {COURT}")
    assert symptom.gravity is gravity
    assert bool(symptom.do) == (gravity is not Gravity.WELL)


def test_a_clock_behind_the_ledger_is_told(instance: "Instance") -> None:
    enrol(instance, 100)
    (symptom,) = found(instance, "clock", NOW - timedelta(hours=1))
    assert symptom.gravity is Gravity.ACT


def test_a_list_of_bank_holidays_near_its_end_is_told(instance: "Instance") -> None:
    near = datetime.combine(calendars_end(default_shelf() / "calendars"), time(), tzinfo=UTC)
    assert found(instance, "bank holidays", near - timedelta(days=170))[0].gravity is Gravity.PLAN
    assert found(instance, "bank holidays", near - timedelta(days=50))[0].gravity is Gravity.ACT


def test_a_key_that_others_can_read_is_told(instance: "Instance") -> None:
    instance.data.ledger_key.chmod(0o640)
    (symptom,) = found(instance, "keys")
    assert (symptom.gravity, "ledger-key" in symptom.found) == (Gravity.ACT, True)


def test_a_database_or_register_that_others_can_read_is_told(instance: "Instance") -> None:
    assert found(instance, "keys")[0].gravity is Gravity.WELL
    instance.data.database.chmod(0o644)
    instance.data.register.touch(mode=0o644)
    (symptom,) = found(instance, "keys")
    assert symptom.gravity is Gravity.ACT
    assert "`privity.sqlite` can be read by others, `register.sqlite` can be read by others" in symptom.found


def test_a_broken_file_is_a_finding_and_keeps_nothing_else_from_being_looked_at(instance: "Instance") -> None:
    (instance.data.custodian / "revocations").mkdir(parents=True)
    (instance.data.custodian / "revocations" / "broken.crl").write_bytes(b"no list")
    symptoms = instance.doctor.look(NOW)
    (broken,) = [one for one in symptoms if one.what == "revocation lists"]
    assert (broken.gravity, broken.do != "") == (Gravity.ACT, True)
    assert [one for one in symptoms if one.what == "bank holidays"]


def test_packs_that_are_to_carry_a_pdf_without_typst_are_told(
    instance: "Instance", monkeypatch: pytest.MonkeyPatch
) -> None:
    instance.data.custodian.mkdir(parents=True, exist_ok=True)
    (instance.data.custodian / PDF_WANTED).touch()
    monkeypatch.setattr("privity.edge.wiring.symptoms.can_make_pdf", lambda: False)
    assert found(instance, "PDF")[0].gravity is Gravity.ACT


def test_what_is_sealed_and_held_back_is_told_with_what_to_do(instance: "Instance") -> None:
    corridor = stored_corridor(instance)
    corridor.sealed()
    outbox = replace(instance.outbox, agreements=corridor.agreements)
    doctor = replace(instance.doctor, outbox=outbox)
    (well,) = [one for one in doctor.look(corridor.now) if one.what == "outbox"]
    assert well.gravity is Gravity.WELL
    corridor.agreements.lay(InstrumentKind.QUEUE, "police", corridor.now, corridor.now + timedelta(days=1))
    (held,) = [one for one in doctor.look(corridor.tick()) if one.what == "outbox"]
    assert (held.gravity, held.found) == (
        Gravity.ACT,
        "1 sealed and not given out: no agreement is in force by which it could leave",
    )
    assert held.do.startswith("wait until an agreement is in force")


def test_a_restore_nobody_acknowledged_and_backups_too_old_or_kept_too_long_are_told(
    instance: "Instance", tmp_path: Path
) -> None:
    corridor = stored_corridor(instance)
    assert [one.gravity for one in found(instance, "backups", corridor.now)] == [Gravity.PLAN]
    reference = corridor.sealed()
    made_at = corridor.tick()
    made = back_up(instance, tmp_path, made_at)
    assert [one.gravity for one in found(instance, "backups", made_at + timedelta(hours=30))] == [Gravity.WELL]
    assert [one.gravity for one in found(instance, "backups", made_at + timedelta(hours=51))] == [Gravity.ACT]
    overdue = found(instance, "backups", made_at + timedelta(days=40))
    assert "should be gone" in overdue[-1].found
    assert found(instance, "restore", made_at) == []
    restore(made, tmp_path / "restored", corridor.tick())
    with elsewhere(tmp_path / "restored") as again:
        (told,) = found(again, "restore", corridor.now)
        assert told.gravity is Gravity.ACT
        assert "privity restore acknowledge" in told.do
        assert again.store.case(reference).status.value == "sealed"
        later = going_on_at(again, corridor)
        acknowledge(again, later)
        (old,) = found(again, "restore", later.now)
        assert (old.gravity, "register is still the one of the backup" in old.found) == (Gravity.ACT, True)
        taking = Taking(file_sha256="ab" * 32, register_sha256="cd" * 32, rows=1, protected_rows=0)
        later.do(lambda unit, at: take_register(unit, taking, "12" * 16, confirmed_by=(), by=ADMINISTRATORS[0], at=at))
        assert found(again, "restore", later.now) == []
