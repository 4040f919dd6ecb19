"""What leaves and what does not: values, with the reason for each. Representations hide the values."""

from dataclasses import dataclass
from enum import StrEnum

from privity.definitions.item import DataItem, ItemClass
from privity.errors import Impossible
from privity.protection.sensitive_flag import GuardianNotice


class WithheldBecause(StrEnum):
    """Why an item that the permit allows does not leave. Never told to the requester."""

    NOT_ON_RECORD = "not-on-record"
    """The register holds no value."""
    CORRESPONDENCE_ONLY = "correspondence-only"
    """There is an address for letters and no residence."""
    SOUGHT_BY_OTHER_ADDRESS = "sought-by-other-address"
    """The requester had the address for letters; the answer would give it the home."""

    @property
    def words(self) -> str:
        """Return the reason in plain words, for the custodian's own pages."""
        return _WORDS[self]


_WORDS = {
    WithheldBecause.NOT_ON_RECORD: "the register holds no value",
    WithheldBecause.CORRESPONDENCE_ONLY: "there is only an address for letters, which is not a residence",
    WithheldBecause.SOUGHT_BY_OTHER_ADDRESS: (
        "the requester knows the person by a correspondence address, which must not lead to the home"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedItem:
    """One item that leaves: its values in reading order, and the clause or rule it rests on.

    Raises: Impossible: the item is clinical, or has no value.
    """

    item: DataItem
    values: tuple[str, ...]
    why: str

    def __post_init__(self) -> None:
        if self.item.item_class is ItemClass.CLINICAL or not self.values or not all(self.values):
            raise Impossible(
                f"the item `{self.item.value}` was not released",
                why="it is clinical, or has no value",
                next_step="report this: nothing has left",
            )

    def __repr__(self) -> str:
        return f"ReleasedItem({self.item.value})"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithheldItem:
    """One item the permit allows and the custodian does not give."""

    item: DataItem
    why: WithheldBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What one permit lets out of one record. Items stand in the order of `DataItem`, each exactly once."""

    items: tuple[ReleasedItem, ...]
    withheld: tuple[WithheldItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingLeaves:
    """The record is protected: the requester is answered as if there were none, and the guardian is told."""

    guardian: GuardianNotice
