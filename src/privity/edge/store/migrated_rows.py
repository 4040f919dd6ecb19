"""Rows that lay sealed while the program was upgraded, in the columns the tables have today.

An upgrade changes the tables and what lies open in them. A case that a restore holds shut lies under its key meanwhile,
in the columns of the day it was sealed, and has to fit when it is opened.

Rules of the module:
- A column that came since has what the upgrade gave every other row: the default of its field.
- A column that went since is left out, as it was for every other row. Nothing else is guessed: the case stays shut.
"""

from django.apps import apps
from django.db import connections
from django.db.models import Field, Model

from privity.edge.store.sealed_cases import CaseNotOpened, Cell, Rows


def in_columns_of_today(rows: Rows, alias: str) -> Rows:
    """Return the rows of a case as the tables of this version hold them.

    Raises: CaseNotOpened: a table is not there any more, or nothing says what stands in a column that came since.
    """
    models = {model._meta.db_table: model for model in apps.get_models()}
    if gone := sorted(rows.keys() - models.keys()):
        raise CaseNotOpened(f"this version of the program has no table `{gone[0]}`")
    return {table: [_completed(row, models[table], alias) for row in held] for table, held in rows.items()}


def _completed(row: dict[str, Cell], model: type[Model], alias: str) -> dict[str, Cell]:
    """Return one row with exactly the columns of its table."""
    columns = {str(field.column): field for field in model._meta.concrete_fields}
    return {name: row[name] if name in row else _default(field, alias) for name, field in columns.items()}


def _default(field: "Field[object, object]", alias: str) -> Cell:
    if not field.has_default() and not field.null:
        raise CaseNotOpened(f"it was sealed before there was a column `{field.column}`, and nothing says what it held")
    cell: Cell = field.get_db_prep_save(field.get_default(), connections[alias])
    return cell
