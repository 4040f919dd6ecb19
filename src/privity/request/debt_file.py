"""Reading what a trust's finance system exports: a CSV of debts, or of debts that are settled.

Rules of the module:
- A file is taken whole or not at all: one row error and nothing is taken.
- Every error says row, column, what and what next, and never repeats what the field held.
- The list of columns is closed. A column that would say what the care was is refused by its name, whatever is in it.
- What is wrong in form is an error here. What the agreement does not allow is a debt that is not reported, with the
  clause cited.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from privity.definitions.person import Address, Gender, read_postcode
from privity.errors import Mistaken
from privity.request.csv_lines import MOST_ERRORS, MOST_ROWS, decoded, lines_of, whole_file
from privity.request.debt_report import (
    COMPUTED,
    LARGEST_SUM,
    MOST_ADDRESS_LINES,
    Debtor,
    DebtReport,
    Settlement,
    kept_out,
)
from privity.request.form import RequestField, RequestForm
from privity.request.health_words import HealthWord, TextKind, health_word
from privity.request.intake_row import RowError, RowReader, read_facts, read_word, read_written_day

NEEDED = (
    "finance_reference",
    "family_name",
    "given_name",
    "date_of_birth",
    "amount_billed",
    "incurred_on",
    "billed_on",
)
MAY_BE = (
    "other_names",
    "gender",
    "nationality",
    *(f"address_line_{number}" for number in range(1, MOST_ADDRESS_LINES + 1)),
    "postcode",
    "national_insurance_number",
    "home_office_reference",
    "passport_reference",
    "amount_paid",
    "note",
)
SETTLEMENT_COLUMNS = ("finance_reference", "settled_on", "how")
_MONEY = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]{2})?|[0-9]{1,6}(?:\.[0-9]{2})?")
_NATIONAL_INSURANCE = re.compile(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]")
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/ .-]{2,59}")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '.,;()\N{RIGHT SINGLE QUOTATION MARK}-])*")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtRow:
    """A debt that was read, and the row it stood in."""

    row: int
    report: DebtReport


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRow:
    """A settlement that was read, and the row it stood in."""

    row: int
    finance_reference: str
    settled_on: date
    how: Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtReading:
    """What a file of debts turned out to hold. Where there is one error nothing is taken."""

    rows: tuple[DebtRow, ...] = ()
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementReading:
    """What a file of settlements turned out to hold. Where there is one error nothing is taken."""

    rows: tuple[SettlementRow, ...] = ()
    errors: tuple[RowError, ...] = ()


def debt_columns(form: RequestForm) -> tuple[str, ...]:
    """Return every column a file of debts may have, in the order a template shows them."""
    return (*NEEDED, *MAY_BE[:-1], *(asked.name for asked in _stated(form)), MAY_BE[-1])


def read_debts(content: bytes, form: RequestForm, today: date, own: frozenset[str] = frozenset()) -> DebtReading:
    """Return the debts of a CSV file, or what is wrong with it; never both.

    Args: own: the custodian's own words that no debt may hold.
    """
    rows, errors = _read(content, debt_columns(form), NEEDED, lambda row: _debt(row, form, today, own))
    return DebtReading(rows=rows, errors=errors)


def read_settlements(content: bytes, today: date) -> SettlementReading:
    """Return the settlements of a CSV file, or what is wrong with it; never both."""
    rows, errors = _read(content, SETTLEMENT_COLUMNS, SETTLEMENT_COLUMNS, lambda row: _settlement(row, today))
    return SettlementReading(rows=rows, errors=errors)


def _stated(form: RequestForm) -> tuple[RequestField, ...]:
    """Return the fields of the agreement's form that the trust fills in itself."""
    return tuple(asked for asked in form.fields if asked.name not in COMPUTED)


