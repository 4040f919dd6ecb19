"""Who was shown how often the register was read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0019_health_words")]

    operations = [
        migrations.CreateModel(
            name="ReadingsShown",
            fields=[
                ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
                ("at", models.CharField(max_length=20)),
                ("staff_id", models.CharField(max_length=80)),
                ("kid", models.CharField(blank=True, max_length=64)),
            ],
            options={"db_table": "readings_shown"},
        ),
    ]
