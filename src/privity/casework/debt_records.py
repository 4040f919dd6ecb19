"""The records of debts a trust reports, and of the monthly collations they go out in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from privity.casework.record import NumberedRecord, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtRecord(NumberedRecord):
    """A debt as the trust stated it. Personal data. A correction is a further record; the newest holds."""

    table: ClassVar[str] = "debt"
    begins: ClassVar[bool] = True
    organisation: str
    family: str
    finance_reference: str
    batch: str
    row_number: int
    taken_at: str
    family_name: str
    given_name: str
    other_names: str
    date_of_birth: str
    gender: str
    nationality: str
    address_lines: str
    postcode: str
    national_insurance_number: str
    home_office_reference: str
    passport_reference: str
    billed_pence: int
    paid_pence: int
    incurred_on: str
    billed_on: str
    note: str
    facts: str
    declarations: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtStateRecord(Record):
    """Where a debt stands. Written only through `debt_lifecycle`; `revision` counts the writes."""

    table: ClassVar[str] = "debt_state"
    stands: str
    version: str
    reported_on: str
    reported_in: str
    settled_on: str
    settled_how: str
    settled_by: str
    settlements: int
    retracted_on: str
    retracted_in: str
    acknowledged_on: str
    receipt_on: str
    receipt_sha256: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtAssessmentRecord(NumberedRecord):
    """What the agreement in force said of a debt, or of taking its report back, clause by clause."""

    table: ClassVar[str] = "debt_assessment"
    at: str
    purpose: str
    version: str
    policy_sha256: str
    engine: str
    standing: str
    items: str
    findings: str
    question: str
    cited: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtViewRecord(NumberedRecord):
    """What one named person answered to the question reserved to people. `about` says which statement or settlement."""

    table: ClassVar[str] = "debt_view"
    at: str
    about: int
    question: str
    staff_id: str
    role: str
    answer: bool
    reasons: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollationRecord(Record):
    """One sealed part of a month's collation, and how far it has come. `reference` is its own."""

    table: ClassVar[str] = "collation"
    begins: ClassVar[bool] = True
    organisation: str
    month: str
    part: int
    parts: int
    reports: int
    retractions: int
    version: str
    sha256: str
    size: int
    recipient_sha256: str
    sealed_at: str
    delete_by: str
    state: str
    attempts: int
    sent_at: str
    collected_at: str
    collected_by: str
    receipt: str


DEBT_RECORDS: Sequence[type[Record]] = (
    DebtRecord,
    DebtStateRecord,
    DebtAssessmentRecord,
    DebtViewRecord,
    CollationRecord,
)
"""Every record of debts."""