def _read(
    content: bytes, known: Sequence[str], needed: Sequence[str], read_one: Callable[[RowReader], Row | None]
) -> tuple[tuple[Row, ...], tuple[RowError, ...]]:
    """Return the rows of a file or its errors: first of encoding and header, then of every row and field."""
    text = decoded(content)
    if isinstance(text, RowError):
        return (), (text,)
    lines = lines_of(csv.reader(io.StringIO(text, newline=""), strict=True))
    header = next(lines, None)
    if header is None or isinstance(header, RowError):
        return (), (header or whole_file("the file is empty", "send a header row and one row a debt"),)
    columns = [name.strip().lower() for name in header[1]]
    if wrong := _header_errors(columns, known, needed):
        return (), tuple(wrong)
    found: list[Row] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for line in lines:
        if isinstance(line, RowError) or len(found) >= MOST_ROWS or len(errors) >= MOST_ERRORS:
            errors.append(line if isinstance(line, RowError) else whole_file("it holds too much", "send it in parts"))
            break
        number, cells = line
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            what = f"it has {len(cells)} fields and the header {len(columns)}"
            errors.append(RowError(row=number, column="", what=what, next_step="look for a missing or extra comma"))
            continue
        row = RowReader(number, dict(zip(columns, cells, strict=True)))
        one = _row(row, seen, read_one)
        errors += row.errors
        if one is not None and not row.errors:
            found.append(one)
    if not found and not errors:
        errors.append(whole_file("there is a header and no debt", "add one row a debt"))
    return (() if errors else tuple(found)), tuple(errors[:MOST_ERRORS])


def _row(row: RowReader, seen: dict[str, int], read_one: Callable[[RowReader], Row | None]) -> Row | None:
    row.look_at_cells()
    reference = row.text("finance_reference")
    if reference in seen:
        what = f"the reference already stands in row {seen[reference]}"
        row.wrong("finance_reference", what, "give every debt its own reference, or remove the repeated row")
    elif reference:
        seen[reference] = row.number
    return None if row.errors else read_one(row)


def _header_errors(columns: Sequence[str], known: Sequence[str], needed: Sequence[str]) -> list[RowError]:
    errors = [
        RowError(row=1, column=name, what="the column is missing", next_step="add it to the header")
        for name in needed
        if name not in columns
    ]
    for place, name in enumerate(columns, start=1):
        # A name that is not ours may be somebody's: a file without a header begins with a person.
        if name in columns[: place - 1]:
            called = name if name in known else f"number {place}"
            what, next_step = "the column stands twice", "remove one of them"
        elif name in known:
            continue
        elif health_word(name.replace("_", " "), TextKind.FREE) is not None:
            called, what = f"number {place}", "the column would say what the care was, or where it was given"
            next_step = "remove it from the export: nothing about health is taken in"
        else:
            called, what = f"number {place}", "the column is not one of the closed list"
            next_step = "remove it; `privity debt columns` shows the columns there are"
        errors.append(RowError(row=1, column=called, what=what, next_step=next_step))
    return errors[:MOST_ERRORS]


def _debt(row: RowReader, form: RequestForm, today: date, own: frozenset[str]) -> DebtRow | None:
    reference = row.needed("finance_reference")
    billed, paid = _needed(row, "amount_billed", read_pence), row.read("amount_paid", read_pence)
    incurred_on, billed_on = _needed(row, "incurred_on", read_written_day), _needed(row, "billed_on", read_written_day)
    if billed_on is not None and billed_on > today:
        row.wrong("billed_on", "it lies in the future", "check the day of the bill")
    facts, declared = read_facts(row, _stated(form))
    debtor = _debtor(row)
    _look_for_health(row, "finance_reference", TextKind.REFERENCE)
    _look_for_health(row, "note", TextKind.FREE)
    if row.errors or None in (billed, incurred_on, billed_on, debtor):
        return None
    assert billed is not None
    assert incurred_on is not None
    assert billed_on is not None
    assert debtor is not None
    try:
        report = DebtReport(
            finance_reference=reference,
            debtor=debtor,
            billed_pence=billed,
            paid_pence=paid or 0,
            incurred_on=incurred_on,
            billed_on=billed_on,
            note=row.text("note"),
            facts=facts,
            declarations=declared,
        )
    except Mistaken as wrong:
        row.wrong("", wrong.why, wrong.next_step)
        return None
    column = kept_out(report, own)
    if column:
        row.wrong(column, f"it holds {HealthWord.OWN.value}", "take it out: a debt says nothing about health")
        return None
    return DebtRow(row=row.number, report=report)


