"""Rows of cases: one model a record of `casework.records`, column for column.

A test holds the two lists together. `entry` is the ledger index of the act that wrote the row; a row without
one cannot be stored. Nothing here decides anything.
"""

from django.db import models


class Row(models.Model):
    """A row of one case, written by one act."""

    reference = models.CharField(max_length=80, primary_key=True)
    entry = models.BigIntegerField()

    class Meta:
        abstract = True


class NumberedRow(models.Model):
    """One of several rows of its kind in one case."""

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=80)
    number = models.IntegerField()
    entry = models.BigIntegerField()

    class Meta:
        abstract = True


class Opening(Row):
    """How a case began."""

    organisation = models.CharField(max_length=80, db_index=True)
    family = models.CharField(max_length=80)
    requester_reference = models.TextField()
    batch = models.CharField(max_length=64, blank=True)
    row_number = models.IntegerField()
    received_at = models.CharField(max_length=20)
    received_on = models.CharField(max_length=10, db_index=True)

    class Meta:
        db_table = "opening"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "row_number"], condition=~models.Q(batch=""), name="one_case_a_batch_row"
            )
        ]


class Request(Row):
    """What was asked. Personal data."""

    officer_name = models.TextField()
    purpose = models.CharField(max_length=80)
    statement = models.TextField(blank=True)
    urgency = models.TextField(blank=True)
    countersigned_by = models.TextField(blank=True)
    countersigned_rank = models.CharField(max_length=80, blank=True)
    items = models.TextField()
    declarations = models.TextField()
    facts = models.TextField()
    family_name = models.TextField(blank=True)
    given_name = models.TextField(blank=True)
    other_given_names = models.TextField(blank=True)
    date_of_birth = models.CharField(max_length=10, blank=True)
    gender = models.CharField(max_length=10)
    nhs_number = models.CharField(max_length=10, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    address_lines = models.TextField()

    class Meta:
        db_table = "request"


class Submission(Row):
    """What was sent, until it is read, and what was wrong in it. Personal data."""

    sent = models.TextField(blank=True)
    faults = models.TextField()

    class Meta:
        db_table = "submission"


class Repeat(Row):
    """Which earlier case of its organisation asked the same."""

    earlier = models.CharField(max_length=80)

    class Meta:
        db_table = "repeat"


class State(Row):
    """Where a case stands now."""

    status = models.CharField(max_length=40)
    version = models.CharField(max_length=120, blank=True)
    urgent = models.BooleanField()
    working_days = models.IntegerField()
    due = models.CharField(max_length=10, blank=True)
    assigned_to = models.CharField(max_length=80, blank=True)
    closed_on = models.CharField(max_length=10, blank=True)
    revision = models.IntegerField()

    class Meta:
        db_table = "state"
        indexes = [
            models.Index(fields=["status", "due"], name="state_by_due"),
            models.Index(fields=["closed_on", "due"], name="state_open_by_due"),
        ]


class Assessment(NumberedRow):
    """What the agreement said."""

    at = models.CharField(max_length=20)
    version = models.CharField(max_length=120)
    policy_sha256 = models.CharField(max_length=64, blank=True)
    engine = models.CharField(max_length=40, blank=True)
    standing = models.CharField(max_length=40)
    urgency_accepted = models.BooleanField()
    items = models.TextField()
    findings = models.TextField()
    questions = models.TextField()
    cited = models.TextField()

    class Meta:
        db_table = "assessment"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_assessment_a_number")]


class Determination(NumberedRow):
    """What one person answered: one question of one version once, and on the identity once for each trace."""

    at = models.CharField(max_length=20)
    stage = models.CharField(max_length=20)
    question = models.CharField(max_length=80)
    staff_id = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    answer = models.BooleanField()
    choice = models.BigIntegerField(null=True)
    reasons = models.TextField()
    factors = models.TextField()
    version = models.CharField(max_length=120)

    class Meta:
        db_table = "determination"
        constraints = [
            models.UniqueConstraint(fields=["reference", "number"], name="one_determination_a_number"),
            models.UniqueConstraint(
                fields=["reference", "stage", "question", "staff_id", "version"],
                condition=models.Q(stage="purpose"),
                name="one_view_a_person",
            ),
        ]


class Trace(NumberedRow):
    """What the tracer found."""

    at = models.CharField(max_length=20)
    model = models.CharField(max_length=120)
    outcome = models.CharField(max_length=20)
    ambiguous = models.BooleanField()
    protected = models.BooleanField()
    touched = models.IntegerField()
    probability_absent = models.CharField(max_length=12)
    candidates = models.TextField()
    compared = models.TextField(default="[]")
    register_rows = models.IntegerField(default=0)
    chance_before = models.CharField(max_length=20, blank=True, default="")
    bound = models.TextField(blank=True, default="")
    hindered = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        db_table = "trace"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_trace_a_number")]


class Question(NumberedRow):
    """A question to the requester, and its answer."""

    asked_by = models.CharField(max_length=80)
    asked_at = models.CharField(max_length=20)
    words = models.TextField()
    answered_at = models.CharField(max_length=20, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "question"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_question_a_number")]


class Pack(Row):
    """What was sealed. One a case; where it was taken back before it left, the one sealed after it."""

    sealed_at = models.CharField(max_length=20)
    answer = models.CharField(max_length=20)
    items = models.TextField()
    version = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.IntegerField()
    recipient_sha256 = models.CharField(max_length=64)
    destroy_by = models.CharField(max_length=10, blank=True)

    class Meta:
        db_table = "pack"


class Outbox(Row):
    """Where a sealed pack is on its way."""

    organisation = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=20, db_index=True)
    attempts = models.IntegerField()
    sent_at = models.CharField(max_length=20, blank=True)
    collected_at = models.CharField(max_length=20, blank=True)
    receipt = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table = "outbox"


class SealedBytes(models.Model):
    """The bytes of a sealed pack; every sending sends these. Only a pack that never left is followed by another."""

    reference = models.CharField(max_length=80, primary_key=True)
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        db_table = "sealed_bytes"


class Destruction(Row):
    """What the requester says about destroying."""

    due = models.CharField(max_length=10)
    confirmed_on = models.CharField(max_length=10, blank=True)
    method = models.TextField(blank=True)
    stated_by = models.TextField(blank=True)
    statement_sha256 = models.CharField(max_length=64, blank=True)
    statement = models.TextField(blank=True, default="")

    class Meta:
        db_table = "destruction"


class Hold(NumberedRow):
    """A reason not to destroy a case."""

    reason = models.CharField(max_length=40)
    placed_at = models.CharField(max_length=20)
    placed_by = models.CharField(max_length=80)
    lifted_at = models.CharField(max_length=20, blank=True)
    lifted_by = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "hold"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_hold_a_number")]


class Allowance(NumberedRow):
    """One person's word that a case may be destroyed. One person gives it once."""

    at = models.CharField(max_length=20)
    staff_id = models.CharField(max_length=80)
    role = models.CharField(max_length=40)

    class Meta:
        db_table = "allowance"
        constraints = [
            models.UniqueConstraint(fields=["reference", "number"], name="one_allowance_a_number"),
            models.UniqueConstraint(fields=["reference", "staff_id"], name="one_allowance_a_person"),
        ]


class Incident(NumberedRow):
    """Something that went wrong, or nearly did."""

    gravity = models.CharField(max_length=20)
    cause = models.CharField(max_length=40)
    words = models.TextField()
    people = models.IntegerField()
    discovered_at = models.CharField(max_length=20)
    opened_by = models.CharField(max_length=80)
    report_by = models.CharField(max_length=10, blank=True)
    reported_at = models.CharField(max_length=20, blank=True)
    closed_at = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "incident"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_incident_a_number")]


class Challenge(NumberedRow):
    """One contribution to the thread about a refusal."""

    at = models.CharField(max_length=20)
    staff_id = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    words = models.TextField()
    outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "challenge"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_challenge_a_number")]


class History(NumberedRow):
    """One act on a case."""

    at = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    staff_id = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    status = models.CharField(max_length=40)
    words = models.TextField()

    class Meta:
        db_table = "history"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_history_a_number")]


class CaseKey(models.Model):
    """The key of one case's commitments, wrapped under its epoch's. Deleting it shreds them; the ledger verifies."""

    reference = models.CharField(max_length=160, primary_key=True)
    kid = models.CharField(max_length=64, unique=True)
    epoch = models.CharField(max_length=8, db_index=True)
    key = models.BinaryField()

    class Meta:
        db_table = "case_key"
