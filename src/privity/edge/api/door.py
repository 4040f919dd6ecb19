"""What stands behind the interface for programs, and the only clock it reads. `edge.wiring` opens it once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from privity.casework.desk import Desk
from privity.casework.public_desk import PublicDesk
from privity.casework.requester_desk import RequesterDesk
from privity.definitions.party import Officer
from privity.errors import Unavailable


class Programs(Protocol):
    """How a requester's system proves who it is: OAuth 2 client credentials, short-lived opaque tokens."""

    def token(self, program: str, secret: str, at: datetime, certificate: str = "") -> tuple[str, int]:
        """Return a fresh token and how many seconds it lives, bound to the caller's certificate where there is one.

        Raises: Mistaken: no such program, another secret or certificate, too many failures; the answer is the same.
        """

    def holder(self, token: str, at: datetime, certificate: str = "") -> Officer | None:
        """Return for whom a token speaks now, or None: unknown, ended, revoked, or bound to another certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Everything the interface needs."""

    desk: Desk
    requester_desk: RequesterDesk
    programs: Programs
    public_desk: PublicDesk
    made_up: bool = False
    """Whether this is a demonstration, where everybody is invented."""


CERTIFICATE = "privity.client_certificate_sha256"
"""Where a request carries the SHA-256 of the certificate its caller proved to hold. Only our own middleware writes it:
no header can, since headers come in as `HTTP_…`."""
_OPENED: dict[str, Behind] = {}


def open_with(behind: Behind) -> None:
    """Put an instance behind the interface."""
    _OPENED["it"] = behind


def behind() -> Behind:
    """Return what stands behind the interface.

    Raises: Unavailable: nobody opened it.
    """
    if "it" not in _OPENED:
        raise Unavailable(
            "the request was not answered",
            why="the interface was started without an instance behind it",
            next_step="start it with `privity serve --data DIR`",
        )
    return _OPENED["it"]


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)
