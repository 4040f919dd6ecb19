"""The trace: particulars and a register in, an outcome out.

1. refuse what would only fish: a name and nothing else
2. look up the records under the query's keys
3. compare and weigh each
4. take them together: who, or nobody
5. correct the chance of the likeliest by what traces of known truth have shown
6. draw the lines: propose, review, untraced
"""

from collections.abc import Sequence
from functools import lru_cache
from heapq import nlargest

from privity.definitions.person import Particulars, PersonId
from privity.errors import Mistaken
from privity.trace.blocking import query_keys
from privity.trace.comparison import Field, Level
from privity.trace.model import Model
from privity.trace.outcome import MOST_CANDIDATES, Candidate, FieldEvidence, TraceResult, TraceState
from privity.trace.record import RegisterReader
from privity.trace.record_levels import Sought, sought
from privity.trace.scales import Scales
from privity.trace.signs import recalibrated, signs_of
from privity.trace.weight import Posterior, Weighed, posterior


def trace(particulars: Particulars, register: RegisterReader, model: Model, *, may_propose: bool = True) -> TraceResult:
    """Return who in the register the particulars describe, how sure, and how sure that nobody.

    Args:   may_propose: false while proposals are suspended (monitor.py): what would be proposed is for review.
    Raises: Mistaken: nothing but names was given.
    """
    refuse_name_only(particulars)
    asked = sought(particulars)
    weighed = _weighed(asked, particulars, register, model)
    chances = posterior(weighed, register.size, model)
    return _result(asked, weighed, chances, register, model, may_propose=may_propose)


def weigh_all(particulars: Particulars, register: RegisterReader, model: Model) -> tuple[Sequence[Weighed], Posterior]:
    """Return the records compared and their posterior, before any calibration (steps 1 to 4).

    Raises: Mistaken: nothing but names was given.
    """
    refuse_name_only(particulars)
    weighed = _weighed(sought(particulars), particulars, register, model)
    return weighed, posterior(weighed, register.size, model)


def _weighed(asked: Sought, particulars: Particulars, register: RegisterReader, model: Model) -> list[Weighed]:
    """Return the records under the query's keys, each compared and weighed (steps 2 and 3).

    The records are read first: a register that has changed is noticed by that, and what weighs is counted in it then.
    """
    years = register.birth_years if particulars.date_of_birth is None else range(0)
    records = register.candidates(query_keys(particulars, years))
    scales = Scales(asked, register, model)
    return [scales.weigh(record) for record in records]


def likeliest(weighed: Sequence[Weighed], chances: Posterior) -> int:
    """Return the place of the likeliest record; of equals, the one first in the register."""
    highest = max(chances.candidates)
    places = [place for place, chance in enumerate(chances.candidates) if chance == highest]
    return min(places, key=lambda place: weighed[place].record.row)


def _result(
    asked: Sought,
    weighed: Sequence[Weighed],
    chances: Posterior,
    register: RegisterReader,
    model: Model,
    *,
    may_propose: bool,
) -> TraceResult:
    """Return the answer that the records and their posterior make (steps 5 and 6)."""
    best = -1
    if weighed:
        best = likeliest(weighed, chances)
        if model.calibration is not None:
            signs = signs_of(asked, weighed, chances, best, register)
            chances = recalibrated(chances, best, model.calibration.probability(signs))
    bar = nlargest(MOST_CANDIDATES, chances.candidates)[-1:]
    order = sorted(
        [place for place, chance in enumerate(chances.candidates) if place == best or chance >= bar[0]],
        key=lambda place: (place != best, -chances.candidates[place], weighed[place].record.row),
    )
    ranked = [(weighed[place], chances.candidates[place]) for place in order[:MOST_CANDIDATES]]
    candidates = tuple(_candidate(one, chance) for one, chance in ranked)
    ambiguous = _is_ambiguous(candidates, model)
    return TraceResult(
        state=_state(candidates, model, ambiguous=ambiguous, may_propose=may_propose),
        candidates=candidates,
        probability_absent=chances.absent,
        runner_up_probability=candidates[1].probability if len(candidates) > 1 else 0.0,
        ambiguous=ambiguous,
        touched=len(weighed),
        model=model.label,
        bound=model.bound_on(register.size),
        compared=tuple([PersonId(one.record.number) for one in weighed]),
        present=model.present,
    )


def refuse_name_only(particulars: Particulars) -> None:
    """Refuse particulars that hold nothing but names: the register is no directory.

    Raises: Mistaken: neither date of birth nor postcode nor NHS number.
    """
    if is_name_only(particulars):
        raise name_alone()


