"""Which of an organisation's requests changed since it looked, by the acts that change what it is shown."""

from django.db.models import Exists, Max, OuterRef, Q

from privity.casework.lifecycle import Status
from privity.casework.requester_desk import TOLD_TO_REQUESTER
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import History, Opening
from privity.ledger.entry_kind import EntryKind

_HELD, _REFUSED = Status.HELD.value, Status.REFUSED.value


def changed_since(
    since: int, organisation: OrganisationId, *, most: int
) -> tuple[list[tuple[CaseReference, int]], bool]:
    """Return cases with the newest entry that changed what their sender is shown, and whether more wait.

    Args: since: the last entry that was seen; -1 for all. most: how many cases to return.
    """
    own = Opening.objects.filter(organisation=organisation).values("reference")
    was_held = History.objects.filter(reference=OuterRef("reference"), number=OuterRef("number") - 1, status=_HELD)
    told = (
        Q(kind__in=[kind.value for kind in TOLD_TO_REQUESTER])
        | Q(kind=EntryKind.PURPOSE_DECIDED.value, status=_REFUSED)
        | (~Q(status=_HELD) & Exists(was_held))
    )
    # An entry that has not found its place in the ledger yet has a number below zero: it is told of at the next asking.
    rows = History.objects.filter(told, reference__in=own, entry__gt=max(since, -1))
    newest = rows.values("reference").annotate(newest=Max("entry")).order_by("newest")[: most + 1]
    found = [(CaseReference(row["reference"]), int(row["newest"])) for row in newest]
    return found[:most], len(found) > most
