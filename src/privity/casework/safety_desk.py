"""What the custodian's people are shown and can do between the identity and the release."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from privity.casework.case_file import CaseFile
from privity.casework.forward_letter import Envelope
from privity.casework.records import LetterRecord
from privity.definitions.party import Officer
from privity.definitions.reference import CaseReference
from privity.disclosure.safety import Concern, Course, SafetyAnswer, SafetyQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyView:
    """The safety screen as one person sees it: what was found, how many live there, and what they may choose.

    `seen` is the digest of what was found; the answer carries it back, so that nobody answers for another sight.
    """

    file: CaseFile
    organisation: str
    concerns: tuple[Concern, ...]
    others: int | None
    children: int | None
    whereabouts: bool
    courses: tuple[Course, ...]
    items: tuple[str, ...]
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """A letter on its way: who wrote it, and, for the person who posts it, what stands on the envelope."""

    file: CaseFile
    organisation: str
    letter: LetterRecord | None
    is_mine: bool
    written_by: str
    envelope: Envelope | None = None


class SafetyDesk(Protocol):
    """Everything these pages show and do. Every act raises Mistaken with what, why and what next."""

    def safety(self, reference: CaseReference, *, by: Officer, at: datetime) -> SafetyView:
        """Return the screen of a case. It reads the register, so it is on record.

        Raises: Mistaken: the case does not wait for it, or not for theirs.
        """

    def screen(
        self,
        reference: CaseReference,
        *,
        course: Course,
        answers: Mapping[SafetyQuestion, SafetyAnswer],
        reasons: str,
        seen: str,
        revision: int,
        by: Officer,
        at: datetime,
    ) -> None:
        """Record a screen."""

    def letter(self, reference: CaseReference, *, by: Officer, at: datetime, envelope: bool = False) -> LetterView:
        """Return the letter of a case.

        Args: envelope: whether the address is wanted. Showing it reads the register, so it is put on record.
        """

    def draft(self, reference: CaseReference, *, words: str, revision: int, by: Officer, at: datetime) -> None:
        """Write the letter, or write it anew."""

    def post(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Record that the letter was read by a second person and posted."""

    def give_back(self, reference: CaseReference, *, revision: int, by: Officer, at: datetime) -> None:
        """Give a case whose letter should not go back to the guardian."""
