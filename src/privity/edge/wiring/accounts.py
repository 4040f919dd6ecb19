"""Accounts of named officers."""

from dataclasses import dataclass

from django.contrib.auth import authenticate
from django.db.models import F

from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.edge.store.account import Account
from privity.errors import Mistaken


@dataclass(frozen=True, slots=True)
class AccountBook:
    """The accounts of an instance."""

    def add(self, officer: Officer, *, password: str, rank: str = "") -> None:
        """Make an account for an officer.

        Raises: Mistaken: the person has one already, or the password is too weak.
        """
        if Account.objects.filter(staff_id=officer.staff_id).exists():
            raise Mistaken(
                "the account was not made",
                why=f"`{officer.staff_id}` has one already",
                next_step="change it with `privity user`, or choose another identifier",
            )
        account = Account(
            staff_id=officer.staff_id,
            name=officer.name,
            organisation=officer.organisation,
            role=officer.role.value,
            rank=rank,
        )
        account.set_password(password)
        account.save()

    def sign_in(self, staff_id: str, password: str) -> Officer:
        """Return the officer whose account and password these are.

        Raises: Mistaken: they are not, or the account is closed; the answer is the same for all of these.
        """
        account = authenticate(username=staff_id, password=password)
        if not isinstance(account, Account):
            raise Mistaken(
                "you are not signed in",
                why="the staff identifier or the password is not right, or the account is closed",
                next_step="try again, or ask an administrator",
            )
        return officer_of(account)

    def officer_who_signs(self, staff_id: str, password: str) -> Officer:
        """Return the officer of an account whose password was given: how an act at a terminal is signed.

        Raises: Mistaken: there is no such account, it is disabled, or the password is another. The three look alike.
        """
        account = Account.objects.filter(staff_id=staff_id, is_active=True).first()
        if account is None:
            # As much work as a wrong password, so that the answer's time does not tell accounts from names.
            Account().set_password(password)
        if account is None or not account.check_password(password):
            raise Mistaken(
                "nothing was done",
                why="no account has that identifier and password",
                next_step="sign with your own account",
            )
        return officer_of(account)

    def end_sessions(self, staff_id: str) -> None:
        """End every session of an account at once; the person can sign in again.

        Raises: Mistaken: there is no such account.
        """
        if not Account.objects.filter(staff_id=staff_id).update(generation=F("generation") + 1):
            raise Mistaken(
                "no session was ended", why=f"there is no account `{staff_id}`", next_step="check the identifier"
            )

    def disable(self, staff_id: str) -> None:
        """Close an account at once: its next request is refused.

        Raises: Mistaken: there is no such account.
        """
        if not Account.objects.filter(staff_id=staff_id).update(is_active=False):
            raise Mistaken(
                "the account was not disabled",
                why=f"there is no account `{staff_id}`",
                next_step="check the identifier",
            )


def officer_of(account: Account) -> Officer:
    """Return the officer an account stands for."""
    return Officer(
        staff_id=StaffId(account.staff_id),
        name=account.name,
        organisation=OrganisationId(account.organisation),
        role=Role(account.role),
    )
