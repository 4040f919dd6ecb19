"""An entry: one act, told so that nobody is named. What may stand in it is a closed list, kind by kind.

Rules of the module:
- Every kind of entry is listed (entry_kind.py), with the public facts it may carry (entry_facts.py). Anything else
  is refused.
- A fact is a count, a yes or no, a SHA-256, a day, the name of a ledger, or a word of at most 40 letters: never free
  text.
- Everything that could point at a person stands only as a commitment under the case's key (commitment.py).
- The moment of the act is exact in the value and cut to the hour in the leaf; commit to the exact one.
- A commitment's field is `table/key.column`. The key is a row number, a digest or a random reference; only
  organisations and agreements, which are public, are keyed by their names.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from privity.definitions.party import OrganisationId, Role
from privity.errors import Mistaken
from privity.ledger.canonical import LARGEST_WHOLE_NUMBER
from privity.ledger.commitment import ENTRY_ID_LENGTH, Commitments, Fields
from privity.ledger.entry_facts import ALLOWED, ALWAYS_ALLOWED, FactKind
from privity.ledger.entry_kind import EntryKind

LONGEST_WORD = 40
LONGEST_LOG_NAME = 120
HEX_DIGITS = 64
MOST_CLAUSES = 64
MOST_COMMITMENTS = 256
"""Keeps every leaf below the 65,535 bytes of a bundle's length prefix."""

Fact = int | bool | str
NO_ORGANISATION = OrganisationId("")

_WORD_FORM = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LOG_FORM = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[a-z0-9]+(?:[.-][a-z0-9]+)*)+")
_HEX = re.compile(r"[0-9a-f]*")
_HEX_64 = re.compile(r"[0-9a-f]{64}")
_CLAUSE_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_AGREEMENT_FORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*")
_ROW_KEY = r"[a-z][a-z_]{0,39}/(?:[0-9]{1,19}|[0-9a-f]{32,64}|PRV-[0-9A-HJKMNP-TV-Z]{26})"
_NAME_KEY = r"(?:organisation|agreement)/[a-z0-9]+(?:[-@.][a-z0-9]+){0,12}"
_FIELD_FORM = re.compile(rf"(?:{_ROW_KEY}|{_NAME_KEY})\.[a-z][a-z0-9_]{{0,39}}")


class EntryRefused(Mistaken):
    """Something was put into an entry that has no place in it. The message never repeats it."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(
            f"the entry `{kind}` was not made", why=why, next_step="commit to the value instead of writing it"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act, as it stands in the ledger.

    Args:   at: when, in UTC; exact here, cut to the hour in the leaf.
            eid: 16 random bytes, so that no leaf can be guessed from what it says.
            case: the key identifier of the case (64 hexadecimal digits), or empty.
            organisation: whose act it was, or empty.
            agreement: `family@version`, or empty.
            outcome: a word of the vocabulary, or empty.
            facts: what else is public; see ALLOWED.
            commitments: from `table/key.column` to 64 hexadecimal digits.
    Raises: EntryRefused: anything that could hold free text, or is not on the list.
    """

    kind: EntryKind
    at: datetime
    eid: bytes
    case: str = ""
    organisation: OrganisationId = NO_ORGANISATION
    role: Role | None = None
    agreement: str = ""
    clauses: tuple[str, ...] = ()
    outcome: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    commitments: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.at.utcoffset() != timedelta(0):
            raise EntryRefused(self.kind, "its moment is not given in UTC")
        if len(self.eid) != ENTRY_ID_LENGTH:
            raise EntryRefused(self.kind, "its identifier is not 16 random bytes")
        if self.case and not _HEX_64.fullmatch(self.case):
            raise EntryRefused(self.kind, "its case is not a key identifier of 64 hexadecimal digits")
        if not _is_word_or_empty(self.organisation) or not _is_word_or_empty(self.outcome):
            raise EntryRefused(self.kind, "its organisation or outcome is not a word of a vocabulary")
        if self.agreement and not _is_agreement(self.agreement):
            raise EntryRefused(self.kind, "its agreement does not have the form `family@version`")
        _check_clauses(self.kind, self.clauses)
        _check_facts(self.kind, self.facts)
        _check_commitments(self.kind, self.commitments)


def _check_clauses(kind: EntryKind, clauses: tuple[str, ...]) -> None:
    if len(clauses) > MOST_CLAUSES or any(not _CLAUSE_FORM.fullmatch(clause) for clause in clauses):
        raise EntryRefused(kind, f"a clause is no clause number, or there are more than {MOST_CLAUSES}")
    if clauses != tuple(sorted(set(clauses))):
        raise EntryRefused(kind, "its clauses are not in order, each once")


def _check_facts(kind: EntryKind, facts: Mapping[str, Fact]) -> None:
    allowed = ALLOWED[kind]
    for name, value in facts.items():
        fact_kind = allowed.get(name) or ALWAYS_ALLOWED.get(name)
        if fact_kind is None:
            raise EntryRefused(kind, "it carries a fact that is not on its list")
        if not _is_fact(fact_kind, value):
            raise EntryRefused(kind, f"its fact `{name}` is not {fact_kind.value}")


def _check_commitments(kind: EntryKind, commitments: Mapping[str, str]) -> None:
    if len(commitments) > MOST_COMMITMENTS:
        raise EntryRefused(kind, f"it has more than {MOST_COMMITMENTS} commitments")
    if isinstance(commitments, Commitments):  # holding one is proof that its digests are digests
        formed, digits = _are_fields(commitments.fields), True
    else:
        formed, digits = all(map(_is_field, commitments)), _are_digits(commitments.values())
    if not formed:
        raise EntryRefused(kind, "a commitment's field does not have the form `table/key.column`")
    if not digits:
        raise EntryRefused(kind, "a commitment is not 64 hexadecimal digits")


def _are_digits(commitments: Collection[str]) -> bool:
    """Return whether each is 64 digits: asked all at once, each so long and all together nothing but digits."""
    return set(map(len, commitments)) <= {HEX_DIGITS} and _HEX.fullmatch("".join(commitments)) is not None


@lru_cache(maxsize=512)
def _are_fields(fields: Fields) -> bool:
    """Return whether each of these has the form of a commitment's field. Acts of one kind hand over the same ones."""
    return all(map(_is_field, fields.names))


@lru_cache(maxsize=4_096)
def _is_field(name: str) -> bool:
    """Return whether a commitment's field has its form. Cases' rows are called alike, so few are asked about twice."""
    return _FIELD_FORM.fullmatch(name) is not None


def _is_fact(kind: FactKind, value: Fact) -> bool:
    """Return whether `value` is of the kind: by exact type, since `True` is an `int` and an enum a `str`."""
    if kind is FactKind.COUNT:
        return type(value) is int and 0 <= value <= LARGEST_WHOLE_NUMBER
    if kind is FactKind.FLAG:
        return type(value) is bool
    if type(value) is not str:
        return False
    if kind is FactKind.DIGEST:
        return _HEX_64.fullmatch(value) is not None
    if kind is FactKind.DAY:
        return _is_day(value)
    if kind is FactKind.LOG:
        return len(value) <= LONGEST_LOG_NAME and _LOG_FORM.fullmatch(value) is not None
    return value != "" and _is_word_or_empty(value)


@lru_cache(maxsize=256)
def _is_agreement(text: str) -> bool:
    return _AGREEMENT_FORM.fullmatch(text) is not None


@lru_cache(maxsize=1_024)
def _is_word_or_empty(text: str) -> bool:
    return not text or (len(text) <= LONGEST_WORD and _WORD_FORM.fullmatch(text) is not None)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
