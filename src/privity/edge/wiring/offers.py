"""Who can be offered the second view, and how many offers each has open."""

from collections import Counter

from privity.casework.lifecycle import IDENTITY_STATUSES, PURPOSE_STATUSES
from privity.definitions.party import GATEWAY, Role, StaffId
from privity.edge.store.account import Account
from privity.edge.store.case_rows import Determination, State
from privity.edge.store.custody_rows import Offer

WAITING = tuple(status.value for status in (*PURPOSE_STATUSES, *IDENTITY_STATUSES))


def open_offers() -> dict[StaffId, int]:
    """Return every disclosure officer of the custodian whose account is open, with how many offers wait for them."""
    judges = Account.objects.filter(
        role=Role.DISCLOSURE_OFFICER.value, organisation=GATEWAY.organisation, is_active=True
    ).values_list("staff_id", flat=True)
    waiting = State.objects.filter(status__in=WAITING).values("reference")
    offers = Offer.objects.filter(reference__in=waiting)
    given = set(
        Determination.objects.filter(reference__in=waiting).values_list("reference", "stage", "version", "staff_id")
    )
    load = Counter(
        offer.offered_to
        for offer in offers
        if (offer.reference, offer.stage, offer.version, offer.offered_to) not in given
    )
    return {StaffId(person): load[person] for person in judges}
