"""The leaf: an entry as bytes, in exactly one spelling.

Rules of the module:
- What is empty is left out; what is there stands in canonical JSON.
- Reading is writing backwards: bytes that would not be written again as they are, are no leaf.
- The moment is cut to the hour, so that the ledger does not tell who was at work when.
"""

import json
from binascii import hexlify
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from struct import Struct

from privity.definitions.party import OrganisationId, Role
from privity.errors import Mistaken
from privity.ledger.commitment import DIGEST_LENGTH, Commitments, Fields
from privity.ledger.entry import Entry, EntryRefused, Fact
from privity.ledger.entry_kind import EntryKind
from privity.ledger.tiles import LONGEST_LEAF

FORMAT_VERSION = 1
_APART = '","'
_TO_THE_HOUR = len("2017-01-03T09")

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
    before = f'"agreement":"{entry.agreement}",' if entry.agreement else ""
    clauses = f'"clauses":["{_APART.join(entry.clauses)}"],' if entry.clauses else ""
    after = f'"eid":"{entry.eid.hex()}",'
    if entry.facts:
        told = [f'"{name}":{_spelled_fact(fact)}' for name, fact in sorted(entry.facts.items())]
        after += f'"facts":{{{",".join(told)}}},'
    if entry.case:
        after += f'"kid":"{entry.case}",'
    if entry.organisation:
        after += f'"org":"{entry.organisation}",'
    if entry.outcome:
        after += f'"outcome":"{entry.outcome}",'
    if entry.role is not None:
        after += f'"role":"{entry.role.value}",'
    leaf = b'{%b%b%b"t":"%b","v":%d}' % (
        f'{before}"at":"{entry.at.isoformat()[:_TO_THE_HOUR]}:00:00Z",{clauses}'.encode(),
        _spelled_commitments(entry.commitments) if entry.commitments else b"",
        after.encode(),
        entry.kind.value.encode(),
        FORMAT_VERSION,
    )
    if len(leaf) > LONGEST_LEAF:
        raise EntryRefused(entry.kind, f"it is longer than {LONGEST_LEAF} bytes")
    return leaf


def _spelled_fact(fact: Fact) -> str:
    if type(fact) is str:
        return f'"{fact}"'
    return str(fact).lower()  # `true` and `false`, as JSON has them; digits have no case


def _spelled_commitments(commitments: Mapping[str, str]) -> bytes:
    if isinstance(commitments, Commitments):
        around, apart = _around(commitments.fields)
        return around % apart(hexlify(commitments.digests))
    told = [f'"{name}":"{digest}"' for name, digest in sorted(commitments.items())]
    return f'"cm":{{{",".join(told)}}},'.encode()


@lru_cache(maxsize=512)
def _around(fields: Fields) -> tuple[bytes, Callable[[bytes], tuple[bytes, ...]]]:
    """Return what stands around an entry's commitments, with `%b` for each, and what takes their digits apart.

    Acts of one kind commit to the same fields, so few are asked for twice.
    """
    told = [f'"{name.replace("%", "%%")}":"%b"' for name in fields.names]
    return f'"cm":{{{",".join(told)}}},'.encode(), Struct(f"{2 * DIGEST_LENGTH}s" * len(told)).unpack


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
    except (ValueError, EntryRefused) as refusal:
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
