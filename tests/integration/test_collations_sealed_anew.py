"""A part of a month whose certificate was revoked before it left: sealed anew, with what still stands of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fakes.backups import differences
from tests.fakes.corridor import ADMINISTRATORS
from tests.fakes.debts import DEPARTMENT, FINANCE, a_file
from tests.fakes.finance_office import (
    FIRST_DAY,
    LAST,
    NOW,
    checked,
    enrolled_department,
    keys,
    only,
    open_debts,
    the_departments,
)
from tests.fakes.visitor import at_the_pages, text

from privity.casework import certificates
from privity.casework.debt_desk import DebtDesk
from privity.casework.debt_lifecycle import DebtStanding
from privity.casework.enrol import approve_certificate, enrol_certificate
from privity.edge.seals.authority import Holder
from privity.edge.seals.certificates import fingerprint
from privity.edge.seals.opening import open_sealed
from privity.edge.seals.parts import PartKind
from privity.edge.transports.spool import PACK_SUFFIX
from privity.errors import Unavailable
from privity.request.debt_report import months_after

if TYPE_CHECKING:
    from privity.edge.wiring.instance import Instance


@pytest.fixture
def desk(instance: "Instance") -> Iterator[DebtDesk]:
    """Return the desk of debts, with its pages open and an account for everybody."""
    enrolled_department(instance)
    with open_debts(instance) as made:
        yield made


def with_another_certificate(instance: "Instance", at: datetime) -> Holder:
    """Revoke the department's certificate and enrol another; return its holder."""
    authority, _, _ = keys()
    held = authority.issue_recipient("Department, anew", first=FIRST_DAY, last=LAST)
    with instance.store.unit() as unit:
        (in_use,) = unit.certificates(DEPARTMENT)
        certificates.revoke(unit, DEPARTMENT, in_use.sha256, reason="key-lost", by=ADMINISTRATORS[0], at=at)
        another = the_departments(held, 2)
        enrol_certificate(unit, another, by=ADMINISTRATORS[0], at=at)
        approve_certificate(unit, another, by=ADMINISTRATORS[1], at=at)
    return held


def run_and_not_sent(desk: DebtDesk, at: datetime) -> list[str]:
    """Take in and check two debts, run the month, send nothing; return their references."""
    begun = at - timedelta(days=35)
    billed = months_after(begun.date(), -3).isoformat()
    rows = [
        {"billed_on": billed, "incurred_on": billed, "finance_reference": f"INV/2016/00{number}"} for number in (51, 52)
    ]
    desk.take(a_file(*rows), by=FINANCE, at=begun)
    references = [line.reference for line in desk.debts(standing=DebtStanding.CHECKING, page=1, by=FINANCE).lines]
    for reference in references:
        checked(desk, reference, begun + timedelta(hours=1))
    desk.run(desk.months_due(at)[0], by=FINANCE, at=at)
    return references


def opened(instance: "Instance", held: Holder) -> str:
    """Return what stands in everything that lies in the spool, opened with the department's key."""
    packs = sorted((instance.data.root / "outbox").rglob(f"*{PACK_SUFFIX}"))
    assert packs
    found = [open_sealed(one.read_bytes(), key=held.key, authority=keys()[0].certificate, at=NOW) for one in packs]
    return "".join(part.content.decode() for one in found for part in one.parts if part.kind is PartKind.JSON)


def test_a_part_that_can_never_leave_is_sealed_anew_to_the_certificate_in_use_and_opens_with_its_key(
    desk: DebtDesk, instance: "Instance"
) -> None:
    at = NOW - timedelta(days=60)
    references = run_and_not_sent(desk, at)
    (before,) = desk.collations(by=FINANCE)
    held = with_another_certificate(instance, at + timedelta(hours=1))
    assert instance.outbox.send(at=at + timedelta(hours=2)) == []
    assert desk.to_seal_anew(at + timedelta(hours=2)) == 1
    page = at_the_pages(FINANCE).get("/debts/runs/")
    assert "1 part has not left and cannot" in text(page)
    (done,) = desk.seal_anew(by=FINANCE, at=at + timedelta(hours=3))
    (after,) = desk.collations(by=FINANCE)
    assert (done.left_out, after.reference, after.month) == (0, before.reference, before.month)
    assert after.sha256 != before.sha256
    assert after.recipient_sha256 == fingerprint(held.certificate)
    assert (after.reports, after.size) == (before.reports, before.size)
    assert desk.seal_anew(by=FINANCE, at=at + timedelta(hours=3)) == []
    assert instance.outbox.send(at=at + timedelta(hours=4)) == [before.reference]
    assert all(reference in opened(instance, held) for reference in references)
    assert differences(instance) == []


def test_what_was_settled_meanwhile_is_left_out_and_nobody_is_told_that_it_was_taken_back(
    desk: DebtDesk, instance: "Instance"
) -> None:
    at = NOW - timedelta(days=60)
    run_and_not_sent(desk, at)
    settled = f"finance_reference,settled_on,how\r\nINV/2016/0051,{at.date()},paid\r\n"
    assert desk.take(settled.encode(), by=FINANCE, at=at + timedelta(hours=1)) == 1
    reference = only(desk, DebtStanding.CHECKING_SETTLEMENT)
    held = with_another_certificate(instance, at + timedelta(hours=2))
    (done,) = desk.seal_anew(by=FINANCE, at=at + timedelta(hours=3))
    assert (done.left_out, done.part.reports) == (1, 1)
    checked(desk, reference, at + timedelta(hours=4))
    later = at + timedelta(days=35)
    run = desk.run(desk.months_due(later)[0], by=FINANCE, at=later)
    assert (run.reports, run.retractions) == (0, 0)
    assert desk.debt(reference, by=FINANCE).case.standing is DebtStanding.RETRACTED
    assert len(instance.outbox.send(at=later)) == 2
    assert reference not in opened(instance, held)
    assert differences(instance) == []


def test_nothing_is_sealed_anew_without_a_certificate_in_use(desk: DebtDesk, instance: "Instance") -> None:
    at = NOW - timedelta(days=60)
    run_and_not_sent(desk, at)
    with instance.store.unit() as unit:
        (in_use,) = unit.certificates(DEPARTMENT)
        certificates.revoke(unit, DEPARTMENT, in_use.sha256, reason="key-lost", by=ADMINISTRATORS[0], at=at)
    size = instance.log.size()
    with pytest.raises(Unavailable):
        desk.seal_anew(by=FINANCE, at=at + timedelta(hours=1))
    assert instance.log.size() == size
