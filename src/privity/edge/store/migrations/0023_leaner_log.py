"""The ledger's two tables on SQLite without the three further pages that every act wrote for them.

SQLite keeps a `bigint` primary key in an index of its own, and the counter of an AUTOINCREMENT column in a table of its
own; only `integer` is the row's own number. Nobody asks for a checkpoint by its size. Rows are copied as they are.
"""

from django.db import migrations, models

from privity.edge.store.append_only import make_lean


class Migration(migrations.Migration):

    dependencies = [("store", "0022_register_taken")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_lean, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name="logcheckpoint",
                    name="size",
                    field=models.BigIntegerField(),
                ),
            ],
        ),
    ]
