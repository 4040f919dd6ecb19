"""Putting a person in charge of a case."""

from datetime import datetime

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import assigned
from privity.casework.ports import UnitOfWork
from privity.casework.writing import write_act
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind


def assign(unit: UnitOfWork, reference: CaseReference, *, to: str, by: Officer, at: datetime) -> CaseFile:
    """Put somebody in charge of an open case.

    Raises: Mistaken: the case is closed.
    """
    file = unit.case(reference)
    if file.status.is_closed:
        raise Mistaken(
            "the case was not assigned",
            why=f"it is `{file.status.value}`: nothing is left to do",
            next_step="take another case from the queue",
        )
    return write_act(
        unit,
        file,
        EntryKind.ASSIGNMENT_CHANGED,
        at=at,
        by=by,
        words="The case was assigned.",
        records=(assigned(file.state, to),),
    )
