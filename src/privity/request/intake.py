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
import itertools
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.person import Gender, NhsNumber, Particulars, read_postcode
from privity.definitions.reference import BatchReference, Slug
from privity.errors import Mistaken
from privity.request.form import FieldKind, RequestField, RequestForm
from privity.request.tracing_request import Countersignature, FactValue, TracingRequest

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes."""
MOST_ROWS = 5_000
LONGEST_FIELD = 4_000
"""Characters. Nothing a requester writes about one person needs more."""
MOST_ERRORS = 200
"""A wrong file gives thousands of errors; the first ones tell what is wrong."""
LONGEST_REFERENCE = 100
"""Characters of the requester's own reference: every answer carries it, and an answer has one size."""

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
FORMULA_STARTS = ("=", "+", "@", "-")
"""What makes a spreadsheet compute. Blanks before it do not save the reader: they are cut off on the way."""
NEVER_FIRST = ("\t", "\r")
_YES = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """One thing wrong in a file. `row` is the row a spreadsheet shows; 1 is the header; 0 the whole file."""

    row: int
    column: str
    what: str
    next_step: str

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row else "the file"
        column = f", column `{self.column}`" if self.column else ""
        return f"{where}{column}: {self.what}; {self.next_step}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeRow:
    """A request that was read, and the row it stood in."""

    row: int
    request: TracingRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file turned out to hold. Where there is one error nothing is taken."""

    rows: tuple[IntakeRow, ...]
    errors: tuple[RowError, ...]


class _Row:
    """The fields of one row being read, collecting what is wrong with them."""

    def __init__(self, number: int, fields: Mapping[str, str]) -> None:
        self.number = number
        self.fields = fields
        self.errors: list[RowError] = []

    def text(self, column: str) -> str:
        return self.fields.get(column, "").strip()

    def wrong(self, column: str, what: str, next_step: str) -> None:
        self.errors.append(RowError(row=self.number, column=column, what=what, next_step=next_step))

    def needed(self, column: str) -> str:
        value = self.text(column)
        if not value:
            self.wrong(column, "the field is empty", "fill it in")
        return value

    def read(self, column: str, reader: Callable[[str], Value]) -> Value | None:
        """Return the field read by `reader`, or None where it is empty or wrong."""
        value = self.text(column)
        if not value:
            return None
        try:
            return reader(value)
        except Mistaken as wrong:
            self.wrong(column, wrong.why, wrong.next_step)
            return None


def read_csv(content: bytes, form: RequestForm, requester: OrganisationId) -> Reading:
    """Return the requests of a CSV file, or what is wrong with it; never both.

    Args: content: the file as received. form: the columns the agreement asks for.
    """
    decoded = _decode(content)
    if isinstance(decoded, RowError):
        return Reading(rows=(), errors=(decoded,))
    reader = csv.reader(io.StringIO(decoded, newline=""), strict=True)
    lines = _lines(reader)
    header = next(lines, None)
    if header is None or isinstance(header, RowError):
        error = header or _whole("the file is empty", "send a header row and one row a request")
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
            errors.append(_whole(f"it holds more than {MOST_ROWS} requests", "send it in parts"))
            break
        read = _read_row(number, columns, cells, form, requester)
        if isinstance(read, IntakeRow):
            rows.append(read)
        else:
            errors.extend(read)
    errors.extend(_duplicates(rows))
    if not rows and not errors:
        errors.append(_whole("there is a header and no request", "add one row a request"))
    return Reading(rows=() if errors else tuple(rows), errors=tuple(errors[:MOST_ERRORS]))


def read_json(content: bytes, form: RequestForm, requester: OrganisationId) -> Reading:
    """Return the one request of a JSON object with the CSV's columns as keys, or what is wrong with it."""
    if len(content) > LARGEST_FILE:
        return Reading(rows=(), errors=(_too_large(),))
    try:
        value = json.loads(content, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):  # not only its own error: a number of 5,000 digits is a ValueError too
        return Reading(rows=(), errors=(_whole("it is not JSON", "send one object with the form's names"),))
    if not isinstance(value, _Pairs):
        return Reading(rows=(), errors=(_whole("it is not one object", "send one object a request"),))
    names, fields = [str(name) for name, _ in value], [field for _, field in value]
    if wrong := _header_errors(names, form):
        return Reading(rows=(), errors=tuple(wrong))
    nested = [name for name, field in zip(names, fields, strict=True) if not _is_plain(field)]
    if nested:
        what, next_step = "the field holds a value within a value", "write a text, or a list of texts"
        return Reading(
            rows=(), errors=tuple(RowError(row=1, column=name, what=what, next_step=next_step) for name in nested)
        )
    read = _read_row(1, names, list(map(_as_text, fields)), form, requester)
    if isinstance(read, IntakeRow):
        return Reading(rows=(read,), errors=())
    return Reading(rows=(), errors=tuple(read))


