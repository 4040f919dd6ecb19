"""The list of a requester's own requests: what fits, page by page, and what of it waits for the requester.

What waits is read from where the sealed answer is, never from what was found: found, not found and protected are
counted alike (`casework.progress`).
"""

from datetime import date
from math import ceil

from django.db.models import Q, QuerySet

from privity.casework.case_file import CaseFile
from privity.casework.dispatch import SENT
from privity.casework.lifecycle import Status
from privity.casework.own_filter import OwnFilter, OwnView
from privity.casework.progress import progress_of
from privity.casework.requester_desk import OwnLine, OwnPage
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.edge.store.case_rows import Destruction, Opening, Outbox, State
from privity.edge.store.unit_of_work import read_cases

PAGE = 50


def own_page(asked: OwnFilter, page: int, organisation: OrganisationId, alias: str) -> OwnPage:
    """Return a page of an organisation's requests, newest first, with what waits for it above."""
    every = Opening.objects.filter(organisation=organisation)
    fitting = _fitting(_in(asked.view, every), asked.sought)
    total, page = fitting.count(), max(page, 1)
    names = fitting.order_by("-received_at", "reference").values_list("reference", flat=True)
    shown = [CaseReference(name) for name in names[(page - 1) * PAGE : page * PAGE]]
    files = read_cases(shown, alias)
    counts = {view: _in(view, every).count() for view in OwnView}
    return OwnPage(
        lines=tuple(own_line(files[name]) for name in shown),
        total=total,
        page=page,
        pages=max(ceil(total / PAGE), 1),
        waiting=counts[OwnView.QUESTION],
        ready=counts[OwnView.READY],
        to_destroy=counts[OwnView.TO_DESTROY],
        considered=counts[OwnView.CONSIDERED],
        all=counts[OwnView.ALL],
    )


def own_line(file: CaseFile) -> OwnLine:
    """Return one request as the requester's list shows it."""
    return OwnLine(
        reference=file.reference,
        requester_reference=file.opening.requester_reference,
        officer_name=file.officer_name,
        progress=progress_of(file),
        received_on=file.received_on,
        due=date.fromisoformat(file.state.due) if file.state.due and not file.status.is_closed else None,
    )


def _in(view: OwnView, every: QuerySet[Opening]) -> QuerySet[Opening]:
    """Return the requests of one view."""
    asked = State.objects.filter(status=Status.WITH_REQUESTER.value)
    match view:
        case OwnView.ALL:
            return every
        case OwnView.QUESTION:
            return every.filter(reference__in=asked.values("reference"))
        case OwnView.READY:
            return every.filter(reference__in=Outbox.objects.filter(state=SENT).values("reference"))
        case OwnView.TO_DESTROY:
            # An answer without details is nobody's to destroy: who has opened it knows, and who has not is not told.
            held = State.objects.filter(status=Status.COLLECTED.value).values("reference")
            gone = Destruction.objects.exclude(confirmed_on="").values("reference")
            return every.filter(reference__in=held).exclude(reference__in=gone)
        case OwnView.CONSIDERED:
            ours = State.objects.filter(closed_on="").exclude(status=Status.WITH_REQUESTER.value)
            return every.filter(reference__in=ours.values("reference"))


def _fitting(among: QuerySet[Opening], sought: str) -> QuerySet[Opening]:
    """Return those whose reference of either kind fits; all where nothing is sought."""
    if not sought:
        return among
    return among.filter(Q(requester_reference__icontains=sought) | Q(reference=sought.upper()))
