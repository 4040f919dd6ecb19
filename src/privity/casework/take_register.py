"""Taking a register into an instance, or putting people into it: by a named person, on record before it is in place.

Rules of the room:
- The entry is written once everything has been checked and staged, and before the new register can be read.
- What moves further than the limits is confirmed by two different people, each proved; both stand on record.
- The ledger says how many rows, and the digests of file and register; it names nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.instance_records import RegisterTakenRecord
from privity.casework.ports import Act, UnitOfWork
from privity.casework.record import canonical, moment
from privity.definitions.party import Officer
from privity.errors import Mistaken
from privity.ledger.entry_kind import EntryKind

PEOPLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What is about to be in place. `register_sha256` is empty where people are put into the one that is there."""

    file_sha256: str
    register_sha256: str
    rows: int
    protected_rows: int


def may_take(by: Officer, confirmed_by: Sequence[Officer]) -> None:
    """Raise unless these people may take a register in.

    Raises: Mistaken: not for this person; or not two different people confirm it, where any do.
    """
    must_be_allowed(Operation.TAKE_REGISTER, by)
    for officer in confirmed_by:
        must_be_allowed(Operation.CONFIRM_REGISTER, officer)
    if confirmed_by and len({officer.staff_id for officer in confirmed_by}) < PEOPLE:
        raise Mistaken(
            "the register was not accepted",
            why="it takes two different people to confirm it",
            next_step="give `--confirmed-by` twice, once for each; nothing was taken",
        )


def take_register(
    unit: UnitOfWork, taking: Taking, token: str, *, confirmed_by: Sequence[Officer], by: Officer, at: datetime
) -> None:
    """Put on record that a register is taken in, or that people are put into it.

    Args:   token: 32 random hexadecimal digits.
    Raises: Mistaken: see `may_take`.
    """
    may_take(by, confirmed_by)
    record = RegisterTakenRecord(
        reference=token,
        at=moment(at),
        staff_id=by.staff_id,
        confirmed_by=canonical(sorted({officer.staff_id for officer in confirmed_by})) if confirmed_by else "",
        file_sha256=taking.file_sha256,
        rows=taking.rows,
    )
    facts: dict[str, str | int | bool] = {
        "file_digest": taking.file_sha256,
        "rows": taking.rows,
        "protected_rows": taking.protected_rows,
    }
    if taking.register_sha256:
        facts |= {"register_digest": taking.register_sha256, "synthetic": False}
    unit.write(
        Act(
            kind=EntryKind.REGISTER_IMPORTED if taking.register_sha256 else EntryKind.REGISTER_UPDATED,
            at=at,
            by=by,
            key=f"{RegisterTakenRecord.table}:{token}",
            records=(record,),
            facts=facts,
        )
    )