def _debtor(row: RowReader) -> Debtor | None:
    for column in ("family_name", "given_name", "other_names", "nationality"):
        if row.text(column) and not _NAME.fullmatch(row.text(column)):
            row.wrong(column, "it holds more than letters and the signs of a name", "write the name and nothing else")
        _look_for_health(row, column, TextKind.NAME)
    lines = tuple(f"address_line_{number}" for number in range(1, MOST_ADDRESS_LINES + 1))
    for column in lines:
        _look_for_health(row, column, TextKind.ADDRESS)
    for column in ("home_office_reference", "passport_reference"):
        _look_for_health(row, column, TextKind.REFERENCE)
    born, gender = (
        _needed(row, "date_of_birth", read_written_day),
        row.read("gender", lambda text: read_word(text, Gender)),
    )
    postcode = row.read("postcode", read_postcode)
    insurance = row.read("national_insurance_number", _national_insurance)
    other_office, passport = row.read("home_office_reference", _number), row.read("passport_reference", _number)
    if row.errors or born is None:
        return None
    given = tuple(filter(None, map(row.text, lines)))
    try:
        return Debtor(
            family_name=row.text("family_name"),
            given_name=row.text("given_name"),
            other_names=row.text("other_names"),
            date_of_birth=born,
            gender=gender or Gender.UNKNOWN,
            nationality=row.text("nationality"),
            address=Address(lines=given, postcode=postcode or "") if given or postcode else None,
            national_insurance_number=insurance or "",
            home_office_reference=other_office or "",
            passport_reference=passport or "",
        )
    except Mistaken as wrong:
        row.wrong("family_name", wrong.why, wrong.next_step)
        return None


def _settlement(row: RowReader, today: date) -> SettlementRow | None:
    reference = row.needed("finance_reference")
    settled_on, how = (
        _needed(row, "settled_on", read_written_day),
        _needed(row, "how", lambda text: read_word(text, Settlement)),
    )
    if settled_on is not None and settled_on > today:
        row.wrong("settled_on", "it lies in the future", "check the day")
    if row.errors or settled_on is None or how is None:
        return None
    return SettlementRow(row=row.number, finance_reference=reference, settled_on=settled_on, how=how)


def _needed(row: RowReader, column: str, reader: Callable[[str], Row]) -> Row | None:
    return row.read(column, reader) if row.needed(column) else None


def _look_for_health(row: RowReader, column: str, kind: TextKind) -> None:
    found = health_word(row.text(column), kind)
    if found is not None:
        row.wrong(column, f"it holds {found.value}", "take it out: a debt says nothing about health")


def read_pence(text: str) -> int:
    """Return a sum written `620`, `620.00` or `1,250.50` in pence.

    Raises: Mistaken: it is not written so, or is larger than any bill.
    """
    plain = text.removeprefix("\N{POUND SIGN}").strip()
    pounds, _, pence = plain.replace(",", "").partition(".")
    if not _MONEY.fullmatch(plain) or int(pounds) * 100 > LARGEST_SUM:
        raise Mistaken("not read", why="it is not a sum of money", next_step="write pounds and pence as `620.00`")
    return int(pounds) * 100 + int(pence or 0)


def _national_insurance(text: str) -> str:
    plain = text.replace(" ", "").upper()
    if not _NATIONAL_INSURANCE.fullmatch(plain):
        raise Mistaken(
            "not read", why="it is no National Insurance number", next_step="copy it again, or leave it empty"
        )
    return plain


def _number(text: str) -> str:
    plain = text.upper()
    if not _NUMBER.fullmatch(plain):
        raise Mistaken(
            "not read", why="it is not a reference of letters and digits", next_step="copy it again, or leave it empty"
        )
    return plain
