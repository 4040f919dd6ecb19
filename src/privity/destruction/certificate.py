"""The requester's confirmation that one pack is gone, checked, as a certificate.

Rules of the module:
- A certificate is built only from a confirmation that fits the pack it names.
- A late destruction is accepted and says that it was late: refusing it would only hide it.
- The statement has one spelling, so that its digest can stand in the ledger.

Source: NIST SP 800-88 for the methods (clear, purge, destroy; erasing every key is a purge).
"""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from privity.definitions.reference import CaseReference
from privity.destruction.due import DestructionDue
from privity.errors import Mistaken

LIMITS = "This certificate shows who stated the destruction, when and how. It cannot show that no copy is left."
LONGEST_TEXT = 200
LONGEST_STATEMENT = 10_000
_FORMAT = "privity.destruction"
_TEXTS = ("pack_sha256", "destroyed_on", "method", "stated_by", "stated_role")
_KEYS = frozenset({"v", "format", "copies_remain", *_TEXTS})


class DestructionMethod(StrEnum):
    """How the pack and everything taken from it was destroyed."""

    CLEAR = "clear"
    """Overwritten by ordinary means; recovering it takes a laboratory."""
    PURGE = "purge"
    """Overwritten or demagnetised so that a laboratory cannot recover it."""
    KEYS_ERASED = "keys-erased"
    """Every copy of the key that opens it was erased."""
    DESTROYED = "destroyed"
    """The medium or paper was destroyed."""


class NotAccepted(StrEnum):
    """Why a confirmation was not taken. Each is something the requester can put right."""

    OTHER_PACK = "other-pack"
    """The digest is not the one of the pack that was sent in this case."""
    BEFORE_RELEASE = "before-release"
    """The pack is said to be destroyed before it was sent."""
    IN_THE_FUTURE = "in-the-future"
    """The day given has not come yet."""
    COPIES_REMAIN = "copies-remain"
    """The requester says that copies or extracts are left."""

    @property
    def words(self) -> str:
        """Return the reason and what to do, in plain words."""
        return _WORDS[self]


_WORDS = {
    NotAccepted.OTHER_PACK: "the digest is not that of the pack sent in this case: copy it from the answer",
    NotAccepted.BEFORE_RELEASE: "the day lies before the pack was sent: correct the day",
    NotAccepted.IN_THE_FUTURE: "the day has not come yet: confirm when it is done",
    NotAccepted.COPIES_REMAIN: "copies or extracts are left: destroy them too, then confirm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionConfirmation:
    """What the requester states. The representation hides the name.

    `copies_remain` answers whether copies, extracts or entries taken from the pack are left anywhere.
    Raises: Mistaken: no name or no role, or one that is too long or not one printable line.
    """

    pack_sha256: str
    destroyed_on: date
    method: DestructionMethod
    stated_by: str
    stated_role: str
    copies_remain: bool

    def __post_init__(self) -> None:
        for text in (self.stated_by, self.stated_role):
            if not text.strip() or len(text) > LONGEST_TEXT or not text.isprintable():
                raise Mistaken(
                    "the confirmation was not read",
                    why=f"name and role must each be one printable line of 1 to {LONGEST_TEXT} characters",
                    next_step="give the name and role of the person who stands for the destruction",
                )

    def __repr__(self) -> str:
        return f"DestructionConfirmation({self.method.value})"

    def statement(self) -> bytes:
        """Return the statement in its one spelling: canonical JSON, the bytes that a digest is taken of."""
        words = {
            "v": 1,
            "format": _FORMAT,
            "pack_sha256": self.pack_sha256,
            "destroyed_on": self.destroyed_on.isoformat(),
            "method": self.method.value,
            "stated_by": self.stated_by,
            "stated_role": self.stated_role,
            "copies_remain": self.copies_remain,
        }
        return json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionCertificate:
    """A confirmation that fits its pack. Made by `certify` only. `late_days` is zero when it was in time.

    Raises: Mistaken: the digests of pack and statement differ from what they should be.
    """

    case: CaseReference
    confirmation: DestructionConfirmation
    received_on: date
    late_days: int
    statement_sha256: str
    limits: str = LIMITS

    def __post_init__(self) -> None:
        if self.statement_sha256 != sha256(self.confirmation.statement()).hexdigest() or self.late_days < 0:
            raise Mistaken(
                f"the certificate of `{self.case}` was not made",
                why="its digest is not that of its statement",
                next_step="make it from the confirmation with `certify`",
            )


def read_confirmation(content: bytes) -> DestructionConfirmation:
    """Return the confirmation written as JSON: the keys of `statement`, in any order.

    Raises: Mistaken: it is not one. The message repeats nothing of it.
    """
    try:
        told = json.loads(content[:LONGEST_STATEMENT])
        if not isinstance(told, dict) or told.keys() != _KEYS or (told["v"], told["format"]) != (1, _FORMAT):
            raise ValueError
        if not all(isinstance(told[key], str) for key in _TEXTS) or not isinstance(told["copies_remain"], bool):
            raise ValueError
        return DestructionConfirmation(
            pack_sha256=told["pack_sha256"],
            destroyed_on=date.fromisoformat(told["destroyed_on"]),
            method=DestructionMethod(told["method"]),
            stated_by=told["stated_by"],
            stated_role=told["stated_role"],
            copies_remain=told["copies_remain"],
        )
    except (ValueError, RecursionError):
        raise Mistaken(
            "the confirmation was not read",
            why=f"it is not JSON with the keys {', '.join(sorted(_KEYS))}",
            next_step="write it as docs/how-to/send-and-collect.md shows and send it again",
        ) from None


def faults(due: DestructionDue, confirmation: DestructionConfirmation, received_on: date) -> tuple[NotAccepted, ...]:
    """Return everything that keeps a confirmation from being taken, all at once, or nothing."""
    found = {
        NotAccepted.OTHER_PACK: confirmation.pack_sha256 != due.pack_sha256,
        NotAccepted.BEFORE_RELEASE: confirmation.destroyed_on < due.released_on,
        NotAccepted.IN_THE_FUTURE: confirmation.destroyed_on > received_on,
        NotAccepted.COPIES_REMAIN: confirmation.copies_remain,
    }
    return tuple(fault for fault, holds in found.items() if holds)


def certify(
    due: DestructionDue, confirmation: DestructionConfirmation, received_on: date
) -> DestructionCertificate | tuple[NotAccepted, ...]:
    """Return the certificate, or every reason why the confirmation was not taken."""
    found = faults(due, confirmation, received_on)
    if found:
        return found
    return DestructionCertificate(
        case=due.case,
        confirmation=confirmation,
        received_on=received_on,
        late_days=due.days_overdue(confirmation.destroyed_on),
        statement_sha256=sha256(confirmation.statement()).hexdigest(),
    )
