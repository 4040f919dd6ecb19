"""How an act on a case is done at a desk: one durable transaction, for somebody who may, on what they were shown."""

from collections.abc import Callable

from privity.casework.authorisation import Operation, must_be_allowed
from privity.casework.case_file import CaseFile
from privity.casework.screen import Parked
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.edge.store.instance_rows import Organisation
from privity.edge.store.unit_of_work import Store, Unit
from privity.errors import Mistaken


class ActedMeanwhile(Mistaken):
    """Somebody else acted on the case while the person had it open."""

    def __init__(self) -> None:
        super().__init__(
            "nothing was recorded",
            why="somebody else acted on this case while you had it open",
            next_step="read what changed below, then decide again; what you typed is kept",
        )


def act_on(
    store: Store,
    operation: Operation,
    reference: CaseReference,
    revision: int | None,
    by: Officer,
    act: Callable[[Unit], CaseFile | Parked],
    *,
    stage: str = "",
    question: str = "",
) -> CaseFile | Parked:
    """Do one act as one durable transaction, unless somebody else acted since the person looked.

    Raises: Mistaken: not for them, not now, or somebody else acted.
    """
    with store.unit() as unit:
        file = unit.case(reference)
        must_be_allowed(Operation.READ_CASE, by, file)
        if revision is not None and file.state.revision != revision:
            raise ActedMeanwhile
        must_be_allowed(operation, by, file, stage=stage, question=question)
        return act(unit)


def must_not_be_parked(done: CaseFile | Parked, what: str = "nothing was released") -> None:
    """Raise where an act moved the case back instead of doing what was asked.

    Raises: Mistaken: it did; the move itself is on record.
    """
    if isinstance(done, Parked):
        raise Mistaken(
            what,
            why=f"the agreement in force now says otherwise than when it was approved: `{done.status.words}`",
            next_step="the case has gone back to where it now belongs",
        )


def organisation_words(name: str) -> str:
    """Return what an organisation is called."""
    words: str | None = Organisation.objects.filter(reference=name).values_list("words", flat=True).first()
    return words or name
