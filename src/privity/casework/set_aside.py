"""Setting aside what a trace found, so that the case is traced again: where a candidate has gone from the register, has
another number, or the trace was of a register that held something wrong.

Rules of the act:
- Nothing is read and nothing leaves: the case stands where it stood before its trace, its purpose approved.
- What people said about the candidates counts no more: a view is on what one trace found (`CaseFile.given`).
- What the guardian has to decide, or has decided on these candidates, only the guardian sets aside; else an officer
  could have a case judged until the guardian's word is another.
"""

from datetime import datetime

from privity.casework.case_file import CaseFile
from privity.casework.lifecycle import AFTER_TRACE, OWNERS, Owner, Status, moved
from privity.casework.ports import UnitOfWork
from privity.casework.writing import write_act
from privity.definitions.day import civil_day
from privity.definitions.party import Officer, Role
from privity.definitions.reference import CaseReference
from privity.errors import Mistaken
from privity.judgement.determination import LONGEST_REASONS, SHORTEST_REASONS
from privity.ledger.entry_kind import EntryKind


def set_aside(unit: UnitOfWork, reference: CaseReference, *, reasons: str, by: Officer, at: datetime) -> CaseFile:
    """Set aside what the newest trace found, for reasons that stand in the case's history.

    Raises: Mistaken: nothing was traced that could be, it is the guardian's to do, or the reasons do not do.
    """
    file, said = unit.case(reference), " ".join(reasons.split())
    if file.status not in AFTER_TRACE:
        raise _refused(f"the case is `{file.status.value}`", "look at the case again: it may have moved")
    if not may_set_aside(file, by):
        raise _refused("the guardian decides on these candidates, or has", "ask the guardian")
    if not SHORTEST_REASONS <= len(said) <= LONGEST_REASONS:
        raise _refused(
            f"the reasons hold {len(said)} characters, not {SHORTEST_REASONS} to {LONGEST_REASONS}",
            "say in your own words why the person must be traced again",
        )
    return write_act(
        unit,
        file,
        EntryKind.TRACE_SET_ASIDE,
        at=at,
        by=by,
        words=f"What the trace found was set aside: {said}",
        records=(moved(file.state, Status.APPROVED, on=civil_day(at)),),
    )


def may_set_aside(file: CaseFile, by: Officer) -> bool:
    """Return whether this person may set aside what was found; on what the guardian has a say only the guardian may."""
    if file.status not in AFTER_TRACE:
        return False
    guarded = any(line.role == Role.GUARDIAN.value and line.kind in _GUARDED for line in file.since_trace)
    theirs = OWNERS[file.status] is Owner.GUARDIAN or file.status is Status.UNIDENTIFIED
    return by.role is Role.GUARDIAN or not (guarded or theirs)


_GUARDED = frozenset(
    {EntryKind.IDENTITY_DETERMINED.value, EntryKind.IDENTITY_DECIDED.value, EntryKind.SAFETY_SCREENED.value}
)
"""By which the guardian decides something about the candidates of a trace."""


def _refused(why: str, next_step: str) -> Mistaken:
    return Mistaken("the trace was not set aside", why=why, next_step=next_step)
