"""Rows of the safety screen and of forwarded letters: one model a record, column for column, as in `case_rows`."""

from django.db import models

from privity.edge.store.case_rows import NumberedRow


class Sighting(NumberedRow):
    """That somebody was shown candidates' records. Holds digests, no address."""

    at = models.CharField(max_length=20)
    staff_id = models.CharField(max_length=80)
    addresses = models.TextField()

    class Meta:
        db_table = "sighting"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_sighting_a_number")]


class Screen(NumberedRow):
    """One safety screen."""

    at = models.CharField(max_length=20)
    staff_id = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    version = models.CharField(max_length=120)
    seen = models.CharField(max_length=64)
    concerns = models.TextField()
    others = models.IntegerField(null=True)
    children = models.IntegerField(null=True)
    answers = models.TextField()
    course = models.CharField(max_length=20)
    reasons = models.TextField(blank=True)

    class Meta:
        db_table = "screen"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_screen_a_number")]


class Letter(NumberedRow):
    """A letter that is forwarded instead of an address."""

    drafted_at = models.CharField(max_length=20)
    drafted_by = models.CharField(max_length=80)
    words = models.TextField()
    forwarded_at = models.CharField(max_length=20, blank=True)
    forwarded_by = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "letter"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_letter_a_number")]
