"""Who takes part: organisations, and the named officers in them.

Rules of the room:
- An officer is a named person; a machine never is.
- Two officers are different people only if their staff identifiers differ, whatever their accounts.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

OrganisationId = NewType("OrganisationId", str)
"""Short name of an organisation in an agreement's catalogue, e.g. `home-office`."""
StaffId = NewType("StaffId", str)
"""The identifier by which an organisation knows one member of its staff."""


class Role(StrEnum):
    """What an officer is trusted to do. Nobody holds the last word alone."""

    REQUESTING_OFFICER = "requesting-officer"
    """Asks, at the requester."""
    DISCLOSURE_OFFICER = "disclosure-officer"
    """Judges, at the custodian."""
    GUARDIAN = "guardian"
    """Caldicott guardian: the custodian's last word on disagreements and protected records."""
    DEPARTMENT = "department"
    """Oversees and brokers; sees no person and approves nothing."""
    AUDITOR = "auditor"
    """Reads ledger entries, never plaintext."""
    ADMINISTRATOR = "administrator"
    """Keeps people, certificates and calendars; reads no case."""
    GP_PRACTICE = "gp-practice"
    """Registers protections and hands out codes for its patients; sees no case and no record."""
    OVERSEAS_VISITOR_OFFICER = "overseas-visitor-officer"
    """Keeps a trust's charges to overseas visitors; states debts and settlements, and judges none of them."""
    SYSTEM = "system"
    """The gateway itself, where a rule and not a person acts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A named person acting for an organisation. The representation hides the name."""

    staff_id: StaffId
    name: str
    organisation: OrganisationId
    role: Role

    def __repr__(self) -> str:
        return f"Officer({self.role.value} of {self.organisation})"


GATEWAY = Officer(
    staff_id=StaffId("gateway"),
    name="Privity",
    organisation=OrganisationId("custodian"),
    role=Role.SYSTEM,
)
"""The actor of acts that follow from a rule alone."""
