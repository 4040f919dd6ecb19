"""Particulars as CSV: our own columns, or the header of a PDS trace sent over MESH.

Source: domain.md 2.3 for the MESH header (`UNIQUE_REFERENCE, NHS_NO, FAMILY_NAME ...`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from privity.definitions.person import Gender, NhsNumber, Particulars, read_postcode
from privity.edge.registers.register_csv import LINES
from privity.edge.registers.rows import RowReader, RowsRefused, read_day, read_table
from privity.errors import Mistaken

COLUMNS = (
    "reference", "nhs_number", "family_name", "given_name", "other_given_names", "date_of_birth", "gender",
    "postcode", *LINES,
)  # fmt: skip
_REFERENCES = (("reference", "unique_reference"),)
"""The column a file may not lack, under either name."""
_MESH = {
    "unique_reference": "reference",
    "nhs_no": "nhs_number",
    "other_given_name": "other_given_names",
    **{f"address_line{number}": f"address_line_{number}" for number in range(1, 6)},
}
_GENDER_WORDS = {
    "female": Gender.FEMALE, "f": Gender.FEMALE, "2": Gender.FEMALE,
    "male": Gender.MALE, "m": Gender.MALE, "1": Gender.MALE,
    "other": Gender.OTHER, "9": Gender.OTHER,
    "unknown": Gender.UNKNOWN, "u": Gender.UNKNOWN, "0": Gender.UNKNOWN,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedParticulars:
    """Particulars with the reference the sender gave them."""

    reference: str
    particulars: Particulars


def read_particulars(path: Path) -> tuple[NamedParticulars, ...]:
    """Return the particulars of a CSV file, in its order.

    Raises: RowsRefused: any row is wrong. Mistaken: the file is. Unavailable: it cannot be read.
    """
    found: list[NamedParticulars] = []
    seen: dict[str, int] = {}
    reader = RowReader()
    for row, fields in _ours(path):
        reader.take(row, fields)
        reference = reader.word("reference", 100)
        if not reference:
            reader.wrong("reference", "it is missing", "give every row a reference of its own")
        elif seen.setdefault(reference, row) != row:
            reader.wrong("reference", f"it stands in row {seen[reference]} too", "give every row its own")
        particulars = _particulars(reader)
        if particulars is not None:
            found.append(NamedParticulars(reference=reference, particulars=particulars))
        if reader.is_full:
            break
    if reader.errors:
        raise RowsRefused("the particulars were not accepted", reader.errors)
    return tuple(found)


def _ours(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows under our column names."""
    for row, fields in read_table(path, what="file of particulars", required=_REFERENCES):
        yield row, {_MESH.get(column, column): text for column, text in fields.items()}


def _particulars(reader: RowReader) -> Particulars | None:
    """Return the particulars of the row, or None after remembering what is wrong with them."""
    before = len(reader.errors)
    number = reader.text("nhs_number").replace(" ", "")
    nhs_number = reader.read("nhs_number", lambda _text: NhsNumber(number), None)
    born = reader.read("date_of_birth", read_day, None)
    gender = reader.read("gender", _gender, Gender.UNKNOWN)
    postcode = reader.read("postcode", read_postcode, "")
    if len(reader.errors) > before:
        return None
    try:
        return Particulars(
            family_name=reader.text("family_name"),
            given_name=reader.text("given_name"),
            other_given_names=reader.text("other_given_names"),
            date_of_birth=born,
            gender=gender,
            nhs_number=nhs_number,
            postcode=postcode,
            address_lines=tuple(line for column in LINES if (line := reader.text(column))),
        )
    except Mistaken as error:
        reader.wrong("", error.why, error.next_step)
        return None


def _gender(text: str) -> Gender:
    found = _GENDER_WORDS.get(text.lower())
    if found is None:
        raise Mistaken(
            "the gender was not read",
            why="it is not one of the four words",
            next_step="write female, male, other or unknown",
        )
    return found


def read_fields(fields: Mapping[str, str]) -> Particulars:
    """Return the particulars of one row of text fields, keyed by our columns.

    Raises: RowsRefused: a field is wrong.
    """
    reader = RowReader()
    reader.take(1, dict(fields))
    particulars = _particulars(reader)
    if particulars is None:
        raise RowsRefused("the particulars were not accepted", reader.errors)
    return particulars
