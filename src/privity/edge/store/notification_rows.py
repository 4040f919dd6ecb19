"""Rows of what organisations are told by e-mail: where, and which event of which case has been told.

A contact and a language are records with an entry behind them. Mails and what they tell are no records: they hold
random references, follow from the cases, and go with them.
"""

from typing import ClassVar

from django.db import models

from privity.edge.store.case_rows import NumberedRow, Row


class Contact(Row):
    """The mailbox an organisation is told at."""

    address = models.CharField(max_length=254, blank=True)
    since = models.CharField(max_length=20)
    set_by = models.CharField(max_length=80)

    class Meta:
        db_table = "contact"


class Language(NumberedRow):
    """The language an organisation is written to in, with the words as they were translated."""

    language = models.CharField(max_length=20)
    words = models.TextField()
    since = models.CharField(max_length=20)
    set_by = models.CharField(max_length=80)

    class Meta:
        db_table = "language"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reference", "number"], name="one_language_a_number")
        ]


class Mail(models.Model):
    """One mail to one organisation; its words are written from what it tells, the same at every attempt."""

    id = models.CharField(max_length=32, primary_key=True)
    organisation = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "mail"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["sent_at", "not_before"], name="mail_to_send")]


class Told(models.Model):
    """One event of one case as one organisation is told of it, once."""

    reference = models.CharField(max_length=80, db_index=True)
    organisation = models.CharField(max_length=80)
    event = models.CharField(max_length=80)
    template = models.CharField(max_length=40)
    day = models.DateField()
    mail = models.ForeignKey(Mail, on_delete=models.CASCADE)

    class Meta:
        db_table = "told"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reference", "organisation", "event"], name="told_once")
        ]


class Reading(models.Model):
    """How far in the histories somebody has read, so that nobody reads a year of cases to find today's."""

    name = models.CharField(max_length=40, primary_key=True)
    upto = models.BigIntegerField()

    class Meta:
        db_table = "reading"
