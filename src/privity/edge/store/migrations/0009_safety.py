"""Safety screens, what was seen before them, and letters forwarded instead of an address."""

from typing import Any

from django.db import migrations, models


def _numbered(name: str, *fields: Any) -> migrations.CreateModel:
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.BigAutoField(primary_key=True, serialize=False)),
            ("reference", models.CharField(max_length=80)),
            ("number", models.IntegerField()),
            ("entry", models.BigIntegerField()),
            *fields,
        ],
        options={
            "db_table": name.lower(),
            "constraints": [
                models.UniqueConstraint(fields=("reference", "number"), name=f"one_{name.lower()}_a_number")
            ],
        },
    )


class Migration(migrations.Migration):

    dependencies = [("store", "0008_debts")]

    operations = [
        _numbered(
            "Sighting",
            ("at", models.CharField(max_length=20)),
            ("staff_id", models.CharField(max_length=80)),
            ("addresses", models.TextField()),
        ),
        _numbered(
            "Screen",
            ("at", models.CharField(max_length=20)),
            ("staff_id", models.CharField(max_length=80)),
            ("role", models.CharField(max_length=40)),
            ("version", models.CharField(max_length=120)),
            ("seen", models.CharField(max_length=64)),
            ("concerns", models.TextField()),
            ("others", models.IntegerField(null=True)),
            ("children", models.IntegerField(null=True)),
            ("answers", models.TextField()),
            ("course", models.CharField(max_length=20)),
            ("reasons", models.TextField(blank=True)),
        ),
        _numbered(
            "Letter",
            ("drafted_at", models.CharField(max_length=20)),
            ("drafted_by", models.CharField(max_length=80)),
            ("words", models.TextField()),
            ("forwarded_at", models.CharField(blank=True, max_length=20)),
            ("forwarded_by", models.CharField(blank=True, max_length=80)),
        ),
    ]
