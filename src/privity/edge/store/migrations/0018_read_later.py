"""Requests are acknowledged first and read later: what was sent, and which earlier case asked the same."""

from typing import Any

from django.db import migrations, models


def _row(name: str, *fields: Any) -> migrations.CreateModel:
    return migrations.CreateModel(
        name=name,
        fields=[
            ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
            ("entry", models.BigIntegerField()),
            *fields,
        ],
        options={"db_table": name.lower()},
    )


class Migration(migrations.Migration):

    dependencies = [("store", "0017_mail_reason")]

    operations = [
        _row("Submission", ("sent", models.TextField(blank=True)), ("faults", models.TextField())),
        _row("Repeat", ("earlier", models.CharField(max_length=80))),
    ]
