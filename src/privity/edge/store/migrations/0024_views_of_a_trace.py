"""One view a person on the purpose, and on the identity one for each trace: what a later one finds is judged anew."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0023_leaner_log")]

    operations = [
        migrations.RemoveConstraint(model_name="determination", name="one_view_a_person"),
        migrations.AddConstraint(
            model_name="determination",
            constraint=models.UniqueConstraint(
                fields=("reference", "stage", "question", "staff_id", "version"),
                condition=models.Q(stage="purpose"),
                name="one_view_a_person",
            ),
        ),
    ]
