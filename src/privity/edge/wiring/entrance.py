"""The entrance of an instance: password, second factor, passkeys, and the organisation's own sign-on, joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno

from privity.casework.account_records import Standing
from privity.casework.entrance import App, Arrival, Ceremony, Departure, KnownPasskey, Need, Proofs, Site
from privity.definitions.party import Officer
from privity.edge.store.people_rows import Officer as OfficerRow
from privity.edge.store.people_rows import Passkey
from privity.edge.wiring.accounts import AccountBook
from privity.edge.wiring.keeper import InstanceKeeper
from privity.edge.wiring.passkeys import Passkeys
from privity.edge.wiring.second_factor import SecondFactor
from privity.edge.wiring.single_sign_on import SingleSignOn
from privity.errors import Mistaken

QUIET_ZONE = 4
"""Modules of white around the picture, without which readers miss it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceEntrance:
    """How people come into one instance."""

    accounts: AccountBook
    keeper: InstanceKeeper
    factors: SecondFactor
    passkeys: Passkeys
    sign_on: SingleSignOn

    def need(self, staff_id: str) -> Need:
        """Return what is missing once the password has held."""
        return self.accounts.need(staff_id)

    def proofs(self, staff_id: str) -> Proofs:
        """Return what somebody can prove themselves with."""
        linked = OfficerRow.objects.filter(reference=staff_id).values_list("issuer", flat=True).first()
        return Proofs(
            app=self.factors.has_app(staff_id),
            passkeys=tuple(
                KnownPasskey(number=row.pk, called=row.called, added_at=row.added_at, used_at=row.used_at)
                for row in Passkey.objects.filter(staff_id=staff_id).order_by("added_at")
            ),
            recovery_codes=self.factors.recovery_codes_left(staff_id),
            sign_on=linked or "",
        )

    def offer_app(self, staff_id: str, closed: str = "") -> App:
        """Return a secret to be enrolled, as words and as a picture: a new one, or the one kept meanwhile."""
        cipher = self.factors.cipher
        secret = cipher.open(closed, of=f"offer:{staff_id}") if closed else self.factors.fresh_secret()
        address = self.factors.address(staff_id, secret)
        outline, size = _outline(address)
        return App(
            words=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
            address=address,
            outline=outline,
            size=size,
            closed=closed or cipher.close(secret, of=f"offer:{staff_id}"),
        )

    def enrol_app(self, staff_id: str, closed: str, code: str, *, at: datetime) -> None:
        """Enrol an app that shows the right code."""
        secret = self.factors.cipher.open(closed, of=f"offer:{staff_id}")
        self.factors.enrol_app(staff_id, secret, code, at)
        self.keeper.factor_enrolled(staff_id, "app", at=at)

    def begin_passkey(self, staff_id: str, site: Site) -> Ceremony:
        """Return what a browser needs to make a passkey."""
        return self.passkeys.begin_enrolment(staff_id, site)

    def enrol_passkey(
        self, staff_id: str, answer: str, challenge: str, called: str, site: Site, *, at: datetime
    ) -> None:
        """Keep a passkey that a browser made."""
        self.passkeys.enrol(staff_id, answer, challenge, called, site, at)
        self.keeper.factor_enrolled(staff_id, "passkey", at=at)

    def remove_passkey(self, staff_id: str, number: int, *, at: datetime) -> None:
        """Remove one of somebody's passkeys, unless nothing else would be left."""
        others = Passkey.objects.filter(staff_id=staff_id).exclude(pk=number).exists()
        if not others and not self.factors.has_app(staff_id):
            raise Mistaken(
                "the passkey was not removed",
                why="without it you could not sign in",
                next_step="add another passkey or an app first",
            )
        if not Passkey.objects.filter(staff_id=staff_id, pk=number).delete()[0]:
            raise Mistaken("the passkey was not removed", why="it is not there", next_step="look at the list again")
        self.keeper.factor_enrolled(staff_id, "passkey-removed", at=at)

    def fresh_recovery_codes(self, staff_id: str) -> Sequence[str]:
        """Return new recovery codes; the ones before are void."""
        return self.factors.fresh_recovery_codes(staff_id)

    def code_holds(self, staff_id: str, typed: str, *, at: datetime) -> bool:
        """Return whether a code is right; it is used up."""
        return self.factors.holds(staff_id, typed, at)

    def ask_passkey(self, staff_id: str, site: Site) -> Ceremony:
        """Return what a browser needs to sign with one of the person's passkeys."""
        return self.passkeys.begin_sign_in(staff_id, site)

    def passkey_holds(self, staff_id: str, answer: str, challenge: str, site: Site, *, at: datetime) -> bool:
        """Return whether one of the person's passkeys signed the challenge for this site."""
        return self.passkeys.holds(staff_id, answer, challenge, site, at)

    def set_up(self, staff_id: str, first: str, second: str, password: str, *, at: datetime) -> None:
        """Set a password with the two halves of a set-up code."""
        self.keeper.set_up(staff_id, first, second, password, at=at)

    def change_password(self, staff_id: str, before: str, after: str, *, at: datetime) -> None:
        """Change somebody's own password; every other session ends."""
        self.accounts.change_password(staff_id, before, after)

    def end_own_sessions(self, by: Officer, *, at: datetime) -> None:
        """End every session of the person who asks."""
        self.keeper.end_sessions(by.staff_id, by=by, at=at)

    def sign_on_called(self) -> str:
        """Return what the organisation's own sign-on is called, or nothing where there is none."""
        provider = self.sign_on.provider()
        return provider.called if provider else ""

    def depart(self, back: str) -> Departure:
        """Return where to send a browser that signs on elsewhere."""
        return self.sign_on.depart(back)

    def arrive(self, query: dict[str, str], kept: dict[str, str], back: str, *, at: datetime) -> Arrival:
        """Return who came back from signing on."""
        came = self.sign_on.arrive(query, kept, back, at=at)
        staff_id = _linked(came.issuer, came.subject)
        if staff_id is None:
            raise Mistaken(
                "you are not signed in",
                why="the sign-on knows you, but nobody enrolled here is linked to you",
                next_step="ask your administrator to link you; two of them do",
            )
        return Arrival(staff_id=staff_id, token=came.token)

    def leave(self, token: str, back: str, state: str) -> str:
        """Return where somebody who signed on elsewhere signs out there too."""
        return self.sign_on.leave(token, back, state)

    def told_of_leaving(self, logout_token: str, *, at: datetime) -> None:
        """End every session of somebody who signed out elsewhere; of nobody where nobody is linked."""
        staff_id = _linked(*self.sign_on.told_of_leaving(logout_token, at=at))
        if staff_id is not None:
            self.keeper.sign_out_elsewhere(staff_id, at=at)


def _linked(issuer: str, subject: str) -> str | None:
    """Return who is linked to a subject of a sign-on, if anybody with an open account is."""
    linked = OfficerRow.objects.filter(issuer=issuer, subject=subject, standing=Standing.OPEN.value)
    return linked.values_list("reference", flat=True).first()


def _outline(address: str) -> tuple[str, int]:
    """Return the picture of an address as one path of unit squares, and how many units its side has."""
    matrix = segno.make(address, error="m", micro=False).matrix
    squares = [
        f"M{column + QUIET_ZONE} {row + QUIET_ZONE}h1v1h-1z"
        for row, line in enumerate(matrix)
        for column, dark in enumerate(line)
        if dark
    ]
    return "".join(squares), len(matrix) + 2 * QUIET_ZONE
