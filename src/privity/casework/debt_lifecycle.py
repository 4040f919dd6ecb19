"""Where a debt stands: one table of what may follow what.

INVARIANT: nothing says where a debt stands but `moved_debt`. What was reported can only be taken back, and what is
taken back stays on record: a debt never returns to never having been reported.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from privity.casework.debt_records import DebtStateRecord
from privity.errors import Mistaken


class DebtStanding(StrEnum):
    """Where a debt stands."""

    TAKEN = "taken"
    """Taken in; the agreement has not been asked yet."""
    RETURNED = "returned"
    """Something is missing that the trust can supply."""
    WAITING = "waiting"
    """Everything is met but the two months: it is asked about again at each monthly run."""
    HELD = "held"
    """The agreement is suspended: nothing moves."""
    NOT_REPORTED = "not-reported"
    """The agreement, or the people who checked, do not allow it to be reported."""
    CHECKING = "checking"
    """Two officers are asked whether the charge is right and the report says nothing about health."""
    DIVIDED = "divided"
    """The two officers differ: the guardian decides."""
    READY = "ready"
    """Goes out with the next monthly run."""
    CANCELLED = "cancelled"
    """Settled, or dropped by the trust, before anything was reported."""
    REPORTED = "reported"
    """Reported in a sealed collation."""
    CHECKING_SETTLEMENT = "checking-settlement"
    """Settled; two officers are asked whether this is the report that was made."""
    SETTLEMENT_DIVIDED = "settlement-divided"
    """The two officers differ about the settlement: the guardian decides."""
    TO_RETRACT = "to-retract"
    """Taken back with the next monthly run."""
    RETRACTED = "retracted"
    """Taken back in a sealed collation."""
    ACKNOWLEDGED = "acknowledged"
    """The recipient has acknowledged that the report was taken back."""

    @property
    def words(self) -> str:
        """Return where the debt stands, for pages and lists."""
        return _WORDS[self]

    @property
    def is_out(self) -> bool:
        """Return whether the recipient holds the report as far as it knows."""
        return self in _OUT


_S = DebtStanding
_WORDS: Mapping[DebtStanding, str] = {
    _S.TAKEN: "Taken in",
    _S.RETURNED: "Sent back: something is missing",
    _S.WAITING: "Waiting until two months have passed",
    _S.HELD: "Held: the agreement is suspended",
    _S.NOT_REPORTED: "Not reported",
    _S.CHECKING: "Being checked by two officers",
    _S.DIVIDED: "With the guardian: the officers differ",
    _S.READY: "Goes out with the next monthly run",
    _S.CANCELLED: "Dropped before it was reported",
    _S.REPORTED: "Reported",
    _S.CHECKING_SETTLEMENT: "Settled: being checked by two officers",
    _S.SETTLEMENT_DIVIDED: "Settled: with the guardian",
    _S.TO_RETRACT: "Taken back with the next monthly run",
    _S.RETRACTED: "Taken back",
    _S.ACKNOWLEDGED: "Taken back, and acknowledged",
}
_OUT = frozenset({_S.REPORTED, _S.CHECKING_SETTLEMENT, _S.SETTLEMENT_DIVIDED, _S.TO_RETRACT})
ASKED_ABOUT_REPORTING = (_S.TAKEN, _S.RETURNED, _S.WAITING, _S.HELD, _S.NOT_REPORTED, _S.CHECKING, _S.DIVIDED, _S.READY)
"""The standings of a debt that the agreement is still asked about reporting."""
TO_CHECK = (_S.CHECKING, _S.DIVIDED, _S.CHECKING_SETTLEMENT, _S.SETTLEMENT_DIVIDED)
"""The standings in which a person at the desk is to give a view."""
_AFTER_ASKING = frozenset({_S.RETURNED, _S.WAITING, _S.HELD, _S.NOT_REPORTED, _S.CHECKING, _S.READY, _S.CANCELLED})
_MAY_FOLLOW: Mapping[DebtStanding, frozenset[DebtStanding]] = {
    **dict.fromkeys(ASKED_ABOUT_REPORTING, _AFTER_ASKING),
    _S.CHECKING: _AFTER_ASKING | {_S.DIVIDED},
    _S.READY: _AFTER_ASKING | {_S.REPORTED},
    _S.CANCELLED: _AFTER_ASKING,
    _S.REPORTED: frozenset({_S.CHECKING_SETTLEMENT, _S.TO_RETRACT}),
    _S.CHECKING_SETTLEMENT: frozenset({_S.SETTLEMENT_DIVIDED, _S.TO_RETRACT, _S.REPORTED}),
    _S.SETTLEMENT_DIVIDED: frozenset({_S.TO_RETRACT, _S.REPORTED}),
    _S.TO_RETRACT: frozenset({_S.RETRACTED, _S.CHECKING_SETTLEMENT}),
    _S.RETRACTED: _AFTER_ASKING | {_S.ACKNOWLEDGED},
    _S.ACKNOWLEDGED: _AFTER_ASKING,
}
"""What may follow what."""


def taken(reference: str) -> DebtStateRecord:
    """Return the state of a debt that has just been taken in."""
    empty = dict.fromkeys(
        (
            "version",
            "reported_on",
            "reported_in",
            "settled_on",
            "settled_how",
            "settled_by",
            "retracted_on",
            "retracted_in",
            "acknowledged_on",
            "receipt_on",
            "receipt_sha256",
        ),
        "",
    )
    return DebtStateRecord(reference=reference, stands=_S.TAKEN.value, settlements=0, revision=1, **empty)


def standing_of(state: DebtStateRecord) -> DebtStanding:
    """Return where a debt stands."""
    return DebtStanding(state.stands)


def moved_debt(
    state: DebtStateRecord, to: DebtStanding, *, settlements: int | None = None, **changed: str
) -> DebtStateRecord:
    """Return the state after a move; to where it stands already counts as a move that changes nothing but columns.

    Raises: Mistaken: that cannot follow where the debt stands.
    """
    before = standing_of(state)
    if to is not before and to not in _MAY_FOLLOW.get(before, frozenset()):
        raise Mistaken(
            "nothing was done with the debt",
            why=f"it stands at `{before.value}`, and `{to.value}` cannot follow that",
            next_step="open the debt again and look where it stands now",
        )
    counted = state.settlements if settlements is None else settlements
    return replace(state, stands=to.value, settlements=counted, revision=state.revision + 1, **changed)
