"""Accounts: what a named officer proves to be one with. Who the officer is stands in the record under the ledger.

Rules of the module:
- An account follows its officer's record, and is written in the same transaction. One that says otherwise than the
  record (somebody changed the table behind the ledger's back) signs nobody in, and ends its sessions.
- Without a second factor nobody comes in, but where the ledger's first entry says that everybody is made up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from privity.casework.account_records import OfficerRecord, Standing
from privity.casework.entrance import Need
from privity.definitions.party import Officer, OrganisationId, Role, StaffId
from privity.edge.store.account import Account
from privity.edge.wiring.second_factor import SecondFactor
from privity.edge.wiring.signing import follows_its_record
from privity.errors import Mistaken

LONGEST_PASSWORD = 200
FOLLOWED = ("name", "organisation", "role", "rank", "is_active", "generation")
"""What an account says because its officer's record says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBook:
    """The accounts of an instance. `is_demonstration` asks the ledger each time: it cannot be set."""

    factors: SecondFactor
    is_demonstration: Callable[[], bool]

    def add(self, officer: Officer, *, password: str, rank: str = "") -> None:
        """Make an account with a password for an officer who has just been enrolled.

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
        account.set_password(_strong(password))
        account.save()

    def follow(self, record: OfficerRecord) -> None:
        """Make the account say what the officer's record says; a new one has no password yet."""
        account = Account.objects.filter(staff_id=record.reference).first()
        is_new = account is None
        account = account or Account(staff_id=record.reference)
        account.name, account.organisation = record.name, record.organisation
        account.role, account.rank = record.role, record.rank
        account.is_active = record.standing == Standing.OPEN.value
        account.generation = record.sessions
        if is_new:
            account.set_unusable_password()
        # Password and second factor are not the record's, and may be changed at this very moment.
        account.save(update_fields=None if is_new else FOLLOWED)

    def set_password(self, staff_id: str, password: str) -> None:
        """Set somebody's password, which ends every session.

        Raises: Mistaken: it is too weak, or there is no such account.
        """
        account = Account.objects.filter(staff_id=staff_id).first()
        if account is None:
            raise _not_known(staff_id)
        account.set_password(_strong(password))
        account.save(update_fields=["password"])

    def change_password(self, staff_id: str, before: str, after: str) -> None:
        """Change somebody's password, which ends every session; none that was made void or changed meanwhile.

        Raises: Mistaken: the one they have now is not right, or the new one is too weak.
        """
        account = authenticate(username=staff_id, password=before)
        if isinstance(account, Account):
            held = Account.objects.filter(pk=account.pk, password=account.password, generation=account.generation)
            account.set_password(_strong(after))
            if held.update(password=account.password):
                return
        raise Mistaken(
            "the password was not changed",
            why="the one you have now is not right, or was tried too often",
            next_step="type it again",
        )

    def make_void(self, staff_id: str) -> None:
        """Make void whatever somebody proves themselves with."""
        account = Account.objects.filter(staff_id=staff_id).first()
        if account is None:
            raise _not_known(staff_id)
        account.set_unusable_password()
        account.save(update_fields=["password"])
        self.factors.forget(staff_id)

    def need(self, staff_id: str) -> Need:
        """Return what is missing once somebody's password has held."""
        if self.factors.is_enrolled(staff_id):
            return Need.FACTOR
        return Need.NOTHING if self.is_demonstration() else Need.ENROLMENT

    def password_holds(self, staff_id: str, password: str) -> bool:
        """Return whether this is the password of an account that may be used; failures are counted."""
        account = authenticate(username=staff_id, password=password)
        return isinstance(account, Account) and follows_its_record(account)

    def must_have_no_factor_yet(self, staff_id: str, password: str) -> None:
        """Raise unless this is the password of an account that has no second factor.

        Raises: Mistaken: another password, or it has one.
        """
        if not self.password_holds(staff_id, password):
            raise _not_right()
        if self.factors.is_enrolled(staff_id):
            raise Mistaken(
                "no app was enrolled",
                why="this account has a second factor",
                next_step="add another at the pages, signed in with the one you have",
            )

    def sign_in(self, staff_id: str, password: str, code: Callable[[], str], *, at: datetime) -> Officer:
        """Return the officer whose password and code these are: how an act at a terminal is signed.

        Args:   code: asked for only where the password held and the account has a second factor.
        Raises: Mistaken: they are not, or the account may not be used (the answer is the same for all of these); or a
                second factor is missing.
        """
        account = authenticate(username=staff_id, password=password)
        if not isinstance(account, Account) or not follows_its_record(account):
            raise _not_right()
        match self.need(staff_id):
            case Need.NOTHING:
                return officer_of(account)
            case Need.FACTOR:
                if not self.factors.holds(staff_id, code(), at):
                    raise _not_right()
                return officer_of(account)
            case Need.ENROLMENT:
                raise Mistaken(
                    "nothing was done",
                    why="this account has no second factor yet",
                    next_step="enrol one: sign in at the pages, or run `privity user enrol-app STAFF-ID`",
                )
            case other:
                assert_never(other)


def officer_of(account: Account) -> Officer:
    """Return the officer an account stands for."""
    return Officer(
        staff_id=StaffId(account.staff_id),
        name=account.name,
        organisation=OrganisationId(account.organisation),
        role=Role(account.role),
    )


def _strong(password: str) -> str:
    try:
        validate_password(password)
    except ValidationError as weak:
        raise Mistaken(
            "the password was not set",
            why="it is shorter than 12 characters, longer than 200, or one that everybody uses",
            next_step="choose a longer one: four words that do not belong together do well",
        ) from weak
    if len(password) > LONGEST_PASSWORD:
        raise Mistaken(
            "the password was not set", why="it is longer than 200 characters", next_step="choose a shorter one"
        )
    return password


def _not_known(staff_id: str) -> Mistaken:
    return Mistaken(
        "the account was not changed", why=f"there is no account `{staff_id}`", next_step="check the identifier"
    )


def _not_right() -> Mistaken:
    return Mistaken(
        "nothing was done",
        why="identifier, password or code is not right, it failed too often, or the account is closed",
        next_step="sign with your own account, wait a quarter of an hour, or ask an administrator",
    )
