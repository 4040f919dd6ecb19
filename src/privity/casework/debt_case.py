"""One debt with everything on record about it, and how its records are read and made."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from privity.casework.debt_lifecycle import DebtStanding, standing_of
from privity.casework.debt_records import DebtAssessmentRecord, DebtRecord, DebtStateRecord, DebtViewRecord
from privity.casework.public_desk import PublicUnit
from privity.casework.record import canonical, moment, read_moment
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId, Role, StaffId
from privity.definitions.person import Address, Gender
from privity.definitions.reference import AgreementFamily, BatchReference, Slug
from privity.errors import Mistaken
from privity.judgement.determination import Determination, Stage
from privity.request.debt_report import REPORT_SETTLEMENT, Debtor, DebtReport


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtCase:
    """A debt: its statements (the newest holds), its state, what the agreement said and what people answered."""

    statements: tuple[DebtRecord, ...]
    state: DebtStateRecord
    assessments: tuple[DebtAssessmentRecord, ...] = ()
    views: tuple[DebtViewRecord, ...] = ()

    @property
    def reference(self) -> str:
        """Return the gateway's own random reference of the debt."""
        return self.state.reference

    @property
    def statement(self) -> DebtRecord:
        """Return the debt as it was last stated."""
        return self.statements[-1]

    @property
    def standing(self) -> DebtStanding:
        """Return where it stands."""
        return standing_of(self.state)

    @property
    def recipient(self) -> OrganisationId:
        """Return the organisation that collates."""
        return OrganisationId(self.statement.organisation)

    @property
    def family(self) -> AgreementFamily:
        """Return the agreement it is reported under."""
        return AgreementFamily(self.statement.family)

    @property
    def purpose(self) -> Slug:
        """Return what the agreement was asked about last."""
        return Slug(self.assessments[-1].purpose) if self.assessments else Slug("")

    @property
    def question(self) -> Slug | None:
        """Return the question that people are asked now, or None."""
        open_now = self.assessments[-1].question if self.assessments else ""
        return Slug(open_now) if open_now else None

    def report(self) -> DebtReport:
        """Return the debt as it was last stated, checked anew."""
        return report_of(self.statement)

    def about(self, purpose: Slug) -> int:
        """Return which statement, or which settlement, people are asked about: what they said of others counts not."""
        return self.state.settlements if purpose == REPORT_SETTLEMENT else self.statement.number

    def views_on(self, question: str, version: str, purpose: Slug) -> tuple[Determination, ...]:
        """Return what people answered to a question about what is asked now, under one version."""
        return tuple(
            Determination(
                stage=Stage.PURPOSE,
                question=Slug(view.question),
                staff_id=StaffId(view.staff_id),
                role=Role(view.role),
                answer=view.answer,
                reasons=view.reasons,
                at=read_moment(view.at),
                version=view.version,
            )
            for view in self.views
            if (view.question, view.version, view.about) == (question, version, self.about(purpose))
        )

    def permitted(self) -> frozenset[DataItem]:
        """Return the items that the newest assessment permits."""
        found = json.loads(self.assessments[-1].items) if self.assessments else []
        return frozenset(DataItem(one["item"]) for one in found if one["outcome"] == "permitted")


def read_debt(unit: PublicUnit, reference: str) -> DebtCase:
    """Return a debt as a transaction sees it.

    Raises: Mistaken: there is none of that reference.
    """
    states = unit.kept(DebtStateRecord, reference)
    if not states:
        raise no_such_debt()
    return DebtCase(
        statements=tuple(unit.kept(DebtRecord, reference)),
        state=states[0],
        assessments=tuple(unit.kept(DebtAssessmentRecord, reference)),
        views=tuple(unit.kept(DebtViewRecord, reference)),
    )


def no_such_debt() -> Mistaken:
    """Return the answer to a reference that is no debt's."""
    return Mistaken(
        "the debt was not found",
        why="no debt has that reference",
        next_step="copy the reference from the list of debts",
    )


def statement_of(
    report: DebtReport,
    *,
    reference: str,
    number: int,
    recipient: str,
    family: str,
    batch: BatchReference,
    row: int,
    at: datetime,
) -> DebtRecord:
    """Return a debt as it is kept."""
    debtor = report.debtor
    return DebtRecord(
        reference=reference,
        number=number,
        organisation=recipient,
        family=family,
        finance_reference=report.finance_reference,
        batch=batch,
        row_number=row,
        taken_at=moment(at),
        family_name=debtor.family_name,
        given_name=debtor.given_name,
        other_names=debtor.other_names,
        date_of_birth=debtor.date_of_birth.isoformat(),
        gender=debtor.gender.value,
        nationality=debtor.nationality,
        address_lines=canonical(list(debtor.address.lines) if debtor.address else []),
        postcode=debtor.address.postcode if debtor.address else "",
        national_insurance_number=debtor.national_insurance_number,
        home_office_reference=debtor.home_office_reference,
        passport_reference=debtor.passport_reference,
        billed_pence=report.billed_pence,
        paid_pence=report.paid_pence,
        incurred_on=report.incurred_on.isoformat(),
        billed_on=report.billed_on.isoformat(),
        note=report.note,
        facts=canonical(dict(report.facts)),
        declarations=canonical(sorted(report.declarations)),
    )


def report_of(record: DebtRecord) -> DebtReport:
    """Return the debt that a record keeps."""
    lines = tuple(json.loads(record.address_lines))
    stated = json.loads(record.facts)
    return DebtReport(
        finance_reference=record.finance_reference,
        debtor=Debtor(
            family_name=record.family_name,
            given_name=record.given_name,
            other_names=record.other_names,
            date_of_birth=date.fromisoformat(record.date_of_birth),
            gender=Gender(record.gender),
            nationality=record.nationality,
            address=Address(lines=lines, postcode=record.postcode) if lines or record.postcode else None,
            national_insurance_number=record.national_insurance_number,
            home_office_reference=record.home_office_reference,
            passport_reference=record.passport_reference,
        ),
        billed_pence=record.billed_pence,
        paid_pence=record.paid_pence,
        incurred_on=date.fromisoformat(record.incurred_on),
        billed_on=date.fromisoformat(record.billed_on),
        note=record.note,
        facts={name: Slug(value) if isinstance(value, str) else value for name, value in stated.items()},
        declarations=frozenset(map(Slug, json.loads(record.declarations))),
    )
