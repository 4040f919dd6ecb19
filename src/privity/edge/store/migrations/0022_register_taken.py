"""Who took a register in, or put people into it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0021_backups")]

    operations = [
        migrations.CreateModel(
            name="RegisterTaken",
            fields=[
                ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
                ("at", models.CharField(max_length=20)),
                ("staff_id", models.CharField(max_length=80)),
                ("confirmed_by", models.CharField(blank=True, max_length=200)),
                ("file_sha256", models.CharField(max_length=64)),
                ("rows", models.IntegerField()),
            ],
            options={"db_table": "register_taken"},
        ),
    ]
