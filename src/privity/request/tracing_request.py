"""One request about one person.

Facts and declarations carry the names that the agreement's vocabulary publishes; this room does not know
which names there are. An unsigned declaration is false, never unknown; a fact that was not given is missing,
and a missing fact is never taken for a favourable one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.person import Particulars
from privity.definitions.reference import AgreementFamily, Slug

FactValue = bool | int | Slug
"""A fact is yes or no, a whole number, or one word of a published list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersignature:
    """A second signature inside the requester's own organisation, and the rank it was given in."""

    name: str
    rank: Slug

    def __repr__(self) -> str:
        return f"Countersignature({self.rank})"


@dataclass(frozen=True, slots=True, kw_only=True)
class TracingRequest:
    """What one requester asks about one person, and what it affirms.

    `facts` and `declarations` use the vocabulary of `family`. `urgency` is the exceptional circumstance
    given for a shorter clock, or empty. `statement` is the requester's own words on why.
    """

    requester: OrganisationId
    family: AgreementFamily
    requester_reference: str
    officer_name: str
    purpose: Slug
    items: frozenset[DataItem]
    particulars: Particulars
    facts: Mapping[str, FactValue] = field(default_factory=lambda: MappingProxyType({}))
    declarations: frozenset[Slug] = frozenset()
    countersignature: Countersignature | None = None
    urgency: str = ""
    statement: str = ""

    def __repr__(self) -> str:
        return f"TracingRequest(by {self.requester} for {self.purpose})"
