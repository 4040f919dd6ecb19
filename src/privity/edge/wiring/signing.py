"""How a password is checked, for the pages and the terminal alike: slowly, and not for ever."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from privity.edge.store.account import Account
from privity.edge.wiring.throttle import Throttle


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
        if shut or not isinstance(found, Account):
            throttle.failed(name, at)
            return None
        throttle.succeeded(name)
        return found
