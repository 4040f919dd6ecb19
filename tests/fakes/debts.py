"""Debts to report: one as worked case 44 has it, the golden person owing, and a corridor that walks them."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256

from privity.casework import debt_acts
from privity.casework.collate import Run, collate
from privity.casework.debt_case import DebtCase, read_debt
from privity.casework.enrol import approve_certificate, enrol_certificate, enrol_organisation
from privity.casework.instance_records import CertificateRecord, OrganisationRecord
from privity.casework.ports import SealedPack, UnitOfWork
from privity.casework.public_desk import PublicUnit
from privity.definitions.party import Officer, OrganisationId, Role
from privity.definitions.person import Address, Gender
from privity.definitions.reference import Slug
from privity.disclosure.collation import Collation
from privity.errors import Unavailable
from privity.request.debt_report import Debtor, DebtReport, Settlement
from tests.fakes import golden
from tests.fakes.agreements import GOLDEN_NAME
from tests.fakes.corridor import ADMINISTRATORS, FIRST, SECOND, Corridor, a_certificate, officer

DEPARTMENT = OrganisationId("department-of-health-and-social-care")
FINANCE = officer("o.visitors", Role.OVERSEAS_VISITOR_OFFICER)
COLLATOR = officer("collator", Role.REQUESTING_OFFICER, DEPARTMENT)
TODAY = date(2017, 3, 1)
REASONS = "The bill, the tariff and the exemptions were looked at, and they are right."


def a_debtor() -> Debtor:
    return Debtor(
        family_name=GOLDEN_NAME,
        given_name=golden.GIVEN,
        date_of_birth=date(1963, 11, 29),
        gender=Gender.FEMALE,
        nationality="Ruritanian",
        address=Address(lines=(golden.STREET,), postcode=golden.POSTCODE),
    )


def a_debt(
    *,
    reference: str = "INV/2016/0044",
    pounds: int = 620,
    billed_on: date = date(2016, 12, 29),
    incurred_on: date = date(2016, 12, 1),
    service: str = "none",
    exempt_person: bool | None = False,
    schedule: bool | None = False,
    declared: Sequence[str] = ("this_person", "patient_told"),
    paid: int = 0,
) -> DebtReport:
    """Return worked case 44: 620 pounds, day 62, no plan, chargeable."""
    facts = {"exempt_service": Slug(service), "exempt_person": exempt_person, "repayment_schedule": schedule}
    return DebtReport(
        finance_reference=reference,
        debtor=a_debtor(),
        billed_pence=pounds * 100,
        paid_pence=paid * 100,
        incurred_on=incurred_on,
        billed_on=billed_on,
        facts={name: value for name, value in facts.items() if value is not None},
        declarations=frozenset(map(Slug, declared)),
    )


ROW = {
    "finance_reference": "INV/2016/0044",
    "family_name": GOLDEN_NAME,
    "given_name": golden.GIVEN,
    "date_of_birth": "29/11/1963",
    "nationality": "Ruritanian",
    "address_line_1": golden.STREET,
    "postcode": golden.POSTCODE,
    "amount_billed": "620.00",
    "incurred_on": "2016-12-01",
    "billed_on": "2016-12-29",
    "exempt_service": "none",
    "exempt_person": "no",
    "repayment_schedule": "no",
    "this_person": "yes",
    "patient_told": "yes",
}


def a_file(*rows: dict[str, str], columns: Sequence[str] = ()) -> bytes:
    """Return a file of debts: the row of worked case 44 with what each row changes."""
    text = io.StringIO()
    names = [*ROW, *columns]
    names += sorted({name for row in rows for name in row} - set(names))
    writer = csv.DictWriter(text, names, lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows([{**ROW, **row} for row in rows])
    return text.getvalue().encode()


@dataclass(slots=True)
class KeepingCollationSealer:
    """Seals nothing: keeps the collations it was given."""

    kept: list[Collation] = field(default_factory=list)
    refuses: bool = False

    def seal_collation(
        self, collation: Collation, certificates: Sequence[CertificateRecord], at: datetime
    ) -> SealedPack:
        fit = [each for each in certificates if each.approved_by and not each.revoked_at]
        if not fit or self.refuses:
            raise Unavailable("nothing was sealed", why="no certificate is fit for use", next_step="approve one")
        self.kept.append(collation)
        sealed = f"collation {len(self.kept)} at {at.isoformat()}".encode()
        return SealedPack(sealed=sealed, sha256=sha256(sealed).hexdigest(), recipient_sha256=fit[-1].sha256)


@dataclass(slots=True)
class DebtWalk:
    """Walks debts through any corridor."""

    corridor: Corridor
    sealer: KeepingCollationSealer = field(default_factory=KeepingCollationSealer)
    known: list[str] = field(default_factory=list)

    def enrol(self) -> "DebtWalk":
        """Make the department that collates known, with a certificate in use."""
        with self.corridor.open_unit() as unit:
            known = OrganisationRecord(reference=DEPARTMENT, words="DHSC", kind="department", family="debt-reporting")
            enrol_organisation(unit, known, by=ADMINISTRATORS[0], at=self.corridor.now)
            certificate = replace(a_certificate(DEPARTMENT), reference=DEPARTMENT)
            enrol_certificate(unit, certificate, by=ADMINISTRATORS[0], at=self.corridor.now)
            approve_certificate(unit, certificate, by=ADMINISTRATORS[1], at=self.corridor.now)
        return self

    def take(self, report: DebtReport | None = None, *, before: str = "") -> DebtCase:
        case = self.corridor.do(
            lambda unit, at: debt_acts.take_debt(
                unit,
                self.corridor.agreements,
                report or a_debt(),
                recipient=DEPARTMENT,
                before=self._in(unit, before) if before else None,
                by=FINANCE,
                at=at,
            )
        )
        if case.reference not in self.known:
            self.known.append(case.reference)
        return case

    def judge(self, reference: str, who: Officer, answer: bool = True, reasons: str = "") -> DebtCase:
        given = reasons or f"{REASONS} ({who.staff_id})"
        return self.corridor.do(
            lambda unit, at: debt_acts.judge_debt(
                unit,
                self.corridor.agreements,
                self._in(unit, reference),
                answer=answer,
                reasons=given,
                by=who,
                at=at,
            )
        )

    def checked(self, reference: str, answer: bool = True) -> DebtCase:
        self.judge(reference, FIRST, answer)
        return self.judge(reference, SECOND, answer)

    def settle(self, reference: str, how: Settlement = Settlement.PAID, on: date | None = None) -> DebtCase:
        return self.corridor.do(
            lambda unit, at: debt_acts.settle_debt(
                unit,
                self.corridor.agreements,
                self._in(unit, reference),
                how=how,
                settled_on=on or self.corridor.now.date(),
                by=FINANCE,
                at=at,
            )
        )

    def run(self, month: str) -> Run:
        return self.corridor.do(
            lambda unit, at: collate(
                unit,
                self.corridor.agreements,
                self.sealer,
                [self._in(unit, reference) for reference in self.known],
                recipient=DEPARTMENT,
                family=debt_acts.FAMILY,
                month=month,
                by=FINANCE,
                at=at,
            )
        )

    def case(self, reference: str) -> DebtCase:
        with self.corridor.open_unit() as unit:
            return self._in(unit, reference)

    def at(self, day: date) -> "DebtWalk":
        """Set the clock to a day."""
        self.corridor.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        return self

    def _in(self, unit: UnitOfWork, reference: str) -> DebtCase:
        return read_debt(as_public(unit), reference)


def as_public(unit: UnitOfWork) -> PublicUnit:
    """Return a unit of work as one that also reads what belongs to no case: both units there are do."""
    assert hasattr(unit, "kept")
    return unit  # type: ignore[return-value]  # as it says
