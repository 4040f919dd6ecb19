"""The situation in one table: who may obtain what, for which purpose, and on which questions it hangs.

Proved, not sampled: a cell is empty only if no request of that kind could ever obtain anything.
"""

from dataclasses import dataclass

from privity.agreement.claims import NEW
from privity.agreement.narrowing import Prover
from privity.agreement.possible import Value, possible, version_lines
from privity.agreement.version import Version
from privity.agreement.vocabulary import ReservedQuestion
from privity.definitions.item import DataItem
from privity.definitions.reference import Slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One kind of requester with one purpose: the items it could obtain, and what a person always decides.

    `always` are the questions without whose answer in favour nothing leaves in this cell; `alone` says
    whether something could leave though nobody answered anything.
    """

    requester: Slug
    purpose: Slug
    items: tuple[DataItem, ...]
    always: tuple[ReservedQuestion, ...]
    alone: bool


def matrix(version: Version) -> tuple[Cell, ...]:
    """Return a cell for every kind of requester and every purpose the family knows.

    Raises: Undecided: the solver gave up.
    """
    space = possible(version, is_open=False)
    prover = Prover([*space.lines, *version_lines(space, version, NEW)], space.variables)
    return tuple(
        _cell(prover, version, group.name, purpose)
        for group in version.vocabulary.organisations
        for purpose, _ in version.vocabulary.purposes
    )


def _cell(prover: Prover, version: Version, requester: Slug, purpose: Slug) -> Cell:
    leaves: dict[str, Value] = {
        f"{NEW} allows": True,
        f"principal in OrgGroup {requester}": True,
        "context.purpose": purpose,
    }
    items = tuple(item for item in DataItem if prover.can_be(leaves | {"resource": item.value}))
    always = tuple(
        question
        for question in version.questions
        if items and not prover.can_be(leaves | {f"judged {question.name}": False})
    )
    unanswered: dict[str, Value] = {f"judged {question.name}": False for question in version.questions}
    return Cell(
        requester=requester,
        purpose=purpose,
        items=items,
        always=always,
        alone=bool(items) and prover.can_be(leaves | unanswered),
    )
