"""The store as Django sees it."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Rows, migrations and nothing that decides."""

    name = "privity.edge.store"
    label = "store"
