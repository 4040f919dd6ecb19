"""Rows of the instance: who is known to it, and which agreements it has published."""

from django.db import models

from privity.edge.store.case_rows import NumberedRow, Row


class Organisation(Row):
    """An organisation the custodian knows."""

    words = models.TextField()
    kind = models.CharField(max_length=40)
    family = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "organisation"


class Certificate(NumberedRow):
    """A requester's enrolled certificate."""

    sha256 = models.CharField(max_length=64)
    pem = models.TextField()
    not_after = models.CharField(max_length=20)
    enrolled_by = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80, blank=True)
    revoked_at = models.CharField(max_length=20, blank=True)
    profile = models.CharField(max_length=20, default="mail")
    deliver_to = models.CharField(max_length=254, blank=True, default="")

    class Meta:
        db_table = "certificate"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_certificate_a_number")]


class Publication(NumberedRow):
    """A version or instrument this gateway published."""

    at = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    published_by = models.CharField(max_length=80)
    seconded_by = models.CharField(max_length=80)

    class Meta:
        db_table = "publication"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_publication_a_number")]


class PublishedFile(models.Model):
    """The text of one agreement file as published, by its content: what is enforced is what was published."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    files = models.TextField()

    class Meta:
        db_table = "published_file"


class Notice(Row):
    """A correction or recall that followed a pack."""

    about = models.CharField(max_length=80, db_index=True)
    organisation = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    pack_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.IntegerField()
    sealed_at = models.CharField(max_length=20)
    state = models.CharField(max_length=20, db_index=True)
    attempts = models.IntegerField()
    sent_at = models.CharField(max_length=20, blank=True)
    collected_at = models.CharField(max_length=20, blank=True)
    receipt = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table = "notice"


class Shredded(Row):
    """That a case was destroyed here, by the identifier of its key."""

    at = models.CharField(max_length=20)
    organisation = models.CharField(max_length=80)
    first = models.CharField(max_length=80)
    second = models.CharField(max_length=80)
    rows_before = models.IntegerField()
    rows_after = models.IntegerField()
    backups_expire = models.CharField(max_length=10)
    backups_expired_at = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "shredded"


class Holiday(NumberedRow):
    """A bank holiday proclaimed late."""

    day = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    proclaimed_at = models.CharField(max_length=20)
    proclaimed_by = models.CharField(max_length=80)
    withdrawn_at = models.CharField(max_length=20, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "holiday"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_holiday_a_number")]


class HealthWord(NumberedRow):
    """A word of the custodian's own that no debt may hold."""

    word = models.CharField(max_length=40)
    added_at = models.CharField(max_length=20)
    added_by = models.CharField(max_length=80)
    withdrawn_at = models.CharField(max_length=20, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "health_word"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_word_a_number")]


class Batch(Row):
    """A file of requests, by the SHA-256 of its bytes."""

    organisation = models.CharField(max_length=80)
    family = models.CharField(max_length=80)
    rows = models.IntegerField()
    taken_at = models.CharField(max_length=20)

    class Meta:
        db_table = "batch"


class Backup(Row):
    """A backup that was made, until when it may be kept, and that it is gone."""

    made_at = models.CharField(max_length=20)
    size = models.IntegerField()
    expires = models.CharField(max_length=10)
    discarded_at = models.CharField(max_length=20, blank=True)
    discarded_by = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "backup"


class Restore(Row):
    """That the instance goes on from a backup, and who acknowledged it."""

    restored_at = models.CharField(max_length=20)
    acknowledged_at = models.CharField(max_length=20)
    first = models.CharField(max_length=80)
    second = models.CharField(max_length=80)
    former_log = models.CharField(max_length=120)
    size_restored = models.IntegerField()
    size_known = models.IntegerField()
    shut = models.TextField()

    class Meta:
        db_table = "restore"


class SealedCase(models.Model):
    """All rows of one case under the case's own key: in a backup, and where a restore holds a case shut.

    No record and no entry's doing: `edge.store.sealed_cases` makes and opens it, and the audit reads through it.
    """

    reference = models.CharField(max_length=80, primary_key=True)
    may_go_from = models.CharField(max_length=10)
    sealed = models.BinaryField()

    class Meta:
        db_table = "sealed_case"
