"""Where a request stands, as its sender is told: alike for found and not found, and nothing of what people do."""

from enum import StrEnum

from privity.casework.case_file import CaseFile
from privity.casework.dispatch import TAKEN_BACK
from privity.casework.lifecycle import Status


class Progress(StrEnum):
    """Where a request stands, as its sender is told."""

    RECEIVED = "received"
    """Acknowledged, and being read: within seconds it stands elsewhere."""
    UNREADABLE = "unreadable"
    """Something in it could not be read: mend it and send it again."""
    CONSIDERED = "considered"
    """With the custodian. What it does there is not told."""
    QUESTION = "question"
    """The custodian asked something; the clock stands still."""
    HELD = "held"
    """The agreement is suspended."""
    RETURNED = "returned"
    """Incomplete: complete it and send it again."""
    REFUSED = "refused"
    """Refused, with the clauses."""
    SEALED = "sealed"
    """Answered; the sealed answer leaves next."""
    SENT = "sent"
    """The sealed answer is there to be opened."""
    COLLECTED = "collected"
    """The requester has said that it has the answer."""
    DESTROYED = "destroyed"
    """The requester has said that what it received is gone."""
    WITHDRAWN = "withdrawn"
    """Taken back."""

    @property
    def words(self) -> str:
        """Return the progress as a page shows it."""
        return _WORDS[self]


_WORDS = {
    Progress.RECEIVED: "Received, being read",
    Progress.UNREADABLE: "Sent back: could not be read",
    Progress.CONSIDERED: "Being considered",
    Progress.QUESTION: "Question for you",
    Progress.HELD: "On hold: agreement suspended",
    Progress.RETURNED: "Sent back as incomplete",
    Progress.REFUSED: "Refused",
    Progress.SEALED: "Answered, about to leave",
    Progress.SENT: "Answer ready",
    Progress.COLLECTED: "Answer collected",
    Progress.DESTROYED: "Destroyed by you",
    Progress.WITHDRAWN: "Withdrawn",
}
_ENDED = {
    Status.UNREADABLE: Progress.UNREADABLE,
    Status.WITH_REQUESTER: Progress.QUESTION,
    Status.HELD: Progress.HELD,
    Status.RETURNED: Progress.RETURNED,
    Status.REFUSED: Progress.REFUSED,
    Status.DESTROYED: Progress.DESTROYED,
    Status.WITHDRAWN: Progress.WITHDRAWN,
}
_ON_ITS_WAY = {"sent": Progress.SENT, "collected": Progress.COLLECTED}


def progress_of(file: CaseFile) -> Progress:
    """Return where a request stands, as its sender is told."""
    ended = _ENDED.get(file.status)
    if ended:
        return ended
    if file.asked is None:
        return Progress.RECEIVED
    if file.outbox is None or file.outbox.state == TAKEN_BACK:
        return Progress.CONSIDERED
    return _ON_ITS_WAY.get(file.outbox.state, Progress.SEALED)
