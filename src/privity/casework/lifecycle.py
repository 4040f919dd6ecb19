"""The status of a case: one table of what may follow what, one table of who owns it. Both are data.

INVARIANT: nothing sets a status but `moved`. The state diagram in the docs is drawn from these tables.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from privity.casework.records import StateRecord
from privity.errors import Mistaken


class Status(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    """Taken in; what was sent has not been read yet, or the agreement has not been asked."""
    UNREADABLE = "unreadable"
    """What was sent could not be read: back with its sender, and nobody was looked up."""
    RETURNED = "returned"
    """Incomplete or against procedure: back with its sender, the clock not running. Published as rejected."""
    HELD = "held"
    """A suspension is in force: nothing moves until it is lifted."""
    REFERRED = "referred"
    """A term of the agreement needs a human ruling before anything else."""
    JUDGING_PURPOSE = "judging-purpose"
    """Two officers are asked whether disclosure is in the public interest."""
    PURPOSE_DIVIDED = "purpose-divided"
    """The two officers differ on the purpose: the guardian decides."""
    WITH_REQUESTER = "with-requester"
    """A question is with the requester; the clock stands still."""
    REFUSED = "refused"
    """Refused, by the agreement's terms or in the public interest."""
    APPROVED = "approved"
    """The purpose is approved: the register may be read for this case."""
    JUDGING_IDENTITY = "judging-identity"
    """Candidates are found: two officers are asked which, if any, is the person."""
    IDENTITY_DIVIDED = "identity-divided"
    """The two officers differ on the identity: the guardian decides."""
    PROTECTED = "protected"
    """The record found is protected: with the guardian. The requester is told what `no trace` is told."""
    IDENTIFIED = "identified"
    """Two people agree who it is: after the safety screen the least data can be released."""
    HARM_REVIEW = "harm-review"
    """The safety screen found cause for care: the guardian decides."""
    FORWARDING = "forwarding"
    """A letter is forwarded instead of the data: it is drafted, read by a second person, and posted."""
    FORWARDED = "forwarded"
    """The letter has been posted: an answer saying so can go out."""
    UNIDENTIFIED = "unidentified"
    """Nobody was found: an answer saying so can go out."""
    SEALED = "sealed"
    """The least data is sealed and in the outbox."""
    SENT = "sent"
    """The sealed pack has left."""
    COLLECTED = "collected"
    """The requester has it."""
    DESTROYED = "destroyed"
    """The requester confirms that it is gone."""
    UNTRACED = "untraced"
    """Approved, and nobody was found; the answer is sealed."""
    WITHDRAWN = "withdrawn"
    """The requester took it back."""

    @property
    def words(self) -> str:
        """Return the status as a page shows it."""
        return _WORDS[self]

    @property
    def is_closed(self) -> bool:
        """Return whether the custodian has answered: nothing of the 20 working days is left to do."""
        return self in CLOSED


