"""Four eyes: two officers, blind to each other, and the guardian where they differ.

Source: NHS Code and GMC guidance leave the judgement to a person (domain.md 1.3, R5); the separation of two
people is ours, after the separation of applicant and authoriser in communications data (domain.md 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from privity.definitions.party import Role, StaffId
from privity.definitions.person import PersonId
from privity.errors import Mistaken
from privity.judgement.determination import Determination

View = tuple[bool, PersonId | None]
"""What two people must agree on: the answer and, for identity, the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Fewer than two views are in; `done` holds who has given theirs, and nothing of what they said."""

    done: frozenset[StaffId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Two different people gave the same view, or the guardian settled a difference."""

    answer: bool
    choice: PersonId | None
    by: tuple[Determination, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """Two people differ: the question is the guardian's."""

    by: tuple[Determination, ...]


Consultation = Waiting | Agreed | Divided


def consult(determinations: Sequence[Determination], *, guardians: bool = False) -> Consultation:
    """Return how far the views on one question have come.

    Args:   determinations: all views on one question of one stage under one version, in order.
            guardians: whether the agreement reserves the question to the guardian. Then the guardian and one officer
            give their views, blind to each other as ever, and the guardian's is the answer.
    Raises: Mistaken: the same person twice, or a third officer.
    """
    officers = [view for view in determinations if view.role is not Role.GUARDIAN]
    last_words = [view for view in determinations if view.role is Role.GUARDIAN]
    people = {view.staff_id for view in determinations}
    if len(people) != len(determinations) or len(officers) > (1 if guardians else 2) or len(last_words) > 1:
        raise Mistaken(
            "the determination was not recorded",
            why="each of two officers gives one view, and the guardian at most one",
            next_step="leave it to the second officer, or to the guardian where the two differ",
        )
    if guardians and officers and last_words:
        last = last_words[0]
        return Agreed(answer=last.answer, choice=last.choice, by=(*officers, last))
    if guardians or len(officers) < 2:
        return Waiting(done=frozenset(people))
    views: set[View] = {(view.answer, view.choice) for view in officers}
    if len(views) == 1:
        return Agreed(answer=officers[0].answer, choice=officers[0].choice, by=tuple(officers))
    if last_words:
        last = last_words[0]
        return Agreed(answer=last.answer, choice=last.choice, by=(*officers, last))
    return Divided(by=tuple(officers))


def may_determine(
    determinations: Sequence[Determination], staff_id: StaffId, role: Role, *, guardians: bool = False
) -> bool:
    """Return whether this person may add a view: not twice, officers before the guardian.

    A question that the agreement reserves to the guardian takes the guardian's view and one officer's, in any order.
    """
    if any(view.staff_id == staff_id for view in determinations):
        return False
    if guardians:
        judges = role in (Role.DISCLOSURE_OFFICER, Role.GUARDIAN)
        return judges and all(view.role is not role for view in determinations)
    match consult(determinations):
        case Waiting():
            return role is Role.DISCLOSURE_OFFICER
        case Divided():
            return role is Role.GUARDIAN
        case _:
            return False
