"""How the tracer stands, patterns of fishing, approaches without an agreement, and what a trace was worth."""

from typing import Any

from django.db import migrations, models


def _row(*fields: Any) -> list[Any]:
    return [
        ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
        ("entry", models.BigIntegerField()),
        *fields,
    ]


def _numbered(*fields: Any) -> list[Any]:
    return [
        ("id", models.BigAutoField(primary_key=True, serialize=False)),
        ("reference", models.CharField(max_length=80)),
        ("number", models.IntegerField()),
        ("entry", models.BigIntegerField()),
        *fields,
    ]


def _once(name: str) -> list[Any]:
    return [models.UniqueConstraint(fields=("reference", "number"), name=name)]


class Migration(migrations.Migration):

    dependencies = [("store", "0009_safety")]

    operations = [
        migrations.CreateModel(
            name="Memory",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("until", models.CharField(db_index=True, max_length=20)),
            ],
            options={"db_table": "watch_memory"},
        ),
        migrations.CreateModel(
            name="TracerStanding",
            fields=_row(
                ("certificate", models.IntegerField()),
                ("recent", models.CharField(blank=True, max_length=400)),
                ("determined", models.IntegerField()),
                ("wrong", models.IntegerField()),
                ("left_open", models.IntegerField()),
                ("suspended_for", models.CharField(blank=True, max_length=20)),
                ("suspended_at", models.CharField(blank=True, max_length=20)),
                ("suspended_by", models.CharField(blank=True, max_length=80)),
                ("words", models.TextField(blank=True)),
                ("refuted", models.TextField()),
            ),
            options={"db_table": "tracer_standing"},
        ),
        migrations.CreateModel(
            name="TracerCertificate",
            fields=_numbered(
                ("at", models.CharField(max_length=20)),
                ("sha256", models.CharField(max_length=64)),
                ("model_digest", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("put_in_force_by", models.CharField(max_length=80)),
            ),
            options={"db_table": "tracer_certificate", "constraints": _once("one_tracer_certificate_a_number")},
        ),
        migrations.CreateModel(
            name="Alert",
            fields=_numbered(
                ("at", models.CharField(max_length=20)),
                ("pattern", models.CharField(max_length=40)),
                ("count", models.IntegerField()),
                ("staff_id", models.CharField(blank=True, max_length=80)),
                ("cases", models.TextField()),
                ("answer", models.CharField(blank=True, db_index=True, max_length=20)),
                ("answered_at", models.CharField(blank=True, max_length=20)),
                ("answered_by", models.CharField(blank=True, max_length=80)),
                ("reasons", models.TextField(blank=True)),
            ),
            options={"db_table": "alert", "constraints": _once("one_alert_a_number")},
        ),
        migrations.CreateModel(
            name="Approach",
            fields=_numbered(
                ("at", models.CharField(max_length=20)),
                ("body", models.TextField()),
                ("asked_for", models.CharField(max_length=40)),
                ("channel", models.CharField(max_length=40)),
                ("told_by", models.CharField(max_length=80)),
                ("asked_of", models.CharField(max_length=80)),
            ),
            options={"db_table": "approach", "constraints": _once("one_approach_a_number")},
        ),
        migrations.AddField(model_name="trace", name="compared", field=models.TextField(default="[]")),
        migrations.AddField(model_name="trace", name="register_rows", field=models.IntegerField(default=0)),
        migrations.AddField(
            model_name="trace", name="chance_before", field=models.CharField(blank=True, default="", max_length=20)
        ),
        migrations.AddField(model_name="trace", name="bound", field=models.TextField(blank=True, default="")),
        migrations.AddField(
            model_name="trace", name="hindered", field=models.CharField(blank=True, default="", max_length=20)
        ),
    ]
