"""How a password is checked, for pages and terminal alike: slowly, not for ever, and against the ledger's record."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from privity.casework.account_records import Standing
from privity.edge.store.account import Account
from privity.edge.store.people_rows import Officer
from privity.edge.wiring.throttle import Throttle


def follows_its_record(account: Account) -> bool:
    """Return whether an account says exactly what its officer's record under the ledger says, and is open."""
    return Officer.objects.filter(
        reference=account.staff_id,
        name=account.name,
        organisation=account.organisation,
        role=account.role,
        rank=account.rank,
        sessions=account.generation,
        standing=Standing.OPEN.value,
    ).exists()


class ThrottledPasswords(ModelBackend):
    """Django's own check of a password, shut for a name that failed five times within a quarter of an hour.

    The password is hashed even for a name that is shut, so that the time taken says nothing.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_kwargs: Any
    ) -> Account | None:
        """Return the account whose name and password these are, or None."""
        throttle, name, at = Throttle(), f"person:{username or ''}", datetime.now(UTC)
        shut = throttle.is_shut(name, at)
        found = super().authenticate(request, username=username, password=password)
        if shut or not isinstance(found, Account) or not follows_its_record(found):
            throttle.failed(name, at)
            return None
        throttle.succeeded(name)
        return found

    def get_user(self, user_id: int) -> Account | None:
        """Return the account of a session, unless it no longer is what the ledger's record says."""
        found = super().get_user(user_id)
        return found if isinstance(found, Account) and follows_its_record(found) else None
