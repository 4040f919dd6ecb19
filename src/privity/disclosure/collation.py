"""A month's collation: the debts reported to the department that collates, and the reports taken back.

Rules of the module:
- A line is made from the items the agreement permitted, and from no other: what is not permitted is not there to leave.
- A line says nothing about health. Every text of it is read once more when the line is made, and nothing leaves if a
  word is found.
- A report taken back repeats name, date of birth and the debt's references, and whether it was settled or never right.
  Why it was never right stays with the trust.
- A part says how many parts there are, and is sealed to one size. A month without lines is a part like any other, so
  that the department misses none and a silent month is told from a lost one.

Source: domain.md 4: trust to department, collated monthly, the closed list of items of the guidance of 5 April 2019.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from textwrap import wrap
from typing import Final

from privity.definitions.clause import CitedClause
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.disclosure.standalone_page import page_around
from privity.errors import Impossible
from privity.request.debt_report import DebtReport, Settlement, faulty_text
from privity.request.due import british
from privity.request.health_words import TextKind, own_word

FORMAT: Final = "privity.collation"
ROOM: Final = 132_000
"""Weighed bytes of renderings that one part holds (`weight`): less than a seal of its one size has room for."""
_LINE: Final = 100
_WITH_BASE64 = 1.37
_HEADING = 4_000
_REFERENCE = "Reference "
_ACT = (
    "Act on what is taken back first: mark it as settled or wrong wherever it was passed on, and confirm that you "
    "have this collation. The patient is given a receipt that says when you did."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollationLine:
    """One debt reported, or one report taken back. `values` are by item, in the order of the closed list.

    Raises: Impossible: a text tells of health, or is longer than a report's may be.
    """

    reference: str
    values: tuple[tuple[DataItem, tuple[str, ...]], ...]
    retracts: bool

    def __post_init__(self) -> None:
        texts = [(item.value, text, _kind(item, text), 300) for item, found in self.values for text in found]
        fault = faulty_text(iter(texts))
        if fault is not None:
            raise Impossible(
                f"the report of `{self.reference}` was not collated",
                why=f"its `{fault[0]}` is not what was taken in ({fault[1]})",
                next_step="report this: nothing has left",
            )

    def __repr__(self) -> str:
        return f"CollationLine({self.reference})"


def _kind(item: DataItem, text: str) -> TextKind:
    if item in (DataItem.NAME, DataItem.CHANGE_OF_NAME, DataItem.NATIONALITY):
        return TextKind.NAME
    if item is DataItem.LAST_KNOWN_ADDRESS:
        return TextKind.ADDRESS
    is_free = item is DataItem.DEBT and not text.startswith(_REFERENCE)
    return TextKind.FREE if is_free else TextKind.REFERENCE


def report_line(reference: str, report: DebtReport, permitted: frozenset[DataItem]) -> CollationLine:
    """Return the line of a debt: the items permitted that it fills."""
    debtor = report.debtor
    address = (*debtor.address.lines, debtor.address.postcode) if debtor.address else ()
    debt = [
        f"{_REFERENCE}{report.finance_reference}",
        f"Billed {pounds(report.billed_pence)} on {report.billed_on.isoformat()}",
        f"Paid {pounds(report.paid_pence)}, outstanding {pounds(report.owed_pence)}",
        f"Incurred on {report.incurred_on.isoformat()}",
        *([report.note] if report.note else []),
    ]
    filled: dict[DataItem, Sequence[str]] = {
        DataItem.NAME: (f"{debtor.given_name} {debtor.family_name}".strip(),),
        DataItem.CHANGE_OF_NAME: (debtor.other_names,),
        DataItem.DATE_OF_BIRTH: (debtor.date_of_birth.isoformat(),),
        DataItem.GENDER: (debtor.gender.value,),
        DataItem.NATIONALITY: (debtor.nationality,),
        DataItem.LAST_KNOWN_ADDRESS: address,
        DataItem.NATIONAL_INSURANCE_NUMBER: (debtor.national_insurance_number,),
        DataItem.HOME_OFFICE_REFERENCE: (debtor.home_office_reference,),
        DataItem.PASSPORT_REFERENCE: (debtor.passport_reference,),
        DataItem.DEBT: debt,
    }
    return CollationLine(reference=reference, values=_kept(filled, permitted), retracts=False)


def retraction_line(
    reference: str,
    report: DebtReport,
    permitted: frozenset[DataItem],
    *,
    reported_on: date,
    settled_on: date,
    how: Settlement,
    own: frozenset[str] = frozenset(),
) -> CollationLine:
    """Return the line that takes a report back.

    Taking back is never held up by a word: where one of the custodian's `own` words about health stands in the trust's
    reference, the line goes without it. It is found by the report's own reference, name and date of birth.
    """
    debtor = report.debtor
    tells_of_health = own_word(report.finance_reference, TextKind.REFERENCE, own) is not None
    told = "should not have been reported" if how.never_right else "is settled"
    filled: dict[DataItem, Sequence[str]] = {
        DataItem.NAME: (f"{debtor.given_name} {debtor.family_name}".strip(),),
        DataItem.DATE_OF_BIRTH: (debtor.date_of_birth.isoformat(),),
        DataItem.DEBT: (
            *(() if tells_of_health else (f"{_REFERENCE}{report.finance_reference}",)),
            f"Reported on {reported_on.isoformat()}",
            f"The debt {told}, as of {settled_on.isoformat()}",
        ),
    }
    return CollationLine(reference=reference, values=_kept(filled, permitted), retracts=True)


def _kept(
    filled: dict[DataItem, Sequence[str]], permitted: frozenset[DataItem]
) -> tuple[tuple[DataItem, tuple[str, ...]], ...]:
    found = ((item, tuple(text for text in filled.get(item, ()) if text)) for item in DataItem if item in permitted)
    return tuple((item, texts) for item, texts in found if texts)


def pounds(pence: int) -> str:
    """Return a sum as `£620.00`."""
    return f"\N{POUND SIGN}{pence // 100:,}.{pence % 100:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collation:
    """One part of a month's collation, with its terms. The representation hides the lines.

    `month` is `2017-03`. `clauses` are those that permit it, each once.
    Raises: Impossible: it would have to be deleted before it was made, or its part is none of its parts.
    """

    reference: CaseReference
    recipient: OrganisationId
    month: str
    part: int
    parts: int
    agreement: str
    clauses: tuple[CitedClause, ...]
    made_on: date
    delete_by: date
    lines: tuple[CollationLine, ...]

    def __post_init__(self) -> None:
        if self.delete_by <= self.made_on or not 1 <= self.part <= self.parts:
            raise Impossible(
                f"the collation of `{self.month}` was not made",
                why="its days or its parts are out of order",
                next_step="report this: nothing has left",
            )

    def __repr__(self) -> str:
        return f"Collation({self.month}, part {self.part} of {self.parts})"

    @property
    def reports(self) -> tuple[CollationLine, ...]:
        """Return the debts reported."""
        return tuple(line for line in self.lines if not line.retracts)

    @property
    def retractions(self) -> tuple[CollationLine, ...]:
        """Return the reports taken back."""
        return tuple(line for line in self.lines if line.retracts)


def in_parts(lines: Sequence[CollationLine]) -> tuple[tuple[CollationLine, ...], ...]:
    """Return the lines as parts that fit a seal each, reports taken back first; one empty part where there are none."""
    parts: list[list[CollationLine]] = [[]]
    room = ROOM - _HEADING
    for line in sorted(lines, key=lambda one: (not one.retracts, one.reference)):
        needed = weight(line)
        if needed > room and parts[-1]:
            parts.append([])
            room = ROOM - _HEADING
        parts[-1].append(line)
        room -= needed
    return tuple(tuple(part) for part in parts)


def weight(line: CollationLine) -> int:
    """Return how many bytes a line takes in all three renderings, two of which travel in base64."""
    text = sum(len(one.encode()) + 2 for one in _text_lines(line))
    page = len("".join(_page_lines(line)).encode())
    return round(text * 1.1 + (len(_canonical(_as_json(line))) + page + 8) * _WITH_BASE64)


def collation_json(collation: Collation) -> bytes:
    """Return a collation as canonical JSON."""
    whole = {
        "v": 1,
        "format": FORMAT,
        "collation": collation.reference,
        "recipient": collation.recipient,
        "month": collation.month,
        "part": collation.part,
        "parts": collation.parts,
        "agreement": collation.agreement,
        "clauses": [{"clause": str(cited.ref), "says": cited.says} for cited in collation.clauses],
        "made_on": collation.made_on.isoformat(),
        "delete_by": collation.delete_by.isoformat(),
        "reports": [_as_json(line) for line in collation.reports],
        "retractions": [_as_json(line) for line in collation.retractions],
    }
    return _canonical(whole)


def collation_text(collation: Collation) -> bytes:
    """Return a collation as plain text: the body a mail program shows."""
    lines = [_title(collation), f"Collation {collation.reference}, made on {british(collation.made_on)}", ""]
    for heading, found in _sections(collation):
        lines += [f"{heading}: {len(found)}", ""]
        for line in found:
            lines += [*_text_lines(line), ""]
    lines += _terms(collation)
    folded = (part for line in lines for part in wrap(_shown(line), _LINE, break_on_hyphens=False) or [""])
    return "".join(f"{line}\r\n" for line in folded).encode()


def collation_html(collation: Collation) -> bytes:
    """Return a collation as one accessible page that stands alone."""
    body: list[str] = []
    for heading, found in _sections(collation):
        body.append(f"<h2>{escape(heading)}: {len(found)}</h2>")
        for line in found:
            body += _page_lines(line)
    body += [f"<p>{escape(_shown(term))}</p>" for term in _terms(collation) if term]
    return page_around(body, title=_title(collation), ending="\r\n")


def _title(collation: Collation) -> str:
    return f"Unpaid charges, {collation.month}, part {collation.part} of {collation.parts}"


def _sections(collation: Collation) -> tuple[tuple[str, tuple[CollationLine, ...]], ...]:
    return ("Reports taken back", collation.retractions), ("Debts reported", collation.reports)


def _terms(collation: Collation) -> list[str]:
    return [
        _ACT,
        f"Delete this by {british(collation.delete_by)}, once it is passed on.",
        f"Under {collation.agreement}:",
        *(f"- {cited.ref}: {cited.says}" for cited in collation.clauses),
    ]


def _as_json(line: CollationLine) -> dict[str, object]:
    items = [{"item": item.value, "values": list(found)} for item, found in line.values]
    return {"reference": line.reference, "items": items}


def _text_lines(line: CollationLine) -> list[str]:
    lines = [f"Reference {line.reference}"]
    for item, found in line.values:
        told = "; ".join(found)
        lines.append(f"  {item.words.capitalize()}: {told}")
    return lines


def _page_lines(line: CollationLine) -> list[str]:
    rows = [
        f"<dt>{escape(item.words.capitalize())}</dt><dd>{escape(_shown('; '.join(found)))}</dd>"
        for item, found in line.values
    ]
    return [f"<h3>Reference {escape(line.reference)}</h3>", "<dl>", *rows, "</dl>"]


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
