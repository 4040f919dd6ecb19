"""A trust's unpaid charges, from the finance system to the department and back, over both units of work."""

from datetime import date, timedelta

import pytest
from tests.fakes.corridor import FIRST, GUARDIAN, SECOND, Corridor
from tests.fakes.debts import COLLATOR, DEPARTMENT, FINANCE, DebtWalk, a_debt, as_public

from privity.agreement.version import InstrumentKind
from privity.casework.collate import acknowledge_collation, ask_again, intend_collation, mark_collation_sent
from privity.casework.debt_acts import FAMILY, drop_debt, give_receipt
from privity.casework.debt_case import read_debt
from privity.casework.debt_lifecycle import DebtStanding as D
from privity.casework.debt_records import CollationRecord
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.errors import Mistaken, Unavailable
from privity.ledger.entry_kind import EntryKind
from privity.request.debt_report import Settlement


@pytest.fixture
def walk(corridor: Corridor) -> DebtWalk:
    return DebtWalk(corridor).at(date(2017, 2, 28)).enrol().at(date(2017, 3, 1))


def reported(walk: DebtWalk) -> str:
    """Return a debt that went out in the run of February."""
    reference = walk.take().reference
    walk.checked(reference)
    walk.run("2017-02")
    return reference


def clauses_of(walk: DebtWalk, kind: EntryKind) -> tuple[str, ...]:
    return next(entry.clauses for entry in reversed(walk.corridor.entries()) if entry.kind is kind)


def test_a_debt_of_620_pounds_on_day_62_waits_for_two_officers_and_is_then_ready(walk: DebtWalk) -> None:
    case = walk.take()
    assert (case.standing, case.question) == (D.CHECKING, "charge_is_right")
    assert walk.judge(case.reference, FIRST).standing is D.CHECKING, "one is not enough"
    with pytest.raises(Mistaken, match="two different officers"):
        walk.judge(case.reference, FIRST)
    assert walk.judge(case.reference, SECOND).standing is D.READY
    assert clauses_of(walk, EntryKind.DEBT_ASSESSED) == ("gateway.debt",), "the gateway is cited"


