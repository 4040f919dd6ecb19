"""Rows of debts a trust reports, and of the collations they go out in."""

from django.db import models

from privity.edge.store.case_rows import NumberedRow, Row


class Debt(NumberedRow):
    """A debt as the trust stated it. Personal data."""

    organisation = models.CharField(max_length=80)
    family = models.CharField(max_length=80)
    finance_reference = models.CharField(max_length=60, db_index=True)
    batch = models.CharField(max_length=64, blank=True)
    row_number = models.IntegerField()
    taken_at = models.CharField(max_length=20)
    family_name = models.TextField(blank=True)
    given_name = models.TextField(blank=True)
    other_names = models.TextField(blank=True)
    date_of_birth = models.CharField(max_length=10)
    gender = models.CharField(max_length=10)
    nationality = models.TextField(blank=True)
    address_lines = models.TextField()
    postcode = models.CharField(max_length=8, blank=True)
    national_insurance_number = models.CharField(max_length=9, blank=True)
    home_office_reference = models.CharField(max_length=60, blank=True)
    passport_reference = models.CharField(max_length=60, blank=True)
    billed_pence = models.IntegerField()
    paid_pence = models.IntegerField()
    incurred_on = models.CharField(max_length=10)
    billed_on = models.CharField(max_length=10)
    note = models.TextField(blank=True)
    facts = models.TextField()
    declarations = models.TextField()

    class Meta:
        db_table = "debt"
        constraints = [
            models.UniqueConstraint(fields=["reference", "number"], name="one_debt_a_number"),
            models.UniqueConstraint(fields=["finance_reference", "number"], name="one_debt_a_finance_reference"),
        ]


class DebtState(Row):
    """Where a debt stands."""

    stands = models.CharField(max_length=20, db_index=True)
    version = models.CharField(max_length=120, blank=True)
    reported_on = models.CharField(max_length=10, blank=True)
    reported_in = models.CharField(max_length=80, blank=True)
    settled_on = models.CharField(max_length=10, blank=True)
    settled_how = models.CharField(max_length=20, blank=True)
    settled_by = models.CharField(max_length=80, blank=True)
    settlements = models.IntegerField()
    retracted_on = models.CharField(max_length=10, blank=True)
    retracted_in = models.CharField(max_length=80, blank=True, db_index=True)
    acknowledged_on = models.CharField(max_length=10, blank=True)
    receipt_on = models.CharField(max_length=10, blank=True)
    receipt_sha256 = models.CharField(max_length=64, blank=True)
    revision = models.IntegerField()

    class Meta:
        db_table = "debt_state"


class DebtAssessment(NumberedRow):
    """What the agreement said of a debt."""

    at = models.CharField(max_length=20)
    purpose = models.CharField(max_length=80)
    version = models.CharField(max_length=120)
    policy_sha256 = models.CharField(max_length=64)
    engine = models.CharField(max_length=80)
    standing = models.CharField(max_length=40)
    items = models.TextField()
    findings = models.TextField()
    question = models.CharField(max_length=80, blank=True)
    cited = models.TextField()

    class Meta:
        db_table = "debt_assessment"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_debt_assessment_a_number")]


class DebtView(NumberedRow):
    """What one person answered about a debt."""

    at = models.CharField(max_length=20)
    about = models.IntegerField()
    question = models.CharField(max_length=80)
    staff_id = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    answer = models.BooleanField()
    reasons = models.TextField()
    version = models.CharField(max_length=120)

    class Meta:
        db_table = "debt_view"
        constraints = [models.UniqueConstraint(fields=["reference", "number"], name="one_debt_view_a_number")]


class CollationPart(Row):
    """One sealed part of a month's collation."""

    organisation = models.CharField(max_length=80)
    month = models.CharField(max_length=7)
    part = models.IntegerField()
    parts = models.IntegerField()
    reports = models.IntegerField()
    retractions = models.IntegerField()
    version = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.IntegerField()
    recipient_sha256 = models.CharField(max_length=64)
    sealed_at = models.CharField(max_length=20)
    delete_by = models.CharField(max_length=10)
    state = models.CharField(max_length=20, db_index=True)
    attempts = models.IntegerField()
    sent_at = models.CharField(max_length=20, blank=True)
    collected_at = models.CharField(max_length=20, blank=True)
    collected_by = models.CharField(max_length=80, blank=True)
    receipt = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "collation"
        constraints = [models.UniqueConstraint(fields=["organisation", "month", "part"], name="one_collation_a_month")]