def batch_reference(content: bytes, requester: OrganisationId) -> BatchReference:
    """Return what a file is known by: the SHA-256 of its sender's name, a zero byte, and its bytes."""
    return BatchReference(hashlib.sha256(requester.encode() + b"\0" + content).hexdigest())


def columns_of(form: RequestForm) -> tuple[str, ...]:
    """Return every column a file under this form may have, in the order a template shows them."""
    facts = tuple(field.name for field in form.fields)
    return (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS[:4], *facts, *OPTIONAL_COLUMNS[4:])


def _whole(what: str, next_step: str) -> RowError:
    return RowError(row=0, column="", what=what, next_step=next_step)


def _too_large() -> RowError:
    return _whole(f"it is larger than {LARGEST_FILE // 1024 // 1024} MiB", "send it in parts")


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


def _decode(content: bytes) -> str | RowError:
    """Return the text of a file in UTF-8, with or without byte order mark."""
    if len(content) > LARGEST_FILE:
        return _too_large()
    if b"\x00" in content:
        return _whole("it holds zero bytes", "save it as `CSV UTF-8`, not as UTF-16 or a workbook")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        row = content.count(b"\n", 0, wrong.start) + 1
        return RowError(
            row=row,
            column="",
            what=f"byte {wrong.start + 1} is not UTF-8",
            next_step="save the file as `CSV UTF-8`; parts in another encoding were probably pasted in",
        )


def _lines(reader: "Iterator[list[str]]") -> Iterator[tuple[int, list[str]] | RowError]:
    """Yield each record with its number, as a spreadsheet counts rows, or the error that ends the reading."""
    for number in itertools.count(1):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield RowError(
                row=number,
                column="",
                what="the row cannot be read as CSV (a quote left open, or a field far too long)",
                next_step=f"mend the quotes; no field may be longer than {LONGEST_FIELD} characters",
            )
            return
        yield number, cells


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


def _read_row(
    number: int, columns: list[str], cells: list[str], form: RequestForm, requester: OrganisationId
) -> IntakeRow | list[RowError]:
    if len(cells) != len(columns):
        what = f"it has {len(cells)} fields and the header {len(columns)}"
        return [RowError(row=number, column="", what=what, next_step="look for a missing or extra comma")]
    row = _Row(number, dict(zip(columns, cells, strict=True)))
    for column, cell in row.fields.items():
        if len(cell) > LONGEST_FIELD:
            row.wrong(column, f"the field is longer than {LONGEST_FIELD} characters", "shorten it")
        elif cell.startswith(NEVER_FIRST) or cell.strip().startswith(FORMULA_STARTS):
            row.wrong(column, "the field starts like a spreadsheet formula", "write the plain value")
        elif any(_is_control(letter) for letter in cell):
            row.wrong(column, "the field holds control characters", "remove them")
    if row.errors:
        return row.errors
    request = _request(row, form, requester)
    return row.errors or [] if request is None or row.errors else IntakeRow(row=number, request=request)


def _is_control(letter: str) -> bool:
    """Return whether a character is no text: a control, or half of a pair that no encoding can write."""
    return (ord(letter) < 32 and letter not in "\n\r\t") or 127 <= ord(letter) < 160 or "\ud800" <= letter <= "\udfff"


def _request(row: _Row, form: RequestForm, requester: OrganisationId) -> TracingRequest | None:
    purposes = {slug for slug, _ in form.purposes}
    purpose = row.needed("purpose")
    if purpose and purpose not in purposes:
        row.wrong("purpose", "it is not a purpose of this agreement", f"use one of {_listed(purposes)}")
    items = _items(row)
    reference, officer = row.needed("your_reference"), row.needed("officer")
    if len(reference) > LONGEST_REFERENCE:
        row.wrong("your_reference", f"it is longer than {LONGEST_REFERENCE} characters", "use a shorter one")
    facts, declared = _facts(row, form)
    countersigned = _countersignature(row, form)
    particulars = _particulars(row)
    if row.errors or particulars is None:
        return None
    return TracingRequest(
        requester=requester,
        family=form.family,
        requester_reference=reference,
        officer_name=officer,
        purpose=Slug(purpose),
        items=items,
        particulars=particulars,
        facts=facts,
        declarations=declared,
        countersignature=countersigned,
        urgency=row.text("urgency"),
        statement=row.text("statement"),
    )


