"""Published figures, protections, codes and questions of patients."""

from typing import Any

from django.db import migrations, models


def _row(*fields: Any) -> list[Any]:
    return [
        ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
        ("entry", models.BigIntegerField()),
        *fields,
    ]


class Migration(migrations.Migration):

    dependencies = [("store", "0004_desk")]

    operations = [
        migrations.CreateModel(
            name="Statistics",
            fields=_row(
                ("at", models.CharField(max_length=20)),
                ("ledger_size", models.IntegerField()),
                ("setting", models.CharField(max_length=20)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("text", models.TextField()),
            ),
            options={"db_table": "statistics"},
        ),
        migrations.CreateModel(
            name="Protection",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("entry", models.BigIntegerField()),
                ("at", models.CharField(max_length=20)),
                ("practice", models.CharField(max_length=80)),
                ("registered_by", models.CharField(max_length=80)),
                ("flagged", models.BooleanField()),
                ("place", models.CharField(blank=True, max_length=40)),
                ("address_lines", models.TextField()),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("first", models.CharField(blank=True, max_length=10)),
                ("last", models.CharField(blank=True, max_length=10)),
                ("reason", models.TextField()),
                ("asked_by", models.CharField(max_length=40)),
            ],
            options={
                "db_table": "protection",
                "constraints": [
                    models.UniqueConstraint(fields=("reference", "number"), name="one_protection_a_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="SubjectCode",
            fields=_row(
                ("nhs_number", models.CharField(max_length=10)),
                ("given_at", models.CharField(max_length=20)),
                ("given_by", models.CharField(max_length=80)),
                ("proofing", models.CharField(max_length=40)),
                ("good_until", models.CharField(max_length=10)),
            ),
            options={"db_table": "subject_code"},
        ),
        migrations.CreateModel(
            name="SubjectQuestion",
            fields=_row(
                ("nhs_number", models.CharField(max_length=10)),
                ("asked_at", models.CharField(max_length=20)),
                ("answer_on", models.CharField(db_index=True, max_length=10)),
                ("delays", models.TextField()),
                ("answered_at", models.CharField(blank=True, max_length=20)),
                ("answer", models.TextField(blank=True)),
            ),
            options={"db_table": "subject_question"},
        ),
    ]
