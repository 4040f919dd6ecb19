"""The finance office, the desk and the department at the pages: a file, its errors, the run, and the way back."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from tests.fakes.corridor import ADMINISTRATORS, FIRST, SECOND, officer
from tests.fakes.debts import COLLATOR, DEPARTMENT, FINANCE, REASONS, a_file
from tests.fakes.finance_office import NOW, STRANGER, checked, enrolled_department, keys, only, open_debts
from tests.fakes.visitor import at_the_pages, text

from privity.casework import certificates
from privity.casework.debt_desk import DebtDesk, DebtsUnreadable
from privity.casework.debt_lifecycle import DebtStanding
from privity.casework.take_back import Doubt
from privity.definitions.party import Role
from privity.edge.seals.authority import Holder
from privity.edge.seals.opening import open_sealed
from privity.edge.seals.parts import PartKind
from privity.errors import Mistaken
from privity.request.debt_report import Settlement, months_after
from privity.statistics.publication import publication
from privity.statistics.quarter import quarter_of
from privity.statistics.stories import Stories
from privity.statistics.suppression import Suppression

if TYPE_CHECKING:
    from django.test import Client

    from privity.edge.wiring.instance import Instance

TODAY = NOW.date()
BILLED = months_after(TODAY, -3)
ROW = {"billed_on": BILLED.isoformat(), "incurred_on": (BILLED - timedelta(days=20)).isoformat()}


@pytest.fixture
def holder(instance: "Instance") -> Holder:
    """Return the department's key, with the department enrolled and the agreements published."""
    return enrolled_department(instance)


@pytest.fixture
def desk(instance: "Instance", holder: Holder) -> Iterator[DebtDesk]:
    """Return the desk of debts, with its pages open and an account for everybody."""
    with open_debts(instance) as made:
        yield made


def send(client: "Client", content: bytes) -> Any:
    sent = BytesIO(content)
    sent.name = "debts.csv"
    return client.post("/debts/file/", {"file": sent})


def reported(desk: DebtDesk, instance: "Instance") -> str:
    """Return a debt that went out two months ago."""
    begun = NOW - timedelta(days=100)
    billed = months_after(begun.date(), -3)
    row = {"billed_on": billed.isoformat(), "incurred_on": billed.isoformat()}
    desk.take(a_file(row), by=FINANCE, at=begun)
    reference = only(desk, DebtStanding.CHECKING)
    checked(desk, reference, begun + timedelta(hours=1))
    at = begun + timedelta(days=35)
    desk.run(desk.months_due(at)[0], by=FINANCE, at=at)
    instance.outbox.send(at=at)
    return reference


def test_a_wrong_file_is_refused_row_by_row_and_nothing_of_it_is_taken(desk: DebtDesk) -> None:
    rows = [
        {**ROW, "finance_reference": "INV/1"},
        {**ROW, "finance_reference": "INV/2", "note": "seen on the oncology ward"},
        {**ROW, "finance_reference": "INV/1", "amount_billed": "a lot"},
        {**ROW, "finance_reference": "ONC-4", "billed_on": "2999-01-01"},
    ]
    page = send(at_the_pages(FINANCE), a_file(*rows, columns=("note",)))
    told = text(page)
    assert page.status_code == 422
    assert "It holds a place of care" in told or "It holds a specialty" in told
    assert "The reference already stands in row 2" in told
    assert "It lies in the future" in told
    assert "oncology" not in told.lower(), "what stood there is not repeated"
    assert desk.debts(standing=None, page=1, by=FINANCE).total == 0


@pytest.mark.parametrize("column", ["ward", "specialty", "consultant", "diagnosis", "clinic", "treatment_code"])
def test_a_column_about_care_is_refused_by_its_name_whatever_is_in_it(desk: DebtDesk, column: str) -> None:
    found = desk.look(a_file({**ROW, column: ""}), by=FINANCE, at=NOW)
    assert [error.what for error in found.errors] == ["the column would say what the care was, or where it was given"]


def test_a_file_is_seen_confirmed_and_taken_once(desk: DebtDesk) -> None:
    client = at_the_pages(FINANCE)
    content = a_file(
        {**ROW, "finance_reference": "INV/1"}, {**ROW, "finance_reference": "INV/2", "amount_billed": "499.99"}
    )
    page = send(client, content)
    assert page.status_code == 302
    shown = client.get(page["Location"])
    assert "2 rows were read" in text(shown)
    assert "The debt is at least five hundred pounds" in text(shown)
    sent = {"revision": re.search(r'name="revision" value="(\d+)"', shown.content.decode())[1]}  # type: ignore[index]
    assert client.post(f"{page['Location']}confirm/", sent).status_code == 302
    assert client.post(f"{page['Location']}confirm/", sent).status_code == 422
    assert desk.debts(standing=DebtStanding.CHECKING, page=1, by=FINANCE).counts[DebtStanding.NOT_REPORTED] == 1
    assert desk.take(content, by=FINANCE, at=NOW) == 0, "the same file again changes nothing"


