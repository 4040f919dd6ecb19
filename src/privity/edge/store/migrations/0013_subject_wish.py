"""Where a person who asked wants to be told that there is something to read."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0012_people")]

    operations = [
        migrations.CreateModel(
            name="SubjectWish",
            fields=[
                ("reference", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
                ("address", models.CharField(blank=True, db_index=True, max_length=254)),
                ("since", models.CharField(max_length=20)),
                ("told", models.TextField()),
                ("mails", models.IntegerField()),
                ("refused", models.IntegerField()),
            ],
            options={"db_table": "subject_wish"},
        ),
    ]
