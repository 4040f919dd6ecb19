"""The keys of cases are wrapped under keys that lie outside the database; those that were not are wrapped now."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations, models

from privity.edge.store.epoch_keys import epoch_keys, epoch_of


def wrap_keys(apps: Any, schema_editor: Any) -> None:
    now, ring = datetime.now(UTC), epoch_keys()
    keys = apps.get_model("store", "CaseKey").objects.using(schema_editor.connection.alias)
    for row in keys.filter(epoch="").iterator():
        row.epoch = epoch_of(row.reference, now)
        row.key = ring.wrap(row.epoch, row.reference, bytes(row.key))
        row.save(update_fields=["epoch", "key"])


class Migration(migrations.Migration):

    dependencies = [("store", "0013_subject_wish")]

    operations = [
        migrations.AddField(
            model_name="casekey",
            name="epoch",
            field=models.CharField(default="", max_length=8),
            preserve_default=False,
        ),
        migrations.RunPython(wrap_keys, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="casekey",
            name="epoch",
            field=models.CharField(db_index=True, max_length=8),
        ),
    ]
