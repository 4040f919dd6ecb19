"""Backups that were made, restores that were acknowledged, and cases under their own key."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0020_readings_shown")]

    operations = [
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
                ("made_at", models.CharField(max_length=20)),
                ("size", models.IntegerField()),
                ("expires", models.CharField(max_length=10)),
                ("discarded_at", models.CharField(blank=True, max_length=20)),
                ("discarded_by", models.CharField(blank=True, max_length=80)),
            ],
            options={"db_table": "backup"},
        ),
        migrations.CreateModel(
            name="Restore",
            fields=[
                ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
                ("restored_at", models.CharField(max_length=20)),
                ("acknowledged_at", models.CharField(max_length=20)),
                ("first", models.CharField(max_length=80)),
                ("second", models.CharField(max_length=80)),
                ("former_log", models.CharField(max_length=120)),
                ("size_restored", models.IntegerField()),
                ("size_known", models.IntegerField()),
                ("shut", models.TextField()),
            ],
            options={"db_table": "restore"},
        ),
        migrations.CreateModel(
            name="SealedCase",
            fields=[
                ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("may_go_from", models.CharField(max_length=10)),
                ("sealed", models.BinaryField()),
            ],
            options={"db_table": "sealed_case"},
        ),
    ]
