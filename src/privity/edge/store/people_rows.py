"""Rows of who may take part, under the ledger; and of how people prove who they are, which no entry commits to."""

from typing import ClassVar

from django.db import models

from privity.edge.store.case_rows import Row


class Officer(Row):
    """An officer as two people enrolled them. An account that says otherwise signs nobody in."""

    name = models.TextField()
    organisation = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    rank = models.CharField(max_length=80, blank=True)
    standing = models.CharField(max_length=20)
    sessions = models.IntegerField()
    factors = models.IntegerField()
    issuer = models.CharField(max_length=255, blank=True)
    subject = models.CharField(max_length=255, blank=True, db_index=True)

    class Meta:
        db_table = "officer"


class Proposal(Row):
    """What one person put forward and another has to confirm."""

    change = models.CharField(max_length=20)
    about = models.CharField(max_length=80)
    content = models.TextField()
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.CharField(max_length=20)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=20, blank=True, db_index=True)

    class Meta:
        db_table = "proposal"


class SetUp(models.Model):
    """The two halves of the code with which somebody makes their credentials; each is kept as its hash."""

    proposal = models.CharField(max_length=32, primary_key=True)
    staff_id = models.CharField(max_length=80, db_index=True)
    first_sha256 = models.CharField(max_length=64)
    second_sha256 = models.CharField(max_length=64, blank=True, default="")
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "set_up"


class Passkey(models.Model):
    """A passkey of an account: a public key, and how often it has signed."""

    credential = models.CharField(max_length=1400, unique=True)
    staff_id = models.CharField(max_length=80, db_index=True)
    public_key = models.TextField()
    signed = models.BigIntegerField()
    called = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "passkey"


class RecoveryCode(models.Model):
    """A code that stands in for the second factor once. Kept as its hash."""

    staff_id = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "recovery_code"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["staff_id", "sha256"], name="one_recovery_code_once")
        ]
