"""Offering the second view to somebody the first did not choose, and keeping it for them while the offer stands."""

from collections.abc import Mapping
from datetime import datetime

from privity.casework.case_file import CaseFile
from privity.casework.ports import UnitOfWork
from privity.casework.record import moment, read_moment
from privity.casework.records import OfferRecord
from privity.casework.writing import write_act
from privity.definitions.party import GATEWAY, Officer, Role, StaffId
from privity.definitions.reference import CaseReference
from privity.judgement.determination import Stage
from privity.judgement.second import choose_second, offer_stands
from privity.judgement.two_officers import Waiting
from privity.ledger.entry_kind import EntryKind


def standing_offer(file: CaseFile, stage: Stage, at: datetime) -> OfferRecord | None:
    """Return the offer of a stage's second view that stands now, or None."""
    made = [one for one in file.offers if (one.stage, one.version) == (stage.value, file.state.version)]
    offered = any(line.kind == EntryKind.SECOND_OFFERED.value for line in file.since_trace)
    current = made and (offered or stage is not Stage.IDENTITY)
    return made[-1] if current and offer_stands(read_moment(made[-1].at), at) else None


def is_free(file: CaseFile, stage: Stage, question: str, by: Officer, at: datetime) -> bool:
    """Return whether a view is not being kept for another officer.

    The first view is anybody's. The second is kept for whoever was asked, while the offer stands and they have not
    given it. The guardian's word is never kept from the guardian.
    """
    if by.role is Role.GUARDIAN:
        return True
    views = file.views(stage, question, file.state.version)
    offer = standing_offer(file, stage, at)
    if offer is None or not views:
        return True
    gave = {view.staff_id for view in views}
    return offer.offered_to == by.staff_id or offer.offered_to in gave


def offer_second(
    unit: UnitOfWork,
    reference: CaseReference,
    stage: Stage,
    question: str,
    *,
    judges: Mapping[StaffId, int],
    draw: bytes,
    at: datetime,
) -> CaseFile:
    """Offer the second view where exactly one is in and nobody has been asked yet.

    Args: judges: the disclosure officers of the custodian with how many offers each has open. draw: random bytes.
    """
    file = unit.case(reference)
    views = file.views(stage, question, file.state.version)
    waits = isinstance(file.consulted(stage, question, file.state.version), Waiting)
    if len(views) != 1 or not waits or file.is_guardians(question) or standing_offer(file, stage, at) is not None:
        return file
    second = choose_second(judges, views[0].staff_id, draw)
    if second is None:
        return file
    record = OfferRecord(
        reference=file.opening.reference,
        number=len(file.offers) + 1,
        at=moment(at),
        stage=stage.value,
        version=file.state.version,
        offered_to=second,
    )
    return write_act(
        unit,
        file,
        EntryKind.SECOND_OFFERED,
        at=at,
        by=GATEWAY,
        words="The second view was offered to an officer whom the first did not choose.",
        records=(record,),
    )
