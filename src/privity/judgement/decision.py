"""Decisions and permits: what two people's determinations amount to.

    ApprovedPurpose   the register may be read for this case, and only then
    Approved          this record is the person sought, and this much may leave
    Refused, NotIdentified   answers, with reasons and clauses; never errors

INVARIANT: a permit holds the determinations of at least two different people, so holding one is proof. A court
order is no exception: it leaves nobody a discretion, and two people still make sure that it is genuine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from privity.definitions.clause import CitedClause
from privity.definitions.item import DataItem, ItemClass
from privity.definitions.party import OrganisationId
from privity.definitions.person import PersonId
from privity.definitions.reference import CaseReference
from privity.errors import Impossible
from privity.judgement.determination import Determination, Stage
from privity.judgement.two_officers import Agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedPurpose:
    """The purpose of one case is approved: the register may be read for it.

    Raises: Impossible: fewer than two people said yes, nothing may leave, or a clinical item slipped in.
    """

    case: CaseReference
    requester: OrganisationId
    version: str
    items: frozenset[DataItem]
    clauses: tuple[CitedClause, ...]
    by: tuple[Determination, ...]

    def __post_init__(self) -> None:
        people = {view.staff_id for view in self.by}
        if len(people) < 2 or any(view.stage is not Stage.PURPOSE or view.version != self.version for view in self.by):
            raise Impossible(
                "the purpose was not approved",
                why="it does not rest on two people's determinations under the version in force",
                next_step="report this: nothing has left",
            )
        if not self.items or any(item.item_class is ItemClass.CLINICAL for item in self.items):
            raise Impossible(
                "the purpose was not approved",
                why="no item, or a clinical item, was to leave",
                next_step="report this: nothing has left",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The purpose is refused: an answer with its clauses, which a letter can carry."""

    case: CaseReference
    clauses: tuple[CitedClause, ...]
    in_public_interest: bool
    """Whether people refused it (True) or a rule alone did (False)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """The permit to disclose: an approved purpose, and a record two people identified.

    Raises: Impossible: the identity does not rest on two people.
    """

    purpose: ApprovedPurpose
    person: PersonId
    by: tuple[Determination, ...]

    def __post_init__(self) -> None:
        if len({view.staff_id for view in self.by}) < 2 or any(view.stage is not Stage.IDENTITY for view in self.by):
            raise Impossible(
                "the identity was not approved",
                why="it does not rest on two people's determinations",
                next_step="report this: nothing has left",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotIdentified:
    """Two people agree that no candidate is the person sought."""

    case: CaseReference


def decide_purpose(
    *,
    case: CaseReference,
    requester: OrganisationId,
    version: str,
    items: frozenset[DataItem],
    clauses: tuple[CitedClause, ...],
    refusing: tuple[CitedClause, ...],
    agreed: Sequence[Agreed],
    permitted: bool,
) -> ApprovedPurpose | Refused:
    """Return the permit to read the register, or the refusal.

    Args: agreed: the settled view on every reserved question. permitted: what the agreement says once
          every view is in; it, and not this function, knows how the views combine. refusing: clauses
          that a refusal cites.
    """
    if permitted and agreed:
        views = tuple(view for settled in agreed for view in settled.by)
        return ApprovedPurpose(
            case=case,
            requester=requester,
            version=version,
            items=items,
            clauses=clauses,
            by=views,
        )
    return Refused(case=case, clauses=refusing, in_public_interest=bool(agreed))


def decide_identity(purpose: ApprovedPurpose, agreed: Agreed) -> Approved | NotIdentified:
    """Return the permit to disclose one record, or that none is the person sought."""
    if agreed.answer and agreed.choice is not None:
        return Approved(purpose=purpose, person=agreed.choice, by=agreed.by)
    return NotIdentified(case=purpose.case)
