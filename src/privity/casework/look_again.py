"""Looking once more at a record whose details are sealed, the moment before they leave.

An answer can wait: an hour for a peer, weeks for somebody who fetches it. In between the person can have been hidden,
or somebody who is hidden can have moved in with them; then the screen that let the answer go speaks of another day.

Rules of the module:
- Only what is graver than the screen knew counts: something for which nobody, or only the guardian, lets a release go
  on. That somebody moved, or that the requester has a further certificate, is no reason.
- The look is a reading of the register, and on record like every other.
- A record that is not there any more is not looked at, and its details do not leave.
- Whoever has an answer is told nothing new by the same bytes: nobody looks once they say so, nor within a day of its
  leaving, in which it is fetched with its proof and perhaps once more.
"""

import json
from datetime import datetime

from privity.casework.case_file import CaseFile
from privity.casework.dispatch import SENT
from privity.casework.lifecycle import Status
from privity.casework.ports import Gateway, UnitOfWork
from privity.casework.record import read_moment
from privity.casework.screen import look
from privity.casework.writing import write_act
from privity.definitions.party import GATEWAY
from privity.disclosure.pack import Outcome
from privity.disclosure.safety import FRESH_FOR, Course, Demand, concerns
from privity.errors import Impossible, Mistaken
from privity.ledger.entry_kind import EntryKind

GRAVE = (Demand.GUARDIAN, Demand.NEVER)


def may_still_leave(unit: UnitOfWork, gateway: Gateway, file: CaseFile, *, at: datetime) -> bool:
    """Return whether nothing grave has come up about a sealed record since its screen, and put the look on record.

    Raises: Unavailable: the register cannot be read now.
    """
    if file.pack is None or file.pack.answer != Outcome.DISCLOSED.value or _has_it(file, at):
        return True
    try:
        sight = look(unit, gateway, file, at=at).sight
    except (Impossible, Mistaken):
        return False
    write_act(
        unit,
        file,
        EntryKind.REGISTER_READ,
        at=at,
        by=GATEWAY,
        words="The record and its household were looked at once more before the answer left.",
        facts={"reads": 1},
    )
    passed = [one for one in file.screens if one.course == Course.GO_ON.value]
    known = json.loads(passed[-1].concerns) if passed else []
    return all(one.value in known for one in concerns(sight) if one.demand in GRAVE)


def _has_it(file: CaseFile, at: datetime) -> bool:
    """Return whether the requester has an answer, as they say or as far as a day tells."""
    left = read_moment(file.outbox.sent_at) if file.outbox and file.outbox.state == SENT else None
    return file.status is Status.COLLECTED or (left is not None and at - left < FRESH_FOR)
