"""Simulated officers: seeded, labelled, and as blind to each other as real ones.

They lean to what the plan says and sometimes differ. On identity they look at what a person would be shown: the
probability, whether it is ambiguous, whether a date of birth was given. Each writes in words of their own; now and then
one of them has the other's words before them and pastes them, as the pages should notice.
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
PASTES = 0.02
"""How often a simulated second officer pastes the first one's words."""
_FOR = (Factor.NO_OTHER_WAY, Factor.SERIOUS_CRIME, Factor.CHILD_OR_VULNERABLE)
_AGAINST = (Factor.MINOR_OFFENCE, Factor.TRUST_IN_CARE, Factor.WEAK_EVIDENCE)


_PURPOSE_WORDS = (
    {
        True: "the grounds given are specific, other sources were tried, and this weighs more than the intrusion.",
        False: "what is stated stays general, and does not outweigh the intrusion on somebody's privacy.",
    },
    {
        True: "little is asked for, the need is plain, and I see no gentler way to meet it.",
        False: "people come to a doctor trusting us, and nothing here is grave enough to spend that trust.",
    },
    {
        True: "serious enough by the reading beside me, recent, and nobody else holds a newer address.",
        False: "the usual sources were hardly used, so I see no need for ours yet.",
    },
    {
        True: "harm may follow if the person stays unfound, which decides it for me.",
        False: "a minor matter, thinly evidenced; refusing it costs the requester less than it would cost patients.",
    },
)
"""How each simulated officer writes about the purpose: for, and against."""
_IDENTITY_WORDS = (
    {
        True: "name, date of birth and postcode fit, and no other candidate comes near.",
        False: "the likeliest candidate is not sure enough to name anybody.",
    },
    {
        True: "I compared every field with the first record and found nothing that speaks against it.",
        False: "two of these could be meant as well as one, so I choose neither.",
    },
    {
        True: "the evidence points one way; what differs is explained by a move.",
        False: "too little was given to tell these people apart.",
    },
    {
        True: "this is the one: the rest differ in the year of birth or in the name.",
        False: "I would be guessing, and a guess discloses a stranger.",
    },
    {
        True: "having read both officers, I hold the first record to be the person.",
        False: "having read both officers, I hold that nobody here is named beyond doubt.",
    },
)
"""How each simulated officer, and last the guardian, writes about the record: chosen, and none."""


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
    made_up = f"Simulated view on a made-up case ({plan.kind.name}):"
    return answer, f"{made_up} {_PURPOSE_WORDS[_hand(plan, officer, question)][answer]}", factors


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
    return chosen, f"Simulated view: {_IDENTITY_WORDS[_hand(plan, officer, 'identity')][chosen is not None]}"


def _hand(plan: Plan, officer: Officer, question: str) -> int:
    """Return the place of whose words these are: one's own, or the first officer's where the second pastes."""
    if officer not in OFFICERS:
        return len(OFFICERS)
    pastes = random.Random(f"{plan.seed}:{question}:pastes").random() < PASTES
    return OFFICERS.index(pair(plan)[0] if pastes else officer)


def likeliest(file: CaseFile, candidates: Sequence[ShownCandidate]) -> PersonId | None:
    """Return the candidate a careful person would take, or None: nobody guesses between two."""
    if not candidates or file.traces[-1].ambiguous or candidates[0].probability < SURE:
        return None
    return candidates[0].person
