"""The pack: what a requester is answered, on what terms, and until when it may be kept.

Rules of the module:
- There are three answers: disclosed, letter forwarded, and no trace. Untraced, ambiguous, protected and
  empty-handed all read `no trace`: the four packs of one case would be equal, byte for byte.
- The pack names the case and the requester's own reference, never the person asked about.
- A pack holds so little that its renderings fit one seal of fixed size (edge/seals/cms.py). Words that are
  mostly signs a page must escape may still not; then the seal refuses and the release parks.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from privity.definitions.clause import CitedClause
from privity.definitions.item import DataItem
from privity.definitions.party import OrganisationId
from privity.definitions.reference import CaseReference
from privity.disclosure.release import NothingLeaves, Release, ReleasedItem
from privity.errors import Impossible, Mistaken

LONGEST_TERMS = 2_000
"""UTF-8 bytes of everything in a pack that is the same whatever the answer."""
LONGEST_ANSWER = 900
"""UTF-8 bytes of the values released."""
SET_APART_BY = 16
"""Bytes counted for each text beside its own: what sets it apart from the next when it is written out."""


class Outcome(StrEnum):
    """What a requester is told."""

    DISCLOSED = "disclosed"
    """The items follow."""
    FORWARDED = "forwarded"
    """A letter was sent on to the person. Where to is never said, and nothing else of the record leaves."""
    NO_TRACE = "no-trace"
    """Nothing can be given. It does not say that there is no such person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One of the three answers. `not_given` names agreed items without a value, never why.

    Raises: Impossible: items beside `no trace`, or `disclosed` without any.
    """

    outcome: Outcome
    items: tuple[ReleasedItem, ...] = ()
    not_given: tuple[DataItem, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.items) != (self.outcome is Outcome.DISCLOSED) or (self.not_given and not self.items):
            raise Impossible(
                "the answer was not made",
                why="items are given exactly when something is disclosed",
                next_step="report this: nothing has left",
            )

    def __repr__(self) -> str:
        return f"Answer({self.outcome.value})"


NO_TRACE = Answer(outcome=Outcome.NO_TRACE)
"""The answer to everybody for whom nothing leaves."""
LETTER_FORWARDED = Answer(outcome=Outcome.FORWARDED)
"""The answer where a letter was sent on instead of an address."""


def answer_from(release: Release | NothingLeaves) -> Answer:
    """Return the answer a release amounts to. A release without any item says no more than no trace."""
    if isinstance(release, NothingLeaves) or not release.items:
        return NO_TRACE
    return Answer(
        outcome=Outcome.DISCLOSED,
        items=release.items,
        not_given=tuple(held.item for held in release.withheld),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One answer to one request, with its terms. Checked when built; the representation hides the content.

    `agreement` is `family@version`. `purpose` and `conditions` are plain words. `destroy_by` binds a no-trace
    answer too: that somebody was asked about is itself something about them.
    Raises: Mistaken: terms or values too long for one seal. Impossible: kept for no day at all.
    """

    case: CaseReference
    requester: OrganisationId
    requester_reference: str
    agreement: str
    clauses: tuple[CitedClause, ...]
    purpose: str
    conditions: tuple[str, ...]
    released_on: date
    destroy_by: date
    answer: Answer

    def __post_init__(self) -> None:
        if self.destroy_by <= self.released_on:
            raise Impossible(
                f"the pack of `{self.case}` was not made",
                why="it would have to be destroyed before it was released",
                next_step="report this: nothing has left",
            )
        self._must_fit("terms", self._terms(), LONGEST_TERMS)
        self._must_fit("released values", self._values(), LONGEST_ANSWER)

    def __repr__(self) -> str:
        return f"Pack({self.case}, {self.answer.outcome.value})"

    def _terms(self) -> tuple[str, ...]:
        cited = tuple(text for clause in self.clauses for text in (str(clause.ref), clause.says))
        return (self.requester_reference, self.agreement, self.purpose, *self.conditions, *cited)

    def _values(self) -> tuple[str, ...]:
        return tuple(value for item in self.answer.items for value in item.values)

    def _must_fit(self, what: str, texts: tuple[str, ...], longest: int) -> None:
        length = sum(len(text.encode()) + SET_APART_BY for text in texts)
        if length > longest:
            raise Mistaken(
                f"the pack of `{self.case}` was not made",
                why=f"its {what} take {length} bytes and a pack holds {longest}",
                next_step="shorten the words of the clauses and conditions, or send the values another way",
            )
