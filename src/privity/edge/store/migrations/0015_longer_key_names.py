"""The name of a key may be a word and a SHA-256 together; what organisations are told is numbered as all else."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0014_epochs")]

    operations = [
        migrations.AlterField(
            model_name="casekey",
            name="reference",
            field=models.CharField(max_length=160, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name="told",
            name="id",
            field=models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
        ),
    ]
