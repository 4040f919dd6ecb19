"""Past requests in a file, for a replay: what was asked, never about whom.

A JSON list, or JSON lines: `purpose`, `items`, and where they were recorded `facts`, `declarations`,
`countersigned_by`, `urgency` and `requester`. Anything that names a person is refused, so that a replay can
be handed to somebody who may not see the requests themselves.
"""

import json
from collections.abc import Iterator, Mapping
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
)


def read_requests(path: Path, family: Family) -> tuple[Asked, ...]:
    """Return the requests of a file in its order.

    Raises: Unavailable: it cannot be read. Mistaken: a row is not well formed, with its number.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(
            f"`{path}` was not read", why="it is missing or not UTF-8", next_step="name a JSON file"
        ) from error
    return tuple(_asked(number, row, family) for number, row in enumerate(_rows(path, text), start=1))


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