def test_a_debt_goes_out_at_the_pages_and_is_opened_with_the_departments_key(
    desk: DebtDesk, instance: "Instance", holder: Holder
) -> None:
    reference = reported(desk, instance)
    client = at_the_pages(COLLATOR)
    page = client.get("/collations/")
    assert "Sent, not acknowledged" in text(page)
    part = re.search(r"/collations/(PRV-[0-9A-Z]{26})/sealed/", page.content.decode())
    assert part
    sealed = client.get(f"/collations/{part[1]}/sealed/").content
    opened = open_sealed(sealed, key=holder.key, authority=keys()[0].certificate, at=NOW)
    told = json.loads(next(one.content for one in opened.parts if one.kind is PartKind.JSON))
    assert [line["reference"] for line in told["reports"]] == [reference]
    assert {item["item"] for item in told["reports"][0]["items"]} == {
        "name", "date_of_birth", "nationality", "last_known_address", "debt"
    }  # fmt: skip
    assert client.post(f"/collations/{part[1]}/acknowledgement/").status_code == 302
    assert "Acknowledged" not in text(at_the_pages(STRANGER).get("/collations/"))
    assert at_the_pages(STRANGER).get(f"/collations/{part[1]}/sealed/").status_code == 404


def test_every_collation_is_as_long_as_every_other(desk: DebtDesk, instance: "Instance") -> None:
    reported(desk, instance)
    at = NOW - timedelta(days=20)
    for month in desk.months_due(at):
        desk.run(month, by=FINANCE, at=at)
    sizes = {one.size for one in desk.collations(by=FINANCE)}
    assert len(desk.collations(by=FINANCE)) >= 2
    assert len(sizes) == 1


def test_a_collation_sealed_to_a_certificate_revoked_since_is_given_to_nobody_by_any_route(
    desk: DebtDesk, instance: "Instance"
) -> None:
    from privity.edge.store.debt_rows import CollationPart

    reported(desk, instance)
    (first,) = CollationPart.objects.values_list("reference", flat=True)
    at = NOW - timedelta(days=20)
    for month in desk.months_due(at):
        desk.run(month, by=FINANCE, at=at)
    with instance.store.unit() as unit:
        (in_use,) = unit.certificates(DEPARTMENT)
        certificates.revoke(unit, DEPARTMENT, in_use.sha256, reason="key-lost", by=ADMINISTRATORS[0], at=at)
    waiting = CollationPart.objects.filter(state="sealed")
    assert instance.outbox.send(at=NOW - timedelta(days=1)) == []
    assert waiting.count() == len(desk.collations(by=COLLATOR)) - 1 > 0
    assert instance.outbox.held_back(at=NOW) == {Doubt.CERTIFICATE_REVOKED: waiting.count()}
    for reference in (first, waiting[0].reference):
        page = at_the_pages(COLLATOR).get(f"/collations/{reference}/sealed/")
        assert page.status_code == 422
        assert "a certificate of the requester has been revoked since it was sealed" in text(page).lower()


def test_a_settled_debt_is_taken_back_and_the_patient_gets_a_receipt(desk: DebtDesk, instance: "Instance") -> None:
    reference = reported(desk, instance)
    settled = f"finance_reference,settled_on,how\r\nINV/2016/0044,{(NOW - timedelta(days=50)).date()},paid\r\n"
    at = NOW - timedelta(days=49)
    assert desk.take(settled.encode(), by=FINANCE, at=at) == 1
    checked(desk, reference, at)
    later = NOW - timedelta(minutes=30)
    for month in desk.months_due(later):
        desk.run(month, by=FINANCE, at=later)
    assert desk.debt(reference, by=FINANCE).case.standing is DebtStanding.RETRACTED
    instance.outbox.send(at=later)
    for part in desk.collations(by=COLLATOR):
        desk.acknowledge(part.reference, by=COLLATOR, at=later)
    client = at_the_pages(FINANCE)
    page = client.post(f"/debts/{reference}/receipt/")
    assert "acknowledged this on" in text(page)
    assert "Carry this with you until" in text(page)
    assert desk.debt(reference, by=FINANCE).case.state.receipt_sha256


