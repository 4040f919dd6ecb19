"""One debt for chargeable care, as a trust's finance system states it: who owes what, since when, and what was done.

Rules of the module:
- What a rule reads is computed from days and sums, never ticked: the day a charge was incurred gives its threshold, the
  day of its bill gives the two months, pence are cut off and never rounded up to a threshold.
- Nothing says what the care was. The kind of exempt service stays with the trust: it is a fact for the agreement and no
  item that could leave.
- Every text is read for words about health when a report is built, so holding one is proof that none was found.

Source: domain.md 4: at least 500 pounds where incurred on or after 6 April 2016, 1,000 before, back to 1 November 2011;
unresolved for two months; no reasonable repayment schedule; the closed list of the guidance of 5 April 2019.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from privity.definitions.item import DataItem
from privity.definitions.person import Address, Gender
from privity.definitions.reference import Slug
from privity.errors import Mistaken
from privity.request.health_words import HealthWord, TextKind, health_word, own_word
from privity.request.tracing_request import FactValue

REPORT_DEBT, REPORT_SETTLEMENT = Slug("report-debt"), Slug("report-settlement")
SINCE_2016, SINCE_2011 = date(2016, 4, 6), date(2011, 11, 1)
UNRESOLVED_MONTHS = 2
LONGEST_NAME, LONGEST_LINE, LONGEST_NOTE, LONGEST_REFERENCE = 100, 100, 200, 60
MOST_ADDRESS_LINES = 5
LARGEST_SUM = 99_999_999
"""Pence."""
SETTLEMENT_ITEMS = frozenset({DataItem.NAME, DataItem.DATE_OF_BIRTH, DataItem.DEBT})
"""What a report taken back repeats: enough to find it by, and nothing more."""


class Settlement(StrEnum):
    """Why a debt is no longer owed as it was reported."""

    PAID = "paid"
    """Paid in full."""
    SCHEDULE = "schedule-agreed"
    """A reasonable repayment schedule was agreed."""
    WRITTEN_OFF = "written-off"
    """The trust no longer asks for it."""
    WRONG_SUM = "wrong-sum"
    """The sum was not right; it may be reported anew with the right one."""
    NOT_OWED = "not-owed"
    """It should never have been charged, or never have been reported."""

    @property
    def never_right(self) -> bool:
        """Return whether the report should not have been made; the recipient is told so, and not why."""
        return self in (Settlement.WRONG_SUM, Settlement.NOT_OWED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """Who owes. The representation hides everybody.

    Raises: Mistaken: no name, a text too long, or a word about health in one.
    """

    family_name: str
    given_name: str
    other_names: str = ""
    date_of_birth: date
    gender: Gender = Gender.UNKNOWN
    nationality: str = ""
    address: Address | None = None
    national_insurance_number: str = ""
    home_office_reference: str = ""
    passport_reference: str = ""

    def __post_init__(self) -> None:
        if not (self.family_name or self.given_name):
            raise _unbuilt("neither family name nor given name is there", "give at least one of them")
        _must_be_fit(self.texts())

    def __repr__(self) -> str:
        return "Debtor(hidden)"

    def texts(self) -> Iterator[tuple[str, str, TextKind, int]]:
        """Yield each text with its column, its kind and the most characters it may have."""
        for column in ("family_name", "given_name", "other_names", "nationality"):
            yield column, getattr(self, column), TextKind.NAME, LONGEST_NAME
        for column in ("national_insurance_number", "home_office_reference", "passport_reference"):
            yield column, getattr(self, column), TextKind.REFERENCE, LONGEST_REFERENCE
        for number, line in enumerate(self.address.lines if self.address else (), start=1):
            yield f"address_line_{number}", line, TextKind.ADDRESS, LONGEST_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtReport:
    """One debt. Sums are pence. `facts` and `declarations` are what the trust states itself, in the agreement's words.

    Raises: Mistaken: days out of order, sums that cannot be, a text too long, or a word about health in one.
    """

    finance_reference: str
    debtor: Debtor
    billed_pence: int
    paid_pence: int
    incurred_on: date
    billed_on: date
    note: str = ""
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))
    declarations: frozenset[Slug] = frozenset()

    def __post_init__(self) -> None:
        if not 0 <= self.paid_pence < self.billed_pence <= LARGEST_SUM:
            raise _unbuilt("nothing is owed, or the sums cannot be", "check the sum billed and the sum paid")
        if not self.debtor.date_of_birth <= self.incurred_on <= self.billed_on:
            raise _unbuilt("its days are out of order", "birth comes before the charge, and the charge before the bill")
        _must_be_fit(
            (
                ("finance_reference", self.finance_reference, TextKind.REFERENCE, LONGEST_REFERENCE),
                ("note", self.note, TextKind.FREE, LONGEST_NOTE),
            )
        )

    def __repr__(self) -> str:
        return "DebtReport(hidden)"

    @property
    def owed_pence(self) -> int:
        """Return what is outstanding."""
        return self.billed_pence - self.paid_pence


def items_of(report: DebtReport) -> frozenset[DataItem]:
    """Return the items of the closed list that a report fills."""
    debtor = report.debtor
    filled = {
        DataItem.NAME: True,
        DataItem.CHANGE_OF_NAME: bool(debtor.other_names),
        DataItem.DATE_OF_BIRTH: True,
        DataItem.GENDER: debtor.gender is not Gender.UNKNOWN,
        DataItem.NATIONALITY: bool(debtor.nationality),
        DataItem.LAST_KNOWN_ADDRESS: debtor.address is not None,
        DataItem.NATIONAL_INSURANCE_NUMBER: bool(debtor.national_insurance_number),
        DataItem.HOME_OFFICE_REFERENCE: bool(debtor.home_office_reference),
        DataItem.PASSPORT_REFERENCE: bool(debtor.passport_reference),
        DataItem.DEBT: True,
    }
    return frozenset(item for item, is_filled in filled.items() if is_filled)


def facts_of(report: DebtReport, today: date) -> Mapping[str, FactValue]:
    """Return all that the agreement reads of a debt on a day: what was stated, and what days and sums give."""
    return {
        **report.facts,
        "incurred": incurred(report.incurred_on),
        "debt_pounds": report.owed_pence // 100,
        "unpaid_two_months": is_unresolved(report.billed_on, today),
    }


COMPUTED = frozenset({"incurred", "debt_pounds", "unpaid_two_months", "reported_before"})
"""The facts that nobody states: they follow from days and sums, and from what this gateway has itself reported."""


def incurred(day: date) -> Slug:
    """Return the agreement's word for when a charge was incurred."""
    if day >= SINCE_2016:
        return Slug("since-6-april-2016")
    return Slug("since-1-november-2011") if day >= SINCE_2011 else Slug("earlier")


