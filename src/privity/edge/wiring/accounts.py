"""Accounts of named officers."""

from dataclasses import dataclass

from django.contrib.auth import authenticate

from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.edge.store.account import Account
from privity.errors import Mistaken


@dataclass(frozen=True, slots=True)
class AccountBook:
    """The accounts of an instance."""

    def add(self, officer: Officer, *, password: str) -> None:
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
            staff_id=officer.staff_id, name=officer.name, organisation=officer.organisation, role=officer.role.value
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