def is_name_only(particulars: Particulars) -> bool:
    """Return whether particulars hold nothing but names."""
    return particulars.date_of_birth is None and not particulars.postcode and particulars.nhs_number is None


def name_alone() -> Mistaken:
    """Return why particulars that hold nothing but names are not traced."""
    return Mistaken(
        "the person was not traced",
        why="a name alone describes too many people",
        next_step="add a date of birth, a postcode or an NHS number",
    )


def _is_ambiguous(candidates: tuple[Candidate, ...], model: Model) -> bool:
    """Return whether the two likeliest records are too close to choose between, and matter."""
    if len(candidates) < 2:
        return False
    first, second = candidates[:2]
    likely = first.probability + second.probability >= model.review_at
    return likely and second.probability >= first.probability * 2.0**-model.ambiguous_within_bits


def _state(candidates: tuple[Candidate, ...], model: Model, *, ambiguous: bool, may_propose: bool) -> TraceState:
    """Return where the lines of the model put the trace."""
    if not candidates:
        return TraceState.UNTRACED
    if ambiguous:
        return TraceState.REVIEW
    best = candidates[0]
    if may_propose and best.probability >= model.threshold and is_eligible(best):
        return TraceState.PROPOSED
    return TraceState.REVIEW if best.probability >= model.review_at else TraceState.UNTRACED


def is_eligible(candidate: Candidate) -> bool:
    """Return whether a record may be proposed at all, however likely it is.

    A given name that is another name altogether is a twin's as well as a mistake: that is for people to judge.
    """
    given = next(one.level for one in candidate.evidence if one.field is Field.GIVEN)
    return not candidate.sensitive and given is not Level.DIFFERENT and _is_born_then(candidate)


def _is_born_then(candidate: Candidate) -> bool:
    """Return whether the date of birth was given and agrees at least in part.

    However much else agrees: a sibling of the same name pattern at the same address has only that against them.
    """
    birth = next(one.level for one in candidate.evidence if one.field is Field.BIRTH)
    return birth not in (Level.MISSING, Level.YEAR, Level.DIFFERENT)


def _candidate(weighed: Weighed, chance: float) -> Candidate:
    return Candidate(
        person=PersonId(weighed.record.number),
        probability=min(chance, 1.0),
        weight_bits=weighed.worth.weight_bits,
        evidence=tuple(
            [
                tuple.__new__(FieldEvidence, (field, level, words(field, level), bits))
                for field, level, bits in weighed.worth.fields
            ]
        ),
        sensitive=weighed.record.sensitive,
    )


@lru_cache(maxsize=256)
def words(field: Field, level: Level) -> str:
    """Return what a level of a field says, in plain words and without any value."""
    return f"{_NAMES[field]} {_SAYS[level]}"


_NAMES = {
    Field.GIVEN: "given name",
    Field.OTHER: "further given name",
    Field.FAMILY: "family name",
    Field.ORDER: "given and family name",
    Field.BIRTH: "date of birth",
    Field.GENDER: "gender",
    Field.PLACE: "address",
    Field.NUMBER: "NHS number",
}
_SAYS = {
    Level.EXACT: "is the same",
    Level.VARIANT: "is a known form of the same name",
    Level.SUBSET: "is part of the other",
    Level.CLOSE: "is spelt almost the same",
    Level.SOUNDS: "sounds alike, whole or in part",
    Level.SIMILAR: "is spelt somewhat alike",
    Level.INITIAL: "is only an initial, which fits",
    Level.CONFLICT: "shares a word and contradicts in another",
    Level.ELSEWHERE: "is one that the register holds as an earlier or further name",
    Level.STRAIGHT: "stand in their places",
    Level.CROSSED: "are exchanged",
    Level.NEW_YEAR: "is the same 1 January, which may be a default",
    Level.ONE_DIGIT: "differs in one digit",
    Level.EXCHANGED: "has day and month exchanged",
    Level.TWO_PARTS: "agrees in two of day, month and year",
    Level.DEFAULTED: "agrees in the year, and one side says 1 January",
    Level.YEAR: "agrees in the year only",
    Level.DOOR: "is the same, postcode and first line",
    Level.CURRENT: "has the same postcode",
    Level.PREVIOUS: "has the postcode of an earlier address",
    Level.DISTRICT: "is in the same postcode district",
    Level.DIFFERENT: "does not agree",
    Level.MISSING: "is missing on one side",
}
