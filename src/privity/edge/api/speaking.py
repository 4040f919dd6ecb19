"""What routes have in common: who speaks, about which case, what they have seen, and every refusal there can be."""

import hashlib
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from privity.casework.authorisation import NoSuchCase
from privity.casework.requester_desk import OwnCase
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference, read_case_reference
from privity.edge.api import shapes
from privity.edge.api.door import behind, now
from privity.errors import Mistaken

ERRORS: dict[int, Any] = dict.fromkeys((400, 401, 404, 409, 412, 413, 422, 503), shapes.ProblemOut)
"""Every refusal a route can give."""
PUBLIC_ERRORS: dict[int, Any] = dict.fromkeys((404, 422, 503), shapes.ProblemOut)
"""Every refusal a route can give that asks nobody who they are."""


def who(request: HttpRequest) -> Officer:
    """Return for whom a program speaks."""
    holder = getattr(request, "auth", None)
    assert isinstance(holder, Officer), "no route that asks who speaks is open to everybody"
    return holder


def reference_in(text: str) -> CaseReference:
    """Return the reference a path names.

    Raises: NoSuchCase: it is none.
    """
    try:
        return read_case_reference(text)
    except Mistaken:
        raise NoSuchCase from None


def own_case(request: HttpRequest, reference: str) -> OwnCase:
    """Return a request of the organisation that speaks.

    Raises: NoSuchCase: there is none.
    """
    return behind().requester_desk.own(reference_in(reference), by=who(request), at=now())


def tags_in(header: str) -> set[str]:
    """Return the entity tags a header names."""
    return {part.strip().removeprefix("W/").strip('"') for part in header.split(",") if part.strip()}


def tag_of(*told: Schema) -> str:
    """Return the tag of an answer: another answer has another."""
    return hashlib.sha256("\n".join(one.model_dump_json() for one in told).encode()).hexdigest()[:32]
