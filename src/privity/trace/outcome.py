"""What a trace answers: a state, the candidates with their evidence, and the chance of absence.

Rules of the room:
- PROPOSED is a proposal to two officers. Nothing is disclosed on it alone.
- A sensitive candidate is never proposed; casework takes it to the guardian, and the requester sees no trace.
- Evidence is told in levels and bits, never in values.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from privity.definitions.person import PersonId
from privity.trace.bound import WrongPersonBound
from privity.trace.comparison import Field, Level

MOST_CANDIDATES = 5


class TraceState(StrEnum):
    """What becomes of the person sought."""

    PROPOSED = "proposed"
    """One record, by far the likeliest, is put to the officers."""
    REVIEW = "review"
    """Records resemble, but not enough, or more than one: the officers look themselves."""
    UNTRACED = "untraced"
    """No record is likely enough."""


class FieldEvidence(NamedTuple):
    """What one field says for (positive) or against (negative) one candidate, in bits. A tuple: a trace makes forty."""

    field: Field
    level: Level
    words: str
    weight_bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One record that may be the person sought.

    `probability` is that of being the person sought, given the particulars, the register and the model.
    INVARIANT: the weights of `evidence` add up to `weight_bits`.
    """

    person: PersonId
    probability: float
    weight_bits: float
    evidence: tuple[FieldEvidence, ...]
    sensitive: bool

    def __post_init__(self) -> None:
        assert 0 <= self.probability <= 1, "a probability lies between 0 and 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceResult:
    """The answer of one trace.

    `candidates` come best first, at most five. `probability_absent` is that of the person not being in the
    register, given the same. `touched` counts the records compared, `compared` names them. `present` is
    P(the person is in the register) before anything was compared. `model` is the name and the first twelve
    digits of the SHA-256 of the model in use.
    INVARIANT: PROPOSED has a candidate that is not sensitive and is not ambiguous.
    """

    state: TraceState
    candidates: tuple[Candidate, ...]
    probability_absent: float
    runner_up_probability: float
    ambiguous: bool
    touched: int
    model: str
    bound: WrongPersonBound
    compared: tuple[PersonId, ...] = ()
    present: float = 0.0

    def __post_init__(self) -> None:
        assert len(self.candidates) <= MOST_CANDIDATES, "more candidates than anybody should see"
        if self.state is TraceState.PROPOSED:
            assert self.candidates, "a proposal names somebody"
            assert not self.candidates[0].sensitive, "a sensitive record is never proposed"
            assert not self.ambiguous, "an ambiguous trace is never a proposal"

    @property
    def best(self) -> Candidate | None:
        """Return the likeliest candidate, or None."""
        return self.candidates[0] if self.candidates else None
