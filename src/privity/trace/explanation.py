"""Why a trace came out as it did, for a person who must decide: values, for the terminal and for the page.

    1. side by side, field by field: what agrees, what differs, what is missing
    2. what each is worth, as steps from the chance before anything was compared to the weight of the record
    3. how common such a name is: how many such people a register of this size would hold by chance
    4. how likely it is that the person is not in the register, and how near the runner-up comes

Rules of the room:
- Levels, words and bits only; the values beside them are the caller's, who must hold a permit to show them.
- The steps add up: start and fields give the weight.
"""

from dataclasses import dataclass
from math import log2

from privity.trace.comparison import Field, Level
from privity.trace.outcome import Candidate, TraceResult

SILENT_BITS = 0.05
"""A field that weighs less, either way, says nothing."""
_AGREES_FROM_BITS = 0.5
_NEARLY = 0.00005
_NAMES = frozenset({Field.GIVEN, Field.FAMILY, Field.OTHER, Field.ORDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the waterfall: from so many bits to so many."""

    field: Field | None
    words: str
    bits: float
    start_bits: float
    end_bits: float
    agrees: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One candidate explained.

    `steps` begin with the chance before anything was compared (field None). `chance_before` is P(this record is
    the person sought, before anything is compared). `namesakes` is how many of a register of this size would
    agree as far on the name by chance. INVARIANT: the last step ends at `weight_bits` above the first's end.
    """

    candidate: Candidate
    steps: tuple[Step, ...]
    chance_before: float
    namesakes: float
    probability_absent: float
    runner_up_probability: float
    bound_words: str

    @property
    def agrees(self) -> tuple[str, ...]:
        """Return what speaks for the record, the weightiest first."""
        return self._said(agrees=True)

    @property
    def differs(self) -> tuple[str, ...]:
        """Return what speaks against it, the weightiest first."""
        return self._said(agrees=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what nothing is known of."""
        return tuple(step.words for step in self.steps if step.field is not None and step.agrees is None)

    def _said(self, *, agrees: bool) -> tuple[str, ...]:
        steps = sorted(self.steps, key=lambda step: -abs(step.bits))
        telling = (step for step in steps if step.field is not None and abs(step.bits) >= SILENT_BITS)
        return tuple(step.words for step in telling if step.agrees is agrees)

    @property
    def namesakes_in_words(self) -> str:
        """Return how common such a name is in a register of this size, in a sentence."""
        return _namesakes(self.namesakes)

    @property
    def in_words(self) -> tuple[str, ...]:
        """Return the summary, a sentence each."""
        return (
            f"It is the person sought with a probability of {chance(self.candidate.probability)}.",
            f"The person is not in the register at all with a probability of {chance(self.probability_absent)}.",
            f"The next record has {chance(self.runner_up_probability)}."
            if self.runner_up_probability >= _NEARLY
            else "No other record comes near.",
            _namesakes(self.namesakes),
            f"Wrong-person bound: {self.bound_words}.",
        )


def chance(probability: float) -> str:
    """Return a probability in four digits; none is told as 0 or 1."""
    if probability < _NEARLY:
        return "less than 0.0001"
    return f"{probability:.4f}" if probability < 1 - _NEARLY else "more than 0.9999"


def explain(result: TraceResult, *, register_rows: int, present: float, place: int = 0) -> Explanation | None:
    """Return the explanation of one candidate, or None where there is no such candidate.

    Args: present: P(the person sought is in the register) before anything is compared (model.Model.present).
          place: which candidate, 0 the likeliest.
    """
    if place >= len(result.candidates):
        return None
    others = [one.probability for number, one in enumerate(result.candidates) if number != place]
    return explained(
        result.candidates[place],
        register_rows=register_rows,
        chance_before=present / max(register_rows, 1),
        probability_absent=result.probability_absent,
        runner_up_probability=max(others, default=0.0),
        bound_words=result.bound.words,
    )


def explained(
    candidate: Candidate,
    *,
    register_rows: int,
    chance_before: float,
    probability_absent: float,
    runner_up_probability: float,
    bound_words: str,
) -> Explanation:
    """Return the explanation of a candidate, fresh from a trace or read back from the record of one."""
    steps = [_first(chance_before)]
    for one in candidate.evidence:
        start = steps[-1].end_bits
        agrees = None if one.level is Level.MISSING else one.weight_bits > 0
        steps.append(
            Step(
                field=one.field,
                words=one.words,
                bits=one.weight_bits,
                start_bits=start,
                end_bits=start + one.weight_bits,
                agrees=agrees,
            )
        )
    name_bits = sum(one.weight_bits for one in candidate.evidence if one.field in _NAMES)
    return Explanation(
        candidate=candidate,
        steps=tuple(steps),
        chance_before=chance_before,
        namesakes=register_rows * 2.0 ** -max(name_bits, 0.0),
        probability_absent=probability_absent,
        runner_up_probability=runner_up_probability,
        bound_words=bound_words,
    )


def _first(before: float) -> Step:
    bits = log2(before / (1 - before)) if before < 1 else 0.0
    words = f"before anything is compared: one chance in {1 / before:,.0f}"
    return Step(field=None, words=words, bits=bits, start_bits=0.0, end_bits=bits, agrees=None)


def _namesakes(expected: float) -> str:
    if expected < _AGREES_FROM_BITS:
        return "By chance alone nobody else in a register of this size would bear such a name."
    return f"By chance alone about {expected:,.0f} people in a register of this size would bear such a name."
