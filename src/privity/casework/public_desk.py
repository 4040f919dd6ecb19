"""What the public pages, the patient's pages and the practice's pages are shown and can do.

Kept apart from `desk` because nobody here works on cases: what these people see is theirs or everybody's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from privity.casework.ports import UnitOfWork
from privity.casework.records import Record
from privity.statistics.publication import Publication

Kept = TypeVar("Kept", bound=Record)


class PublicUnit(UnitOfWork, Protocol):
    """A transaction that also reads what is kept for the public and for patients."""

    def kept(self, kind: type[Kept], reference: str) -> Sequence[Kept]:
        """Return the records of one kind with one reference, oldest first, those of this transaction included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A publication, the day it was made, and what its requesters are called."""

    publication: Publication
    published_on: date
    names: Mapping[str, str]


class PublicDesk(Protocol):
    """Everything the pages for the public, the patient and the practice can show and do."""

    def publications(self) -> Sequence[Published]:
        """Return every published quarter, newest first."""
