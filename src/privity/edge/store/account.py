"""Accounts: how a named officer proves to be one. What they may do is decided elsewhere."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


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

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "staff_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        db_table = "account"