S = Status
_JUDGED = frozenset({S.JUDGING_PURPOSE, S.REFERRED, S.REFUSED, S.RETURNED, S.HELD, S.APPROVED})
_SOUGHT = frozenset({S.APPROVED, S.HELD, S.REFUSED, S.WITHDRAWN})
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    S.RECEIVED: _JUDGED | {S.UNREADABLE, S.WITHDRAWN},
    S.UNREADABLE: frozenset(),
    S.RETURNED: frozenset(),
    S.HELD: _JUDGED | {S.IDENTIFIED, S.UNIDENTIFIED, S.HARM_REVIEW, S.FORWARDING, S.FORWARDED, S.WITHDRAWN},
    S.REFERRED: _JUDGED | {S.PURPOSE_DIVIDED, S.WITH_REQUESTER, S.WITHDRAWN},
    S.JUDGING_PURPOSE: _JUDGED | {S.PURPOSE_DIVIDED, S.WITH_REQUESTER, S.WITHDRAWN},
    S.PURPOSE_DIVIDED: _JUDGED | {S.WITH_REQUESTER, S.WITHDRAWN},
    S.WITH_REQUESTER: frozenset({S.JUDGING_PURPOSE, S.REFERRED, S.PURPOSE_DIVIDED, S.HELD, S.WITHDRAWN}),
    S.REFUSED: frozenset(),
    S.APPROVED: _JUDGED - {S.APPROVED} | {S.JUDGING_IDENTITY, S.UNIDENTIFIED, S.PROTECTED, S.WITHDRAWN},
    S.JUDGING_IDENTITY: _SOUGHT | {S.IDENTIFIED, S.UNIDENTIFIED, S.IDENTITY_DIVIDED},
    S.IDENTITY_DIVIDED: _SOUGHT | {S.IDENTIFIED, S.UNIDENTIFIED},
    S.PROTECTED: _SOUGHT | {S.UNIDENTIFIED},
    S.IDENTIFIED: _JUDGED | {S.SEALED, S.UNIDENTIFIED, S.WITHDRAWN, S.HARM_REVIEW, S.PROTECTED, S.FORWARDING},
    S.HARM_REVIEW: _JUDGED | {S.IDENTIFIED, S.UNIDENTIFIED, S.PROTECTED, S.FORWARDING, S.WITHDRAWN},
    S.FORWARDING: _JUDGED | {S.FORWARDED, S.HARM_REVIEW, S.PROTECTED, S.WITHDRAWN},
    S.FORWARDED: _JUDGED | {S.SEALED, S.WITHDRAWN},
    S.UNIDENTIFIED: _JUDGED | {S.UNTRACED, S.WITHDRAWN},
    S.SEALED: frozenset({S.SENT, S.IDENTIFIED, S.FORWARDED}),
    S.SENT: frozenset({S.COLLECTED, S.DESTROYED}),
    S.COLLECTED: frozenset({S.DESTROYED}),
    S.DESTROYED: frozenset(),
    S.UNTRACED: frozenset({S.UNIDENTIFIED}),
    S.WITHDRAWN: frozenset(),
}
"""What may follow what."""


class Owner(StrEnum):
    """Whose turn it is."""

    GATEWAY = "gateway"
    """A rule acts; no person waits."""
    OFFICER = "disclosure officer"
    """A disclosure officer of the custodian."""
    GUARDIAN = "guardian"
    """The Caldicott guardian."""
    REQUESTER = "requester"
    """The asking body."""
    NOBODY = "nobody"
    """The case is over."""


OWNERS: Mapping[Status, Owner] = {
    S.RECEIVED: Owner.GATEWAY,
    S.UNREADABLE: Owner.NOBODY,
    S.RETURNED: Owner.NOBODY,
    S.HELD: Owner.NOBODY,
    S.REFERRED: Owner.OFFICER,
    S.JUDGING_PURPOSE: Owner.OFFICER,
    S.PURPOSE_DIVIDED: Owner.GUARDIAN,
    S.WITH_REQUESTER: Owner.REQUESTER,
    S.REFUSED: Owner.NOBODY,
    S.APPROVED: Owner.GATEWAY,
    S.JUDGING_IDENTITY: Owner.OFFICER,
    S.IDENTITY_DIVIDED: Owner.GUARDIAN,
    S.PROTECTED: Owner.GUARDIAN,
    S.IDENTIFIED: Owner.OFFICER,
    S.HARM_REVIEW: Owner.GUARDIAN,
    S.FORWARDING: Owner.OFFICER,
    S.FORWARDED: Owner.OFFICER,
    S.UNIDENTIFIED: Owner.OFFICER,
    S.SEALED: Owner.GATEWAY,
    S.SENT: Owner.REQUESTER,
    S.COLLECTED: Owner.REQUESTER,
    S.DESTROYED: Owner.NOBODY,
    S.UNTRACED: Owner.NOBODY,
    S.WITHDRAWN: Owner.NOBODY,
}
"""Who owns each status."""

