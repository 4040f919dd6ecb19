"""Accounts: how a named officer proves to be one. What they may do is decided elsewhere."""

from collections.abc import Iterator
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by the identifier people sign in with."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account with this staff identifier.

        Raises: Account.DoesNotExist: there is none.
        """
        return self.get(staff_id=username)


class Account(AbstractBaseUser):
    """One officer's account. `staff_id` is the person: two accounts of one person share nothing but it."""

    staff_id = models.CharField(max_length=80, unique=True)
    name = models.TextField()
    organisation = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    rank = models.CharField(max_length=80, blank=True, default="")
    """The rank or grade a requester's officer countersigns in, as the agreement spells it."""
    factor = models.TextField(blank=True, default="")
    """The shared secret of the second factor, enciphered; empty until the person has enrolled one."""
    factor_step = models.BigIntegerField(default=0)
    """The newest time step whose code was used: no code is taken twice."""
    generation = models.IntegerField(default=0)
    """Raised to end every session at once."""

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "staff_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def get_session_auth_hash(self) -> str:
        """Return what a session must carry to stay good: password, role, organisation and generation."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield what it would be under older keys of the instance."""
        for older in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(older)

    def _session_hash(self, secret: str | bytes | None) -> str:
        standing = "\n".join((self.password, self.role, self.organisation, str(self.generation)))
        digest: str = salted_hmac("privity.account.session", standing, secret=secret, algorithm="sha256").hexdigest()
        return digest

    class Meta:
        db_table = "account"
