"""Candidates beside what the requester knows, field by field, for the two people who judge identity.

Rules of the module:
- The evidence is the tracer's, in its own words and bits; nothing is weighed here again.
- Whereabouts of a protected record are not shown, not even to the people who judge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from privity.casework.case_file import ShownEvidence
from privity.casework.desk import CandidateView
from privity.definitions.person import Address, Demographics, Gender, Particulars
from privity.request.due import british
from privity.trace.comparison import Field

SILENT_WITHIN_BITS = 0.5


class Says(StrEnum):
    """Which way a field pulls."""

    FOR = "for"
    """It speaks for this candidate."""
    AGAINST = "against"
    """It speaks against."""
    SILENT = "silent"
    """It says nothing either way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One candidate's value in one field, and what the tracer made of it. `locked` hides the value."""

    value: str
    words: str
    weight_bits: float
    says: Says
    locked: bool = False

    def __repr__(self) -> str:
        return f"Cell({self.says})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field: what was asked for, and every candidate's cell."""

    field: Field
    asked: str
    cells: tuple[Cell, ...]

    def __repr__(self) -> str:
        return f"Line({self.field})"


def compare(asked: Particulars, candidates: Sequence[CandidateView]) -> tuple[Line, ...]:
    """Return the comparison, one line a field, leaving out fields that neither side has."""
    lines = []
    for field in Field:
        line = Line(
            field=field,
            asked=_asked(field, asked),
            cells=tuple(_cell(field, candidate) for candidate in candidates),
        )
        # That names stand in their places is said of nobody: only that they do not says something.
        in_place = field is Field.ORDER and all(cell.says is Says.SILENT for cell in line.cells)
        if not in_place and (line.asked or any(cell.value or cell.words for cell in line.cells)):
            lines.append(line)
    return tuple(lines)


def _cell(field: Field, candidate: CandidateView) -> Cell:
    record = candidate.record
    found = _evidence(field, candidate.shown.evidence)
    locked = record.sensitive and field is Field.PLACE
    bits = found.weight_bits if found else 0.0
    return Cell(
        value="" if locked else _held(field, record),
        words=found.words if found else "",
        weight_bits=bits,
        says=_says(bits),
        locked=locked,
    )


def _evidence(field: Field, evidence: Sequence[ShownEvidence]) -> ShownEvidence | None:
    return next((line for line in evidence if line.field == field), None)


def _says(bits: float) -> Says:
    if abs(bits) <= SILENT_WITHIN_BITS:
        return Says.SILENT
    return Says.FOR if bits > 0 else Says.AGAINST


def _asked(field: Field, asked: Particulars) -> str:
    match field:
        case Field.GIVEN:
            return asked.given_name
        case Field.OTHER:
            return asked.other_given_names
        case Field.FAMILY:
            return asked.family_name
        case Field.ORDER:
            return ""
        case Field.BIRTH:
            return _day(asked.date_of_birth)
        case Field.GENDER:
            return "" if asked.gender is Gender.UNKNOWN else asked.gender.value
        case Field.PLACE:
            return ", ".join(part for part in (*asked.address_lines, asked.postcode) if part)
        case Field.NUMBER:
            return spaced(asked.nhs_number.digits) if asked.nhs_number else ""


def _held(field: Field, record: Demographics) -> str:
    match field:
        case Field.GIVEN:
            return record.given_name
        case Field.OTHER:
            return record.other_given_names
        case Field.FAMILY:
            earlier = ", ".join(record.previous_family_names)
            return f"{record.family_name} (earlier: {earlier})" if earlier else record.family_name
        case Field.ORDER:
            return ""
        case Field.BIRTH:
            died = f" (died {british(record.deceased_on)})" if record.deceased_on else ""
            return _day(record.date_of_birth) + died
        case Field.GENDER:
            return record.gender.value
        case Field.PLACE:
            return _address(record.residence)
        case Field.NUMBER:
            return spaced(record.nhs_number.digits)


def _address(address: Address | None) -> str:
    return ", ".join((*address.lines, address.postcode)) if address else ""


def _day(day: date | None) -> str:
    return british(day) if day else ""


def spaced(digits: str) -> str:
    """Return an NHS number as it is written: `943 476 5919`."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
