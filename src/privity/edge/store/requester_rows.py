"""Rows of what requesters have before there is a case, and of how people and programs prove who they are.

None of this is a record of a case: no ledger entry commits to it. A draft is its writer's until it is sent, and its
words are gone from the database when it has been.
"""

from typing import ClassVar

from django.db import models


class Draft(models.Model):
    """A request being written, or a file of them that has been read and not yet sent."""

    id = models.CharField(max_length=32, primary_key=True)
    organisation = models.CharField(max_length=80, db_index=True)
    staff_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=20)
    content = models.TextField(blank=True)
    revision = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    became = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table = "draft"


class Program(models.Model):
    """A requester's system. The secret is kept as its hash; it was shown once."""

    id = models.CharField(max_length=32, primary_key=True)
    organisation = models.CharField(max_length=80)
    secret_sha256 = models.CharField(max_length=64)
    added_by = models.CharField(max_length=80)
    seconded_by = models.CharField(max_length=80)
    added_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True, default="")
    """The certificate without which it gets no token; empty where the secret alone is asked for."""

    class Meta:
        db_table = "program"


class Token(models.Model):
    """A short-lived token of a program, by its hash."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    program = models.ForeignKey(Program, on_delete=models.CASCADE)
    ends_at = models.DateTimeField(db_index=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True, default="")
    """The certificate it was fetched with, and without which it is no good; empty where there was none."""

    class Meta:
        db_table = "token"


class KeptAnswer(models.Model):
    """The answer given to an idempotency key, so that the same request again is told the same."""

    organisation = models.CharField(max_length=80)
    key_sha256 = models.CharField(max_length=64)
    body_sha256 = models.CharField(max_length=64)
    answer = models.TextField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kept_answer"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "key_sha256"], name="one_answer_a_key")
        ]


class Attempts(models.Model):
    """How often a sign-in under one name failed lately. The name is kept as its hash, known or not."""

    name_sha256 = models.CharField(max_length=64, primary_key=True)
    failed = models.IntegerField()
    since = models.DateTimeField()

    class Meta:
        db_table = "attempts"
