"""Simulated officers: seeded, labelled, and as blind to each other as real ones.

They lean to what the plan says and sometimes differ. On identity they look at what a person would be shown: the
probability, whether it is ambiguous, whether a date of birth was given.
"""

import random
from collections.abc import Sequence

from privity.casework.case_file import CaseFile, ShownCandidate
from privity.definitions.party import Officer
from privity.definitions.person import PersonId
from privity.definitions.reference import Slug
from privity.edge.demonstration.cast import OFFICERS
from privity.edge.demonstration.plans import Left, Plan
from privity.judgement.public_interest import Factor

DIFFERS = 0.015
"""How often a simulated officer sees a question the other way."""
SURE = 0.9
"""From which probability a simulated officer takes the likeliest candidate for the person."""
_FOR = (Factor.NO_OTHER_WAY, Factor.SERIOUS_CRIME, Factor.CHILD_OR_VULNERABLE)
_AGAINST = (Factor.MINOR_OFFENCE, Factor.TRUST_IN_CARE, Factor.WEAK_EVIDENCE)


def pair(plan: Plan) -> tuple[Officer, Officer]:
    """Return the two officers a case falls to; neither is chosen by anybody."""
    rng = random.Random(plan.seed)
    first, second = rng.sample(OFFICERS, 2)
    return first, second


def purpose_view(plan: Plan, officer: Officer, question: str) -> tuple[bool, str, Sequence[Slug]]:
    """Return a simulated officer's answer, reasons and factors on one reserved question."""
    rng = random.Random(f"{plan.seed}:{officer.staff_id}:{question}")
    leaning = plan.leans if question in ("public_interest", "order_is_genuine") else plan.rules
    answer = leaning if rng.random() >= DIFFERS else not leaning
    if plan.left is Left.PURPOSE_DIVIDED:
        answer = officer is pair(plan)[0]
    factors = [Slug(factor) for factor in rng.sample(_FOR if answer else _AGAINST, 2)]
    side = "weighs more" if answer else "does not outweigh the intrusion"
    return answer, f"Simulated view of {officer.staff_id} on a made-up case ({plan.kind.name}): it {side}.", factors


def guardian_view(plan: Plan, question: str) -> tuple[bool, str]:
    """Return the simulated guardian's last word."""
    leaning = plan.leans if question in ("public_interest", "order_is_genuine") else plan.rules
    return leaning, f"Simulated last word of the guardian on a made-up case ({plan.kind.name})."


def identity_view(plan: Plan, officer: Officer, file: CaseFile) -> tuple[PersonId | None, str]:
    """Return which candidate a simulated officer takes for the person, or none."""
    rng = random.Random(f"{plan.seed}:{officer.staff_id}:identity")
    candidates = file.candidates()
    chosen = likeliest(file, candidates)
    if chosen is not None and rng.random() < DIFFERS:
        chosen = None
    if plan.left is Left.IDENTITY_DIVIDED:
        chosen = candidates[0].person if officer is pair(plan)[0] else None
    said = "fits and no other comes near" if chosen is not None else "is not sure enough to name anybody"
    return chosen, f"Simulated view of {officer.staff_id}: the likeliest candidate {said}."


def likeliest(file: CaseFile, candidates: Sequence[ShownCandidate]) -> PersonId | None:
    """Return the candidate a careful person would take, or None: nobody guesses between two."""
    if not candidates or file.traces[-1].ambiguous or candidates[0].probability < SURE:
        return None
    return candidates[0].person
