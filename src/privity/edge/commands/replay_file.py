"""Past requests in a file, for a replay: what was asked, never about whom.

A JSON list, or JSON lines: `purpose`, `items`, and where they were recorded `facts`, `declarations`,
`countersigned_by`, `urgency` and `requester`. A row may stand for `count` requests alike, and `says` what they
are. Anything that names a person is refused, so that a replay can be handed to somebody who may not see the
requests themselves.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from privity.agreement.assessment import Asked
from privity.agreement.version import Family
from privity.agreement.vocabulary import NOT_COUNTERSIGNED
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.reference import Slug
from privity.errors import Mistaken, Unavailable
from privity.request.tracing_request import FactValue

KNOWN = frozenset(
    {"requester", "purpose", "items", "facts", "declarations", "countersigned_by", "urgency", "reference"}
    | {"count", "says"}
)
MOST_ALIKE = 1_000_000
"""How many requests one row may stand for."""


def read_requests(path: Path, family: Family) -> tuple[Asked, ...]:
    """Return the requests of a file in its order.

    Raises: Unavailable: it cannot be read. Mistaken: a row is not well formed, with its number.
    """
    text = _text_of(path)
    found: list[Asked] = []
    for number, row in enumerate(_rows(path, text), start=1):
        found += [_asked(number, row, family)] * _count(number, row)
    return tuple(found)


def read_disclosures(path: Path, family: Family) -> tuple[tuple[str, datetime, Asked], ...]:
    """Return the disclosures of a file: their references, when they were made, and what was asked and answered.

    Raises: Unavailable: it cannot be read. Mistaken: a row is not well formed, with its number.
    """
    found = []
    for number, row in enumerate(_rows(path, _text_of(path)), start=1):
        if not isinstance(row, Mapping):
            raise _refused(number, "it is no JSON object")
        asked = _asked(number, {key: value for key, value in row.items() if key not in ("at", "judged")}, family)
        judged = row.get("judged", {})
        if not isinstance(judged, Mapping) or not all(isinstance(value, bool) for value in judged.values()):
            raise _refused(number, "`judged` does not say true or false for each question")
        answered = frozenset((Slug(str(name)), value) for name, value in judged.items())
        at = _moment(number, _text(number, "at", row.get("at")))
        found.append((_text(number, "reference", row.get("reference")), at, replace(asked, judged=answered)))
    return tuple(found)


def _moment(number: int, written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise _refused(number, "`at` is no instant") from error
    if at.tzinfo is None:
        raise _refused(number, "`at` has no offset from UTC")
    return at


def _count(number: int, row: object) -> int:
    """Return how many requests a row stands for."""
    count = row.get("count", 1) if isinstance(row, Mapping) else 1
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_ALIKE:
        raise _refused(number, f"`count` is no whole number from 1 to {MOST_ALIKE}")
    return count


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(
            f"`{path}` was not read", why="it is missing or not UTF-8", next_step="name a JSON file"
        ) from error


def _rows(path: Path, text: str) -> Iterator[object]:
    """Yield the rows of a JSON list, or of JSON lines."""
    try:
        if text.lstrip().startswith("["):
            yield from json.loads(text)
        else:
            yield from (json.loads(line) for line in text.splitlines() if line.strip())
    except json.JSONDecodeError as error:
        raise Mistaken(
            f"`{path}` was not understood",
            why=f"line {error.lineno} is not JSON",
            next_step="write a JSON list, or one JSON object a line",
        ) from error


def _refused(number: int, why: str) -> Mistaken:
    return Mistaken(f"row {number} was not understood", why=why, next_step="correct the row and replay again")


def _asked(number: int, row: object, family: Family) -> Asked:
    if not isinstance(row, Mapping):
        raise _refused(number, "it is no JSON object")
    strange = sorted(set(row) - KNOWN)
    if strange:
        raise _refused(number, f"`{strange[0]}` is not a key of a request to replay")
    requester = row.get("requester", family.vocabulary.organisations[0].members[0])
    return Asked(
        requester=OrganisationId(_text(number, "requester", requester)),
        family=family.name,
        purpose=Slug(_text(number, "purpose", row.get("purpose"))),
        items=frozenset(_items(number, row.get("items"))),
        facts=frozenset(_facts(number, row.get("facts", {}))),
        declarations=frozenset(_words(number, "declarations", row.get("declarations", []))),
        judged=frozenset(),
        countersigned_by=Slug(_text(number, "countersigned_by", row.get("countersigned_by", NOT_COUNTERSIGNED))),
        urgency=_text(number, "urgency", row.get("urgency", "")),
    )


def _text(number: int, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _refused(number, f"`{key}` is missing or no text")
    return value


def _words(number: int, key: str, value: object) -> Iterator[Slug]:
    if not isinstance(value, list):
        raise _refused(number, f"`{key}` is no list")
    yield from (Slug(_text(number, key, word)) for word in value)


def _items(number: int, value: object) -> Iterator[DataItem]:
    for word in _words(number, "items", value):
        if str(word) not in tuple(DataItem):
            raise _refused(number, "`items` names something that is no data item")
        yield DataItem(word)


def _facts(number: int, value: object) -> Iterator[tuple[str, type, FactValue]]:
    if not isinstance(value, Mapping):
        raise _refused(number, "`facts` is no JSON object")
    for name, stated in value.items():
        if isinstance(stated, bool | int):
            yield str(name), stated.__class__, stated
        else:
            word = Slug(_text(number, f"facts.{name}", stated))
            yield str(name), str, word
