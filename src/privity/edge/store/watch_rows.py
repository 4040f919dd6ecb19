"""Rows of what watches: the tracer under its certificate, patterns of fishing, approaches without an agreement."""

from django.db import models

from privity.edge.store.case_rows import NumberedRow, Row


class TracerCertificate(NumberedRow):
    """A certificate of the tracer that was put in force here."""

    at = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    model_digest = models.CharField(max_length=64)
    text = models.TextField()
    put_in_force_by = models.CharField(max_length=80)

    class Meta:
        db_table = "tracer_certificate"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_tracer_certificate_a_number")]


class TracerStanding(Row):
    """How the tracer stands under its newest certificate."""

    certificate = models.IntegerField()
    recent = models.CharField(max_length=400, blank=True)
    determined = models.IntegerField()
    wrong = models.IntegerField()
    left_open = models.IntegerField()
    suspended_for = models.CharField(max_length=20, blank=True)
    suspended_at = models.CharField(max_length=20, blank=True)
    suspended_by = models.CharField(max_length=80, blank=True)
    words = models.TextField(blank=True)
    refuted = models.TextField()

    class Meta:
        db_table = "tracer_standing"


class Alert(NumberedRow):
    """A pattern of fishing that was seen."""

    at = models.CharField(max_length=20)
    pattern = models.CharField(max_length=40)
    count = models.IntegerField()
    staff_id = models.CharField(max_length=80, blank=True)
    cases = models.TextField()
    answer = models.CharField(max_length=20, blank=True, db_index=True)
    answered_at = models.CharField(max_length=20, blank=True)
    answered_by = models.CharField(max_length=80, blank=True)
    reasons = models.TextField(blank=True)

    class Meta:
        db_table = "alert"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_alert_a_number")]


class Approach(NumberedRow):
    """A body without an agreement asked, and was refused."""

    at = models.CharField(max_length=20)
    body = models.TextField()
    asked_for = models.CharField(max_length=40)
    channel = models.CharField(max_length=40)
    told_by = models.CharField(max_length=80)
    asked_of = models.CharField(max_length=80)

    class Meta:
        db_table = "approach"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_approach_a_number")]


class Memory(models.Model):
    """What a budget or a watched pattern remembers: keyed digests, days and case references, until a moment.

    No record: nobody can be told by it without the instance's secret, and each act it counts has an entry of its own.
    """

    name = models.CharField(max_length=64, primary_key=True)
    text = models.TextField()
    until = models.CharField(max_length=20, db_index=True)

    class Meta:
        db_table = "watch_memory"