CLOSED = frozenset(
    {S.UNREADABLE, S.RETURNED, S.REFUSED, S.SEALED, S.SENT, S.COLLECTED, S.DESTROYED, S.UNTRACED, S.WITHDRAWN}
)
"""The custodian has answered."""
WITHDRAWABLE = frozenset(status for status, following in TRANSITIONS.items() if S.WITHDRAWN in following)
PURPOSE_STATUSES = (S.JUDGING_PURPOSE, S.REFERRED, S.PURPOSE_DIVIDED)
"""In which people judge the purpose."""
ASKABLE = PURPOSE_STATUSES
"""In which the requester can be asked something."""
IDENTITY_STATUSES = (S.JUDGING_IDENTITY, S.IDENTITY_DIVIDED)
"""In which people judge who it is."""
AFTER_TRACE = (S.PROTECTED, *IDENTITY_STATUSES, S.IDENTIFIED, S.HARM_REVIEW, S.FORWARDING, S.UNIDENTIFIED)
"""In which what a trace found can be set aside, and the person traced again: nothing has left, and no letter either."""
READY = (S.IDENTIFIED, S.UNIDENTIFIED, S.FORWARDED)
"""In which the answer can be sealed."""
SCREENED = (S.IDENTIFIED, S.HARM_REVIEW)
"""In which a safety screen is taken: an officer's or the guardian's before the release, the guardian's afterwards."""

_WORDS = {
    S.RECEIVED: "Received",
    S.UNREADABLE: "Could not be read",
    S.RETURNED: "Sent back as incomplete",
    S.HELD: "Held: agreement suspended",
    S.REFERRED: "Needs a ruling",
    S.JUDGING_PURPOSE: "Purpose review",
    S.PURPOSE_DIVIDED: "Guardian: purpose",
    S.WITH_REQUESTER: "Waiting for the requester",
    S.REFUSED: "Refused",
    S.APPROVED: "Approved for tracing",
    S.JUDGING_IDENTITY: "Identity review",
    S.IDENTITY_DIVIDED: "Guardian: identity",
    S.PROTECTED: "Guardian: protected",
    S.IDENTIFIED: "Ready to release",
    S.HARM_REVIEW: "Guardian: safety",
    S.FORWARDING: "Letter to forward",
    S.FORWARDED: "Letter forwarded: ready to answer",
    S.UNIDENTIFIED: "No trace: ready to answer",
    S.SEALED: "Sealed",
    S.SENT: "Sent",
    S.COLLECTED: "Collected",
    S.DESTROYED: "Destroyed by the requester",
    S.UNTRACED: "No trace: answered",
    S.WITHDRAWN: "Withdrawn",
}


def moved(
    state: StateRecord,
    to: Status,
    *,
    on: date,
    version: str | None = None,
    urgent: bool | None = None,
    working_days: int | None = None,
    due: str | None = None,
) -> StateRecord:
    """Return the state after a move to `to`.

    Args:   on: the day of the act, kept as the closing day where the case is answered by it.
    Raises: Mistaken: `to` may not follow the status the case is in.
    """
    now = Status(state.status)
    if to not in TRANSITIONS[now]:
        raise Mistaken(
            "the act was not done",
            why=f"a case that is `{now.value}` cannot become `{to.value}`",
            next_step="look at the case again: somebody may have acted on it meanwhile",
        )
    closed_on = (state.closed_on or on.isoformat()) if to.is_closed else ""
    return replace(
        state,
        status=to.value,
        closed_on=closed_on,
        revision=state.revision + 1,
        version=state.version if version is None else version,
        urgent=state.urgent if urgent is None else urgent,
        working_days=state.working_days if working_days is None else working_days,
        due=state.due if due is None else due,
    )


def opened(reference: str, *, due: str = "") -> StateRecord:
    """Return the state a case begins in.

    Args: due: the day promised when it was received, where one was.
    """
    return StateRecord(
        reference=reference,
        status=Status.RECEIVED.value,
        version="",
        urgent=False,
        working_days=0,
        due=due,
        assigned_to="",
        closed_on="",
        revision=1,
    )


def assigned(state: StateRecord, staff_id: str) -> StateRecord:
    """Return the state with another person in charge; the status stays."""
    return replace(state, assigned_to=staff_id, revision=state.revision + 1)


def touched(state: StateRecord, *, due: str | None = None) -> StateRecord:
    """Return the state one revision on, where an act changed the case but not its status."""
    return replace(state, revision=state.revision + 1, due=state.due if due is None else due)
