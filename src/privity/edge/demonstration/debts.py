"""Three months of unpaid charges: files taken in, checked by two officers, run monthly, some taken back again.

They lie just before the present-day cases, so that the last run is of last month and the pages have every standing.
"""

import csv
import importlib
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from privity.casework.collate import month_of
from privity.casework.debt_desk import DebtDesk
from privity.casework.debt_lifecycle import TO_CHECK, DebtStanding
from privity.definitions.day import ONE_DAY
from privity.edge.demonstration.cast import COLLATOR, FINANCE, OFFICERS
from privity.edge.demonstration.setting_up import Stage
from privity.edge.synthetic.people import SyntheticPopulation
from privity.request.debt_report import months_after

MONTHS = 3
A_MONTH = 9
"""Debts taken in each month: few, so that a person can follow each."""
REASONS = (
    "The bill and the exemptions were looked at, and the report says nothing about the care.",
    "Chargeable, still owed, no schedule agreed; the patient had the letter before the two months ran.",
)
SETTLED_REASONS = (
    "The finance system shows the payment, and this is the report that was made.",
    "I checked the ledger of payments against our reference: nothing is outstanding.",
)
NATIONALITIES = ("Australian", "Brazilian", "Canadian", "Indian", "Nigerian", "American", "Turkish")


def walk_debts(stage: Stage, *, until: date, seed: int) -> Mapping[DebtStanding, int]:
    """Walk the months and return how many debts stand where.

    Args: until: the first day of the present-day cases; the last act here lies before it.
    """
    instance = stage.instance
    # Loaded by name: the rows can be imported only once the instance is open.
    desk: DebtDesk = importlib.import_module("privity.edge.wiring.debts").debt_desk(instance)
    for number, month in enumerate(months_walked(until)):
        at = datetime(month.year, month.month, 5, 10, tzinfo=UTC)
        desk.take(_file(stage.population, month, seed + number), by=FINANCE, at=at)
        _check(desk, at + timedelta(days=2), leave=2 if number == MONTHS - 1 else 0)
        if number:
            _settle_some(desk, at + timedelta(days=8))
            _check(desk, at + timedelta(days=9), leave=0)
        ran = months_after(month, 1)
        first = datetime(ran.year, ran.month, 1, 6, tzinfo=UTC)
        desk.run(month_of(month), by=FINANCE, at=first)
        instance.outbox.send(at=first + timedelta(hours=1))
        if number < MONTHS - 1:
            _acknowledge(desk, first + timedelta(hours=5))
    return desk.debts(standing=None, page=1, by=FINANCE).counts


def months_walked(until: date) -> Sequence[date]:
    """Return the first days of the months whose debts are taken in; the run of the last one lies before `until`.

    A month is run on the first of the next, which must not be the day on which the present-day cases begin.
    """
    this_month = (until - ONE_DAY).replace(day=1)
    return [months_after(this_month, number - MONTHS) for number in range(MONTHS)]


def _file(population: SyntheticPopulation, month: date, seed: int) -> bytes:
    """Return the file a finance system would export: most debts reportable, one of each other kind."""
    rows = []
    columns = population.columns
    chosen = np.random.default_rng(seed).integers(0, len(columns.nhs_number), A_MONTH)
    for place, person in enumerate(chosen.tolist()):
        billed = month - timedelta(days=70 + place)
        row = {
            "finance_reference": f"OV/{month:%Y%m}/{place + 1:03d}",
            "family_name": columns.names[columns.family[person]],
            "given_name": columns.names[columns.given[person]],
            "date_of_birth": date.fromordinal(int(columns.born[person])).isoformat(),
            "nationality": NATIONALITIES[place % len(NATIONALITIES)],
            "amount_billed": f"{620 + 85 * place}.00",
            "amount_paid": "0.00",
            "incurred_on": (billed - timedelta(days=20)).isoformat(),
            "billed_on": billed.isoformat(),
            "exempt_service": "none",
            "exempt_person": "no",
            "repayment_schedule": "no",
            "this_person": "yes",
            "patient_told": "yes",
        }
        row |= dict(_KINDS.get(place, {}))
        if place == A_MONTH - 1:
            row["billed_on"] = month.isoformat()
        rows.append(row)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


_KINDS: Mapping[int, Mapping[str, str]] = {
    5: {"amount_paid": "900.00", "amount_billed": "1250.00"},
    6: {"repayment_schedule": "yes"},
    7: {"patient_told": "no"},
}
"""By their place in the file: below the threshold, on a schedule, not told; the last is not yet two months old."""


def _check(desk: DebtDesk, at: datetime, *, leave: int) -> None:
    """Let two officers check what waits, blind to each other; a few are left for whoever serves the demonstration."""
    waiting: list[str] = []
    for standing in TO_CHECK:
        waiting += _references(desk, standing)
    for reference in waiting[: len(waiting) - leave]:
        view = desk.debt(reference, by=FINANCE)
        reasons = SETTLED_REASONS if view.case.standing is DebtStanding.CHECKING_SETTLEMENT else REASONS
        for officer, words in zip(OFFICERS[:2], reasons, strict=True):
            revision = desk.debt(reference, by=officer).case.state.revision
            desk.judge(reference, answer=True, reasons=words, revision=revision, by=officer, at=at)


def _settle_some(desk: DebtDesk, at: datetime) -> None:
    """Settle two of the reported debts, as the finance system's second file says."""
    settled = _references(desk, DebtStanding.REPORTED)[:2]
    names = [desk.debt(reference, by=FINANCE).case.statement.finance_reference for reference in settled]
    rows = [f"{name},{at.date().isoformat()},{how}" for name, how in zip(names, ("paid", "not-owed"), strict=False)]
    content = "\r\n".join(["finance_reference,settled_on,how", *rows, ""])
    desk.take(content.encode(), by=FINANCE, at=at)


def _acknowledge(desk: DebtDesk, at: datetime) -> None:
    """Let the department say what it has, and give the patients whose reports were taken back their receipts."""
    for part in desk.collations(by=COLLATOR):
        if part.state == "sent":
            desk.acknowledge(part.reference, by=COLLATOR, at=at)
    for reference in _references(desk, DebtStanding.ACKNOWLEDGED)[:1]:
        if not desk.debt(reference, by=FINANCE).case.state.receipt_on:
            desk.receipt(reference, by=FINANCE, at=at)


def _references(desk: DebtDesk, standing: DebtStanding) -> Sequence[str]:
    return [line.reference for line in desk.debts(standing=standing, page=1, by=FINANCE).lines]
