"""Rows of what the public and the patient see: published figures, protections, people's questions."""

from django.db import models

from privity.edge.store.case_rows import NumberedRow, Row


class Statistics(Row):
    """The figures of a quarter as published."""

    at = models.CharField(max_length=20)
    ledger_size = models.IntegerField()
    setting = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64, unique=True)
    text = models.TextField()

    class Meta:
        db_table = "statistics"


class Protection(NumberedRow):
    """How a person is protected. Personal data."""

    at = models.CharField(max_length=20)
    practice = models.CharField(max_length=80)
    registered_by = models.CharField(max_length=80)
    flagged = models.BooleanField()
    place = models.CharField(max_length=40, blank=True)
    address_lines = models.TextField()
    postcode = models.CharField(max_length=10, blank=True)
    first = models.CharField(max_length=10, blank=True)
    last = models.CharField(max_length=10, blank=True)
    reason = models.TextField()
    asked_by = models.CharField(max_length=40)

    class Meta:
        db_table = "protection"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_protection_a_number")]


class SubjectCode(Row):
    """A code for asking what was disclosed, by its digest. Personal data."""

    nhs_number = models.CharField(max_length=10)
    given_at = models.CharField(max_length=20)
    given_by = models.CharField(max_length=80)
    proofing = models.CharField(max_length=40)
    good_until = models.CharField(max_length=10)

    class Meta:
        db_table = "subject_code"


class SubjectQuestion(Row):
    """A person's question and its answer. Personal data."""

    nhs_number = models.CharField(max_length=10)
    asked_at = models.CharField(max_length=20)
    answer_on = models.CharField(max_length=10, db_index=True)
    delays = models.TextField()
    answered_at = models.CharField(max_length=20, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "subject_question"


class SubjectWish(Row):
    """Where a person wants to be told that there is something to read. Personal data."""

    address = models.CharField(max_length=254, blank=True, db_index=True)
    since = models.CharField(max_length=20)
    told = models.TextField()
    mails = models.IntegerField()
    refused = models.IntegerField()

    class Meta:
        db_table = "subject_wish"
