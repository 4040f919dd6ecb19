"""In which language an organisation is written to, with the words as they were translated then."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0015_longer_key_names")]

    operations = [
        migrations.CreateModel(
            name="Language",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("entry", models.BigIntegerField()),
                ("language", models.CharField(max_length=20)),
                ("words", models.TextField()),
                ("since", models.CharField(max_length=20)),
                ("set_by", models.CharField(max_length=80)),
            ],
            options={
                "db_table": "language",
                "constraints": [
                    models.UniqueConstraint(fields=["reference", "number"], name="one_language_a_number")
                ],
            },
        ),
    ]
