"""One row of a file, field by field: a request, or what is wrong with it.

Rules of the module:
- Every error says row, column, what and what next, and never repeats what the field held.
- Every wrong field of a row is told at once, not one a try.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.person import Gender, NhsNumber, Particulars, read_postcode
from privity.definitions.reference import Slug
from privity.errors import Mistaken
from privity.request.form import FieldKind, RequestField, RequestForm
from privity.request.tracing_request import Countersignature, FactValue, TracingRequest

LONGEST_FIELD = 4_000
"""Characters. Nothing a requester writes about one person needs more."""
LONGEST_REFERENCE = 100
"""Characters of the requester's own reference: every answer carries it, and an answer has one size."""
FORMULA_STARTS = ("=", "+", "@", "-")
"""What makes a spreadsheet compute. Blanks before it do not save the reader: they are cut off on the way."""
NEVER_FIRST = ("\t", "\r")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the text after them round: with one in a name, the rank behind it reads as something else."""
_YES = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


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


class RowReader:
    """The fields of one row being read, collecting what is wrong with them."""

    def __init__(self, number: int, fields: Mapping[str, str]) -> None:
        self.number = number
        self.fields = fields
        self.errors: list[RowError] = []

    def look_at_cells(self) -> None:
        """Collect what no field of any file may be: far too long, a formula, or no text."""
        for column, cell in self.fields.items():
            if len(cell) > LONGEST_FIELD:
                self.wrong(column, f"the field is longer than {LONGEST_FIELD} characters", "shorten it")
            elif cell.startswith(NEVER_FIRST) or cell.strip().startswith(FORMULA_STARTS):
                self.wrong(column, "the field starts like a spreadsheet formula", "write the plain value")
            elif any(is_control(letter) for letter in cell):
                self.wrong(column, "the field holds control characters", "remove them")

    def text(self, column: str) -> str:
        """Return a field without the blanks around it; a column that is not there is empty."""
        return self.fields.get(column, "").strip()

    def wrong(self, column: str, what: str, next_step: str) -> None:
        """Collect one thing that is wrong."""
        self.errors.append(RowError(row=self.number, column=column, what=what, next_step=next_step))

    def needed(self, column: str) -> str:
        """Return a field that may not be empty."""
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


def read_row(
    number: int, columns: list[str], cells: list[str], form: RequestForm, requester: OrganisationId
) -> IntakeRow | list[RowError]:
    """Return the request of one row, or everything that is wrong with it."""
    if len(cells) != len(columns):
        what = f"it has {len(cells)} fields and the header {len(columns)}"
        return [RowError(row=number, column="", what=what, next_step="look for a missing or extra comma")]
    row = RowReader(number, dict(zip(columns, cells, strict=True)))
    row.look_at_cells()
    if row.errors:
        return row.errors
    request = _request(row, form, requester)
    return row.errors or [] if request is None or row.errors else IntakeRow(row=number, request=request)


def is_control(letter: str) -> bool:
    """Return whether a character is no text: a control, half of a pair that no encoding writes, or a turning mark."""
    unwritten = ord(letter) < 32 and letter not in "\n\r\t"
    return unwritten or 127 <= ord(letter) < 160 or "\ud800" <= letter <= "\udfff" or letter in _TURNING


def _request(row: RowReader, form: RequestForm, requester: OrganisationId) -> TracingRequest | None:
    purposes = {slug for slug, _ in form.purposes}
    purpose = row.needed("purpose")
    if purpose and purpose not in purposes:
        row.wrong("purpose", "it is not a purpose of this agreement", f"use one of {listed(purposes)}")
    items = _items(row)
    reference, officer = row.needed("your_reference"), row.needed("officer")
    if len(reference) > LONGEST_REFERENCE:
        row.wrong("your_reference", f"it is longer than {LONGEST_REFERENCE} characters", "use a shorter one")
    facts, declared = read_facts(row, form.fields)
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


def _items(row: RowReader) -> frozenset[DataItem]:
    known = {item.value: item for item in DataItem}
    asked = [word.strip() for word in row.needed("items").split(";") if word.strip()]
    if any(word not in known for word in asked):
        row.wrong("items", "it names something that is not a data item", f"use {listed(known)}, split by `;`")
    elif not asked and row.text("items"):
        row.wrong("items", "it names no data item", f"use {listed(known)}, split by `;`")
    return frozenset(known[word] for word in asked if word in known)


def read_facts(row: RowReader, fields: Iterable[RequestField]) -> tuple[dict[str, FactValue], frozenset[Slug]]:
    """Return the facts that the fields of an agreement's form state, and the declarations that were made."""
    facts: dict[str, FactValue] = {}
    declared: set[Slug] = set()
    for field in fields:
        value = row.read(field.name, lambda text, field=field: read_fact(text, field))  # type: ignore[misc]  # default binds the loop's field
        if value is None:
            continue
        if not field.is_declaration:
            facts[field.name] = value
        elif value is True:
            declared.add(Slug(field.name))
    return facts, frozenset(declared)


def read_fact(text: str, field: RequestField) -> FactValue:
    """Return what a field of an agreement's form was filled in with.

    Raises: Mistaken: it is not of the field's kind.
    """
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
            raise Mistaken("not read", why="it is not one of the words listed", next_step=f"use {listed(words)}")


def _countersignature(row: RowReader, form: RequestForm) -> Countersignature | None:
    name, rank = row.text("countersigned_by"), row.text("countersigned_rank")
    if not name and not rank:
        return None
    if not name or not rank:
        row.wrong("countersigned_by", "name and rank go together", "give both, or neither")
        return None
    ranks = {slug for slug, _ in form.ranks}
    if rank not in ranks:
        row.wrong("countersigned_rank", "the rank is not listed", f"use {listed(ranks) or 'none'}")
        return None
    return Countersignature(name=name, rank=Slug(rank))


def _particulars(row: RowReader) -> Particulars | None:
    born = row.read("date_of_birth", read_written_day)
    gender = row.read("gender", lambda text: read_word(text, Gender))
    number = row.read("nhs_number", lambda text: NhsNumber(text.replace(" ", "").replace("-", "")))
    postcode = row.read("postcode", read_postcode)
    for column in ("family_name", "given_name", "other_given_names"):
        name = row.text(column)
        if name and not any(letter.isalpha() for letter in name):
            row.wrong(column, "the name holds no letter", "write it in letters, or leave it empty")
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


def read_word(text: str, words: type[Word]) -> Word:
    """Return the member of a closed list whose word was written, in whatever case.

    Raises: Mistaken: it is none of the words.
    """
    known = {member.value: member for member in words}
    if text.lower() not in known:
        raise Mistaken("not read", why="it is not one of the words listed", next_step=f"use {listed(known)}")
    return known[text.lower()]


def read_written_day(text: str) -> date:
    """Return a day written `1979-05-04` or `04/05/1979` (day first, as in Britain).

    Raises: Mistaken: it is neither, or no such day exists.
    """
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a civil day has no zone
        except ValueError:
            continue
    raise Mistaken("not read", why="it is not a day", next_step="write it as `1979-05-04` or `04/05/1979`, day first")


def listed(words: Collection[str]) -> str:
    """Return words for a message: sorted, at most six, the rest counted."""
    ordered = sorted(words)
    shown = ", ".join(f"`{word}`" for word in ordered[:6])
    return shown + (f" and {len(ordered) - 6} more" if len(ordered) > 6 else "")
