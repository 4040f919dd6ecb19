"""Reading what a requester sends: a CSV of many requests, or one request as JSON.

Rules of the room:
- A file is taken whole or not at all: one row error and nothing is taken.
- Every error says row, column, what and what next, and never repeats what the field held.
- What is wrong in form is an error here. What is missing in substance (a declaration not made, no
  countersignature) is a request, and goes back to its sender as incomplete with the clause cited.

Steps of reading a CSV: 1 size and encoding, 2 header, 3 rows, 4 fields, 5 duplicates.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass

from privity.definitions.party import OrganisationId
from privity.definitions.reference import BatchReference
from privity.request.csv_lines import LARGEST_FILE, MOST_ERRORS, MOST_ROWS, decoded, lines_of, too_large, whole_file
from privity.request.form import RequestForm
from privity.request.intake_row import IntakeRow, RowError, read_row

REQUIRED_COLUMNS = ("your_reference", "officer", "purpose", "items")
OPTIONAL_COLUMNS = (
    "statement",
    "urgency",
    "countersigned_by",
    "countersigned_rank",
    "nhs_number",
    "family_name",
    "given_name",
    "other_given_names",
    "date_of_birth",
    "gender",
    "postcode",
    "address_line_1",
    "address_line_2",
    "address_line_3",
    "address_line_4",
    "address_line_5",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file turned out to hold. Where there is one error nothing is taken."""

    rows: tuple[IntakeRow, ...]
    errors: tuple[RowError, ...]


def read_csv(content: bytes, form: RequestForm, requester: OrganisationId) -> Reading:
    """Return the requests of a CSV file, or what is wrong with it; never both.

    Args: content: the file as received. form: the columns the agreement asks for.
    """
    text = decoded(content)
    if isinstance(text, RowError):
        return Reading(rows=(), errors=(text,))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = lines_of(reader)
    header = next(lines, None)
    if header is None or isinstance(header, RowError):
        error = header or whole_file("the file is empty", "send a header row and one row a request")
        return Reading(rows=(), errors=(error,))
    columns = [name.strip().lower() for name in header[1]]
    if wrong_header := _header_errors(columns, form):
        return Reading(rows=(), errors=tuple(wrong_header))
    rows: list[IntakeRow] = []
    errors: list[RowError] = []
    for line in lines:
        if len(errors) >= MOST_ERRORS:
            break
        if isinstance(line, RowError):
            errors.append(line)
            break
        number, cells = line
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) >= MOST_ROWS:
            errors.append(whole_file(f"it holds more than {MOST_ROWS} requests", "send it in parts"))
            break
        read = read_row(number, columns, cells, form, requester)
        if isinstance(read, IntakeRow):
            rows.append(read)
        else:
            errors.extend(read)
    errors.extend(_duplicates(rows))
    if not rows and not errors:
        errors.append(whole_file("there is a header and no request", "add one row a request"))
    return Reading(rows=() if errors else tuple(rows), errors=tuple(errors[:MOST_ERRORS]))


def read_json(content: bytes, form: RequestForm, requester: OrganisationId) -> Reading:
    """Return the one request of a JSON object with the CSV's columns as keys, or what is wrong with it."""
    if len(content) > LARGEST_FILE:
        return Reading(rows=(), errors=(too_large(),))
    try:
        value = json.loads(content, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):  # not only its own error: a number of 5,000 digits is a ValueError too
        return Reading(rows=(), errors=(whole_file("it is not JSON", "send one object with the form's names"),))
    if not isinstance(value, _Pairs):
        return Reading(rows=(), errors=(whole_file("it is not one object", "send one object a request"),))
    names, fields = [str(name) for name, _ in value], [field for _, field in value]
    if wrong := _header_errors(names, form):
        return Reading(rows=(), errors=tuple(wrong))
    nested = [name for name, field in zip(names, fields, strict=True) if not _is_plain(field)]
    if nested:
        what, next_step = "the field holds a value within a value", "write a text, or a list of texts"
        return Reading(
            rows=(), errors=tuple(RowError(row=1, column=name, what=what, next_step=next_step) for name in nested)
        )
    read = read_row(1, names, list(map(_as_text, fields)), form, requester)
    if isinstance(read, IntakeRow):
        return Reading(rows=(read,), errors=())
    return Reading(rows=(), errors=tuple(read))


def read_fields(fields: Mapping[str, str], form: RequestForm, requester: OrganisationId) -> Reading:
    """Return the one request of named fields, or what is wrong with it; empty fields are not sent."""
    stated = {name: value for name, value in fields.items() if value.strip()}
    # Read as if stated and empty, so that what is missing is told field by field and not as a missing column.
    needed = {name: stated.get(name, "") for name in (*REQUIRED_COLUMNS, "family_name")}
    return read_json(json.dumps({**needed, **stated}).encode("ascii"), form, requester)


def batch_reference(content: bytes, requester: OrganisationId) -> BatchReference:
    """Return what a file is known by: the SHA-256 of its sender's name, a zero byte, and its bytes."""
    return BatchReference(hashlib.sha256(requester.encode() + b"\0" + content).hexdigest())


def columns_of(form: RequestForm) -> tuple[str, ...]:
    """Return every column a file under this form may have, in the order a template shows them."""
    facts = tuple(field.name for field in form.fields)
    return (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS[:4], *facts, *OPTIONAL_COLUMNS[4:])


class _Pairs(list[tuple[str, object]]):
    """The names and values of a JSON object as they were sent, so that a name sent twice is seen."""


def _is_plain(value: object) -> bool:
    """Return whether a JSON value is one value or a flat list of them."""
    if isinstance(value, list) and not isinstance(value, _Pairs):
        return not any(isinstance(member, list) for member in value)
    return not isinstance(value, list)


def _as_text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return ""
        case list():
            return ";".join(_as_text(member) for member in value)
        case _:
            return str(value)


def _header_errors(columns: list[str], form: RequestForm) -> list[RowError]:
    known = set(columns_of(form))
    errors = [
        RowError(row=1, column=name, what="the column is missing", next_step="add it to the header")
        for name in REQUIRED_COLUMNS
        if name not in columns
    ]
    if not {"family_name", "given_name"} & set(columns):
        errors.append(RowError(row=1, column="family_name", what="no name column", next_step="add it to the header"))
    seen: set[str] = set()
    for place, name in enumerate(columns, start=1):
        if name in seen:
            # A name that is not ours may be somebody's: a file without a header begins with a person.
            called = name if name in known else f"number {place}"
            errors.append(
                RowError(row=1, column=called, what="the column stands twice", next_step="remove one of them")
            )
        elif name not in known:
            errors.append(
                RowError(
                    row=1,
                    column=f"number {place}",
                    what="the column is not one of this agreement's",
                    next_step="take the column names from the agreement's template",
                )
            )
        seen.add(name)
    return errors[:MOST_ERRORS]


def _duplicates(rows: list[IntakeRow]) -> list[RowError]:
    first: dict[str, int] = {}
    errors = []
    for read in rows:
        reference = read.request.requester_reference
        if reference in first:
            errors.append(
                RowError(
                    row=read.row,
                    column="your_reference",
                    what=f"the reference already stands in row {first[reference]}",
                    next_step="give every request its own reference, or remove the repeated row",
                )
            )
        first.setdefault(reference, read.row)
    return errors
