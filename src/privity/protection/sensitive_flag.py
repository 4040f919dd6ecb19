"""The sensitive flag (S-flag): what it hides, from whom, and who must hear of it.

Rules of the module:
- Doubt hides: a flagged record loses every place before anybody compares, judges or answers.
- Nothing about the flag reaches a requester, not even that there is one.

Source: domain.md 2.2 (PDS restricted records: no restricted patient is returned where postcode or practice
is a search parameter; witness protection, adoption, trafficked children, domestic abuse), 8 case 36.
"""

from dataclasses import dataclass, replace

from privity.definitions.item import DataItem
from privity.definitions.person import Demographics, PersonId
from privity.definitions.reference import CaseReference

WHEREABOUTS = frozenset(
    {
        DataItem.LAST_KNOWN_ADDRESS,
        DataItem.PRIMARY_CARE_AREA,
        DataItem.GP_CONTACT,
        DataItem.TELEPHONE,
        DataItem.EMAIL,
        DataItem.NEXT_APPOINTMENT,
        DataItem.CLINIC_ATTENDED,
    }
)
"""The items that say, or help to find out, where somebody is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianNotice:
    """The guardian must hear that a permit reached a protected record. For the guardian's eyes only."""

    case: CaseReference
    person: PersonId

    def __repr__(self) -> str:
        return f"GuardianNotice({self.case})"


def without_whereabouts(record: Demographics) -> Demographics:
    """Return the record as anybody but the guardian may see it: a sensitive one without any place."""
    if not record.sensitive:
        return record
    return replace(record, residence=None, correspondence=None, gp_practice_code="")


def guardian_notice(case: CaseReference, record: Demographics) -> GuardianNotice | None:
    """Return what the guardian must be told when a permit reaches `record`, or None."""
    return GuardianNotice(case=case, person=record.person) if record.sensitive else None
