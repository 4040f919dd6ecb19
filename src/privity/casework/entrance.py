"""The entrance as the pages know it: how a named person proves to be one. `edge.wiring` stands behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from privity.definitions.party import Officer


class Need(StrEnum):
    """What is still missing once the password has held."""

    NOTHING = "nothing"
    """The account is a demonstration's and has no second factor of its own."""
    FACTOR = "factor"
    """A code or a passkey."""
    ENROLMENT = "enrolment"
    """A second factor has to be enrolled first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Which site a browser believes to be on: what a passkey signs for."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """One exchange with a passkey: what the browser is told, and the challenge to be kept meanwhile."""

    options: str
    challenge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A shared secret being enrolled: as words, as a picture (a path in a square grid), and as it is kept meanwhile."""

    words: str
    address: str
    outline: str
    size: int
    closed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPasskey:
    """A passkey somebody has enrolled."""

    number: int
    called: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """What somebody can prove themselves with."""

    app: bool
    passkeys: Sequence[KnownPasskey]
    recovery_codes: int
    sign_on: str
    """The issuer of their organisation's own sign-on, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where a browser is sent to sign on elsewhere, and what is kept meanwhile."""

    address: str
    kept: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Who came back from signing on elsewhere, and the token that says so."""

    staff_id: str
    token: str = field(repr=False)


class Entrance(Protocol):
    """How people come in, and how they leave."""

    def need(self, staff_id: str) -> Need:
        """Return what is missing once the password has held."""

    def proofs(self, staff_id: str) -> Proofs:
        """Return what somebody can prove themselves with."""

    def offer_app(self, staff_id: str, closed: str = "") -> App:
        """Return a secret to be enrolled: a new one, or the one kept meanwhile."""

    def enrol_app(self, staff_id: str, closed: str, code: str, *, at: datetime) -> None:
        """Enrol an app that shows the right code.

        Raises: Mistaken: it does not.
        """

    def begin_passkey(self, staff_id: str, site: Site) -> Ceremony:
        """Return what a browser needs to make a passkey."""

    def enrol_passkey(
        self, staff_id: str, answer: str, challenge: str, called: str, site: Site, *, at: datetime
    ) -> None:
        """Keep a passkey that a browser made.

        Raises: Mistaken: it is not one for this site and challenge.
        """

    def remove_passkey(self, staff_id: str, number: int, *, at: datetime) -> None:
        """Remove one of somebody's passkeys.

        Raises: Mistaken: there is no such one, or nothing else would be left.
        """

    def fresh_recovery_codes(self, staff_id: str) -> Sequence[str]:
        """Return new recovery codes; the ones before are void."""

    def code_holds(self, staff_id: str, typed: str, *, at: datetime) -> bool:
        """Return whether a code from the app, or a recovery code, is right; it is used up."""

    def ask_passkey(self, staff_id: str, site: Site) -> Ceremony:
        """Return what a browser needs to sign with one of the person's passkeys."""

    def passkey_holds(self, staff_id: str, answer: str, challenge: str, site: Site, *, at: datetime) -> bool:
        """Return whether one of the person's passkeys signed the challenge for this site."""

    def set_up(self, staff_id: str, first: str, second: str, password: str, *, at: datetime) -> None:
        """Set a password with the two halves of a set-up code.

        Raises: Mistaken: the halves are not right or too old, or the password is too weak.
        """

    def change_password(self, staff_id: str, before: str, after: str, *, at: datetime) -> None:
        """Change somebody's own password; every other session ends.

        Raises: Mistaken: the one before is not right, or the new one is too weak.
        """

    def end_own_sessions(self, by: Officer, *, at: datetime) -> None:
        """End every session of the person who asks."""

    def sign_on_called(self) -> str:
        """Return what the organisation's own sign-on is called, or nothing where there is none."""

    def depart(self, back: str) -> Departure:
        """Return where to send a browser that signs on elsewhere; `back` is the address it comes back to.

        Raises: Unavailable: there is no sign-on, or it does not answer.
        """

    def arrive(self, query: dict[str, str], kept: dict[str, str], back: str, *, at: datetime) -> Arrival:
        """Return who came back from signing on.

        Raises: Mistaken: the answer is not one to our question, proves too little, or is nobody enrolled here.
                Unavailable: the sign-on does not answer.
        """

    def leave(self, token: str, back: str, state: str) -> str:
        """Return where somebody who signed on elsewhere signs out there too; nothing where that cannot be done.

        Raises: Unavailable: the sign-on does not answer.
        """

    def told_of_leaving(self, logout_token: str, *, at: datetime) -> None:
        """End every session of somebody of whom the sign-on says that they signed out there.

        Raises: Mistaken: the token is not believed. Unavailable: the sign-on does not answer.
        """
