"""Which of its own requests a requester wants listed."""

from dataclasses import dataclass
from enum import StrEnum


class OwnView(StrEnum):
    """Which of its requests a requester wants listed."""

    ALL = "all"
    """Every one."""
    QUESTION = "question"
    """Those with a question for it."""
    READY = "ready"
    """Those whose sealed answer is there to be fetched."""
    TO_DESTROY = "to-destroy"
    """Those whose answer it has, and has not confirmed to be destroyed."""
    CONSIDERED = "considered"
    """Those that wait for the custodian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFilter:
    """What a requester's list is asked for. `sought` is part of its own reference, or the whole of a case's."""

    view: OwnView = OwnView.ALL
    sought: str = ""
