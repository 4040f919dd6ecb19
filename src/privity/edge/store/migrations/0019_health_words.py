"""Words of a custodian's own that are kept out of debts."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0018_read_later")]

    operations = [
        migrations.CreateModel(
            name="HealthWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("entry", models.BigIntegerField()),
                ("word", models.CharField(max_length=40)),
                ("added_at", models.CharField(max_length=20)),
                ("added_by", models.CharField(max_length=80)),
                ("withdrawn_at", models.CharField(blank=True, max_length=20)),
                ("withdrawn_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "db_table": "health_word",
                "constraints": [models.UniqueConstraint(fields=("reference", "number"), name="one_word_a_number")],
            },
        ),
    ]
