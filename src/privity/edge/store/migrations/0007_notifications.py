"""Mailboxes organisations are told at, and what they have been told."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0006_holiday")]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
                ("address", models.CharField(blank=True, max_length=254)),
                ("since", models.CharField(max_length=20)),
                ("set_by", models.CharField(max_length=80)),
            ],
            options={"db_table": "contact"},
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("organisation", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("attempts", models.IntegerField(default=0)),
                ("not_before", models.DateTimeField()),
            ],
            options={
                "db_table": "mail",
                "indexes": [models.Index(fields=["sent_at", "not_before"], name="mail_to_send")],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("upto", models.BigIntegerField()),
            ],
            options={"db_table": "reading"},
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(db_index=True, max_length=80)),
                ("organisation", models.CharField(max_length=80)),
                ("event", models.CharField(max_length=80)),
                ("template", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("mail", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.mail")),
            ],
            options={
                "db_table": "told",
                "constraints": [
                    models.UniqueConstraint(fields=("reference", "organisation", "event"), name="told_once")
                ],
            },
        ),
    ]