def test_a_report_that_is_out_is_not_changed_by_a_file(desk: DebtDesk, instance: "Instance") -> None:
    reported(desk, instance)
    with pytest.raises(DebtsUnreadable, match="a report that is out is not changed"):
        desk.take(a_file({**ROW, "amount_billed": "900.00"}), by=FINANCE, at=NOW)


def test_officers_check_at_the_pages_blind_to_each_other(desk: DebtDesk) -> None:
    desk.take(a_file(ROW), by=FINANCE, at=NOW)
    reference = only(desk, DebtStanding.CHECKING)
    first, second = at_the_pages(FIRST), at_the_pages(SECOND)
    page = first.get(f"/debts/{reference}/")
    sent = {"revision": re.search(r'name="revision" value="(\d+)"', page.content.decode())[1]}  # type: ignore[index]
    assert first.post(f"/debts/{reference}/view/", sent).status_code == 422
    given = {**sent, "answer": "no", "reasons": "The tariff does not fit the day of the bill."}
    assert first.post(f"/debts/{reference}/view/", given).status_code == 302
    assert "tariff" not in text(second.get(f"/debts/{reference}/")), "the second officer does not see the first's view"
    assert "tariff" in text(first.get(f"/debts/{reference}/"))
    assert "Record my view" not in text(first.get(f"/debts/{reference}/"))
    assert "word for word" not in text(first.get(f"/debts/{reference}/"))
    pasted = {**given, "revision": str(desk.debt(reference, by=SECOND).case.state.revision)}
    assert second.post(f"/debts/{reference}/view/", pasted).status_code == 302
    for who in (FIRST, SECOND):
        told = f"nearly word for word those of {who.staff_id}."
        assert told in text(first.get(f"/debts/{reference}/")), "both are in, and read alike"


def test_nobody_else_sees_a_debt(desk: DebtDesk) -> None:
    desk.take(a_file(ROW), by=FINANCE, at=NOW)
    reference = only(desk, DebtStanding.CHECKING)
    for path in ("/debts/", f"/debts/{reference}/", "/debts/runs/", "/debts/file/"):
        assert at_the_pages(STRANGER).get(path).status_code == 403
    for role in (Role.DEPARTMENT, Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(Mistaken):
            desk.debts(standing=None, page=1, by=officer("x", role))
    with pytest.raises(Mistaken):
        desk.judge(reference, answer=True, reasons=REASONS, revision=2, by=FINANCE, at=NOW)


def test_two_people_on_one_debt_notice_each_other(desk: DebtDesk) -> None:
    desk.take(a_file(ROW), by=FINANCE, at=NOW)
    reference = only(desk, DebtStanding.CHECKING)
    with pytest.raises(Mistaken, match="changed the debt since you opened it"):
        desk.settle(reference, how=Settlement.PAID, settled_on=TODAY, revision=1, by=FINANCE, at=NOW)


def test_the_database_agrees_with_the_ledger_about_every_debt_and_the_figures_follow_from_it(
    desk: DebtDesk, instance: "Instance"
) -> None:
    from privity.edge.store.audit import Tally, audit_rows

    reported(desk, instance)
    desk.take(a_file({**ROW, "finance_reference": "INV/9", "amount_billed": "30.00"}), by=FINANCE, at=NOW)
    assert [found for found in audit_rows(instance.log, Tally()) if found.table.startswith(("debt", "colla"))] == []
    stories = Stories().see(indexed.entry for indexed in instance.log.entries())
    calendar = instance.agreements.calendar("england-and-wales")
    taken = quarter_of(TODAY)
    made = publication(stories, taken, origin="o", calendar=calendar, setting=Suppression.EXACT)
    debts = made.contents["debts"]
    assert isinstance(debts, dict)
    assert debts["not-reported"] == 1
    assert not any(isinstance(value, str) for value in debts.values())


def test_a_month_is_not_run_twice_or_before_it_is_over(desk: DebtDesk, instance: "Instance") -> None:
    reported(desk, instance)
    run = desk.collations(by=FINANCE)[0].month
    for month in (run, f"{TODAY:%Y-%m}"):
        with pytest.raises(Mistaken, match="no collation was made"):
            desk.run(month, by=FINANCE, at=NOW)
    page = at_the_pages(FINANCE).post("/debts/runs/", {"month": run})
    assert page.status_code == 422
    assert date.fromisoformat(f"{run}-01") < TODAY