@pytest.mark.parametrize(
    ("debt", "stands", "clause"),
    [
        (a_debt(pounds=499), D.NOT_REPORTED, "threshold"),
        (
            a_debt(pounds=620, incurred_on=date(2015, 5, 1), billed_on=date(2015, 6, 1)),
            D.NOT_REPORTED,
            "older-threshold",
        ),
        (a_debt(incurred_on=date(2011, 10, 31), billed_on=date(2011, 11, 30)), D.NOT_REPORTED, "when-incurred"),
        (a_debt(billed_on=date(2017, 1, 2)), D.WAITING, "two-months"),
        (a_debt(schedule=True), D.NOT_REPORTED, "no-schedule"),
        (a_debt(schedule=None), D.RETURNED, "no-schedule"),
        (a_debt(service="listed-disease"), D.NOT_REPORTED, "chargeable-service"),
        (a_debt(exempt_person=True), D.NOT_REPORTED, "chargeable-person"),
        (a_debt(exempt_person=None), D.RETURNED, "chargeable-person"),
        (a_debt(declared=("this_person",)), D.RETURNED, "patient-told"),
        (a_debt(declared=("patient_told",)), D.RETURNED, "this-person"),
        (a_debt(pounds=900, paid=401), D.NOT_REPORTED, "threshold"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_rule_does_not_allow_is_not_reported_and_its_clause_is_cited(
    walk: DebtWalk, debt: object, stands: D, clause: str
) -> None:
    case = walk.take(debt)  # type: ignore[arg-type]  # a debt, as the list above says
    assert case.standing is stands
    assert clauses_of(walk, EntryKind.DEBT_ASSESSED) == (clause,)
    assert walk.run("2017-02").reports == 0
    assert not walk.sealer.kept[0].lines


def test_a_debt_that_waited_for_its_two_months_is_asked_about_again(walk: DebtWalk) -> None:
    case = walk.take(a_debt(billed_on=date(2017, 1, 31)))
    assert case.standing is D.WAITING
    walk.at(date(2017, 3, 30))
    agreements = walk.corridor.agreements
    again = [case.reference]
    ask = lambda unit, at: ask_again(unit, agreements, [read_debt(as_public(unit), one) for one in again], at=at)  # noqa: E731
    assert walk.corridor.do(ask) == 0
    walk.at(date(2017, 3, 31))
    assert walk.corridor.do(ask) == 1
    assert walk.case(case.reference).standing is D.CHECKING


def test_officers_who_differ_leave_it_to_the_guardian(walk: DebtWalk) -> None:
    reference = walk.take().reference
    walk.judge(reference, FIRST, True)
    assert walk.judge(reference, SECOND, False).standing is D.DIVIDED
    assert walk.judge(reference, GUARDIAN, False).standing is D.NOT_REPORTED
    assert clauses_of(walk, EntryKind.DEBT_ASSESSED) == ("charge-checked",)


def test_only_the_closed_list_goes_out_and_nothing_says_what_the_care_was(walk: DebtWalk) -> None:
    reported(walk)
    (line,) = walk.sealer.kept[0].reports
    assert {item for item, _ in line.values} == {
        DataItem.NAME,
        DataItem.DATE_OF_BIRTH,
        DataItem.GENDER,
        DataItem.NATIONALITY,
        DataItem.LAST_KNOWN_ADDRESS,
        DataItem.DEBT,
    }
    assert "none" not in str(line.values), "the kind of service stays with the trust"


def test_a_run_records_every_debt_under_the_clauses_that_permit_it(walk: DebtWalk) -> None:
    reference = reported(walk)
    kinds = [entry.kind for entry in walk.corridor.entries()]
    assert kinds[-2:] == [EntryKind.COLLATION_SEALED, EntryKind.DEBT_REPORTED]
    assert walk.corridor.entries()[-1].clauses == ("gateway.debt",)
    state = walk.case(reference).state
    assert (state.stands, state.reported_on, state.version) == ("reported", "2017-03-01", "debt-reporting@2016-04")


def test_a_month_without_debts_goes_out_all_the_same(walk: DebtWalk) -> None:
    run = walk.run("2017-02")
    assert (run.reports, run.retractions, len(run.parts)) == (0, 0, 1)


def test_a_month_is_run_once_and_only_when_it_is_over(walk: DebtWalk) -> None:
    agreements = walk.corridor.agreements
    for month, already, why in (("2017-03", False, "not over"), ("2017-02", True, "run once")):
        with pytest.raises(Mistaken, match=why):
            walk.corridor.do(
                lambda unit, at, month=month, already=already: intend_collation(  # type: ignore[misc]  # defaults bind
                    as_public(unit), agreements, FAMILY, month=month, already=already, by=FINANCE, at=at
                )
            )


def test_nothing_is_sealed_without_a_certificate_in_use_and_nothing_changes(walk: DebtWalk) -> None:
    reference = walk.take().reference
    walk.checked(reference)
    before = len(walk.corridor.entries())
    walk.sealer.refuses = True
    with pytest.raises(Unavailable):
        walk.run("2017-02")
    assert walk.case(reference).standing is D.READY
    assert len(walk.corridor.entries()) == before


def test_a_debt_checked_under_terms_now_suspended_stays_behind(walk: DebtWalk) -> None:
    reference = walk.take().reference
    walk.checked(reference)
    walk.corridor.agreements.lay(InstrumentKind.QUEUE, "debt-reporting", walk.corridor.now + timedelta(hours=1))
    walk.at(date(2017, 3, 2))
    with pytest.raises(Mistaken, match="no agreement is in force now"):
        walk.run("2017-02")
    assert walk.take(a_debt(reference="INV/2")).standing is D.HELD


def test_a_paid_debt_is_taken_back_acknowledged_and_receipted(walk: DebtWalk) -> None:
    reference = reported(walk)
    walk.at(date(2017, 3, 20))
    settled = walk.settle(reference)
    assert (settled.standing, settled.question) == (D.CHECKING_SETTLEMENT, "report_is_taken_back")
    assert walk.checked(reference).standing is D.TO_RETRACT
    walk.at(date(2017, 4, 3))
    run = walk.run("2017-03")
    assert (run.reports, run.retractions) == (0, 1)
    (line,) = walk.sealer.kept[-1].retractions
    assert {item for item, _ in line.values} == {DataItem.NAME, DataItem.DATE_OF_BIRTH, DataItem.DEBT}
    assert walk.corridor.entries()[-1].clauses == ("gateway.settlement",)
    (part,) = run.parts
    with pytest.raises(Mistaken, match="not collected"):
        acknowledge(walk, part)
    sent = walk.corridor.do(lambda unit, at: mark_collation_sent(unit, part, at=at))
    acknowledge(walk, sent)
    assert walk.case(reference).standing is D.ACKNOWLEDGED
    given = walk.corridor.do(
        lambda unit, at: give_receipt(unit, read_debt(as_public(unit), reference), b"the receipt", by=FINANCE, at=at)
    )
    assert given.state.receipt_on == "2017-04-03"
    assert walk.corridor.entries()[-1].facts["receipt_digest"] == given.state.receipt_sha256


def acknowledge(walk: DebtWalk, part: CollationRecord) -> CollationRecord:
    return walk.corridor.do(
        lambda unit, at: acknowledge_collation(
            unit, part, [read_debt(as_public(unit), one) for one in walk.known], by=COLLATOR, at=at
        )
    )


def test_why_a_report_was_never_right_stays_with_the_trust(walk: DebtWalk) -> None:
    reference = reported(walk)
    walk.settle(reference, Settlement.NOT_OWED)
    walk.checked(reference)
    walk.at(date(2017, 4, 3)).run("2017-03")
    (line,) = walk.sealer.kept[-1].retractions
    told = dict(line.values)[DataItem.DEBT]
    assert any("should not have been reported" in words for words in told)
    assert "not-owed" not in str(told)


def test_officers_who_find_a_settlement_wrong_leave_the_report_out_and_a_new_one_is_asked_anew(walk: DebtWalk) -> None:
    reference = reported(walk)
    walk.settle(reference)
    assert walk.checked(reference, answer=False).standing is D.REPORTED
    walk.at(date(2017, 4, 1))
    assert walk.settle(reference).standing is D.CHECKING_SETTLEMENT
    assert walk.checked(reference).standing is D.TO_RETRACT


def test_a_debt_settled_before_it_was_reported_is_dropped_and_nothing_goes_out(walk: DebtWalk) -> None:
    reference = walk.take().reference
    walk.checked(reference)
    assert walk.settle(reference).standing is D.CANCELLED
    assert walk.run("2017-02").reports == 0


def test_a_report_that_is_out_is_not_changed_or_dropped(walk: DebtWalk) -> None:
    reference = reported(walk)
    with pytest.raises(Mistaken, match="not changed"):
        walk.take(a_debt(pounds=700), before=reference)
    with pytest.raises(Mistaken, match="not dropped"):
        walk.corridor.do(
            lambda unit, at: drop_debt(unit, read_debt(as_public(unit), reference), Settlement.PAID, by=FINANCE, at=at)
        )


def test_a_correction_is_asked_about_anew_and_what_people_said_of_the_old_sum_counts_no_more(walk: DebtWalk) -> None:
    reference = walk.take().reference
    walk.checked(reference)
    corrected = walk.take(a_debt(pounds=700), before=reference)
    assert (corrected.standing, corrected.statement.number) == (D.CHECKING, 2)
    assert corrected.statement.billed_pence == 70_000
    assert walk.take(a_debt(pounds=400), before=reference).standing is D.NOT_REPORTED


def test_a_debt_taken_back_as_wrong_can_be_reported_anew_with_the_right_sum(walk: DebtWalk) -> None:
    reference = reported(walk)
    walk.settle(reference, Settlement.WRONG_SUM)
    walk.checked(reference)
    walk.at(date(2017, 4, 3)).run("2017-03")
    again = walk.take(a_debt(pounds=540), before=reference)
    assert (again.standing, again.state.reported_on) == (D.CHECKING, "")


def test_another_organisation_cannot_acknowledge(walk: DebtWalk) -> None:
    part = walk.run("2017-02").parts[0]
    sent = walk.corridor.do(lambda unit, at: mark_collation_sent(unit, part, at=at))
    assert sent.organisation == DEPARTMENT
    stranger = COLLATOR.__class__(
        staff_id=COLLATOR.staff_id, name="", organisation=OrganisationId("home-office"), role=COLLATOR.role
    )
    with pytest.raises(Mistaken):
        walk.corridor.do(lambda unit, at: acknowledge_collation(unit, sent, [], by=stranger, at=at))