def is_unresolved(billed_on: date, today: date) -> bool:
    """Return whether two months have passed since the bill."""
    return today >= months_after(billed_on, UNRESOLVED_MONTHS)


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def faulty_text(texts: Iterator[tuple[str, str, TextKind, int]]) -> tuple[str, str, HealthWord | None] | None:
    """Return the first column whose text is too long or tells of health, why, and the kind of word; or None."""
    for column, text, kind, longest in texts:
        if len(text) > longest:
            return column, f"it is longer than {longest} characters", None
        found = health_word(text, kind)
        if found is not None:
            return column, f"it holds {found.value}", found
    return None


def kept_out(report: DebtReport, own: frozenset[str]) -> str:
    """Return the column that holds one of a custodian's own words, or nothing."""
    reference = ("finance_reference", report.finance_reference, TextKind.REFERENCE, LONGEST_REFERENCE)
    texts = (*report.debtor.texts(), reference, ("note", report.note, TextKind.FREE, LONGEST_NOTE))
    return next((column for column, text, kind, _ in texts if own_word(text, kind, own)), "")


def _must_be_fit(
    texts: "Iterator[tuple[str, str, TextKind, int]] | tuple[tuple[str, str, TextKind, int], ...]",
) -> None:
    fault = faulty_text(iter(texts))
    if fault is not None:
        column, why, _ = fault
        raise _unbuilt(f"`{column}`: {why}", "take it out: a debt says nothing about health")


def _unbuilt(why: str, next_step: str) -> Mistaken:
    return Mistaken("the debt was not taken", why=why, next_step=next_step)
