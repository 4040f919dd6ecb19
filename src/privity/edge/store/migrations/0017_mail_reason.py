"""What the relay answered when it refused a mail."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("store", "0016_language")]

    operations = [
        migrations.AddField(
            model_name="mail", name="reason", field=models.CharField(blank=True, default="", max_length=200)
        ),
    ]
