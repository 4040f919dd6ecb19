"""The form of a request: which facts and declarations an agreement asks for.

The agreement's vocabulary makes the form; intake reads a file against it. This room knows the shape only.
"""

from dataclasses import dataclass
from enum import StrEnum

from privity.definitions.reference import AgreementFamily, Slug


class FieldKind(StrEnum):
    """How a fact or declaration is written down."""

    YES_NO = "yes-no"
    """`yes` or `no`; empty means not stated."""
    WHOLE_NUMBER = "whole-number"
    """A whole number, zero or more."""
    ONE_OF = "one-of"
    """One word of a published list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestField:
    """One fact or declaration: its column name, the question put to the requester, and its choices.

    `required_for` names the purposes for which the field may not be empty. `choices` is empty unless the
    kind is one-of; each choice is a word and its plain meaning.
    """

    name: str
    kind: FieldKind
    words: str
    help: str = ""
    choices: tuple[tuple[Slug, str], ...] = ()
    required_for: frozenset[Slug] = frozenset()
    is_declaration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForm:
    """All an intake needs to read a request under one agreement family.

    `ranks` are the words a countersignature's rank may take, lowest first; empty where none is asked for.
    `exceptional` are the grounds for a shorter clock that the agreement knows.
    """

    family: AgreementFamily
    purposes: tuple[tuple[Slug, str], ...]
    fields: tuple[RequestField, ...]
    ranks: tuple[tuple[Slug, str], ...] = ()
    exceptional: tuple[tuple[Slug, str], ...] = ()
