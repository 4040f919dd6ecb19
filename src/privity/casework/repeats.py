"""Telling that a request was sent before: the same organisation, person, purpose and items, within the watched window.

A repeat is told, to its sender and to whoever judges it, and goes on like any other: it may have been sent twice by
mistake, and it may be meant. What decides whom a repeat is about are the requester's own words.
"""

from collections.abc import Set as AbstractSet
from datetime import datetime

from privity.casework.case_file import CaseFile
from privity.casework.fishing import mark_of
from privity.casework.lifecycle import Status, touched
from privity.casework.ports import UnitOfWork
from privity.casework.records import RepeatRecord, RequestRecord
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import GATEWAY
from privity.definitions.reference import CaseReference
from privity.ledger.entry_kind import EntryKind
from privity.request.fishing import WINDOW

SENT_BACK = frozenset({Status.UNREADABLE, Status.RETURNED, Status.REFUSED, Status.WITHDRAWN})
"""Whoever sends such a request again does what they were told to do: that is no repeat."""


def note_repeat(
    unit: UnitOfWork, reference: CaseReference, marks: AbstractSet[str], *, at: datetime
) -> CaseReference | None:
    """Put on record which earlier case asked the same, and return it; None where there is none.

    Args: marks: of the earlier cases about the same person (`fishing.watch_request`).
    """
    file = unit.case(reference)
    earlier = _earlier(unit, file, marks, at) if marks else None
    if earlier is None:
        return None
    first = CaseReference(earlier.repeat.earlier) if earlier.repeat else earlier.reference
    write_act(
        unit,
        file,
        EntryKind.CASE_REPEATS,
        at=at,
        by=GATEWAY,
        words=f"The same was asked before, as {first}.",
        records=(RepeatRecord(reference=reference, earlier=first), touched(file.state)),
    )
    return first


def _earlier(unit: UnitOfWork, file: CaseFile, marks: AbstractSet[str], at: datetime) -> CaseFile | None:
    since = civil_day(at) - WINDOW
    for reference in unit.opened_since(file.organisation, since):
        if reference != file.reference and mark_of(unit, reference) in marks:
            other = unit.case(reference)
            if other.asked and other.status not in SENT_BACK and _asks(other.asked) == _asks(file.request):
                return other
    return None


def _asks(asked: RequestRecord) -> tuple[str, ...]:
    """Return what makes two requests the same: whom, what for, which items. Who signed and why is not compared."""
    return (
        asked.purpose,
        asked.items,
        asked.family_name,
        asked.given_name,
        asked.other_given_names,
        asked.date_of_birth,
        asked.gender,
        asked.nhs_number,
        asked.postcode,
        asked.address_lines,
    )
