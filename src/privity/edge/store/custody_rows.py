"""Rows of the custodian's own work: offers of the second view, samples, who was shown the readings, and queues kept."""

from django.db import models

from privity.edge.store.case_rows import NumberedRow, Row


class Offer(NumberedRow):
    """That the second view was offered to somebody."""

    at = models.CharField(max_length=20)
    stage = models.CharField(max_length=20)
    version = models.CharField(max_length=120)
    offered_to = models.CharField(max_length=80, db_index=True)

    class Meta:
        db_table = "offer"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_offer_a_number")]


class Review(NumberedRow):
    """What the guardian found in a drawn case."""

    at = models.CharField(max_length=20)
    sample = models.CharField(max_length=7, db_index=True)
    staff_id = models.CharField(max_length=80)
    finding = models.CharField(max_length=20)
    words = models.TextField()

    class Meta:
        db_table = "review"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_review_a_number")]


class Sample(Row):
    """Which closed cases of a month were drawn."""

    at = models.CharField(max_length=20)
    drawn_by = models.CharField(max_length=80)
    ledger_size = models.IntegerField()
    root = models.CharField(max_length=64)
    population = models.IntegerField()
    drawn = models.TextField()

    class Meta:
        db_table = "sample"


class ReadingsShown(Row):
    """That somebody was shown how often the register was read."""

    at = models.CharField(max_length=20)
    staff_id = models.CharField(max_length=80)
    kid = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "readings_shown"


class RegisterTaken(Row):
    """Who took a register in, or put people into it."""

    at = models.CharField(max_length=20)
    staff_id = models.CharField(max_length=80)
    confirmed_by = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64)
    rows = models.IntegerField()

    class Meta:
        db_table = "register_taken"


class SavedQueue(models.Model):
    """A filter of the queue that somebody keeps for themselves. It names no person sought, and is not in the ledger."""

    id = models.BigAutoField(primary_key=True)
    staff_id = models.CharField(max_length=80, db_index=True)
    name = models.CharField(max_length=60)
    asked = models.CharField(max_length=400)

    class Meta:
        db_table = "saved_queue"
        constraints = [models.UniqueConstraint(fields=["staff_id", "name"], name="one_saved_queue_a_name")]
