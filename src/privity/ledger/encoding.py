"""The leaf: an entry as bytes, in exactly one spelling.

Rules of the module:
- What is empty is left out; what is there stands in canonical JSON.
- Reading is writing backwards: bytes that would not be written again as they are, are no leaf.
- The moment is cut to the hour, so that the ledger does not tell who was at work when.
"""

import json
from datetime import datetime

from privity.definitions.party import OrganisationId, Role
from privity.errors import Mistaken
from privity.ledger.canonical import NotCanonical, canonical_object
from privity.ledger.entry import Entry, EntryRefused, Fact
from privity.ledger.entry_kind import EntryKind
from privity.ledger.tiles import LONGEST_LEAF

FORMAT_VERSION = 1
_APART = '","'

Members = dict[str, object]


class LeafRefused(Mistaken):
    """Bytes that are no entry of ours. The message never repeats them."""

    exit_code = 1

    def __init__(self, why: str) -> None:
        super().__init__("the entry was not read", why=why, next_step="compare it with another copy of the ledger")


def encode(entry: Entry) -> bytes:
    """Return the leaf for an entry: its members in canonical JSON, in the order of their names.

    Spelled out, as every act writes one. An entry is proof that none of its texts holds anything JSON would escape.
    Raises: EntryRefused: it would be longer than 65,535 bytes.
    """
    at, parts = entry.at, []
    if entry.agreement:
        parts.append(f'"agreement":"{entry.agreement}"')
    parts.append(f'"at":"{at.year:04}-{at.month:02}-{at.day:02}T{at.hour:02}:00:00Z"')
    if entry.clauses:
        parts.append(f'"clauses":["{_APART.join(entry.clauses)}"]')
    if entry.commitments:
        told = [f'"{name}":"{digest}"' for name, digest in sorted(entry.commitments.items())]
        parts.append(f'"cm":{{{",".join(told)}}}')
    parts.append(f'"eid":"{entry.eid.hex()}"')
    if entry.facts:
        parts.append(f'"facts":{canonical_object(entry.facts).decode()}')
    if entry.case:
        parts.append(f'"kid":"{entry.case}"')
    if entry.organisation:
        parts.append(f'"org":"{entry.organisation}"')
    if entry.outcome:
        parts.append(f'"outcome":"{entry.outcome}"')
    if entry.role is not None:
        parts.append(f'"role":"{entry.role.value}"')
    leaf = f'{{{",".join(parts)},"t":"{entry.kind.value}","v":{FORMAT_VERSION}}}'.encode()
    if len(leaf) > LONGEST_LEAF:
        raise EntryRefused(entry.kind, f"it is longer than {LONGEST_LEAF} bytes")
    return leaf


def decode(leaf: bytes) -> Entry:
    """Return the entry a leaf stands for; its moment is the beginning of the hour.

    Raises: LeafRefused: unknown or missing keys, wrong types, another spelling than the one.
    """
    members = _members(leaf)
    if members.pop("v", None) != FORMAT_VERSION:
        raise LeafRefused(f"it is not written in version {FORMAT_VERSION} of the format")
    try:
        entry = Entry(
            kind=EntryKind(_text(members, "t")),
            at=datetime.fromisoformat(_text(members, "at")),
            eid=bytes.fromhex(_text(members, "eid")),
            case=_text(members, "kid", default=""),
            organisation=OrganisationId(_text(members, "org", default="")),
            role=Role(_text(members, "role")) if "role" in members else None,
            agreement=_text(members, "agreement", default=""),
            clauses=_clauses(members.pop("clauses", [])),
            outcome=_text(members, "outcome", default=""),
            facts=_facts(members.pop("facts", {})),
            commitments=_commitments(members.pop("cm", {})),
        )
        again = encode(entry)
    except (ValueError, EntryRefused, NotCanonical) as refusal:
        raise LeafRefused("one of its members is not what it must be") from refusal
    if members or again != leaf:
        raise LeafRefused("it holds unknown members, or is not in the one spelling of an entry")
    return entry


def _members(leaf: bytes) -> Members:
    try:
        found: object = json.loads(leaf)
    except (ValueError, RecursionError):
        raise LeafRefused("it is not JSON in UTF-8") from None
    if not isinstance(found, dict):
        raise LeafRefused("it is not an object")
    return found


def _text(members: Members, name: str, *, default: str | None = None) -> str:
    found = members.pop(name, default)
    if not isinstance(found, str):
        raise LeafRefused(f"its member `{name}` is missing or not text")
    return found


def _clauses(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(clause, str) for clause in found):
        raise LeafRefused("its clauses are not a list of texts")
    return tuple(found)


def _facts(found: object) -> dict[str, Fact]:
    if not isinstance(found, dict) or not all(isinstance(fact, int | str) for fact in found.values()):
        raise LeafRefused("its facts are not whole numbers, flags and words")
    return found


def _commitments(found: object) -> dict[str, str]:
    if not isinstance(found, dict) or not all(isinstance(digest, str) for digest in found.values()):
        raise LeafRefused("its commitments are not texts")
    return found
