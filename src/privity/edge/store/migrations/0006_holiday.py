"""Bank holidays proclaimed after the list was published."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0005_public")]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("entry", models.BigIntegerField()),
                ("day", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=80)),
                ("proclaimed_at", models.CharField(max_length=20)),
                ("proclaimed_by", models.CharField(max_length=80)),
                ("withdrawn_at", models.CharField(blank=True, max_length=20)),
                ("withdrawn_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "db_table": "holiday",
                "constraints": [models.UniqueConstraint(fields=("reference", "number"), name="one_holiday_a_number")],
            },
        ),
    ]
