"""Offers of the second view, samples of closed cases, and saved queues."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0010_tracing")]

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("entry", models.BigIntegerField()),
                ("at", models.CharField(max_length=20)),
                ("stage", models.CharField(max_length=20)),
                ("version", models.CharField(max_length=120)),
                ("offered_to", models.CharField(db_index=True, max_length=80)),
            ],
            options={
                "db_table": "offer",
                "constraints": [models.UniqueConstraint(fields=("reference", "number"), name="one_offer_a_number")],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("entry", models.BigIntegerField()),
                ("at", models.CharField(max_length=20)),
                ("sample", models.CharField(db_index=True, max_length=7)),
                ("staff_id", models.CharField(max_length=80)),
                ("finding", models.CharField(max_length=20)),
                ("words", models.TextField()),
            ],
            options={
                "db_table": "review",
                "constraints": [models.UniqueConstraint(fields=("reference", "number"), name="one_review_a_number")],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
                ("at", models.CharField(max_length=20)),
                ("drawn_by", models.CharField(max_length=80)),
                ("ledger_size", models.IntegerField()),
                ("root", models.CharField(max_length=64)),
                ("population", models.IntegerField()),
                ("drawn", models.TextField()),
            ],
            options={"db_table": "sample"},
        ),
        migrations.CreateModel(
            name="SavedQueue",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("staff_id", models.CharField(db_index=True, max_length=80)),
                ("name", models.CharField(max_length=60)),
                ("asked", models.CharField(max_length=400)),
            ],
            options={
                "db_table": "saved_queue",
                "constraints": [
                    models.UniqueConstraint(fields=("staff_id", "name"), name="one_saved_queue_a_name")
                ],
            },
        ),
    ]
