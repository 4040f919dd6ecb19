"""The one true sentence a clinician can say to a patient today, made from the situation and from nothing else."""

from privity.casework.desk import SharedLine, Situation


def one_sentence(situation: Situation) -> str:
    """Return the one true sentence a clinician can say to a patient today.

    It names everybody to whom something may be given. Whoever is not named is given nothing.
    """
    shared = [line for line in situation.lines if line.standing == "in-force"]
    if not shared:
        return "Today nothing about you is given to anybody through this service."
    return (
        f"Today some of your details, never anything about your health, can be given to {_listed(shared)}, "
        "but only after people have decided it for that one request, and to nobody else through this service."
    )


def _listed(lines: list[SharedLine]) -> str:
    names = [line.requester for line in lines]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
