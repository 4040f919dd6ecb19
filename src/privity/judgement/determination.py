"""A determination: one named person's recorded answer to one reserved question, with reasons."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from privity.definitions.party import Role, StaffId
from privity.definitions.person import PersonId
from privity.definitions.reference import Slug
from privity.errors import Mistaken

SHORTEST_REASONS = 20
"""Characters. Below this an answer is a tick, not a judgement (domain.md 7: GMC, empty rationale)."""
LONGEST_REASONS = 4000


class Stage(StrEnum):
    """Which of the two judgements a determination belongs to."""

    PURPOSE = "purpose"
    """Whether the register may be read at all."""
    IDENTITY = "identity"
    """Which record, if any, is the person sought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """One person's answer. Built only with reasons; `choice` is the record chosen at the identity stage.

    `answer` is the answer to `question`; at the identity stage it is whether a record was chosen.
    Raises: Mistaken: reasons too short or too long, or a choice that does not fit the answer.
    """

    stage: Stage
    question: Slug
    staff_id: StaffId
    role: Role
    answer: bool
    reasons: str
    at: datetime
    version: str
    factors: tuple[Slug, ...] = ()
    choice: PersonId | None = None

    def __post_init__(self) -> None:
        length = len(self.reasons.strip())
        if not SHORTEST_REASONS <= length <= LONGEST_REASONS:
            raise Mistaken(
                "the determination was not recorded",
                why=f"the reasons hold {length} characters, not {SHORTEST_REASONS} to {LONGEST_REASONS}",
                next_step="say in your own words what weighed for and against",
            )
        if self.role not in (Role.DISCLOSURE_OFFICER, Role.GUARDIAN):
            raise Mistaken(
                "the determination was not recorded",
                why=f"a `{self.role.value}` does not judge cases",
                next_step="ask a disclosure officer or the guardian of the custodian",
            )
        if (self.choice is not None) != (self.stage is Stage.IDENTITY and self.answer):
            raise Mistaken(
                "the determination was not recorded",
                why="a record must be chosen exactly when the answer is yes",
                next_step="choose one candidate, or `none of these`",
            )

    def __repr__(self) -> str:
        return f"Determination({self.stage.value}, {self.question}, {self.role.value})"