def _items(row: _Row) -> frozenset[DataItem]:
    known = {item.value: item for item in DataItem}
    asked = [word.strip() for word in row.needed("items").split(";") if word.strip()]
    if any(word not in known for word in asked):
        row.wrong("items", "it names something that is not a data item", f"use {_listed(known)}, split by `;`")
    elif not asked and row.text("items"):
        row.wrong("items", "it names no data item", f"use {_listed(known)}, split by `;`")
    return frozenset(known[word] for word in asked if word in known)


def _facts(row: _Row, form: RequestForm) -> tuple[dict[str, FactValue], frozenset[Slug]]:
    facts: dict[str, FactValue] = {}
    declared: set[Slug] = set()
    for field in form.fields:
        value = row.read(field.name, lambda text, field=field: _fact(text, field))  # type: ignore[misc]  # default binds the loop's field
        if value is None:
            continue
        if not field.is_declaration:
            facts[field.name] = value
        elif value is True:
            declared.add(Slug(field.name))
    return facts, frozenset(declared)


def _fact(text: str, field: RequestField) -> FactValue:
    match field.kind:
        case FieldKind.YES_NO:
            if text.lower() in _YES:
                return _YES[text.lower()]
            raise Mistaken("not read", why="it is neither yes nor no", next_step="write `yes` or `no`")
        case FieldKind.WHOLE_NUMBER:
            if text.isascii() and text.isdigit() and len(text) <= 6:
                return int(text)
            raise Mistaken("not read", why="it is not a whole number", next_step="write digits only")
        case FieldKind.ONE_OF:
            words = {slug for slug, _ in field.choices}
            if text in words:
                return Slug(text)
            raise Mistaken("not read", why="it is not one of the words listed", next_step=f"use {_listed(words)}")


def _countersignature(row: _Row, form: RequestForm) -> Countersignature | None:
    name, rank = row.text("countersigned_by"), row.text("countersigned_rank")
    if not name and not rank:
        return None
    if not name or not rank:
        row.wrong("countersigned_by", "name and rank go together", "give both, or neither")
        return None
    ranks = {slug for slug, _ in form.ranks}
    if rank not in ranks:
        row.wrong("countersigned_rank", "the rank is not listed", f"use {_listed(ranks) or 'none'}")
        return None
    return Countersignature(name=name, rank=Slug(rank))


def _particulars(row: _Row) -> Particulars | None:
    born = row.read("date_of_birth", _day)
    gender = row.read("gender", _gender)
    number = row.read("nhs_number", lambda text: NhsNumber(text.replace(" ", "").replace("-", "")))
    postcode = row.read("postcode", read_postcode)
    lines = tuple(filter(None, (row.text(f"address_line_{line}") for line in range(1, 6))))
    try:
        return Particulars(
            family_name=row.text("family_name"),
            given_name=row.text("given_name"),
            other_given_names=row.text("other_given_names"),
            date_of_birth=born,
            gender=gender or Gender.UNKNOWN,
            nhs_number=number,
            postcode=postcode or "",
            address_lines=lines,
        )
    except Mistaken as wrong:
        row.wrong("family_name", wrong.why, wrong.next_step)
        return None


def _gender(text: str) -> Gender:
    words = {member.value: member for member in Gender}
    if text.lower() not in words:
        raise Mistaken("not read", why="it is not one of the words listed", next_step=f"use {_listed(words)}")
    return words[text.lower()]


def _day(text: str) -> date:
    """Return a day written `1979-05-04` or `04/05/1979` (day first, as in Britain).

    Raises: Mistaken: it is neither, or no such day exists.
    """
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a civil day has no zone
        except ValueError:
            continue
    raise Mistaken("not read", why="it is not a day", next_step="write it as `1979-05-04` or `04/05/1979`, day first")


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


def _listed(words: Collection[str]) -> str:
    """Return words for a message: sorted, at most six, the rest counted."""
    ordered = sorted(words)
    shown = ", ".join(f"`{word}`" for word in ordered[:6])
    return shown + (f" and {len(ordered) - 6} more" if len(ordered) > 6 else "")
